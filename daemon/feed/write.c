/* write.c - knows how a feed and its entries look as JSON. */
#include "feed/write.h"

#include "feed/html.h"

/* Of a body that was told to be text: what a document may hold, escaped. */
enum { PARAGRAPHS_MOST = 64 << 20 };

static void write_date(
    struct json_writer *w, struct arena *arena, const char *key, const struct feed_date *date)
{
    if (date->known)
        json_string(w, key, date_format(arena, &date->date));
}

static void write_body(
    struct json_writer *w, struct arena *arena, const char *key, const struct feed_body *body)
{
    json_string_if(w, key, feed_body_html(arena, body));
}

/* Behind the line breaks, more than one, that text begins with; 0 without them. */
static size_t empty_line(struct bytes text)
{
    size_t end = 0;
    int breaks = 0;

    for (; end < text.len && is_space(text.ptr[end]); end++)
        breaks += text.ptr[end] == '\n' ||
                  (text.ptr[end] == '\r' && (end + 1 == text.len || text.ptr[end + 1] != '\n'));
    return breaks > 1 ? end : 0;
}

static struct bytes next_paragraph(struct bytes *text)
{
    struct bytes rest = *text;

    for (size_t i = 0; i < rest.len; i++) {
        size_t gap =
            rest.ptr[i] == '\n' || rest.ptr[i] == '\r' ? empty_line(bytes_from(rest, i)) : 0;

        if (gap == 0)
            continue;
        *text = bytes_from(rest, i + gap);
        return bytes_slice(rest, 0, i);
    }
    *text = (struct bytes){NULL, 0};
    return rest;
}

/* In plain text an empty line is between paragraphs (JSON Feed 1.1, content_text); so is it in
 * what RSS leaves open, where it has no tags. */
static struct bytes in_paragraphs(struct arena *arena, const struct feed_body *body)
{
    struct bytes rest = bytes_trim(body->text);
    struct buf out = {.limit = PARAGRAPHS_MOST};
    struct bytes result;

    while (rest.len > 0) {
        struct bytes text = next_paragraph(&rest);

        text = body->type == FEED_TEXT ? html_escape(arena, text)
                                       : html_sanitize(arena, text, body->base);
        buf_printf(&out, "%s<p>%.*s</p>", out.len > 0 ? "\n" : "", FMT(text));
    }
    result = bytes_copy(arena, buf_bytes(&out));
    buf_done(&out);
    return result;
}

static bool is_in_paragraphs(const struct feed_body *body)
{
    struct bytes text = bytes_trim(body->text);

    if (body->type == FEED_HTML && bytes_find_byte(text, '<') != SIZE_MAX)
        return false;
    next_paragraph(&text);
    return text.len > 0;
}

struct bytes feed_body_html(struct arena *arena, const struct feed_body *body)
{
    if (is_in_paragraphs(body))
        return in_paragraphs(arena, body);
    if (body->type == FEED_TEXT)
        return html_escape(arena, body->text);
    return html_sanitize(arena, body->text, body->base);
}

/* A title is plain where that says all, else HTML. */
static void write_line(struct json_writer *w, struct arena *arena, const char *key,
    struct bytes plain, const struct feed_body *body)
{
    if (body->type == FEED_TEXT)
        json_string_if(w, key, html_escape(arena, plain));
    else if (bytes_find_byte(body->text, '<') == SIZE_MAX &&
             bytes_find_byte(body->text, '&') == SIZE_MAX)
        json_string_if(w, key, plain);
    else
        write_body(w, arena, key, body);
}

static void write_texts(struct json_writer *w, const char *key, const struct feed_texts *list)
{
    if (list->count == 0)
        return;
    json_begin_array(w, key);
    for (size_t i = 0; i < list->count; i++)
        json_string(w, NULL, list->at[i]);
    json_end_array(w);
}

static void write_persons(struct json_writer *w, const char *key, const struct feed_persons *list)
{
    if (list->count == 0)
        return;
    json_begin_array(w, key);
    for (size_t i = 0; i < list->count; i++) {
        json_begin_object(w, NULL);
        json_string_if(w, "name", list->at[i].name);
        json_string_if(w, "email", list->at[i].email);
        json_string_if(w, "url", list->at[i].url);
        json_end_object(w);
    }
    json_end_array(w);
}

static void write_links(
    struct json_writer *w, const char *key, const struct feed_links *list, bool enclosures)
{
    if (list->count == 0)
        return;
    json_begin_array(w, key);
    for (size_t i = 0; i < list->count; i++) {
        const struct feed_link *link = &list->at[i];

        json_begin_object(w, NULL);
        json_string_if(w, "rel", link->rel);
        json_string_if(w, enclosures ? "url" : "href", link->href);
        json_string_if(w, "type", link->type);
        json_string_if(w, "title", link->title);
        json_string_if(w, "hreflang", link->hreflang);
        json_string_if(w, "length", link->length);
        json_end_object(w);
    }
    json_end_array(w);
}

void entry_write_json(struct json_writer *w, struct arena *arena, const struct entry *e)
{
    json_begin_object(w, NULL);
    json_string_if(w, "id", e->id);
    write_line(w, arena, "title", e->title, &e->title_body);
    json_string_if(w, "link", e->link);
    write_date(w, arena, "published", &e->published);
    write_date(w, arena, "updated", &e->updated);
    write_persons(w, "authors", &e->authors);
    write_persons(w, "contributors", &e->contributors);
    write_body(w, arena, "summary", &e->summary);
    write_body(w, arena, "content", &e->content);
    write_texts(w, "categories", &e->categories);
    write_links(w, "enclosures", &e->enclosures, true);
    json_string_if(w, "language", e->language);
    json_string_if(w, "comments", e->comments);
    json_string_if(w, "comments_feed", e->comments_feed);
    write_line(w, arena, "rights", e->rights, &e->rights_body);
    json_string_if(w, "image", e->image);
    if (e->source.title.len + e->source.link.len + e->source.id.len > 0) {
        json_begin_object(w, "source");
        json_string_if(w, "title", e->source.title);
        json_string_if(w, "link", e->source.link);
        json_string_if(w, "id", e->source.id);
        json_end_object(w);
    }
    write_links(w, "links", &e->links, false);
    json_end_object(w);
}

static void write_diagnoses(struct json_writer *w, const struct feed *feed)
{
    if (feed->diagnosis_count == 0)
        return;
    json_begin_array(w, "diagnoses");
    for (size_t i = 0; i < feed->diagnosis_count; i++) {
        json_begin_object(w, NULL);
        if (feed->diagnoses[i].line > 0) {
            json_int(w, "line", (int64_t)feed->diagnoses[i].line);
            json_int(w, "column", (int64_t)feed->diagnoses[i].column);
        }
        json_string(w, "text", feed->diagnoses[i].text);
        json_end_object(w);
    }
    json_end_array(w);
}

/* The hub to subscribe at: the first that is reached safely, else the first (WebSub section 4). */
static struct bytes feed_hub(const struct feed *feed)
{
    for (size_t i = 0; i < feed->hubs.count; i++)
        if (bytes_starts_nocase(feed->hubs.at[i], LIT("https://")))
            return feed->hubs.at[i];
    return feed->hubs.count > 0 ? feed->hubs.at[0] : (struct bytes){NULL, 0};
}

void feed_write_json(
    struct json_writer *w, struct arena *arena, const char *key, const struct feed *f)
{
    json_begin_object(w, key);
    json_cstr(w, "format", feed_format_name(f->format));
    json_bool(w, "complete", f->complete);
    json_bool(w, "recovered", f->recovered);
    write_line(w, arena, "title", f->title, &f->title_body);
    json_string_if(w, "link", f->link);
    json_string_if(w, "feed_url", f->self);
    json_string_if(w, "hub", feed_hub(f));
    write_texts(w, "hubs", &f->hubs);
    json_string_if(w, "id", f->id);
    write_body(w, arena, "description", &f->description);
    json_string_if(w, "language", f->language);
    write_date(w, arena, "updated", &f->updated);
    write_date(w, arena, "published", &f->published);
    write_persons(w, "authors", &f->authors);
    write_persons(w, "contributors", &f->contributors);
    write_line(w, arena, "copyright", f->rights, &f->rights_body);
    json_string_if(w, "generator", f->generator);
    json_string_if(w, "image", f->image);
    json_string_if(w, "icon", f->icon);
    json_string_if(w, "ttl", f->ttl);
    write_texts(w, "categories", &f->categories);
    write_texts(w, "skip_hours", &f->skip_hours);
    write_texts(w, "skip_days", &f->skip_days);
    json_string_if(w, "update_period", f->update_period);
    json_string_if(w, "update_frequency", f->update_frequency);
    write_links(w, "links", &f->links, false);
    write_diagnoses(w, f);
    json_end_object(w);
}

struct output {
    struct json_writer writer;
    struct arena *arena;
};

static int on_entry(void *ctx, const struct entry *entry)
{
    struct output *out = ctx;

    entry_write_json(&out->writer, out->arena, entry);
    arena_reset(out->arena);
    return out->writer.out->over ? E_LIMIT : OK;
}

int feed_parse_json(struct arena *arena, struct bytes document, const struct feed_source *source,
    struct buf *out, struct error *err)
{
    struct output output = {
        .writer = {.out = out}, .arena = arena_new((size_t)FEED_ENTRY_LIMIT * 4)};
    struct feed_sink sink = {.on_entry = on_entry, .ctx = &output};
    size_t start = out->len;
    struct error own = {0};
    struct feed feed;
    int code;

    json_begin_object(&output.writer, NULL);
    json_begin_array(&output.writer, "entries");
    code = feed_parse(arena, document, source, &sink, &feed, &own);
    json_end_array(&output.writer);
    if (code == OK) {
        feed_write_json(&output.writer, output.arena, "feed", &feed);
        json_end_object(&output.writer);
    }
    if (code == OK && out->over)
        code = fail(&own, E_LIMIT, "the answer is over %zu bytes", out->limit);
    arena_free(output.arena);
    if (code != OK) {
        out->len = start;
        out->over = false;
        output.writer = (struct json_writer){.out = out};
        json_begin_object(&output.writer, NULL);
        json_cstr(&output.writer, "error", own.text);
        json_end_object(&output.writer);
        if (err != NULL)
            *err = own;
    }
    return code;
}
