/* explain_fields.c - where each field stands: in the page's own data, before a reader's eyes, in
 * the feed. */
#include "explain.h"
#include "field/fields.h"
#include "text/url.h"

enum { PLACES_MOST = 12 };

struct places {
    const struct page *page;
    struct json_writer *w;
    struct bytes value;
    int count;
};

static void add_place(struct places *places, struct bytes place)
{
    if (places->count++ < PLACES_MOST)
        json_string(places->w, NULL, place);
}

static bool holds(struct bytes text, struct bytes value)
{
    return value.len > 0 && bytes_find_nocase(text, value) != SIZE_MAX;
}

/* A said text that is the value, holds it, or (addresses, tags of languages) is a part of it. */
static void add_said(struct places *places, const struct said_list *list, bool part)
{
    struct arena *arena = places->page->arena;

    for (size_t i = 0; i < list->count; i++) {
        const struct said *said = &list->items[i];

        if (holds(said->text, places->value) || (part && holds(places->value, said->text)))
            add_place(places, bytes_format(arena, "%s %s", explain_place(said),
                                  said->name == NULL ? "" : said->name));
    }
}

static void add_lines(struct places *places)
{
    const struct page *page = places->page;

    for (uint32_t i = 0; i < page->line_count && places->count < PLACES_MOST; i++)
        if (bytes_equal_nocase(page->lines[i].text, places->value))
            add_place(places, bytes_format(page->arena, "the page, in <%.*s>",
                                  FMT(explain_name(page, page->lines[i].block))));
}

static void add_if(struct places *places, struct bytes text, const char *place)
{
    if (holds(text, places->value))
        add_place(places, bytes_of(place));
}

static struct places begin(
    const struct page *page, struct json_writer *w, const char *name, struct bytes value)
{
    json_begin_object(w, NULL);
    json_cstr(w, "name", name);
    json_string(w, "value", explain_beginning(value));
    json_begin_array(w, "found");
    return (struct places){page, w, value, 0};
}

static void end(struct places *places, const char *otherwise)
{
    if (places->count == 0 && otherwise != NULL)
        add_place(places, bytes_of(otherwise));
    json_end_array(places->w);
    json_end_object(places->w);
}

static void write_title(const struct page *page, const wr_record *rec, struct json_writer *w)
{
    struct places places = begin(page, w, "title", borrow(wr_get(rec, WR_TITLE)));

    add_lines(&places);
    add_said(&places, &page->said->titles, false);
    add_if(&places, page->said->document_title, "the document's title");
    add_if(&places, borrow(wr_get(rec, WR_FEED_TITLE)), "the feed");
    end(&places, NULL);
}

static void write_authors(const struct page *page, const wr_record *rec, struct json_writer *w)
{
    for (size_t i = 0; i < wr_count(rec, WR_AUTHOR); i++) {
        struct places places = begin(page, w, "author", borrow(wr_get_at(rec, WR_AUTHOR, i)));

        add_said(&places, &page->said->authors, false);
        add_if(&places, borrow(wr_get(rec, WR_BYLINE)), "the byline");
        for (size_t k = 0; k < wr_count(rec, WR_FEED_AUTHOR); k++)
            add_if(&places, borrow(wr_get_at(rec, WR_FEED_AUTHOR, k)), "the feed");
        end(&places, NULL);
    }
}

static void write_published(const struct page *page, const wr_record *rec, struct json_writer *w)
{
    struct places places = begin(page, w, "published", borrow(wr_get(rec, WR_PUBLISHED)));

    add_place(&places, bytes_format(page->arena, "%.*s, as \"%.*s\"",
                           FMT(borrow(wr_get(rec, WR_PUBLISHED_SOURCE))),
                           FMT(explain_beginning(borrow(wr_get(rec, WR_PUBLISHED_RAW))))));
    end(&places, NULL);
}

/* A field that is one of the things said, or comes from elsewhere. */
static void write_one(const struct page *page, const wr_record *rec, struct json_writer *w,
    int field, const char *name, const struct said_list *said, const char *otherwise)
{
    struct places places = begin(page, w, name, borrow(wr_get(rec, field)));

    if (said != NULL)
        add_said(&places, said, true);
    add_lines(&places);
    end(&places, otherwise);
}

void explain_fields(const struct page *page, const wr_record *rec, struct json_writer *w)
{
    const struct evidence *said = page->said;
    const struct {
        int field;
        const char *name;
        const struct said_list *said;
        const char *otherwise;
    } others[] = {
        {WR_MODIFIED, "modified", &said->modified, "the page"},
        {WR_BYLINE, "byline", NULL, "the page"},
        {WR_STANDFIRST, "standfirst", &said->summaries, "the page"},
        {WR_IMAGE, "image", &said->images, "the first picture of the article"},
        {WR_CANONICAL, "canonical", &said->canonicals, "the page's own address"},
        {WR_LANGUAGE, "language", &said->languages, "the feed, or a guess by the text"},
        {WR_SECTION, "section", &said->sections, "the page"},
    };

    json_begin_array(w, "fields");
    if (wr_get(rec, WR_TITLE).len > 0)
        write_title(page, rec, w);
    write_authors(page, rec, w);
    if (wr_get(rec, WR_PUBLISHED).len > 0)
        write_published(page, rec, w);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (wr_get(rec, others[i].field).len > 0)
            write_one(
                page, rec, w, others[i].field, others[i].name, others[i].said, others[i].otherwise);
    json_end_array(w);
}
