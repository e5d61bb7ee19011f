/* mac.c - nettle's HMACs under one name. */
#include "base/mac.h"

#include <nettle/memops.h>

enum { MAC_MOST = SHA512_DIGEST_SIZE };

struct mac_method {
    const char *name;
    size_t size;
    void (*set_key)(void *ctx, size_t len, const uint8_t *key);
    void (*update)(void *ctx, size_t len, const uint8_t *data);
    void (*digest)(void *ctx, size_t len, uint8_t *digest);
};

/* The library's functions differ in the type of their first argument only; each is called by its
 * own. */
#define METHOD(name)                                                                               \
    static void key_##name(void *ctx, size_t len, const uint8_t *key)                              \
    {                                                                                              \
        hmac_##name##_set_key(ctx, len, key);                                                      \
    }                                                                                              \
    static void add_##name(void *ctx, size_t len, const uint8_t *data)                             \
    {                                                                                              \
        hmac_##name##_update(ctx, len, data);                                                      \
    }                                                                                              \
    static void end_##name(void *ctx, size_t len, uint8_t *digest)                                 \
    {                                                                                              \
        hmac_##name##_digest(ctx, len, digest);                                                    \
    }

METHOD(sha1)
METHOD(sha256)
METHOD(sha384)
METHOD(sha512)

static const struct mac_method methods[] = {
    {"sha1", SHA1_DIGEST_SIZE, key_sha1, add_sha1, end_sha1},
    {"sha256", SHA256_DIGEST_SIZE, key_sha256, add_sha256, end_sha256},
    {"sha384", SHA384_DIGEST_SIZE, key_sha384, add_sha384, end_sha384},
    {"sha512", SHA512_DIGEST_SIZE, key_sha512, add_sha512, end_sha512},
};

bool mac_begin(struct mac *mac, struct bytes method, struct bytes key)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (!bytes_equal_nocase(method, bytes_of(methods[i].name)))
            continue;
        mac->method = &methods[i];
        mac->method->set_key(&mac->ctx, key.len, (const uint8_t *)key.ptr);
        return true;
    }
    return false;
}

void mac_add(struct mac *mac, struct bytes data)
{
    if (data.len > 0)
        mac->method->update(&mac->ctx, data.len, (const uint8_t *)data.ptr);
}

/* -1 for what is no hex digit */
static int digit_of(char c)
{
    c = to_lower(c);
    if (is_digit(c))
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool mac_is(struct mac *mac, struct bytes hex)
{
    uint8_t digest[MAC_MOST];
    uint8_t said[MAC_MOST];
    size_t size = mac->method->size;

    mac->method->digest(&mac->ctx, size, digest);
    if (hex.len != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = digit_of(hex.ptr[2 * i]);
        int low = digit_of(hex.ptr[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        said[i] = (uint8_t)(high << 4 | low);
    }
    return memeql_sec(digest, said, size) == 1;
}
