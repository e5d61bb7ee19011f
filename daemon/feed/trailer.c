/* trailer.c - knows the paragraph that blog programs put behind each entry: which entry it is, and
 * where it appeared. */
#include "feed/trailer.h"
#include "feed/html.h"
#include "text/text.h"
#include "text/url.h"

/* Bytes of such a paragraph: two addresses of 2 KB. */
enum { TRAILER_MOST = 6000 };

struct anchor {
    struct bytes href, text;
};

/* Where the last paragraph of html begins; SIZE_MAX without one. */
static size_t last_paragraph(struct bytes html)
{
    size_t at = html.len;

    while (at > 2 && html.len - at < TRAILER_MOST) {
        at--;
        if (html.ptr[at] == '<' && at + 2 < html.len && to_lower(html.ptr[at + 1]) == 'p' &&
            (html.ptr[at + 2] == '>' || is_space(html.ptr[at + 2])))
            return at;
    }
    return html.len > 2 && at <= 2 && bytes_starts_nocase(html, LIT("<p")) ? 0 : SIZE_MAX;
}

/* The links of a paragraph, when there are two and nothing else that is more than words. */
static bool take_anchors(struct arena *arena, struct bytes html, struct anchor ret[2])
{
    size_t count = 0;

    for (size_t i = 0; i < html.len;) {
        struct html_tag tag;
        size_t used = html_read_tag(bytes_from(html, i), &tag), len;

        if (used == 0) {
            i++;
            continue;
        }
        i += used;
        if (bytes_equal_nocase(tag.name, LIT("img")))
            return false;
        if (tag.end || !bytes_equal_nocase(tag.name, LIT("a")))
            continue;
        len = html_skip_element(bytes_from(html, i), LIT("a"));
        if (len == 0 || count == 2)
            return false;
        ret[count].href = html_get(arena, &tag, "href");
        ret[count++].text = text_from_html(arena, bytes_slice(html, i, len), false);
        i += len;
    }
    return count == 2;
}

/* The first names the entry, the second the site it is on: in any language. */
static bool is_trailer(struct arena *arena, const struct entry *entry, const struct anchor *anchors)
{
    struct bytes link = url_canonical(arena, entry->link);
    struct bytes post = url_canonical(arena, anchors[0].href);
    struct bytes site = url_canonical(arena, anchors[1].href);

    return entry->title.len > 0 && link.len > 0 && bytes_equal(post, link) &&
           bytes_equal(anchors[0].text, entry->title) && anchors[1].text.len > 0 &&
           site.len < post.len && bytes_equal(url_host(arena, site), url_host(arena, post));
}

struct bytes trailer_cut(struct arena *arena, const struct entry *entry, struct bytes html)
{
    struct bytes text = bytes_trim(html);
    size_t at = last_paragraph(text);
    struct anchor anchors[2];

    if (at == SIZE_MAX || !take_anchors(arena, bytes_from(text, at), anchors) ||
        !is_trailer(arena, entry, anchors))
        return html;
    return bytes_trim(bytes_slice(text, 0, at));
}
