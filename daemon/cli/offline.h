/* offline.h - documents through the daemon's own sandboxed workers, without a daemon: in order, one
 * answer each. */
#ifndef WIREROOM_CLI_OFFLINE_H
#define WIREROOM_CLI_OFFLINE_H

#include "cli/cli.h"
#include "conf/conf.h"
#include "fetch/fetch.h"
#include "record/record.h"
#include "worker/job.h"

struct pool;

enum { OFFLINE_LINE = 32 << 20, OFFLINE_FILE = 64 << 20 };

/* A request being made. */
struct offline_request {
    struct arena *arena; /* lives until the answer is written */
    struct wr_record *record;
    struct buf *body; /* for a file's bytes; lent to the record, and free again once the request is
                         on its way */
    void *ctx;        /* the verb's own, handed to write_answer() */
};

/* What one verb asks the workers and how it writes their answers. */
struct offline {
    int job;               /* enum job_kind */
    bool ordered;          /* start the ordered worker too */
    bool then_ordered;     /* a JOB_RECORD's answer goes through the ordered stages too */
    const char *config;    /* path of a configuration, NULL for the defaults */
    const char *stages;    /* comma-separated chain in place of the configured one, NULL for that */
    const char *stage_dir; /* looked in for modules before the configured ones; NULL */
    const struct conf_option *options; /* given to stages over the configured ones; NULL */
    size_t options_count;
    int64_t workers; /* 0: as configured */
    char **files; /* one document each, ended by NULL; NULL: one for each line of standard input */
    /* In place of files and lines: put the next document into source and return 1; 0 behind the
     * last, a negative code when there are no more for a reason. Answers may be empty then, and are
     * not written. NULL */
    int (*next)(const struct offline *offline, struct buf *source, struct error *err);
    void *ctx;               /* the verb's own */
    struct buf *capture;     /* answers go here, a line each, instead of to standard output; NULL */
    bool one_line;           /* never spread JSON over lines, even on a terminal */
    struct bytes site_lines; /* WR_SITE_LINES of each request; empty */
    const char *url;         /* of the document, where the verb gives one */
    const struct cli_args *args;

    /* Make the request from a file's name or a line. An error is the document's answer. */
    int (*read)(const struct offline *offline, struct bytes source, struct offline_request *request,
        struct error *err);
    /* Fill the request from what was fetched: files that are http or https addresses are, as the
     * daemon would, and so is what stages ask for over them. NULL: nothing is fetched. */
    void (*fetched)(const struct fetch_result *result, struct offline_request *request);
    /* Write the answer as one line of JSON, without the newline; an error makes it a failure.
     * answer is lent. */
    int (*write_answer)(void *ctx, struct wr_record *answer, struct buf *out, struct error *err);
    /* Add a line, its newline in front, of what was made beside the answer, and comes before it;
     * NULL: nobody asks. */
    void (*write_emitted)(void *ctx, const struct wr_record *emitted, struct buf *out);
    /* All are answered, and the workers not yet sent home; NULL: nobody asks. */
    void (*ended)(const struct offline *offline, const struct pool *pool);
    /* Write the failure of a line in the same way; ctx is NULL when read() failed. Failed files are
     * told on standard error. */
    void (*write_failure)(void *ctx, const struct error *err, struct buf *out);
};

/* Answer each line or file with JSON on standard output, in order, flushed. Returns the exit code:
 * EXIT_TROUBLE when a file failed, or next() did; lines that failed have their answer and are no
 * trouble. */
int offline_run(const struct offline *offline);

/* The whole of a file ("-": standard input), at most OFFLINE_FILE bytes, into out. */
int offline_read(const char *path, struct buf *out, struct error *err);

/* Read an OPML file in a worker: {"feeds": [{"feed_url", "title", "link", "category"}, ...]}.
 * Returns the exit code, after saying what is wrong. */
int parse_opml(const char *path, struct buf *ret_json);

/* Look at a feed in a worker, as `wireroom feeds test` does: feed_report()'s JSON. url may be "".
 * Returns the exit code, after saying what is wrong. */
int parse_report(const char *path, const char *url, struct buf *ret_json);

/* {"error": "...", "code": "..."} */
void offline_write_failure(void *ctx, const struct error *err, struct buf *out);

#endif
