/* identity.c - version 5 UUIDs, there and back. */
#include "identity.h"

#include "base/hash.h"

enum { LONGEST = 4096 }; /* bytes of an identity that count: none is longer */

static int hex(char c)
{
    return is_digit(c) ? c - '0' : c - 'a' + 10;
}

void uuid_of(struct bytes kind, struct bytes id, uint8_t ret_uuid[UUID])
{
    struct buf name = {.limit = BUF_LIMIT};
    char urn[URN];
    const char *at = urn + strlen("urn:uuid:");

    buf_add(&name, kind);
    buf_add_byte(&name, ':');
    buf_add(&name, bytes_clip(id, LONGEST));
    hash_uuid_url(buf_bytes(&name), urn);
    buf_done(&name);
    for (int i = 0; i < UUID; i++, at += 2) {
        at += *at == '-';
        ret_uuid[i] = (uint8_t)(hex(at[0]) << 4 | hex(at[1]));
    }
}

void uuid_write(const uint8_t uuid[UUID], char ret_urn[URN])
{
    static const char digits[] = "0123456789abcdef", scheme[] = "urn:uuid:";
    char *at = ret_urn;

    for (const char *c = scheme; *c != '\0'; c++)
        *at++ = *c;
    for (int i = 0; i < UUID; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[uuid[i] >> 4];
        *at++ = digits[uuid[i] & 15];
    }
    *at = '\0';
}
