/* document.c - a feed's answer is read as a whole or not at all: entries count only once the
 * document has ended well. */
#include "flow/document.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "fetch/header.h"
#include "flow/document_parts.h"
#include "text/url.h"

enum { DIAGNOSIS_LIMIT = 8 << 10, NEWEST_OF = 16 };

static const char *copy(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : bytes_cstr(arena, bytes_of(text));
}

static struct document *document_new(
    struct flow *flow, const struct poll_answer *answer, document_on_outcome *on_outcome, void *ctx)
{
    struct arena *arena = arena_new(DOCUMENT_LIMIT);
    struct document *d = arena_alloc(arena, sizeof(*d));

    *d = (struct document){.flow = flow,
        .on_outcome = on_outcome,
        .ctx = ctx,
        .arena = arena,
        .kept = arena_new(DOCUMENT_LIMIT),
        .feed = *answer->feed,
        .first = answer->first,
        .pushed = answer->pushed};
    d->feed.url = copy(arena, d->feed.url);
    d->feed.title = copy(arena, d->feed.title);
    d->feed.tags = copy(arena, d->feed.tags);
    d->feed.origin = copy(arena, d->feed.origin);
    d->feed.link = copy(arena, d->feed.link);
    d->feed.etag = copy(arena, d->feed.etag);
    d->feed.last_modified = copy(arena, d->feed.last_modified);
    d->feed.validated = copy(arena, d->feed.validated);
    d->feed.error = NULL;
    return d;
}

/* When the newest of the admitted was published, 0 for unknown: the first ones will do. */
static int64_t newest(const struct admit_result *result)
{
    static const int field = WR_PUBLISHED;
    int64_t newest = 0;

    for (size_t i = 0; i < result->admitted_count && i < NEWEST_OF; i++) {
        struct bytes text = {NULL, 0};
        int64_t wall = 0;

        if (record_peek(result->admitted[i].record, &field, 1, &text, NULL) == OK &&
            clock_parse(text, &wall) && wall > newest)
            newest = wall;
    }
    return newest;
}

static void document_free(struct document *d)
{
    budget_hold(d->flow->parts.budget, &d->held, 0);
    arena_free(d->kept);
    arena_free(d->arena);
}

/* Hand the outcome to who asked for it and forget the document. */
void document_end(struct document *d, const struct error *err, uint64_t fresh, uint64_t common)
{
    struct flow *flow = d->flow;
    const struct document_outcome outcome = {.feed = d->feed.id,
        .pushed = d->pushed,
        .links = &d->links,
        .read = {.code = err == NULL ? OK : err->code,
            .error = err == NULL ? NULL : err->text,
            .entries = d->announced,
            .fresh = (int64_t)fresh,
            .common = common,
            .also = d->also,
            .published = d->published,
            .title = d->title,
            .min_interval = d->hints.interval,
            .skip = d->hints.skip,
            .unsettled = d->unsettled,
            .diagnosed = d->diagnosis != NULL && d->diagnosis[0] != '\0'}};

    if (err != NULL) {
        flow->counters.bad_documents++;
        log_debug("feed not read: feed=%s cause=\"%s\"", d->feed.url, err->text);
    }
    if (!flow->stopping)
        d->on_outcome(d->ctx, &outcome);
    document_free(d);
}

static void on_admitted(void *ctx, const struct admit_result *result)
{
    struct document *d = ctx;
    uint64_t fresh = result->counts[ADMIT_NEW] + result->counts[ADMIT_CHANGED];

    d->also = (int64_t)result->counts[ADMIT_DUPLICATE];
    d->published = newest(result);
    d->unsettled = d->unsettled || result->put_off > 0;
    if (result->err == NULL && !d->flow->stopping)
        for (size_t i = 0; i < result->admitted_count; i++)
            flow_take(d->flow, &result->admitted[i]);
    if (result->err == NULL && !d->pushed) /* a push need not hold all */
        known_set(&d->flow->known, d->feed.id, result->raws, result->raws_count);
    else if (result->err != NULL && result->err->code == E_NOT_FOUND)
        known_forget(&d->flow->known, d->feed.id);
    for (size_t i = 0; result->err == NULL && i < result->also_count; i++)
        flow_seen_also(d->flow, &result->also[i]);
    if (result->err != NULL) {
        /* Ours, not the feed's: it does not back off for a full disk. */
        d->err = *result->err;
        d->err.code = E_SYSTEM;
    }
    document_end(d, result->err == NULL ? NULL : &d->err, fresh, result->common);
}

/* Hubs come from the headers, or else from the document (WebSub section 4). */
static void read_links(struct document *d, const struct wr_record *feed)
{
    struct bytes self = record_get(feed, REC_FEED_SELF);

    if (d->pushed)
        return;
    if (d->links.count == 0)
        for (size_t i = 0; i < wr_count(feed, REC_FEED_HUB); i++)
            hub_links_add(&d->links, bytes_copy(d->arena, record_get_at(feed, REC_FEED_HUB, i)));
    if (d->links.topic.len == 0)
        d->links.topic = url_is_http(self) && self.len <= HUB_URL ? bytes_copy(d->arena, self)
                                                                  : bytes_of(d->feed.url);
}

static void add_entry(struct document *d, struct bytes entry)
{
    if (d->count == d->cap)
        d->entries = arena_grow(d->kept, d->entries, &d->cap, sizeof(*d->entries));
    d->entries[d->count++] = entry;
}

static bool has_room(struct document *d, size_t entries, size_t len)
{
    int64_t most = d->flow->parts.conf->poll.max_entries;

    if (d->err.code == OK && (int64_t)entries > most)
        fail(&d->err, E_LIMIT, "more than poll.max_entries=%lld entries", (long long)most);
    else if (d->err.code == OK && d->total + len > DOCUMENT_ENTRIES)
        fail(&d->err, E_LIMIT, "entries are over %d bytes in all", DOCUMENT_ENTRIES);
    return d->err.code == OK;
}

void document_keep(struct document *d, struct wr_record *entry)
{
    struct buf bytes = {0};

    if (d->err.code != OK)
        return;
    record_encode(entry, &bytes);
    if (has_room(d, d->count + 1, bytes.len)) {
        add_entry(d, bytes_copy(d->kept, buf_bytes(&bytes)));
        d->total += bytes.len;
        budget_hold(d->flow->parts.budget, &d->held, d->total);
    }
    buf_done(&bytes);
}

static int64_t position_of(struct bytes entry)
{
    static const int field = REC_POSITION;
    int64_t position = -1;
    struct bytes text;
    struct error err;

    if (record_peek(entry, &field, 1, &text, &err) == OK)
        bytes_to_int(text, &position);
    return position;
}

/* The document has a hash at each position; those that no entry came of were not read, and their
 * hashes stand for them. */
static void add_unread(struct document *d, struct bytes hashes)
{
    const struct bytes *read = d->entries;
    size_t count = hashes.len / STORE_UNREAD;
    size_t read_count = d->count;
    size_t next = 0;

    if (!has_room(d, count, hashes.len) || read_count >= count)
        return;
    hashes = bytes_copy(d->kept, hashes);
    d->entries = NULL;
    d->count = d->cap = 0;
    for (size_t i = 0; i < count; i++)
        if (next < read_count && position_of(read[next]) == (int64_t)i)
            add_entry(d, read[next++]);
        else
            add_entry(d, bytes_slice(hashes, i * STORE_UNREAD, STORE_UNREAD));
    while (next < read_count)
        add_entry(d, read[next++]);
}

/* What is kept of what is wrong in the document: its first twenty oddities, and no more of them
 * than an operator reads. */
static const char *join_diagnosis(struct arena *arena, const struct wr_record *feed)
{
    struct buf lines = {.limit = DIAGNOSIS_LIMIT};
    const char *text;

    for (size_t i = 0; i < wr_count(feed, REC_DIAGNOSIS); i++) {
        struct bytes line = record_get_at(feed, REC_DIAGNOSIS, i);

        if (lines.len + line.len + 1 > DIAGNOSIS_LIMIT)
            break;
        if (i > 0)
            buf_add_byte(&lines, '\n');
        buf_add(&lines, line);
    }
    text = bytes_cstr(arena, buf_bytes(&lines));
    buf_done(&lines);
    return text;
}

static void on_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct document *d = ctx;

    if (kind == ANSWER_ENTRY) {
        document_keep(d, answer);
    } else if (kind == ANSWER_FEED && answer->total > RECORD_LIMIT) {
        fail(&d->err, E_LIMIT, "what it says of itself is over %d bytes", RECORD_LIMIT);
    } else if (kind == ANSWER_FEED) {
        d->title = bytes_cstr(d->arena, bytes_clip(record_get(answer, REC_FEED_NAME), STORE_TITLE));
        add_unread(d, record_get(answer, REC_RAW_HASHES));
        d->announced = record_get_int(answer, REC_ENTRIES, (int64_t)d->count);
        read_links(d, answer);
        d->is_sitemap = bytes_starts(record_get(answer, REC_FORMAT), LIT("sitemap"));
        if (d->pushed) /* speaks of its entries, not for the feed */
            return;
        hints_read(answer, &d->hints);
        d->diagnosis = join_diagnosis(d->arena, answer);
        d->is_index = bytes_is(record_get(answer, REC_FORMAT), "sitemap-index");
    }
}

static void on_done(void *ctx, const struct error *err)
{
    struct document *d = ctx;

    if (err == NULL && d->err.code != OK)
        err = &d->err;
    if (err != NULL) {
        document_end(d, err, 0, 0);
        return;
    }
    if (d->is_index)
        index_follow(d);
    else
        document_admit(d);
}

/* What is put off is asked for again; a push cannot be, and of a feed's first answer the newest
 * entries are chosen among all. */
static bool may_put_off(const struct document *d)
{
    return d->pushed == 0 &&
           (!d->first || d->flow->parts.conf->poll.first_fetch == FIRST_PUBLISH_ALL);
}

/* Of entries that would take more than a feed's share of what may be pending the last ones of the
 * document, mostly the oldest, come first, one at least. The feed is asked again when these are
 * through, and those that were read stand as hashes then. */
static void put_off(struct document *d)
{
    size_t share = flow_feed_share(d->flow);
    size_t taken = 0;
    size_t at = d->count;

    if (d->total <= share || !may_put_off(d))
        return;
    for (size_t i = d->count; i-- > 0;) {
        size_t len = d->entries[i].len;
        bool unread = len == STORE_UNREAD;

        if (!unread && taken > 0 && taken + len > share) {
            taken = share; /* nor do any before it */
            d->feed.partial = d->unsettled = true;
            continue;
        }
        taken += unread ? 0 : len;
        d->entries[--at] = d->entries[i];
    }
    d->entries += at;
    d->count -= at;
}

/* Read by a worker, in full. */
void document_admit(struct document *d)
{
    put_off(d);
    if (d->unsettled) {
        d->feed.etag = d->feed.last_modified = NULL;
        d->feed.body_hash = 0;
    }
    if (d->title[0] != '\0' && (d->feed.title == NULL || d->feed.title[0] == '\0'))
        d->feed.title = d->title;
    if (!d->pushed) {
        d->feed.asked = d->hints.interval;
        d->feed.skip = d->hints.skip;
    }
    d->feed.diagnosis = d->diagnosis;
    d->feed.via = d->pushed ? "websub" : d->is_sitemap ? "sitemap" : "poll";
    d->flow->counters.entries += d->count;
    store_admit(d->flow->parts.store, &d->feed, d->entries, d->count, d->first, on_admitted, d);
    arena_free(d->kept); /* the store has them, and makes their records of them */
    d->kept = NULL;
    d->entries = NULL;
    budget_hold(d->flow->parts.budget, &d->held, 2 * d->total);
}

void document_read(
    struct flow *flow, const struct poll_answer *answer, document_on_outcome *on_outcome, void *ctx)
{
    struct document *d = document_new(flow, answer, on_outcome, ctx);
    struct arena *scratch = arena_new(1 << 20);
    struct wr_record *request =
        job_of_answer(scratch, answer->result->url, answer->result->headers, answer->result->body);
    struct bytes headers = answer->result->headers;

    flow->counters.documents++;
    if (!d->pushed && header_find(headers, "link").len > 0)
        hub_links_read(
            d->arena, bytes_copy(d->arena, headers), bytes_of(answer->result->url), &d->links);
    record_set(request, REC_FEED_URL, bytes_of(d->feed.url));
    record_lend(request, REC_RAW_HASHES, known_get(&flow->known, d->feed.id));
    pool_submit(flow->parts.pool, &(struct pool_job){.kind = JOB_FEED,
                                      .feed = d->feed.id,
                                      .request = request,
                                      .on_answer = on_answer,
                                      .on_done = on_done,
                                      .ctx = d});
    arena_free(scratch);
}
