/* test_headline_names.c - whose name it is that a headline ends with: one line a case. */
#include "unit/test.h"

#include "worker/chain.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(4 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct bytes cut(const char *title, const char *site, const char *url)
{
    struct chain *chain = chain_new(NULL);
    struct wr_record *rec = record_new(arena);
    struct error err = {0};

    assert_int_equal(chain_add(chain, &wireroom_stage, NULL, 0, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
    record_set(rec, WR_TITLE, bytes_of(title));
    record_set(rec, WR_SITE, bytes_of(site));
    record_set(rec, WR_URL, bytes_of(url));
    chain_go(chain_start(chain, rec), NULL);
    chain_free(chain);
    return record_get(rec, WR_TITLE);
}

static void a_headline_ends_before_the_name_of_its_site(void **state)
{
    static const struct {
        const char *title, *site, *url, *want;
    } cases[] = {
        /* every separator, and only with blanks around it */
        {"Storm hits coast - Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast | Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast – Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast — Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast :: Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast · Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast • Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast » Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast / Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast-Times", "Times", "", "Storm hits coast-Times"},
        {"Storm hits coast|Times", "Times", "", "Storm hits coast|Times"},
        {"Storm hits coast: Times", "Times", "", "Storm hits coast: Times"},
        /* names are compared by letters and digits */
        {"Storm hits coast - the times", "The Times", "", "Storm hits coast"},
        {"Storm hits coast - TIMES!", "The Times", "", "Storm hits coast"},
        {"Storm hits coast - Port-Ellen Times", "Port Ellen Times", "", "Storm hits coast"},
        {"Storm hits coast - Süddeutsche", "Süddeutsche", "", "Storm hits coast"},
        {"Storm hits coast - Time", "Times", "", "Storm hits coast - Time"},
        {"Storm hits coast - New Times", "Times", "", "Storm hits coast - New Times"},
        {"Storm hits coast - 24", "News 24", "", "Storm hits coast - 24"},
        {"Storm hits coast - ...", "...", "", "Storm hits coast - ..."},
        /* a feed's title has parts */
        {"Storm hits coast - Times", "World - Times", "", "Storm hits coast"},
        {"Storm hits coast - World", "World - Times", "", "Storm hits coast"},
        {"Storm hits coast - World - Times", "World - Times", "", "Storm hits coast"},
        {"Storm hits coast | Times", "Times » Feed", "", "Storm hits coast"},
        {"Storm hits coast - Sport - Times", "World - Times", "", "Storm hits coast - Sport"},
        {"Storm hits coast | Times | Times | Times", "Times", "", "Storm hits coast"},
        {"Storm hits coast | Times | Times | Times | Times", "Times", "",
            "Storm hits coast | Times"},
        /* the host is a name, too */
        {"Storm hits coast - Times", "", "https://www.times.example/1", "Storm hits coast"},
        {"Storm hits coast - times.example", "", "https://www.times.example/1", "Storm hits coast"},
        {"Storm hits coast - Times Online", "", "https://times.example:8443/1", "Storm hits coast"},
        {"Storm hits coast - Times.com", "", "https://times.com/1", "Storm hits coast"},
        {"Storm hits coast - Port Ellen", "", "https://port-ellen.example/1", "Storm hits coast"},
        {"Storm hits coast - Example", "", "https://times.example/1", "Storm hits coast - Example"},
        {"Storm hits coast - Timeserver", "", "https://times.example/1",
            "Storm hits coast - Timeserver"},
        {"Storm hits coast - Times", "", "times.example", "Storm hits coast - Times"},
        {"Storm hits coast - Times", "", "https://", "Storm hits coast - Times"},
        /* one word before it is no headline */
        {"Weather - Times", "Times", "", "Weather - Times"},
        {"Times - Storm hits coast", "Times", "", "Times - Storm hits coast"},
        {" - Times", "Times", "", " - Times"},
        {"Storm hits coast - ", "Times", "", "Storm hits coast - "},
        {"-", "Times", "", "-"},
    };
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes got = cut(cases[i].title, cases[i].site, cases[i].url);

        if (bytes_is(got, cases[i].want))
            continue;
        print_error("\"%s\" of \"%s\" at %s: \"%.*s\"\n", cases[i].title, cases[i].site,
            cases[i].url, FMT(got));
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* What is cut is an end, and what was cut is not cut again. */
static void cutting_twice_is_cutting_once(void **state)
{
    static const char *const titles[] = {"Storm hits coast - Times", "A b | Times | Times",
        "A - b - c", "Storm | Times - Times » Times / Times", "", "x"};

    (void)state;
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        struct bytes once = cut(titles[i], "Times", "https://times.example/");
        struct bytes twice = cut(bytes_cstr(arena, once), "Times", "https://times.example/");

        assert_true(bytes_starts(bytes_of(titles[i]), once));
        if (i != 3) /* it has more names than are cut at once */
            assert_true(bytes_equal(once, twice));
    }
}

/* A name is as long as the option says, in bytes; a wrong option is refused when it is opened. */
static void the_longest_name_is_the_operators(void **state)
{
    static const struct {
        const char *value, *want;
        int code;
    } cases[] = {{"5", "Storm hits coast", OK}, {"4", "Storm hits coast - Times", OK},
        {"0", "Storm hits coast - Times", OK}, {"-1", NULL, E_REFUSED}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct given_option option = {"headline", "max-suffix", cases[i].value, NULL};
        struct chain *chain = chain_new(NULL);
        struct wr_record *rec = record_new(arena);
        struct error err = {0};

        assert_int_equal(chain_add(chain, &wireroom_stage, &option, 1, &err), OK);
        if (cases[i].code != OK) {
            assert_int_not_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
        } else {
            assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
            record_set(rec, WR_TITLE, LIT("Storm hits coast - Times"));
            record_set(rec, WR_SITE, LIT("Times"));
            chain_go(chain_start(chain, rec), NULL);
            assert_bytes(record_get(rec, WR_TITLE), cases[i].want);
        }
        chain_free(chain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_headline_ends_before_the_name_of_its_site),
        cmocka_unit_test(cutting_twice_is_cutting_once),
        cmocka_unit_test(the_longest_name_is_the_operators),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
