/* demo_stories.h - what happens in the demo world: running stories as templates. */
#ifndef WIREROOM_CLI_DEMO_STORIES_H
#define WIREROOM_CLI_DEMO_STORIES_H

/* Templates: {one|other} is a choice, $name a variable of the story's cast, a newline ends a
 * paragraph. Choices are not nested.
 *
 * $place $other (towns) $region $water (a river or bay) $org (a firm or body) $p1 $p2 $p3 (people,
 * whole names) $s1 $s2 $s3 (their surnames) $n1 (3-9) $n2 (12-48) $n3 (110-890) $n4 (2-19, as
 * "4.2") $day (a weekday). */

struct development {
    const char *headline;
    const char *summary; /* one sentence, also the first paragraph */
    const char *body;
    const char *change; /* what a later version adds as its second paragraph */
};

enum { STORY_DEVELOPMENTS = 4 };

struct storyline {
    const char *section;
    const char *language; /* "en" or "de" */
    const char *cast;     /* $p1 $p2 $p3: f or m each */
    const char *background;
    struct development developments[STORY_DEVELOPMENTS];
};

extern const struct storyline story_railway, story_barrage, story_dairy, story_bell;
extern const struct storyline story_cup, story_lake, story_outage, story_deich;

#endif
