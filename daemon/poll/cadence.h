/* cadence.h - a feed's own rhythm, learned from its polls: how often there is news at this hour of
 * the week, how long it usually stays quiet, and when quiet has become silence. Pure: no loop, no
 * socket, no store, no clock.
 *
 * The model is a Poisson process whose rate differs by hour of the week (the periodic model of Sia,
 * Cho and Cho, "Efficient Monitoring Algorithm for Fast News Alerts", IEEE TKDE 19(7), 2007), and
 * time is counted in expected events: the integral of the rate since the last event (the random
 * time change theorem; Brown et al., Neural Computation 14(2), 2002). A night without news is then
 * short, a morning without news is long. An event is a poll that brought news, however many entries
 * came at once; where its own time is not known it lies amid what was expected of the poll's
 * interval, and is counted in one of its hours in proportion.
 *
 * Rate: events counted in 168 cells, Monday 0 h UTC first, each drawn towards the product of its
 * hour of the day and its day of the week as far as it has seldom been seen, those towards the
 * overall rate. All counts are halved when one is full or the window is twelve weeks old, so that
 * what was learned ages.
 *
 * Gaps: a feed is more regular than Poisson (a digest at eight) or less (a ticker), so the lengths
 * of its gaps are learned, too, as exponential tails above one expected event and above one and a
 * half (peaks over thresholds; Pickands, Annals of Statistics 3(1), 1975), widened as the posterior
 * of a rate is that is known from few events. The mean of the last gaps, as far as it is believed,
 * slows the count in holidays.
 *
 * Silence: a gap that chance alone makes longer 0.15 times a day in 1,000 feeds, of feeds with news
 * each week more often. For a Poisson feed with n events a day that is ln(n / 0.00015) expected
 * events, about twelve for a newspaper; no rule without further knowledge can be sooner at that
 * rate of false alarms. In the feed's own measure
 * it is at most three usual gaps, where 99 of 100 gaps are shorter than the usual one.
 *
 * Units: wall time in microseconds, gaps in microseconds or expected events. */
#ifndef WIREROOM_POLL_CADENCE_H
#define WIREROOM_POLL_CADENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { CADENCE_CELLS = 168 };

/* All that is remembered of a feed: 200 bytes, without pointers, stored as it is. Gaps are counted
 * in expected events. */
struct cadence {
    uint32_t since; /* wall seconds: the window of the counts begins */
    uint32_t as_of; /* wall seconds of the last poll that went well */
    float waited;   /* expected events since the last event */
    float excess;   /* by which gaps are longer than one, over all gaps */
    float high_over,
        high_excess; /* share of the gaps longer than HIGH_GAP, and by which, over all */
    uint16_t gaps;   /* seen, at most GAPS_MOST */
    uint16_t total;  /* of the cells */
    uint16_t level;  /* mean of the last gaps, in 1/LEVEL_UNIT */
    uint16_t over;   /* share of the gaps longer than one, in 1/SHARE_UNIT */
    uint8_t cells[CADENCE_CELLS]; /* events by hour of the week, UTC */
};

/* As it is stored: its bytes behind a version. What another version wrote, or is spoiled, is not
 * read, and learned anew. */
enum { CADENCE_STORED = 1 + sizeof(struct cadence) };
void cadence_encode(const struct cadence *c, char ret_stored[CADENCE_STORED]);
bool cadence_decode(struct bytes stored, struct cadence *ret_cadence);

/* The feed's first complete answer came. */
void cadence_init(struct cadence *c, int64_t wall);

/* A poll went well at `wall`; news: it brought an event. published: when that was published by its
 * own word, believed between the last poll and this one, 0 for unknown. */
void cadence_learn(struct cadence *c, int64_t wall, bool news, int64_t published);

/* The time up to `wall` says nothing of the feed: it did not answer. */
void cadence_skip(struct cadence *c, int64_t wall);

/* Whether the feed has been quiet for longer than it is by itself, at the time of the last poll.
 * False as long as too little is known: fewer than eight gaps, or ten days. */
bool cadence_is_silent(const struct cadence *c);

/* The gap in which one event is expected, were it to begin at `wall`; 0 when too little is known.
 */
int64_t cadence_mean_gap(const struct cadence *c, int64_t wall);

/* The gap that 99 of 100 of the feed's gaps stay below, were it to begin at `wall`, at most 60
 * days; 0 when too little is known. */
int64_t cadence_usual_gap(const struct cadence *c, int64_t wall);

/* The time from the last poll on to the next, of a feed that is asked each `interval` in an average
 * hour: shorter in hours of the week that bring more, longer in others, at most `most`. For the
 * least mean delay at a number of polls their density goes with the square root of the rate (Sia,
 * Cho and Cho, section 4); that its feedback finds the interval from few polls asks for more. */
int64_t cadence_stretch(const struct cadence *c, int64_t interval, int64_t most);

/* The time from the last poll on after which quiet would be silence, or most_delay if that is less.
 */
int64_t cadence_until_silent(const struct cadence *c, int64_t most_delay);

/* Expected events an hour at `wall`. */
double cadence_rate(const struct cadence *c, int64_t wall);

/* In expected events: the quiet at the last poll, the quiet that is silence, the usual gap. */
double cadence_quiet(const struct cadence *c);
double cadence_limit(const struct cadence *c);
double cadence_usual(const struct cadence *c);

#endif
