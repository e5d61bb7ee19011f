/* module.h - a stage module: found, checked, filled with its options, opened. */
#ifndef WIREROOM_WORKER_MODULE_H
#define WIREROOM_WORKER_MODULE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "wireroom/stage.h"
#include "worker/files.h"

/* MODULE_PATH: as PATH_MAX. */
enum { MODULE_NAME = 32, MODULE_SELF = 64 << 20, MODULE_PATH = 4096 };

/* An option given by the operator to a stage. */
struct given_option {
    const char *stage;
    const char *name;
    const char *value;
    const char *where; /* "file:line:column", or NULL */
};

struct module {
    wr_stage stage;   /* as this daemon knows it: members the module is too old for are zero */
    void *handle;     /* of dlopen(), NULL for a stage that is linked in */
    const char *path; /* of its file, on the arena; NULL for such a stage */
    void *self;       /* on the arena */
    bool open;
};

/* Load NAME.so from the first of dirs (NULL-terminated) that has it, and check it: E_NOT_FOUND with
 * the directories and a did-you-mean when there is none, E_REFUSED with the file when it cannot be
 * loaded, is built for another stage ABI, or says nonsense of itself. Errors begin with
 * "stage NAME: ". module_close() it. */
int module_load(struct arena *arena, const char *const *dirs, const char *name,
    struct module *ret_module, struct error *err);

/* The same for a stage that is linked in. */
int module_take(
    struct arena *arena, const wr_stage *stage, struct module *ret_module, struct error *err);

/* Fill self from the option table: first with the initial values, then with those of given that are
 * for this stage. E_USAGE "file:line:column: what" at the first that is wrong. */
int module_configure(struct arena *arena, struct module *module, const struct given_option *given,
    size_t count, struct error *err);

/* Fill the options that are files with what these hold; those that files has not are read, and
 * added to it. E_* names the option. */
int module_read_files(
    struct arena *arena, struct module *module, struct stage_files *files, struct error *err);

/* Call open(), which may read files; module_close() calls close() when that went well, and unloads.
 */
int module_open(struct module *module, struct error *err);
void module_close(struct module *module);

/* module_find.c: the file of the module in the first of dirs that has it; what there is to say when
 * none has; what a stage may be called. */
bool module_find(const char *const *dirs, const char *name, char ret_path[MODULE_PATH]);
int module_missing(
    struct arena *arena, const char *const *dirs, const char *name, struct error *err);
bool module_is_name(const char *name);

/* The names of the modules in all of dirs, sorted, each once; NULL-terminated, on the arena.
 * E_SYSTEM when none of dirs can be read. */
int module_list(
    struct arena *arena, const char *const *dirs, const char *const **ret_names, struct error *err);

/* The options as a table of mdoc(7) for a stage's manual page, and the stage as a JSON object. */
void module_print_options(const wr_stage *stage, struct buf *out);
void module_print_json(const struct module *module, struct buf *out);

#endif
