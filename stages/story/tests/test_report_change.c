/* test_report_change.c - figures when two stories are one, and when an article goes to another. */
#include "unit/test.h"

#include <stdio.h>

#include "base/hash.h"
#include "report.h"

static struct reports reports;
static const uint8_t older[UUID] = "the older one", younger[UUID] = "the younger one";

enum { MORNING = 1773478800 /* seconds: 2026-03-14T09:00:00Z */ };

static int setup(void **state)
{
    (void)state;
    reports = (struct reports){.now = 0};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    reports_done(&reports);
    return 0;
}

static const char *come(const uint8_t uuid[UUID], int64_t at, const char *id, const char *url,
    const char *origin, bool is_first)
{
    const struct arrival arrival = {.uri = bytes_of(id),
        .seen = LIT("2026-03-14T09:00:00Z"),
        .headline = LIT("A headline"),
        .url = bytes_of(url),
        .origin = bytes_of(origin),
        .is_first = is_first};
    const char *role;

    reports_pass(&reports, MORNING + at);
    reports_add(&reports, uuid, &arrival, &role);
    return role;
}

static const char *told(void)
{
    static char text[400];
    struct telling telling;
    size_t used = 0;

    text[0] = '\0';
    while (reports_next(&reports, 100, &telling)) {
        const struct report *r = telling.report;

        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %u/%u/%u +%u; ",
            telling.event, r->articles, r->sites.count, r->independent, r->member_count);
        reports_told(&reports, &telling);
    }
    return text;
}

static size_t lines(const struct buf *members)
{
    size_t count = 0;

    for (size_t i = 0; i < members->len; i++)
        count += members->ptr[i] == '\n' ? 1 : 0;
    return count;
}

/* Two of the older one, three of the younger one, of which the second has the site of one of those,
 * and the third carries the wire that the second of the older one carries. */
static void begin_both(void)
{
    assert_string_equal(come(older, 0, "a", "https://a.example/1", NULL, true), "first");
    assert_string_equal(come(older, 1, "b", "https://b.example/1", "Newswire", false), "follow");
    assert_string_equal(told(), "story.new 2/2/2 +2; ");
    assert_string_equal(come(younger, 60, "c", "https://c.example/1", NULL, true), "first");
    come(younger, 61, "d", "https://www.a.example/2", NULL, false);
    assert_string_equal(told(), "story.new 2/2/2 +2; ");
    come(younger, 62, "e", "https://e.example/1", "Newswire", false);
}

static void a_story_that_is_taken_in_counts_as_if_it_had_never_been(void **state)
{
    struct telling telling;

    (void)state;
    begin_both();
    reports_pass(&reports, MORNING + 70);
    assert_true(reports_merge(&reports, younger, older, &telling));
    assert_string_equal(telling.event, "story.merged");
    assert_memory_equal(telling.into, older, UUID);
    assert_int_equal(lines(&telling.members), 3); /* those told before, too */
    reports_changed(&reports, &telling);
    assert_int_equal(reports.due.count, 1);
    assert_string_equal(told(), "story.updated 5/4/3 +3; ");
    assert_false(reports_merge(&reports, younger, older, &telling));
    reports_changed(&reports, &telling);
}

static void an_article_that_goes_leaves_no_trace(void **state)
{
    struct telling telling;

    (void)state;
    begin_both();
    reports_pass(&reports, MORNING + 70);
    assert_true(reports_move(&reports, younger, older, hash64(LIT("d")), &telling));
    assert_string_equal(telling.event, "story.split");
    assert_int_equal(telling.report->articles, 2);
    assert_int_equal(telling.report->sites.count, 2);
    assert_int_equal(telling.report->independent, 2);
    assert_int_equal(lines(&telling.members), 1);
    assert_true(bytes_starts(member_shown(buf_bytes(&telling.members)), LIT("d\t")));
    reports_changed(&reports, &telling);
    assert_false(reports_move(&reports, younger, older, hash64(LIT("d")), &telling));
    reports_changed(&reports, &telling);
    reports_pass(&reports, MORNING + 200);
    assert_string_equal(told(), "story.updated 3/2/2 +1; story.updated 2/2/2 +1; ");
    /* its site counts anew where it was */
    come(younger, 300, "f", "https://a.example/3", NULL, false);
    assert_string_equal(told(), "story.updated 3/3/3 +1; ");
}

/* It came before the article that began the story in which it is now. */
static void an_article_that_goes_to_a_new_story_is_its_first(void **state)
{
    struct telling telling;
    static const uint8_t new_one[UUID] = "a new one";

    (void)state;
    begin_both();
    reports_pass(&reports, MORNING + 70);
    assert_true(reports_move(&reports, younger, new_one, hash64(LIT("e")), &telling));
    reports_changed(&reports, &telling);
    assert_string_equal(come(new_one, 70, "g", "https://g.example/1", NULL, true), "follow");
    reports_pass(&reports, MORNING + 71);
    assert_true(bytes_starts(bytes_of(told()), LIT("story.new 2/2/2 +2; ")));
}

static void what_was_told_an_hour_ago_is_not_kept(void **state)
{
    struct telling telling;

    (void)state;
    begin_both();
    come(younger, 4000, "h", "https://h.example/1", NULL, false);
    told();
    assert_false(reports_move(&reports, younger, older, hash64(LIT("d")), &telling));
    reports_changed(&reports, &telling);
    assert_true(reports_move(&reports, younger, older, hash64(LIT("h")), &telling));
    reports_changed(&reports, &telling);
}

static void both_go_on_after_a_restart_as_without_one(void **state)
{
    char whole[400], saved[400];

    (void)state;
    for (int run = 0; run < 2; run++) {
        struct telling telling;
        struct buf first = {0}, second = {0};

        begin_both();
        reports_save(&reports, &first);
        if (run == 1) {
            reports_done(&reports);
            assert_true(reports_load(&reports, buf_bytes(&first)));
        }
        assert_true(reports_move(&reports, older, younger, hash64(LIT("b")), &telling));
        reports_changed(&reports, &telling);
        assert_true(reports_merge(&reports, younger, older, &telling));
        reports_changed(&reports, &telling);
        reports_save(&reports, &second);
        if (run == 1) {
            reports_done(&reports);
            assert_true(reports_load(&reports, buf_bytes(&first)));
            assert_true(reports_load(&reports, buf_bytes(&second)));
        }
        reports_pass(&reports, MORNING + 100);
        snprintf(run == 0 ? whole : saved, sizeof(whole), "%s", told());
        buf_done(&first);
        buf_done(&second);
        reports_done(&reports);
    }
    assert_string_equal(whole, saved);
    assert_string_equal(whole, "story.updated 5/4/3 +4; ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_story_that_is_taken_in_counts_as_if_it_had_never_been, setup, teardown),
        cmocka_unit_test_setup_teardown(an_article_that_goes_leaves_no_trace, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_article_that_goes_to_a_new_story_is_its_first, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_told_an_hour_ago_is_not_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(both_go_on_after_a_restart_as_without_one, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
