/* stages.h - what the verbs below `wireroom stages` share. */
#ifndef WIREROOM_CLI_STAGES_H
#define WIREROOM_CLI_STAGES_H

#include "base/json.h"
#include "cli/cli.h"
#include "cli/offline.h"

extern const struct cli_verb cli_stages_bench_verb;
extern const struct cli_verb cli_stages_new_verb;
extern const struct cli_verb cli_stages_run_verb;

/* The request's record from a published event, or from its data member alone, with the page in a
 * file where there is one (NULL). E_FORMAT does not name the file. */
int stages_fill(
    const struct json *value, const char *page, struct offline_request *request, struct error *err);

/* How one stage went over one record; lent from it. */
struct stages_outcome {
    struct bytes stage, status;
    int64_t micros;
};

bool stages_next_outcome(
    const struct wr_record *rec, size_t *at, struct stages_outcome *ret_outcome);
bool stages_failed(const struct stages_outcome *outcome);
/* It failed because it was not run any more. */
bool stages_skipped(const struct stages_outcome *outcome);

/* Say why, as the record's notes have it. */
void stages_tell_failure(
    const char *path, const struct wr_record *rec, const struct stages_outcome *outcome);

/* What the daemon's log would say of workers that died and of stages that are not run any more is
 * told by stages_tell_failure(), and by nobody else. */
void stages_tell_alone(void);

/* True after saying that a word is a module where a record should be, and how that is run. */
bool stages_refuse_module(const struct cli_args *args);

/* tests/fuzz.c of a new stage; @n stands for its name. */
extern const char stages_new_fuzz[];

#endif
