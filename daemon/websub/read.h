/* read.h - what hubs write, read: the query of a callback, a signature. Without a socket and
 * without a loop. */
#ifndef WIREROOM_WEBSUB_READ_H
#define WIREROOM_WEBSUB_READ_H

#include "base/arena.h"
#include "base/str.h"

/* The query of a verification or denial (WebSub sections 5.3 and 5.2); of a name that comes twice
 * the first counts. */
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
