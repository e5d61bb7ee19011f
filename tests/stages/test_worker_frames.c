/* test_worker_frames.c - what may come over a worker's pipe: whatever it is, the worker answers it
 * or ends, and one that goes on does its next job as if nothing had been. */
#include "stages/worker.h"

#include <fcntl.h>
#include <poll.h>

enum { PATIENCE_MS = 20000 };

static struct bytes encoded(const struct wr_record *rec)
{
    struct buf buf = {0};
    struct bytes copy;

    record_encode(rec, &buf);
    copy = bytes_copy(arena, buf_bytes(&buf));
    buf_done(&buf);
    return copy;
}

static struct wr_record *article(void)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TITLE, LIT("Three ships where the book says two"));
    record_set(rec, WR_URL, LIT("http://news.example/harbour"));
    record_add(rec, WR_KEYWORD, LIT("ships"));
    record_add(rec, WR_KEYWORD, LIT("harbour"));
    record_set_int(rec, REC_VERSION, 3);
    return rec;
}

static void does_its_job(void)
{
    struct wr_record *answer;

    send_record(JOB_RECORD, article());
    assert_int_equal(receive(&answer), ANSWER_RECORD);
    assert_bytes(record_get(answer, WR_TITLE), "Three ships where the book says two");
}

/* It ends by itself within the time there is; with which status. */
static int ends_by_itself(void)
{
    struct pollfd at = {.fd = fd, .events = POLLIN};
    char block[4096];

    do
        assert_true(poll(&at, 1, PATIENCE_MS) > 0);
    while (read(fd, block, sizeof(block)) > 0);
    return end();
}

static void takes_a_frame_in_single_bytes(void **state)
{
    struct buf out = {0};
    struct wr_record *answer;

    (void)state;
    open_worker();
    frame_add(&out, JOB_RECORD, encoded(article()));
    for (size_t i = 0; i < out.len; i++)
        assert_int_equal(send(fd, out.ptr + i, 1, MSG_NOSIGNAL), 1);
    assert_int_equal(receive(&answer), ANSWER_RECORD);
    buf_done(&out);
    does_its_job();
}

static void answers_a_heap_of_frames_in_order(void **state)
{
    enum { MANY = 60 };
    struct buf out = {0};
    struct wr_record *answer;

    (void)state;
    open_worker();
    for (int i = 0; i < MANY; i++) {
        struct wr_record *rec = article();

        record_set_int(rec, REC_VERSION, i);
        frame_add(&out, JOB_RECORD, encoded(rec));
    }
    assert_int_equal(send(fd, out.ptr, out.len, MSG_NOSIGNAL), out.len);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(receive(&answer), ANSWER_RECORD);
        assert_int_equal(record_get_int(answer, REC_VERSION, -1), i);
    }
    buf_done(&out);
}

static void answers_a_record_that_is_cut_anywhere(void **state)
{
    struct bytes whole;
    struct wr_record *answer;

    (void)state;
    open_worker();
    whole = encoded(article());
    for (size_t len = 0; len < whole.len; len++) {
        int kind;

        send_frame(JOB_RECORD, bytes_slice(whole, 0, len));
        kind = receive(&answer);
        assert_true(kind == ANSWER_ERROR || kind == ANSWER_RECORD); /* cut between two values */
    }
    does_its_job();
}

static void answers_a_record_with_any_bit_turned(void **state)
{
    struct bytes whole;
    struct wr_record *answer;

    (void)state;
    open_worker();
    whole = encoded(article());
    for (size_t bit = 0; bit < 8 * whole.len; bit += 3) {
        struct bytes turned = bytes_copy(arena, whole);
        int kind;

        ((char *)turned.ptr)[bit / 8] ^= (char)(1 << bit % 8);
        send_frame(JOB_RECORD, turned);
        kind = receive(&answer);
        assert_true(kind == ANSWER_ERROR || kind == ANSWER_RECORD);
    }
    does_its_job();
}

/* Kinds that are none, and those that go the other way. */
static void answers_kinds_that_are_no_job(void **state)
{
    static const int kinds[] = {0, ANSWER_READY, ANSWER_RECORD, ANSWER_ENTRY, ANSWER_FEED,
        ANSWER_TEXT, ANSWER_ERROR, 127, 128, 254, 255};
    struct wr_record *answer;

    (void)state;
    open_worker();
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        send_record(kinds[i], article());
        assert_int_equal(receive(&answer), ANSWER_ERROR);
        assert_true(record_get(answer, REC_TEXT).len > 0);
    }
    does_its_job();
}

#define LIT_(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

/* Documents that are none, of each kind that reads them: an answer, and the worker goes on. */
static void answers_documents_that_are_none(void **state)
{
    static const int kinds[] = {JOB_FEED, JOB_FEED_REPORT, JOB_DISCOVER_JSON, JOB_ROBOTS};
    /* An encoding that iconv would open a module for, in declarations whole, cut and not closed. */
    static const struct bytes bodies[] = {{"", 0}, LIT_("\0\0\0\0"), LIT_("<"), LIT_("{"),
        LIT_("[[[[[["), LIT_("\xff\xfe<\0"), LIT_("\x1f\x8b\x08"),
        LIT_("<?xml version=\"1.0\" encoding=\"UCS-4\"?>"),
        LIT_("<?xml version=\"1.0\" encoding=\"UCS-4\"?"),
        LIT_("<?xml version=\"1.0\" encoding=\"EBCDIC-CP-BE\"><rss><channel></channel></rss>"),
        LIT_("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>")};

    (void)state;
    open_worker();
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
        for (size_t b = 0; b < sizeof(bodies) / sizeof(bodies[0]); b++) {
            struct wr_record *request = record_new(arena);
            struct wr_record *answer;
            int kind;

            record_set(request, REC_BODY, bodies[b]);
            record_set(request, REC_URL, LIT("http://news.example/feed"));
            send_record(kinds[k], request);
            do {
                kind = receive(&answer);
                if (kind == -1)
                    fail_msg("kind %d ended over document %zu with status %x", kinds[k], b, end());
                assert_true(bytes_find(record_get(answer, REC_TEXT), LIT("root:")) == SIZE_MAX);
            } while (kind == ANSWER_ENTRY);
        }
    does_its_job();
}

/* The daemon goes while it writes: half a head, half a body. */
static void ends_when_the_pipe_does_within_a_frame(void **state)
{
    struct buf out = {0};

    (void)state;
    frame_add(&out, JOB_RECORD, encoded(article()));
    for (size_t len = 1; len < out.len; len += out.len / 7) {
        end();
        in.len = 0;
        start();
        open_worker();
        assert_int_equal(send(fd, out.ptr, len, MSG_NOSIGNAL), len);
        assert_int_equal(shutdown(fd, SHUT_WR), 0);
        assert_true(WIFEXITED(ends_by_itself()));
    }
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORKER_TEST(takes_a_frame_in_single_bytes),
        WORKER_TEST(answers_a_heap_of_frames_in_order),
        WORKER_TEST(answers_a_record_that_is_cut_anywhere),
        WORKER_TEST(answers_a_record_with_any_bit_turned),
        WORKER_TEST(answers_kinds_that_are_no_job),
        WORKER_TEST(answers_documents_that_are_none),
        WORKER_TEST(ends_when_the_pipe_does_within_a_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
