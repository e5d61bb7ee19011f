/* test_tags.c - tags between commas: names with commas, folders in folders, and what is stored
 * already. */
#include "text/tags.h"

#include "unit/test.h"

static const char *written(const char *name, struct buf *room)
{
    buf_clear(room);
    tags_write(bytes_of(name), room);
    return buf_cstr(room);
}

static void a_name_is_marked_only_where_it_would_end_or_divide(void **state)
{
    static const struct {
        const char *name, *tag;
    } cases[] = {{"World", "World"}, {"UK, and Ireland", "UK\\, and Ireland"},
        {"a,b,c", "a\\,b\\,c"}, {"TV / Radio", "TV \\/ Radio"}, {"TV/Radio", "TV/Radio"},
        {"/a/b", "/a/b"}, {" / ", " \\/ "}, {"C:\\news", "C:\\news"}, {"a\\,b", "a\\\\\\,b"},
        {",", "\\,"}, {"", ""},
        {"\xe4\xbd\x93\xe8\x82\xb2,\xe8\xb4\xa2\xe7\xbb\x8f",
            "\xe4\xbd\x93\xe8\x82\xb2\\,\xe8\xb4\xa2\xe7\xbb\x8f"}};
    struct buf room = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes rest = bytes_of(written(cases[i].name, &room));

        assert_string_equal(rest.ptr, cases[i].tag);
        assert_true(tags_is(tags_cut(&rest), bytes_trim(bytes_of(cases[i].name))) ||
                    cases[i].name[0] == ' ');
        assert_int_equal(rest.len, 0);
    }
    buf_done(&room);
}

static void tags_are_cut_at_commas_that_are_not_marked(void **state)
{
    static const char *const wanted[] = {"News / UK, and Ireland", "a", "", "b\\c", "d\\"};
    struct bytes rest = LIT("News / UK\\, and Ireland, a ,,b\\c,d\\");
    size_t i = 0;

    (void)state;
    for (; rest.len > 0; i++)
        assert_true(tags_is(tags_cut(&rest), bytes_of(wanted[i])));
    assert_int_equal(i, sizeof(wanted) / sizeof(wanted[0]));
    assert_int_equal(tags_cut(&rest).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_marked_only_where_it_would_end_or_divide),
        cmocka_unit_test(tags_are_cut_at_commas_that_are_not_marked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
