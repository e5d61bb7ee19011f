/* lists.h - the operator's feed lists: which feeds they name.
 *
 * A list is an OPML file (*.opml, *.xml), or a text file: one address a line, a title behind white
 * space, # begins a comment. */
#ifndef WIREROOM_LISTS_H
#define WIREROOM_LISTS_H

#include "base/arena.h"
#include "base/error.h"

struct listed_feed {
    const char *url;
    const char *title;
    const char *tags;
    const char *origin;   /* path of the list */
    const char *moved_to; /* where its feed is now, or NULL */
};

struct feed_list {
    struct listed_feed *feeds; /* sorted by url, each once; the first list that names it wins */
    size_t count, cap;
};

/* Read the files that the patterns match (NULL-terminated, as for glob(3)). A pattern without
 * wildcards that matches no file is an error; what is wrong in a file is told as "path:line: what".
 */
int lists_read(struct arena *arena, const char *const *patterns, struct feed_list *ret_list,
    struct error *err);

#endif
