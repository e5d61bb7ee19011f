/* test_dates.c - which days, months and years a text speaks of; published on Saturday, 14 March
 * 2026. */
#include "unit/test.h"

#include "base/clock.h"
#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;

static int setup(void **state)
{
    struct error err = {0};

    (void)state;
    arena = arena_new(64 << 20);
    chain = chain_new(NULL);
    assert_int_equal(chain_add(chain, &wireroom_stage, NULL, 0, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    arena_free(arena);
    return 0;
}

static struct wr_record *read_text(const char *language, struct bytes text, const char *published)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_LANGUAGE, bytes_of(language));
    record_set(rec, WR_PUBLISHED, bytes_of(published));
    record_set(rec, WR_TEXT, text);
    record_add(rec, WR_DATE, LIT("1999\tof a version before"));
    chain_go(chain_start(chain, rec), NULL);
    return rec;
}

/* "2026-03-14 today; 2019 2019" */
static struct bytes told(const struct wr_record *rec)
{
    struct buf out = {0};
    struct bytes value;
    size_t at = 0;

    while (record_next(rec, WR_DATE, &at, &value)) {
        buf_add_cstr(&out, out.len > 0 ? "; " : "");
        for (size_t i = 0; i < value.len; i++)
            buf_add_byte(&out, value.ptr[i] == '\t' ? ' ' : value.ptr[i]);
    }
    value = bytes_copy(arena, buf_bytes(&out));
    buf_done(&out);
    return value;
}

static void dates_are_told_by_names_numbers_and_words(void **state)
{
    static const struct {
        const char *language, *text, *dates;
    } cases[] = {
        {"en", "It opened on 3 May 1998 and closed on June 5, 2001.",
            "1998-05-03 3 May 1998; 2001-06-05 June 5, 2001"},
        {"en", "It opened on March 1st and will close on Dec. 30.",
            "2026-03-01 March 1st; 2025-12-30 Dec. 30"},
        {"de", "Am 3. Mai 1998 und am 5. April.", "1998-05-03 3. Mai 1998; 2026-04-05 5. April"},
        {"fr", "Le 1er mai 1998, puis le 5 avril.", "1998-05-01 1er mai 1998; 2026-04-05 5 avril"},
        {"es", "El 3 de mayo de 1998.", "1998-05-03 3 de mayo de 1998"},
        {"ru", "Это было 3 мая 1998 года.", "1998-05-03 3 мая 1998"},
        {"zh", "大桥于1998年5月3日开放，3月20日关闭。",
            "1998-05-03 1998年5月3日; 2026-03-20 3月20日"},
        {"de", "Am 3.5.1998 begann es.", "1998-05-03 3.5.1998"},
        {"en", "It began on 2024-02-29.", "2024-02-29 2024-02-29"},
        {"en", "It began in May 1998, and in 2019 it ended.", "1998-05 May 1998; 2019 2019"},
        {"en", "Yesterday it rained, today it snows, tomorrow it thaws.",
            "2026-03-13 Yesterday; 2026-03-14 today; 2026-03-15 tomorrow"},
        {"de", "Gestern regnete es, am Morgen schneite es.", "2026-03-13 Gestern"},
        {"en", "They met on Tuesday and on Saturday.", "2026-03-10 Tuesday; 2026-03-14 Saturday"},
        {"it", "È successo ieri, non lunedì.", "2026-03-13 ieri; 2026-03-09 lunedì"},
        {"en", "On 3 May and again on May 3.", "2026-05-03 3 May"},
        /* spans, lists, weekdays with a date or to come, days counted off */
        {"en", "From 3 to 5 May, then June 12-14.",
            "2026-05-05 5 May; 2026-05-03 3 to 5 May; 2026-06-12 June 12; 2026-06-14 June 12-14"},
        {"de", "Vom 3. bis zum 5. Mai.", "2026-05-05 5. Mai; 2026-05-03 3. bis zum 5. Mai"},
        {"en", "Between 2010 and 2015 (2008) it grew.", "2010 2010; 2015 2015; 2008 2008"},
        {"en", "On Wednesday, 18 March, and next Tuesday.",
            "2026-03-18 18 March; 2026-03-17 Tuesday"},
        {"fr", "Mardi prochain, pas mardi dernier.", "2026-03-17 Mardi; 2026-03-10 mardi"},
        {"en", "Two days ago, the day before yesterday, 3 days ago.",
            "2026-03-12 Two days ago; 2026-03-11 3 days ago"},
        {"es", "Ayer por la mañana, y mañana.", "2026-03-13 Ayer; 2026-03-15 mañana"},
        {"de", "Das Werk wurde 1887 gegründet, am 26.3. schließt es.",
            "1887 1887; 2026-03-26 26.3."},
        {"de", "Donnerstagabend kamen rund 2000 Menschen.", "2026-03-12 Donnerstagabend"},
        {"pt", "Na segunda-feira, pela segunda vez.", "2026-03-09 segunda-feira"},
        {"zh", "下星期二开庭，昨天休庭，1887年成立。",
            "2026-03-17 星期二; 2026-03-13 昨天; 1887 1887年"},
        {"ko", "1998년 5월 3일, 어제 그리고 월요일에.",
            "1998-05-03 1998년 5월 3일; 2026-03-13 어제; 2026-03-09 월요일에"},
        /* what is none */
        {"en", "The lower third, 2010 and 2015 of them, score 5-3 in May 3 2-1.",
            "2026-05-03 May 3"},
        {"de", "Um 14.30. kamen etwa 1987 gezählte Gäste, über 2019 insgesamt.", ""},
        {"fr", "Elle a deux jours de congé.", ""},
        {"zh", "今日头条有2000人，一周五天。", ""},
        {"ko", "오늘날 2000명이 산다.", ""},
        {"en", "They may march 5 miles in 2019 boots, said 2000 people.", ""},
        {"en", "April Jones and Mr. March left.", ""},
        {"en", "On 31 April it rained 14.5 millimetres, version 1.2.3.", ""},
        {"en", "", ""},
    };
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes got = told(
            read_text(cases[i].language, bytes_of(cases[i].text), "2026-03-14T09:25:00+01:00"));

        if (bytes_is(got, cases[i].dates))
            continue;
        print_error("%s\n  is     %.*s\n  wanted %s\n", cases[i].text, FMT(got), cases[i].dates);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void days_without_a_year_need_the_day_of_publication(void **state)
{
    (void)state;
    assert_bytes(told(read_text("en", LIT("Yesterday, on Tuesday, on 3 May, on 3 May 1998."), "")),
        "1998-05-03 3 May 1998");
    assert_bytes(told(read_text("en", LIT("Yesterday, on 30 December."), "2026-01-01T00:10:00Z")),
        "2025-12-31 Yesterday; 2025-12-30 30 December");
    assert_bytes(told(read_text("en", LIT("Tomorrow."), "2024-02-28T23:10:00-08:00")),
        "2024-02-29 Tomorrow");
}

static void bad_text_is_bounded(void **state)
{
    static const char *const units[] = {"1", "1 May ", "May 1", "1.1.", "2019 ", "in 2019, ", "年",
        "1年", "yesterday ", "\xff", "\n", "-", "1-1-1-", "Tuesday", "a"};
    size_t size = 5 << 20;

    (void)state;
    for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
        size_t len = strlen(units[u]);
        char *text;
        int64_t began;

        arena_reset(arena);
        text = arena_alloc(arena, size);
        for (size_t i = 0; i < size; i++)
            text[i] = units[u][i % len];
        began = processor_time();
        assert_true(
            wr_count(read_text("en", (struct bytes){text, size}, "2026-03-14"), WR_DATE) <= 64);
        assert_true(processor_time() - began < SECOND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_told_by_names_numbers_and_words),
        cmocka_unit_test(days_without_a_year_need_the_day_of_publication),
        cmocka_unit_test(bad_text_is_bounded),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
