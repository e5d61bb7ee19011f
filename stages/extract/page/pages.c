/* pages.c - which of the links named "next" lead on in the same article. */
#include "page/pages.h"

#include "text/url.h"

enum { WORD_BYTES = 16 };

/* What stands before the number of a page in addresses. */
static const char *const page_words[] = {"page", "p", "pg", "pag", "pagina", "seite", "side",
    "sida", "sivu", "strona", "strana", "stranka", "stranica", "oldal", "sayfa", "halaman", NULL};

static bool is_separator(char c)
{
    return c != '\0' && strchr("/?&=,;_-.", c) != NULL;
}

static bool is_page_word(struct bytes word)
{
    for (int i = 0; page_words[i] != NULL; i++)
        if (bytes_equal_nocase(word, bytes_of(page_words[i])))
            return true;
    return false;
}

static struct bytes skip_separators(struct bytes text)
{
    while (text.len > 0 && is_separator(text.ptr[0]))
        text = bytes_from(text, 1);
    return text;
}

/* "?page=2", "/2/", "_2", ",page-2", "/page/2/": the number, and nothing but what introduces it. A
 * hyphen alone does not: "-2" is what blogs add to the name of another article. */
static bool is_number_part(struct bytes part, char before, int number, bool needs_word)
{
    char introduced = before;
    struct bytes rest = skip_separators(part);
    size_t letters = 0;
    size_t digits = 0;
    int64_t value;

    if (part.len > 0 && is_separator(part.ptr[0]))
        introduced = part.ptr[0];
    while (letters < rest.len && letters < WORD_BYTES && is_alpha(rest.ptr[letters]))
        letters++;
    if (letters > 0 && !is_page_word(bytes_slice(rest, 0, letters)))
        return false;
    if (letters == 0 &&
        (needs_word || introduced == '-' || introduced == '.' || !is_separator(introduced)))
        return false;
    rest = skip_separators(bytes_from(rest, letters));
    while (digits < rest.len && is_digit(rest.ptr[digits]))
        digits++;
    return bytes_to_int(bytes_slice(rest, 0, digits), &value) && value == number &&
           skip_separators(bytes_from(rest, digits)).len == 0;
}

/* What the first page has in the number's place: nothing, or that it is page 1. */
static bool is_first_part(struct bytes part, char before)
{
    return skip_separators(part).len == 0 || is_number_part(part, before, 1, true);
}

/* Bytes of scheme, host and port. */
static size_t origin_of(struct bytes url)
{
    size_t at = bytes_find(url, LIT("://"));
    size_t slash = at == SIZE_MAX ? at : bytes_find_byte(bytes_from(url, at + 3), '/');

    return slash == SIZE_MAX ? url.len : at + 3 + slash;
}

static struct bytes without_fragment(struct bytes url)
{
    return bytes_cut(&url, '#');
}

static bool is_alnum(char c)
{
    return is_alpha(c) || is_digit(c);
}

static bool is_inside_word(struct bytes text, size_t at)
{
    return at > 0 && at < text.len && is_alnum(text.ptr[at]) && is_alnum(text.ptr[at - 1]);
}

bool pages_is_next(struct bytes first, struct bytes next, int number)
{
    size_t from = 0;
    size_t same = 0;
    size_t shorter;

    first = without_fragment(first);
    next = without_fragment(next);
    shorter = first.len < next.len ? first.len : next.len;
    while (from < shorter && first.ptr[from] == next.ptr[from])
        from++;
    if (is_inside_word(first, from) || is_inside_word(next, from))
        while (from > 0 && is_alnum(next.ptr[from - 1]))
            from--;
    while (
        same < shorter - from && first.ptr[first.len - 1 - same] == next.ptr[next.len - 1 - same])
        same++;
    while (same > 0 && is_digit(next.ptr[next.len - same]))
        same--;
    if (from < origin_of(first) || from == 0)
        return false;
    first = bytes_slice(first, from, first.len - from - same);
    return is_first_part(first, next.ptr[from - 1]) &&
           is_number_part(
               bytes_slice(next, from, next.len - from - same), next.ptr[from - 1], number, false);
}

struct bytes pages_next(const struct page *page, struct bytes first, int number)
{
    const struct tree *tree = page->tree;

    for (uint32_t i = 0; i < tree->count; i++) {
        struct bytes url;

        if ((tree->nodes[i].tag != TAG_LINK && tree->nodes[i].tag != TAG_A) ||
            !tree_attr_has_word(tree, i, ATTR_REL, "next"))
            continue;
        url = url_resolve(page->arena, page->base, tree_attr(tree, i, ATTR_HREF));
        if (url_is_http(url) && pages_is_next(first, url, number))
            return without_fragment(url);
    }
    return (struct bytes){NULL, 0};
}
