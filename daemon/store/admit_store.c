/* admit_store.c - T2: the decision on a document's entries put to the articles that other feeds
 * brought, and written down with the feed's validators in one transaction. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/private.h"
#include "text/site.h"
#include "text/tags.h"

/* Items kept of a feed whose hub tells what is new: it is polled now and then, too. */
enum { SEEN_MOST = 65536 };

/* Bytes of title and text, about 30 words of English: reports of two days do not agree in as many
 * by chance. */
enum { BRIEF = 200 };

/* Fields admission looks at, in one pass over the encoded entry. */
enum {
    PEEK_GUID,
    PEEK_URL_HASH,
    PEEK_CONTENT,
    PEEK_URL,
    PEEK_TITLE,
    PEEK_SUMMARY,
    PEEK_BODY,
    PEEK_DATE,
    PEEK_PUBLISHED,
    PEEK_UPDATED,
    PEEK_GUID_TEXT,
    PEEK_RAW,
    PEEK_LINK,
    PEEKS
};

static const int peeked_fields[PEEKS] = {REC_HASH_GUID, REC_HASH_URL, REC_HASH_CONTENT, WR_URL,
    WR_TITLE, WR_SUMMARY, WR_FEED_CONTENT, WR_FEED_DATE, WR_PUBLISHED, REC_UPDATED, WR_GUID,
    REC_HASH_RAW, REC_LINK};

struct peek {
    struct bytes values[PEEKS];
};

/* One admission under way. */
struct admission {
    struct writer *writer;
    struct request *request;
    struct admit admit;
    struct admit_entry *entries; /* of admit */
    struct peek *peeks;
    struct admit_decision *decisions;
    struct seen seen;
    struct admitted *admitted;
    size_t *begun; /* where each one's record begins in the request's buf, which may still move */
    size_t admitted_count;
    struct seen_also *also;
    size_t also_count, also_cap;
    uint64_t *raws;
    size_t raws_count;
    int64_t now;
    uint64_t site; /* of the feed */
    char feed_id[24];
    char sighting[64]; /* value of REC_SEEN_IN for this document */
};

/* NOLINTNEXTLINE(readability-function-size): what is admitted, and how, is one thing */
void store_admit(struct store *store, const struct store_feed *feed, const struct bytes *entries,
    size_t count, bool first, void (*on_admitted)(void *ctx, const struct admit_result *result),
    void *ctx)
{
    struct request *request = request_new(REQUEST_ADMIT, SIZE_MAX / 4);
    size_t total = 0;

    feed_copy(request->arena, feed, &request->feed);
    request->as.admit.entries = arena_alloc_array(request->arena, count, sizeof(struct bytes));
    for (size_t i = 0; i < count; i++)
        total += entries[i].len;
    /* Reserved at once: the entries do not move. Arenas would zero it first. */
    if (buf_reserve(&request->asked, total) == NULL)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        request->as.admit.entries[i] =
            (struct bytes){request->asked.ptr + request->asked.len, entries[i].len};
        buf_add(&request->asked, entries[i]);
    }
    request->as.admit.count = count;
    request->as.admit.first = first;
    request->as.admit.on_admitted = on_admitted;
    request->ctx = ctx;
    feed_marked(store, feed);
    store_ask(store, request);
}

static uint64_t hash_value(struct bytes value)
{
    uint64_t hash = 0;

    if (value.len == sizeof(hash))
        memcpy(&hash, value.ptr, sizeof(hash));
    return hash;
}

static struct admit_entry read_entry(const struct peek *peek)
{
    const struct bytes *v = peek->values;
    bool empty = v[PEEK_TITLE].len == 0 && v[PEEK_SUMMARY].len == 0 && v[PEEK_BODY].len == 0;

    return (struct admit_entry){
        .raw = hash_value(v[PEEK_RAW]),
        .guid = hash_value(v[PEEK_GUID]),
        .url = v[PEEK_URL].len > 0 ? admit_url_key(v[PEEK_URL]) : hash_value(v[PEEK_URL_HASH]),
        .content = empty ? 0 : hash_value(v[PEEK_CONTENT]),
        .brief = v[PEEK_TITLE].len + v[PEEK_SUMMARY].len + v[PEEK_BODY].len < BRIEF,
        .date = admit_date(v[PEEK_DATE].len > 0 ? v[PEEK_DATE] : v[PEEK_PUBLISHED]),
    };
}

/* Bytes that encode_pending() adds to an entry, at most. */
static size_t room_of_entry(const struct admission *a)
{
    const struct store_feed *feed = &a->request->feed;

    return bytes_of(feed->url).len + bytes_of(feed->title).len + 8 * bytes_of(feed->tags).len +
           ARTICLE_FEEDS * sizeof(a->sighting) + ARTICLE_TITLE + 1024;
}

static int read_entries(struct admission *a)
{
    struct arena *arena = a->writer->arena;
    size_t count = a->request->as.admit.count;
    size_t room = a->request->asked.len;
    int code = OK;

    a->entries = arena_alloc_array(arena, count + 1, sizeof(*a->entries));
    a->peeks = arena_alloc_array(arena, count + 1, sizeof(*a->peeks));
    a->decisions = arena_alloc_array(arena, count + 1, sizeof(*a->decisions));
    a->admitted = arena_alloc_array(a->request->arena, count + 1, sizeof(*a->admitted));
    a->begun = arena_alloc_array(arena, count + 1, sizeof(*a->begun));
    for (size_t i = 0; i < count && code == OK; i++) {
        struct bytes data = a->request->as.admit.entries[i];

        if (data.len == STORE_UNREAD) {
            memcpy(&a->entries[i].raw, data.ptr, STORE_UNREAD);
            a->entries[i].unread = true;
            continue;
        }
        room += room_of_entry(a);
        code = record_peek(data, peeked_fields, PEEKS, a->peeks[i].values, &a->request->err);
        a->entries[i] = read_entry(&a->peeks[i]);
        a->peeks[i].values[PEEK_TITLE] = bytes_clip(a->peeks[i].values[PEEK_TITLE], ARTICLE_TITLE);
    }
    if (code == OK && (a->request->asked.over || room > BUF_LIMIT))
        code = fail(&a->request->err, E_USAGE, "store: a document of over %d bytes", BUF_LIMIT);
    a->admit = (struct admit){.seed = a->writer->seed,
        .now = a->now,
        .entries = a->entries,
        .count = count,
        .partial = a->request->feed.partial};
    return code;
}

/* *ret_known: the feed had a complete answer before. */
static int read_seen(struct admission *a, bool *ret_known)
{
    struct sql *sql = &a->writer->sql;
    struct error *err = &a->request->err;
    sqlite3_stmt *stmt = sql_use(sql, SQL_SEEN_GET, err);
    struct sql_value row[2] = {0};
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, a->request->feed.id);
    code = sql_one(sql, stmt, a->writer->arena, row, 2, err);
    *ret_known = code > 0;
    if (code >= 0)
        code = seen_decode(a->writer->arena, (size_t)row[0].number, row[1].bytes, &a->seen, err);
    return code == E_FORMAT ? fail(err, E_SYSTEM, "store: broken row of feed %s", a->feed_id)
                            : code;
}

static int write_seen(struct admission *a)
{
    struct error *err = &a->request->err;
    sqlite3_stmt *stmt = sql_use(&a->writer->sql, SQL_SEEN_PUT, err);
    struct bytes items;

    if (stmt == NULL)
        return err->code;
    if (!a->admit.partial || a->seen.count > SEEN_MOST)
        seen_expire(&a->seen, a->admit.count, a->now);
    sqlite3_bind_int64(stmt, 1, a->request->feed.id);
    sqlite3_bind_int64(stmt, 2, (int64_t)a->seen.count);
    items = seen_encode(&a->seen);
    sql_bind_blob(stmt, 3, items);
    a->writer->written += (int64_t)items.len;
    return sql_run(&a->writer->sql, stmt, err);
}

static void put_tags(struct buf *out, const char *tags)
{
    struct bytes rest = bytes_of(tags);
    struct buf tag = {0};

    while (rest.len > 0) {
        buf_clear(&tag);
        tags_read(tags_cut(&rest), &tag);
        record_put(out, REC_FEED_TAG, buf_bytes(&tag));
    }
    buf_done(&tag);
}

/* The entry as it goes on its way, at the end of the request's buf. What admission knows comes
 * first: of an entry with too many values the last are lost. */
static int encode_pending(
    struct admission *a, size_t i, const struct article *article, struct bytes title_before)
{
    static const int known[] = {WR_ID, REC_VERSION, REC_FIRST_SEEN, REC_VERSION_SEEN, REC_PENDING,
        REC_FEED_ID, REC_FEED_URL, WR_SITE, REC_TITLE_BEFORE, REC_HASH_RAW, REC_FEED_TAG,
        REC_SEEN_IN, REC_VIA};
    struct buf *out = &a->request->buf;

    record_put(out, WR_ID, bytes_of(article->uri));
    record_put_int(out, REC_VERSION, article->version);
    record_put_int(out, REC_FIRST_SEEN, article->first_seen);
    record_put_int(out, REC_VERSION_SEEN, a->now);
    record_put_int(out, REC_PENDING, a->writer->last_pending);
    record_put(out, REC_FEED_ID, bytes_of(a->feed_id));
    record_put(out, REC_FEED_URL, bytes_of(a->request->feed.url));
    record_put(out, REC_VIA, bytes_of(a->request->feed.via));
    record_put(out, WR_SITE, bytes_of(a->request->feed.title));
    record_put(out, REC_TITLE_BEFORE, title_before);
    put_tags(out, a->request->feed.tags);
    article_put_sightings(article, out);
    return record_put_rest(out, a->request->as.admit.entries[i], known,
        sizeof(known) / sizeof(known[0]), &a->request->err);
}

/* The entry becomes pending: version 1 of a new article, or the next of a known one. */
static int add_pending(
    struct admission *a, size_t i, const struct article *article, struct bytes title_before)
{
    struct error *err = &a->request->err;
    struct admitted *out = &a->admitted[a->admitted_count];
    struct bytes link = a->peeks[i].values[PEEK_LINK];
    size_t *begun = &a->begun[a->admitted_count];

    a->writer->last_pending++;
    out->pending = a->writer->last_pending;
    out->verdict = article->version == 1 ? ADMIT_NEW : ADMIT_CHANGED;
    out->article = article->id;
    out->version = article->version;
    out->feed = a->request->feed.id;
    out->host = store_host(link.len > 0 ? link : a->peeks[i].values[PEEK_URL]);
    *begun = a->request->buf.len;
    if (encode_pending(a, i, article, title_before) != OK)
        return fail(err, E_SYSTEM, "store: entry is no record");
    out->record = bytes_from(buf_bytes(&a->request->buf), *begun);
    a->admitted_count++;
    return pending_add(a->writer, out, a->now, err);
}

/* What names the article for ever: its address, else its feed and guid, else its feed and content.
 */
static int64_t name_article(struct admission *a, size_t i, char ret_uri[46])
{
    const struct admit_entry *e = &a->admit.entries[i];
    const struct admit_decision *d = &a->decisions[i];
    const struct bytes *v = a->peeks[i].values;
    const char *feed = a->request->feed.url;
    struct bytes name;

    if (d->url_fit && v[PEEK_URL].len > 0) {
        hash_uuid_url(v[PEEK_URL], ret_uri);
        return (int64_t)e->url;
    }
    if (d->guid_fit && v[PEEK_GUID_TEXT].len > 0)
        name = bytes_format(a->writer->entry, "%s#%.*s", feed, FMT(v[PEEK_GUID_TEXT]));
    else
        name = bytes_format(a->writer->entry,
            "%s#%016" PRIx64 "-%016" PRIx64 "-%016" PRIx64 "-%08" PRIx32, feed, e->guid, e->url,
            e->content, e->date);
    hash_uuid_url(name, ret_uri);
    return (int64_t)hash64(name);
}

/* Whose an article is: its site's. Anybody may list it, and what another site says of it is
 * published until a feed of its own site has spoken; from then on only that site revises it.
 * by_owner says so. Among feeds of other sites the first one is believed. */
static bool is_owner(const struct admission *a, const struct article *article)
{
    return a->site != 0 && article->site == a->site;
}

static bool may_revise(const struct admission *a, const struct article *article)
{
    return article->site == 0 || article->told_by == a->request->feed.id || is_owner(a, article);
}

/* Under an address of another site an entry is another article there, whatever its guid: else its
 * feed would take that site's article into its own. A feed may follow its entries to its own site.
 */
static bool is_moved_away(const struct admission *a, size_t i, const struct article *article)
{
    uint64_t site;

    if (!a->decisions[i].moved || article->site == 0)
        return false;
    site = site_key(a->peeks[i].values[PEEK_URL]);
    return site == a->site ? !may_revise(a, article) : site != article->site;
}

static int64_t updated(const struct admission *a, size_t i)
{
    return admit_date(a->peeks[i].values[PEEK_UPDATED]);
}

static int add_article(struct admission *a, size_t i, struct article *article)
{
    int code;

    article->version = 1;
    article->content = a->admit.entries[i].content;
    article->first_seen = a->now;
    article->title = a->peeks[i].values[PEEK_TITLE];
    article->seen_in[0] = (struct sighting){a->request->feed.id, a->now};
    article->seen_in_count = 1;
    article->told_by = a->request->feed.id;
    article->site = a->decisions[i].url_fit ? site_key(a->peeks[i].values[PEEK_URL]) : 0;
    if (article->site == 0)
        article->site = a->site;
    article->by_owner = is_owner(a, article);
    article->updated = updated(a, i);
    tally_count(a->writer, "articles.added", 1);
    code = article_add(&a->writer->sql, article, &a->request->err);
    return code == OK ? add_pending(a, i, article, (struct bytes){NULL, 0}) : code;
}

/* Two feeds that list one article tell the same edit in words of their own: one with the whole
 * text, one with a summary. The headline of the version that another feed brought shows it. One
 * that lags behind the other shows what was: its own date says so or, where it gives none, a
 * headline that the article had before; it catches up when it gets the one that was told in place
 * of another. */
static bool is_told_already(const struct admission *a, size_t i, const struct article *article)
{
    struct bytes title = a->peeks[i].values[PEEK_TITLE];
    int64_t at = updated(a, i);
    bool is_newer;

    if (article->content == a->admit.entries[i].content)
        return true;
    if (article->told_by == a->request->feed.id || article->by_owner != is_owner(a, article))
        return false;
    if (at != 0 && at < article->updated)
        return true;
    if (bytes_equal(article->title, title) &&
        (article->version > 1 || article_differed(article, a->request->feed.id)))
        return true;
    is_newer = article->updated != 0 && at > article->updated;
    return !is_newer && article_was_entitled(article, title);
}

/* The next version of an article, unless another feed brought it already or it is not this one's to
 * tell. */
static int revise(struct admission *a, size_t i, struct article *article)
{
    const struct admit_entry *e = &a->admit.entries[i];
    struct sql *sql = &a->writer->sql;
    struct bytes title_before = article->title;
    int code = OK;

    if (a->decisions[i].moved && site_key(a->peeks[i].values[PEEK_URL]) == a->site)
        code = article_alias(sql, e->url, article->id, &a->request->err);
    if (code == OK && !article_is_in(article, a->request->feed.id))
        code = article_seen_in(sql, article, a->request->feed.id, a->now, &a->request->err);
    a->decisions[i].verdict =
        !may_revise(a, article) || is_told_already(a, i, article) ? ADMIT_KNOWN : ADMIT_CHANGED;
    if (code != OK || a->decisions[i].verdict == ADMIT_KNOWN)
        return code;
    article->content = e->content;
    article->told_by = a->request->feed.id;
    article->by_owner = article->by_owner || is_owner(a, article);
    article->updated = updated(a, i);
    article_entitle(article, a->peeks[i].values[PEEK_TITLE]);
    code = article_revise(sql, article, a->now, &a->request->err);
    return code == OK ? add_pending(a, i, article, title_before) : code;
}

/* Versions of the article that are still on their way will say that this feed has it too. */
static int extend_pending(struct admission *a, const struct article *article)
{
    struct arena *arena = a->request->arena;
    struct buf *value = &a->writer->scratch;
    struct error *err = &a->request->err;
    sqlite3_stmt *stmt = sql_use(&a->writer->sql, SQL_PENDING_EXTEND, err);
    int code;

    if (stmt == NULL)
        return err->code;
    buf_clear(value);
    record_put(value, REC_SEEN_IN, bytes_of(a->sighting));
    sqlite3_bind_int64(stmt, 1, article->id);
    sql_bind_blob(stmt, 2, buf_bytes(value));
    while ((code = sql_row(&a->writer->sql, stmt, err)) > 0) {
        if (a->also_count == a->also_cap)
            a->also = arena_grow(arena, a->also, &a->also_cap, sizeof(*a->also));
        a->also[a->also_count++] = (struct seen_also){
            sqlite3_column_int64(stmt, 0), bytes_copy(arena, bytes_of(a->sighting))};
        a->writer->written += sqlite3_column_int64(stmt, 1);
    }
    return code;
}

/* A feed of the article's own site lists what others told: its words replace theirs, and where they
 * are the same nobody else's will do so later. */
static int take_over(struct admission *a, size_t i, struct article *article)
{
    if (article->content != a->admit.entries[i].content)
        return revise(a, i, article);
    article->told_by = a->request->feed.id;
    article->by_owner = true;
    return article_own(&a->writer->sql, article, &a->request->err);
}

/* An entry this feed is not known to have had: new, unless the article is known from elsewhere or
 * from long ago. */
static int admit_fresh(struct admission *a, size_t i, struct article *article)
{
    const struct admit_entry *e = &a->admit.entries[i];
    int64_t feed = a->request->feed.id;
    char uri[46];
    int64_t id = name_article(a, i, uri);
    int code =
        article_find(&a->writer->sql, a->writer->entry, (uint64_t)id, article, &a->request->err);

    if (code == E_NOT_FOUND) {
        article->id = id;
        memcpy(article->uri, uri, sizeof(uri));
        a->decisions[i].verdict = ADMIT_NEW;
        return add_article(a, i, article);
    }
    if (code != OK)
        return code;
    a->decisions[i].verdict = ADMIT_DUPLICATE;
    if (!article->by_owner && is_owner(a, article) && e->content != 0)
        code = take_over(a, i, article);
    if (code != OK || a->decisions[i].verdict != ADMIT_DUPLICATE)
        return code;
    /* Feeds word the same article differently; only where this one is alone is another content a
     * change. */
    if (article_is_in(article, feed) && article->seen_in_count == 1 &&
        article->content != e->content && e->content != 0)
        return revise(a, i, article);
    if (article_is_in(article, feed)) {
        a->decisions[i].verdict = ADMIT_OLD;
        return OK;
    }
    if (!bytes_equal(article->title, a->peeks[i].values[PEEK_TITLE]))
        article_differs(article, feed);
    code = article_seen_in(&a->writer->sql, article, feed, a->now, &a->request->err);
    return code == OK ? extend_pending(a, article) : code;
}

static int admit_entry(struct admission *a, size_t i)
{
    struct seen_item *item = &a->seen.items[a->decisions[i].item];
    struct article article = {0};
    int code = E_NOT_FOUND;

    arena_reset(a->writer->entry);
    if (a->decisions[i].verdict == ADMIT_CHANGED) {
        code = article_get(
            &a->writer->sql, a->writer->entry, item->article, &article, &a->request->err);
        if (code == OK && !is_moved_away(a, i, &article))
            return revise(a, i, &article);
        article = (struct article){0};
    }
    if (code == E_NOT_FOUND || code == OK)
        code = admit_fresh(a, i, &article);
    item->article = article.id;
    return code;
}

static void finish(struct admission *a)
{
    static const char *const names[ADMIT_VERDICTS] = {[ADMIT_NEW] = "entries.new",
        [ADMIT_CHANGED] = "entries.changed",
        [ADMIT_KNOWN] = "entries.known",
        [ADMIT_DUPLICATE] = "entries.duplicate",
        [ADMIT_MARKED] = "entries.marked",
        [ADMIT_OLD] = "entries.old"};
    struct admit_result *result = &a->request->as.admit.result;

    for (size_t i = 0; i < a->admit.count; i++) {
        result->counts[a->decisions[i].verdict]++;
        result->put_off += a->decisions[i].put_off;
    }
    result->raws = a->raws;
    result->raws_count = a->raws_count;
    tally_count(a->writer, "entries.seen", a->admit.count);
    for (int v = 0; v < ADMIT_VERDICTS; v++)
        tally_count(a->writer, names[v], result->counts[v]);
    for (size_t n = 0; n < a->admitted_count; n++)
        a->admitted[n].record.ptr = a->request->buf.ptr + a->begun[n];
    result->admitted = a->admitted;
    result->admitted_count = a->admitted_count;
    result->also = a->also;
    result->also_count = a->also_count;
}

/* The entries that need not be read again: what was seen of them says all that admission asks. */
static void list_raws(struct admission *a)
{
    a->raws = arena_alloc_array(a->request->arena, a->admit.count + 1, sizeof(*a->raws));
    for (size_t i = 0; i < a->admit.count; i++) {
        size_t n = a->decisions[i].item;

        if (n != SIZE_MAX && a->entries[i].raw != 0 && a->seen.items[n].raw == a->entries[i].raw)
            a->raws[a->raws_count++] = a->entries[i].raw;
    }
}

static int admit_all(struct admission *a)
{
    size_t *order = arena_alloc_array(a->writer->arena, a->admit.count + 1, sizeof(*order));
    size_t fresh = admit_order(&a->admit, a->decisions, a->writer->arena, order);
    int code = OK;

    for (size_t n = 0; n < fresh && code == OK; n++)
        code = admit_entry(a, order[n]);
    return code;
}

/* When each item was in a document last, before this one; NULL when nobody asks. */
static const uint32_t *last_seen(const struct admission *a)
{
    uint32_t *minutes;

    if (a->request->feed.moving == 0)
        return NULL;
    minutes = arena_alloc_array(a->writer->arena, a->seen.count + 1, sizeof(*minutes));
    for (size_t n = 0; n < a->seen.count; n++)
        minutes[n] = a->seen.items[n].seen;
    minutes[a->seen.count] = UINT32_MAX;
    return minutes;
}

/* Entries that were last seen before the feed began to move. */
static uint64_t count_common(const struct admission *a, const uint32_t *minutes)
{
    int64_t before = a->request->feed.moving / SECOND / 60;
    uint64_t common = 0;

    for (size_t i = 0; minutes != NULL && i < a->admit.count; i++) {
        const struct admit_decision *d = &a->decisions[i];

        if (d->verdict != ADMIT_NEW && d->item != SIZE_MAX && minutes[d->item] < before)
            common++;
    }
    return common;
}

int admit_apply(struct writer *writer, struct request *request)
{
    struct admission a = {.writer = writer, .request = request, .now = clock_wall()};
    char at[CLOCK_TEXT];
    const uint32_t *held;
    bool known = false;
    int code;

    a.site = site_key(bytes_of(request->feed.url));
    feed_id_format(request->feed.id, a.feed_id);
    snprintf(a.sighting, sizeof(a.sighting), "%s\t%s", a.feed_id, clock_format(a.now, at));
    if ((code = read_entries(&a)) != OK || (code = feed_poll_apply(writer, request)) != OK ||
        (code = diagnosis_apply(writer, request)) != OK || (code = read_seen(&a, &known)) != OK)
        return code;
    admit_recall(&a.seen, writer->seed, a.entries, a.admit.count);
    held = last_seen(&a);
    admit_decide(&a.admit, &a.seen, a.decisions);
    request->as.admit.result.common = count_common(&a, held);
    if (request->as.admit.first && !known)
        admit_first(&a.admit, writer->store->first_fetch, writer->store->first_count, writer->arena,
            a.decisions);
    list_raws(&a);
    if ((code = admit_all(&a)) != OK || (code = write_seen(&a)) != OK)
        return code;
    finish(&a);
    return OK;
}
