/* hint.c - ttl, update periods, hours and days to skip: the words of feeds about their own polling.
 */
#include "poll/hint.h"

#include "base/clock.h"

static const int64_t hour = 3600 * (int64_t)SECOND;
static const uint32_t all_hours = (1U << HINT_HOURS) - 1;
static const uint32_t all_days = ((1U << HINT_DAYS) - 1) << HINT_HOURS;

/* sy:updatePeriod of the RSS 1.0 syndication module, in seconds. */
static int64_t period_seconds(struct bytes period)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } periods[] = {{"hourly", 3600}, {"daily", 86400}, {"weekly", INT64_C(7) * 86400},
        {"monthly", INT64_C(30) * 86400}, {"yearly", INT64_C(365) * 86400}};

    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++)
        if (bytes_equal_nocase(period, bytes_of(periods[i].name)))
            return periods[i].seconds;
    return 0;
}

static uint32_t read_hours(struct bytes list)
{
    uint32_t skip = 0;

    while (list.len > 0) {
        int64_t at = -1;

        if (bytes_to_int(bytes_trim(bytes_cut(&list, ',')), &at) && at >= 0 && at <= HINT_HOURS)
            skip |= 1U << (at % HINT_HOURS);
    }
    return skip == all_hours ? 0 : skip;
}

static uint32_t read_days(struct bytes list)
{
    static const char *const names[HINT_DAYS] = {
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    uint32_t skip = 0;

    while (list.len > 0) {
        struct bytes name = bytes_trim(bytes_cut(&list, ','));

        for (int i = 0; i < HINT_DAYS; i++)
            if (bytes_equal_nocase(name, bytes_of(names[i])))
                skip |= 1U << (HINT_HOURS + i);
    }
    return skip == all_days ? 0 : skip;
}

void hints_read(const struct wr_record *feed, struct hints *ret_hints)
{
    int64_t ttl = 0;
    int64_t period = 0;
    int64_t frequency = 1;

    *ret_hints = (struct hints){0};
    for (size_t i = 0; i < wr_count(feed, REC_FEED_HINT); i++) {
        struct bytes value = record_get_at(feed, REC_FEED_HINT, i);
        struct bytes name = bytes_cut(&value, '=');

        if (bytes_is(name, "ttl"))
            bytes_to_int(value, &ttl);
        else if (bytes_is(name, "update_period"))
            period = period_seconds(value);
        else if (bytes_is(name, "update_frequency"))
            bytes_to_int(value, &frequency);
        else if (bytes_is(name, "skip_hours"))
            ret_hints->skip |= read_hours(value);
        else if (bytes_is(name, "skip_days"))
            ret_hints->skip |= read_days(value);
    }
    if (ttl > 0 && ttl < 1 << 20)
        ret_hints->interval = ttl * 60 * SECOND;
    else if (period > 0 && frequency > 0)
        ret_hints->interval = period / frequency * SECOND;
}

int64_t hints_wait(uint32_t skip, int64_t wall)
{
    int64_t at = wall;

    for (int i = 0; i < HINT_HOURS && skip != 0; i++) {
        int64_t hours = at / hour;
        int64_t days = hours / HINT_HOURS;

        if ((skip >> hours % HINT_HOURS & 1) == 0 &&
            (skip >> (HINT_HOURS + (days + 4) % HINT_DAYS) & 1) == 0) /* 1970 began on a Thursday */
            break;
        at = (hours + 1) * hour;
    }
    return at - wall;
}
