/* deliver.h - all that comes after the log: every committed event comes in by one door, in order of
 * sequence, and goes on to whoever reads the log. */
#ifndef WIREROOM_DELIVER_DELIVER_H
#define WIREROOM_DELIVER_DELIVER_H

#include <uv.h>

#include "conf/conf.h"
#include "deliver/pull.h"
#include "deliver/push.h"
#include "store/store.h"

struct deliver;

/* Bind listen.pub and listen.pull and take all that store commits from now on. */
int deliver_open(uv_loop_t *loop, const struct conf *conf, struct store *store,
    struct deliver **ret_deliver, struct error *err);
void deliver_counters(const struct deliver *deliver, struct push_counters *ret_push);
void deliver_reload(struct deliver *deliver, const struct conf *conf);
/* The daemon's own, "" when no keys are asked for. */
const char *deliver_public_key(const struct deliver *deliver);
struct readers *deliver_readers(const struct deliver *deliver);
struct pull *deliver_pull(const struct deliver *deliver);

/* After store_close(), which still hands over what was committed last. NULL is allowed. */
void deliver_close(struct deliver *deliver);

#endif
