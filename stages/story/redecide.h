/* redecide.h - what was decided in the last half hour, seen again in the light of one more article.
 */
#ifndef STORY_REDECIDE_H
#define STORY_REDECIDE_H

#include "threads_private.h"

/* Whether article, which was just added, makes one story of two, or shows that a young member
 * belongs elsewhere: at most one change, into ret_change, else CHANGE_NOTHING. chosen is the story
 * among the candidates that it joined, or -1. */
void redecide(struct threads *threads, const struct article *article, size_t count, int chosen,
    struct change *ret_change);

/* Do it, at first and from a save. False: what it speaks of is not remembered. */
bool change_apply(struct archive *archive, const struct change *change);

#endif
