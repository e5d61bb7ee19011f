/* reader.c - cursors in the log, each read on in its turn. */
#include "deliver/reader.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "deliver/filter.h"
#include "store/envelope.h"

enum {
    PAGE_EVENTS = 256,
    PAGE_BYTES = 512 << 10,
};

LIST_HEAD(reader_list, reader);

struct readers {
    struct store *store;
    struct reader_list list;
    struct reader *next; /* whose turn it is; NULL: the first's */
    uv_idle_t idle;      /* runs while anybody is behind and can go on */
    struct buf of_topic; /* the newest event under a further topic */
};

static bool can_go_on(const struct reader *r)
{
    return !r->full && !r->has_ended && r->records > 0 && r->bytes > 0;
}

static bool is_behind(const struct reader *r)
{
    return r->cursor < store_log_state(r->readers->store).head;
}

static void on_idle(uv_idle_t *idle);

static void wake(struct readers *readers)
{
    if (!uv_is_active((uv_handle_t *)&readers->idle))
        uv_idle_start(&readers->idle, on_idle);
}

int readers_open(uv_loop_t *loop, struct store *store, struct readers **ret_readers)
{
    struct readers *readers = new_zeroed(sizeof(*readers));

    readers->store = store;
    LIST_INIT(&readers->list);
    uv_idle_init(loop, &readers->idle);
    readers->idle.data = readers;
    *ret_readers = readers;
    return OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct readers *readers = handle->data;

    buf_done(&readers->of_topic);
    free(readers);
}

void readers_close(struct readers *readers)
{
    if (readers != NULL)
        uv_close((uv_handle_t *)&readers->idle, on_closed);
}

void reader_add(struct readers *readers, struct reader *reader)
{
    reader->readers = readers;
    reader->full = reader->has_ended = false;
    LIST_INSERT_HEAD(&readers->list, reader, entry);
    reader_resume(reader);
}

void reader_remove(struct reader *reader)
{
    if (reader->readers == NULL)
        return;
    if (reader->readers->next == reader)
        reader->readers->next = LIST_NEXT(reader, entry);
    LIST_REMOVE(reader, entry);
    reader->readers = NULL;
}

static void end_if_done(struct reader *r)
{
    if (r->cursor < r->end || r->has_ended)
        return;
    r->has_ended = r->hooks->ended(r->ctx);
    r->full = !r->has_ended;
}

void reader_resume(struct reader *reader)
{
    if (reader->readers == NULL)
        return;
    reader->full = false;
    end_if_done(reader);
    if (can_go_on(reader) && is_behind(reader))
        wake(reader->readers);
}

/* False: it did not take the event. */
static bool hand_over(struct reader *r, const struct committed *event)
{
    const uint64_t *previous;
    struct committed wanted = {.sequence = event->sequence,
        .topic = filter_match(r->filter, event, &previous),
        .body = event->body};
    struct buf *out = &r->readers->of_topic;

    if (wanted.topic == NULL)
        return true;
    if (previous != NULL) {
        buf_clear(out);
        if (!envelope_of_topic(event->body, *previous, out))
            return true;
        wanted.body = buf_bytes(out);
    }
    if (!r->hooks->take(r->ctx, &wanted)) {
        r->full = true;
        return false;
    }
    r->records--;
    r->bytes -= (int64_t)wanted.body.len;
    return true;
}

/* Non-zero: not this one, or no further. */
static int offer(struct reader *r, const struct committed *event)
{
    uint64_t before = event->sequence > r->end ? r->end : event->sequence - 1;

    if (before > r->cursor) {
        r->full = !r->hooks->trimmed(r->ctx, r->cursor + 1, before);
        if (r->full)
            return 1;
        r->cursor = before;
    }
    if (event->sequence > r->end)
        return 1;
    if (!hand_over(r, event))
        return 1;
    r->cursor = event->sequence;
    return !can_go_on(r);
}

struct page {
    struct reader *reader;
    size_t bytes;
};

static int on_logged(void *ctx, const struct committed *event)
{
    struct page *page = ctx;

    page->bytes += event->body.len;
    return offer(page->reader, event) != 0 || page->bytes > PAGE_BYTES;
}

static void read_page(struct reader *r)
{
    struct page page = {.reader = r};
    struct error err = {0};

    if (store_events(r->readers->store, r->cursor, PAGE_EVENTS, on_logged, &page, &err) != OK) {
        log_warning("reading the log for a consumer: %s", err.text);
        r->full = true; /* until it asks again */
    }
    end_if_done(r);
}

static void on_idle(uv_idle_t *idle)
{
    struct readers *readers = idle->data;
    int64_t until = clock_mono() + READER_TURN;
    struct reader *r = readers->next == NULL ? LIST_FIRST(&readers->list) : readers->next;
    struct reader *first = r;
    bool more = false;

    while (r != NULL) {
        if (can_go_on(r) && is_behind(r)) {
            read_page(r);
            more = more || (can_go_on(r) && is_behind(r));
        }
        r = LIST_NEXT(r, entry) == NULL ? LIST_FIRST(&readers->list) : LIST_NEXT(r, entry);
        if (r == first || clock_mono() > until)
            break;
    }
    readers->next = r;
    if (r == first && !more)
        uv_idle_stop(idle);
}

void readers_event(struct readers *readers, const struct committed *event)
{
    struct reader *r;

    LIST_FOREACH(r, &readers->list, entry)
    {
        if (!can_go_on(r))
            continue;
        if (r->cursor + 1 == event->sequence) {
            offer(r, event);
            end_if_done(r);
        } else if (r->cursor < event->sequence) {
            wake(readers);
        }
    }
}
