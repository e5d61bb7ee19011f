/* conf.c - which files make up the configuration, and where relative paths in it start. */
#include "conf/conf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "conf/conf_access.h"
#include "conf/conf_table.h"
#include "conf/option.h"

enum { CONF_LIMIT = 512 << 20, CONF_FILES = 200, NAMES_MOST = 64, SOCKET_PATH_MOST = 107 };

static const char *const state_dir = "/var/lib/wireroom";
static const char *const run_dir = "/run/wireroom";

/* Where a stage that is no part of the package is installed to. */
static const char *const local_stages[] = {
    "/usr/local/lib/wireroom/stages", "/usr/local/" WIREROOM_LIBDIR "/wireroom/stages", NULL};

/* Names that may stand where `section` is being read: sections and options of the top level, or
 * options of one section. */
static void collect_names(const char *section, const char *names[NAMES_MOST + 1])
{
    size_t count = 0;

    for (const struct conf_section *s = conf_sections; s->name != NULL && section[0] == '\0'; s++)
        names[count++] = s->name;
    for (const struct conf_key *k = conf_keys; k->name != NULL; k++)
        if (strcmp(k->section, section) == 0 && count < NAMES_MOST)
            names[count++] = k->name;
    names[count] = NULL;
}

/* An error ends the reading, unless all are wanted: then it is kept, and none any more. */
static int keep_problem(const struct conf *conf, int code, struct error *err)
{
    if (code == OK || conf->problems == NULL)
        return code;
    buf_printf(conf->problems, "%s\n", err->text);
    *err = (struct error){0};
    return OK;
}

/* An option of the section that has this word in its name: "interval" of "min_interval". */
static const char *has_word(const char *section, const char *word)
{
    for (const struct conf_key *k = conf_keys; k->name != NULL && strlen(word) > 3; k++)
        if (strcmp(k->section, section) == 0 && strstr(k->name, word) != NULL)
            return k->name;
    return NULL;
}

static int unknown(
    const char *section, const struct conf_node *node, const char *file, struct error *err)
{
    const char *names[NAMES_MOST + 1];
    struct bytes option = bytes_of(node->key);
    struct bytes before = bytes_cut(&option, '.');
    const char *meant;
    char whole[NAMES_MOST] = "";

    if (section[0] == '\0' && before.len < sizeof(whole))
        snprintf(whole, sizeof(whole), "%.*s", FMT(before));
    if (whole[0] != '\0' && option.len > 0 && conf_find_key(whole, option.ptr) != NULL)
        return fail(err, E_USAGE, "%s:%zu:%zu: %s: no such option; write %s: { %s: ... }", file,
            node->key_line, node->key_column, node->key, whole, option.ptr);
    for (const struct conf_key *k = conf_keys; k->name != NULL && section[0] == '\0'; k++)
        if (strcmp(k->name, node->key) == 0) /* its section is still commented out */
            return fail(err, E_USAGE,
                "%s:%zu:%zu: %s: no such option here; it stands under %s:", file, node->key_line,
                node->key_column, node->key, k->section);
    collect_names(section, names);
    meant = option_suggest(node->key, names);
    meant = meant == NULL ? has_word(section, node->key) : meant;
    return fail(err, E_USAGE, "%s:%zu:%zu: %s%s%.60s: no such option%s%s%s%s%s", file,
        node->key_line, node->key_column, section, section[0] == '\0' ? "" : ".", node->key,
        meant == NULL ? "" : "; did you mean ", meant == NULL ? "" : section,
        meant == NULL || section[0] == '\0' ? "" : ".", meant == NULL ? "" : meant,
        meant == NULL ? "" : "?");
}

static bool is_empty(const struct conf_node *node)
{
    return node->kind == CONF_SCALAR && node->text[0] == '\0';
}

static int apply_section(struct conf *conf, const struct conf_section *section,
    const struct conf_node *node, const char *file, struct error *err)
{
    if (node->kind == CONF_LIST && section->list_key != NULL)
        return conf_apply(conf, conf_find_key(section->name, section->list_key), node, file, err);
    if (is_empty(node))
        return OK; /* "http:" with all its options commented out */
    if (node->kind != CONF_MAP)
        return fail(err, E_USAGE, "%s:%zu:%zu: %s: expected options, such as %s: { ... }", file,
            node->line, node->column, section->name, section->name);
    for (const struct conf_node *n = node->first; n != NULL; n = n->next) {
        const struct conf_key *key = conf_find_key(section->name, n->key);
        int code = key == NULL ? unknown(section->name, n, file, err)
                               : conf_apply(conf, key, n, file, err);

        code = keep_problem(conf, code, err);
        if (code != OK)
            return code;
    }
    return OK;
}

static int apply_root(
    struct conf *conf, const struct conf_node *root, const char *file, struct error *err)
{
    for (const struct conf_node *n = root->first; n != NULL; n = n->next) {
        const struct conf_key *key = conf_find_key("", n->key);
        const struct conf_section *section = conf_sections;
        int code;

        while (section->name != NULL && strcmp(section->name, n->key) != 0)
            section++;
        if (key != NULL)
            code = conf_apply(conf, key, n, file, err);
        else if (section->name != NULL)
            code = apply_section(conf, section, n, file, err);
        else
            code = unknown("", n, file, err);
        code = keep_problem(conf, code, err);
        if (code != OK)
            return code;
    }
    return OK;
}

int conf_read(struct conf *conf, const char *name, struct bytes text, struct error *err)
{
    struct arena *arena = arena_new(CONF_TREE_LIMIT);
    struct conf_node *root = NULL;
    int code = conf_yaml_parse(arena, name, text, &root, err);

    if (code == OK)
        code = apply_root(conf, root, name, err);
    arena_free(arena);
    return code;
}

static int read_file(struct conf *conf, const char *path, struct error *err)
{
    struct buf text = {.limit = CONF_FILE_LIMIT + 1};
    FILE *file = fopen(path, "re");
    struct stat st = {0};
    int code = OK;
    size_t got = 0;

    if (file == NULL || fstat(fileno(file), &st) != 0)
        code = fail(err, errno == ENOENT ? E_NOT_FOUND : E_SYSTEM, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
        code = fail(err, E_USAGE, "%s: not a file", path);
    while (code == OK && text.len <= CONF_FILE_LIMIT) {
        char block[16384];

        got = fread(block, 1, sizeof(block), file);
        if (got == 0)
            break;
        buf_add(&text, (struct bytes){block, got});
        if (text.over)
            code = fail(err, E_USAGE, "%s: over %d bytes", path, CONF_FILE_LIMIT);
    }
    if (code == OK && ferror(file))
        code = fail(err, E_SYSTEM, "%s: %s", path, strerror(errno));
    if (code == OK)
        code = conf_read(conf, path, buf_bytes(&text), err);
    if (file != NULL)
        fclose(file);
    buf_done(&text);
    return code;
}

static int is_part(const struct dirent *entry)
{
    struct bytes name = bytes_of(entry->d_name);

    return name.len > 5 && name.ptr[0] != '.' && bytes_ends(name, LIT(".yaml"));
}

/* The files of conf.d, in order of name; none when there is no such directory. */
static int read_parts(struct conf *conf, const char *dir, struct error *err)
{
    struct dirent **entries = NULL;
    char path[PATH_MAX];
    int code = OK;
    int count;

    snprintf(path, sizeof(path), "%s/conf.d", dir);
    count = scandir(path, &entries, is_part, alphasort);
    if (count < 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? OK
                   : fail(err, E_SYSTEM, "%s: %s", path, strerror(errno));
    if (count > CONF_FILES)
        code = fail(err, E_USAGE, "%s: over %d files", path, CONF_FILES);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%s/conf.d/%s", dir, entries[i]->d_name);
        if (code == OK)
            code = keep_problem(conf, read_file(conf, path, err), err);
        free(entries[i]);
    }
    free(entries);
    return code;
}

/* path, absolute, taken from dir. */
static const char *resolve(struct arena *arena, const char *dir, const char *path)
{
    char cwd[PATH_MAX];

    if (path[0] == '/')
        return path;
    if (dir[0] == '/')
        return bytes_format(arena, "%s/%s", dir, path).ptr;
    if (getcwd(cwd, sizeof(cwd)) == NULL)
        return path;
    return bytes_format(arena, "%s/%s/%s", cwd, dir, path).ptr;
}

static const char *tidy(struct arena *arena, const char *dir)
{
    char real[PATH_MAX];

    return realpath(dir, real) != NULL ? bytes_cstr(arena, bytes_of(real))
                                       : resolve(arena, ".", dir);
}

/* Where the modules of this program's own build or installation lie. */
static const char *find_stage_dir(struct arena *arena)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
    static const char *const beside[] = {
        WIREROOM_LIBDIR "/wireroom/stages", "lib/wireroom/stages", NULL};
    char *slash;

    self[len < 0 ? 0 : len] = '\0';
    slash = strrchr(self, '/');
    if (slash == NULL)
        return WIREROOM_STAGE_DIR;
    *slash = '\0';
    for (const char *const *dir = beside; *dir != NULL; dir++) {
        const char *path = bytes_format(arena, "%s/../%s", self, *dir).ptr;

        if (access(path, R_OK | X_OK) == 0)
            return tidy(arena, path);
    }
    return WIREROOM_STAGE_DIR;
}

const char *const *conf_stage_dirs(
    struct arena *arena, const char *first, const char *const *further)
{
    const char **dirs;
    size_t count = 0;

    while (further[count] != NULL)
        count++;
    dirs = arena_alloc_array(arena, count + 2, sizeof(*dirs));
    dirs[0] = first;
    count = 1;
    for (; *further != NULL; further++) {
        bool known = false;

        for (size_t i = 0; i < count; i++)
            known = known || strcmp(dirs[i], *further) == 0;
        if (!known && access(*further, R_OK | X_OK) == 0)
            dirs[count++] = *further;
    }
    return dirs;
}

struct places {
    const char *state, *run, *conf;
};

static const char *const *resolve_list(
    struct arena *arena, const char *dir, const char *const *items)
{
    const char **resolved;
    size_t count = 0;

    while (items[count] != NULL)
        count++;
    resolved = arena_alloc_array(arena, count + 1, sizeof(*resolved));
    for (size_t i = 0; i < count; i++)
        resolved[i] = resolve(arena, dir, items[i]);
    return resolved;
}

static int check_socket(
    const struct conf *conf, const struct conf_key *key, const char *path, struct error *err)
{
    if (strlen(path) > SOCKET_PATH_MOST)
        return fail(err, E_USAGE, "%s: %s.%s: %.200s: the path of a socket has at most %d bytes",
            conf_place(conf, key), key->section, key->name, path, SOCKET_PATH_MOST);
    return OK;
}

static int resolve_key(
    struct conf *conf, const struct conf_key *key, const struct places *places, struct error *err)
{
    void *member = (char *)conf + key->offset;
    const char **path = member;
    const char *socket;

    switch (key->type) {
    case CONF_PATH_STATE:
        *path = resolve(conf->arena, places->state, *path);
        return OK;
    case CONF_PATH_RUN:
        *path = resolve(conf->arena, places->run, *path);
        return check_socket(conf, key, *path, err);
    case CONF_ENDPOINT:
        if (!bytes_starts(bytes_of(*path), LIT("ipc://")) ||
            bytes_starts(bytes_of(*path), LIT("ipc://@")))
            return OK;
        socket = resolve(conf->arena, places->run, bytes_from(bytes_of(*path), 6).ptr);
        *path = bytes_format(conf->arena, "ipc://%s", socket).ptr;
        return check_socket(conf, key, *path + 6, err);
    case CONF_PATH_CONF:
    case CONF_PATH_CERTS:
        if ((*path)[0] != '\0')
            *path = resolve(conf->arena, places->conf, *path);
        return OK;
    case CONF_GLOBS:
    case CONF_DIRS:
        *(const char *const **)member =
            resolve_list(conf->arena, places->conf, *(const char *const **)member);
        return OK;
    default:
        return OK;
    }
}

/* With a default in place of a value that was wrong they would tell what nobody wrote. */
static int check_together(const struct conf *conf, struct error *err)
{
    int code = OK;

    if (conf->problems != NULL && conf->problems->len > 0)
        return OK;
    for (size_t i = 0; conf_checks[i] != NULL && code == OK; i++)
        code = keep_problem(conf, conf_checks[i](conf, err), err);
    return code;
}

static int finish(struct conf *conf, const char *dir, struct error *err)
{
    struct places places = {.state = state_dir, .run = run_dir, .conf = WIREROOM_SYSCONF_DIR};
    int code = OK;
    char host[256] = "";

    if (dir != NULL)
        places.state = places.run = places.conf = tidy(conf->arena, dir);
    if (conf->path != NULL) {
        char *parent = bytes_cstr(conf->arena, bytes_of(conf->path));
        char *slash = strrchr(parent, '/');

        if (slash != NULL)
            slash[slash == parent ? 1 : 0] = '\0';
        places.conf = tidy(conf->arena, slash == NULL ? "." : parent);
    }
    for (const struct conf_key *k = conf_keys; k->name != NULL && code == OK; k++)
        code = keep_problem(conf, resolve_key(conf, k, &places, err), err);
    if (code == OK)
        code = check_together(conf, err);
    if (code == OK)
        code = keep_problem(conf, access_finish(conf, places.conf, err), err);
    if (conf->stages.dirs[0] == NULL)
        conf->stages.dirs = conf_stage_dirs(conf->arena, find_stage_dir(conf->arena), local_stages);
    if (conf->instance[0] == '\0' && gethostname(host, sizeof(host) - 1) == 0)
        conf->instance = bytes_cstr(conf->arena, bytes_of(host));
    return code;
}

/* What the sample file says with nothing commented out: the table, read by the same code as any
 * file. */
static struct conf *new_conf(void)
{
    struct arena *arena = arena_new(CONF_LIMIT);
    struct conf *conf = arena_alloc(arena, sizeof(*conf));
    struct buf sample = {0};
    struct buf text = {0};
    struct error err = {0};
    struct bytes rest;

    conf->arena = arena;
    conf_write_sample(&sample);
    for (rest = buf_bytes(&sample); rest.len > 0;) {
        struct bytes line = bytes_cut(&rest, '\n');

        buf_add(&text, bytes_from(line, 1));
        buf_add_byte(&text, '\n');
    }
    if (conf_read(conf, "defaults", buf_bytes(&text), &err) != OK) {
        fprintf(stderr, "%s\n", err.text); /* only a mistake in conf_table.c */
        abort();
    }
    conf->set_at = NULL; /* nobody wrote that */
    conf->stages.where = NULL;
    buf_done(&sample);
    buf_done(&text);
    return conf;
}

struct conf *conf_defaults(void)
{
    struct conf *conf = new_conf();
    struct error err = {0};

    if (finish(conf, NULL, &err) != OK) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    return conf;
}

static int load(struct conf *conf, const char *path, const char *dir, struct error *err)
{
    char parent[PATH_MAX];
    char *slash;
    int code = OK;

    conf->loaded = clock_wall();
    if (path != NULL) {
        conf->path = bytes_cstr(conf->arena, bytes_of(path));
        snprintf(parent, sizeof(parent), "%s", path);
        slash = strrchr(parent, '/');
        if (slash == NULL)
            strcpy(parent, ".");
        else
            slash[slash == parent ? 1 : 0] = '\0';
        code = keep_problem(conf, read_file(conf, path, err), err);
        if (code == OK)
            code = keep_problem(conf, read_parts(conf, parent, err), err);
    }
    return code == OK ? finish(conf, dir, err) : code;
}

int conf_load_all(const char *path, const char *dir, struct conf **ret_conf, struct buf *problems)
{
    struct conf *conf = new_conf();
    struct error err = {0};

    conf->problems = problems;
    load(conf, path, dir, &err);
    conf->problems = NULL;
    *ret_conf = conf;
    return problems->len == 0 ? OK : E_USAGE;
}

int conf_load(const char *path, const char *dir, struct conf **ret_conf, struct error *err)
{
    struct conf *conf = new_conf();
    int code = load(conf, path, dir, err);

    if (code != OK) {
        conf_free(conf);
        return code;
    }
    *ret_conf = conf;
    return OK;
}

void conf_free(struct conf *conf)
{
    if (conf != NULL)
        arena_free(conf->arena);
}
