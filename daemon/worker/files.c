/* files.c - a file as it is, whole, or a word about why not. */
#include "worker/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

static int read_all(struct arena *arena, int fd, const char *path, size_t size,
    struct bytes *ret_text, struct error *err)
{
    char *text = arena_alloc(arena, size + 1);
    size_t have = 0;

    while (have < size) {
        ssize_t got = read(fd, text + have, size - have);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(err, E_SYSTEM, "%s: %s", path, strerror(errno));
        if (got == 0)
            break; /* it was cut meanwhile, and will be seen to have changed */
        have += (size_t)got;
    }
    *ret_text = (struct bytes){text, have};
    return OK;
}

int file_read(
    struct arena *arena, const char *path, size_t most, struct bytes *ret_text, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    int code;

    if (fd < 0 && errno == ENOENT) {
        *ret_text = (struct bytes){NULL, 0};
        return OK;
    }
    if (fd < 0 || fstat(fd, &st) != 0)
        code = fail(err, E_SYSTEM, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(st.st_mode))
        code = fail(err, E_SYSTEM, "%s: no regular file", path);
    else if ((size_t)st.st_size > most)
        code = fail(err, E_LIMIT, "%s: all files of the stages together are over %d MiB", path,
            FILES_LIMIT >> 20);
    else
        code = read_all(arena, fd, path, (size_t)st.st_size, ret_text, err);
    if (fd >= 0)
        close(fd);
    return code;
}

static struct stage_file *find(struct stage_files *files, const char *path)
{
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->at[i].path, path) == 0)
            return &files->at[i];
    return NULL;
}

int files_get(struct arena *arena, struct stage_files *files, const char *path, bool ordered,
    const struct stage_file **ret_file, struct error *err)
{
    struct stage_file *file = find(files, path);
    struct bytes text = {NULL, 0};
    int code;

    if (file == NULL && files->count == FILES_MOST)
        return fail(err, E_LIMIT, "the stages have more than %d files", FILES_MOST);
    if (file == NULL) {
        code = file_read(arena, path, FILES_LIMIT - files->bytes, &text, err);
        if (code != OK)
            return code;
        file = &files->at[files->count++];
        *file = (struct stage_file){.path = bytes_cstr(arena, bytes_of(path)), .text = text};
        files->bytes += text.len;
    }
    file->in_plain = file->in_plain || !ordered;
    file->in_ordered = file->in_ordered || ordered;
    *ret_file = file;
    return OK;
}

uint64_t file_hash(struct bytes text)
{
    uint64_t hash = text.ptr == NULL ? 0 : hash64(text);

    return text.ptr != NULL && hash == 0 ? 1 : hash;
}
