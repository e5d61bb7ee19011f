/* daemon.h - the parts of a running daemon, for those rooms that speak to several of them. */
#ifndef WIREROOM_DAEMON_H
#define WIREROOM_DAEMON_H

#include <uv.h>

#include "base/budget.h"
#include "base/str.h"
#include "conf/conf.h"

struct daemon {
    uv_loop_t *loop;
    struct conf *conf;
    struct store *store;
    struct fetcher *fetcher;
    struct pool *pool;
    struct robots *robots;
    struct poll *poll;
    struct recheck *recheck;
    struct flow *flow;
    struct websub *websub;
    struct deliver *deliver;
    struct control *control;
    struct subscriptions *subscriptions;
    struct budget budget;     /* of what is on its way */
    struct buf list_warnings; /* what was wrong when the lists were last read, a line each */
    int64_t started;          /* wall */
};

/* What the operator's lists of feeds changed. */
struct lists_sync {
    bool force; /* remove what no list names, whatever became of the lists and how much it is */
    size_t added, removed;
    struct buf warnings; /* what is wrong in the lists and what stays for it, a line each */
};

/* Read the feed lists of conf->feeds and bring store and poll in line with them. Feeds stay whose
 * list the configuration names but that cannot be read, is empty or absent; so do many at once. */
int daemon_sync_feeds(struct daemon *daemon, struct lists_sync *sync, struct error *err);

/* Read the configuration again and apply it; a bad one changes nothing. *ret_summary: "+12 -3
 * feeds, stages unchanged; from the next start on: listen.pub". With an error of the store
 * *ret_summary is set all the same: the options hold, and the lists are not taken over. */
int daemon_reload(
    struct daemon *daemon, struct lists_sync *sync, struct buf *ret_summary, struct error *err);

/* End in order: polling, workers, commits, sockets; the loop then runs out. */
void daemon_stop(struct daemon *daemon);

#endif
