/* tail.h - records as they arrive: push from the publisher, gaps filled from the log. */
#ifndef WIREROOM_CLI_TAIL_H
#define WIREROOM_CLI_TAIL_H

#include "cli/client.h"
#include "cli/tail_wanted.h"

struct tail;

struct tail_options {
    int64_t since; /* print the log after this sequence first; < 0: only what comes from now on */
    struct bytes epoch; /* of `since`; empty: the log's, whichever it is */
    int64_t since_time; /* wall: what was recorded from then on, in place of `since`; 0: none */
    int64_t last;       /* only so many, the newest, of what the log holds; 0: all after `since` */
    struct tail_wanted wanted;
    int64_t count;     /* end after so many, 0: never */
    const char *topic; /* only those whose topic begins with it; NULL: all */
    bool json;         /* whole events, one a line */
    bool no_follow;    /* end where the log ends */
};

/* Join the daemon behind client, which becomes the tail's (also when this fails), and print what
 * the log holds after `since`. E_NOT_FOUND when the log ends before it or is of another epoch. */
int tail_open(struct client *client, const struct tail_options *options, struct tail **ret_tail,
    struct error *err);

/* Print what is there and what comes within `timeout` milliseconds (-1: until something came).
 * Returns 1 to go on, 0 at the end, negative when the daemon is gone (E_STOPPED). A daemon that was
 * started again is joined again. */
int tail_step(struct tail *tail, int timeout, struct error *err);

/* How many events were asked for, or missed, and are no longer in the log. They are told on
 * standard error as they are met; those before the log's begin are none when all of it is asked
 * for. */
uint64_t tail_lost(const struct tail *tail);
void tail_close(struct tail *tail);

enum { TAIL_LAST_MOST = 100000 };

/* One event as a line for people, with the date above it when that is another day than the line's
 * before (the first's: than today); names remembers who wrote what, so that a copy can name its
 * original. */
struct tail_names;
struct tail_names *tail_names_new(void);
void tail_names_free(struct tail_names *names);
/* Whether it is known whose the article is, and the event's data that tell (NULL: nobody's any
 * more). */
bool tail_names_has(const struct tail_names *names, struct bytes uri);
void tail_names_put(struct tail_names *names, struct bytes uri, const struct json *data);
const char *tail_story_colour(FILE *file, struct bytes state); /* of a story; "" as cli_colour() */
void tail_print(FILE *file, const struct json *event, struct tail_names *names);

#endif
