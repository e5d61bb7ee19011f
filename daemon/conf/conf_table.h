/* conf_table.h - the one table of all options: it parses, checks, and writes conf/wireroom.yaml and
 * its manual. */
#ifndef WIREROOM_CONF_CONF_TABLE_H
#define WIREROOM_CONF_CONF_TABLE_H

#include "base/conf_yaml.h"
#include "conf/conf.h"

enum conf_type {
    CONF_TEXT,        /* const char * */
    CONF_COUNT,       /* int64_t */
    CONF_DURATION,    /* int64_t, microseconds */
    CONF_SIZE,        /* int64_t, bytes */
    CONF_BOOL,        /* bool */
    CONF_FIRST_FETCH, /* poll.first_fetch and poll.first_count */
    CONF_PATH_STATE,  /* const char *, relative to the state directory */
    CONF_PATH_RUN,    /* const char *, relative to the run directory */
    CONF_ADDRESS,     /* const char *: address and port, or empty */
    CONF_URL,         /* const char *: http or https without query, or empty; no slash at its end */
    CONF_ENDPOINT,    /* const char *; the path of ipc:// is relative to the run directory */
    CONF_PATH_CONF,   /* const char *, relative to the directory of the file */
    CONF_PATH_CERTS,  /* the same; a directory that is there when it is set */
    CONF_NAMES,       /* const char *const *: names of stages */
    CONF_NETWORKS,    /* const char *const *: addresses and networks */
    CONF_URLS,        /* const char *const *: http and https addresses */
    CONF_GLOBS,       /* const char *const *, relative to the directory of the file */
    CONF_DIRS,        /* the same; one may stand alone */
    CONF_OPTIONS,     /* stages.options */
    CONF_ACCESS,      /* access: options by address (conf_access.h) */
};

/* From when on another value counts. */
enum conf_applied {
    CONF_AT_ONCE,    /* a reload applies it */
    CONF_IN_WORKERS, /* a reload applies it and starts new workers */
    CONF_AT_START,   /* what the daemon was started with holds until it ends */
};

struct conf_key {
    const char *section; /* "" for the top level */
    const char *name;
    enum conf_type type;
    size_t offset;       /* of the member in struct conf */
    const char *initial; /* as it is written in YAML */
    int64_t least, most; /* of a number */
    const char *help;    /* sentences for the sample file and the manual */
    enum conf_applied applied;
};

struct conf_section {
    const char *name;
    const char *help;
    const char
        *list_key; /* the option that is meant when the section is written as a list, or NULL */
};

extern const struct conf_key conf_keys[];         /* ends with a NULL name */
extern const struct conf_section conf_sections[]; /* ends with a NULL name */

const struct conf_key *conf_find_key(const char *section, const char *name);

/* Where the option was set, "file:line:column", else the file. */
const char *conf_place(const struct conf *conf, const struct conf_key *key);

/* What options say together, each after all are read; ends with NULL. */
extern int (*const conf_checks[])(const struct conf *conf, struct error *err);

/* Check the value of one option and store it in conf. file is the name for errors. */
int conf_apply(struct conf *conf, const struct conf_key *key, const struct conf_node *node,
    const char *file, struct error *err);

/* The directories of modules where stages.dir is silent: the first, and those of further
 * (NULL-terminated) that are there and were not named yet. */
const char *const *conf_stage_dirs(
    struct arena *arena, const char *first, const char *const *further);

/* Read one file's text over conf: parse, then conf_apply() for each option it sets. */
int conf_read(struct conf *conf, const char *name, struct bytes text, struct error *err);

/* Names of the options of a kind whose values differ, separated by ", ". */
void conf_list_changed(
    const struct conf *before, const struct conf *now, enum conf_applied applied, struct buf *out);

/* conf/wireroom.yaml: every option, commented out, at its default. Without the first '#' of each
 * line it is a file that sets everything. */
void conf_write_sample(struct buf *out);

/* conf/wireroom.yaml.5, in mdoc. */
void conf_write_manual(struct buf *out);

#endif
