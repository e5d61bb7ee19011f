/* person.c - knows the ways in which one line names a person and their address. */
#include "feed/reader.h"
#include "text/text.h"

static bool is_address_char(char c)
{
    return is_alpha(c) || is_digit(c) || (c != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", c) != NULL) ||
           (unsigned char)c >= 0x80;
}

/* The first "local@domain" in text; empty without one. */
static struct bytes find_address(struct bytes text)
{
    size_t at = bytes_find_byte(text, '@');
    size_t start = at, end = at + 1;

    if (at == SIZE_MAX)
        return (struct bytes){NULL, 0};
    while (start > 0 && is_address_char(text.ptr[start - 1]))
        start--;
    while (end < text.len &&
           (is_alpha(text.ptr[end]) || is_digit(text.ptr[end]) || text.ptr[end] == '-' ||
               text.ptr[end] == '.' || (unsigned char)text.ptr[end] >= 0x80))
        end++;
    if (start == at || end == at + 1)
        return (struct bytes){NULL, 0};
    return bytes_slice(text, start, end - start);
}

/* Without the brackets, quotes and dashes that stood around a name once its address is taken out.
 */
static struct bytes trim_marks(struct bytes name)
{
    for (;;) {
        size_t len = name.len;

        name = bytes_trim(name);
        if (name.len > 1 && name.ptr[0] == '(' && name.ptr[name.len - 1] == ')')
            name = bytes_slice(name, 1, name.len - 2);
        while (name.len > 0 && strchr("<[\"',;:", name.ptr[0]) != NULL)
            name = bytes_from(name, 1);
        while (name.len > 0 && strchr(">]\"',;:<[", name.ptr[name.len - 1]) != NULL)
            name.len--;
        if (bytes_ends(name, LIT("()")) || bytes_ends(name, LIT("<>")))
            name.len -= 2;
        if (bytes_starts(name, LIT("()")))
            name = bytes_from(name, 2);
        if (name.len == len)
            return name;
    }
}

struct feed_person person_parse(struct arena *arena, struct bytes text)
{
    struct feed_person person = {0};
    struct bytes line = bytes_copy(arena, text_fold(arena, text)), address;
    size_t at;

    if (line.len > 1000)
        line.len = 0;
    if (bytes_starts_nocase(line, LIT("mailto:")))
        line = bytes_from(line, 7);
    address = find_address(line);
    if (address.len == 0) {
        person.name = line;
        return person;
    }
    at = (size_t)(address.ptr - line.ptr);
    person.email = address;
    if (at >= 7 && bytes_equal_nocase(bytes_slice(line, at - 7, 7), LIT("mailto:")))
        at -= 7;
    person.name = trim_marks(bytes_format(arena, "%.*s%.*s", FMT(bytes_slice(line, 0, at)),
        FMT(bytes_from(line, (size_t)(address.ptr - line.ptr) + address.len))));
    return person;
}
