/* twice.c - knows UTF-8 that was read as windows-1252 or Latin-1 and written again ("Ã©" for "é"),
 * and tells it from what only could be. */
#include "base/eight.h"
#include "text/text.h"

/* A program on the way does it once; two of them are seen, three are not. */
enum { ROUNDS = 2, UNITS = 4 };

/* One character, or the reference to one that is not ASCII. */
struct unit {
    uint32_t c;
    size_t end; /* behind it */
    bool reference;
};

static bool read_unit(struct bytes text, size_t at, struct unit *ret)
{
    char utf8[8];
    size_t len = 0, used, k = 0;

    if (at >= text.len)
        return false;
    if (text.ptr[at] == '&') {
        used = text_decode_reference(bytes_from(text, at), utf8, &len);
        if (used == 0 || len == 0 || (unsigned char)utf8[0] < 0x80)
            return false;
        *ret = (struct unit){text_next((struct bytes){utf8, len}, &k), at + used, true};
        return true;
    }
    if ((unsigned char)text.ptr[at] < 0x80)
        return false;
    ret->c = text_next(text, &at);
    ret->end = at;
    ret->reference = false;
    return true;
}

/* The byte that was read as c, or -1. */
static int byte_of(uint32_t c)
{
    if (c >= 0x80 && c <= 0xff)
        return (int)c;
    for (uint32_t byte = 0x80; byte < 0xa0; byte++)
        if (text_windows_1252(byte) == c)
            return (int)byte;
    return -1;
}

/* Marks that may follow a word's last letter as they stand: "CAFÉ”", "Spaß…", "ALLÉ®". */
static bool may_follow(uint32_t c)
{
    static const uint32_t marks[] = {0xa0, 0xa9, 0xaa, 0xad, 0xae, 0xb2, 0xb3, 0xb7, 0xb9, 0xba,
        0xbb, 0x2013, 0x2014, 0x2018, 0x2019, 0x201c, 0x201d, 0x2026, 0x203a, 0x2122};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (marks[i] == c)
            return true;
    return false;
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* These cannot be what they look like: no capital stands within a small word, and no sign behind
 * one that is none of its end. before is '\0' at the start, after what stands behind. */
static bool is_evident(const struct unit *units, size_t count, char before, struct bytes after)
{
    uint32_t lead = units[0].c, next = units[1].c;
    bool opens = next == 0x2018 || next == 0x201c;
    bool sign = next < 0x100 && next != 0xa0 && next != 0xbb; /* no quote and no space */
    char follower = (char)(after.len > 0 ? after.ptr[0] : '\0');

    if (lead == 0xd7)
        return bytes_starts(after, LIT("\xc3\x97")); /* Hebrew, and not "3×½" */
    for (size_t i = 2; i < count; i++)
        if (!may_follow(units[i].c))
            return true;
    if (!may_follow(next))
        return true;
    if (count > 2 || lead == 0xdf)
        return false;
    if (is_lower(before) || (sign && is_lower(follower)))
        return true;
    if (lead == 0xc2 || (lead == 0xc3 && sign))
        return !is_alpha(before);
    return opens && is_alpha(before) && is_alpha(follower);
}

/* The character whose bytes begin at units[0] as UTF-8 would have them: how many, 0 when they do
 * not. Controls are nobody's text. */
static size_t sequence_at(struct bytes text, size_t at, struct unit units[UNITS], char utf8[UNITS])
{
    size_t wanted = 0, count = 0;

    while (count == 0 || count < wanted) {
        int byte;

        if (!read_unit(text, at, &units[count]) || (byte = byte_of(units[count].c)) < 0)
            return 0;
        if (count == 0)
            wanted = byte >= 0xc2 && byte <= 0xdf   ? 2
                     : byte >= 0xe0 && byte <= 0xef ? 3
                     : byte >= 0xf0 && byte <= 0xf4 ? 4
                                                    : 0;
        if (wanted == 0)
            return 0;
        utf8[count] = (char)byte;
        at = units[count++].end;
    }
    if (!text_is_utf8((struct bytes){utf8, count}) ||
        (count == 2 && utf8[0] == '\xc2' && (unsigned char)utf8[1] < 0xa0))
        return 0;
    return count;
}

/* The first byte of text that is not ASCII, or its end. */
static size_t ascii_length(struct bytes text)
{
    size_t i = 0;

    while (i + 8 <= text.len && eight_is_ascii(eight_load(text.ptr + i)))
        i += 8;
    while (i < text.len && (unsigned char)text.ptr[i] < 0x80)
        i++;
    return i;
}

/* Where a sequence may begin, from at on: at a character beyond ASCII, high, or at a reference to
 * one ("&#226;", "&Atilde;", "&ETH;", "&Ntilde;"). */
static size_t next_lead(struct bytes text, size_t at, size_t high)
{
    while (at < high) {
        const char *amp = memchr(text.ptr + at, '&', high - at);

        if (amp == NULL || amp + 2 >= text.ptr + text.len)
            return high;
        if (strchr("#AEN", amp[1]) != NULL || (amp[1] == 'a' && strchr("mp", amp[2]) == NULL))
            return (size_t)(amp - text.ptr);
        at = (size_t)(amp - text.ptr) + 1;
    }
    return high;
}

/* text with each such sequence as its character; untouched when one of its characters is no part of
 * any, or nothing is evident. */
static bool reread(struct arena *arena, struct bytes *text)
{
    size_t high = ascii_length(*text), at = 0, done = 0, len = 0;
    char *out = NULL;
    bool evident = false;

    while ((at = next_lead(*text, at, high)) < text->len) {
        struct unit units[UNITS];
        char utf8[UNITS], before = (char)(at > 0 ? text->ptr[at - 1] : '\0');
        size_t count = sequence_at(*text, at, units, utf8);

        if (count == 0 && at == high)
            return false;
        if (count > 0) {
            if (out == NULL)
                out = arena_alloc(arena, text->len);
            memcpy(out + len, text->ptr + done, at - done);
            len += at - done;
            memcpy(out + len, utf8, count);
            len += count;
            done = units[count - 1].end;
            evident = evident || is_evident(units, count, before, bytes_from(*text, done));
        }
        at = count > 0 ? done : at + 1;
        if (at > high)
            high = at + ascii_length(bytes_from(*text, at));
    }
    if (!evident)
        return false;
    memcpy(out + len, text->ptr + done, text->len - done);
    *text = (struct bytes){out, len + text->len - done};
    return true;
}

struct bytes text_reread(struct arena *arena, struct bytes text)
{
    for (int i = 0; i < ROUNDS; i++)
        if (!reread(arena, &text))
            break;
    return text;
}
