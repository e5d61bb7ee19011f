/* item.c - the records on their way: how one is taken up, and how all of them stay within their
 * bound. Two versions of one article go one behind the other, so that they come out in order. */
#include <stdlib.h>

#include "base/clock.h"
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

static void item_start(struct flow *flow, struct item *item)
{
    struct item *before = NULL;

    flow->items_count++;
    HASH_ADD(by_row, flow->rows, pending, sizeof(item->pending), item);
    HASH_FIND_STR(flow->items, item->uri, before);
    if (before == NULL) {
        HASH_ADD_STR(flow->items, uri, item);
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

    if (flow->backlog || flow->items_count >= (size_t)flow->daemon->conf->poll.max_in_flight) {
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

    HASH_DEL(flow->items, item);
    HASH_DELETE(by_row, flow->rows, item);
    flow->items_count--;
    arena_free(item->arena);
    free(item);
    if (behind != NULL) {
        HASH_ADD_STR(flow->items, uri, behind);
        if (!flow->stopping)
            flow_begin(behind);
    }
    if (flow->stopping)
        return;
    if (flow->backlog && flow->items_count <= most / 2)
        flow_take_backlog(flow);
    flow_resume(flow);
}

void flow_seen_also(struct flow *flow, const struct seen_also *also)
{
    struct item *item = NULL;

    HASH_FIND(by_row, flow->rows, &also->pending, sizeof(also->pending), item);
    if (item != NULL)
        record_add(item->record, REC_SEEN_IN, also->value);
}

void flow_free_items(struct flow *flow)
{
    struct item *item, *next;

    HASH_ITER(hh, flow->items, item, next)
    {
        HASH_DEL(flow->items, item);
        while (item != NULL) {
            struct item *behind = item->behind;

            HASH_DELETE(by_row, flow->rows, item);
            arena_free(item->arena);
            free(item);
            item = behind;
        }
    }
}
