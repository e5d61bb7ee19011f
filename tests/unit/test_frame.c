/* test_frame.c - records and frames are encoded and read back; damage is found. */
#include "unit/test.h"

#include <stdlib.h>

#include "base/frame.h"
#include "record/record.h"

static int setup(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static struct wr_record *example(struct arena *arena)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TITLE, LIT("Ferry strikes pier"));
    record_add(rec, WR_AUTHOR, LIT("Ana Lund"));
    record_add(rec, WR_AUTHOR, LIT("Per Holm"));
    record_set_int(rec, REC_VERSION, 3);
    wr_set_extra(rec, "mood.score", (wr_str){"0.4", 3});
    return rec;
}

static void comes_back_from_its_encoding_as_it_was(void **state)
{
    struct wr_record *rec = example(*state);
    struct wr_record *back;
    struct buf bytes = {0};

    record_encode(rec, &bytes);
    assert_int_equal(record_decode(*state, buf_bytes(&bytes), &back, NULL), OK);
    assert_bytes(record_get(back, WR_TITLE), "Ferry strikes pier");
    assert_int_equal(wr_count(back, WR_AUTHOR), 2);
    assert_bytes(record_get_at(back, WR_AUTHOR, 1), "Per Holm");
    assert_int_equal(record_get_int(back, REC_VERSION, 0), 3);
    assert_memory_equal(wr_get_extra(back, "mood.score").ptr, "0.4", 3);
    buf_done(&bytes);
}

static void every_cut_of_an_encoding_is_an_error_or_a_shorter_record(void **state)
{
    struct wr_record *rec = example(*state);
    struct buf bytes = {0};
    size_t refused = 0;

    record_encode(rec, &bytes);
    for (size_t len = 0; len < bytes.len; len++) {
        struct wr_record *back = NULL;
        struct error err = {0};
        char *cut = malloc(len + 1);

        memcpy(cut, bytes.ptr, len);
        if (record_decode(*state, (struct bytes){cut, len}, &back, &err) != OK) {
            assert_int_equal(err.code, E_FORMAT);
            refused++;
        } else {
            assert_true(back->count < rec->count);
        }
        free(cut);
    }
    assert_int_equal(refused, bytes.len - rec->count);
    buf_done(&bytes);
}

static void setting_an_empty_value_removes_the_field(void **state)
{
    struct wr_record *rec = example(*state);

    record_set(rec, WR_AUTHOR, LIT(""));
    assert_int_equal(wr_count(rec, WR_AUTHOR), 0);
    record_set(rec, WR_TITLE, LIT("Other"));
    record_set(rec, WR_TITLE, LIT("Last"));
    assert_int_equal(wr_count(rec, WR_TITLE), 1);
    assert_bytes(record_get(rec, WR_TITLE), "Last");
    assert_bytes(record_get(rec, WR_TEXT), "");
}

static void extras_with_hostile_names_are_not_kept(void **state)
{
    struct wr_record *rec = record_new(*state);

    wr_set_extra(rec, "A space", (wr_str){"x", 1});
    wr_set_extra(rec, "", (wr_str){"x", 1});
    assert_int_equal(rec->count, 0);
}

static void frames_come_out_one_by_one_however_they_arrive(void **state)
{
    struct buf wire = {0};
    struct buf seen = {0};
    struct frame frame;
    size_t used;

    (void)state;
    frame_add(&wire, 7, LIT("first"));
    frame_add(&wire, 8, LIT(""));
    for (size_t i = 0; i < wire.len; i++) {
        buf_add_byte(&seen, wire.ptr[i]);
        while (frame_next(buf_bytes(&seen), &frame, &used, NULL) == 1) {
            assert_int_equal(i, frame.kind == 7 ? FRAME_HEAD + 4 : wire.len - 1);
            if (frame.kind == 7)
                assert_bytes(frame.body, "first");
            buf_drop(&seen, used);
        }
    }
    assert_int_equal(seen.len, 0);
    assert_int_equal(frame_next(LIT("\xff\xff\xff\xff\x01"), &frame, &used, NULL), E_LIMIT);
    buf_done(&wire);
    buf_done(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(comes_back_from_its_encoding_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(
            every_cut_of_an_encoding_is_an_error_or_a_shorter_record, setup, teardown),
        cmocka_unit_test_setup_teardown(setting_an_empty_value_removes_the_field, setup, teardown),
        cmocka_unit_test_setup_teardown(extras_with_hostile_names_are_not_kept, setup, teardown),
        cmocka_unit_test(frames_come_out_one_by_one_however_they_arrive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
