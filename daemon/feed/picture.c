/* picture.c - knows which of an entry's pictures is one to look at. */
#include "feed/html.h"
#include "feed/reader.h"
#include "text/url.h"

/* A counter is a picture of one point, seldom two; nothing to see is smaller. */
enum { COUNTER_SIDE = 2 };

bool picture_is_named(struct bytes url)
{
    static const char *const ends[] = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", NULL};
    size_t end = bytes_find_byte(url, '?');

    url = bytes_slice(url, 0, end == SIZE_MAX ? url.len : end);
    end = bytes_find_byte(url, '#');
    url = bytes_slice(url, 0, end == SIZE_MAX ? url.len : end);
    for (size_t i = 0; ends[i] != NULL; i++) {
        struct bytes suffix = bytes_of(ends[i]);

        if (url.len > suffix.len &&
            bytes_equal_nocase(bytes_from(url, url.len - suffix.len), suffix))
            return true;
    }
    return false;
}

bool picture_is_told(struct bytes type, struct bytes medium, struct bytes url)
{
    if (medium.len > 0)
        return bytes_equal_nocase(medium, LIT("image"));
    if (type.len == 0 || bytes_equal_nocase(type, LIT("application/octet-stream")))
        return picture_is_named(url);
    return bytes_starts_nocase(type, LIT("image/"));
}

static bool is_tiny(struct bytes side)
{
    size_t digits = 0;
    int64_t value;

    while (digits < side.len && is_digit(side.ptr[digits]))
        digits++;
    return digits > 0 && bytes_to_int(bytes_slice(side, 0, digits), &value) &&
           value <= COUNTER_SIDE && (digits == side.len || side.ptr[digits] != '%');
}

/* The value of a property in style; empty without one. */
static struct bytes property(struct bytes style, struct bytes name)
{
    while (style.len > 0) {
        struct bytes value = bytes_cut(&style, ';');

        if (bytes_equal_nocase(bytes_trim(bytes_cut(&value, ':')), name))
            return bytes_trim(value);
    }
    return (struct bytes){NULL, 0};
}

static bool has(const struct html_tag *tag, const char *name)
{
    for (size_t i = 0; i < tag->attribute_count; i++)
        if (bytes_equal_nocase(tag->attributes[i].name, bytes_of(name)))
            return true;
    return false;
}

static bool is_seen(struct arena *arena, const struct html_tag *tag)
{
    struct bytes style = html_get(arena, tag, "style");
    struct bytes display = property(style, LIT("display")),
                 visibility = property(style, LIT("visibility"));

    return !is_tiny(html_get(arena, tag, "width")) && !is_tiny(html_get(arena, tag, "height")) &&
           !is_tiny(property(style, LIT("width"))) && !is_tiny(property(style, LIT("height"))) &&
           !bytes_starts_nocase(display, LIT("none")) &&
           !bytes_starts_nocase(visibility, LIT("hidden")) && !has(tag, "hidden");
}

static bool is_place(struct bytes url)
{
    return url.len > 0 && !bytes_starts_nocase(url, LIT("data:")) &&
           !bytes_starts_nocase(url, LIT("about:")) && !bytes_starts_nocase(url, LIT("blob:"));
}

/* Where the picture is: scripts that load it when it is scrolled to leave a placeholder in src. */
static struct bytes place_of(struct arena *arena, const struct html_tag *tag)
{
    static const char *const names[] = {
        "data-src", "data-lazy-src", "data-original", "src", "data-srcset", "srcset", NULL};

    for (size_t i = 0; names[i] != NULL; i++) {
        struct bytes url = html_get(arena, tag, names[i]);

        for (size_t k = 0; k < url.len; k++)
            if (is_space(url.ptr[k]) && bytes_ends(bytes_of(names[i]), LIT("srcset")))
                url = bytes_slice(url, 0, k);
        if (is_place(url))
            return url;
    }
    return (struct bytes){NULL, 0};
}

struct bytes picture_in(struct arena *arena, struct bytes html)
{
    size_t at;

    while ((at = bytes_find_nocase(html, LIT("<img"))) != SIZE_MAX) {
        struct html_tag tag;
        size_t used = html_read_tag(bytes_from(html, at), &tag);
        struct bytes url;

        html = bytes_from(html, at + (used > 0 ? used : 4));
        if (used == 0 || !bytes_equal_nocase(tag.name, LIT("img")) || !is_seen(arena, &tag))
            continue;
        url = place_of(arena, &tag);
        if (url.len > 0)
            return url;
    }
    return (struct bytes){NULL, 0};
}
