/* module.c - what a shared object must be to be run as a stage. */
#include "worker/module.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "worker/host.h"

/* All that the first release of the ABI had. */
static const size_t least_size = offsetof(wr_stage, load) + sizeof(((wr_stage *)NULL)->load);

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
    case WR_FILE:
        return sizeof(wr_file);
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
            o->offset % (size < sizeof(void *) ? size : sizeof(void *)) != 0)
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
    if (!module_is_name(stage->name))
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

static int take_as(struct arena *arena, const wr_stage *stage, const char *name,
    struct module *ret_module, struct error *err)
{
    int code = module_take(arena, stage, ret_module, err);

    if (code == OK && strcmp(stage->name, name) != 0)
        return fail(err, E_REFUSED, "it calls itself %s", stage->name);
    return code;
}

/* Whoever writes a module runs as the daemon. One that cannot be looked at is refused by dlopen(),
 * which says why. */
static int check_owner(const char *path, struct error *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return OK;
    if ((st.st_mode & S_IWOTH) != 0)
        return fail(err, E_REFUSED, "%s: anybody may write there: chmod o-w", path);
    if (st.st_uid != 0 && st.st_uid != geteuid())
        return fail(err, E_REFUSED, "%s is neither root's nor the daemon's own (uid %u)", path,
            (unsigned)st.st_uid);
    return OK;
}

/* Who may write a folder on the way may put another in its place; where it is sticky only what is
 * its own (inode(7)). */
static int check_way(char *path, struct error *err)
{
    struct stat st;
    int code = OK;

    for (char *at = strrchr(path, '/'); at != NULL && code == OK; at = strrchr(path, '/')) {
        at[at == path] = '\0';
        if (stat(path, &st) == 0 && (st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0)
            code = fail(err, E_REFUSED, "%s: anybody may write there: chmod o-w", path);
        if (at == path)
            break;
    }
    return code;
}

static int check_path(struct arena *arena, const char *path, struct error *err)
{
    char *folder = bytes_cstr(arena, bytes_of(path));

    *strrchr(folder, '/') = '\0';
    if (check_owner(folder, err) != OK || check_owner(path, err) != OK)
        return err->code;
    return check_way(folder, err);
}

/* Links, and where they lead to. */
static int check_place(struct arena *arena, const char *path, struct error *err)
{
    char *real = realpath(path, NULL);
    int code = check_path(arena, path, err);

    if (code == OK && real != NULL)
        code = check_path(arena, real, err);
    free(real);
    return code;
}

static int load_file(struct arena *arena, const char *path, const char *name,
    struct module *ret_module, struct error *err)
{
    void *handle;
    const wr_stage *stage;
    int code;

    if (check_place(arena, path, err) != OK)
        return E_REFUSED;
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        return fail(err, E_REFUSED, "%s", dlerror()); /* which begins with the path */
    stage = dlsym(handle, "wireroom_stage");
    if (stage == NULL)
        code = fail(err, E_REFUSED, "it does not export wireroom_stage");
    else
        code = take_as(arena, stage, name, ret_module, err);
    if (code != OK) {
        dlclose(handle);
        return fail_in(err, "%s", path);
    }
    ret_module->handle = handle;
    ret_module->path = bytes_cstr(arena, bytes_of(path));
    return OK;
}

static int load(struct arena *arena, const char *const *dirs, const char *name,
    struct module *ret_module, struct error *err)
{
    char path[MODULE_PATH];

    if (!module_is_name(name))
        return fail(err, E_USAGE, "a stage's name is 1 to %d of [a-z0-9_-]", MODULE_NAME);
    if (!module_find(dirs, name, path))
        return module_missing(arena, dirs, name, err);
    return load_file(arena, path, name, ret_module, err);
}

int module_load(struct arena *arena, const char *const *dirs, const char *name,
    struct module *ret_module, struct error *err)
{
    struct module module;

    if (load(arena, dirs, name, &module, err) != OK)
        return fail_in(err, "stage %.*s", MODULE_NAME, name);
    *ret_module = module;
    return OK;
}

int module_open(struct module *module, struct error *err)
{
    host_enter_open(module->stage.name);
    if (module->stage.open != NULL && module->stage.open(module->self) != 0)
        return fail(err, E_REFUSED, "stage %s: %s", module->stage.name,
            host_trouble()[0] != '\0' ? host_trouble() : "does not open, and does not say why");
    host_tell_trouble();
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
