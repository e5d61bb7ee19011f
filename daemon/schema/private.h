/* private.h - the table of answers.c, and who reads it. */
#ifndef WIREROOM_SCHEMA_PRIVATE_H
#define WIREROOM_SCHEMA_PRIVATE_H

#include "schema/answers.h"

struct schema_type {
    const char *name, *members; /* as answers.c says */
};
extern const struct schema_type schema_types[]; /* ended by a NULL name */

#endif
