/* check.c - `wireroom check-config`: is the configuration right, before a daemon reads it. */
#include "cli/check.h"

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
    arena_free(arena);
}

int check_conf(const char *path, const char *dir, struct buf *warnings, struct conf **ret_conf,
    struct error *err)
{
    char program[4096];
    int code = conf_load(path, dir, ret_conf, err);

    if (code == OK)
        code = pool_check(cli_daemon_program(program), *ret_conf, err);
    if (code == OK)
        check_lists(*ret_conf, warnings);
    return code;
}

static int check(const char *path, struct buf *warnings, struct error *err)
{
    struct conf *conf = NULL;
    int code = check_conf(path, NULL, warnings, &conf, err);

    if (code == OK && !conf_certs_any(conf->http.ca_path))
        buf_printf(warnings, CONF_CERTS_NONE "\n", conf->http.ca_path);
    conf_free(conf);
    return code;
}

static void write_result(const char *path, const struct buf *warnings, const struct error *err)
{
    struct buf text = {0};
    struct json_writer w = {.out = &text};

    json_begin_object(&w, NULL);
    json_cstr(&w, "file", path);
    json_bool(&w, "ok", err->code == OK);
    if (err->code != OK)
        json_cstr(&w, "error", err->text);
    if (warnings->len > 0)
        json_begin_array(&w, "warnings");
    for (struct bytes rest = buf_bytes(warnings); rest.len > 0;)
        json_string(&w, NULL, bytes_cut(&rest, '\n'));
    if (warnings->len > 0)
        json_end_array(&w);
    json_end_object(&w);
    puts(buf_cstr(&text));
    buf_done(&text);
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
    for (size_t i = 0; i < count; i++) {
        const char *path = args->words_count > 0 ? args->words[i] : usual;
        struct buf warnings = {0};
        struct error err = {0};

        if (check(path, &warnings, &err) != OK || warnings.len > 0)
            result = EXIT_TROUBLE;
        if (cli_given(args, OPT_JSON))
            write_result(path, &warnings, &err);
        else if (err.code != OK)
            fprintf(stderr, "%s\n", err.text);
        else if (warnings.len > 0)
            fwrite(warnings.ptr, 1, warnings.len, stderr);
        else
            printf("%s: ok\n", path);
        buf_done(&warnings);
    }
    return result;
}

const struct cli_verb cli_check_verb = {
    .name = "check-config",
    .words = "[FILE ...]",
    .summary = "Check a configuration: the file, its conf.d, the stages it names and their "
               "options, the lists of feeds.",
    .text = "Without a file: " WIREROOM_SYSCONF_DIR
            "/wireroom.yaml. An error names file, line and column.",
    .examples = "wireroom check-config conf/wireroom.yaml\nwireroom check-config --sample > "
                "wireroom.yaml\n",
    .options = options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FILE,
    .run = run,
};
