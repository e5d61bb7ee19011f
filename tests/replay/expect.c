/* expect.c - what is to have come: events, requests, counters. */
#include "replay/replay.h"

static int take_event(void *ctx, const struct committed *event)
{
    struct replay *r = ctx;

    r->told.sequence = event->sequence;
    buf_clear(&r->told.body);
    buf_add(&r->told.body, event->body);
    return 0;
}

/* The next event that was not expected yet; false: there is none. */
static bool next_event(struct replay *r)
{
    struct error err = {0};

    r->told.sequence = 0;
    if (store_events(store_of(r), r->expected, 1, take_event, r, &err) != OK)
        die(r, "%s", err.text);
    if (r->told.sequence == 0)
        return false;
    told_read(&r->told, &r->web);
    return true;
}

static void expect_nothing(struct replay *r)
{
    if (next_event(r))
        die(r, "nothing was expected, this came:%s", buf_cstr(&r->told.words));
}

void do_show(struct replay *r)
{
    while (next_event(r)) {
        fprintf(stderr, "%s:%d: expect%s\n", r->file, r->line, buf_cstr(&r->told.words));
        r->expected = r->told.sequence;
    }
}

static void expect_event(struct replay *r)
{
    char first[300];

    snprintf(first, sizeof(first), " %s %s ", r->words[1], r->words[2]);
    if (!next_event(r))
        die(r, "expected%s, nothing came", first);
    if (strncmp(buf_cstr(&r->told.words), first, strlen(first)) != 0)
        die(r, "expected%s, this came:%s", first, buf_cstr(&r->told.words));
    for (size_t i = 3; i < r->count; i++)
        if (!told_has(&r->told, r->words[i]))
            die(r, "expected \"%s\", this came:%s\n%s", r->words[i], buf_cstr(&r->told.words),
                buf_cstr(&r->told.body));
    r->expected = r->told.sequence;
}

/* The last word says how many. */
static void expect_number(const struct replay *r, int64_t came)
{
    const char *word = r->words[r->count - 1];

    if (came == number(r, word))
        return;
    die(r, "%s%s%s: %s was expected, %lld came", r->words[1], r->count > 3 ? " " : "",
        r->count > 3 ? r->words[2] : "", word, (long long)came);
}

static void expect_asked(struct replay *r)
{
    expect_number(r, web_path(&r->web, r->words[2])->asked);
}

static void expect_sent(struct replay *r)
{
    const char *head = web_path(&r->web, r->words[2])->head;
    char name[200];
    const char *at;
    struct bytes value = LIT("-");

    snprintf(name, sizeof(name), "\r\n%s: ", r->words[3]);
    at = strcasestr(head, name);
    if (at != NULL)
        value = (struct bytes){at + strlen(name), strcspn(at + strlen(name), "\r")};
    if (strcmp(r->words[4], "-") == 0 ? at != NULL
                                      : bytes_find(value, bytes_of(r->words[4])) == SIZE_MAX)
        die(r, "%s: %s was expected in \"%.*s\"", r->words[3], r->words[4], FMT(value));
}

struct counter {
    const char *name;
    int64_t value;
};

static int on_counter(void *ctx, const char *name, uint64_t value)
{
    struct counter *counter = ctx;

    if (strcmp(name, counter->name) == 0)
        counter->value = (int64_t)value;
    return 0;
}

static int64_t counter(struct replay *r, const char *name)
{
    struct counter counter = {name, 0};
    struct error err = {0};

    if (store_counters(store_of(r), on_counter, &counter, &err) != OK)
        die(r, "%s", err.text);
    return counter.value;
}

static void expect_counter(struct replay *r)
{
    expect_number(r, counter(r, r->words[2]));
}

static void expect_hub(struct replay *r)
{
    if (is_digit(r->words[2][0]))
        expect_number(r, r->hub_status);
    else if (strcmp(r->web.hub.mode, r->words[2]) != 0)
        die(r, "%s was expected of the hub, \"%s\" came", r->words[2], r->web.hub.mode);
}

static void expect_waiting(struct replay *r)
{
    struct flow_counters flow;

    if (store_of(r) != NULL)
        flow_counters(r->house.daemon.view.flow, &flow);
    expect_number(r, (int64_t)(flow.waiting + flow.pages_waiting));
}

static void expect_feeds(struct replay *r)
{
    struct poll_counters polls = {0};

    if (store_of(r) != NULL)
        poll_counters(r->house.daemon.view.poll, &polls);
    expect_number(r, (int64_t)polls.feeds);
}

static void expect_saved(struct replay *r)
{
    struct arena *arena = arena_new(TOLD_LIMIT);
    struct bytes saved;
    uint64_t sequence = 0;
    uint64_t number = 0;

    while (store_snapshot_next(store_of(r), arena, r->words[2], &number, &sequence, &saved, NULL) ==
           OK)
        ;
    arena_free(arena);
    expect_number(r, (int64_t)sequence);
}

void do_expect(struct replay *r)
{
    static const struct {
        const char *word;
        size_t words;
        void (*expect)(struct replay *r);
    } kinds[] = {{"nothing", 2, expect_nothing}, {"asked", 4, expect_asked},
        {"sent", 5, expect_sent}, {"counter", 4, expect_counter}, {"hub", 3, expect_hub},
        {"waiting", 3, expect_waiting}, {"feeds", 3, expect_feeds}, {"saved", 4, expect_saved}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(r->words[1], kinds[i].word) != 0)
            continue;
        if (r->count != kinds[i].words)
            die(r, "expect %s: %zu words", kinds[i].word, kinds[i].words);
        kinds[i].expect(r);
        return;
    }
    if (r->count < 3)
        die(r, "expect: the kind of an event and a name");
    expect_event(r);
}

/* What was seen ended in one counted way each (store.h). */
static void add_up(struct replay *r)
{
    struct flow_counters flow;
    int64_t seen = counter(r, "entries.new") + counter(r, "entries.changed");
    int64_t ended = counter(r, "entries.published") + counter(r, "entries.dropped") +
                    counter(r, "entries.quarantined");

    flow_counters(r->house.daemon.view.flow, &flow);
    ended += (int64_t)(flow.in_flight + flow.waiting);
    if (seen + counter(r, "entries.rechecked") != ended)
        die(r, "%lld entries were admitted, %lld ended or are pending", (long long)seen,
            (long long)ended);
    seen += counter(r, "entries.known") + counter(r, "entries.duplicate") +
            counter(r, "entries.marked") + counter(r, "entries.old");
    if (counter(r, "entries.seen") != seen)
        die(r, "%lld entries were seen, %lld counted", (long long)counter(r, "entries.seen"),
            (long long)seen);
}

void expect_end(struct replay *r)
{
    expect_nothing(r);
    add_up(r);
}
