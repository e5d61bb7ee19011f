/* lists.h - the operator's feed lists: which feeds they name.
 *
 * A list is an OPML file (*.opml, *.xml), or a text file: one address a line, a title behind white
 * space, # begins a comment. */
#ifndef WIREROOM_LISTS_LISTS_H
#define WIREROOM_LISTS_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "lists/again.h"

struct listed_feed {
    const char *url;
    const char *title;
    const char *tags;
    const char *link;     /* its site's page, or "" */
    const char *origin;   /* path of the list */
    const char *moved_to; /* where its feed is now, or NULL */
};

struct feed_list {
    struct listed_feed *feeds; /* sorted by url, each once; the first list that names it wins */
    size_t count, cap;
    struct buf warnings; /* what is wrong in the files, a line each */
    struct again unread; /* files and folders that gave nothing; again_clear() by the caller */
};

/* Read the files that the patterns match (NULL-terminated, as for glob(3)) into *list. A line that
 * is no address is passed over; a file that is cut or cannot be read gives no feed; both are warned
 * of, as are a pattern without wildcards that matches no file, and a folder that cannot be read. */
void lists_read(struct arena *arena, const char *const *patterns, struct feed_list *list);

/* What a line of a text file names, which is neither empty nor a comment: an address, in its one
 * form, and its title or nothing. E_USAGE when it is no address. */
int lists_line(struct arena *arena, struct bytes line, struct bytes *ret_url,
    struct bytes *ret_title, struct error *err);

/* Whether more would go than an edit of a list takes away: more than ten, of which an operator no
 * longer sees each, and more than half. */
bool lists_is_large(size_t going, size_t of);

/* By address, as qsort() and bsearch() want it; and in that order, each once, with the tags of all
 * its places. */
int lists_compare(const void *a, const void *b);
void lists_sort(struct arena *arena, struct feed_list *list);

/* What stands in either of two lists of tags ("a,b"), each once, in their order; the first alone
 * where both are more than a feed may have. */
const char *lists_tags(struct arena *arena, const char *first, const char *second);

/* A line more while they are few; each a line of the log. */
enum { LISTS_WARNINGS = 16384 };
void lists_warn(struct buf *warnings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void lists_log(const struct buf *warnings);

#endif
