/* turns.h - whose turn it is: places among the records on their way, shared by feeds and hosts.
 *
 * Each record waits in the line of its feed and host. A feed, and a host, holds at most one place
 * for every seven that are free: alone an eighth of all, and many greedy ones still leave room for
 * the next (dynamic thresholds, Choudhury and Hahne, IEEE/ACM ToN 6(2), 1998, with alpha = 1/7).
 * Lines take their turns feed by feed, and within a feed host by host. The records themselves lie
 * in the store: a line is its two numbers and those of its rows. */
#ifndef WIREROOM_FLOW_TURNS_H
#define WIREROOM_FLOW_TURNS_H

#include <sys/queue.h>

#include "base/table.h"

struct waiting {
    int64_t row;
    size_t bytes; /* of its record */
};

struct line {
    int64_t feed, host;
    struct waiting *rows; /* in order; `first` of them have gone */
    size_t first, count, cap;
    TAILQ_ENTRY(line) in_feed;
};
TAILQ_HEAD(line_list, line);

/* What a feed or a host holds and wants. */
struct share {
    int64_t key;
    size_t taken;               /* places */
    size_t waiting;             /* rows, of a feed */
    size_t bytes;               /* of these, and of its records on their way */
    struct line_list lines;     /* of a feed */
    TAILQ_ENTRY(share) in_turn; /* a feed with lines */
};

struct turns {
    struct table feeds, hosts, lines;
    TAILQ_HEAD(, share) ring; /* feeds with lines, the next one first */
    size_t places;            /* there are */
    size_t taken;
    size_t waiting;
    size_t bytes;
};

void turns_init(struct turns *turns);
void turns_done(struct turns *turns); /* all places are given back */

/* Whether a record of feed and host may go now, no other of that line being before it. host 0: none
 * is asked for it. */
bool turns_may_take(const struct turns *turns, int64_t feed, int64_t host);
void turns_take(struct turns *turns, int64_t feed, int64_t host);
void turns_give(struct turns *turns, int64_t feed, int64_t host); /* the record is over */

/* What the row of a record that is on its way takes in the store: from its start to its end, with a
 * place or without. */
void turns_hold(struct turns *turns, int64_t feed, size_t bytes);
void turns_release(struct turns *turns, int64_t feed, size_t bytes);

/* One more row of that line waits, with so many bytes. */
void turns_wait(struct turns *turns, int64_t feed, int64_t host, int64_t row, size_t bytes);

/* The line that is next, or NULL: none may go, or none was found in one look: ask again soon. The
 * caller looks at its first row and takes it away by turns_step(); the line may end with it. */
struct line *turns_next(struct turns *turns);
int64_t turns_first(const struct line *line);
void turns_step(struct turns *turns, struct line *line);

/* What a feed alone may have of `most`. */
size_t turns_share(size_t most);

/* Whether a feed with so much waiting should bring more, of so many rows that may wait in all and
 * so many bytes that may be pending in the store. One of which nothing is pending may, unless all
 * take twice that. */
bool turns_may_bring(const struct turns *turns, int64_t feed, size_t rows, size_t bytes);

#endif
