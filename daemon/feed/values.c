/* values.c - knows which of several values for one field is kept. */
#include <stddef.h>

#include "feed/reader.h"
#include "text/text.h"
#include "text/url.h"

enum { LANGUAGE_LENGTH = 35, ID_LENGTH = 64 << 10, BINARY_LENGTH = 256 };

/* In one rel: each may cost as much as its address is long. */
enum { RELATIONS_MOST = 8 };

int value_rank(const struct reader *r, enum feed_ns ns)
{
    switch (ns) {
    case NS_CORE:
        return FROM_OWN;
    case NS_ATOM:
        return r->atom ? FROM_OWN : FROM_FOREIGN;
    case NS_DC:
    case NS_DCTERMS:
        return FROM_DC;
    case NS_ITUNES:
    case NS_GOOGLEPLAY:
        return FROM_PODCAST;
    case NS_MEDIA:
        return FROM_MEDIA;
    case NS_NEWS:
    case NS_FEEDBURNER:
        return FROM_BEST;
    default:
        return FROM_REST;
    }
}

static uint8_t *rank_at(struct reader *r, enum field field)
{
    return reader_in_entry(r) ? &r->entry_rank[field] : &r->feed_rank[field];
}

static struct bytes *text_at(struct reader *r, enum field field)
{
    struct feed *f = r->feed;
    struct entry *e = reader_in_entry(r) ? &r->entry : NULL;

    switch (field) {
    case F_TITLE:
        return e != NULL ? &e->title : &f->title;
    case F_LINK:
        return e != NULL ? &e->link : &f->link;
    case F_ID:
        return e != NULL ? &e->id : &f->id;
    case F_LANGUAGE:
        return e != NULL ? &e->language : &f->language;
    case F_RIGHTS:
        return e != NULL ? &e->rights : &f->rights;
    case F_IMAGE:
        return e != NULL ? &e->image : &f->image;
    case F_COMMENTS:
        return e != NULL ? &e->comments : NULL;
    case F_COMMENTS_FEED:
        return e != NULL ? &e->comments_feed : NULL;
    case F_ICON:
        return e != NULL ? NULL : &f->icon;
    case F_GENERATOR:
        return e != NULL ? NULL : &f->generator;
    case F_SELF:
        return e != NULL ? NULL : &f->self;
    default:
        return NULL;
    }
}

static void keep(struct reader *r, enum field field, int rank, struct bytes text)
{
    struct bytes *at = text_at(r, field);
    uint8_t *known = rank_at(r, field);

    if (at == NULL || text.len == 0 || rank >= *known)
        return;
    *known = (uint8_t)rank;
    *at = bytes_copy(reader_arena(r), text);
}

void value_text(struct reader *r, enum field field, int rank, struct bytes text)
{
    struct arena *arena = reader_arena(r);

    text = bytes_trim(text);
    if (text.len == 0 || rank >= *rank_at(r, field) || text.len > ID_LENGTH)
        return;
    if (field == F_LANGUAGE)
        text = text_language(arena, bytes_slice(text, 0, LANGUAGE_LENGTH));
    keep(r, field, rank, text_repair(arena, text));
}

/* xml:base; else, for an entry, the site that the feed tells of; else the document's address (RFC
 * 3986 5.1). An entry's own address may come later than what it holds, so that it is the base of no
 * field but of its texts, once it is whole. */
static struct bytes base_of(const struct reader *r, struct bytes base)
{
    if (base.len > 0)
        return base;
    return reader_in_entry(r) && url_is_http(r->feed->link) ? r->feed->link : r->base;
}

void value_settle_base(struct reader *r, struct feed_body *body)
{
    if (body->base.len == 0)
        body->base =
            !r->atom && url_is_http(r->entry.link) ? r->entry.link : base_of(r, body->base);
}

static struct feed_body *body_at(struct reader *r, enum field field)
{
    if (field == F_TITLE)
        return reader_in_entry(r) ? &r->entry.title_body : &r->feed->title_body;
    if (field == F_RIGHTS)
        return reader_in_entry(r) ? &r->entry.rights_body : &r->feed->rights_body;
    return NULL;
}

/* Atom wraps XHTML in one div that is not part of the content (RFC 4287 section 3.1.1.3). */
static struct bytes without_div(struct bytes text)
{
    size_t end;

    text = bytes_trim(text);
    if (!bytes_starts_nocase(text, LIT("<div")) || !bytes_ends(text, LIT("</div>")))
        return text;
    end = bytes_find_byte(text, '>');
    if (end == SIZE_MAX || end + 7 > text.len)
        return text;
    return bytes_slice(text, end + 1, text.len - end - 7);
}

/* The language of a part of the entry: the better the part, the more it says of the whole. */
static void speak(struct reader *r, int rank, const struct frame *frame)
{
    if (!reader_in_entry(r) || rank > r->spoken_rank)
        return;
    r->spoken_rank = rank;
    r->spoken = frame->own_lang ? frame->lang : (struct bytes){NULL, 0};
}

void value_plain(
    struct reader *r, enum field field, int rank, const struct frame *frame, struct bytes text)
{
    struct arena *arena = reader_arena(r);
    struct feed_body *body = body_at(r, field);
    enum writing writing;

    if (rank >= *rank_at(r, field))
        return;
    writing = body_writing(arena, frame, &text);
    text = text_reread(arena, text_repair(arena, bytes_trim(body_unframed(arena, text))));
    if (writing == AS_XHTML)
        text = without_div(text);
    if (body != NULL && text.len > 0) {
        body->type = body_is_markup(text, writing) ? FEED_HTML : FEED_TEXT;
        body->text = bytes_copy(arena, text);
        body->base = reader_in_entry(r) ? frame->base : base_of(r, frame->base);
    }
    keep(r, field, rank, body_line(arena, text, writing));
    if (field == F_TITLE)
        speak(r, FROM_PODCAST, frame);
}

struct bytes value_resolve(const struct reader *r, struct bytes base, struct bytes url)
{
    url = url_unescape(reader_arena(r), body_unframed(reader_arena(r), url));
    return url_resolve(reader_arena(r), base_of(r, base), url);
}

static struct bytes resolve_safely(struct reader *r, struct bytes base, struct bytes url)
{
    url = value_resolve(r, base, text_repair(reader_arena(r), url));
    return url_is_safe(url) ? url : (struct bytes){NULL, 0};
}

void value_url(struct reader *r, enum field field, int rank, struct bytes base, struct bytes url)
{
    if (url.len > 0 && rank < *rank_at(r, field))
        keep(r, field, rank, resolve_safely(r, base, url));
}

void value_date(struct reader *r, enum field field, int rank, struct bytes text)
{
    bool inside = reader_in_entry(r);
    struct feed_date *published = inside ? &r->entry.published : &r->feed->published;
    struct feed_date *updated = inside ? &r->entry.updated : &r->feed->updated;
    struct feed_date *at = field == F_PUBLISHED ? published : updated;
    uint8_t *known = rank_at(r, field);
    struct bytes language =
        inside && r->entry.language.len > 0 ? r->entry.language : r->feed->language;
    struct date date;

    text = bytes_slice(bytes_trim(text), 0, DATE_TEXT);
    if (text.len == 0 || (at->known && rank >= *known))
        return;
    if (date_parse(text, date_order_of(language), &date))
        *at = (struct feed_date){
            .date = date, .known = true, .raw = bytes_copy(reader_arena(r), text)};
    else if (at->raw.len == 0)
        at->raw = bytes_copy(reader_arena(r), text);
    else
        return;
    *known = (uint8_t)rank;
}

void value_address(struct reader *r)
{
    if (reader_in_entry(r) && url_is_http(r->entry.id))
        r->address = bytes_copy(r->entry_arena,
            url_resolve(r->entry_arena, r->base, url_unescape(r->entry_arena, r->entry.id)));
}

/* Atom's identifiers are absolute (RFC 4287 section 4.2.6); one that is a relative address is made
 * so. */
void value_id(struct reader *r, struct bytes base, int rank, struct bytes text)
{
    text = bytes_trim(text);
    if (r->atom && bytes_find_byte(text, '/') != SIZE_MAX)
        text = url_resolve(reader_arena(r), base_of(r, base), text);
    value_text(r, F_ID, rank, text);
    if (r->atom)
        value_address(r);
}

void value_first_image(struct reader *r, const struct feed_body *body)
{
    if (body->type == FEED_HTML)
        value_url(r, F_IMAGE, FROM_REST, body->base, picture_in(reader_arena(r), body->text));
}

/* What is left of a picture in base64. */
static bool is_one_word(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == ' ' || text.ptr[i] == '<')
            return false;
    return true;
}

void value_body(
    struct reader *r, enum field field, int rank, const struct frame *frame, struct bytes text)
{
    struct arena *arena = reader_arena(r);
    struct feed_body *at = field == F_CONTENT       ? &r->entry.content
                           : field == F_DESCRIPTION ? &r->feed->description
                                                    : &r->entry.summary;
    uint8_t *known = rank_at(r, field);
    enum writing writing;

    if (rank >= *known)
        return;
    writing = body_writing(arena, frame, &text);
    text = text_reread(arena, text_repair(arena, bytes_trim(body_unframed(arena, text))));
    if (writing == AS_XHTML)
        text = without_div(text);
    if (text.len == 0 ||
        (frame->writing == AS_BASE64 && text.len > BINARY_LENGTH && is_one_word(text)))
        return;
    *known = (uint8_t)rank;
    at->text = bytes_copy(arena, text);
    at->type = writing == AS_TEXT || (writing == AS_GUESSED && !text_looks_like_html(text))
                   ? FEED_TEXT
                   : FEED_HTML;
    at->base = reader_in_entry(r) ? frame->base : base_of(r, frame->base);
    speak(r, field == F_CONTENT ? FROM_OWN : FROM_FOREIGN, frame);
}

void value_person(struct reader *r, bool contributor, const struct feed_person *person)
{
    struct feed_persons *list;

    if (person->name.len == 0 && person->email.len == 0 && person->url.len == 0)
        return;
    if (reader_in_entry(r))
        list = contributor ? &r->entry.contributors : &r->entry.authors;
    else
        list = contributor ? &r->feed->contributors : &r->feed->authors;
    list_add_person(reader_arena(r), list, person);
}

void value_category(struct reader *r, struct bytes text)
{
    struct arena *arena = reader_arena(r);
    struct bytes plain = body_plain(arena, text, AS_GUESSED);

    if (plain.len > 0)
        list_add_text(arena, reader_in_entry(r) ? &r->entry.categories : &r->feed->categories,
            bytes_copy(arena, plain));
}

/* RFC 4287 section 4.2.7.2: none is alternate, and a registered one may be written as an address.
 */
static struct bytes rel_of(const struct feed_link *link)
{
    struct bytes rel = bytes_trim(link->rel);
    static const struct bytes registry = {"http://www.iana.org/assignments/relation/", 41};

    if (bytes_starts(rel, registry))
        rel = bytes_from(rel, registry.len);
    return rel.len == 0 ? LIT("alternate") : rel;
}

/* A number, or 0 where the size is not known (RSS Best Practices Profile). */
static struct bytes length_of(struct bytes text)
{
    int64_t value;

    text = bytes_trim(text);
    return text.len == 0 || bytes_to_int(text, &value) ? text : LIT("0");
}

static struct feed_link copy_link(struct reader *r, struct bytes base, const struct feed_link *link)
{
    struct arena *arena = reader_arena(r);

    return (struct feed_link){
        .href = bytes_copy(arena, resolve_safely(r, base, link->href)),
        .rel = bytes_copy(arena, rel_of(link)),
        .type = bytes_copy(arena, bytes_trim(link->type)),
        .title = bytes_copy(arena, text_repair(arena, bytes_trim(link->title))),
        .hreflang = bytes_copy(arena, bytes_trim(link->hreflang)),
        .length = bytes_copy(arena, length_of(link->length)),
    };
}

void value_enclosure(struct reader *r, struct bytes base, const struct feed_link *link)
{
    struct feed_link copy = copy_link(r, base, link);

    if (copy.href.len == 0)
        return;
    copy.rel = LIT("enclosure");
    list_add_link(reader_arena(r), &r->entry.links, &copy);
    copy.rel = (struct bytes){NULL, 0};
    list_add_link(reader_arena(r), &r->entry.enclosures, &copy);
}

/* An alternate that a person can read is better than one for machines. */
static int alternate_rank(int rank, struct bytes type)
{
    if (type.len == 0 || bytes_find_nocase(type, LIT("html")) != SIZE_MAX)
        return rank;
    return rank < FROM_MEDIA ? FROM_MEDIA : FROM_REST;
}

/* A page of XHTML is no feed (RFC 4685 section 4 knows replies of any type). */
static bool is_feed_type(struct bytes type)
{
    return bytes_find_nocase(type, LIT("html")) == SIZE_MAX &&
           (bytes_find_nocase(type, LIT("xml")) != SIZE_MAX ||
               bytes_find_nocase(type, LIT("json")) != SIZE_MAX ||
               bytes_find_nocase(type, LIT("rss")) != SIZE_MAX ||
               bytes_find_nocase(type, LIT("atom")) != SIZE_MAX);
}

static void use_link(
    struct reader *r, int rank, struct bytes base, const struct feed_link *link, struct bytes rel)
{
    if (bytes_equal_nocase(rel, LIT("alternate")))
        value_url(r, F_LINK, alternate_rank(rank, link->type), base, link->href);
    else if (bytes_equal_nocase(rel, LIT("self")))
        value_url(r, F_SELF, rank, base, link->href);
    else if (bytes_equal_nocase(rel, LIT("enclosure")) && reader_in_entry(r))
        value_enclosure(r, base, link);
    else if (bytes_equal_nocase(rel, LIT("replies")))
        value_url(
            r, is_feed_type(link->type) ? F_COMMENTS_FEED : F_COMMENTS, rank, base, link->href);
    else if (bytes_equal_nocase(rel, LIT("hub")) && !reader_in_entry(r))
        list_add_text(
            r->arena, &r->feed->hubs, bytes_copy(r->arena, resolve_safely(r, base, link->href)));
    else if (bytes_equal_nocase(rel, LIT("icon")))
        value_url(r, F_ICON, FROM_FOREIGN, base, link->href);
    else if (bytes_equal_nocase(rel, LIT("image")))
        value_url(r, F_IMAGE, FROM_PODCAST, base, link->href);
}

static struct bytes next_word(struct bytes *rest)
{
    struct bytes text = bytes_trim(*rest);
    size_t len = 0;

    while (len < text.len && !is_space(text.ptr[len]))
        len++;
    *rest = bytes_from(text, len);
    return bytes_slice(text, 0, len);
}

/* Several relations in one rel, as HTML writes them ("hub self", "shortcut icon"): Atom does not
 * allow it, publishers do it. */
void value_link(struct reader *r, int rank, struct bytes base, const struct feed_link *link)
{
    struct feed_link copy = copy_link(r, base, link);
    struct bytes rest = copy.rel;
    struct bytes rel;

    if (copy.href.len == 0)
        return;
    for (int i = 0; i < RELATIONS_MOST && (rel = next_word(&rest)).len > 0; i++)
        use_link(r, rank, base, link, rel);
    list_add_link(reader_arena(r), reader_in_entry(r) ? &r->entry.links : &r->feed->links, &copy);
}
