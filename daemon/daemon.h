/* daemon.h - the parts of a running daemon: opened in order, reloaded together, stopped in order.
 * Only main.c and tests see them all; each room is given those that it uses. */
#ifndef WIREROOM_DAEMON_H
#define WIREROOM_DAEMON_H

#include "base/budget.h"
#include "control/control.h"
#include "flow/feeds.h"
#include "lists/again.h"
#include "store/disk.h"
#include "view/view.h"

struct daemon_options {
    const char *program; /* this one, to start workers of */
    const char *config, *dir;
    bool run_inline;               /* the stages in this process, without workers */
    void (*on_stopped)(void *ctx); /* only closing is left; may be NULL */
    void *ctx;
};

struct daemon {
    struct daemon_options options;
    uv_loop_t *loop;
    struct conf *conf;
    struct conf *started_with;
    struct conf *pooled;  /* the workers run with it; older than conf, or the same */
    struct budget budget; /* of what is on its way */
    struct robots *robots;
    struct feeds feeds;
    struct view view;         /* the other parts, as they are shown */
    struct buf list_warnings; /* what was wrong when the lists were last read, a line each */
    struct again unread;      /* lists that gave nothing then */
    bool lists_failed;        /* the store did not take them */
    struct control *control;
    struct api *api;
    uv_timer_t status;
    struct disk_told told;
    struct notify *notify;
    bool stopping;
};

/* Take conf over and open all parts on loop. An error: some part cannot be opened, and the process
 * is to end. */
int daemon_open(struct daemon *daemon, uv_loop_t *loop, struct conf *conf,
    const struct daemon_options *options, struct error *err);

/* Take up what the store holds and read the lists of feeds; the loop does the rest. */
void daemon_start(struct daemon *daemon);

/* Read the configuration again and apply it; a bad one changes nothing. *ret_summary: "+12 -3
 * feeds, stages unchanged; changed: poll.max_interval; from the next start on: listen.pub". With an
 * error of the store *ret_summary is set all the same: the options hold, and the lists are not
 * taken over. */
int daemon_reload(
    struct daemon *daemon, struct lists_sync *sync, struct buf *ret_summary, struct error *err);

/* End in order: polling, workers, commits, sockets; the loop then runs out. */
void daemon_stop(struct daemon *daemon);

/* Once the loop has run out. */
void daemon_done(struct daemon *daemon);

#endif
