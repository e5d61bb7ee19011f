/* demo_fronts.c - the documents of the demo world that lead to others: front pages, OPML, the list
 * of what is true. */
#include "base/clock.h"
#include "base/json.h"
#include "cli/demo_markup.h"

static const char *media_type(const struct demo_feed *feed)
{
    switch (feed->format) {
    case DEMO_ATOM:
        return "application/atom+xml";
    case DEMO_JSON:
        return "application/feed+json";
    default:
        return "application/rss+xml";
    }
}

void demo_write_front(
    struct buf *out, const struct demo_world *world, const struct outlet *outlet, int64_t now)
{
    const struct demo_feed all = {.host = outlet->host};
    const struct demo_article *articles[DEMO_FEED_SIZE];
    size_t count = demo_world_feed(world, &all, articles, DEMO_FEED_SIZE);

    buf_printf(out,
        "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title>\n",
        outlet->language, outlet->name);
    for (const struct demo_feed *feed = demo_feeds; feed->host != NULL; feed++) {
        if (strcmp(feed->host, outlet->host) == 0)
            buf_printf(out, "<link rel=\"alternate\" type=\"%s\" title=\"%s\" href=\"%s\">\n",
                media_type(feed), feed->title, feed->path);
    }
    buf_printf(out, "</head><body><h1>%s</h1><p>%s</p>\n<ul>\n", outlet->name, outlet->claim);
    for (size_t i = 0; i < count; i++) {
        struct demo_story story;

        demo_story_write(articles[i], now, &story);
        buf_printf(out, "<li><a href=\"%s\">", buf_cstr(&story.path));
        demo_escape(out, buf_bytes(&story.headline));
        buf_add_cstr(out, "</a></li>\n");
        demo_story_done(&story);
    }
    buf_add_cstr(out, "</ul></body></html>\n");
}

void demo_write_opml(struct buf *out, const struct demo_world *world)
{
    buf_add_cstr(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml "
                      "version=\"2.0\">\n<head><title>The demo world</title></head>\n<body>\n");
    for (const struct demo_feed *feed = demo_feeds; feed->host != NULL; feed++) {
        buf_printf(out, "<outline type=\"rss\" text=\"%s\" xmlUrl=\"", feed->title);
        demo_origin(out, world, feed->host);
        buf_printf(out, "%s\"/>\n", feed->path);
    }
    buf_add_cstr(out, "</body>\n</opml>\n");
}

static void write_true_article(struct json_writer *w, const struct demo_world *world,
    const struct demo_article *article, int64_t now)
{
    static const char *const layouts[] = {"broadsheet", "agency", "modern", "table"};
    struct demo_story story;
    struct buf url = {0};
    char text[CLOCK_TEXT];

    demo_story_write(article, now, &story);
    demo_origin(&url, world, article->outlet->host);
    buf_add(&url, buf_bytes(&story.path));
    json_begin_object(w, NULL);
    json_string(w, "url", buf_bytes(&url));
    json_cstr(w, "outlet", article->outlet->name);
    json_cstr(w, "layout", layouts[article->outlet->layout]);
    json_cstr(w, "language", article->outlet->language);
    json_cstr(w, "section", article->line->section);
    json_string(w, "headline", buf_bytes(&story.headline));
    json_string(w, "author", buf_bytes(&story.author));
    json_string(w, "text", buf_bytes(&story.body));
    json_cstr(w, "published", clock_format(article->published / SECOND * SECOND, text));
    json_int(w, "version", story.version);
    json_int(w, "id", article->id);
    json_int(w, "reprint_of", article->reprint_of);
    json_int(w, "story", article->story);
    json_end_object(w);
    demo_story_done(&story);
    buf_done(&url);
}

void demo_write_truth(struct buf *out, const struct demo_world *world, int64_t now)
{
    struct json_writer w = {.out = out};

    json_begin_array(&w, NULL);
    for (uint32_t id = world->count > DEMO_KEPT ? world->count - DEMO_KEPT + 1 : 1;
         id <= world->count; id++)
        write_true_article(&w, world, demo_world_find(world, id), now);
    json_end_array(&w);
}
