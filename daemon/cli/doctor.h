/* doctor.h - what is wrong with an installation, part by part, and what mends it. */
#ifndef WIREROOM_CLI_DOCTOR_H
#define WIREROOM_CLI_DOCTOR_H

#include "cli/client.h"
#include "conf/conf.h"

/* FAIL: news is lost or nothing runs until somebody acts. WARN: it will, or some feeds bring less.
 */
enum doctor_level { DOCTOR_WARN, DOCTOR_FAIL };

/* What is looked at, in the order in which it is told. */
enum doctor_part {
    DOCTOR_DAEMON,
    DOCTOR_CONFIGURATION,
    DOCTOR_CERTIFICATES,
    DOCTOR_STORE,
    DOCTOR_DISK,
    DOCTOR_LOG, /* the store's write-ahead log */
    DOCTOR_CLOCK,
    DOCTOR_NETWORK,
    DOCTOR_FILES, /* that may be open */
    DOCTOR_LISTS,
    DOCTOR_FEEDS,
    DOCTOR_SITES,
    DOCTOR_STAGES,
    DOCTOR_QUARANTINE,
    DOCTOR_CONSUMERS,
    DOCTOR_PARTS,
};

struct doctor {
    struct arena *arena;
    const struct cli_args *args;
    const char *config;        /* the configuration that holds; NULL for the defaults */
    struct conf *conf;         /* NULL when it cannot be read */
    const struct json *status; /* the daemon's; NULL without one */
    bool looked[DOCTOR_PARTS]; /* there was something to look at */
    size_t found[DOCTOR_PARTS], findings;
    struct finding *first, **last;
};

/* Something is wrong; `mend` is a command, or what to do. Both live on the doctor's arena. */
void doctor_tell(struct doctor *doctor, enum doctor_level level, enum doctor_part part,
    const char *text, const char *mend);

/* Text on the doctor's arena. */
const char *doctor_text(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Configuration, certificates, and with no daemon to ask the store's file, its disk and the clock.
 */
void doctor_files(struct doctor *doctor);

/* What the daemon says of itself; for its feeds and consumers it is asked on. */
void doctor_daemon(struct doctor *doctor, struct client *client);

/* Whether the store has room to grow to its limit, -1 for what is not known. */
void doctor_disk(struct doctor *doctor, const char *path, int64_t size, int64_t most, int64_t left);

#endif
