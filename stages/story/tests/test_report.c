/* test_report.c - how a story is counted and when it is told of. */
#include "unit/test.h"

#include <stdio.h>

#include "report.h"

static struct reports reports;
static const uint8_t story[UUID] = "one story", other[UUID] = "another story";
static const char *role;

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

static struct report *come(
    const uint8_t uuid[UUID], int64_t at, const char *url, const char *origin, const char *copy_of)
{
    const struct arrival arrival = {.uri = LIT("urn:uuid:00000000-0000-5000-8000-000000000000"),
        .seen = LIT("2026-03-14T09:00:00Z"),
        .headline = LIT("A\theadline\nof two lines"),
        .url = bytes_of(url),
        .origin = bytes_of(origin),
        .copy_of = bytes_of(copy_of)};

    reports_pass(&reports, MORNING + at);
    return reports_add(&reports, uuid, &arrival, &role);
}

/* What is told at a time: "story.new peaking", or "" for nothing. */
static const char *told_at(int64_t at)
{
    static char text[200];
    struct telling telling;

    text[0] = '\0';
    reports_pass(&reports, MORNING + at);
    if (!reports_next(&reports, 100, &telling))
        return text;
    reports_told(&reports, &telling);
    snprintf(text, sizeof(text), "%s %s%s%s", telling.event,
        report_state_name(telling.report->state), telling.reason[0] == '\0' ? "" : ": ",
        telling.reason);
    return text;
}

static void copies_of_one_origin_count_once(void **state)
{
    struct report *report;

    (void)state;
    come(story, 0, "https://www.courier.example/1", "Newswire", NULL);
    assert_string_equal(role, "follow");
    come(story, 1, "https://gazette.example/1", "NewsWire", NULL);
    assert_string_equal(role, "copy");
    report = come(story, 2, "https://newswire.example/1", NULL, NULL);
    assert_string_equal(role, "follow");
    assert_int_equal(report->independent, 1);
    come(story, 3, "https://herald.example/1", NULL, NULL);
    come(story, 4, "https://herald.example/2", NULL, NULL);
    come(story, 5, "https://planet.example/1", NULL, "urn:uuid:1");
    assert_string_equal(role, "copy");
    assert_int_equal(report->articles, 6);
    assert_int_equal(report->sites.count, 5);
    assert_int_equal(report->independent, 2);
}

/* An aggregator's feed has one title and many sites. */
static void a_feed_s_title_names_only_whom_others_carry(void **state)
{
    struct arrival arrival = {.url = LIT("https://a.example/1"), .site = LIT("All the news")};
    struct report *report = reports_add(&reports, story, &arrival, &role);

    (void)state;
    arrival.url = LIT("https://b.example/1");
    reports_add(&reports, story, &arrival, &role);
    assert_int_equal(report->independent, 2);
    arrival = (struct arrival){.url = LIT("https://apn.example/1"), .site = LIT("Press of Attica")};
    reports_add(&reports, story, &arrival, &role);
    assert_int_equal(report->independent, 3);
    come(story, 0, "https://c.example/1", "Press of Attica", NULL);
    assert_string_equal(role, "copy");
    assert_int_equal(report->independent, 3);
}

static void a_later_version_is_no_further_article(void **state)
{
    const struct arrival later = {.url = LIT("https://a.example/1"), .is_later = true};
    const struct arrival corrected = {
        .url = LIT("https://a.example/1"), .is_later = true, .is_correction = true};
    const struct arrival elsewhere = {.url = LIT("https://a.example/2"),
        .copy_of = LIT("urn:uuid:00000000-0000-5000-8000-000000000000"),
        .is_update = true};
    struct report *report = come(story, 0, "https://a.example/1", NULL, NULL);

    (void)state;
    reports_add(&reports, story, &later, &role);
    assert_string_equal(role, "update");
    reports_add(&reports, story, &corrected, &role);
    assert_string_equal(role, "correction");
    assert_int_equal(report->articles, 1);
    assert_string_equal(told_at(1), "");
    /* by another address it is one more, but nobody's further report */
    reports_add(&reports, story, &elsewhere, &role);
    assert_string_equal(role, "update");
    assert_int_equal(report->articles, 2);
    assert_int_equal(report->independent, 1);
}

static void is_public_with_two_articles_and_told_once_a_minute(void **state)
{
    (void)state;
    come(story, 0, "https://a.example/1", NULL, NULL);
    assert_string_equal(told_at(0), "");
    come(story, 5, "https://b.example/1", NULL, NULL);
    assert_string_equal(told_at(5), "story.new new");
    assert_string_equal(told_at(5), "");
    come(story, 10, "https://a.example/2", NULL, NULL);
    come(story, 30, "https://b.example/2", NULL, NULL);
    assert_string_equal(told_at(64), "");
    assert_string_equal(told_at(65), "story.updated new");
    assert_string_equal(told_at(4000), "");
    come(story, 4100, "https://a.example/3", NULL, NULL);
    assert_string_equal(told_at(4100), "story.updated new");
}

static void a_member_is_one_line_of_seven_parts(void **state)
{
    struct report *report = come(story, 0, "https://www.a.example/1", "Newswire", NULL);

    (void)state;
    assert_true(bytes_is(member_shown(buf_bytes(&report->members)),
        "urn:uuid:00000000-0000-5000-8000-000000000000\t2026-03-14T09:00:00Z\ta.example\tfollow\t"
        "Newswire\tA headline of two lines\t\n"));
    for (int i = 0; i < 1000; i++)
        come(story, i, "https://a.example/1", NULL, NULL);
    assert_int_equal(report->member_count, REPORT_MEMBERS);
    assert_int_equal(report->articles, 1001);
}

static void grows_peaks_fades_and_ends(void **state)
{
    char url[60];

    (void)state;
    come(story, 0, "https://a.example/1", NULL, NULL);
    come(story, 2 * HOUR, "https://b.example/1", NULL, NULL);
    assert_string_equal(told_at(2 * HOUR), "story.new new");
    come(story, 4 * HOUR, "https://c.example/1", NULL, NULL);
    assert_string_equal(told_at(4 * HOUR), "story.updated developing");
    for (int i = 0; i < 4; i++) {
        snprintf(url, sizeof(url), "https://d%d.example/1", i);
        come(story, 6 * HOUR + i, url, NULL, NULL);
    }
    assert_string_equal(told_at(6 * HOUR + 4),
        "story.updated peaking: burst: 4 independent reports in an hour, 0.6 an hour before");
    assert_string_equal(told_at(7 * HOUR + 10), "story.updated developing");
    assert_string_equal(
        told_at(14 * HOUR + 10), "story.updated fading: no independent report for 8 hours");
    assert_string_equal(told_at(78 * HOUR), "");
    assert_string_equal(told_at(79 * HOUR), "story.closed closed: no article for 3 days");
    assert_string_equal(told_at(80 * HOUR), "");
    come(story, 90 * HOUR, "https://e.example/1", NULL, NULL);
    assert_string_equal(
        told_at(90 * HOUR), "story.updated developing: goes on after it was closed");
}

static void one_article_alone_ends_in_silence(void **state)
{
    (void)state;
    come(story, 0, "https://a.example/1", NULL, NULL);
    assert_string_equal(told_at(20 * 24 * HOUR), "");
    come(other, 20 * 24 * HOUR, "https://a.example/2", NULL, NULL);
    assert_string_equal(told_at(20 * 24 * HOUR), "");
    assert_int_equal(reports.due.count, 1);
}

static void one_wrong_clock_ends_no_story(void **state)
{
    (void)state;
    come(story, 0, "https://a.example/1", NULL, NULL);
    come(story, 1, "https://b.example/1", NULL, NULL);
    assert_string_equal(told_at(1), "story.new new");
    come(other, 400000000, "https://c.example/1", NULL, NULL);
    assert_int_equal(reports.now, MORNING + 1);
    come(other, -1700000000, "https://c.example/2", NULL, NULL);
    assert_int_equal(reports.now, MORNING + 1);
    come(other, 100, "https://c.example/3", NULL, NULL);
    assert_int_equal(reports.now, MORNING + 100);
}

/* Each save has what came since the one before; all of them are given back. */
static void save_and_load(struct buf *saves, size_t *count)
{
    saves[*count] = (struct buf){0};
    reports_save(&reports, &saves[(*count)++]);
    reports_done(&reports);
    for (size_t i = 0; i < *count; i++)
        assert_true(reports_load(&reports, buf_bytes(&saves[i])));
}

/* Twice the same, once with a save and all saves loaded between each two steps. */
static void goes_on_after_a_restart_as_without_one(void **state)
{
    enum { STEPS = 300 };
    static struct buf saves[STEPS];
    char told[2][4000] = {"", ""};
    size_t count = 0, biggest = 0;

    (void)state;
    for (int run = 0; run < 2; run++) {
        for (int i = 0; i < STEPS; i++) {
            char url[60];

            snprintf(url, sizeof(url), "https://s%d.example/%d", i % 7, i);
            come(i % 3 == 0 ? other : story, i * 37 + (i / 100) * 40 * HOUR, url,
                i % 5 == 0 ? "Newswire" : NULL, i % 4 == 0 ? "urn:uuid:1" : NULL);
            strncat(told[run], told_at(i * 37 + (i / 100) * 40 * HOUR),
                sizeof(told[run]) - strlen(told[run]) - 1);
            if (run == 1)
                save_and_load(saves, &count);
        }
        reports_done(&reports);
    }
    assert_true(strlen(told[0]) > 500);
    assert_string_equal(told[0], told[1]);
    for (size_t i = 0; i < count; i++) {
        biggest = saves[i].len > biggest ? saves[i].len : biggest;
        buf_done(&saves[i]);
    }
    assert_true(biggest < 8000); /* with the lines told lately, sixteen of each story */
}

static void a_save_that_is_cut_is_none(void **state)
{
    struct buf saved = {0};

    (void)state;
    for (int i = 0; i < 20; i++)
        come(i % 2 == 0 ? story : other, i, "https://a.example/1", "Newswire", NULL);
    reports_save(&reports, &saved);
    for (size_t cut = 0; cut < saved.len; cut++) {
        assert_false(reports_load(&reports, bytes_slice(buf_bytes(&saved), 0, cut)));
        assert_int_equal(reports.due.count, 0);
    }
    buf_done(&saved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(copies_of_one_origin_count_once, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_feed_s_title_names_only_whom_others_carry, setup, teardown),
        cmocka_unit_test_setup_teardown(a_later_version_is_no_further_article, setup, teardown),
        cmocka_unit_test_setup_teardown(
            is_public_with_two_articles_and_told_once_a_minute, setup, teardown),
        cmocka_unit_test_setup_teardown(a_member_is_one_line_of_seven_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(grows_peaks_fades_and_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(one_article_alone_ends_in_silence, setup, teardown),
        cmocka_unit_test_setup_teardown(one_wrong_clock_ends_no_story, setup, teardown),
        cmocka_unit_test_setup_teardown(goes_on_after_a_restart_as_without_one, setup, teardown),
        cmocka_unit_test_setup_teardown(a_save_that_is_cut_is_none, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
