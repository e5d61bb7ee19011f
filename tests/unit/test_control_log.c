/* test_control_log.c - what operators read back: events, articles, the quarantine. */
#include "unit/control_fixture.h"

#include "base/hash.h"
#include "record/record.h"

enum { ENTRIES = 3 };

static struct bytes entry(struct fixture *f, int number)
{
    struct wr_record *rec = record_new(f->arena);
    struct bytes guid = bytes_format(f->arena, "g%d", number);
    struct bytes title = bytes_format(f->arena, "Headline %d", number);
    uint64_t guid_hash = hash64(guid);
    uint64_t content_hash = hash64(title);
    struct buf buf = {0};
    struct bytes encoded;

    record_set(rec, WR_GUID, guid);
    record_set(rec, WR_TITLE, title);
    record_set(rec, REC_HASH_GUID, (struct bytes){(const char *)&guid_hash, sizeof(guid_hash)});
    record_set(
        rec, REC_HASH_CONTENT, (struct bytes){(const char *)&content_hash, sizeof(content_hash)});
    record_set_int(rec, REC_POSITION, number);
    record_encode(rec, &buf);
    encoded = bytes_copy(f->arena, buf_bytes(&buf));
    buf_done(&buf);
    return encoded;
}

static void on_admitted(void *ctx, const struct admit_result *result)
{
    int64_t *rows = ctx;

    assert_null(result->err);
    assert_int_equal(result->admitted_count, ENTRIES);
    for (size_t i = 0; i < ENTRIES; i++)
        rows[i] = result->admitted[i].pending;
}

/* Entries of the first feed, pending. */
static void admit(struct fixture *f, int64_t rows[ENTRIES])
{
    const struct store_feed feed = {.id = 1, .url = "http://a.example/f", .tags = ""};
    struct bytes entries[ENTRIES];

    add_three(f);
    f->conf->poll.first_fetch = FIRST_PUBLISH_ALL;
    for (int i = 0; i < ENTRIES; i++)
        entries[i] = entry(f, ENTRIES - i);
    rows[0] = 0;
    store_admit(f->view.store, &feed, entries, ENTRIES, true, on_admitted, rows);
    while (rows[0] == 0)
        uv_run(&f->loop, UV_RUN_ONCE);
}

static void put_all_aside(struct fixture *f, int64_t rows[ENTRIES])
{
    admit(f, rows);
    for (int i = 0; i < ENTRIES; i++)
        store_quarantine(f->view.store, rows[i], "it killed two workers");
    assert_int_equal(store_sync(f->view.store, NULL), OK);
}

static void on_committed(void *ctx, const struct error *err, const struct committed *committed)
{
    (void)committed;
    assert_null(err);
    ++*(int *)ctx;
}

static void commit(struct fixture *f, const char *subject, int64_t pending, struct bytes data)
{
    const struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = subject,
        .pending = pending,
        .time = clock_wall(),
        .data = data};
    int committed = 0;

    store_commit(f->view.store, &event, on_committed, &committed);
    while (committed < 1)
        uv_run(&f->loop, UV_RUN_ONCE);
}

static void commit_some(struct fixture *f, int count)
{
    for (int i = 0; i < count; i++)
        commit(f, "urn:x:1", 0, LIT("{\"headline\":\"Harbour closed\"}"));
}

static const struct json *ask_number(struct fixture *f, const char *format, int64_t number)
{
    char text[200];

    snprintf(text, sizeof(text), format, (long long)number);
    return ask(f, text);
}

static void a_sequence_that_is_none_is_refused(void **state)
{
    static const struct {
        const char *since, *code, *part;
    } cases[] = {
        {"-1", "usage", "'-1' is no sequence"},
        {"\"-1\"", "usage", "no sequence"},
        {"1.5", "usage", "'1.5' is no sequence"},
        {"\"2 \"", "usage", "no sequence"},
        {"\"\"", "usage", "no sequence"},
        {"\"0x1\"", "usage", "no sequence"},
        {"null", "usage", "no sequence"},
        {"[1]", "usage", "no sequence"},
        {"99999999999999999999", "usage", "no sequence"},
        {"6", "not-found", "the log ends at 5"},
        {"900000000000000000", "not-found", "the log ends at 5"},
    };
    struct fixture *f = *state;

    commit_some(f, 5);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes line =
            bytes_format(f->arena, "{\"cmd\":\"events\",\"since\":%s}", cases[i].since);

        is_refused(ask(f, line.ptr), cases[i].code, cases[i].part);
    }
}

static void a_sequence_is_read_as_number_and_as_text(void **state)
{
    static const char *const since[] = {"4", "\"4\"", "\"0004\""};
    struct fixture *f = *state;

    commit_some(f, 5);
    for (size_t i = 0; i < sizeof(since) / sizeof(since[0]); i++) {
        struct bytes line = bytes_format(f->arena, "{\"cmd\":\"events\",\"since\":%s}", since[i]);

        assert_int_equal(json_get_int(ask(f, line.ptr), "sequence", 0), 5);
        assert_int_equal(json_get_int(next(f), "next", 0), 5);
    }
}

/* Whatever limit is asked for: all events come once, and "next" leads to them. */
static void pages_follow_each_other_without_gap_or_repeat(void **state)
{
    static const int limits[] = {-3, 0, 1, 2, 6, 7, 8, 500, 501, 100000};
    enum { EVENTS = 7 };
    struct fixture *f = *state;

    commit_some(f, EVENTS);
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        int64_t since = 0;
        int64_t seen = 0;
        bool more = true;

        for (int page = 0; more && page <= EVENTS; page++) {
            struct bytes text = bytes_format(
                f->arena, "{\"cmd\":\"events\",\"since\":%d,\"limit\":%d}", (int)since, limits[i]);
            const struct json *line = ask(f, text.ptr);

            for (; json_get(line, "done") == NULL; line = next(f))
                assert_int_equal(json_get_int(line, "sequence", 0), ++seen);
            more = json_get_bool(line, "more", false);
            since = json_get_int(line, "next", -1);
            assert_int_equal(since, seen);
        }
        assert_int_equal(seen, EVENTS);
    }
}

/* A subscriber of one topic reads back what it missed of it. */
static void an_event_is_read_back_under_each_of_its_topics(void **state)
{
    static const char *const further[] = {"sport/article.new/en/", NULL};
    static const char *const topics[] = {
        "all/article.new/en/", "all/article.new/en/", "sport/article.new/en/"};
    static const char *const previous[] = {"0", "1", "0"};
    struct fixture *f = *state;
    const struct store_event event = {.type = "article.new",
        .topic = topics[0],
        .further = further,
        .subject = "urn:uuid:00000000-0000-0000-0000-000000000001",
        .time = clock_wall(),
        .data = LIT("{}")};
    const struct json *line;
    int committed = 0;

    commit_some(f, 1);
    store_commit(f->view.store, &event, on_committed, &committed);
    while (committed < 1)
        uv_run(&f->loop, UV_RUN_ONCE);
    commit_some(f, 1);
    line = ask(f, "{\"cmd\":\"events\",\"limit\":2}");
    for (size_t i = 0; i < 3; i++, line = next(f)) {
        assert_int_equal(json_get_int(line, "sequence", 0), i == 0 ? 1 : 2);
        assert_bytes(json_get_text(line, "topic"), topics[i]);
        assert_true(bytes_ends(
            json_get_text(json_get(line, "event"), "prevsequence"), bytes_of(previous[i])));
    }
    assert_int_equal(json_get_int(line, "next", 0), 2); /* a limit is one of events */
    line = ask(
        f, bytes_format(f->arena, "{\"cmd\":\"article\",\"article\":\"%s\"}", event.subject).ptr);
    assert_bytes(json_get_text(line, "topic"), topics[0]);
    assert_true(json_get_bool(next(f), "done", false)); /* a version is shown once */
}

static void an_empty_log_has_no_first_and_no_more(void **state)
{
    struct fixture *f = *state;
    const struct json *line = ask(f, "{\"cmd\":\"events\"}");

    assert_true(json_get_bool(line, "done", false));
    assert_false(json_get_bool(line, "more", true));
    assert_int_equal(json_get_int(line, "head", -1), 0);
    assert_int_equal(json_get_text(line, "epoch").len, 32);
    is_refused(ask(f, "{\"cmd\":\"events\",\"since\":1}"), "not-found", "the log ends at 0");
}

/* Events of a page are bounded in bytes, too: large ones come in more pages. */
static void large_events_come_in_more_pages(void **state)
{
    enum { EVENTS = 5, LARGE = 2 << 20 };
    struct fixture *f = *state;
    char *text = malloc(LARGE + 20);
    int len = sprintf(text, "{\"articleBody\":\"%*s\"}", LARGE - 20, "x");
    int64_t since = 0;
    int pages = 0;

    for (int i = 0; i < EVENTS; i++)
        commit(f, "urn:x:1", 0, (struct bytes){text, (size_t)len});
    for (bool more = true; more; pages++) {
        const struct json *line = ask_number(f, "{\"cmd\":\"events\",\"since\":%lld}", since);

        for (; json_get(line, "done") == NULL; line = next(f))
            assert_int_equal(json_get_int(line, "sequence", 0), ++since);
        more = json_get_bool(line, "more", false);
    }
    assert_int_equal(since, EVENTS);
    assert_int_equal(pages, 3); /* of at most 4 MB and the event that reaches them */
    free(text);
}

static void an_article_is_found_by_its_address_alone(void **state)
{
    struct fixture *f = *state;
    int64_t rows[ENTRIES];
    const struct json *line;
    const char *uri;
    struct buf buf = {0};
    struct admitted row;
    struct wr_record *rec;

    admit(f, rows);
    assert_int_equal(store_pending_get(f->view.store, rows[0], &buf, &row, NULL), OK);
    assert_int_equal(record_decode(f->arena, row.record, &rec, NULL), OK);
    uri = record_get_cstr(rec, WR_ID);
    commit(f, uri, rows[0], LIT("{\"headline\":\"Headline 1\"}"));
    line = ask(f, bytes_format(f->arena, "{\"cmd\":\"article\",\"article\":\" %s \"}", uri).ptr);
    assert_true(bytes_is(json_get_text(json_get(line, "event"), "subject"), uri));
    assert_true(json_get_bool(next(f), "done", false));
    is_refused(ask(f, bytes_format(f->arena, "{\"cmd\":\"article\",\"article\":\"%.*s\"}",
                          (int)strlen(uri) - 1, uri)
                          .ptr),
        "not-found", "no article");
    is_refused(ask(f, "{\"cmd\":\"article\"}"), "not-found", "no article");
    is_refused(ask(f, "{\"cmd\":\"article\",\"article\":\"' OR 1=1 --\"}"), "not-found", "OR 1=1");
    buf_done(&buf);
}

/* A page has room for a thousand. */
static void all_events_of_an_article_come_in_pages(void **state)
{
    enum { EVENTS = 1003 };
    struct fixture *f = *state;
    int64_t since = 0;
    int64_t seen = 0;
    bool more = true;

    commit(f, "urn:x:2", 0, LIT("{}"));
    commit_some(f, EVENTS);
    for (int page = 0; more && page < 3; page++) {
        const struct json *line =
            ask_number(f, "{\"cmd\":\"article\",\"article\":\"urn:x:1\",\"since\":%lld}", since);

        for (; json_get(line, "done") == NULL; line = next(f))
            assert_int_equal(json_get_int(line, "sequence", 0), ++seen + 1);
        more = json_get_bool(line, "more", false);
        since = json_get_int(line, "next", -1);
        assert_int_equal(since, seen + 1);
    }
    assert_int_equal(seen, EVENTS);
    is_refused(ask(f, "{\"cmd\":\"article\",\"article\":\"urn:x:1\",\"since\":-1}"), "usage",
        "no sequence");
}

static void what_was_put_aside_is_listed_and_shown(void **state)
{
    struct fixture *f = *state;
    int64_t rows[ENTRIES];
    const struct json *line;

    put_all_aside(f, rows);
    line = ask(f, "{\"cmd\":\"quarantine.list\"}");
    for (int i = 0; i < ENTRIES; i++, line = next(f)) {
        assert_int_equal(json_get_int(json_get(line, "entry"), "id", 0), rows[i]);
        assert_true(
            bytes_is(json_get_text(json_get(line, "entry"), "cause"), "it killed two workers"));
        assert_null(json_get(json_get(line, "entry"), "record"));
    }
    assert_false(json_get_bool(line, "more", true));
    line = ask_number(f, "{\"cmd\":\"quarantine.list\",\"after\":%lld}", rows[1]);
    assert_int_equal(json_get_int(json_get(line, "entry"), "id", 0), rows[2]);
    assert_true(json_get_bool(next(f), "done", false));
    line = ask_number(f, "{\"cmd\":\"quarantine.show\",\"id\":%lld}", rows[1]);
    assert_non_null(json_get(json_get(line, "entry"), "record"));
    assert_true(json_get_bool(next(f), "done", false));
}

static void the_quarantine_is_listed_a_page_at_a_time(void **state)
{
    struct fixture *f = *state;
    int64_t rows[ENTRIES];
    const struct json *line;

    put_all_aside(f, rows);
    line = ask(f, "{\"cmd\":\"quarantine.list\",\"after\":99999}");
    assert_true(json_get_bool(line, "done", false));
    assert_false(json_get_bool(line, "more", true));
}

static void a_record_that_is_not_put_aside_is_not_shown(void **state)
{
    struct fixture *f = *state;
    int64_t rows[ENTRIES];

    admit(f, rows); /* they wait, and are not put aside */
    for (int64_t id = -1; id <= rows[ENTRIES - 1]; id++)
        is_refused(ask_number(f, "{\"cmd\":\"quarantine.show\",\"id\":%lld}", id), "not-found",
            "no record");
    is_refused(ask(f, "{\"cmd\":\"quarantine.show\"}"), "not-found", "no record 0");
    is_refused(ask(f, "{\"cmd\":\"quarantine.show\",\"id\":\"first\"}"), "not-found", "no record");
}

/* Each id of a command is answered for itself; those that are none change nothing. */
static void each_of_several_ids_is_answered(void **state)
{
    struct fixture *f = *state;
    int64_t rows[ENTRIES];
    const struct json *line;

    put_all_aside(f, rows);
    line = ask(f,
        bytes_format(f->arena, "{\"cmd\":\"quarantine.remove\",\"ids\":[%d,4711,\"x\",null,-2,%d]}",
            (int)rows[0], (int)rows[2])
            .ptr);
    for (int refused = 0; refused < 4; refused++, line = next(f))
        assert_true(bytes_is(json_get_text(line, "refused"), "no such record in the quarantine"));
    assert_int_equal(json_get_int(line, "id", 0), rows[0]);
    assert_true(json_get_bool(line, "removed", false));
    assert_int_equal(json_get_int(next(f), "id", 0), rows[2]);
    assert_true(json_get_bool(next(f), "done", false));
    line = ask(f, "{\"cmd\":\"quarantine.list\"}");
    assert_int_equal(json_get_int(json_get(line, "entry"), "id", 0), rows[1]);
    assert_true(json_get_bool(next(f), "done", false));
}

static void commands_without_ids_change_nothing(void **state)
{
    static const char *const lines[] = {"{\"cmd\":\"quarantine.remove\"}",
        "{\"cmd\":\"quarantine.retry\",\"ids\":[]}",
        "{\"cmd\":\"quarantine.remove\",\"ids\":\"all\"}",
        "{\"cmd\":\"quarantine.retry\",\"ids\":null}"};
    struct fixture *f = *state;
    int64_t rows[ENTRIES];
    size_t left = 0;

    put_all_aside(f, rows);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_true(json_get_bool(ask(f, lines[i]), "done", false));
    assert_int_equal(store_quarantined_count(f->view.store, &left, NULL), OK);
    assert_int_equal(left, ENTRIES);
}

/* The same id twice in one command: it is taken once. */
static void a_record_is_removed_once(void **state)
{
    struct fixture *f = *state;
    int64_t rows[ENTRIES];
    size_t left = 0;

    put_all_aside(f, rows);
    say(f->fd, bytes_format(f->arena, "{\"cmd\":\"quarantine.remove\",\"ids\":[%d,%d]}\n",
                   (int)rows[0], (int)rows[0])
                   .ptr);
    while (!json_get_bool(next(f), "done", false))
        continue;
    assert_int_equal(store_quarantined_count(f->view.store, &left, NULL), OK);
    assert_int_equal(left, ENTRIES - 1);
    assert_true(bytes_is(
        json_get_text(
            ask_number(f, "{\"cmd\":\"quarantine.remove\",\"ids\":[%lld]}", rows[0]), "refused"),
        "no such record in the quarantine"));
    assert_true(json_get_bool(next(f), "done", false));
}

static void a_record_that_is_tried_again_goes_out(void **state)
{
    struct fixture *f = *state;
    int64_t rows[ENTRIES];
    const struct json *line;
    int64_t end = clock_mono() + PATIENCE * (int64_t)SECOND;

    put_all_aside(f, rows);
    line = ask_number(f, "{\"cmd\":\"quarantine.retry\",\"ids\":[%lld]}", rows[1]);
    assert_true(json_get_bool(line, "retried", false));
    assert_true(json_get_bool(next(f), "done", false));
    while (store_log_state(f->view.store).head == 0 && clock_mono() < end)
        uv_run(&f->loop, UV_RUN_ONCE);
    line = ask(f, "{\"cmd\":\"events\"}");
    assert_true(bytes_is(
        json_get_text(json_get(json_get(line, "event"), "data"), "headline"), "Headline 2"));
    assert_true(json_get_bool(next(f), "done", false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAEMON(a_sequence_that_is_none_is_refused),
        WITH_DAEMON(a_sequence_is_read_as_number_and_as_text),
        WITH_DAEMON(pages_follow_each_other_without_gap_or_repeat),
        WITH_DAEMON(an_event_is_read_back_under_each_of_its_topics),
        WITH_DAEMON(an_empty_log_has_no_first_and_no_more),
        WITH_DAEMON(large_events_come_in_more_pages),
        WITH_DAEMON(an_article_is_found_by_its_address_alone),
        WITH_DAEMON(all_events_of_an_article_come_in_pages),
        WITH_DAEMON(what_was_put_aside_is_listed_and_shown),
        WITH_DAEMON(the_quarantine_is_listed_a_page_at_a_time),
        WITH_DAEMON(a_record_that_is_not_put_aside_is_not_shown),
        WITH_DAEMON(each_of_several_ids_is_answered),
        WITH_DAEMON(commands_without_ids_change_nothing),
        WITH_DAEMON(a_record_is_removed_once),
        WITH_DAEMON(a_record_that_is_tried_again_goes_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
