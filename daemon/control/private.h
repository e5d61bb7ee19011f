/* private.h - what the files of the control socket share. */
#ifndef WIREROOM_CONTROL_PRIVATE_H
#define WIREROOM_CONTROL_PRIVATE_H

#include "base/clock.h"
#include "base/json.h"
#include "control/control.h"
#include "view/view.h"

enum {
    CONTROL_CLIENTS = 64,
    CONTROL_LINE = 256 << 10,  /* bytes of a command */
    CONTROL_ANSWER = 64 << 20, /* bytes of all lines of an answer */
    CONTROL_PAGE = 500,        /* feeds or events in one answer; the client asks again for more */
    CONTROL_PAGE_BYTES = 4 << 20,
    OLD_ANSWER = 16 << 20, /* memory for a line of it */
};

/* One connection. One command at a time: the next line is looked at when the answer has been
 * written. */
struct control_client {
    struct control *control;
    const struct view *view;
    const struct feeds *feeds;
    struct control_client *next;
    uv_pipe_t pipe;
    uv_write_t write;
    struct buf in, out;
    bool writing, busy, closing, ended;
    int64_t heard; /* mono: when it last sent something, or took an answer */
    /* The command under way when busy, and how it is told that its client is gone. */
    void *under_way;
    void (*abandon)(void *under_way);
    char block[16384];
};

/* Lines of the answer. Everything goes to client->out; a command that returns without client->busy
 * is answered. */
struct json_writer control_line(struct control_client *client); /* '{' is written */
void control_line_end(struct control_client *client, struct json_writer *w);
void control_fail(struct control_client *client, const struct error *err);
void control_done(struct control_client *client); /* {"done":true} */

/* A command that set client->busy is over: write its answer. */
void control_finish(struct control_client *client);

typedef void control_command(struct control_client *client, const struct json *request);
control_command control_status, control_stages; /* status.c */
control_command control_feeds_list, control_feeds_add, control_feeds_remove, control_feeds_pause,
    control_feeds_resume, control_poll_now;                       /* feeds.c */
control_command control_feeds_show, control_feeds_history;        /* show.c */
control_command control_feeds_test;                               /* test.c */
control_command control_feeds_discover;                           /* discover.c */
control_command control_events, control_article, control_stories; /* log.c */
control_command control_quarantine_list, control_quarantine_show, control_quarantine_retry,
    control_quarantine_remove;  /* quarantine.c */
control_command control_why;    /* why.c */
control_command control_replay; /* replay.c */
control_command control_consumers_list, control_consumers_show, control_consumers_add,
    control_consumers_reset, control_consumers_remove; /* consumers.c */

/* old.c: each line of what was answered to this command gets the old names, too. */
void control_old_names(struct control_client *client, const char *command);

struct poll;

/* feeds.c: nothing is changed while it could not be kept. True: the client was told so. */
bool control_in_trouble(struct control_client *client);
/* Nobody is told of a change that is not on disk. */
void control_done_when_kept(struct control_client *client);

/* feeds.c: a feed by "f0000012", "12" or its address (E_NOT_FOUND). */
int control_find_feed(struct poll *poll, struct bytes name, int64_t *ret_id, struct error *err);

#endif
