/* replay.c - scripts of what servers answer, when, and what is published, against the whole daemon.
 *
 *   replay [-v] FILE...     each in a process and a folder of its own; -v: with the daemon's log
 *
 * A line is a command; # begins a comment, "two words" are one. The clock stands still but for
 * `pass`, and after what the daemon is made to do it comes to rest (house.h). All events are
 * expected, in order: one that is left at the end is an error, as are counters that do not add up.
 * /x is a path of the server of feeds, 2:/x one of another site. A path answers a page, unless:
 *
 *   items /rss a b          it is a feed of these entries, the newest first. An entry is
 *                           NAME+TEXT!TITLE=GUID@AGE>PATH, and all but the name may be left out:
 *                           which text, more of a title, its guid (=- for none; else its name),
 *                           dated so long before the start, where it leads (else to /NAME)
 *   body /x                 the lines that follow and begin with "| "; WEB, WEB2: the servers
 *   answer /x A [xN] [then A ...]    full [N] (its page, with its Nth text), items (what items or
 *                           body set), 503 [retry SECONDS], to /y (302), moved /y (301), empty,
 *                           cut, broken, reset or hang
 *   etag /x WORD            honest, stuck (one for all), lying (304 whatever changed) or none
 *   hub /rss /hub           its answers name that hub; -: none
 *   set SECTION.OPTION VALUE    from start or reload on; BAD: the folder of stages that misbehave
 *   follow /rss ...         unfollow /rss ...
 *   start [workers]         stages run in this process, or in workers
 *   stop, kill, reload      in order; as it is at this moment; with what was set
 *   poll /rss ...           due now
 *   pass 2h                 ms, s, m, h or d, at once
 *   step 2h, step back 2h   somebody sets the clock on the wall
 *   verify SECONDS [WHAT]   the hub that was asked last confirms, for so long; mistaken in its
 *                           topic, mode, token or challenge
 *   deny [REASON]           it denies
 *   push /rss [HOW]         it sends what items set, signed by sha1, sha384, sha512 or sha256; or
 *                           md5, forged, short, bare (no method) or none; x60: so often
 *   retry                   what was put aside is taken again
 *   room no, room yes       on the disk
 *   expect new a full ...   the next event: its type and name (new a, updated a, feed /rss) and
 *                           words it has, in any order: full, feed-only, v2, text, by=page, seen=2,
 *                           from=127.0.0.1, via=websub, failing; or "~any of its JSON"
 *   expect nothing          no further event
 *   expect asked /x 3       requests so far; expect sent /x NAME PART: in the last one (-: none)
 *   expect hub 200          the answer it got; expect hub subscribe: what it was asked for
 *   expect waiting 2        records, for their page or turn; also feeds 2, counter NAME 2
 *   expect saved STAGE 3    what an ordered stage learned up to that event of the log; 0: nothing
 *   show                    all further events, for who writes a script */
#include "replay/replay.h"

#include "unit/own_clock.h"

#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { DISK_FULL = 4096 }; /* bytes of a file: less than any store's */

/* ---- what goes wrong ----------------------------------------------------------- */

void die(const struct replay *r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fprintf(stderr, "%s:%d: ", r->file, r->line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    _exit(1);
}

static void rest(struct replay *r)
{
    if (r->house.up && !house_rest(&r->house))
        die(r, "the daemon never comes to rest");
}

struct store *store_of(const struct replay *r)
{
    if (!r->house.up)
        die(r, "no daemon runs");
    return r->house.daemon.view.store;
}

int64_t number(const struct replay *r, const char *word)
{
    int64_t value;

    if (!bytes_to_int(bytes_of(word), &value))
        die(r, "%s: a number was expected", word);
    return value;
}

/* "2h" in microseconds. */
int64_t duration(const struct replay *r, const char *word)
{
    static const struct {
        const char *unit;
        int64_t micros;
    } units[] = {{"ms", SECOND / 1000}, {"s", SECOND}, {"m", 60 * INT64_C(1000000)},
        {"h", 3600 * INT64_C(1000000)}, {"d", 86400 * INT64_C(1000000)}};
    char *end;
    int64_t value = strtoll(word, &end, 10);

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (end != word && strcmp(end, units[i].unit) == 0)
            return value * units[i].micros;
    die(r, "%s: a time was expected, such as 30s", word);
}

/* ---- the daemon ---------------------------------------------------------------- */

static void do_set(struct replay *r)
{
    char *option = strchr(r->words[1], '.');
    char text[300];

    if (option == NULL)
        die(r, "%s: SECTION.OPTION was expected", r->words[1]);
    *option = '\0';
    snprintf(text, sizeof(text), "%s: %s", option + 1,
        strcmp(r->words[2], "BAD") == 0 ? TEST_BAD_STAGES : r->words[2]);
    for (size_t i = 3; i < r->count; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), " %s", r->words[i]);
    house_set(&r->house, r->words[1], text);
}

static void do_start(struct replay *r)
{
    struct error err = {0};

    r->house.workers = r->count > 1;
    if (r->house.up)
        die(r, "a daemon runs already");
    if (house_start(&r->house, &err) != OK)
        die(r, "%s", err.text);
}

static void do_reload(struct replay *r)
{
    struct error err = {0};

    if (store_of(r) != NULL && house_reload(&r->house, &err) != OK)
        die(r, "%s", err.text);
}

static void reload_if_up(struct replay *r)
{
    if (r->house.up)
        do_reload(r);
}

static void do_follow(struct replay *r)
{
    struct house *h = &r->house;

    for (size_t i = 1; i < r->count && h->feed_count < HOUSE_FEEDS; i++)
        snprintf(h->feeds[h->feed_count++], WEB_NAME, "%s", r->words[i]);
    reload_if_up(r);
}

static void do_unfollow(struct replay *r)
{
    struct house *h = &r->house;

    for (size_t i = 1; i < r->count; i++) {
        size_t at = 0;

        while (at < h->feed_count && strcmp(h->feeds[at], r->words[i]) != 0)
            at++;
        if (at == h->feed_count)
            die(r, "%s: not followed", r->words[i]);
        memmove(h->feeds[at], h->feeds[at + 1], (--h->feed_count - at) * sizeof(h->feeds[0]));
    }
    reload_if_up(r);
}

static void do_stop(struct replay *r)
{
    if (store_of(r) != NULL)
        house_stop(&r->house);
}

static void do_kill(struct replay *r)
{
    if (store_of(r) != NULL)
        house_kill(&r->house);
}

static void do_poll(struct replay *r)
{
    for (size_t i = 1; store_of(r) != NULL && i < r->count; i++) {
        struct poll *poll = r->house.daemon.view.poll;
        struct buf url = {0};
        int64_t feed;

        web_url(&r->web, r->words[i], &url);
        feed = poll_find(poll, buf_cstr(&url));
        buf_done(&url);
        if (feed == 0)
            die(r, "%s: no such feed", r->words[i]);
        poll_now(poll, feed);
    }
}

static void do_pass(struct replay *r)
{
    pass_time(duration(r, r->words[1]));
}

static void do_step(struct replay *r)
{
    bool back = strcmp(r->words[1], "back") == 0;

    if (back && r->count < 3)
        die(r, "step back: how far?");
    step_time(back ? -duration(r, r->words[2]) : duration(r, r->words[1]));
}

struct aside {
    int64_t rows[WORDS];
    size_t count;
};

static int note_aside(void *ctx, const struct quarantined *entry)
{
    struct aside *aside = ctx;

    aside->rows[aside->count++] = entry->pending;
    return 0;
}

/* As `wireroom quarantine retry` does. */
static void do_retry(struct replay *r)
{
    struct store *store = store_of(r);
    struct aside aside = {.count = 0};
    struct error err = {0};

    if (store_quarantined(store, 0, WORDS, note_aside, &aside, &err) != OK)
        die(r, "%s", err.text);
    for (size_t i = 0; i < aside.count; i++)
        store_quarantine_end(store, aside.rows[i]);
    store_sync(store, NULL);
    for (size_t i = 0; i < aside.count; i++)
        flow_take_again(r->house.daemon.view.flow, aside.rows[i], NULL);
}

/* A limit of file sizes is a disk that is full: main.c. */
static void do_room(struct replay *r)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = strcmp(r->words[1], "no") == 0 ? DISK_FULL : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* ---- a script ------------------------------------------------------------------ */

bool read_line(struct replay *r)
{
    if (!r->has_next && fgets(r->next, sizeof(r->next), r->script) == NULL)
        return false;
    r->has_next = false;
    memcpy(r->text, r->next, sizeof(r->text));
    r->line++;
    return true;
}

static const struct command {
    const char *word;
    size_t least, most; /* words, itself among them */
    void (*run)(struct replay *r);
    bool acts; /* the daemon does something then */
} commands[] = {
    {"items", 2, WORDS, do_items, false},
    {"body", 2, 2, do_body, false},
    {"answer", 3, WORDS, do_answer, false},
    {"etag", 3, 3, do_etag, false},
    {"hub", 3, 3, do_hub, false},
    {"set", 3, WORDS, do_set, false},
    {"follow", 2, WORDS, do_follow, true},
    {"unfollow", 2, WORDS, do_unfollow, true},
    {"start", 1, 2, do_start, true},
    {"stop", 1, 1, do_stop, false},
    {"kill", 1, 1, do_kill, false},
    {"reload", 1, 1, do_reload, true},
    {"poll", 2, WORDS, do_poll, true},
    {"pass", 2, 2, do_pass, true},
    {"step", 2, 3, do_step, true},
    {"verify", 2, 3, do_verify, true},
    {"deny", 1, 2, do_deny, true},
    {"push", 2, 3, do_push, true},
    {"retry", 1, 1, do_retry, true},
    {"room", 2, 2, do_room, true},
    {"expect", 2, WORDS, do_expect, false},
    {"show", 1, 1, do_show, false},
};

/* Words are where text is; a quoted one may hold blanks. */
static void split(struct replay *r)
{
    char *at = r->text;

    for (r->count = 0; r->count < WORDS; r->count++) {
        at += strspn(at, " \t\r\n");
        if (*at == '\0' || *at == '#')
            return;
        if (*at == '"') {
            r->words[r->count] = ++at;
            at += strcspn(at, "\"\n");
        } else {
            r->words[r->count] = at;
            at += strcspn(at, " \t\r\n");
        }
        if (*at != '\0')
            *at++ = '\0';
    }
}

static void run_command(struct replay *r)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const struct command *c = &commands[i];

        if (strcmp(c->word, r->words[0]) != 0)
            continue;
        if (r->count < c->least || r->count > c->most)
            die(r, "%s: too many words, or too few", c->word);
        c->run(r);
        if (c->acts)
            rest(r);
        return;
    }
    die(r, "%s: no such command", r->words[0]);
}

static int run_script(const char *file, const char *dir)
{
    static struct replay replay;
    struct replay *r = &replay;

    r->file = file;
    r->script = fopen(file, "re");
    if (r->script == NULL)
        die(r, "%s", strerror(errno));
    alarm(2 * REST_SECONDS); /* of the machine's time; it takes a part of one */
    own_the_clock(NULL);
    own_clock->stepped = 0;
    own_clock->still = OWN_CLOCK_START;
    web_open(&r->web);
    house_init(&r->house, &r->web, dir);
    while (read_line(r)) {
        split(r);
        if (r->count > 0)
            run_command(r);
    }
    if (r->house.up) {
        expect_end(r);
        house_stop(&r->house);
    }
    web_close(&r->web);
    told_done(&r->told);
    fclose(r->script);
    return 0;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    (void)walk;
    return remove(path);
}

/* In a process of its own: what one script left behind no other sees. */
static bool run_apart(const char *file)
{
    char dir[] = "/tmp/replay_XXXXXX";
    int status = 0;
    pid_t child;

    if (mkdtemp(dir) == NULL)
        abort();
    child = fork();
    if (child == 0)
        exit(run_script(file, dir));
    if (child < 0 || waitpid(child, &status, 0) != child)
        abort();
    nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    if (status != 0 && !WIFEXITED(status))
        fprintf(stderr, "%s: ended by signal %d\n", file, WTERMSIG(status));
    return status == 0;
}

int main(int argc, char **argv)
{
    int first = 1;
    int failed = 0;

    log_set_level(LOG_LEVEL_ERROR);
    if (argc > 1 && strcmp(argv[1], "-v") == 0) {
        log_set_level(LOG_LEVEL_DEBUG);
        first = 2;
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    for (int i = first; i < argc; i++)
        failed += !run_apart(argv[i]);
    return failed == 0 ? 0 : 1;
}
