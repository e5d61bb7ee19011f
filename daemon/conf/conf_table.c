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
    {"", "instance", CONF_TEXT, MEMBER(instance), "\"\"", 0, 0,
        "Name of this daemon in the source of its events. Empty: the name of the host."},
    {"", "feeds", CONF_GLOBS, MEMBER(feeds), "[feeds/*.opml, feeds/*.list]", 0, 0,
        "Files that list feeds: OPML, or one address a line. Patterns are allowed; relative ones "
        "start at the "
        "directory of this file."},
    {"", "access", CONF_ACCESS, 0, "{}", 0, 0,
        "How single feeds are asked, by address: password, cookie, own headers, certificate, "
        "proxy. "
        "Keep this part in a file of conf.d that only the daemon's group may read, or the secrets "
        "in "
        "files of their own."},

    {"", "subscriptions", CONF_URLS, MEMBER(subscriptions), "[]", 0, 0,
        "Addresses of OPML lists elsewhere whose feeds are followed. Feeds that come into a list "
        "are "
        "added, those that leave it are removed if the list had brought them; an answer that is "
        "empty, cut off or no OPML changes nothing."},

    {"http", "contact", CONF_TEXT, MEMBER(http.contact), "\"\"", 0, 0,
        "Mail address or page by which publishers can reach you; becomes part of the User-Agent."},
    {"http", "user_agent", CONF_TEXT, MEMBER(http.user_agent), "\"\"", 0, 0,
        "The whole User-Agent. Empty: wireroom, its version and the contact."},
    {"http", "per_host", CONF_COUNT, MEMBER(http.per_host), "2", 1, 64,
        "Most requests to one host at a time; a few go one after the other over one connection."},
    {"http", "spacing", CONF_DURATION, MEMBER(http.spacing), "1s", 0, US_DAY,
        "Least time between the starts of two requests to one host."},
    {"http", "timeout", CONF_DURATION, MEMBER(http.timeout), "20s", US_SECOND / 10,
        3600 * US_SECOND, "Time for a whole answer, from connecting to its last byte."},
    {"http", "max_body", CONF_SIZE, MEMBER(http.max_body), "8MiB", 1024, 64 * MIB,
        "Most bytes of one answer, as sent; longer ones are cut off and count as failed."},
    {"http", "max_in_flight", CONF_COUNT, MEMBER(http.max_in_flight), "200", 1, 10000,
        "Requests at a time, over all hosts."},
    {"http", "ca_path", CONF_PATH_CERTS, MEMBER(http.ca_path), "/etc/ssl/certs", 0, 0,
        "Directory of CA certificates under their hashes, as openssl-rehash(1) makes it; a file of "
        "certificates will not do."},
    {"http", "allow", CONF_NETWORKS, MEMBER(http.allow), "[]", 0, 0,
        "Addresses and networks that may be connected to although they are not public, such as "
        "127.0.0.0/8 or "
        "10.1.2.3."},

    {"poll", "min_interval", CONF_DURATION, MEMBER(poll.min_interval), "30s", US_SECOND / 10,
        365 * US_DAY, "No feed is asked more often, whatever it wishes."},
    {"poll", "max_interval", CONF_DURATION, MEMBER(poll.max_interval), "6h", US_SECOND / 10,
        365 * US_DAY,
        "No feed is asked more seldom, except when its server says when to come back."},
    {"poll", "default_interval", CONF_DURATION, MEMBER(poll.default_interval), "5m", US_SECOND / 10,
        365 * US_DAY, "For a feed of which nothing is known yet."},
    {"poll", "first_fetch", CONF_FIRST_FETCH, MEMBER(poll.first_fetch), "publish-last 10", 0, 0,
        "What becomes of the entries in a feed's first answer: mark (as seen, publish none), "
        "publish-last N, or "
        "publish-all."},
    {"poll", "max_in_flight", CONF_COUNT, MEMBER(poll.max_in_flight), "1000", 1, 100000,
        "Records worked on at a time, between admission and publication; further ones wait in the "
        "store. A feed, or a host of pages, has at most an eighth of these places."},
    {"poll", "max_waiting", CONF_COUNT, MEMBER(poll.max_waiting), "100000", 1, 10000000,
        "Entries that wait in the store. A feed is not polled while more of its own wait than an "
        "eighth of this, or than a seventh of what others leave of it."},
    {"poll", "max_bytes", CONF_SIZE, MEMBER(poll.max_bytes), "256MiB", 64 * MIB,
        1024 * 1024 * (int64_t)MIB,
        "Bytes of answers, documents and records that are held at a time; large answers wait, "
        "unread, while there is no room. The daemon itself needs some 50 MiB more."},
    {"poll", "max_entries", CONF_COUNT, MEMBER(poll.max_entries), "10000", 1, 200000,
        "Entries read from one document."},
    {"poll", "subscriptions_interval", CONF_DURATION, MEMBER(poll.subscriptions_interval), "1h",
        US_SECOND / 10, 365 * US_DAY, "Time between two looks at each list of subscriptions."},
    {"poll", "sitemap_age", CONF_DURATION, MEMBER(poll.sitemap_age), "3d", 0, 36500 * US_DAY,
        "Pages that a sitemap says were last changed longer ago are passed over, as are the "
        "sitemaps "
        "that an index says so of. 0s: none are."},

    {"page", "robots", CONF_BOOL, MEMBER(page.robots), "true", 0, 0,
        "Obey robots.txt and its Crawl-delay. A page that it does not allow is not asked for, and "
        "the record has the feed's own text. Feeds themselves are made for programs: they are "
        "asked "
        "whatever it says."},
    {"page", "patience", CONF_DURATION, MEMBER(page.patience), "90s", 0, 3600 * US_SECOND,
        "How long news waits for a page that fails in passing, such as by 503 or a connection that "
        "is cut. "
        "The page is asked for again after 2, 10 and 30 seconds, or when its host says, and the "
        "record then goes out with the feed's own text. Its page is asked for again minutes and "
        "hours later: the text comes as a new version. 0s: no record waits."},

    {"workers", "count", CONF_COUNT, MEMBER(workers.count), "0", 0, 256,
        "How many. 0: one for each processor."},
    {"workers", "memory", CONF_SIZE, MEMBER(workers.memory), "256MiB", 32 * MIB, 65536 * MIB,
        "Most memory of each; one that wants more ends, and its record goes on without the stage "
        "to blame."},
    {"workers", "deadline", CONF_DURATION, MEMBER(workers.deadline), "5s", US_SECOND / 100,
        600 * US_SECOND, "Time for one piece of work."},
    {"workers", "max_decoded", CONF_SIZE, MEMBER(workers.max_decoded), "32MiB", 1024, 64 * MIB,
        "Most bytes of an answer once it is decompressed."},
    {"workers", "sandbox", CONF_BOOL, MEMBER(workers.sandbox), "true", 0, 0,
        "Close a seccomp filter behind each worker. Turn off for debugging only."},

    {"stages", "dir", CONF_PATH_CONF, MEMBER(stages.dir), "\"\"", 0, 0,
        "Directory of the modules. Empty: ../lib/wireroom/stages beside the program, or where they "
        "were installed."},
    {"stages", "chain", CONF_NAMES, MEMBER(stages.names), "[extract, headline, language, neardup]",
        0, 0, "The stages, in order."},
    {"stages", "options", CONF_OPTIONS, 0, "{}", 0, 0,
        "Options by stage, such as headline: { max-suffix: 30 }. The manual page wireroom-STAGE(7) "
        "lists them."},

    {"store", "path", CONF_PATH_STATE, MEMBER(store.path), "wireroom.db", 0, 0,
        "The file; relative to the state directory."},
    {"store", "keep", CONF_DURATION, MEMBER(store.keep), "14d", 60 * US_SECOND, 36500 * US_DAY,
        "How long an event stays in the log."},
    {"store", "max", CONF_SIZE, MEMBER(store.max_size), "10GiB", MIB, INT64_C(1) << 50,
        "Most bytes of the file; older events go first."},

    {"listen", "pub", CONF_ENDPOINT, MEMBER(listen.pub), "ipc://pub.sock", 0, 0,
        "ZeroMQ endpoint of the publisher: ipc://PATH, relative to the run directory, or "
        "tcp://ADDRESS:PORT."},
    {"listen", "control", CONF_PATH_RUN, MEMBER(listen.control), "control.sock", 0, 0,
        "Socket for the wireroom command; relative to the run directory."},

    {"websub", "listen", CONF_ADDRESS, MEMBER(websub.listen), "\"\"", 0, 0,
        "Address and port on which hubs are listened to, such as 127.0.0.1:5580 behind a proxy. "
        "Empty: feeds are only polled."},
    {"websub", "public_url", CONF_URL, MEMBER(websub.public_url), "\"\"", 0, 0,
        "The address by which hubs reach websub.listen, such as https://news.example.org/push."},
    {"websub", "lease", CONF_DURATION, MEMBER(websub.lease), "10d", 60 * US_SECOND, 365 * US_DAY,
        "How long a hub is asked to push; it may grant another time. A lease is renewed when three "
        "quarters of it are over."},
    {"websub", "safety_poll", CONF_DURATION, MEMBER(websub.safety_poll), "6h", US_SECOND,
        7 * US_DAY,
        "How often a feed is asked while its hub pushes, in case the hub forgets something."},
    {"websub", "max_body", CONF_SIZE, MEMBER(websub.max_body), "8MiB", 1024, 64 * MIB,
        "Most bytes that a hub may send at a time."},
    {NULL, NULL, CONF_TEXT, 0, NULL, 0, 0, NULL},
};
