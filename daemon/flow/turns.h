/* turns.h - whose turn it is: places among the records on their way, shared by feeds and hosts.
 *
 * Each record waits in the line of its feed and host. A feed, and a host, holds at most one place
 * for every seven that are free: alone an eighth of all, and many greedy ones still leave room for
 * the next (dynamic thresholds, Choudhury and Hahne, IEEE/ACM ToN 6(2), 1998, with alpha = 1/7).
 * Lines take their turns feed by feed, and within a feed host by host. The records themselves lie
 * in the store: a line is its two numbers, a count and the row it has come to. */
#ifndef WIREROOM_FLOW_TURNS_H
#define WIREROOM_FLOW_TURNS_H

#include <sys/queue.h>

#include "base/table.h"

struct line {
    int64_t feed, host;
    int64_t after;  /* rows up to this one are on their way, or over */
    size_t waiting; /* rows behind it, or a few less */
    TAILQ_ENTRY(line) in_feed;
};
TAILQ_HEAD(line_list, line);

/* What a feed or a host holds and wants. */
struct share {
    int64_t key;
    size_t taken;               /* places */
    size_t waiting;             /* rows, of a feed */
    struct line_list lines;     /* of a feed */
    TAILQ_ENTRY(share) in_turn; /* a feed with lines */
};

struct turns {
    struct table feeds, hosts, lines;
    TAILQ_HEAD(, share) ring; /* feeds with lines, the next one first */
    size_t places;            /* there are */
    size_t taken;
    size_t waiting;
};

void turns_init(struct turns *turns);
void turns_done(struct turns *turns); /* all places are given back */

/* Whether a record of feed and host may go now, no other of that line being before it. host 0: none
 * is asked for it. */
bool turns_may_take(const struct turns *turns, int64_t feed, int64_t host);
void turns_take(struct turns *turns, int64_t feed, int64_t host);
void turns_give(struct turns *turns, int64_t feed, int64_t host); /* the record is over */

/* So many more rows of that line wait, the first of them `row`. */
void turns_wait(struct turns *turns, int64_t feed, int64_t host, int64_t row, size_t count);

/* The line that is next, or NULL: none may go, or none was found in one look: ask again soon. The
 * caller takes its first row after line->after and says so by turns_step(), or that there is none
 * by turns_leave(). */
struct line *turns_next(struct turns *turns);
void turns_step(struct turns *turns, struct line *line, int64_t row);
void turns_leave(struct turns *turns, struct line *line);

/* Whether a feed with so many rows waiting of most that may wait in all should bring more. */
bool turns_may_bring(const struct turns *turns, int64_t feed, size_t most);

#endif
