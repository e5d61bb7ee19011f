/* stages.c - `wireroom stages list`: what modules there are. */
#include "cli/stages.h"
#include "base/json.h"
#include "cli/client.h"
#include "cli/verbs.h"
#include "conf/conf.h"
#include "pool/pool.h"

enum { LIST_ARENA = 64 << 20 };

enum { LIST_DIR, LIST_JSON };

static const struct cli_option list_options[] = {
    {"dir", "DIR", CLI_TAKES_DIR, "directory of the modules (default: the usual ones)"},
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON, a module a line"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static void list_option(const struct json *option)
{
    printf("    ");
    cli_print(stdout, json_get_text(option, "name"), 18, true);
    printf(" %s", cli_colour(stdout, CLI_DIM));
    cli_print(stdout, json_get_text(option, "help"), 200, false);
    printf(" (");
    cli_print(stdout, json_get_text(option, "initial"), 40, false);
    printf(")%s\n", cli_colour(stdout, CLI_PLAIN));
}

static void list_module(const struct json *module)
{
    const struct json *options = json_get(module, "options");
    struct bytes error = json_get_text(module, "error");
    struct bytes file = json_get_text(module, "file");

    printf("%s", cli_colour(stdout, CLI_BOLD));
    cli_print(stdout, json_get_text(module, "name"), 14, true);
    printf("%s ", cli_colour(stdout, CLI_PLAIN));
    if (error.len > 0) {
        printf("%s", cli_colour(stdout, CLI_RED));
        cli_print(stdout, error, 300, false);
        printf("%s\n", cli_colour(stdout, CLI_PLAIN));
        return;
    }
    cli_print(stdout, json_get_text(module, "version"), 8, true);
    printf("%s%s  %s", json_get_bool(module, "ordered", false) ? "  sees records in order" : "",
        json_get_bool(module, "needsPage", false) ? "  needs the page" : "",
        cli_colour(stdout, CLI_DIM));
    cli_print(stdout, file, file.len, false);
    printf("%s\n", cli_colour(stdout, CLI_PLAIN));
    for (const struct json *o = options == NULL ? NULL : options->first; o != NULL; o = o->next)
        list_option(o);
}

static int run_list(const struct cli_args *args)
{
    const char *const given[] = {cli_value(args, LIST_DIR), NULL};
    struct arena *arena = arena_new(LIST_ARENA);
    struct conf *conf = conf_defaults();
    struct json *modules = NULL;
    struct error err = {0};
    struct bytes text = {0};
    char program[4096];
    int result = EXIT_OK;

    if (pool_describe(arena, cli_daemon_program(program),
            given[0] != NULL ? given : conf->stages.dirs, &text, &err) != OK ||
        json_parse(arena, text, &modules, &err) != OK)
        result = cli_trouble("%s", err.text);
    for (const struct json *m = modules == NULL ? NULL : modules->first; m != NULL; m = m->next) {
        if (cli_given(args, LIST_JSON))
            client_print_json(m);
        else
            list_module(m);
    }
    conf_free(conf);
    arena_free(arena);
    return result;
}

static const struct cli_verb list_verb = {
    .name = "list",
    .summary = "List the modules there are, with their files and options.",
    .examples = "wireroom stages list\nwireroom stages list --dir ./build\n",
    .options = list_options,
    .run = run_list,
};

static const struct cli_verb *const verbs[] = {
    &list_verb, &cli_stages_run_verb, &cli_stages_bench_verb, &cli_stages_new_verb, NULL};

const struct cli_verb cli_stages_verb = {
    .name = "stages",
    .summary = "List stage modules, run and measure them on records, begin a new one.",
    .examples = "wireroom stages list\nwireroom stages new mine\n",
    .verbs = verbs,
};
