/* query.h - the query of a request's address: application/x-www-form-urlencoded (WHATWG URL section
 * 5.1). */
#ifndef WIREROOM_HTTP_QUERY_H
#define WIREROOM_HTTP_QUERY_H

#include "base/arena.h"
#include "base/str.h"

/* "a%20b" of a path or "a%20b+c" of a query without its escapes, on arena; what is none stays. No
 * NUL comes of it. */
struct bytes http_unescape_path(struct arena *arena, struct bytes text);
struct bytes http_unescape(struct arena *arena, struct bytes text);

/* The first value of that name, "" when there is none. */
struct bytes http_query(struct arena *arena, struct bytes query, const char *name);

#endif
