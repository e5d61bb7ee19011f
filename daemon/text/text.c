/* text.c - knows characters: their references, their repair, their white space. */
#include "text/text.h"

#include <stdlib.h>

#include "base/eight.h"
#include "text/entities.h"

enum { REPLACEMENT = 0xfffd, REFERENCE_NAME = 32 };

/* The first of text's bytes from i on that is not ASCII, or up to seven before it; text.len when
 * there is none. */
static size_t skip_ascii(struct bytes text, size_t i)
{
    for (; i + 32 <= text.len; i += 32)
        if (!eight_is_ascii(eight_load(text.ptr + i) | eight_load(text.ptr + i + 8) |
                            eight_load(text.ptr + i + 16) | eight_load(text.ptr + i + 24)))
            break;
    while (i + 8 <= text.len && eight_is_ascii(eight_load(text.ptr + i)))
        i += 8;
    return i;
}

/* Bytes of the valid sequence at p, whose first byte is not ASCII; 0 when there is none (RFC 3629
 * section 4). */
static size_t sequence_len(const uint8_t *p, size_t left)
{
    size_t more = p[0] >= 0xc2 && p[0] <= 0xdf   ? 1
                  : (p[0] & 0xf0) == 0xe0        ? 2
                  : p[0] >= 0xf0 && p[0] <= 0xf4 ? 3
                                                 : 0;

    if (more == 0 || more >= left)
        return 0;
    for (size_t k = 1; k <= more; k++)
        if ((p[k] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return more + 1;
}

/* Offset of the first byte that is not part of valid UTF-8. */
static size_t valid_until(struct bytes text)
{
    const uint8_t *p = (const uint8_t *)text.ptr;
    size_t i = 0;

    while (i < text.len) {
        size_t len;

        i = skip_ascii(text, i);
        while (i < text.len && p[i] < 0x80)
            i++;
        if (i == text.len)
            break;
        len = sequence_len(p + i, text.len - i);
        if (len == 0)
            return i;
        i += len;
    }
    return i;
}

/* The character at p: its code point and length; a bad sequence is one U+FFFD of up to three bytes
 * that could have begun one. */
static size_t take_char(const uint8_t *p, size_t left, uint32_t *ret_c)
{
    size_t len = p[0] < 0x80 ? 1 : sequence_len(p, left);

    switch (len) {
    case 1:
        *ret_c = p[0];
        return 1;
    case 2:
        *ret_c = (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU);
        return 2;
    case 3:
        *ret_c = (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
        return 3;
    case 4:
        *ret_c = (p[0] & 0x07U) << 18 | (p[1] & 0x3fU) << 12 | (p[2] & 0x3fU) << 6 | (p[3] & 0x3fU);
        return 4;
    default:
        *ret_c = REPLACEMENT;
        len = 1;
        while (p[0] >= 0xe0 && p[0] <= 0xf4 && len < 3 && len < left && (p[len] & 0xc0) == 0x80)
            len++;
        return len;
    }
}

bool text_is_utf8(struct bytes text)
{
    size_t end;

    if (text.len == 0)
        return true;
    end = valid_until(text);
    return end == text.len;
}

static bool is_unwanted(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f ||
           (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

/* The first of text's bytes from i on that is a control or not ASCII, or up to seven before it. */
static size_t skip_plain(struct bytes text, size_t i)
{
    while (i + 8 <= text.len) {
        uint64_t eight = eight_load(text.ptr + i);

        if ((eight_above(eight, 0x1f) & ~eight_above(eight, 0x7e)) != EIGHT_HIGH)
            break;
        i += 8;
    }
    return i;
}

static bool needs_repair(struct bytes text)
{
    size_t i = 0;

    while ((i = skip_plain(text, i)) < text.len) {
        uint32_t c;

        i += take_char((const uint8_t *)text.ptr + i, text.len - i, &c);
        if (c == REPLACEMENT || is_unwanted(c) || text_windows_1252(c) != c)
            return true;
    }
    return false;
}

/* The repaired text into out, or only its length when out is NULL. */
static size_t repair(struct bytes text, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len;) {
        uint32_t c;
        char utf8[4];
        size_t more = 0;

        i += take_char((const uint8_t *)text.ptr + i, text.len - i, &c);
        if (!is_unwanted(c))
            more = text_put_char(utf8, text_windows_1252(c));
        if (out != NULL)
            memcpy(out + len, utf8, more);
        len += more;
    }
    return len;
}

struct bytes text_repair(struct arena *arena, struct bytes text)
{
    char *out;

    if (!needs_repair(text))
        return text;
    out = arena_alloc(arena, repair(text, NULL) + 1);
    return (struct bytes){out, repair(text, out)};
}

uint32_t text_next(struct bytes text, size_t *at)
{
    uint32_t c;

    *at += take_char((const uint8_t *)text.ptr + *at, text.len - *at, &c);
    return c;
}

size_t text_put_char(char *out, uint32_t c)
{
    if ((c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
        c = REPLACEMENT;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

uint32_t text_windows_1252(uint32_t c)
{
    static const uint16_t table[32] = {
        0x20ac,
        0x81,
        0x201a,
        0x0192,
        0x201e,
        0x2026,
        0x2020,
        0x2021,
        0x02c6,
        0x2030,
        0x0160,
        0x2039,
        0x0152,
        0x8d,
        0x017d,
        0x8f,
        0x90,
        0x2018,
        0x2019,
        0x201c,
        0x201d,
        0x2022,
        0x2013,
        0x2014,
        0x02dc,
        0x2122,
        0x0161,
        0x203a,
        0x0153,
        0x9d,
        0x017e,
        0x0178,
    };

    return c >= 0x80 && c <= 0x9f ? table[c - 0x80] : c;
}

static int hex_value(char c)
{
    c = to_lower(c);
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t decode_number(struct bytes text, char *utf8, size_t *ret_len)
{
    bool hex = text.len > 2 && to_lower(text.ptr[2]) == 'x';
    size_t start = hex ? 3 : 2, i = start;
    uint32_t c = 0;

    for (; i < text.len && i < start + 32; i++) {
        int digit = hex ? hex_value(text.ptr[i]) : is_digit(text.ptr[i]) ? text.ptr[i] - '0' : -1;

        if (digit < 0)
            break;
        if (c <= 0x10ffff)
            c = c * (hex ? 16 : 10) + (uint32_t)digit;
    }
    if (i == start)
        return 0;
    if (i < text.len && text.ptr[i] == ';')
        i++;
    if (c == 0)
        c = REPLACEMENT;
    *ret_len = is_unwanted(c) && c < 0x80 ? 0 : text_put_char(utf8, text_windows_1252(c));
    return i;
}

static int compare(const void *name, const void *entity)
{
    return strcmp(name, ((const struct entity *)entity)->name);
}

static const struct entity *find_entity(const char *text, size_t len)
{
    char name[REFERENCE_NAME + 1];

    memcpy(name, text, len);
    name[len] = '\0';
    return bsearch(name, entities, entity_count, sizeof(entities[0]), compare);
}

static size_t decode_name(struct bytes text, char *utf8, size_t *ret_len)
{
    const struct entity *found = NULL;
    size_t len = 0;

    while (len < REFERENCE_NAME && 1 + len < text.len &&
           (is_alpha(text.ptr[1 + len]) || is_digit(text.ptr[1 + len])))
        len++;
    if (len < 2)
        return 0;
    if (1 + len < text.len && text.ptr[1 + len] == ';') {
        found = find_entity(text.ptr + 1, len);
        if (found != NULL) {
            *ret_len = strlen(found->text);
            memcpy(utf8, found->text, *ret_len);
            return len + 2;
        }
    }
    /* the longest name that old pages write bare, as in "&copy2024"; never before "=" or more
     * letters */
    if (len > 6)
        len = 6;
    for (size_t most = len; len >= 2; len--) {
        found = find_entity(text.ptr + 1, len);
        if (found == NULL || !found->bare)
            continue;
        if (1 + len < text.len &&
            (text.ptr[1 + len] == '=' || (len < most && is_alpha(text.ptr[1 + len]))))
            return 0;
        *ret_len = strlen(found->text);
        memcpy(utf8, found->text, *ret_len);
        return len + 1;
    }
    return 0;
}

size_t text_decode_reference(struct bytes text, char ret_utf8[8], size_t *ret_len)
{
    if (text.len < 3 || text.ptr[0] != '&')
        return 0;
    return text.ptr[1] == '#' ? decode_number(text, ret_utf8, ret_len)
                              : decode_name(text, ret_utf8, ret_len);
}

struct bytes text_decode(struct arena *arena, struct bytes text)
{
    size_t i = bytes_find_byte(text, '&'), len;
    char *out;

    if (i == SIZE_MAX)
        return text;
    /* no reference is shorter than what it stands for, except &nGt; and a few like it: 5 for 6
     * bytes */
    out = arena_alloc(arena, text.len + text.len / 4 + 8);
    memcpy(out, text.ptr, i);
    len = i;
    while (i < text.len) {
        const char *next = memchr(text.ptr + i, '&', text.len - i);
        size_t end = next == NULL ? text.len : (size_t)(next - text.ptr), used, decoded = 0;
        char utf8[8];

        memcpy(out + len, text.ptr + i, end - i);
        len += end - i;
        i = end;
        if (i == text.len)
            break;
        used = text_decode_reference(bytes_from(text, i), utf8, &decoded);
        if (used == 0) {
            out[len++] = text.ptr[i++];
            continue;
        }
        memcpy(out + len, utf8, decoded);
        len += decoded;
        i += used;
    }
    return (struct bytes){out, len};
}

/* Bytes of the white space character at p, or 0: ASCII, NEL, no-break, U+1680, U+2000 to U+200A,
 * U+2028, U+2029, U+202F, U+205F, U+3000. */
static size_t space_len(const uint8_t *p, size_t left)
{
    if (is_space((char)p[0]) || p[0] == '\v')
        return 1;
    if (p[0] == 0xc2 && left > 1 && (p[1] == 0xa0 || p[1] == 0x85))
        return 2;
    if (left < 3)
        return 0;
    if (p[0] == 0xe2 && p[1] == 0x80 &&
        ((p[2] >= 0x80 && p[2] <= 0x8a) || p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf))
        return 3;
    if ((p[0] == 0xe2 && p[1] == 0x81 && p[2] == 0x9f) ||
        (p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80) ||
        (p[0] == 0xe1 && p[1] == 0x9a && p[2] == 0x80))
        return 3;
    return 0;
}

/* Nothing to fold: the usual case for a title. */
static bool is_folded(struct bytes text)
{
    const uint8_t *p = (const uint8_t *)text.ptr;
    bool space = true;

    for (size_t i = 0; i < text.len; i++) {
        bool now = p[i] == ' ';

        if ((now && space) || (!now && space_len(p + i, text.len - i) > 0))
            return false;
        space = now;
    }
    return text.len == 0 || !space;
}

size_t text_blank(struct bytes text)
{
    return text.len == 0 ? 0 : space_len((const uint8_t *)text.ptr, text.len);
}

struct bytes text_fold(struct arena *arena, struct bytes text)
{
    const uint8_t *p = (const uint8_t *)text.ptr;
    char *out;
    size_t len = 0, i = 0;
    bool space = false;

    if (is_folded(text))
        return text;
    out = arena_alloc(arena, text.len);
    while (i < text.len) {
        size_t blank = space_len(p + i, text.len - i);

        if (blank > 0) {
            space = len > 0;
            i += blank;
            continue;
        }
        if (space)
            out[len++] = ' ';
        space = false;
        out[len++] = text.ptr[i++];
    }
    return (struct bytes){out, len};
}

/* Region in capitals, script with a capital (RFC 5646 section 2.1.1). */
static void case_subtag(char *text, size_t len, size_t number)
{
    for (size_t i = 0; i < len; i++)
        text[i] = to_lower(text[i]);
    if (number == 0 || !is_alpha(text[0]) || (len != 2 && len != 4))
        return;
    for (size_t i = 0; i < (len == 2 ? len : 1); i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 'a' + 'A');
}

struct bytes text_language(struct arena *arena, struct bytes tag)
{
    char *out;
    size_t number = 0, start = 0, i;

    tag = bytes_slice(bytes_trim(tag), 0, 35);
    if (tag.len < 2 || !is_alpha(tag.ptr[0]) || !is_alpha(tag.ptr[1]))
        return (struct bytes){NULL, 0};
    out = bytes_cstr(arena, tag);
    for (i = 0; i < tag.len; i++) {
        if (is_alpha(out[i]) || is_digit(out[i]))
            continue;
        if ((out[i] != '-' && out[i] != '_') || i == start)
            break;
        out[i] = '-';
        case_subtag(out + start, i - start, number++);
        start = i + 1;
    }
    if (i == start)
        return (struct bytes){out, start - 1};
    case_subtag(out + start, i - start, number);
    return (struct bytes){out, i};
}
