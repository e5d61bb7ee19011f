/* check.c - `wireroom check-config`: is the configuration right, before a daemon reads it. */
#include "cli/check.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/verbs.h"
#include "conf/conf.h"
#include "conf/conf_certs.h"
#include "conf/conf_table.h"
#include "lists/lists.h"
#include "pool/pool.h"

enum { OPT_SAMPLE, OPT_JSON };
enum { LISTS_ARENA = 1 << 30 };

static const struct cli_option options[] = {
    {"sample", NULL, CLI_TAKES_NOTHING,
        "print a file with every option, commented out, at its default"},
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static const char *const usual = WIREROOM_SYSCONF_DIR "/wireroom.yaml";

/* What is wrong in the lists of feeds that it names. */
static void check_lists(const struct conf *conf, struct buf *warnings)
{
    struct arena *arena = arena_new(LISTS_ARENA);
    struct feed_list list = {0};

    lists_read(arena, conf->feeds, &list);
    *warnings = list.warnings;
    again_clear(&list.unread);
    arena_free(arena);
}

/* Options of a stage that no module is of: nobody reads them. */
static void check_options(const struct conf *conf, struct buf *warnings)
{
    for (size_t i = 0; i < conf->stages.options_count; i++) {
        const struct conf_option *option = &conf->stages.options[i];
        bool is_there = false;

        for (size_t n = 0; conf->stages.dirs[n] != NULL && !is_there; n++) {
            char path[PATH_MAX];

            snprintf(path, sizeof(path), "%s/%s.so", conf->stages.dirs[n], option->stage);
            is_there = access(path, F_OK) == 0;
        }
        if (!is_there)
            buf_printf(warnings, "%s: stages.options.%s.%s: there is no stage %s\n", option->where,
                option->stage, option->name, option->stage);
    }
}

/* Passwords are for the daemon and its operators. */
static void check_secrets(const struct conf *conf, const char *path, struct buf *warnings)
{
    bool has_secret = false;
    struct stat st;

    for (size_t i = 0; i < conf->access_count; i++)
        has_secret = has_secret || conf->access[i].lines != NULL || conf->access[i].key != NULL;
    if (has_secret && stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IROTH) != 0)
        buf_printf(warnings,
            "%s: it has passwords (access) and every user can read it: chmod o-r %s\n", path, path);
}

/* What is not wrong but hardly meant. */
static void check_meant(const struct conf *conf, struct buf *warnings)
{
    check_lists(conf, warnings);
    check_options(conf, warnings);
    if (conf->path != NULL)
        check_secrets(conf, conf->path, warnings);
}

int check_conf(const char *path, const char *dir, struct buf *warnings, struct conf **ret_conf,
    struct error *err)
{
    char program[4096];
    int code = conf_load(path, dir, ret_conf, err);

    if (code == OK)
        code = pool_check(cli_daemon_program(program), *ret_conf, err);
    if (code == OK)
        check_meant(*ret_conf, warnings);
    return code;
}

/* All that is wrong in the file, and in what it gives to modules, which is tried in a worker. */
static void check(const char *path, struct buf *problems, struct buf *warnings)
{
    struct conf *conf = NULL;
    struct error err = {0};
    char program[4096];

    conf_load_all(path, NULL, &conf, problems);
    if (pool_check(cli_daemon_program(program), conf, &err) != OK)
        buf_printf(problems, "%s\n", err.text);
    check_meant(conf, warnings);
    if (!conf_certs_any(conf->http.ca_path))
        buf_printf(warnings, CONF_CERTS_NONE "\n", conf->http.ca_path);
    conf_free(conf);
}

/* "file:line:column: what": the place as members of its own, where there is one. */
static void write_problem(struct json_writer *w, struct bytes text)
{
    struct bytes rest = text;
    struct bytes file = bytes_cut(&rest, ':');
    struct bytes line = bytes_cut(&rest, ':');
    struct bytes column = bytes_cut(&rest, ':');
    int64_t row;
    int64_t place;

    json_begin_object(w, NULL);
    if (bytes_to_int(line, &row) && bytes_to_int(column, &place)) {
        json_string(w, "file", file);
        json_int(w, "line", row);
        json_int(w, "column", place);
        text = bytes_trim(rest);
    }
    json_string(w, "text", text);
    json_end_object(w);
}

static void write_lines(struct json_writer *w, const char *name, const struct buf *lines)
{
    if (lines->len == 0)
        return;
    json_begin_array(w, name);
    for (struct bytes rest = buf_bytes(lines); rest.len > 0;)
        json_string(w, NULL, bytes_cut(&rest, '\n'));
    json_end_array(w);
}

static void write_result(const char *path, const struct buf *problems, const struct buf *warnings)
{
    struct bytes rest = buf_bytes(problems);
    struct buf text = {0};
    struct json_writer w = {.out = &text};

    json_begin_object(&w, NULL);
    json_cstr(&w, "file", path);
    json_bool(&w, "ok", problems->len == 0);
    if (problems->len > 0) {
        json_string(&w, "error", bytes_cut(&rest, '\n'));
        json_begin_array(&w, "errors");
        for (rest = buf_bytes(problems); rest.len > 0;)
            write_problem(&w, bytes_cut(&rest, '\n'));
        json_end_array(&w);
    }
    write_lines(&w, "warnings", warnings);
    json_end_object(&w);
    puts(buf_cstr(&text));
    buf_done(&text);
}

static int check_one(const struct cli_args *args, const char *path)
{
    struct buf problems = {0};
    struct buf warnings = {0};
    int result;

    check(strcmp(path, "-") == 0 ? "/dev/stdin" : path, &problems, &warnings);
    result = problems.len > 0 || warnings.len > 0 ? EXIT_TROUBLE : EXIT_OK;
    if (cli_given(args, OPT_JSON)) {
        write_result(path, &problems, &warnings);
    } else if (result == EXIT_OK) {
        printf("%s: ok\n", path);
    } else {
        fputs(buf_cstr(&problems), stderr);
        fputs(buf_cstr(&warnings), stderr);
    }
    buf_done(&problems);
    buf_done(&warnings);
    return result;
}

static int run(const struct cli_args *args)
{
    int result = EXIT_OK;
    size_t count = args->words_count > 0 ? args->words_count : 1;

    if (cli_given(args, OPT_SAMPLE)) {
        struct buf sample = {0};

        conf_write_sample(&sample);
        fwrite(sample.ptr, 1, sample.len, stdout);
        buf_done(&sample);
        return EXIT_OK;
    }
    for (size_t i = 0; i < count; i++)
        if (check_one(args, args->words_count > 0 ? args->words[i] : usual) != EXIT_OK)
            result = EXIT_TROUBLE;
    return result;
}

const struct cli_verb cli_check_verb = {
    .name = "check-config",
    .words = "[FILE ...]",
    .summary = "Check a configuration: the file, its conf.d, the stages it names and their "
               "options, the lists of feeds.",
    .text = "Without a file: " WIREROOM_SYSCONF_DIR
            "/wireroom.yaml; - is standard input. All errors are told,\nwith file, "
            "line and column where they have one.",
    .examples = "wireroom check-config conf/wireroom.yaml\nwireroom check-config --sample > "
                "wireroom.yaml\n",
    .options = options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FILE,
    .run = run,
};
