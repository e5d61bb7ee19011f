/* hash.c - XXH3 and nettle behind the names we use. */
#include "base/hash.h"

#include <nettle/sha1.h>
#include <nettle/sha2.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash64(struct bytes data)
{
    return XXH3_64bits(data.ptr, data.len);
}

uint64_t hash64_add(uint64_t seed, struct bytes data)
{
    return XXH3_64bits_withSeed(data.ptr, data.len, seed);
}

static void hex(const uint8_t *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

void hash_sha256_hex(struct bytes data, char ret_hex[65])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx ctx;

    sha256_init(&ctx);
    sha256_update(&ctx, data.len, (const uint8_t *)data.ptr);
    sha256_digest(&ctx, sizeof(digest), digest);
    hex(digest, sizeof(digest), ret_hex);
}

void hash_uuid_url(struct bytes url, char ret_urn[46])
{
    static const uint8_t namespace_url[16] = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80,
        0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    uint8_t digest[SHA1_DIGEST_SIZE];
    struct sha1_ctx ctx;
    char *at = ret_urn;

    sha1_init(&ctx);
    sha1_update(&ctx, sizeof(namespace_url), namespace_url);
    sha1_update(&ctx, url.len, (const uint8_t *)url.ptr);
    sha1_digest(&ctx, sizeof(digest), digest);
    digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x50);
    digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80);
    memcpy(at, "urn:uuid:", 9);
    at += 9;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        hex(digest + i, 1, at);
        at += 2;
    }
}
