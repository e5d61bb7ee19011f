/* test_record.c - what a record holds, refuses and carries over a pipe. */
#include "record/record.h"

#include <setjmp.h>

#include <cmocka.h>

static void lends_a_body_over_the_limit_and_has_room_left(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct wr_record *rec = record_new(arena);
    char *large = arena_alloc(arena, RECORD_LIMIT + 10);

    (void)state;
    record_lend(rec, REC_BODY, (struct bytes){large, RECORD_LIMIT + 10});
    record_set(rec, WR_TITLE, LIT("Harbour closed"));
    assert_int_equal(record_get(rec, REC_BODY).len, RECORD_LIMIT + 10);
    assert_true(bytes_is(record_get(rec, WR_TITLE), "Harbour closed"));
    assert_int_equal(record_room(rec), RECORD_LIMIT - strlen("Harbour closed"));
    record_remove(rec, REC_BODY);
    assert_int_equal(record_room(rec), RECORD_LIMIT - strlen("Harbour closed"));
    arena_free(arena);
}

static void keeps_a_body_over_the_limit_through_the_encoding(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct wr_record *rec = record_new(arena);
    char *large = arena_alloc(arena, RECORD_LIMIT + 10);
    struct wr_record *copy = NULL;
    struct error err = {0};
    struct buf out = {0};

    (void)state;
    record_lend(rec, REC_BODY, (struct bytes){large, RECORD_LIMIT + 10});
    record_encode(rec, &out);
    assert_int_equal(record_decode(arena, buf_bytes(&out), &copy, &err), OK);
    assert_int_equal(record_get(copy, REC_BODY).len, RECORD_LIMIT + 10);
    assert_int_equal(record_room(copy), 0);
    record_set(copy, WR_TITLE, LIT("x"));
    assert_int_equal(record_get(copy, WR_TITLE).len, 0);
    buf_done(&out);
    arena_free(arena);
}

static void refuses_text_over_the_limit(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct wr_record *rec = record_new(arena);
    char *large = arena_alloc(arena, RECORD_LIMIT);

    (void)state;
    record_set(rec, WR_TEXT, (struct bytes){large, RECORD_LIMIT - 4});
    record_set(rec, WR_TITLE, LIT("12345"));
    record_add(rec, WR_AUTHOR, LIT("12345"));
    wr_set_extra(rec, "colour", (wr_str){"12345", 5});
    assert_int_equal(rec->count, 1);
    record_set(rec, WR_TITLE, LIT("1234"));
    assert_int_equal(rec->count, 2);
    record_set(rec, WR_TITLE, LIT("4321"));
    assert_true(bytes_is(record_get(rec, WR_TITLE), "4321"));
    arena_free(arena);
}

static void a_field_has_so_many_values_at_most(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct wr_record *rec = record_new(arena);
    struct bytes value;
    size_t count = 0;
    size_t at = 0;

    (void)state;
    for (int i = 0; i < 2 * RECORD_LIST; i++)
        record_add(rec, WR_KEYWORD, LIT("harbour"));
    record_add(rec, WR_AUTHOR, LIT("Ada"));
    assert_int_equal(wr_count(rec, WR_KEYWORD), RECORD_LIST);
    assert_int_equal(wr_count(rec, WR_AUTHOR), 1);
    while (record_next(rec, WR_KEYWORD, &at, &value))
        count += bytes_is(value, "harbour");
    assert_int_equal(count, RECORD_LIST);
    assert_true(record_is_short(rec));
    arena_free(arena);
}

static void peeks_at_fields_without_decoding(void **state)
{
    static const int fields[] = {WR_URL, WR_TITLE, WR_AUTHOR};
    struct arena *arena = arena_new(1 << 20);
    struct wr_record *rec = record_new(arena);
    struct bytes values[3];
    struct error err = {0};
    struct buf out = {0};

    (void)state;
    record_add(rec, WR_AUTHOR, LIT("Ana Lund"));
    record_add(rec, WR_AUTHOR, LIT("Bo Berg"));
    wr_set_extra(rec, "own", (wr_str){"x", 1});
    record_set(rec, WR_TITLE, LIT("Harbour closed"));
    record_encode(rec, &out);
    assert_int_equal(record_peek(buf_bytes(&out), fields, 3, values, &err), OK);
    assert_int_equal(values[0].len, 0);
    assert_true(bytes_is(values[1], "Harbour closed"));
    assert_true(bytes_is(values[2], "Ana Lund"));
    assert_int_equal(
        record_peek(bytes_slice(buf_bytes(&out), 0, out.len - 1), fields, 3, values, &err),
        E_FORMAT);
    buf_done(&out);
    arena_free(arena);
}

static void puts_other_values_before_the_rest(void **state)
{
    static const int fields[] = {WR_TITLE, REC_VERSION};
    struct arena *arena = arena_new(1 << 20);
    struct wr_record *rec = record_new(arena);
    struct error err = {0};
    struct buf old = {0};
    struct buf out = {0};

    (void)state;
    record_add(rec, WR_AUTHOR, LIT("Ana Lund"));
    record_set(rec, WR_TITLE, LIT("Harbour closed"));
    record_add(rec, WR_AUTHOR, LIT("Bo Berg"));
    wr_set_extra(rec, "own", (wr_str){"x", 1});
    record_encode(rec, &old);
    record_put(&out, WR_TITLE, LIT("Harbour open"));
    record_put(&out, WR_SUMMARY, LIT(""));
    record_put_int(&out, REC_VERSION, 3);
    assert_int_equal(record_put_rest(&out, buf_bytes(&old), fields, 2, &err), OK);
    assert_int_equal(record_decode(arena, buf_bytes(&out), &rec, &err), OK);
    assert_int_equal(rec->count, 5);
    assert_int_equal(wr_count(rec, WR_TITLE), 1);
    assert_true(bytes_is(record_get(rec, WR_TITLE), "Harbour open"));
    assert_int_equal(record_get_int(rec, REC_VERSION, 0), 3);
    assert_true(bytes_is(record_get_at(rec, WR_AUTHOR, 1), "Bo Berg"));
    assert_int_equal(wr_get_extra(rec, "own").len, 1);
    assert_int_equal(
        record_put_rest(&out, bytes_slice(buf_bytes(&old), 0, old.len - 1), fields, 2, &err),
        E_FORMAT);
    buf_done(&old);
    buf_done(&out);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lends_a_body_over_the_limit_and_has_room_left),
        cmocka_unit_test(keeps_a_body_over_the_limit_through_the_encoding),
        cmocka_unit_test(refuses_text_over_the_limit),
        cmocka_unit_test(a_field_has_so_many_values_at_most),
        cmocka_unit_test(peeks_at_fields_without_decoding),
        cmocka_unit_test(puts_other_values_before_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
