/* picture.c - knows which of an entry's pictures is one to look at. */
#include "feed/html.h"
#include "feed/reader.h"
#include "text/url.h"

/* A counter is a picture of one point, seldom two; nothing to see is smaller. */
enum { COUNTER_SIDE = 2 };

/* Signs between the words, as emoji and buttons to share, are up to two lines high. */
enum { ICON_SIDE = 32 };

static bool names_picture(struct bytes text)
{
    static const char *const ends[] = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", NULL};

    for (size_t i = 0; ends[i] != NULL; i++) {
        struct bytes suffix = bytes_of(ends[i]);

        if (text.len > suffix.len &&
            bytes_equal_nocase(bytes_from(text, text.len - suffix.len), suffix))
            return true;
    }
    return false;
}

/* By the end of its path. */
static bool picture_is_named(struct bytes url)
{
    struct bytes path = bytes_cut(&url, '#');

    return names_picture(bytes_cut(&path, '?'));
}

/* A type that is none, "jpg" or "image", is a word for one. */
static bool is_picture_word(struct bytes type)
{
    static const char *const words[] = {"image", "jpg", "jpeg", "png", "webp", "gif", "avif", NULL};

    for (size_t i = 0; words[i] != NULL; i++)
        if (bytes_equal_nocase(type, bytes_of(words[i])))
            return true;
    return false;
}

bool picture_is_told(struct bytes type, struct bytes medium, struct bytes url)
{
    if (medium.len > 0)
        return bytes_equal_nocase(medium, LIT("image"));
    if (type.len == 0 || bytes_equal_nocase(type, LIT("application/octet-stream")))
        return picture_is_named(url);
    return bytes_starts_nocase(type, LIT("image/")) || is_picture_word(type);
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

/* Something that style or the attribute of HTML keeps out of sight. */
static bool is_hidden(struct arena *arena, const struct html_tag *tag)
{
    struct bytes style = html_get(arena, tag, "style");
    int64_t opacity = 1;

    return has(tag, "hidden") ||
           bytes_starts_nocase(property(style, LIT("display")), LIT("none")) ||
           bytes_starts_nocase(property(style, LIT("visibility")), LIT("hidden")) ||
           (bytes_to_int(property(style, LIT("opacity")), &opacity) && opacity == 0);
}

static bool is_small(struct bytes side)
{
    int64_t value;

    return bytes_to_int(side, &value) && value <= ICON_SIDE;
}

static bool is_seen(struct arena *arena, const struct html_tag *tag)
{
    struct bytes style = html_get(arena, tag, "style");
    struct bytes width = html_get(arena, tag, "width"), height = html_get(arena, tag, "height");

    return !is_tiny(width) && !is_tiny(height) && !is_tiny(property(style, LIT("width"))) &&
           !is_tiny(property(style, LIT("height"))) && !is_hidden(arena, tag) &&
           !(is_small(width) && is_small(height));
}

/* Counters whose size is not told, by the label of their host or the name of their file: the words
 * that the makers of counters use for theirs. */
static bool is_counter(struct bytes url)
{
    static const char *const hosts[] = {
        "analytics", "beacon", "counter", "pixel", "stat", "stats", "track", "tracker", "tracking"};
    static const char *const files[] = {"1x1", "beacon", "blank", "clear", "counter", "pixel",
        "spacer", "tracker", "tracking", "transparent"};
    struct bytes rest = bytes_from(
        url, bytes_find(url, LIT("//")) == SIZE_MAX ? 0 : bytes_find(url, LIT("//")) + 2);
    struct bytes host = bytes_cut(&rest, '/'), file;

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (bytes_equal_nocase(
                bytes_cut(&(struct bytes){host.ptr, host.len}, '.'), bytes_of(hosts[i])))
            return true;
    rest = bytes_cut(&rest, '?');
    do
        file = bytes_cut(&rest, '/');
    while (rest.len > 0);
    file = bytes_cut(&file, '.');
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        if (bytes_equal_nocase(file, bytes_of(files[i])))
            return true;
    return false;
}

static bool is_place(struct bytes url)
{
    return url.len > 0 && !is_counter(url) && !bytes_starts_nocase(url, LIT("data:")) &&
           !bytes_starts_nocase(url, LIT("about:")) && !bytes_starts_nocase(url, LIT("blob:"));
}

/* The first of a srcset. */
static struct bytes first_of(struct bytes set)
{
    size_t end = 0;

    while (end < set.len && !is_space(set.ptr[end]))
        end++;
    return bytes_slice(set, 0, end);
}

/* Where the picture is: scripts that load it when it is scrolled to leave a placeholder in src, and
 * so may a <picture> in its <img>. */
static struct bytes place_of(struct arena *arena, const struct html_tag *tag, struct bytes source)
{
    static const char *const names[] = {
        "data-src", "data-lazy-src", "data-original", "src", "data-srcset", "srcset", NULL};

    for (size_t i = 0; names[i] != NULL; i++) {
        struct bytes url = html_get(arena, tag, names[i]);

        if (bytes_ends(bytes_of(names[i]), LIT("srcset")))
            url = first_of(url);
        if (is_place(url))
            return url;
    }
    return is_place(source) ? source : (struct bytes){NULL, 0};
}

/* What a picture stands in. */
struct around {
    struct bytes source; /* of its <picture> */
    struct bytes hider;  /* the element that is not shown, or no markup */
    int depth;           /* how many of its name are open */
};

static void note_tag(struct arena *arena, struct around *around, const struct html_tag *tag)
{
    if (bytes_equal_nocase(tag->name, LIT("source")) && !tag->end)
        around->source = first_of(html_get(arena, tag, "srcset"));
    else if (bytes_equal_nocase(tag->name, LIT("picture")))
        around->source = (struct bytes){NULL, 0};
    if (around->depth > 0) {
        if (bytes_equal_nocase(tag->name, around->hider))
            around->depth += tag->end ? -1 : 1;
    } else if (!tag->end &&
               (is_hidden(arena, tag) || bytes_equal_nocase(tag->name, LIT("script")) ||
                   bytes_equal_nocase(tag->name, LIT("style")) ||
                   bytes_equal_nocase(tag->name, LIT("template")))) {
        around->hider = tag->name;
        around->depth = !bytes_equal_nocase(tag->name, LIT("source")) &&
                        !bytes_equal_nocase(tag->name, LIT("br")) &&
                        !bytes_equal_nocase(tag->name, LIT("input"));
    }
}

/* Past the tags that begin from at on and before end; further, where a comment or tag holds it. */
static size_t walk(
    struct arena *arena, struct bytes html, size_t at, size_t end, struct around *around)
{
    while (at < end) {
        const char *lt = memchr(html.ptr + at, '<', end - at);
        struct bytes rest;
        struct html_tag tag;
        size_t used;

        if (lt == NULL)
            return end;
        at = (size_t)(lt - html.ptr);
        rest = bytes_from(html, at);
        if ((used = html_skip_declaration(rest)) == 0 && (used = html_read_tag(rest, &tag)) > 0)
            note_tag(arena, around, &tag);
        at += used > 0 ? used : 1;
    }
    return at;
}

struct bytes picture_in(struct arena *arena, struct bytes html)
{
    struct around around = {{NULL, 0}, {NULL, 0}, 0};
    size_t at = 0, found;

    while ((found = bytes_find_nocase(bytes_from(html, at), LIT("<img"))) != SIZE_MAX) {
        struct html_tag tag;
        struct bytes url;
        size_t used;

        found += at;
        at = walk(arena, html, at, found, &around);
        if (at > found)
            continue;
        used = html_read_tag(bytes_from(html, at), &tag);
        at += used > 0 ? used : 4;
        if (used == 0 || !bytes_equal_nocase(tag.name, LIT("img")) || around.depth > 0 ||
            !is_seen(arena, &tag))
            continue;
        url = place_of(arena, &tag, around.source);
        if (url.len > 0)
            return url;
    }
    return (struct bytes){NULL, 0};
}
