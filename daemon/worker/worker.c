/* worker.c - the life of a worker process: told what to load, closed in, then one frame after the
 * other. */
#include "worker/worker.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/log.h"
#include "worker/sandbox.h"
#include "worker/work.h"

enum { REQUEST_MEMORY = 16 << 20, LARGE = 4 << 20 };

/* 1; 0 when the pipe ended before the first byte; E_*. */
static int read_whole(char *at, size_t len)
{
    size_t have = 0;

    while (have < len) {
        ssize_t got = recv(WORKER_PIPE, at + have, len - have, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 && have == 0 ? 0 : E_SYSTEM;
        have += (size_t)got;
    }
    return 1;
}

static int read_frame(struct buf *body, int *ret_kind)
{
    char head[FRAME_HEAD];
    struct error err;
    int got = read_whole(head, sizeof(head));
    size_t len = 0;

    if (got != 1)
        return got;
    for (size_t i = 0; i < 4; i++)
        len |= (size_t)(unsigned char)head[i] << (8 * i);
    if (len > FRAME_LIMIT)
        return fail(&err, E_LIMIT, "frame too large");
    buf_clear(body);
    *ret_kind = (unsigned char)head[4];
    if (len == 0)
        return 1;
    if (read_whole(buf_reserve(body, len), len) != 1)
        return E_SYSTEM;
    body->len = len;
    return 1;
}

static void write_whole(struct bytes data)
{
    while (data.len > 0) {
        ssize_t put = send(WORKER_PIPE, data.ptr, data.len, MSG_NOSIGNAL);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            _exit(EXIT_WORKER);
        data = bytes_from(data, (size_t)put);
    }
}

static void add_answer(struct buf *out, int kind, const struct wr_record *answer)
{
    size_t begun = frame_begin(out, kind);

    record_encode(answer, out);
    frame_end(out, begun);
}

static void add_error(struct arena *arena, const struct error *err, struct buf *out)
{
    struct wr_record *answer = record_new(arena);

    record_set_int(answer, REC_CODE, err->code);
    record_set(answer, REC_TEXT, bytes_of(err->text));
    add_answer(out, ANSWER_ERROR, answer);
}

/* Answers are gathered up to LARGE bytes, so that a feed's entries do not cost a write each. */
static void on_answer(void *ctx, int kind, const struct wr_record *answer)
{
    struct buf *out = ctx;
    size_t before = out->len;
    struct error err = {0};

    add_answer(out, kind, answer);
    if (out->over) {
        out->len = before;
        out->over = false;
        fail(&err, E_LIMIT, "the answer is over %d bytes", FRAME_LIMIT);
        add_error(answer->arena, &err, out);
    }
    if (out->len < LARGE)
        return;
    write_whole(buf_bytes(out));
    buf_clear(out);
}

static void flush(struct buf *out)
{
    write_whole(buf_bytes(out));
    if (out->cap > LARGE)
        buf_done(out);
    buf_clear(out);
}

static void *map_place(void)
{
    void *place =
        mmap(NULL, sizeof(struct chain_place), PROT_READ | PROT_WRITE, MAP_SHARED, WORKER_PLACE, 0);

    close(WORKER_PLACE);
    return place == MAP_FAILED ? NULL : place;
}

/* What WORKER_FILES holds, of which all workers have the same pages; nothing when it is not there.
 */
static struct bytes map_files(void)
{
    struct bytes all = {NULL, 0};
    struct stat st;
    void *at;

    if (fstat(WORKER_FILES, &st) != 0 || st.st_size == 0)
        return all;
    at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, WORKER_FILES, 0);
    if (at != MAP_FAILED)
        all = (struct bytes){at, (size_t)st.st_size};
    close(WORKER_FILES);
    return all;
}

/* From JOB_OPEN to a closed sandbox. */
static int start(struct wr_record *request, struct work **ret_work, struct error *err)
{
    struct chain_place *place = map_place();
    struct work_settings settings;
    struct bytes all;
    int code;

    work_read_request(request, &settings);
    all = wr_count(request, REC_FILE) > 0 ? map_files() : (struct bytes){NULL, 0};
    if (all.len > 0)
        work_read_files(request, all, &settings);
    code = sandbox_limit(settings.memory, err);
    if (code == OK && place != NULL)
        place->step = CHAIN_STARTING;
    if (code == OK)
        log_connect_journal();
    if (code == OK)
        code = work_open(&settings, place, ret_work, err);
    if (code == OK && settings.sandbox)
        code = sandbox_close(place, err);
    return code;
}

static int serve(struct work *work, struct buf *in, struct buf *out)
{
    int kind;
    int got;

    while ((got = read_frame(in, &kind)) == 1) {
        bool large = in->len > LARGE;

        work_do(work, kind, in, on_answer, out);
        flush(out);
        if (large) {
            buf_done(in);
            malloc_trim(0);
        }
    }
    return got == 0 ? 0 : EXIT_WORKER;
}

/* The daemon decides when a worker ends, also when a signal goes to both: from a terminal, or when
 * a service is stopped. */
static void leave_signals_to_the_daemon(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

_Noreturn void worker_main(int argc, char **argv)
{
    struct arena *arena = arena_new(REQUEST_MEMORY);
    struct buf in = {.limit = FRAME_LIMIT};
    struct buf out = {.limit = LARGE + FRAME_HEAD + FRAME_LIMIT};
    struct wr_record *request = NULL;
    struct work *work = NULL;
    struct error err = {0};
    int status = EXIT_WORKER;
    int kind = 0;

    log_set_name(argc > 2 ? argv[2] : "worker");
    leave_signals_to_the_daemon();
    if (read_frame(&in, &kind) != 1 || record_decode(arena, buf_bytes(&in), &request, &err) != OK)
        goto out;
    if (kind == JOB_DESCRIBE) {
        work_describe(request, on_answer, &out);
        flush(&out);
        status = 0;
    } else if (start(request, &work, &err) != OK) {
        add_error(arena, &err, &out);
        flush(&out);
        status = 0;
    } else {
        struct wr_record *ready = record_new(arena);

        work_ready(work, ready);
        on_answer(&out, ANSWER_READY, ready);
        flush(&out);
        buf_done(&in);
        status = serve(work, &in, &out);
    }
out:
    work_close(work);
    buf_done(&in);
    buf_done(&out);
    arena_free(arena);
    _exit(status); /* what exit() would do needs system calls that are gone */
}
