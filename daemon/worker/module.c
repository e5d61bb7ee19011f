/* module.c - what a shared object must be to be run as a stage. */
#include "worker/module.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conf/option.h"
#include "worker/host.h"

enum { MODULES = 1024 };

/* All that the first release of the ABI had. */
static const size_t least_size = offsetof(wr_stage, load) + sizeof(((wr_stage *)NULL)->load);

static bool is_stage_name(const char *name)
{
    size_t len = name == NULL ? 0 : strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

    return len > 0 && len <= MODULE_NAME && name[len] == '\0';
}

static size_t member_size(int type)
{
    switch (type) {
    case WR_BOOL:
        return sizeof(bool);
    case WR_INT:
        return sizeof(int64_t);
    case WR_REAL:
        return sizeof(double);
    case WR_TEXT_OPTION:
        return sizeof(const char *);
    default:
        return 0;
    }
}

static int check_options(const wr_stage *stage, struct error *err)
{
    for (const wr_option *o = stage->options; o != NULL && o->name != NULL; o++) {
        size_t size = member_size(o->type);

        if (size == 0)
            return fail(
                err, E_REFUSED, "option %s has type %d, which is not known", o->name, o->type);
        if (o->offset > stage->self_size || size > stage->self_size - o->offset ||
            o->offset % size != 0)
            return fail(err, E_REFUSED, "option %s lies outside the stage's own struct", o->name);
        if (o->initial == NULL || o->help == NULL)
            return fail(err, E_REFUSED, "option %s has no initial value or no help", o->name);
    }
    return OK;
}

static int check(const wr_stage *stage, struct error *err)
{
    if (stage->abi != WR_STAGE_ABI)
        return fail(err, E_REFUSED, "built for stage ABI %u, this daemon speaks %u", stage->abi,
            WR_STAGE_ABI);
    if (stage->size < least_size)
        return fail(err, E_REFUSED, "its wr_stage has %u bytes, fewer than the %zu of stage ABI %u",
            stage->size, least_size, WR_STAGE_ABI);
    if (!is_stage_name(stage->name))
        return fail(err, E_REFUSED, "its name is not 1 to %d of [a-z0-9_-]", MODULE_NAME);
    if (stage->version == NULL || stage->process == NULL)
        return fail(
            err, E_REFUSED, "it has no %s", stage->version == NULL ? "version" : "process()");
    if (stage->self_size > MODULE_SELF)
        return fail(
            err, E_REFUSED, "its own struct has %zu bytes, over %d", stage->self_size, MODULE_SELF);
    return check_options(stage, err);
}

int module_take(
    struct arena *arena, const wr_stage *stage, struct module *ret_module, struct error *err)
{
    struct module module = {0};
    int code = check(stage, err);

    if (code != OK)
        return code;
    memcpy(&module.stage, stage, stage->size < sizeof(wr_stage) ? stage->size : sizeof(wr_stage));
    module.self = arena_alloc(arena, stage->self_size);
    *ret_module = module;
    return OK;
}

/* Close to this name there is one that exists. */
static int not_found(struct arena *arena, const char *dir, const char *name, struct error *err)
{
    const char *const *names = NULL;
    const char *near;

    if (module_list(arena, dir, &names, err) != OK)
        return err == NULL ? E_SYSTEM : err->code;
    near = option_suggest(name, names);
    return fail(err, E_NOT_FOUND, "there is no such module in %s%s%s%s", dir,
        near == NULL ? "" : "; did you mean ", near == NULL ? "" : near, near == NULL ? "" : "?");
}

static int load(struct arena *arena, const char *dir, const char *name, struct module *ret_module,
    struct error *err)
{
    struct bytes path = bytes_format(arena, "%s/%s.so", dir, name);
    const wr_stage *stage;
    void *handle;
    int code;

    if (!is_stage_name(name))
        return fail(err, E_USAGE, "a stage's name is 1 to %d of [a-z0-9_-]", MODULE_NAME);
    if (access(path.ptr, R_OK) != 0 && errno == ENOENT)
        return not_found(arena, dir, name, err);
    handle = dlopen(path.ptr, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        return fail(err, E_REFUSED, "%s", dlerror());
    stage = dlsym(handle, "wireroom_stage");
    if (stage == NULL)
        code = fail(err, E_REFUSED, "%s does not export wireroom_stage", path.ptr);
    else
        code = module_take(arena, stage, ret_module, err);
    if (code == OK && strcmp(ret_module->stage.name, name) != 0)
        code = fail(err, E_REFUSED, "%s calls itself %s", path.ptr, ret_module->stage.name);
    if (code != OK) {
        dlclose(handle);
        return code;
    }
    ret_module->handle = handle;
    return OK;
}

int module_load(struct arena *arena, const char *dir, const char *name, struct module *ret_module,
    struct error *err)
{
    struct module module;

    if (load(arena, dir, name, &module, err) != OK)
        return fail_in(err, "stage %.*s", MODULE_NAME, name);
    *ret_module = module;
    return OK;
}

int module_open(struct module *module, struct error *err)
{
    host_enter(module->stage.name, NULL);
    if (module->stage.open != NULL && module->stage.open(module->self) != 0)
        return fail(err, E_REFUSED, "stage %s: %s", module->stage.name,
            host_trouble()[0] != '\0' ? host_trouble() : "does not open, and does not say why");
    module->open = true;
    return OK;
}

void module_close(struct module *module)
{
    if (module->open && module->stage.close != NULL) {
        host_enter(module->stage.name, NULL);
        module->stage.close(module->self);
    }
    host_enter("stage", NULL);
    if (module->handle != NULL)
        dlclose(module->handle);
    *module = (struct module){0};
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int module_list(
    struct arena *arena, const char *dir, const char *const **ret_names, struct error *err)
{
    const char **names = arena_alloc_array(arena, MODULES + 1, sizeof(*names));
    DIR *stream = opendir(dir);
    struct dirent *entry;
    size_t count = 0;

    if (stream == NULL)
        return fail(err, E_SYSTEM, "open %s: %s", dir, strerror(errno));
    while (count < MODULES && (entry = readdir(stream)) != NULL) {
        struct bytes name = bytes_of(entry->d_name);
        const char *stem;

        if (!bytes_ends(name, LIT(".so")))
            continue;
        stem = bytes_cstr(arena, bytes_slice(name, 0, name.len - 3));
        if (is_stage_name(stem))
            names[count++] = stem;
    }
    closedir(stream);
    qsort(names, count, sizeof(*names), by_name);
    *ret_names = names;
    return OK;
}
