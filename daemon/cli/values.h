/* values.h - what an option or a word may be: for shells that complete it. */
#ifndef WIREROOM_CLI_VALUES_H
#define WIREROOM_CLI_VALUES_H

#include "cli/cli.h"

/* The name of a kind of values: "feeds"; NULL of what has none, such as a file. */
const char *values_kind(enum cli_takes takes);

/* Print those of a kind, one a line: the value, and where there is more to say a tab and that. What
 * a daemon knows is asked of it, quietly and for no longer than a user waits. EXIT_OK, also with
 * none; EXIT_USAGE when there is no such kind. */
int values_print(const struct cli_args *args, const char *kind);

#endif
