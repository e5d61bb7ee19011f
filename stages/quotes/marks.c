/* marks.c - the pairs of quotation marks, and which of those that both open and close does what. */
#include "marks.h"

#include "text/text.h"

static const struct {
    const char *open;
    const char *close[3];
} pairs[] = {
    {"\"", {"\"", NULL}},
    {"“", {"”", "\"", NULL}},
    {"„", {"“", "”", "\""}},
    {"«", {"»", NULL}},
    {"»", {"«", "»", NULL}},
    {"‘", {"’", NULL}},
    {"‚", {"‘", "’", NULL}},
    {"”", {"”", NULL}},
    {"「", {"」", NULL}},
    {"『", {"』", NULL}},
    {"‹", {"›", NULL}},
    {"›", {"‹", NULL}},
};

enum { TRIES = 4096 }; /* marks of a text that are looked at */

enum { PAIRS = sizeof(pairs) / sizeof(pairs[0]) };

static const char *const dashes[] = {"—", "–", "―", "- ", NULL};

static bool is_letter_byte(char c)
{
    return is_alpha(c) || is_digit(c) || (unsigned char)c >= 0x80;
}

/* Opening marks stand behind a blank, a bracket, the start, or signs of a script without blanks. */
static bool may_open(struct bytes text, size_t at, struct bytes mark)
{
    unsigned char before = at == 0 ? ' ' : (unsigned char)text.ptr[at - 1];

    if (before >= 0x80)
        return mark.len > 1 && !bytes_is(mark, "”") && !bytes_is(mark, "»") && !bytes_is(mark, "‘");
    return !is_alpha((char)before) && !is_digit((char)before) && strchr(".,!?", before) == NULL;
}

/* "don’t" closes nothing. */
static bool may_close(struct bytes text, size_t at, struct bytes mark)
{
    if (bytes_is(mark, "’") && at + mark.len < text.len)
        return !is_letter_byte(text.ptr[at + mark.len]);
    if (bytes_is(mark, "\""))
        return at > 0 && text.ptr[at - 1] != ' ';
    return true;
}

static size_t find_close(
    struct bytes text, size_t start, const char *const close[3], size_t *ret_len)
{
    struct bytes inside = bytes_slice(text, start, SPAN_MOST);
    size_t line = bytes_find_byte(inside, '\n');
    size_t best = SIZE_MAX;

    inside.len = line < inside.len ? line : inside.len;
    for (size_t i = 0; i < 3 && close[i] != NULL; i++) {
        struct bytes mark = bytes_of(close[i]);

        for (size_t at = 0, n; (n = bytes_find(bytes_from(inside, at), mark)) != SIZE_MAX;
             at += n + mark.len) {
            if (!may_close(text, start + at + n, mark))
                continue;
            if (start + at + n < best) {
                best = start + at + n;
                *ret_len = mark.len;
            }
            break;
        }
    }
    return best;
}

static bool starts_line(struct bytes text, size_t at)
{
    while (at > 0 && text.ptr[at - 1] == ' ')
        at--;
    return at == 0 || text.ptr[at - 1] == '\n';
}

static size_t dash_at(struct bytes text, size_t at)
{
    for (size_t i = 0; dashes[i] != NULL; i++)
        if (bytes_starts(bytes_from(text, at), bytes_of(dashes[i])))
            return strlen(dashes[i]);
    return 0;
}

/* "— The plan is dead — said Ana Lund": up to the next dash behind a blank, or the end of the line.
 */
static struct span dialogue(struct bytes text, size_t at, size_t dash)
{
    struct span span = {.outer = (uint32_t)at, .is_speech = true};
    size_t start = at + dash;
    size_t end;

    while (start < text.len && text.ptr[start] == ' ')
        start++;
    for (end = start; end < text.len && text.ptr[end] != '\n' && end - start < SPAN_MOST; end++)
        if (text.ptr[end] == ' ' && dash_at(text, end + 1) > 0)
            break;
    span.start = (uint32_t)start;
    span.end = (uint32_t)end;
    span.behind = (uint32_t)end;
    if (end < text.len && text.ptr[end] == ' ')
        span.behind = (uint32_t)(end + 1 + dash_at(text, end + 1));
    return span;
}

static bool mark_at(struct bytes text, size_t at, struct span *ret_span)
{
    for (size_t i = 0; i < PAIRS; i++) {
        struct bytes open = bytes_of(pairs[i].open);
        size_t len = 0;
        size_t close;

        if (!bytes_starts(bytes_from(text, at), open) || !may_open(text, at, open))
            continue;
        close = find_close(text, at + open.len, pairs[i].close, &len);
        if (close == SIZE_MAX || close == at + open.len)
            continue;
        *ret_span = (struct span){.outer = (uint32_t)at,
            .start = (uint32_t)(at + open.len),
            .end = (uint32_t)close,
            .behind = (uint32_t)(close + len)};
        return true;
    }
    return false;
}

/* The blanks that French sets inside its marks are none of the words. */
static void trim(struct bytes text, struct span *span)
{
    size_t n;

    while (span->start < span->end &&
           (n = text_blank(bytes_slice(text, span->start, span->end - span->start))) > 0)
        span->start += (uint32_t)n;
    while (span->end > span->start && text.ptr[span->end - 1] == ' ')
        span->end--;
    while (span->end > span->start + 2 &&
           (memcmp(text.ptr + span->end - 2, "\xc2\xa0", 2) == 0 ||
               (span->end > span->start + 3 &&
                   memcmp(text.ptr + span->end - 3, "\xe2\x80\xaf", 3) == 0)))
        span->end -= memcmp(text.ptr + span->end - 2, "\xc2\xa0", 2) == 0 ? 2 : 3;
}

size_t marks_find(struct bytes text, struct span spans[SPANS])
{
    size_t count = 0;
    size_t tries = 0;

    text.len = text.len > TEXT_MOST ? TEXT_MOST : text.len;
    for (size_t at = 0; at < text.len && count < SPANS && tries < TRIES;) {
        unsigned char c = (unsigned char)text.ptr[at];
        size_t dash;

        if (c != '"' && c != '-' && c < 0x80) {
            at++;
            continue;
        }
        dash = starts_line(text, at) ? dash_at(text, at) : 0;
        if (dash > 0) {
            spans[count] = dialogue(text, at, dash);
            at = spans[count].behind > at ? spans[count].behind : at + dash;
        } else if (c != '-' && (c == '"' || c == 0xC2 || c == 0xE2 || c == 0xE3) &&
                   mark_at(text, at, &spans[count])) {
            at = spans[count].behind;
        } else {
            tries += c == '"' || c == 0xE2 ? 1 : 0;
            at++;
            continue;
        }
        trim(text, &spans[count]);
        count += spans[count].end > spans[count].start ? 1 : 0;
    }
    return count;
}
