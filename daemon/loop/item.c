/* item.c - the records on their way: how one is taken up, and how all of them stay within their
 * bound. Two versions of one article go one behind the other, so that they come out in order. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "loop/flow_private.h"

enum { ITEM_LIMIT = 64 << 20, BACKLOG_PAGE = 64 };

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

static struct item *item_new(struct flow *flow, const struct admitted *admitted)
{
    struct item *item = calloc(1, sizeof(*item));
    struct error err = {0};

    if (item == NULL)
        arena_out_of_memory(sizeof(*item));
    item->flow = flow;
    item->arena = arena_new(ITEM_LIMIT);
    item->pending = admitted->pending;
    item->started = clock_mono();
    if (record_decode(
            item->arena, bytes_copy(item->arena, admitted->record), &item->record, &err) != OK) {
        log_error("pending record cannot be read: row=%lld cause=%s", (long long)admitted->pending,
            err.text);
        store_quarantine(flow->daemon->store, admitted->pending, err.text);
        arena_free(item->arena);
        free(item);
        return NULL;
    }
    snprintf(item->uri, sizeof(item->uri), "%s", record_get_cstr(item->record, WR_ID));
    return item;
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

static void item_start(struct flow *flow, struct item *item)
{
    struct item *before = table_find(&flow->by_uri, hash_of_uri(item), is_of_uri, item->uri);

    LIST_INSERT_HEAD(&flow->all, item, all);
    table_add(&flow->by_row, hash_of_row(item->pending), item);
    if (before == NULL) {
        table_add(&flow->by_uri, hash_of_uri(item), item);
        flow_begin(item);
        return;
    }
    while (before->behind != NULL)
        before = before->behind;
    before->behind = item;
}

void flow_take(struct flow *flow, const struct admitted *admitted)
{
    struct item *item;

    if (flow->backlog || flow->by_row.count >= (size_t)flow->daemon->conf->poll.max_in_flight) {
        flow->backlog = true;
        flow->last_row = admitted->pending;
        return;
    }
    flow->newest_row = admitted->pending;
    item = item_new(flow, admitted);
    if (item != NULL)
        item_start(flow, item);
}

struct page {
    struct flow *flow;
    size_t taken;
};

static int on_pending(void *ctx, const struct admitted *pending)
{
    struct page *page = ctx;

    page->taken++;
    flow_take(page->flow, pending);
    return page->flow->backlog ? 1 : 0;
}

/* Take up rows that wait in the store, until there are none or the bound is reached. */
void flow_take_backlog(struct flow *flow)
{
    struct error err = {0};
    struct page page;

    do {
        page = (struct page){flow, 0};
        flow->backlog = false;
        if (store_pending(flow->daemon->store, flow->newest_row, BACKLOG_PAGE, on_pending, &page,
                &err) != OK) {
            log_error("pending entries cannot be read: %s", err.text);
            flow->backlog = true;
            return;
        }
    } while (page.taken > 0 && !flow->backlog);
}

void flow_end(struct item *item)
{
    struct flow *flow = item->flow;
    struct item *behind = item->behind;
    size_t most = (size_t)flow->daemon->conf->poll.max_in_flight;

    LIST_REMOVE(item, all);
    table_remove(&flow->by_uri, hash_of_uri(item), item);
    table_remove(&flow->by_row, hash_of_row(item->pending), item);
    arena_free(item->arena);
    free(item);
    if (behind != NULL) {
        table_add(&flow->by_uri, hash_of_uri(behind), behind);
        if (!flow->stopping)
            flow_begin(behind);
    }
    if (flow->stopping)
        return;
    if (flow->backlog && flow->by_row.count <= most / 2)
        flow_take_backlog(flow);
    flow_resume(flow);
}

void flow_seen_also(struct flow *flow, const struct seen_also *also)
{
    struct item *item =
        table_find(&flow->by_row, hash_of_row(also->pending), is_of_row, &also->pending);

    if (item != NULL)
        record_add(item->record, REC_SEEN_IN, also->value);
}

void flow_free_items(struct flow *flow)
{
    struct item *item, *next;

    for (item = LIST_FIRST(&flow->all); item != NULL; item = next) {
        next = LIST_NEXT(item, all);
        arena_free(item->arena);
        free(item);
    }
    LIST_INIT(&flow->all);
    table_done(&flow->by_uri);
    table_done(&flow->by_row);
}
