/* work_settings.c - how a worker is told what the configuration says. */
#include "worker/work.h"

static void set_int(struct wr_record *rec, const char *name, int64_t value)
{
    struct bytes text = bytes_format(rec->arena, "%lld", (long long)value);

    wr_set_extra(rec, name, (wr_str){text.ptr, text.len});
}

static struct bytes get_text(const struct wr_record *rec, const char *name)
{
    wr_str value = wr_get_extra(rec, name);

    return (struct bytes){value.ptr, value.len};
}

static int64_t get_int(const struct wr_record *rec, const char *name)
{
    int64_t value = 0;

    bytes_to_int(get_text(rec, name), &value);
    return value;
}

void work_add_list(struct wr_record *rec, int field, const char *const *values)
{
    for (; values != NULL && *values != NULL; values++)
        record_add(rec, field, bytes_of(*values));
}

void work_request(struct wr_record *request, const struct conf *conf, enum chain_kind kind,
    const char *const *set_aside)
{
    set_int(request, "kind", kind);
    set_int(request, "memory", conf->workers.memory);
    set_int(request, "max_decoded", conf->workers.max_decoded);
    set_int(request, "max_entries", conf->poll.max_entries);
    set_int(request, "sitemap_age", conf->poll.sitemap_age);
    set_int(request, "sandbox", conf->workers.sandbox ? 1 : 0);
    work_add_list(request, REC_STAGE_DIR, conf->stages.dirs);
    work_add_list(request, REC_STAGE, conf->stages.names);
    work_add_list(request, REC_SKIP, set_aside);
    for (size_t i = 0; i < conf->stages.options_count; i++) {
        const struct conf_option *o = &conf->stages.options[i];

        record_add(request, REC_OPTION,
            bytes_format(request->arena, "%s\t%s\t%s\t%s", o->stage, o->name,
                o->where == NULL ? "" : o->where, o->value));
    }
}

const char *const *work_get_list(struct wr_record *rec, int field)
{
    size_t count = wr_count(rec, field);
    const char **list = arena_alloc_array(rec->arena, count + 1, sizeof(*list));

    for (size_t i = 0; i < count; i++)
        list[i] = bytes_cstr(rec->arena, record_get_at(rec, field, i));
    return list;
}

static struct given_option read_option(struct arena *arena, struct bytes text)
{
    struct given_option option;

    option.stage = bytes_cstr(arena, bytes_cut(&text, '\t'));
    option.name = bytes_cstr(arena, bytes_cut(&text, '\t'));
    option.where = bytes_cstr(arena, bytes_cut(&text, '\t'));
    option.value = bytes_cstr(arena, text);
    return option;
}

/* all is what WORKER_FILES holds. */
static struct stage_file read_file_line(struct arena *arena, struct bytes all, struct bytes line)
{
    struct stage_file file = {.text = {NULL, 0}};
    int64_t place = 0;
    int64_t len = 0;
    bool there = bytes_to_int(bytes_cut(&line, '\t'), &place);

    bytes_to_int(bytes_cut(&line, '\t'), &len);
    if (there && place >= 0 && len >= 0)
        file.text = bytes_slice(all, (size_t)place, (size_t)len);
    file.path = bytes_cstr(arena, line);
    return file;
}

void work_read_files(struct wr_record *request, struct bytes all, struct work_settings *settings)
{
    size_t count = wr_count(request, REC_FILE);
    struct stage_file *files = arena_alloc_array(request->arena, count, sizeof(*files));

    for (size_t i = 0; i < count; i++)
        files[i] = read_file_line(request->arena, all, record_get_at(request, REC_FILE, i));
    settings->files = files;
    settings->files_count = count;
}

void work_read_request(struct wr_record *request, struct work_settings *ret_settings)
{
    size_t count = wr_count(request, REC_OPTION);
    struct given_option *options = arena_alloc_array(request->arena, count, sizeof(*options));

    for (size_t i = 0; i < count; i++)
        options[i] = read_option(request->arena, record_get_at(request, REC_OPTION, i));
    *ret_settings = (struct work_settings){
        .dirs = work_get_list(request, REC_STAGE_DIR),
        .stages = work_get_list(request, REC_STAGE),
        .set_aside = work_get_list(request, REC_SKIP),
        .options = options,
        .options_count = count,
        .kind = (int)get_int(request, "kind"),
        .memory = (size_t)get_int(request, "memory"),
        .max_decoded = (size_t)get_int(request, "max_decoded"),
        .max_entries = get_int(request, "max_entries"),
        .sitemap_age = get_int(request, "sitemap_age"),
        .sandbox = get_int(request, "sandbox") != 0,
    };
}
