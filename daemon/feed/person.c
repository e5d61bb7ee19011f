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

static int hex_value(char c)
{
    char low = to_lower(c);

    return is_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static struct bytes without_percents(struct arena *arena, struct bytes text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len && text.ptr[i] == '%' ? hex_value(text.ptr[i + 1]) : -1;
        int low = high < 0 ? -1 : hex_value(text.ptr[i + 2]);

        out[len++] = low < 0 ? text.ptr[i] : (char)(high * 16 + low);
        i += low < 0 ? 0 : 2;
    }
    return text_repair(arena, (struct bytes){out, len});
}

/* RFC 6068: "mailto:jane%40a.example?subject=News" */
static struct bytes from_mailto(struct arena *arena, struct bytes address)
{
    if (!bytes_starts_nocase(address, LIT("mailto:")))
        return address;
    address = bytes_from(address, 7);
    return without_percents(arena, bytes_cut(&address, '?'));
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

struct feed_person person_tidy(struct arena *arena, const struct feed_person *person)
{
    struct feed_person tidy = *person, written;

    if (bytes_starts_nocase(tidy.url, LIT("mailto:"))) {
        written = person_parse(arena, from_mailto(arena, tidy.url));
        tidy.url = (struct bytes){NULL, 0};
        if (tidy.email.len == 0)
            tidy.email = written.email;
        if (tidy.name.len == 0 && written.email.len > 0)
            tidy.name = written.name;
    }
    if (bytes_starts_nocase(tidy.name, LIT("mailto:"))) {
        written = person_parse(arena, from_mailto(arena, tidy.name));
        tidy.name = written.name;
        tidy.email = tidy.email.len > 0 ? tidy.email : written.email;
    }
    tidy.email = from_mailto(arena, tidy.email);
    return tidy;
}
