/* outage.c - all hosts of the last minutes, looked over in one place: who came through, and how
 * many in a row did not. */
#include "poll/outage.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"

struct site {
    struct site *next;
    uint64_t key;
    int64_t passed_at;             /* mono */
    uint32_t lost_in[OUTAGE_WAYS]; /* the last row in which it counted */
    bool well, tls;
};

static bool is_key(const void *item, const void *key)
{
    return ((const struct site *)item)->key == *(const uint64_t *)key;
}

/* NULL when there are too many. */
static struct site *site_get(struct outage *outage, uint64_t key)
{
    struct site *site = table_find(&outage->sites, key, is_key, &key);

    if (site != NULL || outage->sites.count >= OUTAGE_SITES)
        return site;
    site = new_zeroed(sizeof(*site));
    site->key = key;
    site->next = outage->first;
    outage->first = site;
    table_add(&outage->sites, key, site);
    return site;
}

static void set_well(struct outage *outage, struct site *site, bool well)
{
    outage->well += well;
    outage->well -= site->well;
    site->well = well;
}

void outage_expect(struct outage *outage, uint64_t key, bool tls, int64_t now)
{
    struct site *site = site_get(outage, key);

    if (site == NULL)
        return;
    set_well(outage, site, true);
    site->tls |= tls;
    site->passed_at = now;
}

enum outage_way outage_way_of(const struct fetch_result *result)
{
    switch (result->reach) {
    case FETCH_NO_NAME:
        return OUTAGE_NAMES;
    case FETCH_NO_ANSWER:
        return OUTAGE_ANSWERS;
    case FETCH_NO_TRUST:
        return OUTAGE_TRUST;
    default:
        return OUTAGE_WAYS;
    }
}

/* Sites that came through on this way shortly before the row began. */
static size_t count_expected(const struct outage *outage, enum outage_way way)
{
    int64_t from = outage->ways[way].began - OUTAGE_WINDOW * (int64_t)SECOND;
    size_t count = 0;

    for (const struct site *site = outage->first; site != NULL; site = site->next)
        count +=
            site->passed_at != 0 && site->passed_at >= from && (site->tls || way != OUTAGE_TRUST);
    return count;
}

static bool is_enough(const struct outage *outage, enum outage_way way)
{
    size_t lost = outage->ways[way].lost;
    size_t expected, least;

    if (lost < 2 || lost >= OUTAGE_MOST)
        return lost >= OUTAGE_MOST;
    expected = count_expected(outage, way);
    least = expected == 2 ? 2 : OUTAGE_LEAST;
    return lost >= least && lost >= (2 * expected + 2) / 3;
}

static enum outage_change lose(
    struct outage *outage, struct site *site, enum outage_way at, int64_t now)
{
    struct way *way = &outage->ways[at];

    if (site == NULL || (!site->well && site->lost_in[at] != way->row + 1 && way->passed))
        return OUTAGE_NOTHING;
    if (site->lost_in[at] != way->row + 1) {
        site->lost_in[at] = way->row + 1;
        if (way->lost++ == 0)
            way->began = now;
    }
    if (way->down || now - way->began < OUTAGE_SECONDS * (int64_t)SECOND || !is_enough(outage, at))
        return OUTAGE_NOTHING;
    way->down = true;
    return OUTAGE_BEGINS;
}

static enum outage_change pass(struct way *way)
{
    enum outage_change change = way->down ? OUTAGE_ENDS : OUTAGE_NOTHING;

    way->passed = true;
    way->down = false;
    if (way->lost > 0)
        way->row++;
    way->lost = 0;
    return change;
}

void outage_note(struct outage *outage, uint64_t key, const struct fetch_result *result,
    int64_t now, enum outage_change ret_change[OUTAGE_WAYS])
{
    enum outage_way lost = outage_way_of(result);
    struct site *site;

    for (int i = 0; i < OUTAGE_WAYS; i++)
        ret_change[i] = OUTAGE_NOTHING;
    if (result->reach == FETCH_UNASKED)
        return;
    site = site_get(outage, key);
    if (lost != OUTAGE_NAMES && result->looked_up)
        ret_change[OUTAGE_NAMES] = pass(&outage->ways[OUTAGE_NAMES]);
    if (lost == OUTAGE_TRUST || lost == OUTAGE_WAYS)
        ret_change[OUTAGE_ANSWERS] = pass(&outage->ways[OUTAGE_ANSWERS]);
    if (lost == OUTAGE_WAYS && result->verified)
        ret_change[OUTAGE_TRUST] = pass(&outage->ways[OUTAGE_TRUST]);
    if (lost != OUTAGE_WAYS)
        ret_change[lost] = lose(outage, site, lost, now);
    if (site == NULL)
        return;
    set_well(outage, site, lost == OUTAGE_WAYS);
    if (lost == OUTAGE_WAYS)
        site->passed_at = now;
    site->tls |= result->verified || lost == OUTAGE_TRUST;
}

bool outage_is_doubtful(const struct outage *outage, enum outage_way at)
{
    const struct way *way = &outage->ways[at];

    return way->down || (way->lost > 0 && way->lost + outage->well > 1);
}

void outage_done(struct outage *outage)
{
    while (outage->first != NULL) {
        struct site *next = outage->first->next;

        free(outage->first);
        outage->first = next;
    }
    table_done(&outage->sites);
}
