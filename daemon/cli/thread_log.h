/* thread_log.h - the articles of a store's log, threaded from nothing. */
#ifndef WIREROOM_CLI_THREAD_LOG_H
#define WIREROOM_CLI_THREAD_LOG_H

#include "base/json.h"
#include "cli/store_file.h"
#include "record/record.h"

/* stages: those of the command line, NULL for the configured ones. Returns the exit code. */
int thread_log(
    const struct cli_args *args, const struct store_file *file, const char *stages, bool json);

/* Members that an article's answer has, whatever it was read from. */
void thread_write_answer(struct json_writer *w, struct bytes id, const struct wr_record *answer);

/* A line, its newline in front, for each article that emitted tells to be in another story from now
 * on. */
void thread_write_moved(const struct wr_record *emitted, struct buf *out);

#endif
