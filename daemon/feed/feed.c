/* feed.c - knows which format a document is in, and when to read it a second time. */
#include "feed/feed.h"

#include "feed/json_feed.h"
#include "feed/reader.h"
#include "text/encoding.h"
#include "text/text.h"

enum { JUNK = 16 << 10 }; /* how far into a document its declaration is looked for */

struct bytes feed_header(const struct feed_source *source, const char *name)
{
    for (size_t i = 0; i < source->header_count; i++) {
        struct bytes value = source->headers[i];
        struct bytes key = bytes_cut(&value, ':');

        if (bytes_equal_nocase(bytes_trim(key), bytes_of(name)))
            return bytes_trim(value);
    }
    return (struct bytes){NULL, 0};
}

const char *feed_format_name(enum feed_format format)
{
    static const char *const names[] = {"unknown", "rss091", "rss092", "rss20", "rss10", "atom03",
        "atom10", "cdf", "json", "sitemap", "sitemap-index"};

    return names[format];
}

static const struct bytes replacement = {"\xef\xbf\xbd", 3}; /* U+FFFD */

static void diagnose_encoding(
    struct arena *arena, struct feed *feed, const struct encoding_result *e)
{
    size_t line = 0;
    size_t column = 0;

    if (e->repaired) {
        diagnose_place(e->text, bytes_find(e->text, replacement), &line, &column);
        diagnose(arena, feed, line, column,
            bytes_format(arena, "some bytes are not %.*s and were replaced", FMT(e->name)));
    }
    if (!e->repaired && e->source == ENCODING_GUESSED)
        diagnose(arena, feed, 0, 0,
            bytes_format(
                arena, "the encoding is not declared rightly; read as %.*s", FMT(e->name)));
}

/* A feed that is served as a page is shown as one by browsers and passed over by aggregators. */
static void diagnose_type(struct arena *arena, struct feed *feed, struct bytes type)
{
    struct bytes name = bytes_trim(bytes_cut(&type, ';'));

    if (bytes_equal_nocase(name, LIT("text/html")) || bytes_equal_nocase(name, LIT("text/plain")))
        diagnose(arena, feed, 0, 0,
            bytes_format(arena,
                "it is served as %.*s; serve it as application/rss+xml, "
                "application/atom+xml or application/feed+json",
                FMT(name)));
}

static bool has_root(struct bytes text)
{
    return bytes_find_nocase(text, LIT("<rss")) != SIZE_MAX ||
           bytes_find_nocase(text, LIT("<feed")) != SIZE_MAX ||
           bytes_find_nocase(text, LIT("<rdf:")) != SIZE_MAX ||
           bytes_find_nocase(text, LIT("<channel")) != SIZE_MAX;
}

/* Where the document begins: at its declaration, which the warnings of a script may stand before,
 * else at the first markup. */
static size_t find_start(struct bytes text)
{
    size_t start = bytes_find_byte(text, '<');
    size_t declaration = bytes_find(bytes_slice(text, 0, JUNK), LIT("<?xml "));

    if (start == SIZE_MAX)
        return text.len;
    if (declaration != SIZE_MAX && declaration > start &&
        !has_root(bytes_slice(text, 0, declaration)))
        return declaration;
    return start;
}

static int read_xml(struct reader *r, struct bytes text, struct error *err)
{
    struct xml_handler handler = reader_handler(r);
    struct xml_report first = {0}, second = {0};
    size_t start = find_start(text);
    struct bytes before = bytes_slice(text, 0, start);
    struct bytes body = bytes_from(text, start);
    int code = xml_read_strict(body, &handler, &first);

    if (code == E_FORMAT) {
        reader_restart(r);
        body = text_repair(r->arena, body);
        code = xml_read_tolerant(body, &handler, &second);
        r->feed->recovered = first.problem_count + second.problem_count > 0;
    } else
        second = first;
    if (code != OK && code != E_FORMAT)
        return err->code != OK ? err->code : fail(err, code, "reading was stopped");
    if (r->feed->format == FEED_UNKNOWN)
        return fail(err, E_FORMAT,
            r->is_html          ? "1:1: this is an HTML page, not a feed"
            : text.len == start ? "1:1: there is no markup in it"
                                : "1:1: this is no feed: no rss, rdf:RDF, feed or channel element");
    r->feed->complete = second.complete;
    r->feed->before = before;
    r->feed->text = body;
    if (bytes_trim(before).len > 0)
        diagnose(r->arena, r->feed, 1, 1, LIT("text stands before the XML declaration; remove it"));
    if (second.problem_count == 0)
        diagnose_report(r->arena, r->feed, &first);
    diagnose_report(r->arena, r->feed, &second);
    return OK;
}

static int read_json(struct reader *r, struct bytes whole, struct bytes text, struct error *err)
{
    r->feed->text = text;
    r->feed->before = bytes_slice(whole, 0, (size_t)(text.ptr - whole.ptr));
    return json_feed_read(r, text, err);
}

static void complete_feed(struct reader *r, struct feed *feed, const struct feed_source *source)
{
    if (feed->image.len == 0)
        value_first_image(r, &feed->description);
    if (feed->link.len == 0 && feed->format == FEED_JSON)
        feed->link = feed->self.len > 0 ? feed->self : source->url;
}

int feed_parse(struct arena *arena, struct bytes document, const struct feed_source *source,
    const struct feed_sink *sink, struct feed *ret_feed, struct error *err)
{
    struct bytes type =
        source->content_type.len > 0 ? source->content_type : feed_header(source, "content-type");
    struct encoding_result encoded;
    struct error own = {0};
    struct feed *feed = arena_alloc(arena, sizeof(*feed));
    struct reader *r;
    struct bytes text;
    int code = encoding_to_utf8(arena, document, type, ENCODING_XML, &encoded, err);

    if (code != OK)
        return code;
    text = bytes_trim(encoded.text);
    r = arena_alloc(arena, sizeof(*r));
    reader_init(r, arena, source, sink, feed);
    if (text.len > 0 && text.ptr[0] == '{')
        code = read_json(r, encoded.text, text, &own);
    else
        code = read_xml(r, encoded.text, &own);
    if (code == OK) {
        complete_feed(r, feed, source);
        diagnose_oddities(r);
    }
    reader_done(r);
    if (code != OK) {
        if (err != NULL)
            *err = own;
        return code;
    }
    feed->encoding = encoded.name;
    feed->encoding_from = (int)encoded.source;
    diagnose_encoding(arena, feed, &encoded);
    diagnose_type(arena, feed, type);
    *ret_feed = *feed;
    return OK;
}
