/* doctor_daemon.c - what the daemon's own account of itself gives away. */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "cli/doctor.h"
#include "cli/format.h"

/* Feeds named in one finding; `wireroom feeds list` has all. */
enum { NAMED = 3, LINE = 200 };

/* Far behind: so much of what the log holds is still to be read, of so many events at least (a few
 * are a consumer that has just gone to fetch them). */
enum { BEHIND_SHARE = 2, BEHIND_LEAST = 1000 };

static const char *quoted(struct doctor *doctor, const struct json *value, const char *name)
{
    return doctor_text(doctor, "%.*s", FMT(json_get_text(value, name)));
}

/* ---- the process ------------------------------------------------------------- */

static void look_at_versions(struct doctor *doctor)
{
    struct bytes version = json_get_text(doctor->status, "version");
    struct bytes config = json_get_text(doctor->status, "config");
    int64_t loaded = 0;
    struct stat st;

    doctor->looked[DOCTOR_DAEMON] = true;
    if (!bytes_is(version, WIREROOM_VERSION))
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_DAEMON,
            doctor_text(
                doctor, "version %.*s runs, " WIREROOM_VERSION " is installed", FMT(version)),
            "systemctl restart wireroomd");
    if (config.len > 0 && stat(bytes_cstr(doctor->arena, config), &st) == 0 &&
        clock_parse(json_get_text(doctor->status, "configLoaded"), &loaded) &&
        (int64_t)st.st_mtime * SECOND > loaded)
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_CONFIGURATION,
            doctor_text(doctor, "%.*s was changed after the daemon had read it", FMT(config)),
            "wireroom reload");
}

/* The value of a line of /proc/PID/limits (proc_pid_limits(5)): the soft one. */
static int64_t open_most(int64_t pid)
{
    static const char name[] = "Max open files";
    char line[LINE];
    int64_t most = -1;
    FILE *file;

    snprintf(line, sizeof(line), "/proc/%lld/limits", (long long)pid);
    file = fopen(line, "re");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, name, sizeof(name) - 1) == 0) {
            struct bytes rest = bytes_trim(bytes_of(line + sizeof(name) - 1));

            bytes_to_int(bytes_cut(&rest, ' '), &most);
        }
    if (file != NULL)
        fclose(file);
    return most;
}

/* -1 when it may not be seen. */
static int64_t open_now(int64_t pid)
{
    char path[LINE];
    int64_t count = -1;
    DIR *dir;

    snprintf(path, sizeof(path), "/proc/%lld/fd", (long long)pid);
    dir = opendir(path);
    for (const struct dirent *entry = dir == NULL ? NULL : readdir(dir); entry != NULL;
         entry = readdir(dir))
        count += entry->d_name[0] != '.';
    if (dir != NULL)
        closedir(dir);
    return dir == NULL ? -1 : count + 1;
}

/* Connections get three quarters of the limit (deliver/accept.c), and each request wants one. */
static void look_at_files(struct doctor *doctor)
{
    static const char mend[] =
        "systemctl edit wireroomd: [Service] LimitNOFILE=65536, then: systemctl restart wireroomd";
    int64_t pid = json_get_int(doctor->status, "pid", 0);
    int64_t most = open_most(pid);
    int64_t now = open_now(pid);
    int64_t requests = doctor->conf == NULL ? 0 : doctor->conf->http.max_in_flight;

    if (most < 0)
        return;
    doctor->looked[DOCTOR_FILES] = true;
    if (now > most - most / 4)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_FILES,
            doctor_text(doctor, "%lld of %lld are open", (long long)now, (long long)most), mend);
    else if (requests > most - most / 4)
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_FILES,
            doctor_text(doctor, "at most %lld may be open, and http.max_in_flight is %lld",
                (long long)most, (long long)requests),
            mend);
}

/* ---- the store --------------------------------------------------------------- */

static void look_at_store(struct doctor *doctor)
{
    const struct json *store = json_get(doctor->status, "store");
    const char *path = quoted(doctor, store, "path");
    struct bytes held = json_get_text(store, "heldSince");

    doctor->looked[DOCTOR_STORE] = doctor->looked[DOCTOR_LOG] = true;
    if (json_get_text(store, "since").len > 0) {
        bool full = json_get_bool(store, "full", false);

        doctor_tell(doctor, DOCTOR_FAIL, full ? DOCTOR_DISK : DOCTOR_STORE,
            doctor_text(doctor, "nothing is polled since %s: %s", quoted(doctor, store, "since"),
                quoted(doctor, store, "error")),
            full ? doctor_text(doctor, "make room on the disk of %s; it goes on by itself", path)
            : json_get_bool(store, "locked", false)
                ? doctor_text(doctor, "end the program that holds it: fuser -v '%s'", path)
                : "systemctl restart wireroomd, then: wireroom store check");
    }
    if (json_get_text(store, "walError").len > 0)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_LOG,
            doctor_text(doctor, "it cannot be emptied: %s", quoted(doctor, store, "walError")),
            doctor_text(doctor, "make room on the disk of %s", path));
    else if (held.len > 0)
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_LOG,
            doctor_text(doctor,
                "a program that reads the store keeps it from being emptied since %.*s", FMT(held)),
            doctor_text(doctor, "end that program: fuser -v '%s'", path));
    doctor_disk(doctor, path, json_get_int(store, "file", -1), json_get_int(store, "max", 0),
        json_get_int(store, "free", -1));
}

/* ---- what is wrong for many feeds at once ------------------------------------- */

static void look_at_troubles(struct doctor *doctor)
{
    static const struct {
        const char *name;
        enum doctor_level level;
        enum doctor_part part;
        const char *mend;
    } kinds[] = {
        {"names", DOCTOR_FAIL, DOCTOR_NETWORK, "see to the resolver: getent hosts example.org"},
        {"network", DOCTOR_FAIL, DOCTOR_NETWORK,
            "see to the network: curl -I https://example.org/"},
        {"certificates", DOCTOR_FAIL, DOCTOR_CERTIFICATES,
            "apt-get install ca-certificates, or set http.ca_path"},
        {"clock", DOCTOR_FAIL, DOCTOR_CLOCK, "timedatectl set-ntp true"},
        {"host", DOCTOR_WARN, DOCTOR_NETWORK,
            "nothing at first: it is asked at the pace it bears; or raise http.spacing"},
    };
    const struct json *troubles = json_get(doctor->status, "troubles");

    doctor->looked[DOCTOR_NETWORK] = doctor->looked[DOCTOR_CLOCK] = true;
    for (const struct json *t = troubles == NULL ? NULL : troubles->first; t != NULL; t = t->next)
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
            if (bytes_is(json_get_text(t, "part"), kinds[i].name))
                doctor_tell(doctor, kinds[i].level, kinds[i].part, quoted(doctor, t, "text"),
                    kinds[i].mend);
}

static void look_at_lists(struct doctor *doctor)
{
    const struct json *warnings = json_get(doctor->status, "listWarnings");
    const struct json *lists = json_get(doctor->status, "subscriptions");

    doctor->looked[DOCTOR_LISTS] = true;
    for (const struct json *w = warnings == NULL ? NULL : warnings->first; w != NULL; w = w->next)
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_LISTS,
            doctor_text(doctor, "%.*s", FMT(json_text(w))),
            "correct the list, then: wireroom reload");
    for (const struct json *l = lists == NULL ? NULL : lists->first; l != NULL; l = l->next)
        if (json_get_text(l, "error").len > 0)
            doctor_tell(doctor, DOCTOR_WARN, DOCTOR_LISTS,
                doctor_text(doctor, "%s: %s", quoted(doctor, l, "url"), quoted(doctor, l, "error")),
                "correct its address under subscriptions, then: wireroom reload");
}

/* ---- feeds -------------------------------------------------------------------- */

/* "Port Ellen Times (f0000012), ..." of those in this state; *ret_id is the first. */
static const char *name_feeds(
    struct doctor *doctor, struct client *client, const char *state, const char **ret_id)
{
    struct json_writer *w = client_begin(client, "feeds.list");
    struct json *line = NULL;
    struct error err = {0};
    const char *names = "";
    int code;

    json_cstr(w, "state", state);
    json_int(w, "limit", NAMED);
    code = client_send(client, &err);
    while (code >= 0 && (code = client_next(client, doctor->arena, &line, &err)) == 1) {
        const struct json *feed = json_get(line, "feed");
        bool named = json_get_text(feed, "title").len > 0;

        names = doctor_text(doctor, "%s%s%.80s (%s)", names, names[0] == '\0' ? "" : ", ",
            quoted(doctor, feed, named ? "title" : "url"), quoted(doctor, feed, "id"));
        if (*ret_id == NULL)
            *ret_id = quoted(doctor, feed, "id");
    }
    return names;
}

static void look_at_feeds(struct doctor *doctor, struct client *client)
{
    static const struct {
        const char *state, *what, *mend;
    } states[] = {
        {"gone", "gone for good, it seems", "wireroom feeds rm"},
        {"unparsable", "unparsable: what comes is no feed", "wireroom feeds show"},
        {"blocked",
            "blocked (401, 403 or 451): set http.contact, ask the publisher, or give a "
            "password under access",
            "wireroom feeds show"},
        {"failing", "failing", "wireroom feeds show"},
        {"silent",
            "silent: quiet for longer than ever; their sites may have newer feeds "
            "(wireroom feeds discover)",
            "wireroom feeds show"},
    };
    const struct json *feeds = json_get(doctor->status, "feeds");

    doctor->looked[DOCTOR_FEEDS] = true;
    if (json_get_int(feeds, "total", 1) == 0)
        doctor_tell(
            doctor, DOCTOR_WARN, DOCTOR_FEEDS, "none is followed", "wireroom feeds add URL");
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        int64_t count = json_get_int(feeds, states[i].state, 0);
        const char *id = NULL;
        const char *names;

        if (count == 0)
            continue;
        names = name_feeds(doctor, client, states[i].state, &id);
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_FEEDS,
            doctor_text(doctor, "%lld %s: %s%s", (long long)count, states[i].what, names,
                count > NAMED ? ", ..." : ""),
            count == 1 && id != NULL
                ? doctor_text(doctor, "%s %s", states[i].mend, id)
                : doctor_text(doctor, "wireroom feeds list --state %s", states[i].state));
    }
}

/* ---- records ------------------------------------------------------------------ */

static void look_at_records(struct doctor *doctor)
{
    const struct json *degraded = json_get(json_get(doctor->status, "sites"), "degraded");
    const struct json *resting = json_get(doctor->status, "resting");
    int64_t aside = json_get_int(doctor->status, "quarantine", 0);

    doctor->looked[DOCTOR_SITES] = doctor->looked[DOCTOR_STAGES] =
        doctor->looked[DOCTOR_QUARANTINE] = true;
    for (const struct json *s = degraded == NULL ? NULL : degraded->first; s != NULL; s = s->next)
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_SITES,
            doctor_text(
                doctor, "less is found on pages of %s than was", quoted(doctor, s, "domain")),
            "wireroom extract --explain URL, with the address of one of its articles");
    for (const struct json *r = resting == NULL ? NULL : resting->first; r != NULL; r = r->next) {
        bool all = json_get_text(r, "site").len == 0;

        doctor_tell(doctor, all ? DOCTOR_FAIL : DOCTOR_WARN, DOCTOR_STAGES,
            doctor_text(doctor, "%s killed workers and rests on records of %s until %s",
                quoted(doctor, r, "stage"), all ? "all sites" : quoted(doctor, r, "site"),
                quoted(doctor, r, "until")),
            "take it out of stages.chain, or install a version that is mended; then: wireroom "
            "reload");
    }
    if (aside > 0)
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_QUARANTINE,
            doctor_text(doctor, "%lld records were put aside", (long long)aside),
            "wireroom quarantine list, then: wireroom quarantine retry --all");
}

static void look_at_consumer(struct doctor *doctor, const struct json *consumer)
{
    const struct json *log = json_get(doctor->status, "log");
    int64_t held = json_get_int(log, "head", 0) - json_get_int(log, "first", 0) + 1;
    int64_t lag = json_get_int(consumer, "lag", 0);
    int64_t trimmed = json_get_int(consumer, "trimmed", 0);
    const char *name = quoted(doctor, consumer, "name");
    char heard[FORMAT_TEXT];

    format_ago_text(json_get_text(consumer, "heard"), clock_wall(), heard);
    if (trimmed > 0)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_CONSUMERS,
            doctor_text(doctor,
                "%s, heard of %s, has lost %lld events that are no longer in the log", name, heard,
                (long long)trimmed),
            doctor_text(doctor,
                "start its reader; if it has none: wireroom consumers rm '%s'; to "
                "keep more: store.keep",
                name));
    else if (lag >= BEHIND_LEAST && lag > held / BEHIND_SHARE)
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_CONSUMERS,
            doctor_text(doctor,
                "%s, heard of %s, is %lld events behind of the %lld that the log holds", name,
                heard, (long long)lag, (long long)held),
            doctor_text(
                doctor, "start its reader; if it has none: wireroom consumers rm '%s'", name));
}

static void look_at_consumers(struct doctor *doctor, struct client *client)
{
    struct json *line = NULL;
    struct error err = {0};
    int code;

    client_begin(client, "consumers.list");
    code = client_send(client, &err);
    while (code >= 0 && (code = client_next(client, doctor->arena, &line, &err)) == 1)
        look_at_consumer(doctor, json_get(line, "consumer"));
    doctor->looked[DOCTOR_CONSUMERS] = code == 0;
}

void doctor_daemon(struct doctor *doctor, struct client *client)
{
    look_at_versions(doctor);
    look_at_store(doctor);
    look_at_troubles(doctor);
    look_at_files(doctor);
    look_at_lists(doctor);
    look_at_feeds(doctor, client);
    look_at_records(doctor);
    look_at_consumers(doctor, client);
}
