/* kind.h - how one article repeats another. */
#ifndef NEARDUP_KIND_H
#define NEARDUP_KIND_H

#include "memory.h"

/* "exact": word for word. "reprint": the same report, trimmed, under another headline or dateline.
 * "update": a later state of it, with other figures or more text. "rewrite": the same report in
 * other words. */
const char *kind_of(
    const struct candidate *candidate, const struct sketch *new, struct bytes title);

#endif
