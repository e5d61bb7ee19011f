/* evidence.c - lists of what was said, and the cleaning of it. */
#include "said/evidence.h"

#include "text/text.h"

enum { TEXT_LIMIT = 4000 };

static const struct reference {
    const char *name;
    const char *text;
} references[] = {
    {"amp", "&"},
    {"lt", "<"},
    {"gt", ">"},
    {"quot", "\""},
    {"apos", "'"},
    {"nbsp", " "},
    {"rsquo", "\xE2\x80\x99"},
    {"lsquo", "\xE2\x80\x98"},
    {"rdquo", "\xE2\x80\x9D"},
    {"ldquo", "\xE2\x80\x9C"},
    {"bdquo", "\xE2\x80\x9E"},
    {"laquo", "\xC2\xAB"},
    {"raquo", "\xC2\xBB"},
    {"ndash", "\xE2\x80\x93"},
    {"mdash", "\xE2\x80\x94"},
    {"hellip", "\xE2\x80\xA6"},
    {"auml", "\xC3\xA4"},
    {"ouml", "\xC3\xB6"},
    {"uuml", "\xC3\xBC"},
    {"Auml", "\xC3\x84"},
    {"Ouml", "\xC3\x96"},
    {"Uuml", "\xC3\x9C"},
    {"szlig", "\xC3\x9F"},
    {"eacute", "\xC3\xA9"},
    {"egrave", "\xC3\xA8"},
    {"agrave", "\xC3\xA0"},
    {"aacute", "\xC3\xA1"},
    {"iacute", "\xC3\xAD"},
    {"oacute", "\xC3\xB3"},
    {"uacute", "\xC3\xBA"},
    {"ntilde", "\xC3\xB1"},
    {"ccedil", "\xC3\xA7"},
    {"shy", ""},
    {"zwnj", ""},
    {NULL, NULL},
};

static size_t put_character(char *out, int64_t c)
{
    if (c <= 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return 0;
    return text_put_char(out, (uint32_t)c);
}

static int64_t number_of(struct bytes name)
{
    bool hex = name.len > 1 && to_lower(name.ptr[1]) == 'x';
    int64_t value = 0;

    for (size_t i = hex ? 2 : 1; i < name.len; i++) {
        char c = to_lower(name.ptr[i]);

        if (is_digit(c))
            value = value * (hex ? 16 : 10) + (c - '0');
        else if (hex && c >= 'a' && c <= 'f')
            value = value * 16 + (c - 'a' + 10);
        else
            return 0;
        if (value > 0x10FFFF)
            return 0;
    }
    return value;
}

/* What the reference named stands for, into out, at most as long as the reference; false when
 * unknown. */
static bool put_reference(struct bytes name, char *out, size_t *len)
{
    if (name.len > 1 && name.ptr[0] == '#') {
        size_t put = put_character(out, number_of(name));

        if (put > 0)
            *len = put;
        return put > 0;
    }
    for (const struct reference *known = references; known->name != NULL; known++)
        if (bytes_is(name, known->name)) {
            *len = strlen(known->text);
            memcpy(out, known->text, *len);
            return true;
        }
    return false;
}

static bool starts_tag(struct bytes rest)
{
    return rest.len > 1 && (is_alpha(rest.ptr[1]) || rest.ptr[1] == '/' || rest.ptr[1] == '!');
}

struct bytes said_clean(struct arena *arena, struct bytes text)
{
    char *out = arena_alloc(arena, text.len + 4);
    bool tags = true; /* a tag may still end */
    bool space = false;
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        char character[8] = {(char)c};
        size_t size = 1;

        if (!space && c > ' ' && c < 0x80 && c != '&' && c != '<') {
            out[len++] = (char)c;
            continue;
        }
        if (c == '&') {
            struct bytes name = bytes_slice(text, i + 1, 10);
            size_t semicolon = bytes_find_byte(name, ';');

            if (semicolon != SIZE_MAX && semicolon > 0 &&
                put_reference(bytes_slice(name, 0, semicolon), character, &size))
                i += semicolon + 1;
        } else if (c == '<' && tags && starts_tag(bytes_from(text, i))) {
            size_t close = bytes_find_byte(bytes_from(text, i), '>');

            tags = close != SIZE_MAX;
            if (close != SIZE_MAX) {
                i += close;
                space = true;
                continue;
            }
        }
        if (size == 1 && (unsigned char)character[0] <= ' ') {
            space = true;
            continue;
        }
        if (c == 0xC2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] == 0xA0) {
            space = true;
            i++;
            continue;
        }
        if (space && len > 0)
            out[len++] = ' ';
        space = false;
        memcpy(out + len, character, size);
        len += size;
    }
    return (struct bytes){out, len};
}

struct bytes said_cut(struct bytes text, size_t limit)
{
    if (text.len <= limit)
        return text;
    while (limit > 0 && ((unsigned char)text.ptr[limit] & 0xC0) == 0x80)
        limit--;
    return (struct bytes){text.ptr, limit};
}

void said_add(struct said_list *list, struct arena *arena, struct said said)
{
    if (said.text.len == 0 || list->count == SAID_MAX)
        return;
    said.text = said_clean(arena, said_cut(said.text, TEXT_LIMIT));
    if (said.text.len == 0 || bytes_is(said.text, "null") || bytes_is(said.text, "undefined"))
        return;
    for (size_t i = 0; i < list->count; i++) {
        struct said *other = &list->items[i];

        if (!bytes_equal(other->text, said.text))
            continue;
        if (said.rank < other->rank) {
            said.is_person |= other->is_person;
            *other = said;
        }
        return;
    }
    list->items[list->count++] = said;
}

/* Spellings of schema.org's Boolean, and of article:content_tier, whose "metered" says neither. */
int8_t said_is_free(struct bytes text)
{
    static const char *const locked[] = {
        "false", "no", "0", "locked", "paid", "premium", "subscription", NULL};
    static const char *const open[] = {"true", "yes", "1", "free", NULL};

    text = bytes_trim(text);
    for (size_t i = text.len; i > 0; i--)
        if (text.ptr[i - 1] == '/' || text.ptr[i - 1] == ':') {
            text = bytes_from(text, i);
            break;
        }
    for (int i = 0; locked[i] != NULL; i++)
        if (bytes_equal_nocase(text, bytes_of(locked[i])))
            return 0;
    for (int i = 0; open[i] != NULL; i++)
        if (bytes_equal_nocase(text, bytes_of(open[i])))
            return 1;
    return -1;
}

void evidence_read(struct evidence *said, const struct tree *tree, struct arena *arena)
{
    *said = (struct evidence){.is_free = -1, .item = evidence_find_item(tree)};
    evidence_read_metas(said, tree, arena);
    evidence_read_jsonld(said, tree, arena);
    evidence_read_microdata(said, tree, arena);
}
