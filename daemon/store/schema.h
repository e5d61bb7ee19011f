/* schema.h - what the store's file looks like, and who may open it. */
#ifndef WIREROOM_STORE_SCHEMA_H
#define WIREROOM_STORE_SCHEMA_H

#include "store/sql.h"

enum {
    SCHEMA_VERSION = 10,
    SCHEMA_PAGE = 4096,
    STORE_APPLICATION = 0x57525231, /* "WRR1" */
    EPOCH_TEXT = 33,
};

/* Take the lock beside path, so that no second daemon opens the same store; *ret_fd holds it.
 * E_REFUSED when another has it. */
int schema_lock(const char *path, int *ret_fd, struct error *err);

/* What a file is: empty, or a store of this schema, known or not. E_FORMAT when it is neither. */
int schema_look(
    struct sql *sql, const char *path, bool *ret_empty, int64_t *ret_version, struct error *err);

/* Make a new file's tables, or bring a store of an older schema up to the present one. Fills the
 * epoch, 32 hex digits. E_FORMAT when it is something else, newer, or too old. */
int schema_prepare(
    struct sql *sql, const char *path, char ret_epoch[EPOCH_TEXT], struct error *err);

/* The epoch that is written there; another one in its place. */
int schema_epoch(struct sql *sql, char ret_epoch[EPOCH_TEXT], struct error *err);
int schema_renew(struct sql *sql, char ret_epoch[EPOCH_TEXT], struct error *err);

#endif
