/* test_agency.c - the table of agencies: each is found by its names, its sites and its number. */
#include "unit/test.h"

#include <stdio.h>

#include "text/agency.h"

static const struct agency rows[] = {
#define AGENCY(name_, sites_, spellings_)                                                          \
    {.name = (name_), .sites = (sites_), .spellings = (spellings_)},
#include "text/agencies.def"
#undef AGENCY
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static void assert_is(const struct agency *found, const struct agency *row, struct bytes by)
{
    if (found == NULL || strcmp(found->name, row->name) != 0)
        fail_msg("%.*s is %s, not %s", FMT(by), found == NULL ? "nobody" : found->name, row->name);
}

static void each_is_found_by_what_its_row_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct bytes sites = bytes_of(rows[i].sites), spellings = bytes_of(rows[i].spellings);
        char url[100];

        while (spellings.len > 0) {
            struct bytes one = bytes_cut(&spellings, '|');

            assert_is(agency_named(one), &rows[i], one);
        }
        while (sites.len > 0) {
            struct bytes one = bytes_cut(&sites, ' ');

            snprintf(url, sizeof(url), "https://%.*s/1", FMT(one));
            assert_is(agency_at(bytes_of(url)), &rows[i], one);
        }
    }
}

static void no_two_have_one_number(void **state)
{
    (void)state;
    assert_int_equal(agency_key(NULL), 0);
    assert_null(agency_of(0));
    for (size_t i = 0; i < ROWS; i++)
        assert_is(agency_of(agency_key(&rows[i])), &rows[i], bytes_of(rows[i].name));
}

static void others_are_none(void **state)
{
    static const char *const urls[] = {"https://harbour-news.example/1", "https://reuters.example/",
        "not an address", "", "https://apnews.com.example/1"};

    (void)state;
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
        assert_null(agency_at(bytes_of(urls[i])));
    assert_null(agency_named(LIT("Harbour News")));
    assert_null(agency_named(LIT("")));
}

static int setup(void **state)
{
    (void)state;
    agencies_open();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_by_what_its_row_says),
        cmocka_unit_test(no_two_have_one_number),
        cmocka_unit_test(others_are_none),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
