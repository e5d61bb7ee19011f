/* tag.c - how tags are spelt, which are old names of others, and which languages are too near to
 * tell. */
#include "tag.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *old;
    const char *preferred;
} renamed[] = {{"iw", "he"}, {"in", "id"}, {"ji", "yi"}, {"jw", "jv"}, {"mo", "ro"}, {"no", "nb"},
    {"tl", "fil"}, {"sh", "sr-Latn"}, {NULL, NULL}};

static const char *const near_groups[][5] = {{"bs", "hr", "sr", "cnr", NULL},
    {"nb", "nn", "da", NULL}, {"id", "ms", NULL}, {"pt", "gl", NULL}, {NULL}};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_number(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
}

static char upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c + 'A' - 'a' : c);
}

size_t tag_primary(const char *tag)
{
    return strcspn(tag, "-");
}

/* RFC 5646 section 2.1.1: regions in capitals, scripts with one, all else small. */
static void spell(char *subtag, size_t len, bool first)
{
    for (size_t i = 0; i < len; i++)
        subtag[i] = lower(subtag[i]);
    if (first)
        return;
    if (len == 2)
        for (size_t i = 0; i < len; i++)
            subtag[i] = upper(subtag[i]);
    else if (len == 4 && is_letter(subtag[0]))
        subtag[0] = upper(subtag[0]);
}

static void prefer(char tag[TAG])
{
    char rest[TAG];
    size_t len = tag_primary(tag);

    for (size_t i = 0; renamed[i].old != NULL; i++) {
        if (strlen(renamed[i].old) != len || strncmp(tag, renamed[i].old, len) != 0)
            continue;
        memcpy(rest, tag + len, TAG - len);
        snprintf(tag, TAG, "%s%.*s", renamed[i].preferred, TAG - 10, rest);
        return;
    }
}

static bool says_nothing(const char *tag)
{
    static const char *const empty[] = {"und", "mul", "zxx", "mis", NULL};
    size_t len = tag_primary(tag);

    for (size_t i = 0; empty[i] != NULL; i++)
        if (strlen(empty[i]) == len && strncmp(tag, empty[i], len) == 0)
            return true;
    return false;
}

/* One subtag off the front of rest, spelt; 0 when it is none. */
static size_t take(wr_str *rest, char *out, size_t room, bool first)
{
    size_t len = 0;

    while (len < rest->len && (is_letter(rest->ptr[len]) || is_number(rest->ptr[len])))
        len++;
    if (len == 0 || len > 8 || len + 1 >= room ||
        (first && (len < 2 || len > 3 || !is_letter(rest->ptr[0]))))
        return 0;
    memcpy(out, rest->ptr, len);
    out[len] = '\0';
    spell(out, len, first);
    *rest = (wr_str){rest->ptr + len, rest->len - len};
    return len;
}

bool tag_read(wr_str declared, char ret_tag[TAG])
{
    char tag[TAG + 8] = "";
    size_t at = 0;

    while (declared.len > 0 && (declared.ptr[0] == ' ' || declared.ptr[0] == '\t'))
        declared = (wr_str){declared.ptr + 1, declared.len - 1};
    for (;;) {
        size_t len = take(&declared, tag + at, TAG - at, at == 0);

        if (len == 0)
            break;
        at += len;
        if (declared.len < 2 || (declared.ptr[0] != '-' && declared.ptr[0] != '_'))
            break;
        declared = (wr_str){declared.ptr + 1, declared.len - 1};
        tag[at++] = '-';
        tag[at] = '\0';
    }
    while (at > 0 && tag[at - 1] == '-')
        tag[--at] = '\0';
    if (at == 0 || says_nothing(tag))
        return false;
    tag[TAG - 1] = '\0';
    prefer(tag);
    memcpy(ret_tag, tag, TAG);
    return true;
}

bool tag_is_same(const char *a, const char *b)
{
    size_t len = tag_primary(a);

    return len == tag_primary(b) && strncmp(a, b, len) == 0;
}

static bool is_in(const char *const *group, const char *tag)
{
    for (; *group != NULL; group++)
        if (tag_is_same(*group, tag))
            return true;
    return false;
}

bool tag_is_near(const char *a, const char *b)
{
    if (tag_is_same(a, b))
        return true;
    for (size_t i = 0; near_groups[i][0] != NULL; i++)
        if (is_in(near_groups[i], a) && is_in(near_groups[i], b))
            return true;
    return false;
}
