/* report.c - knows what a person wants to hear of a feed before following it. */
#include "feed/report.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "feed/write.h"
#include "text/encoding.h"

static const int64_t ahead = 86400 * (int64_t)SECOND; /* as far as a date may be off */

struct report {
    struct json_writer writer;
    struct arena *arena;
    int64_t now, newest, oldest;
    size_t entries, undated, future;
    uint64_t *identities;
    size_t identity_count;
};

static const struct feed_date *date_of(const struct entry *entry)
{
    return entry->published.known ? &entry->published : &entry->updated;
}

static void take_date(struct report *r, const struct feed_date *date)
{
    if (!date->known) {
        r->undated += date->raw.len == 0;
        return;
    }
    if (date->date.instant > r->now + ahead) {
        r->future++;
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
        r->identities[r->identity_count++] = hash64(id);
}

static int on_entry(void *ctx, const struct entry *entry)
{
    const struct feed_date *date = date_of(entry);
    struct report *r = ctx;
    struct json_writer *w = &r->writer;

    take_date(r, date);
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
        json_string_if(w, "unread_date", date->raw);
    json_end_object(w);
    arena_reset(r->arena);
    return OK;
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static size_t count_repeated(struct report *r)
{
    size_t repeated = 0;

    qsort(r->identities, r->identity_count, sizeof(*r->identities), compare);
    for (size_t i = 1; i < r->identity_count; i++)
        repeated += r->identities[i] == r->identities[i - 1];
    return repeated;
}

static void write_oddity(struct report *r, size_t count, const char *what)
{
    if (count > 0)
        json_string(&r->writer, NULL,
            bytes_format(
                r->arena, "%zu %s %s", count, count == 1 ? "entry has" : "entries have", what));
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
    write_oddity(r, r->undated, "no date");
    write_oddity(r, r->future, "a date in the future");
    write_oddity(r, count_repeated(r), "the identity of another one in it");
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
    json_cstr(&r->writer, "encoding_from", from[feed->encoding_from]);
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
