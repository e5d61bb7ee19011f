/* module_find.c - in which of the stage directories a module lies. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "conf/option.h"
#include "worker/module.h"

enum { MODULES = 1024 };

bool module_is_name(const char *name)
{
    size_t len = name == NULL ? 0 : strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

    return len > 0 && len <= MODULE_NAME && name[len] == '\0';
}

/* What is there and cannot be read is found, too: loading it says why. */
bool module_find(const char *const *dirs, const char *name, char ret_path[MODULE_PATH])
{
    char path[MODULE_PATH];
    struct stat st;

    for (; *dirs != NULL; dirs++) {
        size_t len = (size_t)snprintf(path, sizeof(path), "%s/%s.so", *dirs, name);

        if (len >= sizeof(path))
            continue;
        if (stat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR)) {
            memcpy(ret_path, path, len + 1);
            return true;
        }
    }
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static size_t add_names(struct arena *arena, DIR *stream, const char **names, size_t count)
{
    struct dirent *entry;

    while (count < MODULES && (entry = readdir(stream)) != NULL) {
        struct bytes name = bytes_of(entry->d_name);
        const char *stem;

        if (!bytes_ends(name, LIT(".so")))
            continue;
        stem = bytes_cstr(arena, bytes_slice(name, 0, name.len - 3));
        if (module_is_name(stem) && !has(names, count, stem))
            names[count++] = stem;
    }
    return count;
}

int module_list(
    struct arena *arena, const char *const *dirs, const char *const **ret_names, struct error *err)
{
    const char **names = arena_alloc_array(arena, MODULES + 1, sizeof(*names));
    bool any = false;
    int code = OK;
    size_t count = 0;

    for (; *dirs != NULL; dirs++) {
        DIR *stream = opendir(*dirs);

        if (stream == NULL) {
            code = code != OK ? code : fail(err, E_SYSTEM, "open %s: %s", *dirs, strerror(errno));
            continue;
        }
        any = true;
        count = add_names(arena, stream, names, count);
        closedir(stream);
    }
    if (!any)
        return code;
    qsort(names, count, sizeof(*names), by_name);
    *ret_names = names;
    return OK;
}

int module_missing(
    struct arena *arena, const char *const *dirs, const char *name, struct error *err)
{
    const char *const *names = NULL;
    const char *near = NULL;
    struct error ignored = {0};
    struct buf looked = {.limit = sizeof(err->text)};
    int code;

    for (size_t i = 0; dirs[i] != NULL; i++)
        buf_printf(&looked, "%s%s", i == 0 ? "" : ", ", dirs[i]);
    if (module_list(arena, dirs, &names, &ignored) == OK)
        near = option_suggest(name, names);
    if (near != NULL && strcmp(near, name) == 0) /* a link that leads nowhere */
        code = fail(err, E_NOT_FOUND, "its module in %s leads nowhere", buf_cstr(&looked));
    else
        code = fail(err, E_NOT_FOUND, "there is no such module in %s%s%s%s", buf_cstr(&looked),
            near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
            near == NULL ? "" : "?");
    buf_done(&looked);
    return code;
}
