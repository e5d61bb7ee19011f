/* report.c - knows what a person wants to hear of a feed before following it. */
#include "feed/report.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "feed/write.h"
#include "text/encoding.h"

static const int64_t ahead = 86400 * (int64_t)SECOND; /* as far as a date may be off */

/* What is odd about some entries, and where the first of them begins. */
struct odd {
    size_t count;
    const char *at;
};

struct identity {
    uint64_t hash;
    const char *at;
};

struct report {
    struct json_writer writer;
    struct arena *arena;
    int64_t now, newest, oldest;
    size_t entries;
    struct odd undated, future, repeated;
    struct identity *identities;
    size_t identity_count;
};

static const struct feed_date *date_of(const struct entry *entry)
{
    bool unread = entry->published.raw.len > 0 && !entry->updated.known;

    return entry->published.known || unread ? &entry->published : &entry->updated;
}

static void count_odd(struct odd *odd, const char *at)
{
    if (odd->count++ == 0 || at < odd->at)
        odd->at = at;
}

static void take_date(struct report *r, const struct feed_date *date, const char *at)
{
    if (!date->known) {
        if (date->raw.len == 0)
            count_odd(&r->undated, at);
        return;
    }
    if (date->date.instant > r->now + ahead) {
        count_odd(&r->future, at);
        return;
    }
    if (r->newest == 0 || date->date.instant > r->newest)
        r->newest = date->date.instant;
    if (r->oldest == 0 || date->date.instant < r->oldest)
        r->oldest = date->date.instant;
}

static void take_identity(struct report *r, const struct entry *entry)
{
    struct bytes id = entry->id.len > 0 ? entry->id : entry->link;

    if (id.len > 0 && r->identity_count < REPORT_IDENTITIES)
        r->identities[r->identity_count++] = (struct identity){hash64(id), entry->at};
}

static int on_entry(void *ctx, const struct entry *entry)
{
    const struct feed_date *date = date_of(entry);
    struct report *r = ctx;
    struct json_writer *w = &r->writer;

    take_date(r, date, entry->at);
    take_identity(r, entry);
    if (r->entries++ >= REPORT_ENTRIES)
        return OK;
    json_begin_object(w, NULL);
    json_string_if(w, "title", entry->title);
    json_string_if(w, "url", entry->link);
    json_string_if(w, "id", entry->id);
    if (date->known)
        json_string(w, "published", date_format(r->arena, &date->date));
    else
        json_string_if(w, "unreadDate", date->raw);
    json_end_object(w);
    arena_reset(r->arena);
    return OK;
}

/* Those that are the same in the order of the document. */
static int compare(const void *left, const void *right)
{
    const struct identity *a = left;
    const struct identity *b = right;

    if (a->hash != b->hash)
        return a->hash > b->hash ? 1 : -1;
    return (a->at > b->at) - (a->at < b->at);
}

static void count_repeated(struct report *r)
{
    qsort(r->identities, r->identity_count, sizeof(*r->identities), compare);
    for (size_t i = 1; i < r->identity_count; i++)
        if (r->identities[i].hash == r->identities[i - 1].hash)
            count_odd(&r->repeated, r->identities[i].at);
}

static void write_oddity(
    struct report *r, const struct feed *feed, const struct odd *odd, const char *what)
{
    struct bytes place = {NULL, 0};
    size_t line, column;

    if (odd->count == 0)
        return;
    feed_place(feed, odd->at, &line, &column);
    if (line > 0)
        place = bytes_format(r->arena, "%s line %zu, column %zu",
            odd->count == 1 ? ": at" : ", the first at", line, column);
    json_string(&r->writer, NULL,
        bytes_format(r->arena, "%zu %s %s%.*s", odd->count,
            odd->count == 1 ? "entry has" : "entries have", what, FMT(place)));
}

static void write_oddities(
    struct report *r, const struct feed_source *source, const struct feed *feed)
{
    struct json_writer *w = &r->writer;

    json_begin_array(w, "oddities");
    if (r->entries == 0)
        json_cstr(w, NULL, "there is no entry in it");
    if (!feed->complete)
        json_cstr(w, NULL, "it ends before its last element is closed: nothing of it is taken");
    count_repeated(r);
    write_oddity(r, feed, &r->undated, "no date");
    write_oddity(r, feed, &r->future, "a date in the future");
    write_oddity(r, feed, &r->repeated, "the identity of another one in it");
    if (feed->self.len > 0 && source->url.len > 0 && !bytes_equal(feed->self, source->url))
        json_string(
            w, NULL, bytes_format(r->arena, "it gives %.*s as its own address", FMT(feed->self)));
    json_end_array(w);
}

static void write_time(struct json_writer *w, const char *key, int64_t wall)
{
    char text[CLOCK_TEXT];

    if (wall != 0)
        json_cstr(w, key, clock_format(wall, text));
}

static void write_encoding(struct report *r, const struct feed *feed)
{
    static const char *const from[] = {[ENCODING_FROM_BOM] = "its byte order mark",
        [ENCODING_FROM_BYTES] = "its bytes",
        [ENCODING_FROM_HTTP] = "Content-Type",
        [ENCODING_FROM_DOCUMENT] = "its declaration",
        [ENCODING_GUESSED] = "a guess"};

    json_string(&r->writer, "encoding", feed->encoding);
    json_cstr(&r->writer, "encodingFrom", from[feed->encoding_from]);
}

int feed_report(struct arena *arena, struct bytes document, const struct feed_source *source,
    struct buf *out, struct feed *ret_feed, struct error *err)
{
    struct report r = {.writer = {.out = out}, .now = clock_wall()};
    const struct feed_sink sink = {.on_entry = on_entry, .ctx = &r};
    size_t start = out->len;
    struct feed feed;
    int code;

    r.arena = arena_new(FEED_ENTRY_LIMIT);
    r.identities = arena_alloc_array(arena, REPORT_IDENTITIES, sizeof(*r.identities));
    json_begin_object(&r.writer, NULL);
    json_begin_array(&r.writer, "first");
    code = feed_parse(arena, document, source, &sink, &feed, err);
    json_end_array(&r.writer);
    if (code == OK) {
        feed_write_json(&r.writer, r.arena, "feed", &feed);
        write_encoding(&r, &feed);
        json_string_if(&r.writer, "title", feed.title); /* as plain text */
        json_int(&r.writer, "entries", (int64_t)r.entries);
        write_time(&r.writer, "newest", r.newest);
        write_time(&r.writer, "oldest", r.oldest);
        write_oddities(&r, source, &feed);
        json_end_object(&r.writer);
        if (ret_feed != NULL)
            *ret_feed = feed;
    } else {
        out->len = start;
    }
    arena_free(r.arena);
    return code;
}
