/* again.c - files that gave nothing, and what they were like then. */
#include "lists/again.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/hash.h"

struct again_file {
    char *path;
    uint64_t look;
};

uint64_t again_look(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    uint64_t look;

    if (fd < 0)
        return 0;
    if (fstat(fd, &st) != 0)
        look = 0;
    else
        look = hash64((struct bytes){(const char *)(const uint64_t[]){(uint64_t)st.st_dev,
                                         (uint64_t)st.st_ino, (uint64_t)st.st_size,
                                         (uint64_t)st.st_mtim.tv_sec, (uint64_t)st.st_mtim.tv_nsec,
                                         (uint64_t)st.st_ctim.tv_sec, (uint64_t)st.st_ctim.tv_nsec},
                   7 * sizeof(uint64_t)}) |
               1;
    close(fd);
    return look;
}

void again_note(struct again *again, const char *path, uint64_t look)
{
    for (size_t i = 0; i < again->count; i++)
        if (strcmp(again->files[i].path, path) == 0)
            return;
    if (again->count == again->cap) {
        again->cap = again->cap == 0 ? 8 : 2 * again->cap;
        again->files = realloc(again->files, again->cap * sizeof(*again->files));
        if (again->files == NULL)
            arena_out_of_memory(again->cap * sizeof(*again->files));
    }
    again->files[again->count++] = (struct again_file){new_text(path), look};
}

bool again_is_due(const struct again *again)
{
    for (size_t i = 0; i < again->count; i++)
        if (again->files[i].look == AGAIN_ALWAYS ||
            again->files[i].look != again_look(again->files[i].path))
            return true;
    return false;
}

bool again_has(const struct again *again, const char *path)
{
    for (size_t i = 0; i < again->count; i++) {
        size_t len = strlen(again->files[i].path);

        if (strncmp(again->files[i].path, path, len) == 0 &&
            (path[len] == '\0' || path[len] == '/'))
            return true;
    }
    return false;
}

void again_clear(struct again *again)
{
    for (size_t i = 0; i < again->count; i++)
        free(again->files[i].path);
    free(again->files);
    *again = (struct again){0};
}
