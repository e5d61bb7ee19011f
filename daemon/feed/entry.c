/* entry.c - knows which record fields an entry fills, and what makes an entry the same again. */
#include "base/clock.h"
#include "base/hash.h"
#include "feed/feed.h"
#include "feed/trailer.h"
#include "feed/write.h"
#include "text/text.h"
#include "text/url.h"

static const int64_t date_first = 631152000LL * SECOND; /* 1990 */
static const int64_t date_ahead = 86400LL * SECOND;

static void set_hash(struct wr_record *rec, int field, uint64_t hash)
{
    record_set(rec, field, (struct bytes){(const char *)&hash, sizeof(hash)});
}

/* Bytes of an entry's text that are read: a novel of 180,000 words. What is in it says more of the
 * feed's server than of the news, and every later step would hold it. */
enum { BODY_MOST = 1 << 20 };

/* Bytes of a title, a name, a keyword: what is remembered of a headline (STORE_HEADLINE). The
 * longest headline of a thousand pages has 320. Hashes of identity are of the whole. */
enum { WORDS_MOST = 2048 };

static struct feed_body cut(
    struct arena *arena, const struct entry *entry, const struct feed_body *body)
{
    struct feed_body shorter = *body;

    shorter.text = bytes_clip(body->text, BODY_MOST);
    if (body->type == FEED_HTML)
        shorter.text = trailer_cut(arena, entry, shorter.text);
    return shorter;
}

static struct bytes words(struct bytes text)
{
    return bytes_clip(text, WORDS_MOST);
}

static struct bytes plain_of(struct arena *arena, const struct feed_body *body)
{
    if (body->type == FEED_TEXT)
        return text_fold(arena, body->text);
    return text_from_html(arena, body->text, false);
}

/* Characters that stand for a title where there is none, as readers show such entries: two lines of
 * a list. */
enum { OPENING = 100 };

/* The first words of an entry's text, up to its first line's end. */
static struct bytes opening_of(struct arena *arena, const struct feed_body *body)
{
    struct bytes text =
        body->type == FEED_HTML ? text_from_html(arena, body->text, true) : bytes_trim(body->text);
    struct bytes line = text_fold(arena, bytes_cut(&text, '\n'));
    size_t end = 0, blank = 0, count = 0;

    while (end < line.len && count < OPENING) {
        if (line.ptr[end] == ' ')
            blank = end;
        text_next(line, &end);
        count++;
    }
    if (end == line.len)
        return line;
    if (line.ptr[end] == ' ')
        blank = end;
    return bytes_format(
        arena, "%.*s\xe2\x80\xa6", FMT(bytes_slice(line, 0, blank > end / 2 ? blank : end)));
}

static void set_identity(const struct entry *entry, struct bytes url, struct wr_record *rec)
{
    struct bytes id = text_fold(rec->arena, entry->id);
    uint64_t content = hash64(text_fold(rec->arena, entry->title));

    record_set(rec, WR_GUID, id);
    record_set(rec, WR_URL, url);
    if (url_is_http(entry->link))
        record_set(rec, REC_LINK, entry->link);
    if (id.len > 0)
        set_hash(rec, REC_HASH_GUID, hash64(id));
    if (url.len > 0)
        set_hash(rec, REC_HASH_URL, hash64(url));
    content = hash64_add(content, text_fold(rec->arena, entry->summary.text));
    content = hash64_add(content, text_fold(rec->arena, entry->content.text));
    set_hash(rec, REC_HASH_CONTENT, content);
}

/* RFC 4287 calls updated the latest change and published the first; feeds that give only one mean
 * both. */
static void set_dates(const struct entry *entry, struct wr_record *rec)
{
    const struct feed_date *date = entry->published.known ? &entry->published : &entry->updated;
    int64_t now = clock_wall();

    if (entry->updated.known)
        record_set(rec, REC_UPDATED, date_format(rec->arena, &entry->updated.date));
    if (date->raw.len == 0 && !date->known)
        date = &entry->published;
    record_set(rec, WR_PUBLISHED_RAW, words(date->raw));
    if (!date->known)
        return;
    record_set(rec, WR_FEED_DATE, date_format(rec->arena, &date->date));
    if (date->date.instant < date_first || date->date.instant > now + date_ahead ||
        (entry->listed && !entry->published.known))
        return;
    record_set(rec, WR_PUBLISHED, date_format(rec->arena, &date->date));
    record_set(rec, WR_PUBLISHED_SOURCE, LIT("feed"));
    record_set(rec, WR_PUBLISHED_PRECISION, bytes_of(date_precision_name(date->date.precision)));
}

static void set_lists(const struct entry *entry, struct wr_record *rec)
{
    for (size_t i = 0; i < entry->authors.count; i++) {
        const struct feed_person *person = &entry->authors.at[i];
        struct bytes name = person->name.len > 0 ? person->name : person->email;

        if (name.len == 0)
            continue;
        record_add(rec, WR_FEED_AUTHOR, words(name));
        if (person->name.len > 0)
            record_add(rec, WR_AUTHOR, words(name));
    }
    for (size_t i = 0; i < entry->categories.count; i++)
        record_add(rec, WR_KEYWORD, words(entry->categories.at[i]));
    for (size_t i = 0; i < entry->enclosures.count; i++) {
        const struct feed_link *e = &entry->enclosures.at[i];

        if (!url_is_http(e->href))
            continue;

        record_add(rec, WR_ENCLOSURE,
            bytes_format(rec->arena, "%.*s\t%.*s\t%.*s", FMT(e->href), FMT(words(e->type)),
                FMT(words(e->length))));
    }
}

void entry_to_record(
    const struct entry *entry, const struct feed_source *source, struct wr_record *rec)
{
    struct bytes url = url_canonical(rec->arena, url_resolve(rec->arena, source->url, entry->link));
    struct feed_body summary = cut(rec->arena, entry, &entry->summary);
    struct feed_body content = cut(rec->arena, entry, &entry->content);
    struct bytes title = entry->title;

    set_identity(entry, url, rec);
    record_set(rec, WR_FEED_TITLE, words(entry->title));
    if (title.len == 0)
        title = opening_of(rec->arena, content.text.len > 0 ? &content : &summary);
    record_set(rec, WR_TITLE, words(title));
    record_set(rec, WR_SUMMARY, plain_of(rec->arena, summary.text.len > 0 ? &summary : &content));
    record_set(rec, WR_FEED_CONTENT,
        feed_body_html(rec->arena, content.text.len > 0 ? &content : &summary));
    record_set(rec, WR_FEED_LANGUAGE, words(entry->language));
    record_set(rec, WR_RIGHTS, words(entry->rights));
    if (entry->source.title.len + entry->source.link.len > 0)
        record_set(rec, WR_FEED_SOURCE,
            bytes_format(rec->arena, "%.*s\t%.*s", FMT(words(entry->source.link)),
                FMT(words(entry->source.title))));
    if (url_is_http(entry->image))
        record_set(rec, WR_IMAGE, entry->image);
    record_set_int(rec, REC_POSITION, (int64_t)entry->position);
    if (entry->raw != 0)
        set_hash(rec, REC_HASH_RAW, entry->raw);
    set_dates(entry, rec);
    set_lists(entry, rec);
}

static void add_hint(struct wr_record *rec, const char *name, struct bytes value)
{
    if (value.len > 0)
        record_add(rec, REC_FEED_HINT, bytes_format(rec->arena, "%s=%.*s", name, FMT(value)));
}

static void add_hint_list(struct wr_record *rec, const char *name, const struct feed_texts *list)
{
    struct buf joined = {.limit = 4096};

    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buf_add_byte(&joined, ',');
        buf_add(&joined, list->at[i]);
    }
    add_hint(rec, name, buf_bytes(&joined));
    buf_done(&joined);
}

void feed_to_record(const struct feed *feed, struct wr_record *rec)
{
    record_set(rec, REC_FEED_NAME, feed->title);
    record_set(rec, REC_FEED_LINK, feed->link);
    record_set(rec, REC_FEED_SELF, feed->self);
    record_set(rec, WR_FEED_LANGUAGE, feed->language);
    record_set(rec, REC_FORMAT, bytes_of(feed_format_name(feed->format)));
    record_set_int(rec, REC_ENTRIES, (int64_t)feed->entries);
    for (size_t i = 0; i < feed->hubs.count; i++)
        record_add(rec, REC_FEED_HUB, feed->hubs.at[i]);
    add_hint(rec, "ttl", feed->ttl);
    add_hint_list(rec, "skip_hours", &feed->skip_hours);
    add_hint_list(rec, "skip_days", &feed->skip_days);
    add_hint(rec, "update_period", feed->update_period);
    add_hint(rec, "update_frequency", feed->update_frequency);
    for (size_t i = 0; i < feed->diagnosis_count; i++)
        record_add(rec, REC_DIAGNOSIS,
            bytes_format(rec->arena, "%zu\t%zu\t%.*s", feed->diagnoses[i].line,
                feed->diagnoses[i].column, FMT(feed->diagnoses[i].text)));
}
