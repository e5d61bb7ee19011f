/* body.c - knows how a feed's text was written, and what it then means. */
#include "feed/html.h"
#include "feed/reader.h"
#include "text/text.h"

/* CDATA sections around one another: each program on the way may add one. */
enum { FRAMES_MOST = 4 };

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (is_digit(c))
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static bool is_base64(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (base64_value(text.ptr[i]) < 0 && !is_space(text.ptr[i]) && text.ptr[i] != '=')
            return false;
    return true;
}

struct bytes body_decode_base64(struct arena *arena, struct bytes text)
{
    char *out;
    uint32_t word = 0;
    int bits = 0;
    size_t len = 0;

    if (!is_base64(text))
        return text;
    out = arena_alloc(arena, text.len / 4 * 3 + 3);
    for (size_t i = 0; i < text.len; i++) {
        int value = base64_value(text.ptr[i]);

        if (value < 0)
            continue;
        word = word << 6 | (uint32_t)value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[len++] = (char)(word >> bits & 0xff);
        }
    }
    return text_is_utf8((struct bytes){out, len}) ? (struct bytes){out, len} : text;
}

enum writing body_writing(struct arena *arena, const struct frame *frame, struct bytes *text)
{
    if (frame->writing == AS_BASE64) {
        *text = body_decode_base64(arena, *text);
        return AS_GUESSED;
    }
    if (frame->has_child)
        return frame->writing == AS_GUESSED ? AS_XHTML : frame->writing;
    if (frame->writing != AS_XHTML)
        return frame->writing;
    *text = text_decode(arena, *text);
    return AS_HTML;
}

/* Sections side by side are one text (XML 1.0 section 2.7). */
static struct bytes joined(
    struct arena *arena, struct bytes text, struct bytes open, struct bytes close)
{
    struct bytes seam = bytes_format(arena, "%.*s%.*s", FMT(close), FMT(open)), rest = text;
    size_t at = bytes_find(text, seam), len = 0;
    char *out;

    if (at == SIZE_MAX)
        return text;
    out = arena_alloc(arena, text.len);
    for (; at != SIZE_MAX; at = bytes_find(rest, seam)) {
        memcpy(out + len, rest.ptr, at);
        len += at;
        rest = bytes_from(rest, at + seam.len);
    }
    memcpy(out + len, rest.ptr, rest.len);
    return (struct bytes){out, len + rest.len};
}

/* What stands between open and close, or all behind open where nothing closes. */
static bool take_out(struct arena *arena, struct bytes *text, struct bytes open, struct bytes close)
{
    struct bytes inside;

    if (!bytes_starts_nocase(*text, open))
        return false;
    inside = joined(arena, bytes_from(*text, open.len), open, close);
    if (bytes_ends(inside, close))
        inside.len -= close.len;
    else if (bytes_find(inside, close) != SIZE_MAX)
        return false;
    *text = bytes_trim(inside);
    return true;
}

/* The end of a section that begins nowhere: of what brackets hold, none is left open. */
static struct bytes without_stray_end(struct bytes text)
{
    struct bytes inside = bytes_trim(text);
    int open = 0;

    if (!bytes_ends(inside, LIT("]]>")))
        return text;
    inside.len -= 3;
    if (bytes_find(inside, LIT("]]>")) != SIZE_MAX)
        return text;
    for (size_t i = 0; i < inside.len; i++)
        open += inside.ptr[i] == '[' ? 1 : inside.ptr[i] == ']' ? -1 : 0;
    return open <= 0 ? bytes_trim(inside) : text;
}

struct bytes body_unframed(struct arena *arena, struct bytes text)
{
    struct bytes inside;
    size_t start = 0;

    text = without_stray_end(text);
    while (start < text.len && is_space(text.ptr[start]))
        start++;
    if (start == text.len || (text.ptr[start] != '<' && text.ptr[start] != '&'))
        return text;
    inside = bytes_trim(text);
    for (int i = 0; i < FRAMES_MOST; i++) {
        if (take_out(arena, &inside, LIT("&lt;![CDATA["), LIT("]]&gt;")))
            inside = text_decode(arena, inside);
        else if (!take_out(arena, &inside, LIT("<![CDATA["), LIT("]]>")))
            break;
        text = inside;
    }
    return text;
}

bool body_is_markup(struct bytes text, enum writing writing)
{
    if (writing == AS_XHTML || writing == AS_HTML)
        return true;
    return writing != AS_TEXT && html_has_tag(text);
}

/* U+00AD, U+200B, U+2060, U+FEFF: nothing to see, and a line that has them equals none without.
 * Joiners of letters stay. */
static size_t unseen_len(struct bytes rest)
{
    if (bytes_starts(rest, LIT("\xc2\xad")))
        return 2;
    return bytes_starts(rest, LIT("\xe2\x80\x8b")) || bytes_starts(rest, LIT("\xe2\x81\xa0")) ||
                   bytes_starts(rest, LIT("\xef\xbb\xbf"))
               ? 3
               : 0;
}

static struct bytes without_unseen(struct arena *arena, struct bytes text)
{
    char *out = NULL;
    size_t len = 0;

    for (size_t i = 0; i < text.len;) {
        size_t unseen = (unsigned char)text.ptr[i] >= 0xc2 ? unseen_len(bytes_from(text, i)) : 0;

        if (unseen > 0 && out == NULL) {
            out = arena_alloc(arena, text.len);
            memcpy(out, text.ptr, i);
            len = i;
        }
        if (out != NULL && unseen == 0)
            out[len++] = text.ptr[i];
        i += unseen > 0 ? unseen : 1;
    }
    return out == NULL ? text : bytes_trim((struct bytes){out, len});
}

struct bytes body_plain(struct arena *arena, struct bytes text, enum writing writing)
{
    text = body_unframed(arena, text);
    return body_line(arena, text_reread(arena, text_repair(arena, text)), writing);
}

struct bytes body_line(struct arena *arena, struct bytes text, enum writing writing)
{
    if (body_is_markup(text, writing))
        text = text_from_html(arena, text, false);
    else
        text = text_fold(arena, writing == AS_TEXT ? text : text_decode(arena, text));
    return without_unseen(arena, text);
}
