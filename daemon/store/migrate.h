/* migrate.h - from the schema of an older release to the present one. */
#ifndef WIREROOM_STORE_MIGRATE_H
#define WIREROOM_STORE_MIGRATE_H

#include "store/sql.h"

enum { SCHEMA_OLDEST = 6 /* that a store may have: migrations begin with it */ };

/* Bring a store of schema `from`, SCHEMA_OLDEST or later, to SCHEMA_VERSION: one transaction a
 * step, so that a store is always of one schema or the next, whatever ends the process. An error
 * names the step; what earlier steps did stays. */
int schema_migrate(struct sql *sql, const char *path, int64_t from, struct error *err);

#endif
