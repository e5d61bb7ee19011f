/* flow.c - the life of a record: page, pool, order, commit, publish, in this order, as one table.
 * What happens before (poll, parse, admit) is in poll.c and document.c. */
#include "flow/flow.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/emitted.h"
#include "flow/event.h"
#include "flow/look.h"
#include "flow/private.h"
#include "page/page.h"
#include "record/fields.h"
#include "text/site.h"
#include "text/url.h"

enum { FULL_PROBE = 5 }; /* seconds */

/* ---- pool: the plain stages, in a worker ---------------------------------- */

/* Keep the answer beyond the call: encoded once, read back on a fresh arena, the page gone. Whose
 * article it is no worker decides; where it was seen may have grown meanwhile. */
static void item_keep(struct item *item, const struct wr_record *answer)
{
    struct arena *fresh;
    struct wr_record *kept = NULL;
    struct buf bytes = {.limit = ITEM_RECORD};
    int code;

    record_encode(answer, &bytes);
    if (bytes.over) {
        item->too_long = true;
        buf_done(&bytes);
        return;
    }
    fresh = arena_new(ITEM_LIMIT);
    code = record_decode(fresh, bytes_copy(fresh, buf_bytes(&bytes)), &kept, NULL);
    item_holds(item, bytes.len);
    buf_done(&bytes);
    if (code != OK) { /* a value that is longer than our own encoding says */
        item->too_long = true;
        arena_free(fresh);
        return;
    }
    for (size_t i = 0; i < record_property_count; i++) {
        int field = record_properties[i].field;
        struct bytes value;
        size_t at = 0;

        if (!record_properties[i].is_own)
            continue;
        record_remove(kept, field);
        while (record_next(item->record, field, &at, &value))
            record_add(kept, field, value);
    }
    arena_free(item->arena);
    item->arena = fresh;
    item->record = kept;
}

static void on_stages_answer(void *ctx, int kind, struct wr_record *answer)
{
    if (kind == ANSWER_RECORD)
        item_keep(ctx, answer);
}

/* An ordered stage may tell more than its record: plain ones know of no other. */
static void on_ordered_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct item *item = ctx;

    if (kind == ANSWER_EMITTED) {
        emitted_take(&item->emitted, item->link, answer);
        return;
    }
    if (kind == ANSWER_RECORD)
        ordered_due(item->flow, answer);
    on_stages_answer(ctx, kind, answer);
}

/* The record is done with, in the log (sequence) or out of it (0): the ordered stages' save may
 * count on it. */
static void settle(struct item *item, uint64_t sequence)
{
    if (sequence == 0) {
        emitted_go_alone(item->emitted, item->flow->parts.store, NULL, NULL);
        emitted_done(&item->emitted);
    }
    if (item->ordered)
        ordered_committed(item->flow, sequence);
    item->ordered = false;
}

static void quarantine(struct item *item, const struct error *err)
{
    settle(item, 0);
    log_about(LOG_LEVEL_WARNING,
        &(struct log_about){.message = MESSAGE_QUARANTINED, .url = bytes_of(item->link)},
        "record quarantined: url=%s cause=\"%s\"", item->link, err->text);
    item->flow->counters.quarantined++;
    store_quarantine(item->flow->parts.store, item->pending, err->text);
    flow_go(item, STEP_END);
}

bool flow_load(struct item *item)
{
    struct error err = {0};
    int code = item->record == NULL ? item_load(item, &err) : OK;

    if (code == E_NOT_FOUND) /* gone with its feed */
        flow_go(item, STEP_END);
    else if (code != OK)
        quarantine(item, &err);
    return code == OK;
}

/* What came back from the stages is kept, or is too much to keep. */
static bool is_kept(struct item *item)
{
    struct error err = {0};

    if (!item->too_long)
        return true;
    fail(&err, E_LIMIT, "the stages made a record of over %d bytes", ITEM_RECORD);
    quarantine(item, &err);
    return false;
}

/* A worker that died no longer waits for what is being fetched for it. */
static void forget_stage_fetch(struct item *item)
{
    if (item->stage_page != NULL)
        page_cancel(item->stage_page);
    item->stage_page = NULL;
}

static void on_stages_done(void *ctx, const struct error *err)
{
    struct item *item = ctx;

    forget_stage_fetch(item);
    if (err != NULL && err->code == E_STOPPED)
        return;
    if (err != NULL)
        quarantine(item, err);
    else if (is_kept(item) && !page_wait_broken(item))
        flow_go(item, STEP_ORDER);
}

static void on_stage_page(void *ctx, const struct fetch_result *result, bool refused)
{
    struct item *item = ctx;

    (void)refused;
    item->stage_page = NULL;
    pool_fetched(item->flow->parts.pool, item->stage_ticket,
        result->code == OK ? result->status : 0, fetch_header(result, "content-encoding"),
        result->body);
}

static void on_stage_fetch(void *ctx, struct bytes url, uint64_t ticket)
{
    struct item *item = ctx;
    char address[URL_LIMIT + 1]; /* the fetcher refuses what is longer than it takes */
    struct page_request request;

    snprintf(address, sizeof(address), "%.*s", FMT(bytes_slice(url, 0, URL_LIMIT)));
    request = page_request_of(item, address);
    forget_stage_fetch(item);
    item->stage_ticket = ticket;
    item->stage_page = page_get(item->flow->parts.fetcher, &request, on_stage_page, item);
}

static void submit(struct item *item, int kind, pool_on_done *on_done)
{
    const struct pool_job job = {.kind = kind,
        .feed = item->feed,
        .request = item->record,
        .on_answer = kind == JOB_ORDERED ? on_ordered_answer : on_stages_answer,
        .on_done = on_done,
        .on_fetch = on_stage_fetch,
        .ctx = item};

    pool_submit(item->flow->parts.pool, &job);
    record_remove(item->record, REC_BODY);
}

static enum step stages_step(struct item *item)
{
    if (item->flow->parts.conf->stages.names[0] == NULL)
        return STEP_COMMIT;
    page_show_familiar(item);
    submit(item, JOB_RECORD, on_stages_done);
    return STEP_WAIT;
}

/* ---- order: the stages that see every record, in sequence ------------------- */

static void on_order_done(void *ctx, const struct error *err)
{
    struct item *item = ctx;

    if (err != NULL && err->code == E_STOPPED)
        return;
    if (err != NULL) {
        quarantine(item, err);
        return;
    }
    item->ordered = true;
    ordered_done(item->flow);
    if (is_kept(item))
        flow_go(item, STEP_COMMIT);
}

static enum step order_step(struct item *item)
{
    if (bytes_is(record_get(item->record, REC_DROPPED), "true") || look_is_void(item) ||
        !pool_has_ordered(item->flow->parts.pool))
        return STEP_COMMIT;
    if (!item->flow->ordered.ready) {
        item_list_add(&item->flow->ordered.waiting, item);
        return STEP_WAIT;
    }
    submit(item, JOB_ORDERED, on_order_done);
    return STEP_WAIT;
}

/* ---- commit: the event under its sequence number, on disk ------------------- */

static void on_probe_time(uv_timer_t *timer);

static void probe_later(struct flow *flow)
{
    uint64_t wait = clock_sleep(FULL_PROBE * UINT64_C(1000));

    uv_timer_start(&flow->full_probe, on_probe_time, wait, wait);
    flow->probe_at = clock_mono() + FULL_PROBE * (int64_t)SECOND;
}

static void on_probed(void *ctx, const struct error *err)
{
    struct flow *flow = ctx;
    struct item *item;

    if (flow->stopping)
        return;
    if (err != NULL) {
        probe_later(flow);
        return;
    }
    log_about(LOG_LEVEL_INFO, &(struct log_about){.message = MESSAGE_STORE_WELL},
        "store can be written again");
    flow->full = false;
    while ((item = item_list_take(&flow->refused)) != NULL)
        flow_go(item, STEP_COMMIT);
    flow_take_turns(flow);
    poll_resume(flow->poll);
}

static void on_probe_time(uv_timer_t *timer)
{
    struct flow *flow = timer->data;

    if (clock_is_test() && clock_mono() < flow->probe_at)
        return;
    uv_timer_stop(timer);
    store_probe(flow->parts.store, on_probed, flow);
}

void flow_hold(struct flow *flow)
{
    if (flow->full || flow->stopping)
        return;
    flow->full = true;
    probe_later(flow);
}

static void on_committed(void *ctx, const struct error *err, const struct committed *committed)
{
    struct item *item = ctx;
    struct flow *flow = item->flow;

    if (err != NULL && err->code == E_STOPPED)
        return;
    if (err != NULL && store_may_pass(err->code)) {
        flow_hold(flow);
        item_list_add(&flow->refused, item);
        return;
    }
    if (err != NULL && err->code == E_NOT_FOUND) {
        settle(item, 0);
        flow_go(item, STEP_END);
        return;
    }
    if (err != NULL) {
        quarantine(item, err);
        return;
    }
    look_committed(item);
    settle(item, committed->sequence);
    flow_go(item, STEP_PUBLISHED);
}

/* Name of the stage that said WR_DROP: the last that ran. */
static const char *dropped_by(const struct wr_record *rec)
{
    size_t count = wr_count(rec, REC_TRACE);
    struct bytes last = count == 0 ? LIT("stage") : record_get_at(rec, REC_TRACE, count - 1);

    return bytes_cstr(rec->arena, bytes_cut(&last, '\t'));
}

static enum step commit_step(struct item *item)
{
    struct flow *flow = item->flow;
    struct store_event event = {.pending = item->pending, .time = clock_wall()};
    struct buf data = {.limit = EVENT_LIMIT};
    struct buf way = {.limit = WAY_LIMIT};

    if (bytes_is(record_get(item->record, REC_DROPPED), "true")) {
        flow->counters.dropped++;
        way_write(item, &way);
        store_drop(flow->parts.store, item->pending, dropped_by(item->record), buf_bytes(&way));
        buf_done(&way);
        settle(item, 0);
        return STEP_END;
    }
    if (look_is_void(item)) {
        look_drop(item);
        return STEP_END;
    }
    look_plan(item);
    event.recheck = item->recheck;
    page_teach(item, &event);
    emitted_go_with(item->emitted, &event);
    if (!event_of_record(flow->parts.store, item->record, &event, &data)) {
        struct error err = {0};

        buf_done(&data);
        fail(&err, E_LIMIT, "event is over %d bytes", EVENT_LIMIT);
        quarantine(item, &err);
        return STEP_WAIT;
    }
    way_write(item, &way);
    event.way = buf_bytes(&way);
    store_commit(flow->parts.store, &event, on_committed, item);
    buf_done(&way);
    buf_done(&data);
    return STEP_WAIT;
}

/* ---- published, and gone ---------------------------------------------------- */

/* Extraction on the record's site may have become worse by it, or well again. */
static void note_health(struct flow *flow, const struct wr_record *rec)
{
    struct bytes domain = site_host(record_get(rec, WR_URL));
    const struct health_site *site = health_note(flow->health, domain, rec);
    struct store_event event = {.time = clock_wall()};
    struct buf data = {.limit = EVENT_LIMIT};

    if (health_is_news(flow->health, domain, rec))
        log_warning(
            "pages are no articles: site=%.*s method=\"%.*s\"; the feed's words are published",
            FMT(domain), FMT(record_get(rec, WR_METHOD)));
    if (site == NULL)
        return;
    event_of_site(site, &event, &data);
    log_about(LOG_LEVEL_WARNING,
        &(struct log_about){.message = MESSAGE_SITE_STATE, .site = bytes_of(site->name)},
        "site %s: domain=%s", site->degraded != 0 ? "degraded" : "is well again", site->name);
    store_commit(flow->parts.store, &event, NULL, NULL);
    buf_done(&data);
}

static enum step published_step(struct item *item)
{
    struct flow *flow = item->flow;

    note_health(flow, item->record);
    measure_event(&flow->counters.measure, item->record, item->published);
    if (record_get_int(item->record, REC_VERSION, 1) > 1)
        flow->counters.updated++;
    else
        flow->counters.published++;
    flow->latency[flow->latency_next++ % LATENCIES] = clock_mono() - item->started;
    return STEP_END;
}

static enum step end_step(struct item *item)
{
    flow_end(item);
    return STEP_WAIT;
}

/* ---- the table -------------------------------------------------------------- */

typedef enum step step_function(struct item *item);

static const struct {
    const char *name; /* at log level debug */
    step_function *take;
} steps[] = {
    [STEP_PAGE] = {"page", page_step},
    [STEP_STAGES] = {"stages", stages_step},
    [STEP_ORDER] = {"ordered stages", order_step},
    [STEP_COMMIT] = {"commit", commit_step},
    [STEP_PUBLISHED] = {"published", published_step},
    [STEP_END] = {"end", end_step},
};

const char *flow_where(const struct flow *flow, int64_t pending)
{
    const struct item *item = item_find(flow, pending);
    enum step at = STEP_PAGE;

    for (enum step step = STEP_PAGE; item != NULL && step < STEP_WAIT; step++)
        if (item->began[step] > 0)
            at = step;
    return item == NULL ? NULL : steps[at].name;
}

void flow_go(struct item *item, enum step step)
{
    while (step != STEP_WAIT) {
        log_debug("record: step=\"%s\" row=%" PRId64 " version=%" PRId64 " url=%s",
            steps[step].name, item->pending, item->version, item->link);
        if (item->began[step] == 0)
            item->began[step] = clock_wall();
        step = steps[step].take(item);
    }
}

/* ---- feeds: their states, and whether they may be asked ---------------------- */

/* Of store.max, what is pending may take: as articles may, so that of all that waits in the store
 * there is less than of what it keeps. A feed gets an eighth of it (turns.h). */
enum { PENDING_SHARE = 4 };

void flow_state(struct flow *flow, const struct store_feed *feed, int previous)
{
    struct store_event event = {.time = clock_wall()};
    struct buf data = {.limit = EVENT_LIMIT};
    char subject[24];

    snprintf(subject, sizeof(subject), "f%07" PRId64, feed->id);
    event.subject = subject;
    event_of_feed(feed, previous, &event, &data);
    store_commit(flow->parts.store, &event, NULL, NULL);
    buf_done(&data);
}

bool flow_may_poll(const struct flow *flow)
{
    return !flow->full;
}

size_t flow_feed_share(const struct flow *flow)
{
    return turns_share((size_t)flow->parts.conf->store.max_size / PENDING_SHARE);
}

bool flow_may_ask(const struct flow *flow, int64_t feed)
{
    return turns_may_bring(&flow->turns, feed, (size_t)flow->parts.conf->poll.max_waiting,
        (size_t)flow->parts.conf->store.max_size / PENDING_SHARE);
}

bool flow_may_take(const struct flow *flow, int64_t feed)
{
    return !flow->stopping && !flow->full && flow_may_ask(flow, feed);
}

void flow_merged(struct flow *flow, int64_t feed)
{
    known_forget(&flow->known, feed);
    look_forget(flow, feed);
}

void flow_trouble(struct flow *flow, const struct poll_trouble *trouble)
{
    struct store_event event = {.time = clock_wall()};
    struct buf data = {.limit = EVENT_LIMIT};

    event_of_trouble(trouble, &event, &data);
    store_commit(flow->parts.store, &event, NULL, NULL);
    buf_done(&data);
}

/* ---- start and stop --------------------------------------------------------- */

struct flow *flow_new(const struct flow_parts *parts)
{
    struct flow *flow = new_zeroed(sizeof(*flow));

    flow->parts = *parts;
    flow->closing = (struct closing){.on_last = free, .owner = flow};
    flow->health = health_new();
    uv_timer_init(parts->loop, &flow->full_probe);
    flow->full_probe.data = flow;
    uv_timer_init(parts->loop, &flow->again);
    flow->again.data = flow;
    turns_init(&flow->turns);
    page_step_init(flow);
    uv_timer_init(parts->loop, &flow->ordered.timer);
    flow->ordered.timer.data = flow;
    return flow;
}

void flow_reload(struct flow *flow, const struct conf *conf)
{
    flow->parts.conf = conf;
}

void flow_connect(struct flow *flow, struct poll *poll, struct recheck *recheck)
{
    flow->poll = poll;
    flow->recheck = recheck;
}

void flow_start(struct flow *flow)
{
    ordered_open(flow);
    flow_take_stored(flow);
}

void flow_stop(struct flow *flow)
{
    flow->stopping = true;
}

static int compare_times(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

void flow_counters(const struct flow *flow, struct flow_counters *ret_counters)
{
    int64_t sorted[LATENCIES];
    size_t count = flow->latency_next < LATENCIES ? flow->latency_next : LATENCIES;

    *ret_counters = flow->counters;
    ret_counters->in_flight = flow->by_row.count;
    ret_counters->waiting = flow->turns.waiting;
    ret_counters->pages_waiting = flow->waits.heap.count;
    if (count == 0)
        return;
    memcpy(sorted, flow->latency, count * sizeof(sorted[0]));
    qsort(sorted, count, sizeof(sorted[0]), compare_times);
    ret_counters->latency_p50 = sorted[count / 2];
    ret_counters->latency_p95 = sorted[count * 95 / 100];
    ret_counters->latency_p99 = sorted[count * 99 / 100];
}

/* The store lets go of what is pending of it and of no other feed. What is in the stages ends when
 * it comes to be committed; what waits for its page goes back into its line, which says what is
 * left. */
void flow_forget(struct flow *flow, int64_t feed)
{
    struct item_list waiting = {0};
    struct item *item;

    flow_merged(flow, feed);
    LIST_FOREACH(item, &flow->all, all)
    if (item->feed == feed && page_is_awaited(item))
        item_list_add(&waiting, item);
    while ((item = item_list_take(&waiting)) != NULL) {
        page_forget(item);
        flow_put_back(item);
    }
    flow_look_again(flow);
}

const struct health *flow_health(const struct flow *flow)
{
    return flow->health;
}

void flow_free(struct flow *flow)
{
    if (flow == NULL)
        return;
    flow_free_items(flow);
    known_done(&flow->known);
    health_free(flow->health);
    ordered_close(flow);
    look_done(flow);
    page_step_done(flow);
    closing_handle(&flow->closing, (uv_handle_t *)&flow->again);
    closing_handle(&flow->closing, (uv_handle_t *)&flow->full_probe);
}
