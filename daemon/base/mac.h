/* mac.h - HMAC (RFC 2104) of bytes that come in pieces, and a comparison that tells nothing by its
 * time. */
#ifndef WIREROOM_BASE_MAC_H
#define WIREROOM_BASE_MAC_H

#include <nettle/hmac.h>

#include "base/str.h"

/* Lives where its owner puts it; holds no memory of its own. */
struct mac {
    const struct mac_method *method;
    union {
        struct hmac_sha1_ctx sha1;
        struct hmac_sha256_ctx sha256;
        struct hmac_sha512_ctx sha512; /* sha384 too */
    } ctx;
};

/* method: "sha1", "sha256", "sha384" or "sha512" without case; false for any other. */
bool mac_begin(struct mac *mac, struct bytes method, struct bytes key);
void mac_add(struct mac *mac, struct bytes data);

/* Whether hex, of either case, is the digest of all that was added; ends the mac. */
bool mac_is(struct mac *mac, struct bytes hex);

#endif
