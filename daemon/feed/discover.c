/* discover.c - knows how pages tell where their feeds are. */
#include "feed/discover.h"

#include "base/json.h"
#include "feed/html.h"
#include "text/encoding.h"
#include "text/text.h"
#include "text/url.h"

struct search {
    struct arena *arena;
    struct bytes base;
    struct discovered *list;
    size_t count;
    bool base_seen;
};

static void add(struct search *s, struct bytes href, struct bytes title, struct bytes type)
{
    struct bytes url = url_resolve(s->arena, s->base, href);

    if (bytes_starts_nocase(url, LIT("feed:http")))
        url = bytes_from(url, 5);
    else if (bytes_starts_nocase(url, LIT("feed://")))
        url = bytes_format(s->arena, "http%.*s", FMT(bytes_from(url, 4)));
    if (url.len == 0 || (url_is_absolute(url) && !url_is_http(url)) || s->count == DISCOVER_LIMIT)
        return;
    for (size_t i = 0; i < s->count; i++)
        if (bytes_equal(s->list[i].url, url))
            return;
    s->list[s->count++] = (struct discovered){bytes_copy(s->arena, url),
        text_fold(s->arena, text_repair(s->arena, title)), bytes_copy(s->arena, type)};
}

/* A word of a space-separated list, as rel is. */
static bool has_word(struct bytes list, const char *word)
{
    while (list.len > 0) {
        struct bytes one;

        list = bytes_trim(list);
        one = bytes_cut(&list, ' ');
        if (bytes_equal_nocase(bytes_trim(one), bytes_of(word)))
            return true;
    }
    return false;
}

static bool is_feed_type(struct bytes type)
{
    static const char *const types[] = {"application/rss+xml", "application/atom+xml",
        "application/rdf+xml", "application/feed+json", "application/json", "application/xml",
        "text/xml", "application/x-rss+xml", "application/x-atom+xml", "application/rss",
        "application/atom", "text/rss", "text/rss+xml", "text/atom+xml", "application/x.atom+xml",
        "application/x-netcdf", "application/xhtml+xml;rss"};
    struct bytes rest = type;
    struct bytes name = bytes_trim(bytes_cut(&rest, ';'));

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (bytes_equal_nocase(name, bytes_of(types[i])))
            return true;
    return false;
}

static void read_link(struct search *s, const struct html_tag *tag)
{
    struct bytes rel = html_get(s->arena, tag, "rel"), type = html_get(s->arena, tag, "type");
    struct bytes href = html_get(s->arena, tag, "href");

    if (href.len == 0)
        return;
    if ((has_word(rel, "alternate") && is_feed_type(type)) ||
        (has_word(rel, "feed") && (type.len == 0 || is_feed_type(type))))
        add(s, href, html_get(s->arena, tag, "title"), type);
}

static void read_base(struct search *s, const struct html_tag *tag)
{
    struct bytes href = html_get(s->arena, tag, "href");

    if (s->base_seen || href.len == 0)
        return;
    s->base = url_resolve(s->arena, s->base, href);
    s->base_seen = true;
}

static void scan(
    struct search *s, struct bytes page, void (*on_tag)(struct search *, const struct html_tag *))
{
    size_t i = 0;

    while (i < page.len) {
        const char *lt = memchr(page.ptr + i, '<', page.len - i);
        struct html_tag tag;
        struct bytes rest;
        size_t used;

        if (lt == NULL)
            return;
        i = (size_t)(lt - page.ptr);
        rest = bytes_from(page, i);
        if ((used = html_skip_declaration(rest)) > 0) {
            i += used;
        } else if ((used = html_read_tag(rest, &tag)) > 0) {
            i += used;
            if (!tag.end)
                on_tag(s, &tag);
            if (!tag.end && (bytes_equal_nocase(tag.name, LIT("script")) ||
                                bytes_equal_nocase(tag.name, LIT("style"))))
                i += html_skip_element(bytes_from(page, i), tag.name);
        } else {
            i++;
        }
    }
}

static void on_head_tag(struct search *s, const struct html_tag *tag)
{
    if (bytes_equal_nocase(tag->name, LIT("base")))
        read_base(s, tag);
    else if (bytes_equal_nocase(tag->name, LIT("link")))
        read_link(s, tag);
}

/* "/feed", "/rss.xml", "index.rdf", "atom", "?feed=rss2" and the like. */
static bool looks_like_feed(struct bytes href)
{
    static const char *const ends[] = {".rss", ".rdf", ".atom", "/rss", "/feed", "/atom", "/feed/",
        "/rss/", "/atom/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json", "rss.php",
        "feed=rss2", "feed=rss", "feed=atom", "format=rss", "format=atom", "alt=rss"};
    size_t end = href.len;

    for (size_t i = 0; i < href.len; i++)
        if (href.ptr[i] == '#')
            end = i;
    href = bytes_slice(href, 0, end);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct bytes tail = bytes_of(ends[i]);

        if (href.len >= tail.len && bytes_equal_nocase(bytes_from(href, href.len - tail.len), tail))
            return true;
    }
    return false;
}

static void on_body_tag(struct search *s, const struct html_tag *tag)
{
    struct bytes href, type;

    if (!bytes_equal_nocase(tag->name, LIT("a")) && !bytes_equal_nocase(tag->name, LIT("area")))
        return;
    href = html_get(s->arena, tag, "href");
    type = html_get(s->arena, tag, "type");
    if (href.len > 0 && (looks_like_feed(href) || (type.len > 0 && is_feed_type(type))))
        add(s, href, html_get(s->arena, tag, "title"), type);
}

static bool is_feed_itself(struct arena *arena, struct bytes page, const struct feed_source *source,
    struct discovered *ret)
{
    struct bytes head = bytes_trim(bytes_slice(page, 0, 2048));
    struct error err = {0};
    struct feed *feed;

    if (bytes_find_nocase(head, LIT("<html")) != SIZE_MAX ||
        bytes_find_nocase(head, LIT("<!doctype html")) != SIZE_MAX)
        return false;
    feed = arena_alloc(arena, sizeof(*feed));
    if (feed_parse(arena, page, source, NULL, feed, &err) != OK)
        return false;
    *ret = (struct discovered){source->url, feed->title, bytes_of(feed_format_name(feed->format))};
    return source->url.len > 0;
}

size_t discover_feeds(struct arena *arena, struct bytes page, const struct feed_source *source,
    struct discovered ret_list[DISCOVER_LIMIT])
{
    struct search s = {.arena = arena, .base = source->url, .list = ret_list};
    struct encoding_result encoded;
    struct error err = {0};

    if (is_feed_itself(arena, page, source, &ret_list[0]))
        return 1;
    if (encoding_to_utf8(
            arena, page, feed_header(source, "content-type"), ENCODING_HTML, &encoded, &err) != OK)
        return 0;
    scan(&s, encoded.text, on_head_tag);
    if (s.count == 0)
        scan(&s, encoded.text, on_body_tag);
    return s.count;
}

void discover_json(
    struct arena *arena, struct bytes page, const struct feed_source *source, struct buf *out)
{
    struct discovered *list = arena_alloc_array(arena, DISCOVER_LIMIT, sizeof(*list));
    size_t count = discover_feeds(arena, page, source, list);
    struct json_writer w = {.out = out};

    json_begin_object(&w, NULL);
    json_begin_array(&w, "feeds");
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&w, NULL);
        json_string(&w, "url", list[i].url);
        json_string_if(&w, "title", list[i].title);
        json_string_if(&w, "type", list[i].type);
        json_end_object(&w);
    }
    json_end_array(&w);
    json_end_object(&w);
}
