/* aside.h - whose records killed the workers that a stage ran in, and whether it is that stage or
 * those records that rest for a while.
 *
 * A record belongs to the site of its feed and to that of its page. ASIDE_DEATHS of one site within
 * ASIDE_WITHIN and the stage no longer runs on its records; as many of sites that have nothing to
 * do with each other and it runs on none. Either comes back by itself: after ASIDE_FIRST, and after
 * twice as long each time that it goes on like this, up to ASIDE_MOST. */
#ifndef WIREROOM_POOL_ASIDE_H
#define WIREROOM_POOL_ASIDE_H

#include "base/clock.h"
#include "base/str.h"

enum {
    ASIDE_DEATHS = 3, /* a worker that dies by chance dies once */
    ASIDE_KEPT = 16,  /* deaths remembered: more than ASIDE_DEATHS of several sites */
    ASIDE_SITES = 32, /* at rest or lately so; the oldest makes room */
    ASIDE_NAME = 96,  /* of a site, for people: a label has up to 63 bytes (RFC 1035, 2.3.4) */
};
#define ASIDE_WITHIN (60 * (int64_t)SECOND)
#define ASIDE_FIRST (120 * (int64_t)SECOND)
#define ASIDE_MOST (3600 * (int64_t)SECOND)

/* Whose record it was: hashes, 0 where not known. */
struct origin {
    uint64_t feed, page;
};

struct rest {
    uint64_t site;
    int64_t until; /* monotonic; 0 when it never rested */
    int64_t length;
    char name[ASIDE_NAME];
};

struct blame {
    struct {
        int64_t when;
        struct origin origin;
    } deaths[ASIDE_KEPT];
    size_t count;                   /* of all deaths; the ring's place */
    struct rest stage;              /* its own */
    struct rest sites[ASIDE_SITES]; /* of records it does not run on */
    bool rests;                     /* the stage, until it is tried again */
};

/* A worker died: whether the stage rests from now on, or which site (nonzero); 0 and false: nothing
 * follows. *ret_length: for how long. */
bool blame_death(struct blame *blame, struct origin origin, int64_t now, uint64_t *ret_site,
    int64_t *ret_length);

/* What people call a site that rests. */
void blame_name(struct blame *blame, uint64_t site, struct bytes name);

/* The records of this origin are left out. */
bool blame_is_aside(const struct blame *blame, struct origin origin, int64_t now);

#endif
