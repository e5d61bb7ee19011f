/* opml.c - knows how lists of feeds are written, and how they really are. */
#include "feed/opml.h"

#include "base/json.h"
#include "base/obeyed.h"
#include "feed/xml.h"
#include "text/encoding.h"
#include "text/tags.h"
#include "text/text.h"
#include "text/url.h"

enum { NAME_LIMIT = 200 };

struct opml_reader {
    struct arena *arena;
    const struct opml_sink *sink;
    char names[XML_DEPTH + 1][NAME_LIMIT]; /* of the outlines that are open */
    uint8_t name_len[XML_DEPTH + 1];
    int depth;
    size_t skipped, outlines;
    bool is_opml;
};

static struct bytes get(struct opml_reader *r, const struct xml_element *e, const char *name)
{
    return text_fold(r->arena, text_repair(r->arena, xml_get(e, NS_CORE, name)));
}

/* The outlines around a feed name its category. */
static void enter(struct opml_reader *r, struct bytes name)
{
    if (name.len == 0 || name.len > NAME_LIMIT)
        return;
    memcpy(r->names[r->depth], name.ptr, name.len);
    r->name_len[r->depth] = (uint8_t)name.len;
}

static struct bytes category_of(struct opml_reader *r)
{
    struct buf name = {0};
    struct buf all = {0};
    struct bytes kept;

    for (int i = 1; i < r->depth; i++) {
        buf_clear(&name);
        tags_write((struct bytes){r->names[i], r->name_len[i]}, &name);
        if (name.len == 0 || all.len + name.len >= OPML_CATEGORY - sizeof(OPML_INNER))
            continue;
        buf_add_cstr(&all, all.len > 0 ? OPML_INNER : "");
        buf_add(&all, buf_bytes(&name));
    }
    kept = bytes_copy(r->arena, buf_bytes(&all));
    buf_done(&name);
    buf_done(&all);
    return kept;
}

/* Some programs write the address where they know no title; then the document has one. */
static bool is_address_of(struct opml_reader *r, struct bytes title, struct bytes url)
{
    struct bytes named, meant;

    if (title.len == 0 || bytes_equal(title, url))
        return true;
    return bytes_find(title, LIT("//")) != SIZE_MAX &&
           url_feed(r->arena, title, &named, NULL) == OK &&
           url_feed(r->arena, url, &meant, NULL) == OK && bytes_equal(named, meant);
}

static int add_feed(struct opml_reader *r, const struct xml_element *e, struct bytes url)
{
    struct opml_feed feed = {.feed_url = url,
        .title = get(r, e, "title"),
        .link = get(r, e, "htmlUrl"),
        .category = category_of(r),
        .tags = get(r, e, "category")};

    if (feed.title.len == 0)
        feed.title = get(r, e, "text");
    if (is_address_of(r, feed.title, url))
        feed.title = (struct bytes){NULL, 0};
    url = url_unescape(r->arena, url);
    feed.feed_url = url;
    feed.link = url_unescape(r->arena, feed.link);
    if (!url_may_be_feed(url)) {
        r->skipped++;
        return r->sink->on_skipped == NULL ? OK : r->sink->on_skipped(r->sink->ctx, &feed);
    }
    return r->sink->on_feed(r->sink->ctx, &feed);
}

static int on_start(void *ctx, const struct xml_element *e)
{
    struct opml_reader *r = ctx;
    struct bytes url, name;
    int code = OK;

    r->depth++;
    r->name_len[r->depth] = 0;
    if (e->tag == TAG_OPML || bytes_equal_nocase(e->name, LIT("outline")))
        r->is_opml = true;
    if (!bytes_equal_nocase(e->name, LIT("outline")))
        return OK;
    url = get(r, e, "xmlUrl");
    if (url.len == 0 && bytes_equal_nocase(get(r, e, "type"), LIT("rss")))
        url = get(r, e, "url");
    name = get(r, e, "text");
    if (name.len == 0)
        name = get(r, e, "title");
    if (url.len > 0)
        code = add_feed(r, e, url);
    else
        enter(r, name);
    arena_reset(r->arena);
    return code;
}

static int on_end(void *ctx, bool cut)
{
    (void)cut;
    ((struct opml_reader *)ctx)->depth--;
    return OK;
}

static void on_text(void *ctx, struct bytes text)
{
    (void)ctx;
    (void)text;
}

int opml_read(struct arena *arena, struct bytes document, const struct opml_sink *sink,
    struct opml_summary *ret_summary, struct error *err)
{
    struct xml_handler handler = {.on_start = on_start, .on_end = on_end, .on_text = on_text};
    struct encoding_result encoded;
    struct xml_report report;
    struct opml_reader *r;
    int code =
        encoding_to_utf8(arena, document, (struct bytes){NULL, 0}, ENCODING_XML, &encoded, err);

    if (code != OK)
        return code;
    r = arena_alloc(arena, sizeof(*r));
    r->arena = arena_new(64 << 20);
    r->sink = sink;
    handler.ctx = r;
    code = xml_read_tolerant(text_repair(arena, encoded.text), &handler, &report);
    arena_free(r->arena);
    if (code != OK)
        return fail(err, code, "reading was stopped");
    if (!r->is_opml)
        return fail(err, E_FORMAT, "1:1: this is no OPML: no outline in it");
    *ret_summary = (struct opml_summary){r->skipped, report.complete};
    return OK;
}

/* What a terminal would obey is written as its number: readers of XML get what it was. */
static void add_escaped(struct buf *out, struct bytes text)
{
    size_t len;

    for (size_t i = 0; i < text.len; i += len) {
        char c = text.ptr[i];
        unsigned hidden;

        len = 1;
        hidden = obeyed_at(text.ptr + i, text.len - i, &len);
        if (hidden != 0)
            buf_printf(out, "&#x%x;", hidden);
        else if (c == '&')
            buf_add_cstr(out, "&amp;");
        else if (c == '<')
            buf_add_cstr(out, "&lt;");
        else if (c == '"')
            buf_add_cstr(out, "&quot;");
        else if ((unsigned char)c >= ' ')
            buf_add_byte(out, c);
    }
}

static void add_attribute(struct buf *out, const char *name, struct bytes value)
{
    if (value.len == 0)
        return;
    buf_printf(out, " %s=\"", name);
    add_escaped(out, value);
    buf_add_byte(out, '"');
}

void opml_begin(struct opml_writer *w, struct buf *out, struct bytes title)
{
    *w = (struct opml_writer){.out = out};
    buf_add_cstr(
        out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head><title>");
    add_escaped(out, title);
    buf_add_cstr(out, "</title></head>\n<body>\n");
}

/* Of two categories the length of the outlines that both begin with. */
static size_t shared(struct bytes one, struct bytes other)
{
    size_t same = 0;

    while (one.len > same && other.len > same) {
        struct bytes left = bytes_from(one, same), right = bytes_from(other, same);
        size_t end = bytes_find(left, LIT(OPML_INNER)), there = bytes_find(right, LIT(OPML_INNER));

        end = end == SIZE_MAX ? left.len : end;
        there = there == SIZE_MAX ? right.len : there;
        if (!bytes_equal(bytes_slice(left, 0, end), bytes_slice(right, 0, there)))
            break;
        same += end + strlen(OPML_INNER);
    }
    return same;
}

static struct bytes cut_outline(struct bytes *category)
{
    size_t end = bytes_find(*category, LIT(OPML_INNER));
    struct bytes name = bytes_slice(*category, 0, end == SIZE_MAX ? category->len : end);

    *category =
        end == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_from(*category, end + strlen(OPML_INNER));
    return name;
}

/* Close and open what lies between the outlines that are open and those of category. */
static void change_category(struct opml_writer *w, struct bytes category)
{
    struct bytes open = bytes_of(w->category);
    size_t same = shared(open, category);
    struct bytes rest = same < open.len ? bytes_from(open, same) : LIT("");

    while (rest.len > 0) {
        cut_outline(&rest);
        buf_add_cstr(w->out, "</outline>\n");
    }
    if (category.len > 0)
        memcpy(w->category, category.ptr, category.len);
    w->category[category.len] = '\0';
    rest = same < category.len ? bytes_from(category, same) : LIT("");
    while (rest.len > 0) {
        struct buf name = {0};

        tags_read(cut_outline(&rest), &name);
        buf_add_cstr(w->out, "<outline");
        add_attribute(w->out, "text", buf_bytes(&name));
        buf_add_cstr(w->out, ">\n");
        buf_done(&name);
    }
}

void opml_add(struct opml_writer *w, const struct opml_feed *feed)
{
    struct bytes category = feed->category.len < OPML_CATEGORY ? feed->category : LIT("");

    if (!bytes_is(category, w->category))
        change_category(w, category);
    buf_add_cstr(w->out, "<outline type=\"rss\"");
    add_attribute(w->out, "text", feed->title.len > 0 ? feed->title : feed->feed_url);
    add_attribute(w->out, "title", feed->title);
    add_attribute(w->out, "xmlUrl", feed->feed_url);
    add_attribute(w->out, "htmlUrl", feed->link);
    add_attribute(w->out, "category", feed->tags);
    buf_add_cstr(w->out, "/>\n");
}

void opml_end(struct opml_writer *w)
{
    change_category(w, LIT(""));
    buf_add_cstr(w->out, "</body>\n</opml>\n");
}

/* Feeds are written as they come, what is none waits for their end. */
struct told {
    struct json_writer feeds, skipped;
    struct buf later;
};

static int write_one(struct json_writer *w, const struct opml_feed *feed)
{
    json_begin_object(w, NULL);
    json_string(w, "feed_url", feed->feed_url);
    json_string_if(w, "title", feed->title);
    json_string_if(w, "link", feed->link);
    json_string_if(w, "category", feed->category);
    json_string_if(w, "tags", feed->tags);
    json_end_object(w);
    return OK;
}

static int write_feed(void *ctx, const struct opml_feed *feed)
{
    return write_one(&((struct told *)ctx)->feeds, feed);
}

static int write_skipped(void *ctx, const struct opml_feed *feed)
{
    return write_one(&((struct told *)ctx)->skipped, feed);
}

int opml_json(struct arena *arena, struct bytes document, struct buf *out, struct error *err)
{
    struct told told = {.feeds.out = out};
    struct opml_sink sink = {write_feed, &told, write_skipped};
    struct json_writer *w = &told.feeds;
    struct opml_summary summary = {0};
    size_t start = out->len;
    struct error own = {0};
    int code;

    told.skipped.out = &told.later;
    json_begin_object(w, NULL);
    json_begin_array(w, "feeds");
    json_begin_array(&told.skipped, NULL);
    code = opml_read(arena, document, &sink, &summary, &own);
    json_end_array(w);
    json_end_array(&told.skipped);
    if (summary.skipped > 0)
        json_raw(w, "skipped", buf_bytes(&told.later));
    json_bool(w, "complete", summary.complete);
    json_end_object(w);
    buf_done(&told.later);
    if (code != OK) {
        out->len = start;
        *w = (struct json_writer){.out = out};
        json_begin_object(w, NULL);
        json_cstr(w, "error", own.text);
        json_end_object(w);
        if (err != NULL)
            *err = own;
    }
    return code;
}
