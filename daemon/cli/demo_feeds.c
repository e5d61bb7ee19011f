/* demo_feeds.c - the demo world's feeds in five formats, with the habits that such feeds have. */
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/demo_markup.h"

/* One entry of a feed, ready to be written. */
struct entry {
    const struct demo_article *article;
    struct demo_story story;
    struct buf url;
};

struct document {
    struct buf *out;
    const struct demo_feed *feed;
    const struct outlet *outlet;
    struct buf home;
    struct entry entries[DEMO_FEED_SIZE];
    size_t count;
    int64_t changed;
};

void demo_escape(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.ptr[i]) {
        case '&':
            buf_add_cstr(out, "&amp;");
            break;
        case '<':
            buf_add_cstr(out, "&lt;");
            break;
        case '>':
            buf_add_cstr(out, "&gt;");
            break;
        case '"':
            buf_add_cstr(out, "&quot;");
            break;
        default:
            buf_add_byte(out, text.ptr[i]);
        }
    }
}

void demo_origin(struct buf *out, const struct demo_world *world, const char *host)
{
    buf_printf(out, "http://%s.localhost:%d", host, world->port);
}

void demo_date(struct buf *out, int64_t wall)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t when = (time_t)(wall / SECOND);
    struct tm tm;

    gmtime_r(&when, &tm);
    buf_printf(out, "%.3s, %02d %.3s %d %02d:%02d:%02d GMT", days + (size_t)3 * (size_t)tm.tm_wday,
        tm.tm_mday, months + (size_t)3 * (size_t)tm.tm_mon, tm.tm_year + 1900, tm.tm_hour,
        tm.tm_min, tm.tm_sec);
}

static void add_element(struct buf *out, const char *name, struct bytes text)
{
    buf_printf(out, "<%s>", name);
    demo_escape(out, text);
    buf_printf(out, "</%s>\n", name);
}

static void add_time(struct buf *out, const char *name, int64_t wall)
{
    char text[CLOCK_TEXT];

    add_element(out, name, bytes_of(clock_format(wall / SECOND * SECOND, text)));
}

/* The body as markup that is escaped once more, as description and content:encoded want it. */
static void add_escaped_paragraphs(struct buf *out, struct bytes body)
{
    while (body.len > 0) {
        struct buf inner = {0};

        demo_escape(&inner, bytes_cut(&body, '\n'));
        buf_add_cstr(out, "&lt;p&gt;");
        demo_escape(out, buf_bytes(&inner));
        buf_add_cstr(out, "&lt;/p&gt;");
        buf_done(&inner);
    }
}

static void write_rss20_item(struct document *doc, const struct entry *entry)
{
    buf_add_cstr(doc->out, "<item>\n");
    add_element(doc->out, "title", buf_bytes(&entry->story.headline));
    buf_add_cstr(doc->out, "<link>");
    demo_escape(doc->out, buf_bytes(&entry->url));
    buf_printf(doc->out,
        "?utm_source=rss&amp;utm_medium=feed</link>\n<guid "
        "isPermaLink=\"false\">%s-%u</guid>\n<pubDate>",
        doc->outlet->host, entry->article->id);
    demo_date(doc->out, entry->article->published);
    buf_add_cstr(doc->out, "</pubDate>\n");
    add_element(doc->out, "dc:creator", buf_bytes(&entry->story.author));
    add_element(doc->out, "category", bytes_of(entry->article->line->section));
    add_element(doc->out, "description", buf_bytes(&entry->story.summary));
    if (doc->outlet->wire) {
        buf_add_cstr(doc->out, "<content:encoded>");
        add_escaped_paragraphs(doc->out, buf_bytes(&entry->story.body));
        buf_add_cstr(doc->out, "</content:encoded>\n");
    }
    buf_add_cstr(doc->out, "</item>\n");
}

static void write_rss20(struct document *doc)
{
    buf_add_cstr(doc->out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel>\n");
    add_element(doc->out, "title", bytes_of(doc->feed->title));
    add_element(doc->out, "link", buf_bytes(&doc->home));
    add_element(doc->out, "description", bytes_of(doc->outlet->claim));
    add_element(doc->out, "language", bytes_of(doc->outlet->language));
    for (size_t i = 0; i < doc->count; i++)
        write_rss20_item(doc, &doc->entries[i]);
    buf_add_cstr(doc->out, "</channel>\n</rss>\n");
}

/* RSS 0.92: neither guid nor date nor author. */
static void write_rss092(struct document *doc)
{
    buf_add_cstr(doc->out, "<?xml version=\"1.0\"?>\n<rss version=\"0.92\">\n<channel>\n");
    add_element(doc->out, "title", bytes_of(doc->feed->title));
    add_element(doc->out, "link", buf_bytes(&doc->home));
    add_element(doc->out, "description", bytes_of(doc->outlet->claim));
    for (size_t i = 0; i < doc->count; i++) {
        buf_add_cstr(doc->out, "<item>\n");
        add_element(doc->out, "title", buf_bytes(&doc->entries[i].story.headline));
        add_element(doc->out, "link", buf_bytes(&doc->entries[i].url));
        add_element(doc->out, "description", buf_bytes(&doc->entries[i].story.summary));
        buf_add_cstr(doc->out, "</item>\n");
    }
    buf_add_cstr(doc->out, "</channel>\n</rss>\n");
}

static void write_rdf_item(struct document *doc, const struct entry *entry)
{
    buf_add_cstr(doc->out, "<item rdf:about=\"");
    demo_escape(doc->out, buf_bytes(&entry->url));
    buf_add_cstr(doc->out, "\">\n");
    add_element(doc->out, "title", buf_bytes(&entry->story.headline));
    add_element(doc->out, "link", buf_bytes(&entry->url));
    add_element(doc->out, "description", buf_bytes(&entry->story.summary));
    add_element(doc->out, "dc:creator", buf_bytes(&entry->story.author));
    add_time(doc->out, "dc:date", entry->story.modified);
    buf_add_cstr(doc->out, "</item>\n");
}

static void write_rdf(struct document *doc)
{
    buf_add_cstr(doc->out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
        "xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
        "<channel rdf:about=\"");
    demo_escape(doc->out, buf_bytes(&doc->home));
    buf_add_cstr(doc->out, "\">\n");
    add_element(doc->out, "title", bytes_of(doc->feed->title));
    add_element(doc->out, "link", buf_bytes(&doc->home));
    add_element(doc->out, "description", bytes_of(doc->outlet->claim));
    buf_add_cstr(doc->out, "<items><rdf:Seq>\n");
    for (size_t i = 0; i < doc->count; i++) {
        buf_add_cstr(doc->out, "<rdf:li rdf:resource=\"");
        demo_escape(doc->out, buf_bytes(&doc->entries[i].url));
        buf_add_cstr(doc->out, "\"/>\n");
    }
    buf_add_cstr(doc->out, "</rdf:Seq></items>\n</channel>\n");
    for (size_t i = 0; i < doc->count; i++)
        write_rdf_item(doc, &doc->entries[i]);
    buf_add_cstr(doc->out, "</rdf:RDF>\n");
}

static void write_atom_entry(struct document *doc, const struct entry *entry)
{
    buf_add_cstr(doc->out, "<entry>\n");
    buf_printf(
        doc->out, "<id>tag:%s.localhost,2026:%u</id>\n", doc->outlet->host, entry->article->id);
    add_element(doc->out, "title", buf_bytes(&entry->story.headline));
    buf_add_cstr(doc->out, "<link rel=\"alternate\" type=\"text/html\" href=\"");
    demo_escape(doc->out, buf_bytes(&entry->url));
    buf_add_cstr(doc->out, "\"/>\n");
    add_time(doc->out, "published", entry->article->published);
    add_time(doc->out, "updated", entry->story.modified);
    buf_add_cstr(doc->out, "<author><name>");
    demo_escape(doc->out, buf_bytes(&entry->story.author));
    buf_add_cstr(doc->out, "</name></author>\n<category term=\"");
    demo_escape(doc->out, bytes_of(entry->article->line->section));
    buf_add_cstr(doc->out, "\"/>\n<summary type=\"html\">&lt;p&gt;");
    demo_escape(doc->out, buf_bytes(&entry->story.summary));
    buf_add_cstr(doc->out, "&lt;/p&gt;</summary>\n</entry>\n");
}

static void write_atom(struct document *doc)
{
    buf_printf(doc->out,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
        "xml:lang=\"%s\">\n",
        doc->outlet->language);
    add_element(doc->out, "title", bytes_of(doc->feed->title));
    add_element(doc->out, "subtitle", bytes_of(doc->outlet->claim));
    buf_printf(doc->out, "<id>tag:%s.localhost,2026:%s</id>\n", doc->outlet->host, doc->feed->path);
    buf_printf(
        doc->out, "<link rel=\"self\" href=\"%s%s\"/>\n", buf_cstr(&doc->home), doc->feed->path);
    buf_printf(doc->out, "<link href=\"%s/\"/>\n", buf_cstr(&doc->home));
    add_time(doc->out, "updated", doc->changed);
    for (size_t i = 0; i < doc->count; i++)
        write_atom_entry(doc, &doc->entries[i]);
    buf_add_cstr(doc->out, "</feed>\n");
}

static void write_json_item(struct json_writer *w, const struct entry *entry)
{
    char text[CLOCK_TEXT];

    json_begin_object(w, NULL);
    json_string(w, "id", buf_bytes(&entry->url));
    json_string(w, "url", buf_bytes(&entry->url));
    json_string(w, "title", buf_bytes(&entry->story.headline));
    json_string(w, "summary", buf_bytes(&entry->story.summary));
    json_string(w, "content_text", buf_bytes(&entry->story.summary));
    json_cstr(w, "date_published", clock_format(entry->article->published / SECOND * SECOND, text));
    if (entry->story.version > 1)
        json_cstr(w, "date_modified", clock_format(entry->story.modified / SECOND * SECOND, text));
    json_begin_array(w, "authors");
    json_begin_object(w, NULL);
    json_string(w, "name", buf_bytes(&entry->story.author));
    json_end_object(w);
    json_end_array(w);
    json_begin_array(w, "tags");
    json_cstr(w, NULL, entry->article->line->section);
    json_end_array(w);
    json_end_object(w);
}

static void write_json(struct document *doc)
{
    struct json_writer w = {.out = doc->out};

    json_begin_object(&w, NULL);
    json_cstr(&w, "version", "https://jsonfeed.org/version/1.1");
    json_cstr(&w, "title", doc->feed->title);
    json_string(&w, "home_page_url", buf_bytes(&doc->home));
    json_cstr(&w, "language", doc->outlet->language);
    json_begin_array(&w, "items");
    for (size_t i = 0; i < doc->count; i++)
        write_json_item(&w, &doc->entries[i]);
    json_end_array(&w);
    json_end_object(&w);
}

static void collect(struct document *doc, const struct demo_world *world, int64_t now)
{
    const struct demo_article *articles[DEMO_FEED_SIZE];

    doc->count = demo_world_feed(world, doc->feed, articles, DEMO_FEED_SIZE);
    doc->changed = world->start;
    demo_origin(&doc->home, world, doc->feed->host);
    for (size_t i = 0; i < doc->count; i++) {
        struct entry *entry = &doc->entries[i];

        entry->article = articles[i];
        demo_story_write(articles[i], now, &entry->story);
        demo_origin(&entry->url, world, doc->feed->host);
        buf_add(&entry->url, buf_bytes(&entry->story.path));
        if (entry->story.modified > doc->changed)
            doc->changed = entry->story.modified;
    }
}

void demo_write_feed(struct buf *out, const struct demo_world *world, const struct demo_feed *feed,
    int64_t now, int64_t *ret_changed)
{
    static void (*const writers[])(struct document * doc) = {
        [DEMO_RSS20] = write_rss20,
        [DEMO_RSS092] = write_rss092,
        [DEMO_RDF] = write_rdf,
        [DEMO_ATOM] = write_atom,
        [DEMO_JSON] = write_json,
    };
    struct document doc = {.out = out, .feed = feed, .outlet = demo_outlet_find(feed->host)};

    collect(&doc, world, now);
    writers[feed->format](&doc);
    *ret_changed = doc.changed;
    buf_done(&doc.home);
    for (size_t i = 0; i < doc.count; i++) {
        demo_story_done(&doc.entries[i].story);
        buf_done(&doc.entries[i].url);
    }
}
