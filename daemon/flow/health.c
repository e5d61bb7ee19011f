/* health.c - averages of late beside averages of long, for the sites seen last. */
#include "flow/health.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"

/* A site has one of WAYS places by its name; the one not seen for longest makes room. */
enum { SETS = 2048, WAYS = 4, WRITTEN_MOST = 100 };
#define DAY (86400 * (int64_t)SECOND)

struct health {
    struct health_site sites[SETS][WAYS];
    uint64_t seen;
};

/* least: what must be usual before a fall says anything. drop: how far below that an alarm is, and
 * back: how near to it is well again. Of lengths in powers of two: to about a third, to two thirds.
 */
static const struct {
    const char *name;
    double least, drop, back;
} rules[HEALTH_MEASURES] = {
    [HEALTH_TEXT] = {"text", 8, 1.5, 0.6},
    [HEALTH_DATE] = {"date", 0.8, 0.5, 0.25},
    [HEALTH_BYLINE] = {"byline", 0.8, 0.5, 0.25},
};

static const double of_late = 1.0 / 8, of_long = 1.0 / 128, of_long_when_degraded = 1.0 / 512;

struct health *health_new(void)
{
    return new_zeroed(sizeof(struct health));
}

void health_free(struct health *health)
{
    free(health);
}

static struct health_site *site_of(struct health *health, struct bytes domain)
{
    struct health_site *set = health->sites[hash64(domain) % SETS];
    struct health_site *oldest = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (bytes_is(domain, set[i].name))
            return &set[i];
        if (set[i].seen < oldest->seen)
            oldest = &set[i];
    }
    *oldest = (struct health_site){.since = clock_wall()};
    snprintf(oldest->name, sizeof(oldest->name), "%.*s", FMT(domain));
    return oldest;
}

/* A date counts when the page told it: feeds have theirs whatever becomes of the page. */
static double measured(const struct wr_record *rec, enum health_measure measure)
{
    struct bytes source = record_get(rec, WR_PUBLISHED_SOURCE);

    switch (measure) {
    case HEALTH_TEXT:
        return log2((double)record_get(rec, WR_TEXT).len + 1);
    case HEALTH_DATE:
        return source.len > 0 && !bytes_is(source, "feed") && !bytes_is(source, "first-seen");
    default:
        return record_get(rec, WR_BYLINE).len > 0 || wr_count(rec, WR_AUTHOR) > 0;
    }
}

static void learn(struct health_site *site, enum health_measure measure, double value)
{
    double *now = &site->measures[measure].now;
    double *usual = &site->measures[measure].usual;
    double weight = (site->degraded & 1U << measure) != 0 ? of_long_when_degraded : of_long;

    if (site->articles <= HEALTH_LEARN)
        weight = 1.0 / site->articles;
    *usual += (value - *usual) * weight;
    *now += (value - *now) * (site->articles < 8 ? 1.0 / site->articles : of_late);
}

static void judge(struct health_site *site, enum health_measure measure)
{
    double fall = site->measures[measure].usual - site->measures[measure].now;

    if (fall < rules[measure].back)
        site->degraded &= ~(1U << measure);
    else if (fall > rules[measure].drop && site->measures[measure].usual >= rules[measure].least)
        site->degraded |= 1U << measure;
}

const struct health_site *health_note(
    struct health *health, struct bytes domain, const struct wr_record *rec)
{
    struct health_site *site;
    bool was_degraded;

    if (domain.len == 0 || domain.len >= HEALTH_NAME ||
        record_get_int(rec, REC_PAGE_STATUS, 0) != 200 || record_get(rec, WR_STATUS).len == 0)
        return NULL;
    site = site_of(health, domain);
    was_degraded = site->degraded != 0;
    site->seen = ++health->seen;
    site->articles++;
    for (int m = 0; m < HEALTH_MEASURES; m++) {
        learn(site, (enum health_measure)m, measured(rec, (enum health_measure)m));
        if (site->articles > HEALTH_LEARN)
            judge(site, (enum health_measure)m);
    }
    if (was_degraded == (site->degraded != 0))
        return NULL;
    site->since = clock_wall();
    return site;
}

bool health_is_news(struct health *health, struct bytes domain, const struct wr_record *rec)
{
    int64_t now = clock_wall();
    struct health_site *site;

    if (domain.len == 0 || domain.len >= HEALTH_NAME ||
        !bytes_is(record_get(rec, WR_STATUS), "blocked"))
        return false;
    site = site_of(health, domain);
    site->seen = ++health->seen;
    if (site->blocked != 0 && now - site->blocked < DAY && now >= site->blocked)
        return false;
    site->blocked = now;
    return true;
}

static double shown(const struct health_site *site, enum health_measure measure, bool usual)
{
    double value = usual ? site->measures[measure].usual : site->measures[measure].now;

    return measure == HEALTH_TEXT ? round(exp2(value) - 1) : value;
}

void health_write_site(const struct health_site *site, struct json_writer *w)
{
    static const char *const members[HEALTH_MEASURES] = {"textLength", "dateRate", "bylineRate"};
    char text[CLOCK_TEXT];

    json_cstr(w, "domain", site->name);
    json_cstr(w, "state", site->degraded != 0 ? "degraded" : "ok");
    json_cstr(w, "since", clock_format(site->since, text));
    json_int(w, "articles", site->articles);
    json_begin_array(w, "reasons");
    for (int m = 0; m < HEALTH_MEASURES; m++)
        if ((site->degraded & 1U << m) != 0)
            json_cstr(w, NULL, rules[m].name);
    json_end_array(w);
    for (int m = 0; m < HEALTH_MEASURES; m++) {
        int decimals = m == HEALTH_TEXT ? 0 : 2;

        json_begin_object(w, members[m]);
        json_real(w, "now", shown(site, (enum health_measure)m, false), decimals);
        json_real(w, "usual", shown(site, (enum health_measure)m, true), decimals);
        json_end_object(w);
    }
}

void health_write(const struct health *health, struct json_writer *w)
{
    const struct health_site *sites = health->sites[0];
    int64_t watched = 0;
    int written = 0;

    json_begin_object(w, "sites");
    json_begin_array(w, "degraded");
    for (size_t i = 0; i < (size_t)SETS * WAYS; i++) {
        watched += sites[i].name[0] != '\0';
        if (sites[i].degraded == 0 || written++ >= WRITTEN_MOST)
            continue;
        json_begin_object(w, NULL);
        health_write_site(&sites[i], w);
        json_end_object(w);
    }
    json_end_array(w);
    json_int(w, "watched", watched);
    json_end_object(w);
}
