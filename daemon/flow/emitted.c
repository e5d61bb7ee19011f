/* emitted.c - a stage has told of a story and counts on it: what it made is kept with the item
 * until it is in the log. */
#include "flow/emitted.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/event.h"

enum {
    /* over one record; a chain makes no more (CHAIN_EMITTED) */
    EMITTED_MOST = 64,
    /* of its data; 64 members with texts of 400 bytes are some 100 KB */
    EMITTED_BYTES = 256 << 10,
    EMITTED_ARENA = 1 << 20,
};

struct emitted {
    struct arena *arena;
    struct store_event events[EMITTED_MOST];
    struct buf data[EMITTED_MOST];
    size_t count;
};

static struct emitted *emitted_of(struct emitted **emitted)
{
    if (*emitted == NULL) {
        *emitted = new_zeroed(sizeof(**emitted));
        (*emitted)->arena = arena_new(EMITTED_ARENA);
    }
    return *emitted;
}

static size_t place_of(const struct emitted *emitted, const struct store_event *event)
{
    size_t i = 0;

    while (i < emitted->count && (strcmp(emitted->events[i].subject, event->subject) != 0 ||
                                     strcmp(emitted->events[i].type, event->type) != 0))
        i++;
    return i;
}

void emitted_take(struct emitted **all, const char *over, struct wr_record *rec)
{
    struct store_event event = {.time = clock_wall()};
    struct buf data = {.limit = EMITTED_BYTES};
    struct emitted *emitted;
    size_t at;

    if (!event_of_emitted(rec, &event, &data)) {
        log_warning("what a stage made is no event: url=%s event=%.40s", over,
            record_get_cstr(rec, WR_EVENT));
        buf_done(&data);
        return;
    }
    emitted = emitted_of(all);
    at = place_of(emitted, &event);
    if (at == EMITTED_MOST) {
        buf_done(&data);
        return;
    }
    event.subject = bytes_cstr(emitted->arena, bytes_of(event.subject));
    event.topic = bytes_cstr(emitted->arena, bytes_of(event.topic));
    buf_done(&emitted->data[at]);
    emitted->data[at] = data;
    emitted->events[at] = event;
    if (at == emitted->count)
        emitted->count++;
}

void emitted_go_with(const struct emitted *emitted, struct store_event *event)
{
    if (emitted == NULL)
        return;
    event->also = emitted->events;
    event->also_count = emitted->count;
}

void emitted_go_alone(const struct emitted *emitted, struct store *store,
    void (*on_committed)(void *ctx, const struct error *err, const struct committed *committed),
    void *ctx)
{
    struct store_event first;

    if (emitted == NULL)
        return;
    first = emitted->events[0];
    first.also = emitted->events + 1;
    first.also_count = emitted->count - 1;
    store_commit(store, &first, on_committed, ctx);
}

void emitted_done(struct emitted **all)
{
    struct emitted *emitted = *all;

    if (emitted == NULL)
        return;
    for (size_t i = 0; i < emitted->count; i++)
        buf_done(&emitted->data[i]);
    arena_free(emitted->arena);
    free(emitted);
    *all = NULL;
}
