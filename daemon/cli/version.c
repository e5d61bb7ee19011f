/* version.c - `wireroom version`. */
#include "cli/verbs.h"

static const struct cli_option options[] = {
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static int run(const struct cli_args *args)
{
    if (cli_given(args, 0))
        printf("{\"name\":\"wireroom\",\"version\":\"%s\"}\n", WIREROOM_VERSION);
    else
        printf("wireroom %s\n", WIREROOM_VERSION);
    return EXIT_OK;
}

const struct cli_verb cli_version_verb = {
    .name = "version",
    .summary = "Print the version.",
    .examples = "wireroom version --json\n",
    .options = options,
    .run = run,
};
