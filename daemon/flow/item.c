/* item.c - the records on their way: how one is taken up, when its turn is, and what is held of it
 * in memory. Two versions of one article go one behind the other, so that they come out in order.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "flow/emitted.h"
#include "flow/private.h"
#include "text/url.h"

enum {
    KEPT = 8 << 10, /* bytes of an entry that are kept while it waits for its page; longer ones are
                       read again from their row: with poll.max_in_flight 1000, 8 MiB */
    AGAIN = 20,     /* milliseconds until a look that found no line is followed by another */
    GONE_MOST = 1024, /* rows of a look that went with their feed: some 5 ms */
};

void item_list_add(struct item_list *list, struct item *item)
{
    item->next = NULL;
    if (list->first == NULL)
        list->end = &list->first;
    *list->end = item;
    list->end = &item->next;
}

struct item *item_list_take(struct item_list *list)
{
    struct item *item = list->first;

    if (item != NULL)
        list->first = item->next;
    return item;
}

/* ---- in memory, and out of it ------------------------------------------------ */

static const char *put(char **at, struct bytes text)
{
    char *copy = *at;

    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    *at += text.len + 1;
    return copy;
}

static void unreadable(struct flow *flow, int64_t row, const struct error *err)
{
    log_about(LOG_LEVEL_ERROR, &(struct log_about){.message = MESSAGE_QUARANTINED},
        "pending record cannot be read: row=%" PRId64 " cause=\"%s\"", row, err->text);
    store_quarantine(flow->parts.store, row, err->text);
}

/* What it needs to get its page, and the record itself only when that is short. */
static struct item *item_new(struct flow *flow, const struct admitted *from)
{
    static const int fields[] = {
        WR_ID, REC_LINK, WR_URL, REC_FEED_URL, REC_VERSION_SEEN, WR_PUBLISHED, REC_CAUSE};
    enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };
    struct bytes v[FIELDS];
    struct bytes record = from->record.len > KEPT ? (struct bytes){NULL, 0} : from->record;
    struct error err = {0};
    struct item *item;
    char *at;

    if (record_peek(from->record, fields, FIELDS, v, &err) != OK) {
        unreadable(flow, from->pending, &err);
        return NULL;
    }
    v[1] =
        bytes_slice(v[1].len == 0 ? v[2] : v[1], 0, URL_LIMIT); /* which is refused as too long */
    item = new_zeroed(sizeof(*item) + v[1].len + v[3].len + record.len + 3);
    at = item->text;
    item->link = put(&at, v[1]);
    item->feed_url = put(&at, v[3]);
    item->kept = (struct bytes){put(&at, record), record.len};
    item->flow = flow;
    item->pending = from->pending;
    item->version = from->version;
    item->feed = from->feed;
    item->host = from->host;
    item->started = clock_mono();
    item->seen = clock_wall();
    bytes_to_int(v[4], &item->seen);
    clock_parse(v[5], &item->published);
    item->rechecked = bytes_is(v[6], "page");
    item->bytes = from->record.len;
    snprintf(item->uri, sizeof(item->uri), "%.*s", FMT(v[0]));
    return item;
}

/* The whole record, for the stages: E_NOT_FOUND when it went with its feed. */
int item_load(struct item *item, struct error *err)
{
    struct buf buf = {.limit = ITEM_RECORD};
    struct admitted row = {.record = item->kept};
    int code = OK;

    if (row.record.len == 0)
        code = store_pending_get(item->flow->parts.store, item->pending, &buf, &row, err);
    if (code == OK && buf.over)
        code = fail(err, E_LIMIT, "the entry is over %d bytes", ITEM_RECORD);
    if (code == OK) {
        item->arena = arena_new(ITEM_LIMIT);
        code = record_decode(item->arena, bytes_copy(item->arena, row.record), &item->record, err);
    }
    if (code == OK)
        item_holds(item, row.record.len);
    buf_done(&buf);
    return code;
}

/* It waits again, as it was taken up. */
void item_unload(struct item *item)
{
    item_holds(item, 0);
    arena_free(item->arena);
    item->arena = NULL;
    item->record = NULL;
}

/* The record takes so many bytes. */
void item_holds(struct item *item, size_t bytes)
{
    budget_hold(item->flow->parts.budget, &item->held, bytes);
}

static uint64_t hash_of_row(int64_t row)
{
    return hash64((struct bytes){(const char *)&row, sizeof(row)});
}

static uint64_t hash_of_uri(const struct item *item)
{
    return hash64(bytes_of(item->uri));
}

static bool is_of_row(const void *item, const void *key)
{
    return ((const struct item *)item)->pending == *(const int64_t *)key;
}

static bool is_of_uri(const void *item, const void *key)
{
    return strcmp(((const struct item *)item)->uri, key) == 0;
}

struct item *item_find(const struct flow *flow, int64_t row)
{
    return table_find(&flow->by_row, hash_of_row(row), is_of_row, &row);
}

void item_take_place(struct item *item)
{
    turns_take(&item->flow->turns, item->feed, item->host);
    item->placed = true;
}

void item_give_place(struct item *item)
{
    if (item->placed)
        turns_give(&item->flow->turns, item->feed, item->host);
    item->placed = false;
}

static void item_start(struct flow *flow, const struct admitted *from)
{
    struct item *item = item_new(flow, from);
    struct item *before;

    if (item == NULL)
        return;
    item_take_place(item);
    turns_hold(&flow->turns, item->feed, item->bytes);
    LIST_INSERT_HEAD(&flow->all, item, all);
    table_add(&flow->by_row, hash_of_row(item->pending), item);
    before = table_find(&flow->by_uri, hash_of_uri(item), is_of_uri, item->uri);
    if (before == NULL) {
        table_add(&flow->by_uri, hash_of_uri(item), item);
        flow_go(item, STEP_PAGE);
        return;
    }
    while (before->behind != NULL)
        before = before->behind;
    before->behind = item;
}

static void item_free(struct item *item)
{
    item_holds(item, 0);
    turns_release(&item->flow->turns, item->feed, item->bytes);
    arena_free(item->arena);
    emitted_done(&item->emitted);
    free(item);
}

/* ---- turns ------------------------------------------------------------------- */

/* Versions before this one that wait in other lines go first: the article's feed, or the host of
 * its page, may have changed between them. */
static void start_older(struct flow *flow, const struct admitted *from)
{
    struct buf buf = {0};
    struct admitted older = {0};

    while (store_pending_between(flow->parts.store, from->article, older.version, from->version,
               &buf, &older, NULL) == OK)
        if (item_find(flow, older.pending) == NULL)
            item_start(flow, &older);
    buf_done(&buf);
}

static void start(struct flow *flow, const struct admitted *from)
{
    if (from->version > 1 && flow->turns.waiting > 0)
        start_older(flow, from);
    item_start(flow, from);
}

void flow_take(struct flow *flow, const struct admitted *admitted)
{
    int64_t row = admitted->pending;

    flow->turns.places = (size_t)flow->parts.conf->poll.max_in_flight;
    if (item_find(flow, row) != NULL)
        return;
    if (flow->full || !turns_may_take(&flow->turns, admitted->feed, admitted->host)) {
        turns_wait(&flow->turns, admitted->feed, admitted->host, row, admitted->record.len);
        flow_look_again(flow);
    } else {
        start(flow, admitted);
    }
}

void flow_take_at_once(struct flow *flow, const struct admitted *admitted)
{
    if (flow->full)
        flow_take(flow, admitted);
    else if (item_find(flow, admitted->pending) == NULL)
        start(flow, admitted);
}

int flow_take_again(struct flow *flow, int64_t pending, struct error *err)
{
    struct admitted admitted = {0};
    struct buf buf = {0};
    int code = store_pending_get(flow->parts.store, pending, &buf, &admitted, err);

    if (code == OK && !flow->stopping)
        flow_take(flow, &admitted);
    buf_done(&buf);
    return code;
}

/* The first row of the line. E_NOT_FOUND when it went with its feed; else the store cannot be read.
 */
static int take_line(struct flow *flow, struct line *line, struct buf *buf)
{
    int64_t first = turns_first(line);
    struct admitted row;
    struct error err = {0};
    int code = OK;

    if (item_find(flow, first) != NULL) {
        turns_step(&flow->turns, line);
        return OK;
    }
    code = store_pending_get(flow->parts.store, first, buf, &row, &err);
    if (code == OK || code == E_NOT_FOUND)
        turns_step(&flow->turns, line);
    else
        log_error("pending entries cannot be read: %s", err.text);
    if (code == OK)
        start(flow, &row);
    return code;
}

void flow_take_turns(struct flow *flow)
{
    struct buf buf = {0};
    struct line *line;
    size_t gone = 0;
    int code = OK;

    if (flow->taking || flow->stopping || flow->full)
        return;
    flow->taking = true;
    flow->turns.places = (size_t)flow->parts.conf->poll.max_in_flight;
    while ((code == OK || code == E_NOT_FOUND) && gone < GONE_MOST &&
           (line = turns_next(&flow->turns)) != NULL) {
        code = take_line(flow, line, &buf);
        gone += code == E_NOT_FOUND;
    }
    flow->taking = false;
    buf_done(&buf);
    flow_look_again(flow);
}

static void on_again(uv_timer_t *timer)
{
    flow_take_turns(timer->data);
}

/* A look is bounded, and what it did not find the next one may. */
void flow_look_again(struct flow *flow)
{
    if (flow->turns.waiting > 0 && flow->turns.taken < flow->turns.places && !flow->stopping &&
        !uv_is_active((uv_handle_t *)&flow->again))
        uv_timer_start(&flow->again, on_again, AGAIN, 0);
}

static void on_waiting(void *ctx, const struct store_waiting *row)
{
    struct flow *flow = ctx;

    turns_wait(&flow->turns, row->feed, row->host, row->pending, row->bytes);
}

void flow_take_stored(struct flow *flow)
{
    struct error err = {0};

    if (store_waiting(flow->parts.store, on_waiting, flow, &err) != OK)
        log_error("pending entries cannot be read: %s", err.text);
    flow_take_turns(flow);
}

/* ---- ends -------------------------------------------------------------------- */

void flow_end(struct item *item)
{
    struct flow *flow = item->flow;
    struct item *behind = item->behind;

    LIST_REMOVE(item, all);
    table_remove(&flow->by_uri, hash_of_uri(item), item);
    table_remove(&flow->by_row, hash_of_row(item->pending), item);
    item_give_place(item);
    item_free(item);
    if (behind != NULL) {
        table_add(&flow->by_uri, hash_of_uri(behind), behind);
        if (!flow->stopping)
            flow_go(behind, STEP_PAGE);
    }
    if (flow->turns.waiting > 0)
        flow_take_turns(flow);
}

/* Its younger versions go back with it: they come after it again. */
void flow_put_back(struct item *item)
{
    struct flow *flow = item->flow;

    table_remove(&flow->by_uri, hash_of_uri(item), item);
    while (item != NULL) {
        struct item *behind = item->behind;

        LIST_REMOVE(item, all);
        table_remove(&flow->by_row, hash_of_row(item->pending), item);
        item_give_place(item);
        turns_wait(&flow->turns, item->feed, item->host, item->pending, item->bytes);
        item_free(item);
        item = behind;
    }
}

void flow_seen_also(struct flow *flow, const struct seen_also *also)
{
    struct item *item = item_find(flow, also->pending);

    if (item == NULL)
        return;
    if (item->record == NULL) { /* its row says so already */
        item->kept.len = 0;
        return;
    }
    for (size_t i = 0; i < wr_count(item->record, REC_SEEN_IN); i++)
        if (bytes_equal(record_get_at(item->record, REC_SEEN_IN, i), also->value))
            return;
    record_add(item->record, REC_SEEN_IN, also->value);
}

void flow_free_items(struct flow *flow)
{
    struct item *item, *next;

    for (item = LIST_FIRST(&flow->all); item != NULL; item = next) {
        next = LIST_NEXT(item, all);
        item_give_place(item);
        item_free(item);
    }
    LIST_INIT(&flow->all);
    turns_done(&flow->turns);
    table_done(&flow->by_uri);
    table_done(&flow->by_row);
}
