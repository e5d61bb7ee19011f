/* probe.c - questions to a worker that is started for them, without a loop. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "pool/private.h"
#include "worker/worker.h"

enum { ANSWER_MEMORY = 16 << 20, PROBE_MEMORY = 64 << 20, TRIES = 3 };

struct probe {
    int fds[3]; /* our end of the pipe, the worker's, the place */
    struct chain_place *place;
    struct buf out, in;
};

/* Workers see nothing of the daemon's environment but what changes how programs start, and where
 * stages may leave what does not fit into memory. */
char **probe_environment(struct arena *arena)
{
    static const char *const kept[] = {
        "PATH=", "LANG=", "LC_ALL=", "TZ=", "LD_LIBRARY_PATH=", "JOURNAL_STREAM=", "ASAN_OPTIONS=",
        "UBSAN_OPTIONS=", "TSAN_OPTIONS=", "LSAN_OPTIONS=", "WIREROOM_STATE=", NULL};
    char **list = arena_alloc_array(arena, sizeof(kept) / sizeof(kept[0]), sizeof(*list));
    size_t count = 0;

    for (size_t i = 0; kept[i] != NULL; i++)
        for (char **entry = environ; *entry != NULL; entry++)
            if (strncmp(*entry, kept[i], strlen(kept[i])) == 0)
                list[count++] = *entry;
    return list;
}

static int start(
    struct arena *arena, const char *program, const int fds[2], pid_t *ret_pid, struct error *err)
{
    char *argv[] = {bytes_cstr(arena, bytes_of(program)), bytes_cstr(arena, LIT("--worker")),
        bytes_cstr(arena, LIT("worker")), NULL};
    posix_spawn_file_actions_t actions;
    int code;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fds[0], WORKER_PIPE);
    posix_spawn_file_actions_adddup2(&actions, fds[1], WORKER_PLACE);
    posix_spawn_file_actions_addclosefrom_np(&actions, WORKER_PLACE + 1);
    code = posix_spawn(ret_pid, program, &actions, NULL, argv, probe_environment(arena));
    posix_spawn_file_actions_destroy(&actions);
    if (code != 0)
        return fail(err, E_SYSTEM, "start %s: %s", program, strerror(code));
    return OK;
}

static int send_all(int fd, struct bytes data, struct error *err)
{
    while (data.len > 0) {
        ssize_t put = send(fd, data.ptr, data.len, MSG_NOSIGNAL);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail(err, E_SYSTEM, "write to worker: %s", strerror(errno));
        data = bytes_from(data, (size_t)put);
    }
    return OK;
}

/* Wait for one whole frame; it stays in `in`. */
static int receive(int fd, struct buf *in, struct frame *ret_frame, struct error *err)
{
    int64_t until = clock_mono() + (int64_t)POOL_PROBE * SECOND;
    size_t used;
    int got = 0;

    while (got == 0) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int64_t left = (until - clock_mono()) / 1000;
        char *room = buf_reserve(in, 65536);
        ssize_t len;

        if (left <= 0 || room == NULL)
            return fail(err, E_TIMEOUT, "a worker did not open its stages within %d s", POOL_PROBE);
        if (poll(&ready, 1, (int)left) < 0 && errno != EINTR)
            return fail(err, E_SYSTEM, "poll: %s", strerror(errno));
        if (ready.revents == 0)
            continue;
        len = recv(fd, room, 65536, 0);
        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0)
            return fail(err, E_CRASH, "a worker died while it opened its stages");
        in->len += (size_t)len;
        got = frame_next(buf_bytes(in), ret_frame, &used, err);
    }
    return got > 0 ? OK : got;
}

static int read_answer(struct arena *arena, const struct frame *frame,
    struct wr_record **ret_answer, struct error *err)
{
    struct bytes body = bytes_copy(arena, frame->body);
    struct wr_record *answer = NULL;
    int code = record_decode(arena, body, &answer, err);

    if (code == OK && frame->kind == ANSWER_ERROR) {
        code = (int)record_get_int(answer, REC_CODE, E_FORMAT);
        return fail(err, code, "%.*s", FMT(record_get(answer, REC_TEXT)));
    }
    if (code == OK)
        *ret_answer = answer;
    return code;
}

/* Which stage an opening worker died in, before the error. */
static int blame(
    const struct chain_place *place, const struct wr_record *request, struct error *err)
{
    if (place->step >= CHAIN_STEP_STAGE && err != NULL)
        return fail_in(err, "stage %.*s",
            FMT(record_get_at(request, REC_STAGE, place->step - CHAIN_STEP_STAGE)));
    return err == NULL ? E_CRASH : err->code;
}

/* Ask, and end the worker whatever it answers. */
static int converse(struct probe *p, struct arena *arena, const char *program,
    struct frame *ret_frame, struct error *err)
{
    pid_t pid;
    int code = start(arena, program, p->fds + 1, &pid, err);

    /* Once nobody else has it, the worker's death is an end of our end. */
    close(p->fds[1]);
    p->fds[1] = -1;
    if (code != OK)
        return code;
    code = send_all(p->fds[0], buf_bytes(&p->out), err);
    if (code == OK)
        code = receive(p->fds[0], &p->in, ret_frame, err);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    return code;
}

static int probe_open(struct probe *p, struct error *err)
{
    p->fds[2] = memfd_create("wireroom-place", MFD_CLOEXEC);
    if (p->fds[2] >= 0 && ftruncate(p->fds[2], sizeof(*p->place)) == 0)
        p->place = mmap(NULL, sizeof(*p->place), PROT_READ | PROT_WRITE, MAP_SHARED, p->fds[2], 0);
    if (p->place == MAP_FAILED || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p->fds) != 0)
        return fail(err, E_SYSTEM, "no pipe for a worker: %s", strerror(errno));
    return OK;
}

static void probe_close(struct probe *p)
{
    for (size_t i = 0; i < 3; i++)
        if (p->fds[i] >= 0)
            close(p->fds[i]);
    if (p->place != MAP_FAILED)
        munmap(p->place, sizeof(*p->place));
    buf_done(&p->out);
    buf_done(&p->in);
}

int probe_ask(struct arena *arena, const char *program, int kind, const struct wr_record *request,
    struct wr_record **ret_answer, struct error *err)
{
    struct probe probe = {.fds = {-1, -1, -1}, .place = MAP_FAILED, .in.limit = ANSWER_MEMORY};
    size_t begun = frame_begin(&probe.out, kind);
    struct frame frame = {0};
    int code;

    record_encode(request, &probe.out);
    frame_end(&probe.out, begun);
    code = probe_open(&probe, err);
    if (code == OK)
        code = converse(&probe, arena, program, &frame, err);
    if (code == E_CRASH || code == E_TIMEOUT)
        code = blame(probe.place, request, err);
    if (code == OK)
        code = read_answer(arena, &frame, ret_answer, err);
    probe_close(&probe);
    return code;
}

int probe_chain(struct arena *arena, const char *program, const struct conf *conf,
    struct wr_record **ret_ready, struct error *err)
{
    struct wr_record *request = record_new(arena);
    int code;

    work_request(request, conf, CHAIN_ALL, NULL);
    code = probe_ask(arena, program, JOB_OPEN, request, ret_ready, err);
    return code == OK || err == NULL ? code : conf_place_stage(conf, err);
}

/* Look for what is plainly wrong, and learn the stages' names and what their files hold. */
static int try_once(struct pool *pool, const struct conf *conf, struct error *err)
{
    struct arena *arena = arena_new(PROBE_MEMORY);
    struct wr_record *ready;
    int code = probe_chain(arena, pool->program, conf, &ready, err);

    if (code == OK)
        code = files_take(&pool->files, ready, err);
    if (code == OK) {
        stages_read(pool, ready);
        modules_note(pool, conf);
    }
    arena_free(arena);
    return code;
}

/* A file that is being written is another one at each look. */
int pool_try(struct pool *pool, const struct conf *conf, struct error *err)
{
    int code = E_CHANGING;

    for (int i = 0; i < TRIES && code == E_CHANGING; i++)
        code = try_once(pool, conf, err);
    if (code == E_CHANGING && err != NULL)
        err->code = E_SYSTEM;
    return code == E_CHANGING ? E_SYSTEM : code;
}

int pool_check(const char *program, const struct conf *conf, struct error *err)
{
    struct arena *arena = arena_new((size_t)2 * ANSWER_MEMORY);
    struct wr_record *ready;
    int code = probe_chain(arena, program, conf, &ready, err);

    arena_free(arena);
    return code;
}

static void describe_one(struct arena *arena, const char *program, const char *const *dirs,
    const char *name, struct json_writer *out)
{
    struct wr_record *request = record_new(arena);
    struct wr_record *answer = NULL;
    struct error err = {0};

    work_add_list(request, REC_STAGE_DIR, dirs);
    record_set(request, REC_STAGE, bytes_of(name));
    if (probe_ask(arena, program, JOB_DESCRIBE, request, &answer, &err) == OK) {
        json_raw(out, NULL, record_get(answer, REC_TEXT));
        return;
    }
    json_begin_object(out, NULL);
    json_cstr(out, "name", name);
    json_cstr(out, "error", err.text);
    json_end_object(out);
}

int pool_describe(struct arena *arena, const char *program, const char *const *dirs,
    struct bytes *ret_json, struct error *err)
{
    const char *const *names = NULL;
    struct buf text = {0};
    struct json_writer out = {.out = &text};
    int code;

    code = module_list(arena, dirs, &names, err);
    if (code != OK)
        return code;
    json_begin_array(&out, NULL);
    for (; *names != NULL; names++)
        describe_one(arena, program, dirs, *names, &out);
    json_end_array(&out);
    *ret_json = bytes_copy(arena, buf_bytes(&text));
    buf_done(&text);
    return OK;
}
