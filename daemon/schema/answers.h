/* answers.h - the shape of all that is answered as JSON, by the verbs of the command line and over
 * HTTP: one table, which `wireroom schema` prints and the tests hold every answer to. */
#ifndef WIREROOM_SCHEMA_ANSWERS_H
#define WIREROOM_SCHEMA_ANSWERS_H

#include "base/str.h"

/* What a verb answers under --json; ended by a NULL name. */
struct answer {
    const char *verb; /* "feeds list" */
    const char *type; /* as in answers.c */
    bool lines;       /* one of it a line, and not one in all */
};
extern const struct answer schema_answers[];

/* NULL: no verb of that name answers with JSON. */
const struct answer *schema_answer(const char *verb);

/* Its JSON Schema (draft 2020-12), with all types it needs. */
void schema_write(const struct answer *answer, struct buf *out);

#endif
