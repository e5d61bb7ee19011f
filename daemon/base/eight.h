/* eight.h - eight bytes of text at a time: which of them are a given one, or above one.
 *
 * A mask has the highest bit of each byte that was asked for; the first byte of the text is the
 * lowest one of the number. */
#ifndef WIREROOM_BASE_EIGHT_H
#define WIREROOM_BASE_EIGHT_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EIGHT_OF(byte) (UINT64_C(0x0101010101010101) * (uint8_t)(byte))
#define EIGHT_HIGH EIGHT_OF(0x80)

static inline uint64_t eight_load(const void *at)
{
    uint64_t eight;

    memcpy(&eight, at, sizeof(eight));
    return le64toh(eight);
}

static inline void eight_store(void *at, uint64_t eight)
{
    eight = htole64(eight);
    memcpy(at, &eight, sizeof(eight));
}

static inline bool eight_is_ascii(uint64_t eight)
{
    return (eight & EIGHT_HIGH) == 0;
}

/* Bytes that are byte. */
static inline uint64_t eight_equal(uint64_t eight, char byte)
{
    uint64_t other = eight ^ EIGHT_OF(byte);

    return ~(((other & ~EIGHT_HIGH) + ~EIGHT_HIGH) | other | ~EIGHT_HIGH);
}

/* Bytes above byte, which is ASCII; all that are not ASCII are. */
static inline uint64_t eight_above(uint64_t eight, char byte)
{
    return (((eight & ~EIGHT_HIGH) + EIGHT_OF(0x7F - byte)) | eight) & EIGHT_HIGH;
}

/* Bytes in a mask. */
static inline unsigned eight_count(uint64_t mask)
{
    return (unsigned)((mask >> 7) * EIGHT_OF(1) >> 56);
}

#endif
