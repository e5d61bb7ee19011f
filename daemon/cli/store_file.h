/* store_file.h - which store is meant by a verb that reads its file. */
#ifndef WIREROOM_CLI_STORE_FILE_H
#define WIREROOM_CLI_STORE_FILE_H

#include "cli/cli.h"
#include "conf/conf.h"

struct store_file {
    const char *path;   /* lent from the command line or conf */
    const char *config; /* the configuration that holds; NULL for the defaults */
    struct conf *conf;  /* NULL where path was named; for conf_free(), also after a failure */
};

/* Named by the options --store, --config and --dir, each of which may be NULL: without any, the
 * store of the system's configuration, or that of the defaults where there is none. */
int store_file_find(const char *store, const char *config, const char *dir,
    struct store_file *ret_file, struct error *err);

#endif
