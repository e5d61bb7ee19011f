/* read.h - what publishers and hubs write for WebSub, read: Link headers, the query of a
 * callback, a signature. Without a socket and without a loop. */
#ifndef WIREROOM_WEBSUB_READ_H
#define WIREROOM_WEBSUB_READ_H

#include "base/arena.h"
#include "base/str.h"

/* Hubs of one feed that are tried, and bytes of a hub's or topic's address: more is taken for none.
 */
enum { WEBSUB_HUBS = 4, WEBSUB_URL = 2048 };

/* Where a feed says that it is pushed from (WebSub section 4). */
struct websub_links {
    struct bytes hubs[WEBSUB_HUBS]; /* http(s), absolute, each once; those reached by https first */
    size_t count;
    struct bytes topic; /* the feed's name at its hubs */
};

/* One link of a Link header's value (RFC 8288 section 3). */
struct link {
    struct bytes target; /* as it stands between < and > */
    struct bytes rel;    /* names separated by spaces; the first rel counts */
    bool anchored;       /* it is about another document */
};

/* Cut the next link off rest; false when there is none. What cannot be read is passed over up to
 * the next comma. */
bool link_next(struct bytes *rest, struct link *ret_link);

/* Add what header lines ("name: value\n", names in lower case) say; base is the address of the
 * answer. Text is on arena. */
void websub_links_read(
    struct arena *arena, struct bytes headers, struct bytes base, struct websub_links *links);

/* Add a hub, if it is one and there is room. */
void websub_links_add(struct websub_links *links, struct bytes hub);

/* The query of a verification or denial (sections 5.3 and 5.2); of a name that comes twice the
 * first counts. */
struct websub_query {
    struct bytes mode, topic, challenge, lease, reason;
};

/* query: what stands behind the '?'. Decoded text is on arena; a NUL or what is no %xx stays as it
 * is. */
void websub_query_read(struct arena *arena, struct bytes query, struct websub_query *ret_query);

/* Add name=value to a form, escaped, with '&' before it unless it is the first. */
void websub_form_add(struct buf *form, const char *name, struct bytes value);

/* The last part of a callback's path. */
struct bytes websub_token(struct bytes path);

/* X-Hub-Signature (section 7.1): "sha256=6f7d...". False when it is not of that form. */
bool websub_signature_read(struct bytes value, struct bytes *ret_method, struct bytes *ret_hex);

#endif
