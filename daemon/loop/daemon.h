/* daemon.h - the parts of a running daemon, for those rooms that speak to several of them. */
#ifndef WIREROOM_LOOP_DAEMON_H
#define WIREROOM_LOOP_DAEMON_H

#include <uv.h>

#include "base/budget.h"
#include "base/conf.h"

struct daemon {
    uv_loop_t *loop;
    struct conf *conf;
    struct store *store;
    struct fetcher *fetcher;
    struct enrich *enrich;
    struct robots *robots;
    struct poll *poll;
    struct recheck *recheck;
    struct flow *flow;
    struct websub *websub;
    struct publish *publish;
    struct control *control;
    struct subscriptions *subscriptions;
    struct budget budget; /* of what is on its way */
    int64_t started;      /* wall */
};

/* Read the configuration again and apply it; a bad one changes nothing. *ret_summary: "+12 -3
 * feeds, stages unchanged", at most 200 bytes. */
int daemon_reload(struct daemon *daemon, char ret_summary[200], struct error *err);

/* Read the feed lists of conf->feeds and bring store and poll in line with them. */
int daemon_sync_feeds(
    struct daemon *daemon, size_t *ret_added, size_t *ret_removed, struct error *err);

/* End in order: polling, workers, commits, sockets; the loop then runs out. */
void daemon_stop(struct daemon *daemon);

#endif
