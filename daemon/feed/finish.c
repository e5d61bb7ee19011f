/* finish.c - knows which field the text of each element is. */
#include "feed/reader.h"
#include "text/text.h"

/* A person's title is what they do, and what else there is (company, department) no name. */
static void finish_person_part(struct reader *r, const struct frame *frame, struct bytes text)
{
    struct arena *arena = reader_arena(r);

    text = bytes_copy(arena, body_plain(arena, text, AS_GUESSED));
    if (frame->tag == TAG_NAME)
        r->person.name = text;
    else if (frame->tag == TAG_EMAIL)
        r->person.email = text;
    else if (frame->tag == TAG_URI || frame->tag == TAG_URL || frame->tag == TAG_LINK)
        r->person.url = bytes_copy(arena, value_resolve(r, frame->base, text));
}

static void finish_person(
    struct reader *r, const struct frame *parent, const struct frame *frame, struct bytes text)
{
    struct arena *arena = reader_arena(r);

    if (r->person.name.len == 0 && r->person.email.len == 0) {
        struct bytes url = r->person.url;

        r->person = person_parse(arena, body_plain(arena, text, AS_GUESSED));
        if (r->person.url.len == 0)
            r->person.url = url;
    }
    r->person = person_tidy(arena, &r->person);
    if (parent->context == IN_SOURCE)
        list_add_person(arena, &r->source_authors, &r->person);
    else
        value_person(r, frame->tag == TAG_CONTRIBUTOR || frame->tag == TAG_CREDIT, &r->person);
    r->person = (struct feed_person){0};
}

static void finish_source(struct reader *r, struct bytes text)
{
    struct arena *arena = reader_arena(r);

    if (!reader_in_entry(r))
        return;
    if (r->origin.title.len == 0)
        r->origin.title = bytes_copy(arena, body_plain(arena, text, AS_GUESSED));
    if (r->entry.source.title.len == 0 && r->entry.source.link.len == 0)
        r->entry.source = r->origin;
}

static void finish_source_part(struct reader *r, const struct frame *frame, struct bytes text)
{
    struct arena *arena = reader_arena(r);
    enum writing writing = body_writing(arena, frame, &text);
    struct bytes plain = bytes_copy(arena, body_plain(arena, text, writing));

    if (frame->tag == TAG_TITLE || frame->tag == TAG_NAME)
        r->origin.title = plain;
    else if (frame->tag == TAG_ID)
        r->origin.id = plain;
    else if (frame->tag == TAG_LINK)
        r->origin.link = bytes_copy(arena, value_resolve(r, frame->base, plain));
    else if (frame->tag == TAG_LANGUAGE)
        value_text(r, F_LANGUAGE, FROM_OWN, plain);
}

static void finish_image_part(struct reader *r, const struct frame *frame, struct bytes text)
{
    text = bytes_trim(text);
    if (frame->tag == TAG_URL || frame->tag == TAG_LOC) {
        value_url(r, F_IMAGE, value_rank(r, frame->ns), frame->base, text);
        r->image.url = bytes_copy(reader_arena(r), text);
    } else if (frame->tag == TAG_WIDTH) {
        bytes_to_int(text, &r->image.width);
    } else if (frame->tag == TAG_HEIGHT) {
        bytes_to_int(text, &r->image.height);
    }
}

/* A square image is fit for an icon; the default of RSS 2.0 is 88 x 31. */
static void finish_image(struct reader *r, const struct frame *frame, struct bytes text)
{
    value_url(r, F_IMAGE, value_rank(r, frame->ns), frame->base, text);
    if (r->image.width > 0 && r->image.width == r->image.height)
        value_url(r, F_ICON, FROM_REST, frame->base, r->image.url);
}

static void finish_guid(struct reader *r, const struct frame *frame, struct bytes text)
{
    struct arena *arena = reader_arena(r);
    struct bytes id = bytes_trim(text);

    value_text(r, F_ID, FROM_OWN, id);
    if (r->guid_is_link && bytes_starts_nocase(id, LIT("http")))
        r->guid = bytes_copy(arena, value_resolve(r, frame->base, text_decode(arena, id)));
    else
        r->guid_is_link = false;
}

static void finish_keywords(struct reader *r, struct bytes text)
{
    while (text.len > 0)
        value_category(r, bytes_cut(&text, ','));
}

static void add_skip(struct reader *r, const struct frame *frame, struct bytes text)
{
    text = bytes_trim(text);
    if (text.len > 0 && text.len < 16)
        list_add_text(r->arena, frame->tag == TAG_HOUR ? &r->feed->skip_hours : &r->feed->skip_days,
            bytes_copy(r->arena, text));
}

static void set_once(struct reader *r, struct bytes *field, struct bytes text)
{
    text = bytes_trim(text);
    if (field->len == 0 && text.len > 0 && text.len < 64)
        *field = bytes_copy(r->arena, text);
}

/* Fields that only a feed has. */
static bool finish_feed_field(struct reader *r, const struct frame *frame, struct bytes text)
{
    switch (frame->tag) {
    case TAG_TTL:
        set_once(r, &r->feed->ttl, text);
        return true;
    case TAG_UPDATE_PERIOD:
        set_once(r, &r->feed->update_period, text);
        return true;
    case TAG_UPDATE_FREQUENCY:
        set_once(r, &r->feed->update_frequency, text);
        return true;
    case TAG_HOUR:
    case TAG_DAY:
        add_skip(r, frame, text);
        return true;
    case TAG_GENERATOR:
        value_plain(r, F_GENERATOR, value_rank(r, frame->ns), frame, text);
        return true;
    case TAG_ICON:
        value_url(r, F_ICON, value_rank(r, frame->ns), frame->base, text);
        value_url(r, F_IMAGE, FROM_REST, frame->base, text);
        return true;
    case TAG_LOGO:
        value_url(r, F_IMAGE, value_rank(r, frame->ns), frame->base, text);
        return true;
    default:
        return false;
    }
}

static bool finish_body(struct reader *r, const struct frame *frame, struct bytes text)
{
    bool entry = reader_in_entry(r);
    int rank = value_rank(r, frame->ns);

    switch (frame->tag) {
    case TAG_DESCRIPTION:
    case TAG_MEDIA_DESCRIPTION:
    case TAG_SUMMARY:
        value_body(r, entry ? F_SUMMARY : F_DESCRIPTION, rank, frame, text);
        return true;
    case TAG_SUBTITLE:
        value_body(r, entry ? F_SUMMARY : F_DESCRIPTION, entry ? FROM_REST : rank, frame, text);
        return true;
    case TAG_ENCODED:
        value_body(r, entry ? F_CONTENT : F_DESCRIPTION, FROM_OWN, frame, text);
        return true;
    case TAG_CONTENT:
    case TAG_BODY:
        value_body(r, entry ? F_CONTENT : F_DESCRIPTION,
            frame->ns == NS_XHTML ? FROM_FOREIGN : rank, frame, text);
        return true;
    default:
        return false;
    }
}

static bool finish_date(struct reader *r, const struct frame *frame, struct bytes text)
{
    switch (frame->tag) {
    case TAG_PUBLISHED:
        value_date(r, F_PUBLISHED, value_rank(r, frame->ns), text);
        return true;
    case TAG_ISSUED: /* of Atom 0.3; published is its name since 1.0 */
        value_date(r, F_PUBLISHED, FROM_FOREIGN, text);
        return true;
    case TAG_DATE:
        value_date(r, F_PUBLISHED, value_rank(r, frame->ns), text);
        value_date(r, F_UPDATED, FROM_REST, text);
        return true;
    case TAG_CREATED:
        value_date(r, F_PUBLISHED, FROM_REST, text);
        return true;
    case TAG_UPDATED:
        value_date(r, F_UPDATED, value_rank(r, frame->ns), text);
        return true;
    default:
        return false;
    }
}

static bool finish_address(struct reader *r, const struct frame *frame, struct bytes text)
{
    switch (frame->tag) {
    case TAG_LINK:
        value_url(r, F_LINK, frame->ns == NS_CORE ? FROM_OWN : FROM_REST, frame->base, text);
        return true;
    case TAG_ORIG_ENCLOSURE:
        r->orig_enclosure = bytes_copy(reader_arena(r), value_resolve(r, frame->base, text));
        return true;
    case TAG_ORIG_LINK:
        value_url(r, F_LINK, FROM_BEST, frame->base, text);
        return true;
    case TAG_LOC:
        value_url(r, F_LINK, FROM_OWN, frame->base, text);
        value_text(r, F_ID, FROM_REST, text);
        return true;
    case TAG_COMMENTS:
        value_url(r, F_COMMENTS, value_rank(r, frame->ns), frame->base, text);
        return true;
    case TAG_COMMENTS_FEED:
        value_url(r, F_COMMENTS_FEED, FROM_OWN, frame->base, text);
        return true;
    case TAG_IMAGE:
    case TAG_THUMBNAIL:
        value_url(r, F_IMAGE, value_rank(r, frame->ns), frame->base, text);
        return true;
    default:
        return false;
    }
}

static void finish_field(struct reader *r, const struct frame *frame, struct bytes text)
{
    int rank = value_rank(r, frame->ns);

    if (finish_body(r, frame, text) || finish_date(r, frame, text) ||
        finish_address(r, frame, text) ||
        (!reader_in_entry(r) && finish_feed_field(r, frame, text)))
        return;
    switch (frame->tag) {
    case TAG_TITLE:
        value_plain(r, F_TITLE, rank, frame, text);
        break;
    case TAG_GUID:
        finish_guid(r, frame, text);
        break;
    case TAG_ID:
    case TAG_IDENTIFIER:
        value_id(r, frame->base, rank, text);
        break;
    case TAG_CATEGORY:
        if (frame->ns == NS_NEWS ||
            (frame->ns == NS_MEDIA && bytes_find_byte(text, ',') != SIZE_MAX))
            finish_keywords(r, text);
        else
            value_category(r, text);
        break;
    case TAG_KEYWORDS:
        finish_keywords(r, text);
        break;
    case TAG_URL: /* no element of an entry, and it can mean nothing else */
        value_url(r, F_LINK, FROM_REST, frame->base, text);
        break;
    case TAG_LANGUAGE:
        value_text(r, F_LANGUAGE, rank, text);
        break;
    case TAG_COPYRIGHT:
        value_plain(r, F_RIGHTS, rank, frame, text);
        break;
    default:
        break;
    }
}

void reader_finish(
    struct reader *r, const struct frame *parent, const struct frame *frame, struct bytes text)
{
    text = body_unframed(reader_arena(r), text);
    switch (frame->context) {
    case IN_PERSON:
        finish_person(r, parent, frame, text);
        return;
    case IN_SOURCE:
        finish_source(r, text);
        return;
    case IN_IMAGE:
        finish_image(r, frame, text);
        return;
    case IN_FIELD:
        break;
    default:
        return;
    }
    if (parent->context == IN_PERSON)
        finish_person_part(r, frame, text);
    else if (parent->context == IN_SOURCE)
        finish_source_part(r, frame, text);
    else if (parent->context == IN_IMAGE)
        finish_image_part(r, frame, text);
    else
        finish_field(r, frame, text);
}
