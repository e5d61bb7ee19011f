/* robots.h - the Robots Exclusion Protocol (RFC 9309): what a robots.txt lets one crawler ask for.
 *
 * The file is read in a worker into rules for one crawler; the daemon keeps those and asks them. */
#ifndef WIREROOM_TEXT_ROBOTS_H
#define WIREROOM_TEXT_ROBOTS_H

#include "base/arena.h"
#include "base/str.h"

enum {
    ROBOTS_BODY = 500 << 10, /* read of one file: RFC 9309 section 2.5 */
    ROBOTS_RULES = 64 << 10, /* bytes of rules kept for one host; what is beyond is left out */
    ROBOTS_PATTERN = 2048,   /* longer ones are left out */
    ROBOTS_STEPS = 1 << 20,  /* a question may cost; who makes it cost more is not asked */
    ROBOTS_DELAY = 86400     /* seconds, the longest delay believed */
};

struct robots_rules {
    struct bytes lines;  /* "+pattern\n" allows, "-pattern\n" does not; the longest pattern first */
    int64_t crawl_delay; /* microseconds; 0 for none. Not in the RFC, but widely meant */
};

/* The rules for the crawler called token, else those for all ("*"). Groups of one name count as one
 * (section 2.2.1); bytes beyond ROBOTS_BODY are not looked at. */
void robots_parse(
    struct arena *arena, struct bytes body, struct bytes token, struct robots_rules *ret_rules);

/* Whether the rules allow url, an http or https address: the longest pattern that matches decides,
 * on a tie the one that allows (section 2.2.2). */
bool robots_allow(struct bytes lines, struct bytes url);

/* The product token in a User-Agent: what is before its first '/' or blank, as far as it is one. */
struct bytes robots_token(struct bytes agent);

#endif
