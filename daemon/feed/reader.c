/* reader.c - knows where in a feed the reader is: which elements are open and whose text is being
 * gathered. */
#include "feed/reader.h"

#include "text/text.h"
#include "text/url.h"

enum { TEXT_LIMIT = 8 << 20, NAMES_LIMIT = 64 << 10, SHORT_CONTENT = 2000 };

static void on_text(void *ctx, struct bytes text)
{
    struct reader *r = ctx;
    const struct frame *frame = &r->frames[r->depth];

    if (frame->context == IN_FIELD || frame->context == IN_PERSON || frame->context == IN_SOURCE ||
        frame->context == IN_IMAGE) {
        if (frame->writing != AS_XHTML) {
            buf_add(&r->text, text);
            return;
        }
    } else if (frame->context != IN_MARKUP) {
        return;
    }
    for (size_t i = 0; i < text.len;) {
        size_t end = i;

        while (
            end < text.len && text.ptr[end] != '<' && text.ptr[end] != '&' && text.ptr[end] != '>')
            end++;
        buf_add(&r->text, bytes_slice(text, i, end - i));
        if (end < text.len)
            buf_add_cstr(&r->text, text.ptr[end] == '<'   ? "&lt;"
                                   : text.ptr[end] == '>' ? "&gt;"
                                                          : "&amp;");
        i = end + 1;
    }
}

static void add_attribute(struct buf *out, const struct xml_attribute *attribute)
{
    buf_add_byte(out, ' ');
    if (attribute->prefix.len > 0) {
        buf_add(out, attribute->prefix);
        buf_add_byte(out, ':');
    }
    buf_add(out, attribute->name);
    buf_add_cstr(out, "=\"");
    for (size_t i = 0; i < attribute->value.len; i++) {
        char c = attribute->value.ptr[i];

        if (c == '"')
            buf_add_cstr(out, "&quot;");
        else if (c == '&')
            buf_add_cstr(out, "&amp;");
        else if (c == '<')
            buf_add_cstr(out, "&lt;");
        else
            buf_add_byte(out, c);
    }
    buf_add_byte(out, '"');
}

/* The markup of an element inside a field becomes part of the field's text. */
static void begin_markup(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    size_t start = r->markup_names.len;

    frame->context = IN_MARKUP;
    if (element->prefix.len > 0 && element->ns != NS_XHTML) {
        buf_add(&r->markup_names, element->prefix);
        buf_add_byte(&r->markup_names, ':');
    }
    buf_add(&r->markup_names, element->name);
    frame->mark = start;
    buf_add_byte(&r->text, '<');
    buf_add(&r->text, bytes_from(buf_bytes(&r->markup_names), start));
    for (size_t i = 0; i < element->attribute_count; i++)
        add_attribute(&r->text, &element->attributes[i]);
    buf_add_byte(&r->text, '>');
}

static void end_markup(struct reader *r, const struct frame *frame)
{
    struct bytes name = bytes_from(buf_bytes(&r->markup_names), frame->mark);

    buf_add_cstr(&r->text, "</");
    buf_add(&r->text, name);
    buf_add_byte(&r->text, '>');
    r->markup_names.len = frame->mark;
}

static void inherit(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    for (size_t i = 0; i < element->attribute_count; i++) {
        const struct xml_attribute *a = &element->attributes[i];

        if (a->ns == NS_CORE && element->ns == NS_XHTML && bytes_is(a->name, "lang") &&
            !frame->own_lang) {
            frame->lang = text_language(reader_arena(r), a->value);
            frame->own_lang = true;
        }
        if (a->ns != NS_XML)
            continue;
        if (bytes_is(a->name, "base"))
            frame->base = bytes_copy(reader_arena(r), value_resolve(r, frame->base, a->value));
        else if (bytes_is(a->name, "lang")) {
            frame->lang = text_language(reader_arena(r), a->value);
            frame->own_lang = true;
        }
    }
}

/* The one div around XHTML speaks for all of it (RFC 4287 section 3.1.1.3). */
static bool is_wrapper(const struct frame *parent, const struct xml_element *element)
{
    return parent->context == IN_FIELD && parent->writing == AS_XHTML && !parent->has_child &&
           bytes_equal_nocase(element->name, LIT("div"));
}

/* Markup of a name, not a part of a person. */
static bool is_phrase(const struct xml_element *element)
{
    static const char *const names[] = {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br",
        "cite", "div", "em", "font", "i", "mark", "p", "q", "s", "small", "span", "strike",
        "strong", "sub", "sup", "tt", "u", NULL};

    for (size_t i = 0; element->tag == TAG_NONE && names[i] != NULL; i++)
        if (bytes_equal_nocase(element->name, bytes_of(names[i])))
            return true;
    return false;
}

/* An entry directly in an entry is the next one: the end tag of the one before is missing. */
static int end_unclosed(struct reader *r, const struct xml_element *element)
{
    struct frame *parent = &r->frames[r->depth];

    if (parent->context != IN_ENTRY || r->entry_depth != r->depth || element->tag != parent->tag ||
        element->ns != parent->ns)
        return OK;
    parent->context = IN_FEED;
    r->entry.raw = 0; /* its bytes are those of both */
    return reader_end_entry(r);
}

/* An entry of a sitemap has one address: with a second one begins the next. */
static int end_located(struct reader *r, const struct xml_element *element)
{
    int code;

    if (element->tag != TAG_LOC || element->ns != NS_CORE || r->entry_depth != r->depth ||
        r->entry_rank[F_LINK] != FROM_OWN ||
        (r->feed->format != FEED_SITEMAP && r->feed->format != FEED_SITEMAP_INDEX))
        return OK;
    r->entry.raw = 0; /* its bytes are those of several */
    code = reader_end_entry(r);
    reader_new_entry(r);
    return code;
}

static int on_start(void *ctx, const struct xml_element *element)
{
    struct reader *r = ctx;
    int code = r->entry_depth == 0       ? OK
               : element->tag == TAG_LOC ? end_located(r, element)
                                         : end_unclosed(r, element);
    struct frame *parent = &r->frames[r->depth];
    struct frame *frame = &r->frames[++r->depth];

    *frame = (struct frame){.context = IN_NOTHING,
        .ns = element->ns,
        .tag = element->tag,
        .mark = r->text.len,
        .base = parent->base,
        .lang = parent->lang,
        .own_lang = parent->own_lang && r->entry_depth > 0};
    if (code != OK || parent->context == IN_NOTHING)
        return code;
    inherit(r, frame, element);
    if (is_wrapper(parent, element)) {
        parent->lang = frame->lang;
        parent->own_lang = parent->own_lang || frame->own_lang;
    }
    if (parent->context == IN_FIELD || parent->context == IN_MARKUP ||
        (parent->context == IN_PERSON && is_phrase(element))) {
        parent->has_child = true;
        begin_markup(r, frame, element);
        return OK;
    }
    reader_begin(r, parent, frame, element);
    return OK;
}

static int on_end(void *ctx, bool cut)
{
    struct reader *r = ctx;
    struct frame *frame = &r->frames[r->depth];
    const struct frame *parent = &r->frames[r->depth - 1];
    struct bytes text;
    int code = OK;

    if (frame->context == IN_MARKUP) {
        end_markup(r, frame);
        r->depth--;
        return OK;
    }
    text = bytes_from(buf_bytes(&r->text), frame->mark);
    if (frame->context == IN_ENTRY && r->entry_depth == r->depth) {
        if (!cut)
            code = reader_end_entry(r);
        r->entry_depth = 0;
    } else if (frame->context != IN_NOTHING && !(cut && r->entry_depth > 0)) {
        reader_finish(r, parent, frame, text);
    }
    if (frame->context != IN_NOTHING) {
        r->text.len = frame->mark;
        r->text.over = false;
    }
    r->depth--;
    return code;
}

static bool on_item(void *ctx, const struct xml_item *item)
{
    struct reader *r = ctx;

    r->raw = 0;
    return item != NULL && item->depth == r->depth && r->frames[r->depth].context == IN_FEED &&
           reader_passes(r, item->text, item->around);
}

struct xml_handler reader_handler(struct reader *r)
{
    bool asks = r->sink != NULL && r->sink->on_raw != NULL;

    return (struct xml_handler){on_start, on_end, on_text, r, asks ? on_item : NULL, &r->where};
}

struct arena *reader_arena(const struct reader *r)
{
    return r->entry_depth > 0 ? r->entry_arena : r->arena;
}

bool reader_in_entry(const struct reader *r)
{
    return r->entry_depth > 0;
}

static void set_base(struct reader *r)
{
    struct bytes location = feed_header(r->source, "content-location");

    r->base = r->source->url;
    if (location.len > 0 && url_is_safe(location))
        r->base = url_resolve(r->arena, r->source->url, location);
    r->frames[0] = (struct frame){.context = IN_ROOT};
    r->frames[0].lang = text_language(r->arena, feed_header(r->source, "content-language"));
}

static void begin_document(struct reader *r)
{
    *r->feed = (struct feed){.format = FEED_UNKNOWN};
    memset(r->feed_rank, FROM_NOWHERE, sizeof(r->feed_rank));
    r->depth = 0;
    r->entry_depth = 0;
    r->position = 0;
    r->raw = 0;
    r->oddities = (struct oddities){0};
    r->atom = r->is_html = false;
    buf_clear(&r->text);
    buf_clear(&r->markup_names);
    set_base(r);
}

void reader_init(struct reader *r, struct arena *arena, const struct feed_source *source,
    const struct feed_sink *sink, struct feed *feed)
{
    r->arena = arena;
    r->entry_arena = arena_new(FEED_ENTRY_LIMIT);
    r->source = source;
    r->sink = sink;
    r->feed = feed;
    r->text = (struct buf){.limit = TEXT_LIMIT};
    r->markup_names = (struct buf){.limit = NAMES_LIMIT};
    begin_document(r);
}

void reader_restart(struct reader *r)
{
    r->delivered = r->position;
    arena_reset(r->entry_arena);
    begin_document(r);
}

void reader_done(struct reader *r)
{
    arena_free(r->entry_arena);
    buf_done(&r->text);
    buf_done(&r->markup_names);
}

void reader_new_entry(struct reader *r)
{
    memset(&r->entry, 0, sizeof(r->entry));
    memset(r->entry_rank, FROM_NOWHERE, sizeof(r->entry_rank));
    r->guid = r->orig_enclosure = (struct bytes){NULL, 0};
    r->address = r->spoken = (struct bytes){NULL, 0};
    r->spoken_rank = FROM_NOWHERE;
    r->source_authors = (struct feed_persons){0};
    r->guid_is_link = false;
    r->entry_depth = r->depth;
    r->entry.raw = r->raw;
    r->raw = 0;
    if (r->where.tag != NULL)
        r->entry.at = r->where.tag(r->where.reader);
}

/* Where the entry has words of its own, media:description is those of a picture (Media RSS). */
static bool is_caption(const struct reader *r)
{
    const struct feed_body *content = &r->entry.content;

    if (r->entry_rank[F_SUMMARY] != FROM_MEDIA || content->text.len == 0)
        return false;
    return content->type == FEED_TEXT ||
           text_from_html(r->entry_arena, content->text, false).len > 0;
}

/* What an entry lacks and its source or feed tells (RFC 4287 section 4.2.1, and the same habit in
 * RSS). */
static void complete_entry(struct reader *r)
{
    struct entry *entry = &r->entry;

    if (entry->link.len == 0)
        entry->link = r->guid.len > 0 ? r->guid : r->address;
    entry->id_is_link = r->guid_is_link;
    if (entry->authors.count == 0)
        entry->authors = r->source_authors.count > 0 ? r->source_authors : r->feed->authors;
    if (entry->categories.count == 0)
        entry->categories = r->feed->categories;
    if (r->orig_enclosure.len > 0 && entry->enclosures.count == 1)
        entry->enclosures.at[0].href = r->orig_enclosure;
    value_settle_base(r, &entry->title_body);
    value_settle_base(r, &entry->rights_body);
    value_settle_base(r, &entry->summary);
    value_settle_base(r, &entry->content);
    if (is_caption(r))
        entry->summary = (struct feed_body){.type = FEED_TEXT};
    if (entry->summary.text.len == 0 && entry->content.text.len <= SHORT_CONTENT)
        entry->summary = entry->content;
    value_text(r, F_LANGUAGE, r->spoken_rank, r->spoken);
    if (entry->language.len == 0)
        entry->language =
            r->frames[r->depth].lang.len > 0 ? r->frames[r->depth].lang : r->feed->language;
    for (size_t i = 0; i < entry->enclosures.count && entry->image.len == 0; i++)
        if (picture_is_told(entry->enclosures.at[i].type, (struct bytes){NULL, 0},
                entry->enclosures.at[i].href))
            entry->image = entry->enclosures.at[i].href;
    if (entry->image.len == 0)
        value_first_image(r, &entry->content);
    if (entry->image.len == 0)
        value_first_image(r, &entry->summary);
}

/* Netscape's RSS, RSS 1.0 section 5.5.1, RFC 4287 section 4.1.2; RSS 0.92 and 2.0 ask for a title
 * or a description. */
static bool needs_title(enum feed_format format)
{
    return format == FEED_RSS091 || format == FEED_RSS10 || format == FEED_ATOM10;
}

static void count_odd(size_t *count, const char **first, const struct entry *entry)
{
    if ((*count)++ == 0)
        *first = entry->at;
}

static void count_oddities(struct reader *r)
{
    const struct entry *entry = &r->entry;
    const struct feed_date *date =
        entry->published.raw.len > 0 ? &entry->published : &entry->updated;
    struct oddities *o = &r->oddities;

    if (entry->id.len == 0 && entry->link.len == 0)
        count_odd(&o->without_identity, &o->nameless_at, entry);
    if (needs_title(r->feed->format) && entry->title.len == 0 && entry->title_body.text.len == 0)
        count_odd(&o->without_title, &o->untitled_at, entry);
    if (date->raw.len == 0 || entry->published.known || entry->updated.known)
        return;
    if (o->unread_dates == 0)
        o->unread_date = bytes_copy(r->arena, text_repair(r->arena, bytes_slice(date->raw, 0, 60)));
    count_odd(&o->unread_dates, &o->undated_at, entry);
}

static size_t oddities_sum(const struct oddities *o)
{
    return o->without_identity + o->without_title + o->unread_dates;
}

/* Sitemaps list all that a site has (sitemaps.org/protocol.html: 50,000 addresses each); what was
 * changed long ago is no news. */
static bool is_old(const struct reader *r)
{
    const struct entry *e = &r->entry;
    int64_t changed = e->updated.known ? e->updated.date.instant : INT64_MIN;

    if (e->published.known && e->published.date.instant > changed)
        changed = e->published.date.instant;
    return changed != INT64_MIN && changed < r->source->floor;
}

int reader_end_entry(struct reader *r)
{
    size_t odd = oddities_sum(&r->oddities);
    int code = OK;

    r->entry.listed = r->feed->format == FEED_SITEMAP || r->feed->format == FEED_SITEMAP_INDEX;
    if (r->entry.listed && is_old(r)) {
        arena_reset(r->entry_arena);
        r->entry_depth = 0;
        return OK;
    }

    complete_entry(r);
    count_oddities(r);
    if (oddities_sum(&r->oddities) != odd)
        r->entry.raw = 0; /* read again each time, or the diagnosis would forget it */
    r->entry.position = r->position++;
    if (r->entry.position >= r->delivered && r->sink != NULL && r->sink->on_entry != NULL)
        code = r->sink->on_entry(r->sink->ctx, &r->entry);
    r->feed->entries = r->position;
    arena_reset(r->entry_arena);
    r->entry_depth = 0;
    return code;
}
