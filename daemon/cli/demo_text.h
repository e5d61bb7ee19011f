/* demo_text.h - sentences from templates, and names for those who occur in them. */
#ifndef WIREROOM_CLI_DEMO_TEXT_H
#define WIREROOM_CLI_DEMO_TEXT_H

#include "base/str.h"
#include "cli/demo_stories.h"

/* The variables of one running story; all constant texts. */
struct cast {
    const char *place, *other, *region, *water, *org;
    const char *first[3], *last[3];
    int n1, n2, n3, n4;
};

/* A small generator (splitmix64), so that the same seed tells the same story everywhere. */
uint64_t demo_random(uint64_t *state);
uint64_t demo_mix(uint64_t a, uint64_t b);

void cast_choose(struct cast *cast, const struct storyline *line, uint64_t seed);

/* Fill in a template of demo_stories.h. wday: 0 is Sunday. The same seed makes the same choices. */
void demo_expand(struct buf *out, const char *template, const struct cast *cast,
    const char *language, int wday, uint64_t seed);

#endif
