/* files.c - what the files hold that stages' options name: one copy for all workers, and a look
 * every now and then whether they have changed.
 *
 * A worker that is tried reads them itself and tells which it read; the same bytes are then copied
 * here, into memory that nobody can write, and each worker maps it. So a file may be written over,
 * cut or removed while it is in use, and a worker that dies meanwhile is followed by one that has
 * what it had. When a file has changed, and has been left alone for one look, a worker is tried
 * with it: when its stage takes it, workers of its kind are renewed; when not, that is told, and
 * everything stays as it was. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "pool/private.h"

/* Milliseconds. It costs a stat() a file, and who saved one looks for the log line. */
enum { LOOK_EVERY = 1000 };

static int write_all(int fd, struct bytes data, struct error *err)
{
    while (data.len > 0) {
        ssize_t put = write(fd, data.ptr, data.len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail(err, E_SYSTEM, "keep the stages' files: %s", strerror(errno));
        data = bytes_from(data, (size_t)put);
    }
    return OK;
}

/* A line of ANSWER_READY. */
static void read_line(struct bytes line, struct pool_file *ret_file)
{
    struct bytes hash;
    char digits[32];

    ret_file->in_plain = bytes_is(bytes_cut(&line, '\t'), "1");
    ret_file->in_ordered = bytes_is(bytes_cut(&line, '\t'), "1");
    hash = bytes_cut(&line, '\t');
    snprintf(digits, sizeof(digits), "%.*s", FMT(hash));
    ret_file->hash = strtoull(digits, NULL, 16);
    ret_file->path = strndup(line.ptr, line.len);
    if (ret_file->path == NULL)
        arena_out_of_memory(line.len);
}

/* Add what file's path holds, if that is what the worker read. */
static int take_one(struct pool_files *files, struct pool_file *file, struct error *err)
{
    struct arena *arena = arena_new(FILES_LIMIT + (1 << 20));
    struct bytes text;
    int code;

    file->file = file->seen = module_file_at(file->path);
    code = file_read(arena, file->path, FILES_LIMIT, &text, err);
    if (code == OK && file_hash(text) != file->hash)
        code = fail(err, E_CHANGING, "%s: changes while it is read", file->path);
    if (code == OK && text.ptr != NULL) {
        file->there = true;
        file->place = (size_t)lseek(files->fd, 0, SEEK_CUR);
        file->len = text.len;
        code = write_all(files->fd, (struct bytes){text.ptr, text.len + 1}, err);
    }
    arena_free(arena);
    return code;
}

static int take_all(struct pool_files *files, const struct wr_record *ready, struct error *err)
{
    size_t count = wr_count(ready, REC_FILE);
    int code;

    if (count == 0)
        return OK;
    files->fd = memfd_create("wireroom-files", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (files->fd < 0)
        return fail(err, E_SYSTEM, "keep the stages' files: %s", strerror(errno));
    code = write_all(files->fd, (struct bytes){"", 1}, err); /* never empty */
    for (size_t i = 0; i < count && i < FILES_MOST && code == OK; i++) {
        read_line(record_get_at(ready, REC_FILE, i), &files->at[files->count]);
        code = take_one(files, &files->at[files->count++], err);
    }
    if (code == OK && fcntl(files->fd, F_ADD_SEALS,
                          F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
        code = fail(err, E_SYSTEM, "keep the stages' files: %s", strerror(errno));
    return code;
}

int files_take(struct pool_files *files, const struct wr_record *ready, struct error *err)
{
    struct pool_files taken = {.fd = -1};
    int code = take_all(&taken, ready, err);

    if (code != OK) {
        files_done(&taken);
        return code;
    }
    files_done(files);
    *files = taken;
    for (size_t i = 0; i < files->count; i++)
        if (!files->at[i].there)
            log_warning(
                "a stage goes without its file, which is not there: file=%s", files->at[i].path);
    return OK;
}

void files_tell(const struct pool_files *files, struct wr_record *request)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct pool_file *f = &files->at[i];
        struct bytes line =
            f->there ? bytes_format(request->arena, "%zu\t%zu\t%s", f->place, f->len, f->path)
                     : bytes_format(request->arena, "\t\t%s", f->path);

        record_add(request, REC_FILE, line);
    }
}

void files_done(struct pool_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->at[i].path);
    if (files->fd >= 0)
        close(files->fd);
    *files = (struct pool_files){.fd = -1};
}

/* One that has changed, and is as it was at the look before; NULL when there is none. */
static struct pool_file *find_changed(struct pool_files *files)
{
    struct pool_file *changed = NULL;

    for (size_t i = 0; i < files->count; i++) {
        struct pool_file *f = &files->at[i];
        struct module_file now = module_file_at(f->path);

        if (!module_file_is_same(&now, &f->file) && module_file_is_same(&now, &f->seen))
            changed = f;
        f->seen = now;
    }
    return changed;
}

/* Which workers have a file that is another one now. */
static void renew_those_of(struct pool *pool, const struct pool_files *before)
{
    bool plain = false;
    bool ordered = false;

    for (size_t i = 0; i < pool->files.count && i < before->count; i++) {
        const struct pool_file *f = &pool->files.at[i];

        if (f->hash == before->at[i].hash)
            continue;
        plain = plain || f->in_plain;
        ordered = ordered || f->in_ordered;
        log_info("stages are opened again: file=%s bytes=%zu", f->path, f->len);
    }
    pool_renew(pool, plain, ordered);
}

/* A module that was exchanged, or a stage at rest, are for a whole reload. */
static int open_again(struct pool *pool, struct error *err)
{
    const char *resting[CHAIN_STAGES + 1];
    struct pool_files before = {.count = pool->files.count};
    int code;

    if (pool_changed(pool) != NULL || stages_set_aside(pool, resting) > 0)
        return pool_reload(pool, pool->conf, err);
    for (size_t i = 0; i < before.count; i++)
        before.at[i].hash = pool->files.at[i].hash;
    code = pool_try(pool, pool->conf, err);
    if (code == OK)
        renew_those_of(pool, &before);
    return code;
}

static void on_look(uv_timer_t *timer)
{
    struct pool *pool = timer->data;
    struct pool_file *changed = pool->closing ? NULL : find_changed(&pool->files);
    struct error err = {0};

    if (changed == NULL || open_again(pool, &err) == OK)
        return;
    log_error("stages keep the file they had: file=%s cause=\"%s\"", changed->path, err.text);
    changed->file = changed->seen;
}

void files_watch(struct pool *pool)
{
    uv_timer_start(&pool->look, on_look, LOOK_EVERY, LOOK_EVERY);
}
