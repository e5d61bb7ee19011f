/* aside.c - counts deaths by site, and tells a site that kills from a stage that dies. */
#include "pool/aside.h"

#include <stddef.h>
#include <stdio.h>

static void begin_rest(struct rest *rest, int64_t now)
{
    bool again = rest->until > 0 && now - rest->until < rest->length;

    rest->length = again ? rest->length * 2 : ASIDE_FIRST;
    if (rest->length > ASIDE_MOST)
        rest->length = ASIDE_MOST;
    rest->until = now + rest->length;
}

/* Its place, or that of the one that has rested longest ago. */
static struct rest *rest_of(struct blame *blame, uint64_t site)
{
    struct rest *oldest = &blame->sites[0];

    for (size_t i = 0; i < ASIDE_SITES; i++) {
        struct rest *rest = &blame->sites[i];

        if (rest->site == site)
            return rest;
        if (rest->until < oldest->until)
            oldest = rest;
    }
    *oldest = (struct rest){.site = site};
    return oldest;
}

static bool is_recent(const struct blame *blame, size_t i, int64_t now)
{
    return i < blame->count && now - blame->deaths[i].when <= ASIDE_WITHIN;
}

static int deaths_of(const struct blame *blame, uint64_t site, int64_t now)
{
    int count = 0;

    for (size_t i = 0; site != 0 && i < ASIDE_KEPT; i++)
        count += is_recent(blame, i, now) &&
                 (blame->deaths[i].origin.feed == site || blame->deaths[i].origin.page == site);
    return count;
}

static bool are_related(struct origin a, struct origin b)
{
    return (a.feed != 0 && (a.feed == b.feed || a.feed == b.page)) ||
           (a.page != 0 && (a.page == b.feed || a.page == b.page));
}

/* Deaths that share no site, counted from any of them on. */
static int unrelated_deaths(const struct blame *blame, int64_t now)
{
    size_t picked[ASIDE_KEPT];
    size_t count = 0;

    for (size_t i = 0; i < ASIDE_KEPT; i++) {
        bool is_new = is_recent(blame, i, now);

        for (size_t k = 0; k < count && is_new; k++)
            is_new = !are_related(blame->deaths[i].origin, blame->deaths[picked[k]].origin);
        if (is_new)
            picked[count++] = i;
    }
    return (int)count;
}

bool blame_death(
    struct blame *blame, struct origin origin, int64_t now, uint64_t *ret_site, int64_t *ret_length)
{
    size_t place = blame->count++ % ASIDE_KEPT;
    struct rest *rest = NULL;

    blame->deaths[place].when = now;
    blame->deaths[place].origin = origin;
    *ret_site = deaths_of(blame, origin.feed, now) >= ASIDE_DEATHS   ? origin.feed
                : deaths_of(blame, origin.page, now) >= ASIDE_DEATHS ? origin.page
                                                                     : 0;
    if (unrelated_deaths(blame, now) >= ASIDE_DEATHS && !blame->rests) {
        rest = &blame->stage;
        blame->rests = true;
        blame->count = 0; /* those after its return count anew */
        *ret_site = 0;
    } else if (*ret_site != 0) {
        rest = rest_of(blame, *ret_site);
        if (now < rest->until)
            *ret_site = 0; /* records that were under way */
    }
    if (rest == NULL || now < rest->until)
        return false;
    begin_rest(rest, now);
    *ret_length = rest->length;
    return *ret_site == 0;
}

void blame_name(struct blame *blame, uint64_t site, struct bytes name)
{
    for (size_t i = 0; i < ASIDE_SITES; i++)
        if (blame->sites[i].site == site)
            snprintf(blame->sites[i].name, ASIDE_NAME, "%.*s", FMT(name));
}

static bool rests(const struct blame *blame, uint64_t site, int64_t now)
{
    for (size_t i = 0; site != 0 && i < ASIDE_SITES; i++)
        if (blame->sites[i].site == site)
            return now < blame->sites[i].until;
    return false;
}

bool blame_is_aside(const struct blame *blame, struct origin origin, int64_t now)
{
    return blame->rests || rests(blame, origin.feed, now) || rests(blame, origin.page, now);
}
