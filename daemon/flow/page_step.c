/* page_step.c - a record gets its page: at once, or a little later when it failed in passing, or
 * not at all. While it waits it holds no place and no page, and what is held of it is what it was
 * taken up with; its row in the store is pending all the time.
 *
 * It is asked for again after 2, 10 and 30 seconds, as long as that ends within page.patience of
 * its admission, and only if it is news: not older than a day by its own date. What waited for its
 * turn until then (the import of an archive) has no patience left, and beyond so many that wait the
 * next ones do not. What is published without its page is looked at again later (recheck/). */
#include "base/clock.h"
#include "flow/look.h"
#include "flow/private.h"
#include "page/page.h"
#include "text/familiar.h"

/* Seconds until the page is asked for again: after a moment's failure, a restart, a burst. */
static const int64_t pauses[] = {2, 10, 30};
enum { PAUSES = sizeof(pauses) / sizeof(pauses[0]) };

enum {
    WAITING_MOST = 1000, /* records of at most 8 KiB each, as poll.max_in_flight has by default */
    NEWS = 24 * 3600,    /* seconds after its own date that an entry is news */
    NO_PLACE = 1,        /* seconds until it is tried again where others hold all places */
};

/* ---- waiting ------------------------------------------------------------------ */

static void wait_until(struct item *item, int64_t at)
{
    heap_put(&item->flow->waits.heap, &item->wait, at);
    due_arm(&item->flow->waits);
}

static void on_time(void *ctx)
{
    struct flow *flow = ctx;
    int64_t now = clock_mono();
    struct heap_node *node;

    while (!flow->stopping && (node = due_first(&flow->waits, now)) != NULL) {
        struct item *item = HEAP_ITEM(node, struct item, wait);

        if (flow->full || !turns_may_take(&flow->turns, item->feed, item->host)) {
            heap_put(&flow->waits.heap, node, now + NO_PLACE * (int64_t)SECOND);
            continue;
        }
        heap_remove(&flow->waits.heap, node);
        item_take_place(item);
        flow_go(item, STEP_PAGE);
    }
    if (!flow->stopping)
        due_arm(&flow->waits);
}

bool page_is_news(const struct item *item)
{
    int64_t age = clock_wall() - item->published;

    return item->published == 0 || age < NEWS * (int64_t)SECOND;
}

/* What was not asked for is worth waiting for when it is known until when. */
static bool is_passing(const struct item *item)
{
    return item->fault == PAGE_PASSING || (item->fault == PAGE_HELD && item->retry_after >= 0);
}

/* When its page is asked for again; INT64_MAX for never. */
static int64_t again_at(const struct item *item)
{
    int64_t age = clock_wall() - item->seen;
    int64_t left = item->flow->parts.conf->page.patience - (age < 0 ? 0 : age);
    int64_t pause = item->tries < PAUSES ? pauses[item->tries] * SECOND : INT64_MAX;

    if (item->retry_after > pause)
        pause = item->retry_after;
    if (!is_passing(item) || item->rechecked || pause >= left || !page_is_news(item) ||
        item->flow->waits.heap.count >= WAITING_MOST)
        return INT64_MAX;
    return clock_mono() + pause;
}

/* False: it does not wait. */
static bool wait_for_page(struct item *item)
{
    struct flow *flow = item->flow;
    int64_t at = again_at(item);

    if (at == INT64_MAX)
        return false;
    item->waited = true;
    item->tries += item->fault != PAGE_HELD;
    item_give_place(item);
    wait_until(item, at);
    flow_look_again(flow);
    return true;
}

/* The page came as a whole HTTP answer, and could not be decoded. */
static bool is_broken(const struct item *item)
{
    return item->fault == PAGE_NONE && record_get(item->record, REC_PAGE_ERROR).len > 0 &&
           page_is_ok((int)record_get_int(item->record, REC_PAGE_STATUS, 0));
}

bool page_wait_broken(struct item *item)
{
    if (!is_broken(item))
        return false;
    item->fault = PAGE_PASSING;
    if (!wait_for_page(item))
        return false;
    item_unload(item);
    return true;
}

/* ---- what was answered ---------------------------------------------------------- */

static void add_page_headers(struct wr_record *rec, struct bytes headers)
{
    while (headers.len > 0)
        record_add(rec, REC_PAGE_HEADER, bytes_cut(&headers, '\n'));
}

/* Several entries that end at one page, by a redirect or by its bytes, are not all its article's.
 */
static void note_shared(struct item *item, const struct fetch_result *result)
{
    struct shared *shared = &item->flow->shared;
    struct bytes feed = record_get(item->record, REC_FEED_ID);
    struct bytes link = bytes_of(item->link);
    int others = shared_note(shared, feed, link, result->body);

    if (!bytes_is(link, result->url)) {
        int same = shared_note(shared, feed, link, bytes_of(result->url));

        others = same > others ? same : others;
    }
    if (others > 0)
        record_set_int(item->record, WR_PAGE_SHARED, others);
}

/* The page goes with its record. */
static void put_page(struct item *item, const struct fetch_result *result)
{
    struct wr_record *rec = item->record;

    item->flow->counters.pages_late += item->waited;
    record_lend(rec, REC_BODY, result->body); /* until submit() has it */
    record_set(rec, WR_PAGE_URL, bytes_of(result->url));
    record_set_int(rec, REC_PAGE_BYTES, (int64_t)result->body.len);
    add_page_headers(rec, result->headers);
    note_shared(item, result);
}

static struct bytes why_not(const struct item *item, const struct fetch_result *result)
{
    if (result->code != OK)
        return bytes_of(result->error);
    if (page_is_ok(result->status))
        return LIT("the page is empty");
    return bytes_format(item->arena, "HTTP status %d", result->status);
}

static void on_page(void *ctx, const struct fetch_result *result, bool refused)
{
    struct item *item = ctx;

    item->page = NULL;
    if (result->code == E_STOPPED)
        return; /* the next start takes it up again, with its page */
    item->fault = page_fault(result);
    item->retry_after = result->retry_after;
    if (!page_is_there(result))
        item->flow->counters.page_failures++;
    if (wait_for_page(item) || !flow_load(item))
        return;
    record_set_int(item->record, REC_PAGE_STATUS, result->status);
    if (refused)
        record_set(item->record, REC_PAGE_REFUSED, LIT("robots"));
    if (page_is_there(result))
        put_page(item, result);
    else
        record_set(item->record, REC_PAGE_ERROR, why_not(item, result));
    flow_go(item, STEP_STAGES);
}

/* ---- its lines, and those of its neighbours ------------------------------------- */

/* Nothing is known of most hosts, and what cannot be read is not missed. */
void page_show_familiar(struct item *item)
{
    struct buf list = {.limit = FAMILIAR_LIST};
    bool has_page = record_get(item->record, REC_BODY).len > 0;

    item->page_host = has_page ? store_host(record_get(item->record, WR_PAGE_URL)) : 0;
    if (item->page_host != 0 &&
        store_familiar(item->flow->parts.store, item->page_host, &list, NULL) == OK)
        record_set(item->record, WR_SITE_LINES, buf_bytes(&list));
    buf_done(&list);
}

/* A further version has the lines of the first. */
void page_teach(const struct item *item, struct store_event *event)
{
    if (item->version > 1 && !item->rechecked)
        return;
    event->host = item->page_host;
    if (item->page_host != 0)
        event->lines = record_get(item->record, WR_PAGE_LINES);
}

/* ---- what is asked ---------------------------------------------------------------- */

struct page_request page_request_of(struct item *item, const char *url)
{
    const struct flow_parts *parts = &item->flow->parts;

    return (struct page_request){.url = url,
        .feed = item->feed_url,
        .on_behalf = item->feed,
        .robots = parts->conf->page.robots ? parts->robots : NULL};
}

enum step page_step(struct item *item)
{
    struct flow *flow = item->flow;
    const struct fetch_result *in_hand = look_page(item);
    struct page_request request = page_request_of(item, item->link);
    struct page *page;

    if (in_hand != NULL) {
        on_page(item, in_hand, false);
        return STEP_WAIT;
    }
    if (!pool_needs_page(flow->parts.pool) || request.url[0] == '\0')
        return flow_load(item) ? STEP_STAGES : STEP_WAIT;
    flow->counters.pages++;
    request.accept = page_accept;
    page = page_get(flow->parts.fetcher, &request, on_page, item);
    if (page != NULL) /* else the item may be gone */
        item->page = page;
    return STEP_WAIT;
}

bool page_is_awaited(const struct item *item)
{
    return item->page != NULL || item->wait.place != 0;
}

void page_forget(struct item *item)
{
    if (item->page != NULL)
        page_cancel(item->page);
    item->page = NULL;
    heap_remove(&item->flow->waits.heap, &item->wait);
}

void page_step_init(struct flow *flow)
{
    due_open(&flow->waits, flow->parts.loop, 1, on_time, flow);
}

void page_step_done(struct flow *flow)
{
    due_done(&flow->waits);
    closing_handle(&flow->closing, (uv_handle_t *)&flow->waits.timer);
}
