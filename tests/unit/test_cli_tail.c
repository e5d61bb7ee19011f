/* test_cli_tail.c - events as lines for people. */
#include "cli/tail.h"

#include <locale.h>
#include <setjmp.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

/* Before the first line of a day. */
#define DAY "-- Saturday 2026-03-14\n"

struct fixture {
    struct arena *arena;
    struct tail_names *names;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (f == NULL)
        return -1;
    f->arena = arena_new(1 << 20);
    f->names = tail_names_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    tail_names_free(f->names);
    arena_free(f->arena);
    free(f);
    return 0;
}

/* Runs of spaces, which are columns, as one. */
static void squeeze(char *text)
{
    char *out = text;

    for (const char *c = text; *c != '\0'; c++)
        if (*c != ' ' || c[1] != ' ')
            *out++ = *c;
    *out = '\0';
}

static void prints(struct fixture *f, const char *event, const char *expected)
{
    struct json *json = NULL;
    char *got = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&got, &len);

    assert_int_equal(json_parse(f->arena, bytes_of(event), &json, NULL), OK);
    assert_non_null(file);
    tail_print(file, json, f->names);
    fclose(file);
    squeeze(got);
    assert_string_equal(got, expected);
    free(got);
}

static void a_new_article_says_how_late_it_is(void **state)
{
    prints(*state,
        "{\"type\":\"wireroom.article.new.v1\",\"recordedtime\":\"2026-03-14T09:26:58.231Z\","
        "\"data\":{\"uri\":\"urn:uuid:1\","
        "\"headline\":\"Harbour bridge "
        "closed\",\"language\":\"en\",\"published\":\"2026-03-14T09:25:00Z\",\"wordCount\":312,"
        "\"source\":{\"name\":\"Example Times\"}}}",
        DAY "09:26:58 +1m new Example Times Harbour bridge closed en 312w\n");
}

static void a_copy_names_the_original_that_was_seen(void **state)
{
    prints(*state,
        "{\"type\":\"wireroom.article.new.v1\",\"recordedtime\":\"2026-03-14T09:26:58Z\",\"data\":{"
        "\"uri\":\"urn:uuid:1\","
        "\"headline\":\"A\",\"source\":{\"name\":\"Newswire\"}}}",
        DAY "09:26:58 new Newswire A 0w\n");
    prints(*state,
        "{\"type\":\"wireroom.article.new.v1\",\"recordedtime\":\"2026-03-14T09:27:00Z\",\"data\":{"
        "\"uri\":\"urn:uuid:2\","
        "\"headline\":\"A\",\"source\":{\"name\":\"Times\"},\"duplicateOf\":{\"uri\":\"urn:uuid:"
        "1\",\"relation\":\"near\"}}}",
        "09:27:00 copy Times A 0w copy of Newswire (near)\n");
}

static void an_edit_tells_the_headline_before(void **state)
{
    prints(*state,
        "{\"type\":\"wireroom.article.updated.v1\",\"recordedtime\":\"2026-03-14T10:02:11Z\","
        "\"data\":{\"headline\":\"B\","
        "\"source\":{\"domain\":\"times.example\"},\"wordCount\":7,\"change\":{\"headlineBefore\":"
        "\"A\"}}}",
        DAY "10:02:11 edit times.example B 7w was \"A\"\n");
}

static void a_feed_tells_its_state(void **state)
{
    prints(*state,
        "{\"type\":\"wireroom.feed.state.v1\",\"recordedtime\":\"2026-03-14T10:10:00Z\",\"data\":{"
        "\"id\":\"f0000117\","
        "\"title\":\"Daily\",\"state\":\"failing\",\"previousState\":\"ok\",\"error\":\"HTTP "
        "500\"}}",
        DAY "10:10:00 feed Daily f0000117 failing (was ok) HTTP 500\n");
}

static void a_site_tells_what_became_worse(void **state)
{
    prints(*state,
        "{\"type\":\"wireroom.site.state.v1\",\"recordedtime\":\"2026-03-14T10:10:00Z\",\"data\":{"
        "\"domain\":\"news.example\",\"state\":\"degraded\",\"reasons\":[\"text\",\"date\"]}}",
        DAY "10:10:00 site news.example degraded text date\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_article_says_how_late_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_names_the_original_that_was_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_tells_the_headline_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_feed_tells_its_state, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_site_tells_what_became_worse, set_up, tear_down),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
