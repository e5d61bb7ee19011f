/* demo.h - `wireroom demo`, for those who start it from elsewhere. */
#ifndef WIREROOM_CLI_DEMO_H
#define WIREROOM_CLI_DEMO_H

#include "cli/cli.h"

extern const struct cli_verb cli_demo_verb;

/* Run the demo with a command line of its own; argv[0] is its name. Returns the exit code. */
int verb_demo(int argc, char **argv);

#endif
