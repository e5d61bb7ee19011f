/* test_pull_range.c - a part of the log read by the pull socket, and what left it before. */
#include "unit/pull_fixture.h"

static void a_range_is_read_to_its_end(void **state)
{
    struct rig *r = *state;
    void *client = connect_client(r);

    commit(r, 6, "all/article.new/en/");
    ask(client, "RANGE|2|4|");
    expect(r, client, "LOG");
    ask(client, "CREDIT|2|1000000");
    expect(r, client, "REC|2");
    expect(r, client, "REC|3");
    ask(client, "CREDIT|9|1000000");
    expect(r, client, "REC|4");
    expect(r, client, "END|4");
    ask(client, "RANGE|6||all/feed");
    expect(r, client, "LOG");
    expect(r, client, "END|6");
}

/* Who goes on behind what it was told is the last would miss what comes. */
static void a_range_that_holds_nothing_ends_before_what_comes(void **state)
{
    static const char *const asked[][2] = {{"RANGE|1||", "END|0"}, {"RANGE|7||", "END|6"},
        {"RANGE|100||", "END|6"}, {"RANGE|5|3|", "END|4"}, {"RANGE|0|0|", "END|0"}};
    struct rig *r = *state;
    void *client = connect_client(r);

    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        ask(client, asked[i][0]);
        expect(r, client, "LOG");
        expect(r, client, asked[i][1]);
        if (i == 0)
            commit(r, 6, "all/article.new/en/");
    }
}

static const char *time_text(struct rig *r, int64_t wall)
{
    char text[CLOCK_TEXT];

    return bytes_format(r->arena, "%s", clock_format(wall, text)).ptr;
}

static void ask_range(struct rig *r, void *client, const char *from, const char *to)
{
    ask(client, bytes_format(r->arena, "RANGE|%s|%s|", from, to).ptr);
    ask(client, "CREDIT|9|1000000");
}

static void a_range_is_bounded_by_times(void **state)
{
    struct rig *r = *state;
    void *client = connect_client(r);
    int64_t between;

    commit(r, 3, "all/article.new/en/");
    pass_time(20000);
    between = clock_wall() - 5000;
    commit(r, 2, "all/article.new/en/");
    ask_range(r, client, time_text(r, between), "");
    expect(r, client, "LOG");
    expect(r, client, "REC|4");
    expect(r, client, "REC|5");
    expect(r, client, "END|5");
    ask_range(r, client, "2", time_text(r, between));
    expect(r, client, "LOG");
    expect(r, client, "REC|2");
    expect(r, client, "REC|3");
    expect(r, client, "END|3");
    ask_range(r, client, time_text(r, between + 3600 * (int64_t)SECOND), "");
    expect(r, client, "LOG");
    expect(r, client, "END");
    ask_range(r, client, time_text(r, between - 3600 * (int64_t)SECOND), "1");
    expect(r, client, "LOG");
    expect(r, client, "REC|1");
    expect(r, client, "END|1");
}

static void a_range_from_an_event_is_of_its_epoch(void **state)
{
    struct rig *r = *state;
    const char *epoch = store_epoch(r->store->store);
    void *client = connect_client(r);

    commit(r, 4, "all/article.new/en/");
    ask_range(r, client, bytes_format(r->arena, "%s-%020d", epoch, 3).ptr,
        bytes_format(r->arena, "%s-%020d", epoch, 4).ptr);
    expect(r, client, "LOG");
    expect(r, client, "REC|3");
    expect(r, client, "REC|4");
    expect(r, client, "END|4");
    ask(client, "RANGE|0123456789abcdef0123456789abcdef-00000000000000000003||");
    expect(r, client, "ERR|epoch");
    ask(client, "RANGE|1|0123456789abcdef0123456789abcdef-3|");
    expect(r, client, "ERR|epoch");
    ask(client, bytes_format(r->arena, "RANGE|%s-||", epoch).ptr);
    expect(r, client, "ERR|bad");
}

static void what_was_trimmed_is_told(void **state)
{
    struct rig *r = *state;
    void *client;

    commit(r, 5, "all/article.new/en/");
    client = begin(r, "HELLO|desk||first");
    ask_for_a_trim(r, 1);
    ask(client, "CREDIT|9|1000000");
    expect(r, client, "ERR|trimmed|these are not in the log any more|1|4");
    expect(r, client, "REC|5");
    client = connect_client(r);
    ask(client, "RANGE|1|3|");
    expect(r, client, "LOG");
    ask(client, "CREDIT|9|1000000");
    expect(r, client, "ERR|trimmed|these are not in the log any more|1|3");
    expect(r, client, "END|3");
}

static void a_time_before_what_is_kept_is_told(void **state)
{
    struct rig *r = *state;
    const char *long_ago = time_text(r, clock_wall() - 3600 * (int64_t)SECOND);
    void *client = connect_client(r);

    commit(r, 5, "all/article.new/en/");
    ask_for_a_trim(r, 1);
    ask_range(r, client, long_ago, "");
    expect(r, client, "LOG");
    expect(r, client, "ERR|trimmed|these are not in the log any more|1|4");
    expect(r, client, "REC|5");
    expect(r, client, "END|5");
    ask_range(r, client, long_ago, long_ago);
    expect(r, client, "LOG");
    expect(r, client, "ERR|trimmed|these are not in the log any more|1|4");
    expect(r, client, "END|4");
    ask_range(r, client, time_text(r, clock_wall() + SECOND), "");
    expect(r, client, "LOG");
    expect(r, client, "END");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_range_is_read_to_its_end),
        TEST(a_range_that_holds_nothing_ends_before_what_comes),
        TEST(a_range_is_bounded_by_times),
        TEST(a_range_from_an_event_is_of_its_epoch),
        TEST(what_was_trimmed_is_told),
        TEST(a_time_before_what_is_kept_is_told),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
