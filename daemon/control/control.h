/* control.h - commands on a local socket: one JSON object a line asks, one or more answer. */
#ifndef WIREROOM_CONTROL_CONTROL_H
#define WIREROOM_CONTROL_CONTROL_H

#include "flow/feeds.h"
#include "lists/sync.h"
#include "view/view.h"

struct control;

/* What an operator may do to the daemon as a whole; ctx is theirs. */
struct control_hooks {
    /* Read the configuration again and apply it; a bad one changes nothing. *ret_summary says what
     * changed; with an error it is set when the options hold and the lists are not taken over. */
    int (*reload)(void *ctx, struct lists_sync *sync, struct buf *ret_summary, struct error *err);
    void (*stop)(void *ctx);
    void *ctx;
};

/* Listen at listen.control of view->conf; view and feeds are lent until control_close(). */
int control_open(uv_loop_t *loop, const struct view *view, const struct feeds *feeds,
    const struct control_hooks *hooks, struct control **ret_control, struct error *err);
void control_close(struct control *control);

#endif
