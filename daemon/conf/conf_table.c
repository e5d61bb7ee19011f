/* conf_table.c - the options: name, type, default, bounds and what to say about each. */
#include "conf/conf_table.h"

#define MEMBER(member) offsetof(struct conf, member)
#define US_SECOND INT64_C(1000000)
#define US_DAY (86400 * US_SECOND)
#define MIB (INT64_C(1) << 20)

const struct conf_section conf_sections[] = {
    {"http", "How servers are asked.", NULL},
    {"poll", "When feeds are asked, and what is taken from them.", NULL},
    {"page", "How the pages of articles are asked for.", NULL},
    {"workers", "The processes that open what came from outside.", NULL},
    {"stages", "The steps that each record goes through. A plain list is short for chain.",
        "chain"},
    {"store", "The file that holds feeds, entries on their way and the event log.", NULL},
    {"listen", "Where records are published and commands are taken.", NULL},
    {"websub",
        "Feeds that are pushed (WebSub): hubs tell of news at once, and those feeds are asked "
        "seldom.",
        NULL},
    {NULL, NULL, NULL},
};

const struct conf_key conf_keys[] = {
    {.section = "",
        .name = "instance",
        .type = CONF_TEXT,
        .offset = MEMBER(instance),
        .initial = "\"\"",
        .applied = CONF_AT_START,
        .help = "Name of this daemon in the source of its events. Empty: the name of the host."},
    {.section = "",
        .name = "feeds",
        .type = CONF_GLOBS,
        .offset = MEMBER(feeds),
        .initial = "[feeds/*.opml, feeds/*.list]",
        .help = "Files that list feeds: OPML, or one address a line. Patterns are allowed; "
                "relative ones "
                "start at the "
                "directory of this file."},
    {.section = "",
        .name = "access",
        .type = CONF_ACCESS,
        .initial = "{}",
        .help =
            "How single feeds are asked, by address: password, cookie, own headers, certificate, "
            "proxy. "
            "Keep this part in a file of conf.d that only the daemon's group may read, or the "
            "secrets "
            "in "
            "files of their own."},

    {.section = "",
        .name = "subscriptions",
        .type = CONF_URLS,
        .offset = MEMBER(subscriptions),
        .initial = "[]",
        .help = "Addresses of OPML lists elsewhere whose feeds are followed. Feeds that come into "
                "a list "
                "are "
                "added, those that leave it are removed if the list had brought them; an answer "
                "that is "
                "empty, cut off or no OPML changes nothing."},

    {.section = "http",
        .name = "contact",
        .type = CONF_TEXT,
        .offset = MEMBER(http.contact),
        .initial = "\"\"",
        .help = "Mail address or page by which publishers can reach you; becomes part of the "
                "User-Agent."},
    {.section = "http",
        .name = "user_agent",
        .type = CONF_TEXT,
        .offset = MEMBER(http.user_agent),
        .initial = "\"\"",
        .help = "The whole User-Agent. Empty: wireroom, its version and the contact."},
    {.section = "http",
        .name = "per_host",
        .type = CONF_COUNT,
        .offset = MEMBER(http.per_host),
        .initial = "2",
        .least = 1,
        .most = 64,
        .help = "Most requests to one host at a time; a few go one after the other over one "
                "connection."},
    {.section = "http",
        .name = "spacing",
        .type = CONF_DURATION,
        .offset = MEMBER(http.spacing),
        .initial = "1s",
        .least = 0,
        .most = US_DAY,
        .help = "Least time between the starts of two requests to one host."},
    {.section = "http",
        .name = "timeout",
        .type = CONF_DURATION,
        .offset = MEMBER(http.timeout),
        .initial = "20s",
        .least = US_SECOND / 10,
        .most = 3600 * US_SECOND,
        .help = "Time for a whole answer, from connecting to its last byte."},
    {.section = "http",
        .name = "max_body",
        .type = CONF_SIZE,
        .offset = MEMBER(http.max_body),
        .initial = "8MiB",
        .least = 1024,
        .most = 64 * MIB,
        .help = "Most bytes of one answer, as sent; longer ones are cut off and count as failed."},
    {.section = "http",
        .name = "max_in_flight",
        .type = CONF_COUNT,
        .offset = MEMBER(http.max_in_flight),
        .initial = "200",
        .least = 1,
        .most = 10000,
        .help = "Requests at a time, over all hosts."},
    {.section = "http",
        .name = "ca_path",
        .type = CONF_PATH_CERTS,
        .offset = MEMBER(http.ca_path),
        .initial = "/etc/ssl/certs",
        .help = "Directory of CA certificates under their hashes, as openssl-rehash(1) makes it; a "
                "file of "
                "certificates will not do."},
    {.section = "http",
        .name = "allow",
        .type = CONF_NETWORKS,
        .offset = MEMBER(http.allow),
        .initial = "[]",
        .help =
            "Addresses and networks that may be connected to although they are not public, such as "
            "127.0.0.0/8 or "
            "10.1.2.3."},

    {.section = "poll",
        .name = "min_interval",
        .type = CONF_DURATION,
        .offset = MEMBER(poll.min_interval),
        .initial = "30s",
        .least = US_SECOND / 10,
        .most = 365 * US_DAY,
        .help = "No feed is asked more often, whatever it wishes."},
    {.section = "poll",
        .name = "max_interval",
        .type = CONF_DURATION,
        .offset = MEMBER(poll.max_interval),
        .initial = "6h",
        .least = US_SECOND / 10,
        .most = 365 * US_DAY,
        .help = "No feed is asked more seldom, except when its server says when to come back."},
    {.section = "poll",
        .name = "default_interval",
        .type = CONF_DURATION,
        .offset = MEMBER(poll.default_interval),
        .initial = "5m",
        .least = US_SECOND / 10,
        .most = 365 * US_DAY,
        .help = "For a feed of which nothing is known yet."},
    {.section = "poll",
        .name = "first_fetch",
        .type = CONF_FIRST_FETCH,
        .offset = MEMBER(poll.first_fetch),
        .initial = "publish-last 10",
        .help =
            "What becomes of the entries in a feed's first answer: mark (as seen, publish none), "
            "publish-last N, or "
            "publish-all."},
    {.section = "poll",
        .name = "max_in_flight",
        .type = CONF_COUNT,
        .offset = MEMBER(poll.max_in_flight),
        .initial = "1000",
        .least = 1,
        .most = 100000,
        .help = "Records worked on at a time, between admission and publication; further ones wait "
                "in the "
                "store. A feed, or a host of pages, has at most an eighth of these places."},
    {.section = "poll",
        .name = "max_waiting",
        .type = CONF_COUNT,
        .offset = MEMBER(poll.max_waiting),
        .initial = "100000",
        .least = 1,
        .most = 10000000,
        .help = "Entries that wait in the store. A feed is not polled while more of its own wait "
                "than an "
                "eighth of this, or than a seventh of what others leave of it; likewise by bytes, "
                "of a quarter of store.max."},
    {.section = "poll",
        .name = "max_bytes",
        .type = CONF_SIZE,
        .offset = MEMBER(poll.max_bytes),
        .initial = "256MiB",
        .least = 64 * MIB,
        .most = 1024 * MIB * 1024,
        .help =
            "Bytes of answers, documents and records that are held at a time; large answers wait, "
            "unread, while there is no room. The daemon itself needs some 50 MiB more."},
    {.section = "poll",
        .name = "max_entries",
        .type = CONF_COUNT,
        .offset = MEMBER(poll.max_entries),
        .initial = "10000",
        .least = 1,
        .most = 200000,
        .applied = CONF_IN_WORKERS,
        .help = "Entries read from one document."},
    {.section = "poll",
        .name = "subscriptions_interval",
        .type = CONF_DURATION,
        .offset = MEMBER(poll.subscriptions_interval),
        .initial = "1h",
        .least = US_SECOND / 10,
        .most = 365 * US_DAY,
        .help = "Time between two looks at each list of subscriptions."},
    {.section = "poll",
        .name = "sitemap_age",
        .type = CONF_DURATION,
        .offset = MEMBER(poll.sitemap_age),
        .initial = "3d",
        .least = 0,
        .most = 36500 * US_DAY,
        .applied = CONF_IN_WORKERS,
        .help =
            "Pages that a sitemap says were last changed longer ago are passed over, as are the "
            "sitemaps "
            "that an index says so of. 0s: none are."},

    {.section = "page",
        .name = "robots",
        .type = CONF_BOOL,
        .offset = MEMBER(page.robots),
        .initial = "true",
        .help =
            "Obey robots.txt and its Crawl-delay. A page that it does not allow is not asked for, "
            "and "
            "the record has the feed's own text. Feeds themselves are made for programs: they are "
            "asked "
            "whatever it says."},
    {.section = "page",
        .name = "patience",
        .type = CONF_DURATION,
        .offset = MEMBER(page.patience),
        .initial = "90s",
        .least = 0,
        .most = 3600 * US_SECOND,
        .help = "How long news waits for a page that fails in passing, such as by 503 or a "
                "connection that "
                "is cut. "
                "The page is asked for again after 2, 10 and 30 seconds, or when its host says, "
                "and the "
                "record then goes out with the feed's own text. Its page is asked for again "
                "minutes and "
                "hours later: the text comes as a new version. 0s: no record waits."},

    {.section = "workers",
        .name = "count",
        .type = CONF_COUNT,
        .offset = MEMBER(workers.count),
        .initial = "0",
        .least = 0,
        .most = 256,
        .applied = CONF_IN_WORKERS,
        .help = "How many. 0: one for each processor."},
    {.section = "workers",
        .name = "memory",
        .type = CONF_SIZE,
        .offset = MEMBER(workers.memory),
        .initial = "256MiB",
        .least = 32 * MIB,
        .most = 65536 * MIB,
        .applied = CONF_IN_WORKERS,
        .help = "Most memory of each; one that wants more ends, and its record goes on without the "
                "stage "
                "to blame."},
    {.section = "workers",
        .name = "deadline",
        .type = CONF_DURATION,
        .offset = MEMBER(workers.deadline),
        .initial = "5s",
        .least = US_SECOND / 100,
        .most = 600 * US_SECOND,
        .applied = CONF_IN_WORKERS,
        .help = "Time for one piece of work."},
    {.section = "workers",
        .name = "max_decoded",
        .type = CONF_SIZE,
        .offset = MEMBER(workers.max_decoded),
        .initial = "32MiB",
        .least = 1024,
        .most = 64 * MIB,
        .applied = CONF_IN_WORKERS,
        .help = "Most bytes of an answer once it is decompressed."},
    {.section = "workers",
        .name = "sandbox",
        .type = CONF_BOOL,
        .offset = MEMBER(workers.sandbox),
        .initial = "true",
        .applied = CONF_IN_WORKERS,
        .help = "Close a seccomp filter behind each worker. Turn off for debugging only."},

    {.section = "stages",
        .name = "dir",
        .type = CONF_DIRS,
        .offset = MEMBER(stages.dirs),
        .initial = "[]",
        .applied = CONF_IN_WORKERS,
        .help = "Directories of the modules, one or a list: a stage is taken from the first that "
                "has it. Empty: ../lib/wireroom/stages beside the program, or where they were "
                "installed, then /usr/local/lib/wireroom/stages."},
    {.section = "stages",
        .name = "chain",
        .type = CONF_NAMES,
        .offset = MEMBER(stages.names),
        .initial = "[extract, headline, language, origin, lead, names, quotes, neardup, story]",
        .applied = CONF_IN_WORKERS,
        .help = "The stages, in order."},
    {.section = "stages",
        .name = "options",
        .type = CONF_OPTIONS,
        .initial = "{}",
        .applied = CONF_IN_WORKERS,
        .help = "Options by stage, such as headline: { max-suffix: 30 }. The manual page "
                "wireroom-STAGE(7) "
                "lists them."},

    {.section = "store",
        .name = "path",
        .type = CONF_PATH_STATE,
        .offset = MEMBER(store.path),
        .initial = "wireroom.db",
        .applied = CONF_AT_START,
        .help = "The file; relative to the state directory."},
    {.section = "store",
        .name = "keep",
        .type = CONF_DURATION,
        .offset = MEMBER(store.keep),
        .initial = "14d",
        .least = 60 * US_SECOND,
        .most = 36500 * US_DAY,
        .help = "How long an event stays in the log."},
    {.section = "store",
        .name = "max",
        .type = CONF_SIZE,
        .offset = MEMBER(store.max_size),
        .initial = "10GiB",
        .least = MIB,
        .most = INT64_C(1) << 50,
        .help = "Most bytes of the file; older events go first."},

    {.section = "listen",
        .name = "pub",
        .type = CONF_ENDPOINT,
        .offset = MEMBER(listen.pub),
        .initial = "ipc://pub.sock",
        .applied = CONF_AT_START,
        .help = "ZeroMQ endpoint of the publisher: ipc://PATH, relative to the run directory, or "
                "tcp://ADDRESS:PORT."},
    {.section = "listen",
        .name = "control",
        .type = CONF_PATH_RUN,
        .offset = MEMBER(listen.control),
        .initial = "control.sock",
        .applied = CONF_AT_START,
        .help = "Socket for the wireroom command; relative to the run directory."},

    {.section = "websub",
        .name = "listen",
        .type = CONF_ADDRESS,
        .offset = MEMBER(websub.listen),
        .initial = "\"\"",
        .help = "Address and port on which hubs are listened to, such as 127.0.0.1:5580 behind a "
                "proxy. "
                "Empty: feeds are only polled."},
    {.section = "websub",
        .name = "public_url",
        .type = CONF_URL,
        .offset = MEMBER(websub.public_url),
        .initial = "\"\"",
        .help = "The address by which hubs reach websub.listen, such as "
                "https://news.example.org/push."},
    {.section = "websub",
        .name = "lease",
        .type = CONF_DURATION,
        .offset = MEMBER(websub.lease),
        .initial = "10d",
        .least = 60 * US_SECOND,
        .most = 365 * US_DAY,
        .help = "How long a hub is asked to push; it may grant another time. A lease is renewed "
                "when three "
                "quarters of it are over."},
    {.section = "websub",
        .name = "safety_poll",
        .type = CONF_DURATION,
        .offset = MEMBER(websub.safety_poll),
        .initial = "6h",
        .least = US_SECOND,
        .most = 7 * US_DAY,
        .help =
            "How often a feed is asked while its hub pushes, in case the hub forgets something."},
    {.section = "websub",
        .name = "max_body",
        .type = CONF_SIZE,
        .offset = MEMBER(websub.max_body),
        .initial = "8MiB",
        .least = 1024,
        .most = 64 * MIB,
        .help = "Most bytes that a hub may send at a time."},
    {.name = NULL},
};
