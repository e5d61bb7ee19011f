/* decode.h - what Content-Encoding did to a body, undone within limits (RFC 9110 section 8.4.1). */
#ifndef WIREROOM_WORKER_DECODE_H
#define WIREROOM_WORKER_DECODE_H

#include "base/error.h"
#include "base/str.h"

enum { DECODE_LAYERS = 3, DECODE_NOTE = 160 };

struct decoded {
    struct bytes body;      /* lent: from the input where nothing had to be undone, else from buf */
    struct buf buf;         /* holds what was decoded; decoded_done() frees it */
    char note[DECODE_NOTE]; /* an oddity for the reader, or "" */
};

/* Undo encoding, the value of the header, last layer first: gzip (RFC 1952, any number of members),
 * deflate (RFC 1950, and raw RFC 1951 as some servers send it), br (RFC 7932), zstd (RFC 8878,
 * windows up to 8 MiB), identity; at most DECODE_LAYERS.
 *
 * A body must be whole: E_FORMAT "gzip body ends early at byte N" when its end is not reached,
 * E_FORMAT when it is damaged, E_LIMIT when a layer gives more than most bytes. Bytes behind the
 * end are left out and noted. What can be read is read and noted, whatever the header says: text
 * that was never encoded, a word that names no encoding, and gzip or zstd (by their first bytes)
 * that nobody told of, also within another layer. *ret_decoded is only filled on success. */
int decode_body(struct bytes body, struct bytes encoding, size_t most, struct decoded *ret_decoded,
    struct error *err);
void decoded_done(struct decoded *decoded);

#endif
