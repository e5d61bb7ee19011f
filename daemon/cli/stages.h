/* stages.h - what the verbs below `wireroom stages` share. */
#ifndef WIREROOM_CLI_STAGES_H
#define WIREROOM_CLI_STAGES_H

#include "cli/cli.h"

extern const struct cli_verb cli_stages_new_verb;
extern const struct cli_verb cli_stages_run_verb;

#endif
