/* version.c - `wireroom version`; WIREROOM_HTML is the parser the extract stage was built with. */
#include "cli/verbs.h"

#include "commit.h"

static const struct cli_option options[] = {
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static int run(const struct cli_args *args)
{
    if (cli_given(args, 0))
        puts("{\"name\":\"wireroom\",\"version\":\"" WIREROOM_VERSION
             "\",\"commit\":\"" WIREROOM_COMMIT "\",\"htmlParser\":\"" WIREROOM_HTML "\"}");
    else
        printf("wireroom %s (%s%spages: %s)\n", WIREROOM_VERSION, WIREROOM_COMMIT,
            WIREROOM_COMMIT[0] == '\0' ? "" : ", ", WIREROOM_HTML);
    return EXIT_OK;
}

const struct cli_verb cli_version_verb = {
    .name = "version",
    .summary = "Print the version, its commit, and which HTML parser reads pages.",
    .examples = "wireroom version --json\n",
    .options = options,
    .run = run,
};
