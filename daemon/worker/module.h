/* module.h - a stage module: found, checked, filled with its options, opened. */
#ifndef WIREROOM_WORKER_MODULE_H
#define WIREROOM_WORKER_MODULE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "wireroom/stage.h"

enum { MODULE_NAME = 32, MODULE_SELF = 64 << 20 };

/* An option given by the operator to a stage. */
struct given_option {
    const char *stage;
    const char *name;
    const char *value;
    const char *where; /* "file:line:column", or NULL */
};

struct module {
    wr_stage stage; /* as this daemon knows it: members the module is too old for are zero */
    void *handle;   /* of dlopen(), NULL for a stage that is linked in */
    void *self;     /* on the arena */
    bool open;
};

/* Load dir/NAME.so and check it: E_NOT_FOUND with a did-you-mean when there is none, E_REFUSED when
 * it cannot be loaded, is built for another stage ABI, or says nonsense of itself. Errors begin
 * with "stage NAME: ". module_close() it. */
int module_load(struct arena *arena, const char *dir, const char *name, struct module *ret_module,
    struct error *err);

/* The same for a stage that is linked in. */
int module_take(
    struct arena *arena, const wr_stage *stage, struct module *ret_module, struct error *err);

/* Fill self from the option table: first with the initial values, then with those of given that are
 * for this stage. E_USAGE "file:line:column: what" at the first that is wrong. */
int module_configure(struct arena *arena, struct module *module, const struct given_option *given,
    size_t count, struct error *err);

/* Call open(), which may read files; module_close() calls close() when that went well, and unloads.
 */
int module_open(struct module *module, struct error *err);
void module_close(struct module *module);

/* The names of the modules in dir, sorted; NULL-terminated, on the arena. E_SYSTEM. */
int module_list(
    struct arena *arena, const char *dir, const char *const **ret_names, struct error *err);

/* The options as a table of mdoc(7) for a stage's manual page, and the stage as a JSON object. */
void module_print_options(const wr_stage *stage, struct buf *out);
void module_print_json(const wr_stage *stage, struct buf *out);

#endif
