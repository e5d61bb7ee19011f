/* rule.c - how eager, how patient and how forgetful polling is, in numbers. */
#include "poll/rule.h"

#include "base/clock.h"
#include "store/store.h"

static const int64_t day = 86400 * (int64_t)SECOND;

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

struct rule rule_of(const struct conf *conf)
{
    struct rule rule = {.min = conf->poll.min_interval < 1 ? 1 : conf->poll.min_interval};

    rule.max = conf->poll.max_interval < rule.min ? rule.min : conf->poll.max_interval;
    rule.first = clamp(conf->poll.default_interval, rule.min, rule.max);
    rule.slow = clamp(conf->http.timeout / 4 / 1000, 2, UINT16_MAX);
    rule.safety = conf->websub.safety_poll;
    return rule;
}

/* delay, moved by at most `percent` of itself to either side. */
static int64_t spread(int64_t delay, int percent, uint64_t chance)
{
    int64_t width = delay / 100 * percent;

    return width <= 0 ? delay : delay - width + (int64_t)(chance % (uint64_t)(2 * width + 1));
}

int64_t rule_interval(const struct rule *rule, int64_t interval, bool news)
{
    return clamp(news ? interval / 5 * 3 : interval / 20 * 23, rule->min, rule->max);
}

/* Never before `asked`, and up to a tenth later, so that those who were told the same do not all
 * come at once. */
static int64_t not_before(int64_t delay, int64_t asked, uint64_t chance)
{
    if (delay >= asked)
        return delay;
    return asked + spread(asked / 20, 100, chance);
}

int64_t rule_delay(
    const struct rule *rule, int64_t interval, int64_t asked, int64_t retry, uint64_t chance)
{
    int64_t delay = spread(clamp(interval, rule->min, rule->max), 10, chance);

    delay = not_before(delay, clamp(asked, 0, rule->max), chance);
    return not_before(delay, clamp(retry, 0, RULE_RETRY_DAYS * day), chance);
}

int64_t rule_safety(int64_t delay, int64_t safety, uint64_t chance)
{
    safety = spread(safety, 10, chance);

    return delay > safety ? delay : safety;
}

int64_t rule_back_off(
    const struct rule *rule, int64_t interval, int failures, int64_t retry, uint64_t chance)
{
    int64_t delay = clamp(interval, rule->min, rule->max);

    for (int i = 1; i < failures && delay < rule->max; i++)
        delay *= 2;
    delay = clamp(spread(clamp(delay, rule->min, rule->max), 25, chance), rule->min, rule->max);
    return not_before(delay, clamp(retry, 0, RULE_RETRY_DAYS * day), chance);
}

int64_t rule_stored(const struct rule *rule, int64_t delay, int64_t wish)
{
    int64_t most;

    wish = clamp(wish, 0, RULE_RETRY_DAYS * day);
    most = wish + wish / 10; /* it was spread when it was stored */
    return clamp(delay, wish, most > rule->max ? most : rule->max);
}

int64_t rule_undead(uint64_t chance)
{
    return spread(RULE_UNDEAD_DAYS * day, 10, chance);
}

bool rule_is_document(int status)
{
    return status >= 200 && status < 300 && (status < 204 || status > 206);
}

uint16_t rule_pace(uint16_t mean, int64_t elapsed)
{
    return (uint16_t)((3 * (int64_t)mean + clamp(elapsed / 1000, 0, UINT16_MAX) + 2) / 4);
}

bool rule_is_slow(const struct rule *rule, bool was_slow, uint16_t mean)
{
    return mean > (was_slow ? rule->slow / 2 : rule->slow);
}

int rule_state(int state, int status, bool unreadable, int failures, int64_t since_success)
{
    if (status == 410)
        return FEED_GONE;
    if (status == 401 || status == 403 || status == 451)
        return FEED_BLOCKED;
    if (state == FEED_GONE)
        return FEED_GONE; /* until it answers again */
    if (status == 404 && failures >= RULE_GONE_FAILURES && since_success >= RULE_GONE_DAYS * day)
        return FEED_GONE;
    if (failures < RULE_FAILING)
        return state;
    return unreadable ? FEED_UNPARSABLE : FEED_FAILING;
}

bool rule_is_moved(int sightings, int64_t since_first)
{
    return sightings >= RULE_SIGHTINGS && since_first >= RULE_MOVED_DAYS * day;
}

bool rule_is_stale(int64_t feed, int64_t last_success, int64_t wall)
{
    const int64_t week = RULE_VALIDATORS_DAYS * day;
    int64_t moment = (int64_t)((uint64_t)feed * UINT64_C(0x9e3779b97f4a7c15) >> 1) % week;

    return (last_success + moment) / week != (wall + moment) / week;
}
