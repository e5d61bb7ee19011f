/* weight.c - what each feed takes of the event log, and whose events go first; how many entries it
 * has pending. The sums are kept in memory; the table has those of events as of the last trimming.
 */
#include <stdlib.h>

#include "store/private.h"
#include "text/site.h"

enum {
    FEED_SHARE =
        8, /* of store.max the events of one feed may take, as of places and of what waits */
    SITE_SHARE = 4, /* and those of all feeds of one site */
};

struct weight {
    struct weight *next, *next_changed, *next_unwritten;
    int64_t feed, bytes, pending;
    int64_t change, pending_change; /* by this group */
    bool changed, unwritten;
};

static uint64_t hash_of(int64_t feed)
{
    return (uint64_t)feed * 0x9e3779b97f4a7c15u;
}

static bool is_of_feed(const void *item, const void *key)
{
    return ((const struct weight *)item)->feed == *(const int64_t *)key;
}

static struct weight *get(struct weights *weights, int64_t feed)
{
    struct weight *weight = table_find(&weights->by_feed, hash_of(feed), is_of_feed, &feed);

    if (weight != NULL)
        return weight;
    weight = calloc(1, sizeof(*weight));
    if (weight == NULL)
        arena_out_of_memory(sizeof(*weight));
    weight->feed = feed;
    weight->next = weights->all;
    weights->all = weight;
    table_add(&weights->by_feed, hash_of(feed), weight);
    return weight;
}

static int count_pending(struct writer *writer, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_PENDING_FEEDS, err);
    int code;

    if (stmt == NULL)
        return err->code;
    while ((code = sql_row(&writer->sql, stmt, err)) > 0)
        get(&writer->weights, sqlite3_column_int64(stmt, 0))->pending++;
    return code;
}

int weight_open(struct writer *writer, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_WEIGHTS, err);
    int code;

    if (stmt == NULL)
        return err->code;
    while ((code = sql_row(&writer->sql, stmt, err)) > 0)
        get(&writer->weights, sqlite3_column_int64(stmt, 0))->bytes = sqlite3_column_int64(stmt, 1);
    return code == OK ? count_pending(writer, err) : code;
}

static struct weight *get_changed(struct weights *weights, int64_t feed)
{
    struct weight *weight = get(weights, feed);

    if (weight->changed)
        return weight;
    weight->changed = true;
    weight->next_changed = weights->changed;
    weights->changed = weight;
    return weight;
}

void weight_add(struct writer *writer, int64_t feed, int64_t bytes)
{
    if (feed != 0)
        get_changed(&writer->weights, feed)->change += bytes;
}

void weight_pend(struct writer *writer, int64_t feed, int64_t rows)
{
    get_changed(&writer->weights, feed)->pending_change += rows;
}

bool weight_has_pending(struct writer *writer, int64_t feed)
{
    const struct weight *weight = get(&writer->weights, feed);

    return weight->pending + weight->pending_change > 0;
}

void weight_end(struct writer *writer, bool committed)
{
    struct weights *weights = &writer->weights;
    struct weight *weight;

    while ((weight = weights->changed) != NULL) {
        weights->changed = weight->next_changed;
        weight->changed = false;
        weight->pending += committed ? weight->pending_change : 0;
        weight->bytes += committed ? weight->change : 0;
        if (weight->bytes < 0) /* what was not written before a kill */
            weight->bytes = 0;
        weight->change = weight->pending_change = 0;
        if (weight->unwritten)
            continue;
        weight->unwritten = true;
        weight->next_unwritten = weights->unwritten;
        weights->unwritten = weight;
    }
}

int weight_write(struct writer *writer, struct error *err)
{
    struct weights *weights = &writer->weights;
    struct weight *weight;

    while ((weight = weights->unwritten) != NULL) {
        sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_WEIGHT_PUT, err);
        int code;

        if (stmt == NULL)
            return err->code;
        sqlite3_bind_int64(stmt, 1, weight->feed);
        sqlite3_bind_int64(stmt, 2, weight->bytes);
        code = sql_run(&writer->sql, stmt, err);
        if (code != OK)
            return code;
        weights->unwritten = weight->next_unwritten;
        weight->unwritten = false;
    }
    return OK;
}

void weight_close(struct writer *writer)
{
    struct weight *weight;

    while ((weight = writer->weights.all) != NULL) {
        writer->weights.all = weight->next;
        free(weight);
    }
    table_done(&writer->weights.by_feed);
    writer->weights = (struct weights){0};
}

/* ---- whose go first ---------------------------------------------------------- */

/* The site of a feed's address; of a feed that was removed, 0. */
static int find_site(struct writer *writer, int64_t feed, uint64_t *ret_site, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_FEED_URL, err);
    int code;

    *ret_site = 0;
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, feed);
    code = sql_row(&writer->sql, stmt, err);
    if (code > 0)
        *ret_site = site_key(bytes_of(sql_text(stmt, 0)));
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

struct share {
    uint64_t site;
    int64_t feed, bytes;
};

static int by_site(const void *a, const void *b)
{
    const struct share *x = a;
    const struct share *y = b;

    return x->site < y->site ? -1 : x->site > y->site;
}

/* The heaviest feed of the first site that is over its share, 0 for none. */
static int64_t heaviest_of_site(struct share *shares, size_t count, int64_t most)
{
    size_t end;

    qsort(shares, count, sizeof(*shares), by_site);
    for (size_t i = 0; i < count; i = end) {
        const struct share *heaviest = &shares[i];
        int64_t sum = 0;

        for (end = i; end < count && shares[end].site == shares[i].site; end++) {
            sum += shares[end].bytes;
            heaviest = shares[end].bytes > heaviest->bytes ? &shares[end] : heaviest;
        }
        if (shares[i].site != 0 && sum > most)
            return heaviest->feed;
    }
    return 0;
}

int weight_heaviest(struct writer *writer, int64_t *ret_feed, struct error *err)
{
    struct share *shares =
        arena_alloc(writer->arena, (writer->weights.by_feed.count + 1) * sizeof(*shares));
    const struct weight *heaviest = NULL;
    int64_t max = writer->store->max_size;
    size_t count = 0;
    int code = OK;

    *ret_feed = 0;
    for (const struct weight *w = writer->weights.all; w != NULL; w = w->next)
        if (w->bytes + w->change > 0 && (heaviest == NULL || w->bytes > heaviest->bytes))
            heaviest = w;
    if (heaviest != NULL && heaviest->bytes > max / FEED_SHARE) {
        *ret_feed = heaviest->feed;
        return OK;
    }
    for (const struct weight *w = writer->weights.all; w != NULL && code == OK; w = w->next) {
        if (w->bytes + w->change <= 0)
            continue;
        shares[count] = (struct share){.feed = w->feed, .bytes = w->bytes};
        code = find_site(writer, w->feed, &shares[count++].site, err);
    }
    *ret_feed = code == OK ? heaviest_of_site(shares, count, max / SITE_SHARE) : 0;
    return code;
}

void weight_forget(struct writer *writer, int64_t feed)
{
    const struct weight *weight = get(&writer->weights, feed);

    weight_add(writer, feed, -weight->bytes - weight->change);
}
