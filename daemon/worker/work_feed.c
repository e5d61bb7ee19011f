/* work_feed.c - documents that list things: feeds, pages with links to feeds, subscription lists.
 */
#include "base/clock.h"
#include "base/frame.h"
#include "base/json.h"
#include "feed/discover.h"
#include "feed/feed.h"
#include "feed/opml.h"
#include "feed/report.h"
#include "worker/decode.h"
#include "worker/private.h"

/* Room for one entry's record. */
enum { ENTRY_MEMORY = 2 * FEED_ENTRY_LIMIT, WARM_MEMORY = 64 << 20 };

struct reading {
    const struct work *work;
    const struct feed_source *source;
    const struct answers *to;
    struct arena *arena; /* of the entry */
    int64_t entries;
    struct bytes known; /* REC_RAW_HASHES of the request */
    size_t known_at;    /* behind the one found last: documents keep their order */
    struct buf hashes;  /* of the answer */
};

/* Positions follow each other; those of entries that were handed over stay when a document is read
 * a second time. */
static void add_hash(struct reading *r, size_t position, uint64_t raw)
{
    if (r->hashes.len / sizeof(raw) == position && position < JOB_HASHES)
        buf_add(&r->hashes, (struct bytes){(const char *)&raw, sizeof(raw)});
}

static bool find_known(struct reading *r, uint64_t raw)
{
    size_t count = r->known.len / sizeof(raw);

    for (size_t i = 0; i < count && i < JOB_KNOWN; i++) {
        size_t at = (r->known_at + i) % count;

        if (memcmp(r->known.ptr + at * sizeof(raw), &raw, sizeof(raw)) == 0) {
            r->known_at = at + 1;
            return true;
        }
    }
    return false;
}

static bool on_raw(void *ctx, size_t position, uint64_t raw)
{
    struct reading *r = ctx;

    if (position >= JOB_HASHES || !find_known(r, raw))
        return false;
    add_hash(r, position, raw);
    r->entries++;
    return true;
}

static int on_entry(void *ctx, const struct entry *entry)
{
    struct reading *r = ctx;
    struct wr_record *rec;

    if (r->work->max_entries > 0 && ++r->entries > r->work->max_entries)
        return E_LIMIT;
    arena_reset(r->arena);
    add_hash(r, entry->position, entry->raw);
    rec = record_new(r->arena);
    entry_to_record(entry, r->source, rec);
    answer(r->to, ANSWER_ENTRY, rec);
    return OK;
}

static void answer_feed(
    const struct reading *r, struct arena *arena, const struct feed *feed, const char *note)
{
    struct wr_record *rec = record_new(arena);

    feed_to_record(feed, rec);
    record_lend(rec, REC_RAW_HASHES, buf_bytes(&r->hashes));
    if (note[0] != '\0')
        record_add(rec, REC_DIAGNOSIS, bytes_format(arena, "0\t0\tbody %s", note));
    answer(r->to, ANSWER_FEED, rec);
}

static void read_feed(const struct work *work, struct arena *arena, const struct decoded *body,
    const struct feed_source *source, struct bytes known, const struct answers *to)
{
    struct reading reading = {
        .work = work, .source = source, .to = to, .arena = arena_new(ENTRY_MEMORY), .known = known};
    const struct feed_sink sink = {on_entry, &reading, on_raw};
    struct error err = {0};
    struct feed feed;
    int code = feed_parse(arena, body->body, source, &sink, &feed, &err);

    arena_free(reading.arena);
    if (code == OK && work->max_entries > 0 && reading.entries > work->max_entries)
        code = E_LIMIT;
    if (code == E_LIMIT && reading.entries > work->max_entries)
        fail(&err, E_LIMIT, "the document has over %lld entries", (long long)work->max_entries);
    else if (code == OK && !feed.complete)
        code = fail(&err, E_FORMAT, "the document ends before its %s element does",
            feed.format == FEED_JSON ? "last" : "root");
    if (code != OK)
        answer_error(to, arena, &err);
    else
        answer_feed(&reading, arena, &feed, body->note);
    buf_done(&reading.hashes);
}

static void answer_report(struct arena *arena, const struct decoded *body,
    const struct feed_source *source, const struct answers *to)
{
    struct wr_record *rec = record_new(arena);
    struct buf text = {.limit = RECORD_LIMIT};
    struct error err = {0};
    struct feed feed;
    int code = feed_report(arena, body->body, source, &text, &feed, &err);

    if (code == OK && text.over)
        code = fail(&err, E_LIMIT, "the answer is over %d bytes", RECORD_LIMIT);
    if (code == OK) {
        feed_to_record(&feed, rec);
        if (body->note[0] != '\0')
            record_add(rec, REC_DIAGNOSIS, bytes_format(arena, "0\t0\tbody %s", body->note));
        record_lend(rec, REC_TEXT, buf_bytes(&text));
        answer(to, ANSWER_TEXT, rec);
    } else {
        answer_error(to, arena, &err);
    }
    buf_done(&text);
}

static void answer_json(int kind, struct arena *arena, struct bytes body,
    const struct feed_source *source, const struct answers *to)
{
    struct wr_record *rec = record_new(arena);
    /* A list of 100,000 feeds is longer than any record. */
    size_t most = kind == JOB_OPML_JSON ? FRAME_LIMIT / 2 : RECORD_LIMIT;
    struct buf text = {.limit = most};
    struct error err = {0};

    if (kind == JOB_FEED_JSON)
        feed_parse_json(arena, body, source, &text, &err);
    else if (kind == JOB_OPML_JSON)
        opml_json(arena, body, &text, &err);
    else
        discover_json(arena, body, source, &text);
    if (text.over) {
        fail(&err, E_LIMIT, "the answer is over %zu bytes", most);
        answer_error(to, arena, &err);
    } else {
        record_lend(rec, REC_TEXT, buf_bytes(&text));
        answer(to, ANSWER_TEXT, rec);
    }
    buf_done(&text);
}

bool work_is_document(int kind)
{
    return kind == JOB_FEED || kind == JOB_FEED_REPORT || kind == JOB_FEED_JSON ||
           kind == JOB_DISCOVER_JSON || kind == JOB_OPML_JSON;
}

void work_document(struct work *work, int kind, struct arena *arena, struct wr_record *request,
    const struct answers *to)
{
    size_t count = wr_count(request, REC_HEADER);
    struct bytes *headers = arena_alloc_array(arena, count, sizeof(*headers));
    struct feed_source source = {
        .url = record_get(request, REC_URL),
        .content_type = work_header(request, REC_HEADER, "content-type"),
        .headers = headers,
        .header_count = count,
    };
    struct decoded body = {0};
    struct error err = {0};

    for (size_t i = 0; i < count; i++)
        headers[i] = record_get_at(request, REC_HEADER, i);
    /* `wireroom parse` prints all there is. */
    if ((kind == JOB_FEED || kind == JOB_FEED_REPORT) && work->sitemap_age > 0)
        source.floor = clock_wall() - work->sitemap_age;
    chain_at(work->chain, CHAIN_DECODE);
    if (decode_body(record_get(request, REC_BODY),
            work_header(request, REC_HEADER, "content-encoding"), work->max_decoded, &body,
            &err) != OK) {
        answer_error(to, arena, &err);
    } else {
        chain_at(work->chain, CHAIN_FEED);
        if (kind == JOB_FEED)
            read_feed(work, arena, &body, &source, record_get(request, REC_RAW_HASHES), to);
        else if (kind == JOB_FEED_REPORT)
            answer_report(arena, &body, &source, to);
        else
            answer_json(kind, arena, body.body, &source, to);
    }
    decoded_done(&body);
    chain_at(work->chain, CHAIN_IDLE);
}

void work_warm_up(void)
{
    static const char rss[] =
        "<?xml version='1.0' encoding='windows-1252'?><rss version='2.0'><channel>"
        "<title>caf\xe9 &amp;eacute;</title><item><title>a&nbsp;b</title>"
        "<pubDate>Sat, 14 Mar 2026 09:26:57 CET</pubDate><link>http://news.example/\xe9</link>"
        "</item></channel></rss>";
    static const char json[] = "{\"version\": \"https://jsonfeed.org/version/1.1\", "
                               "\"items\": [{\"id\": \"1\", \"content_html\": \"<p>a\"}]}";
    static const char page[] = "<html><link rel=alternate type=application/rss+xml href=/feed>";
    static const char *const documents[] = {rss, json, page};

    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        struct arena *arena = arena_new(WARM_MEMORY);
        struct feed_source source = {.url = LIT("http://news.example/")};
        struct buf out = {0};

        feed_parse_json(arena, bytes_of(documents[i]), &source, &out, NULL);
        discover_json(arena, bytes_of(documents[i]), &source, &out);
        buf_done(&out);
        arena_free(arena);
    }
}
