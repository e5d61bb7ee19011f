/* hash.h - digests: fast ones for identity within a store, standard ones for what is published. */
#ifndef WIREROOM_BASE_HASH_H
#define WIREROOM_BASE_HASH_H

#include "base/str.h"

/* XXH3 64 bit; stable for ever, it is stored. */
uint64_t hash64(struct bytes data);
uint64_t hash64_add(uint64_t seed, struct bytes data);

/* 64 lower-case hex digits and a NUL. */
void hash_sha256_hex(struct bytes data, char ret_hex[65]);

/* "urn:uuid:..." of RFC 9562 section 5.5 (version 5) under NAMESPACE_URL; 45 characters and a NUL.
 */
void hash_uuid_url(struct bytes url, char ret_urn[46]);

#endif
