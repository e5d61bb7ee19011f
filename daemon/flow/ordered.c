/* ordered.c - what the ordered stages learned: given back at start and after a crash (last save,
 * then the events since), and saved now and then together with the sequence it stands for.
 *
 * They are asked what is due when they said it would be. What they tell then has the time of the
 * question (asOf) and is committed as a whole; given back, it is that question again, so that they
 * know what they told and tell nothing twice. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "flow/emitted.h"
#include "flow/private.h"

enum {
    SAVE_EVENTS = 1000,   /* commits between two saves: one of 2,000 took story up to 6 ms */
    SAVE_SECONDS = 60,    /* or this long, when anything was committed */
    REPLAY_PAGE = 128,    /* events given back at a time */
    REPLAY_MOST = 100000, /* when there is no save at all */
    SNAPSHOT_LIMIT = 1 << 30,
    LOAD_PARTS = 500,        /* saves given back at a time: a record's list has 1,024 values */
    LOAD_BYTES = 16 << 20,   /* or so much of them */
    REPLAY_ARENA = 64 << 10, /* of a record that lends its only value */
    CLOCK_JUMP = 86400,      /* seconds: no zone, and no leap of a second, makes as much */
    DUE_LEAST = 1,           /* seconds from one question what is due to the next, */
    DUE_AGAIN = 60,          /* and when there was nothing, or no room for it */
};

static void replay_page(struct flow *flow);
static void wake_at(struct flow *flow, int64_t wall, int64_t least);

/* ---- giving it back --------------------------------------------------------- */

static void ordered_ready(struct flow *flow)
{
    struct ordered *m = &flow->ordered;
    struct item *item;

    m->ready = true;
    if (m->restarting)
        pool_ordered_resume(flow->parts.pool);
    m->restarting = false;
    while (m->ready && (item = item_list_take(&m->waiting)) != NULL)
        flow_go(item, STEP_ORDER);
    if (pool_has_ordered(flow->parts.pool))
        wake_at(flow, 0, DUE_LEAST * (int64_t)SECOND);
}

/* ---- what is due though no record comes ------------------------------------------ */

/* Have the stages asked at a time, wall; not sooner than in DUE_LEAST. */
static void wake_at(struct flow *flow, int64_t wall, int64_t least)
{
    struct ordered *m = &flow->ordered;
    int64_t wait;

    m->wall = clock_wall();
    m->mono = clock_mono();
    wait = wall - m->wall > least ? wall - m->wall : least;
    heap_put(&m->due.heap, &m->next, m->mono + wait);
    due_arm(&m->due);
}

/* A clock that was set forward by a day is believed a little later, when it still says so. */
static bool clock_jumped(const struct ordered *m)
{
    return clock_wall() - m->wall > clock_mono() - m->mono + CLOCK_JUMP * (int64_t)SECOND;
}

void ordered_due(struct flow *flow, struct wr_record *answer)
{
    int64_t due = record_get_int(answer, REC_DUE, 0);

    record_remove(answer, REC_DUE);
    heap_remove(&flow->ordered.due.heap, &flow->ordered.next);
    if (due > 0)
        wake_at(flow, due, DUE_LEAST * (int64_t)SECOND);
}

static void on_told(void *ctx, const struct error *err, const struct committed *committed);

static void tell(struct flow *flow)
{
    emitted_go_alone(flow->ordered.told, flow->parts.store, on_told, flow);
}

/* What a full disk refused goes there later: the stages have told it. */
static void on_told(void *ctx, const struct error *err, const struct committed *committed)
{
    struct flow *flow = ctx;

    if (err != NULL && err->code == E_STOPPED)
        return;
    if (err != NULL && store_may_pass(err->code)) {
        wake_at(flow, 0, DUE_AGAIN * (int64_t)SECOND);
        return;
    }
    if (err != NULL)
        log_error("what stages told cannot be stored: %s", err->text);
    emitted_done(&flow->ordered.told);
    ordered_committed(flow, err == NULL ? committed->sequence : 0);
}

static void on_due_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct flow *flow = ctx;

    if (kind == ANSWER_EMITTED) {
        record_set_int(answer, REC_DUE, flow->ordered.asked);
        emitted_take(&flow->ordered.told, "", answer);
    } else if (kind == ANSWER_RECORD) {
        ordered_due(flow, answer);
    }
}

static void on_due_done(void *ctx, const struct error *err)
{
    struct flow *flow = ctx;
    struct ordered *m = &flow->ordered;

    m->asked = 0;
    if (err != NULL && err->code == E_STOPPED)
        return;
    if (err != NULL)
        log_warning("ordered stages could not tell what is due: %s", err->text);
    if (m->told != NULL) {
        ordered_done(flow);
        tell(flow);
    } else if (heap_first_key(&m->due.heap) < clock_mono() + DUE_AGAIN * (int64_t)SECOND) {
        wake_at(flow, 0, DUE_AGAIN * (int64_t)SECOND);
    }
}

/* By the second, as records tell it. */
static void ask(struct flow *flow)
{
    struct ordered *m = &flow->ordered;
    struct arena *arena = arena_new(8192);
    struct wr_record *request = record_new(arena);

    m->asked = clock_wall() / SECOND * SECOND;
    record_set_int(request, REC_DUE, m->asked);
    pool_submit(flow->parts.pool, &(struct pool_job){.kind = JOB_ORDERED,
                                      .request = request,
                                      .on_answer = on_due_answer,
                                      .on_done = on_due_done,
                                      .ctx = flow});
    arena_free(arena);
}

static void on_due(void *ctx)
{
    struct flow *flow = ctx;
    struct ordered *m = &flow->ordered;

    if (due_first(&m->due, clock_mono()) == NULL) {
        due_arm(&m->due);
        return;
    }
    heap_remove(&m->due.heap, &m->next);
    if (flow->stopping || !m->ready || m->asked != 0)
        return;
    if (m->told != NULL)
        tell(flow);
    else if (clock_jumped(m))
        wake_at(flow, 0, DUE_AGAIN * (int64_t)SECOND);
    else
        ask(flow);
}

/* ---- giving back, the events ----------------------------------------------------- */

static void on_replayed(void *ctx, const struct error *err)
{
    struct flow *flow = ctx;

    if (err != NULL && err->code == E_STOPPED)
        return;
    if (--flow->ordered.replaying == 0)
        replay_page(flow);
}

/* A story that was told of at a time, the first of those of that time: the stages tell all of them
 * again. */
static bool was_due(struct flow *flow, const struct committed *event)
{
    size_t at = bytes_find(event->body, LIT("\"asOf\":\""));
    uint64_t time;

    if (at == SIZE_MAX || !bytes_starts(bytes_of(event->topic), LIT("all/story.")))
        return false;
    time = hash64(bytes_slice(event->body, at, at + CLOCK_TEXT));
    if (time == flow->ordered.replayed_due)
        return false;
    flow->ordered.replayed_due = time;
    return true;
}

/* As it lies in the log: the worker reads it. */
static int on_event(void *ctx, const struct committed *event)
{
    struct flow *flow = ctx;
    struct arena *arena;
    struct wr_record *rec;

    flow->ordered.replayed = event->sequence;
    if (!bytes_starts(bytes_of(event->topic), LIT("all/article.")) && !was_due(flow, event))
        return 0;
    arena = arena_new(REPLAY_ARENA);
    rec = record_new(arena);
    record_lend(rec, REC_TEXT, event->body);
    flow->ordered.replaying++;
    pool_submit(flow->parts.pool, &(struct pool_job){.kind = JOB_ORDERED,
                                      .request = rec,
                                      .on_done = on_replayed,
                                      .ctx = flow,
                                      .restore = flow->ordered.restarting});
    arena_free(arena);
    return 0;
}

static void replay_page(struct flow *flow)
{
    struct error err = {0};
    uint64_t before;

    do {
        before = flow->ordered.replayed;
        if (store_events(flow->parts.store, before, REPLAY_PAGE, on_event, flow, &err) != OK) {
            log_error("events cannot be given back to the ordered stages: %s", err.text);
            break;
        }
    } while (flow->ordered.replaying == 0 && flow->ordered.replayed > before);
    if (flow->ordered.replaying == 0)
        ordered_ready(flow);
}

static void on_loaded(void *ctx, const struct error *err)
{
    struct flow *flow = ctx;

    if (err != NULL && err->code == E_STOPPED)
        return;
    if (err != NULL)
        log_error("ordered stages did not take back what they had saved: %s", err->text);
    if (--flow->ordered.loading == 0)
        replay_page(flow);
}

static void load(struct flow *flow, const struct wr_record *saves)
{
    flow->ordered.loading++;
    pool_submit(flow->parts.pool, &(struct pool_job){.kind = JOB_LOAD,
                                      .request = saves,
                                      .on_done = on_loaded,
                                      .ctx = flow,
                                      .restore = flow->ordered.restarting});
}

/* The parts that one stage saved go to the worker, the oldest first, a few at a time. The sequence
 * they stand for, or UINT64_MAX when there are none. */
static uint64_t load_saves(struct flow *flow, const char *stage)
{
    uint64_t sequence = UINT64_MAX;
    uint64_t number = 0;
    int code = OK;

    while (code == OK) {
        struct arena *arena = arena_new(SNAPSHOT_LIMIT);
        struct wr_record *saves = record_new(arena);
        struct bytes saved = {NULL, 0};
        size_t size = 0;

        for (size_t parts = 0; parts < LOAD_PARTS && size < LOAD_BYTES && code == OK; parts++) {
            code = store_snapshot_next(
                flow->parts.store, arena, stage, &number, &sequence, &saved, NULL);
            if (code != OK)
                break;
            record_add(saves, REC_STAGE, bytes_of(stage));
            record_lend_more(saves, REC_BODY, saved);
            size += saved.len;
        }
        if (size > 0)
            load(flow, saves);
        arena_free(arena);
    }
    return sequence;
}

/* What the stages saved, and then the events since. */
static void give_back(struct flow *flow)
{
    const char *const *names = flow->parts.conf->stages.names;
    uint64_t head = store_log_state(flow->parts.store).head;
    uint64_t since = UINT64_MAX;

    if (!pool_has_ordered(flow->parts.pool)) {
        ordered_ready(flow);
        return;
    }
    flow->ordered.loading = 1;
    for (size_t i = 0; names[i] != NULL; i++) {
        uint64_t sequence = load_saves(flow, names[i]);

        since = sequence < since ? sequence : since;
    }
    if (since == UINT64_MAX)
        since = head > REPLAY_MOST ? head - REPLAY_MOST : 0;
    flow->ordered.replayed = since;
    on_loaded(flow, NULL);
}

/* The ordered worker died. What is ordered and not yet in the log must get there first. */
static void on_restart(void *ctx)
{
    struct flow *flow = ctx;

    flow->ordered.ready = false;
    flow->ordered.restarting = true;
    flow->ordered.replaying = 0;
    flow->ordered.saving = false;
    if (flow->ordered.uncommitted == 0)
        give_back(flow);
}

/* ---- saving it -------------------------------------------------------------- */

static struct bytes saved_by(const struct wr_record *save, struct bytes stage)
{
    for (size_t i = 0; i < wr_count(save, REC_STAGE); i++)
        if (bytes_equal(record_get_at(save, REC_STAGE, i), stage))
            return record_get_at(save, REC_BODY, i);
    return (struct bytes){NULL, 0};
}

static void write_saves(struct flow *flow)
{
    struct ordered *m = &flow->ordered;

    for (size_t i = 0; i < wr_count(m->save, REC_SAVES); i++) {
        struct bytes rest = record_get_at(m->save, REC_SAVES, i);
        struct bytes stage = bytes_cut(&rest, '\t');
        int64_t keep = 1;

        bytes_to_int(rest, &keep);
        store_snapshot(flow->parts.store, bytes_cstr(m->save_arena, stage), m->last_sequence,
            saved_by(m->save, stage), keep > 1 ? (uint64_t)keep : 1);
    }
    arena_free(m->save_arena);
    m->save_arena = NULL;
    m->save = NULL;
}

static void on_saved(void *ctx, int kind, struct wr_record *answer)
{
    struct flow *flow = ctx;
    struct ordered *m = &flow->ordered;

    if (kind != ANSWER_SAVED || m->save != NULL || wr_count(answer, REC_SAVES) == 0)
        return;
    m->save_arena = arena_new(SNAPSHOT_LIMIT);
    m->save = record_new(m->save_arena);
    for (size_t i = 0; i < wr_count(answer, REC_STAGE); i++) {
        record_add(m->save, REC_STAGE, record_get_at(answer, REC_STAGE, i));
        record_lend_more(
            m->save, REC_BODY, bytes_copy(m->save_arena, record_get_at(answer, REC_BODY, i)));
    }
    for (size_t i = 0; i < wr_count(answer, REC_SAVES); i++)
        record_add(m->save, REC_SAVES, record_get_at(answer, REC_SAVES, i));
    m->save_after = m->uncommitted;
    if (m->save_after == 0)
        write_saves(flow);
}

static void on_save_done(void *ctx, const struct error *err)
{
    struct flow *flow = ctx;

    flow->ordered.saving = false;
    if (err != NULL && err->code != E_STOPPED)
        log_warning("ordered stages could not be saved: %s", err->text);
}

static void save(struct flow *flow)
{
    struct ordered *m = &flow->ordered;
    struct arena *arena = arena_new(8192);
    struct wr_record *request = record_new(arena);

    m->saving = true;
    m->since_save = 0;
    pool_submit(flow->parts.pool, &(struct pool_job){.kind = JOB_SAVE,
                                      .request = request,
                                      .on_answer = on_saved,
                                      .on_done = on_save_done,
                                      .ctx = flow});
    arena_free(arena);
}

static void on_timer(uv_timer_t *timer)
{
    struct flow *flow = timer->data;
    struct ordered *m = &flow->ordered;

    if (clock_is_test() && clock_mono() < m->look_at)
        return;
    m->look_at = clock_mono() + SAVE_SECONDS * (int64_t)SECOND;
    if (m->since_save > 0 && m->ready && !m->saving && m->save == NULL)
        save(flow);
}

void ordered_done(struct flow *flow)
{
    flow->ordered.uncommitted++;
}

void ordered_committed(struct flow *flow, uint64_t sequence)
{
    struct ordered *m = &flow->ordered;

    m->last_sequence = sequence > m->last_sequence ? sequence : m->last_sequence;
    m->since_save++;
    m->uncommitted--;
    if (m->save != NULL && (m->save_after == 0 || --m->save_after == 0))
        write_saves(flow);
    if (m->since_save >= SAVE_EVENTS && m->ready && !m->saving && m->save == NULL)
        save(flow);
    if (m->restarting && m->uncommitted == 0)
        give_back(flow);
}

void ordered_open(struct flow *flow)
{
    struct ordered *m = &flow->ordered;
    uint64_t wait = clock_sleep(SAVE_SECONDS * UINT64_C(1000));

    m->last_sequence = store_log_state(flow->parts.store).head;
    m->look_at = clock_mono() + SAVE_SECONDS * (int64_t)SECOND;
    uv_timer_start(&m->timer, on_timer, wait, wait);
    due_open(&m->due, m->timer.loop, 1, on_due, flow);
    pool_set_restart(flow->parts.pool, on_restart, flow);
    give_back(flow);
}

void ordered_close(struct flow *flow)
{
    closing_handle(&flow->closing, (uv_handle_t *)&flow->ordered.timer);
    due_done(&flow->ordered.due);
    closing_handle(&flow->closing, (uv_handle_t *)&flow->ordered.due.timer);
    emitted_done(&flow->ordered.told);
    arena_free(flow->ordered.save_arena);
}
