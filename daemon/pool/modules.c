/* modules.c - knows when a module was exchanged under the workers that have it open. */
#include "base/log.h"
#include "pool/private.h"

struct module_file module_file_at(const char *path)
{
    struct module_file file = {0};
    struct stat st;

    if (stat(path, &st) == 0)
        file = (struct module_file){st.st_dev, st.st_ino, st.st_size, st.st_mtim};
    return file;
}

static struct module_file file_of(const struct conf *conf, const char *name)
{
    char path[MODULE_PATH];

    return module_find(conf->stages.dirs, name, path) ? module_file_at(path)
                                                      : (struct module_file){0};
}

void modules_note(struct pool *pool, const struct conf *conf)
{
    for (size_t i = 0; i < pool->stage_count; i++)
        pool->stages[i].file = file_of(conf, pool->stages[i].name);
}

bool module_file_is_same(const struct module_file *a, const struct module_file *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

const char *pool_changed(const struct pool *pool)
{
    for (size_t i = 0; i < pool->stage_count && pool->inline_plain == NULL; i++) {
        struct module_file now = file_of(pool->conf, pool->stages[i].name);

        if (!module_file_is_same(&now, &pool->stages[i].file))
            return pool->stages[i].name;
    }
    return NULL;
}

bool modules_reopen(struct pool *pool)
{
    const char *changed = pool_changed(pool);
    struct error err = {0};

    if (changed == NULL)
        return false;
    log_info("stages are opened again: the module of stage=%s has changed", changed);
    if (pool_reload(pool, pool->conf, &err) != OK) {
        log_error("stages are not opened again: cause=\"%s\"; records wait for a module that is "
                  "whole",
            err.text);
        pool->modules++;
        modules_note(pool, pool->conf);
    }
    return true;
}
