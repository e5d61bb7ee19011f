/* module_option.c - a stage's option table: filled from what the operator wrote, and printed. */
#include "base/json.h"
#include "conf/option.h"
#include "worker/module.h"

enum { OPTIONS = 256 };

static const wr_option *find_option(const wr_stage *stage, const char *name)
{
    for (const wr_option *o = stage->options; o != NULL && o->name != NULL; o++)
        if (strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

static int unknown_option(
    const wr_stage *stage, const struct given_option *given, struct error *err)
{
    const char *names[OPTIONS + 1] = {NULL};
    const char *near;
    size_t count = 0;

    for (const wr_option *o = stage->options; o != NULL && o->name != NULL && count < OPTIONS; o++)
        names[count++] = o->name;
    near = option_suggest(given->name, names);
    return fail(err, E_USAGE, "stage %s has no option \"%.80s\"%s%s%s", stage->name, given->name,
        near == NULL ? "" : "; did you mean ", near == NULL ? "" : near, near == NULL ? "" : "?");
}

static int fill(struct arena *arena, struct module *module, const wr_option *option,
    const char *value, struct error *err)
{
    if (option_parse(arena, option->type, value, (char *)module->self + option->offset, err) != OK)
        return fail_in(err, "stage %s: option %s", module->stage.name, option->name);
    return OK;
}

int module_configure(struct arena *arena, struct module *module, const struct given_option *given,
    size_t count, struct error *err)
{
    int code = OK;

    for (const wr_option *o = module->stage.options; o != NULL && o->name != NULL && code == OK;
         o++)
        code = fill(arena, module, o, o->initial, err);
    for (size_t i = 0; i < count && code == OK; i++) {
        const wr_option *option = find_option(&module->stage, given[i].name);

        if (strcmp(given[i].stage, module->stage.name) != 0)
            continue;
        if (option == NULL)
            code = unknown_option(&module->stage, &given[i], err);
        else
            code = fill(arena, module, option, given[i].value, err);
        if (code != OK && given[i].where != NULL && given[i].where[0] != '\0')
            code = fail_in(err, "%s", given[i].where);
    }
    return code;
}

int module_read_files(
    struct arena *arena, struct module *module, struct stage_files *files, struct error *err)
{
    const struct stage_file *found;
    bool ordered = (module->stage.flags & WR_ORDERED) != 0;

    for (const wr_option *o = module->stage.options; o != NULL && o->name != NULL; o++) {
        wr_file *file = (wr_file *)(void *)((char *)module->self + o->offset);

        if (o->type != WR_FILE || file->path[0] == '\0')
            continue;
        if (files_get(arena, files, file->path, ordered, &found, err) != OK)
            return fail_in(err, "stage %s: option %s", module->stage.name, o->name);
        file->text = (wr_str){found->text.ptr, found->text.len};
    }
    return OK;
}

void module_print_options(const wr_stage *stage, struct buf *out)
{
    if (stage->options == NULL || stage->options->name == NULL) {
        buf_printf(out, "The stage has no options.\n");
        return;
    }
    buf_printf(out, ".Bl -tag -width Ds\n");
    for (const wr_option *o = stage->options; o->name != NULL; o++) {
        buf_printf(out, ".It Ic %s : Ar %s\n", o->name, option_type_name(o->type));
        buf_printf(
            out, "%s.\nDefault:\n.Ql %s\n", o->help, o->initial[0] == '\0' ? "\"\"" : o->initial);
    }
    buf_printf(out, ".El\n");
}

void module_print_json(const struct module *module, struct buf *out)
{
    const wr_stage *stage = &module->stage;
    struct json_writer w = {.out = out};

    json_begin_object(&w, NULL);
    json_cstr(&w, "name", stage->name);
    json_cstr(&w, "version", stage->version);
    if (module->path != NULL)
        json_cstr(&w, "file", module->path);
    json_int(&w, "abi", stage->abi);
    json_bool(&w, "ordered", (stage->flags & WR_ORDERED) != 0);
    json_bool(&w, "needsPage", (stage->flags & WR_NEEDS_PAGE) != 0);
    json_begin_array(&w, "options");
    for (const wr_option *o = stage->options; o != NULL && o->name != NULL; o++) {
        json_begin_object(&w, NULL);
        json_cstr(&w, "name", o->name);
        json_cstr(&w, "type", option_type_name(o->type));
        json_cstr(&w, "initial", o->initial);
        json_cstr(&w, "help", o->help);
        json_end_object(&w);
    }
    json_end_array(&w);
    json_end_object(&w);
}
