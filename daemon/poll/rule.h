/* rule.h - when a feed is asked again, and in what state it is: rules without a loop, a socket
 * or a store. */
#ifndef WIREROOM_POLL_RULE_H
#define WIREROOM_POLL_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/conf.h"

/* Failures in a row after which a feed is said to be failing; so many, over so many days, of 404
 * make it gone. */
enum { RULE_FAILING = 3, RULE_GONE_FAILURES = 10, RULE_GONE_DAYS = 14 };

/* A feed that is gone is asked once a week whether it is back. Retry-After is believed up to two
 * days. */
enum { RULE_UNDEAD_DAYS = 7, RULE_RETRY_DAYS = 2 };

/* Validators are believed for a week: within it each feed is asked once without them. */
enum { RULE_VALIDATORS_DAYS = 7 };

/* A permanent redirect becomes the feed's address after so many sightings, so many hours apart at
 * least, over so many days. Feedbin waits for 576 equal answers, FreshRSS for one. */
enum { RULE_SIGHTINGS = 3, RULE_SIGHTING_HOURS = 20, RULE_MOVED_DAYS = 3 };

struct rule {
    int64_t min, max, first; /* microseconds between polls */
    int64_t slow;            /* milliseconds: answers that take longer are slow */
    int64_t safety;          /* the same for a feed that is pushed */
};

struct rule rule_of(const struct conf *conf);

/* The interval after a poll that went well: shorter when it brought something new, longer when not.
 * It settles where about one poll of five brings news. */
int64_t rule_interval(const struct rule *rule, int64_t interval, bool news);

/* Time to the next poll after one that went well. asked: what publisher and document ask for at
 * least (max-age, ttl ...), up to rule->max; retry: Retry-After, -1 for none. chance: any number,
 * for the spread of 10 %. */
int64_t rule_delay(
    const struct rule *rule, int64_t interval, int64_t asked, int64_t retry, uint64_t chance);

/* The same for a feed whose hub pushes: delay is what it would be without, safety the time after
 * which it is asked all the same. */
int64_t rule_safety(int64_t delay, int64_t safety, uint64_t chance);

/* The same after `failures` failures in a row: doubles with each, spread by a quarter, at most
 * rule->max, never before retry. */
int64_t rule_back_off(
    const struct rule *rule, int64_t interval, int failures, int64_t retry, uint64_t chance);
/* A stored delay at a start, of which `wish` is left of what its server asked for: never before
 * that, as far as it is believed, and never later than rule->max without. */
int64_t rule_stored(const struct rule *rule, int64_t delay, int64_t wish);
int64_t rule_undead(uint64_t chance);

/* Whether an answer of this status has a document for its body: 203 is a proxy's 200, and nobody
 * knows what 299 is (RFC 9110 section 15). 204 and 205 have none, and a part was not asked for. */
bool rule_is_document(int status);

/* The mean time of answers in milliseconds, after one more that took `elapsed` microseconds: a
 * quarter of it is the last one's. A start from 0 makes no feed slow at its first answer. */
uint16_t rule_pace(uint16_t mean, int64_t elapsed);

/* Slow: the mean is over a quarter of http.timeout, until it is under an eighth. */
bool rule_is_slow(const struct rule *rule, bool was_slow, uint16_t mean);

/* State after a failure. since_success: microseconds, or since a feed that never answered as one
 * is in its state. unreadable: the answer came, but is no feed. */
int rule_state(int state, int status, bool unreadable, int failures, int64_t since_success);

/* since_first: microseconds. */
bool rule_is_moved(int sightings, int64_t since_first);

/* Whether the feed is to be asked without validators, since its own moment of the week has passed
 * since the last answer (wall clock). Needs nothing remembered but that answer's time, so a restart
 * forgets nothing. */
bool rule_is_stale(int64_t feed, int64_t last_success, int64_t wall);

#endif
