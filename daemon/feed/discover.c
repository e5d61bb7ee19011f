/* discover.c - knows how pages tell where their feeds are. */
#include "feed/discover.h"

#include "base/json.h"
#include "feed/discover_order.h"
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

static void add(struct search *s, struct bytes href, struct bytes title, const char *type)
{
    struct bytes url = url_resolve(s->arena, s->base, href);

    if (bytes_starts_nocase(url, LIT("feed:http")))
        url = bytes_from(url, 5);
    else if (bytes_starts_nocase(url, LIT("feed://")))
        url = bytes_format(s->arena, "http%.*s", FMT(bytes_from(url, 4)));
    else if (bytes_starts_nocase(url, LIT("itpc://")) || bytes_starts_nocase(url, LIT("pcast://")))
        url = bytes_format(s->arena, "http%.*s", FMT(bytes_from(url, bytes_find_byte(url, ':'))));
    if (url.len == 0 || (url_is_absolute(url) && !url_is_http(url)) || s->count == DISCOVER_LIMIT)
        return;
    for (size_t i = 0; i < s->count; i++)
        if (bytes_equal(s->list[i].url, url))
            return;
    s->list[s->count++] = (struct discovered){bytes_copy(s->arena, url),
        text_fold(s->arena, text_repair(s->arena, title)), bytes_of(type)};
}

/* A word of a list with white space of any kind between them, as rel is. */
static bool has_word(struct bytes list, const char *word)
{
    for (size_t i = 0, start = 0; i <= list.len; i++) {
        if (i < list.len && !is_space(list.ptr[i]))
            continue;
        if (bytes_equal_nocase(bytes_slice(list, start, i - start), bytes_of(word)))
            return true;
        start = i + 1;
    }
    return false;
}

struct feed_type {
    const char *type, *format;
};

/* What pages write in type=; application/json is also what WordPress calls its API. */
static const struct feed_type feed_types[] = {
    {"application/rss+xml", "rss"},
    {"application/atom+xml", "atom"},
    {"application/feed+json", "json"},
    {"application/rdf+xml", "rss"},
    {"application/xml", "rss"},
    {"text/xml", "rss"},
    {"application/json", "json"},
    {"application/x-rss+xml", "rss"},
    {"application/x-atom+xml", "atom"},
    {"application/x.atom+xml", "atom"},
    {"application/rss", "rss"},
    {"application/atom", "atom"},
    {"text/rss", "rss"},
    {"text/rss+xml", "rss"},
    {"text/atom+xml", "atom"},
};

/* Path and query: a host may be called anything. */
static struct bytes behind_host(struct bytes href)
{
    size_t at = bytes_find(href, LIT("//"));

    if (at == SIZE_MAX || bytes_find_byte(bytes_slice(href, 0, at), '/') != SIZE_MAX)
        return href;
    href = bytes_from(href, at + 2);
    at = bytes_find_byte(href, '/');
    return at == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_from(href, at);
}

/* "rss", "atom", "json"; NULL for what is no feed. */
static const char *format_of(struct bytes type, struct bytes href)
{
    struct bytes name = bytes_trim(bytes_cut(&type, ';'));

    if (bytes_equal_nocase(name, LIT("application/json")) &&
        (bytes_find_nocase(behind_host(href), LIT("feed")) == SIZE_MAX ||
            bytes_find_nocase(href, LIT("/wp-json/")) != SIZE_MAX))
        return NULL;
    for (size_t i = 0; i < sizeof(feed_types) / sizeof(feed_types[0]); i++)
        if (bytes_equal_nocase(name, bytes_of(feed_types[i].type)))
            return feed_types[i].format;
    return NULL;
}

static void read_link(struct search *s, const struct html_tag *tag)
{
    struct bytes rel = html_get(s->arena, tag, "rel"), type = html_get(s->arena, tag, "type");
    struct bytes href = html_get(s->arena, tag, "href");
    const char *format = format_of(type, href);

    if (href.len == 0)
        return;
    if (format == NULL && type.len == 0 && has_word(rel, "feed"))
        format = "rss";
    if (format != NULL && (has_word(rel, "alternate") || has_word(rel, "feed")))
        add(s, href, html_get(s->arena, tag, "title"), format);
}

static void read_base(struct search *s, const struct html_tag *tag)
{
    struct bytes href = html_get(s->arena, tag, "href");

    if (s->base_seen || href.len == 0)
        return;
    s->base = url_resolve(s->arena, s->base, href);
    s->base_seen = true;
}

static size_t skip_code(struct bytes rest, struct bytes name)
{
    size_t len = html_skip_element(rest, name);

    return len == 0 ? rest.len : len;
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
                i += skip_code(bytes_from(page, i), tag.name);
        } else {
            i++;
        }
    }
}

static void on_base_tag(struct search *s, const struct html_tag *tag)
{
    if (bytes_equal_nocase(tag->name, LIT("base")))
        read_base(s, tag);
}

static void on_head_tag(struct search *s, const struct html_tag *tag)
{
    if (bytes_equal_nocase(tag->name, LIT("link")))
        read_link(s, tag);
}

static void on_body_tag(struct search *s, const struct html_tag *tag)
{
    struct bytes href, type;
    const char *format;

    if (!bytes_equal_nocase(tag->name, LIT("a")) && !bytes_equal_nocase(tag->name, LIT("area")))
        return;
    href = html_get(s->arena, tag, "href");
    type = html_get(s->arena, tag, "type");
    format = format_of(type, href);
    if (format == NULL && discover_is_like_feed(href))
        format = bytes_find_nocase(href, LIT("atom")) != SIZE_MAX   ? "atom"
                 : bytes_find_nocase(href, LIT("json")) != SIZE_MAX ? "json"
                                                                    : "rss";
    if (href.len > 0 && format != NULL)
        add(s, href, html_get(s->arena, tag, "title"), format);
}

/* RFC 8288 section 3: "<address>; rel=alternate; type=\"application/rss+xml\"", which means what a
 * <link> of the page would. */
static void read_headers(struct search *s, const struct feed_source *source)
{
    for (size_t i = 0; i < source->header_count; i++) {
        struct bytes value = source->headers[i];

        if (!bytes_equal_nocase(bytes_trim(bytes_cut(&value, ':')), LIT("link")))
            continue;
        while (value.len > 0) {
            struct feed_link link = {0};
            const char *format;

            discover_link(&value, &link);
            format = format_of(link.type, link.href);
            if (format != NULL && (has_word(link.rel, "alternate") || has_word(link.rel, "feed")))
                add(s, link.href, link.title, format);
        }
    }
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
    read_headers(&s, source);
    scan(&s, encoded.text, on_base_tag);
    scan(&s, encoded.text, on_head_tag);
    if (s.count == 0)
        scan(&s, encoded.text, on_body_tag);
    discover_order(ret_list, s.count);
    return s.count;
}

size_t discover_sitemaps(struct arena *arena, struct bytes robots, struct bytes url,
    struct bytes ret_list[DISCOVER_LIMIT])
{
    size_t count = 0;

    while (robots.len > 0 && count < DISCOVER_LIMIT) {
        struct bytes value = bytes_trim(bytes_cut(&robots, '\n'));
        struct bytes name = bytes_trim(bytes_cut(&value, ':'));
        struct bytes address;
        size_t i = 0;

        if (!bytes_equal_nocase(name, LIT("sitemap")))
            continue;
        value = bytes_trim(bytes_cut(&value, '#'));
        address = url_resolve(arena, url, value);
        while (i < count && !bytes_equal(ret_list[i], address))
            i++;
        if (i == count && url_is_http(address))
            ret_list[count++] = bytes_copy(arena, address);
    }
    return count;
}

/* RFC 9309 section 2.3: always at this path. */
static bool is_robots(struct bytes url)
{
    size_t scheme = bytes_find(url, LIT("://"));

    if (scheme == SIZE_MAX)
        return false;
    url = bytes_from(url, scheme + 3);
    bytes_cut(&url, '/');
    return bytes_is(url, "robots.txt");
}

static size_t list_sitemaps(
    struct arena *arena, struct bytes robots, struct bytes url, struct discovered *list)
{
    struct bytes *urls = arena_alloc_array(arena, DISCOVER_LIMIT, sizeof(*urls));
    size_t count = discover_sitemaps(arena, robots, url, urls);

    for (size_t i = 0; i < count; i++)
        list[i] = (struct discovered){.url = urls[i], .type = LIT("sitemap")};
    return count;
}

void discover_json(
    struct arena *arena, struct bytes page, const struct feed_source *source, struct buf *out)
{
    struct discovered *list = arena_alloc_array(arena, DISCOVER_LIMIT, sizeof(*list));
    size_t count = is_robots(source->url) ? list_sitemaps(arena, page, source->url, list)
                                          : discover_feeds(arena, page, source, list);
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
