/* emitted.c - a stage has told of a story and counts on it: what it made is kept with the item
 * until it is in the log. */
#include "flow/emitted.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/event.h"
#include "flow/private.h"

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

static struct emitted *emitted_of(struct item *item)
{
    if (item->emitted == NULL) {
        item->emitted = new_zeroed(sizeof(*item->emitted));
        item->emitted->arena = arena_new(EMITTED_ARENA);
    }
    return item->emitted;
}

static size_t place_of(const struct emitted *emitted, const struct store_event *event)
{
    size_t i = 0;

    while (i < emitted->count && (strcmp(emitted->events[i].subject, event->subject) != 0 ||
                                     strcmp(emitted->events[i].type, event->type) != 0))
        i++;
    return i;
}

void emitted_take(struct item *item, struct wr_record *rec)
{
    struct store_event event = {.time = clock_wall()};
    struct buf data = {.limit = EMITTED_BYTES};
    struct emitted *emitted;
    size_t at;

    if (!event_of_emitted(rec, &event, &data)) {
        log_warning("what a stage made is no event: url=%s event=%.40s", item->link,
            record_get_cstr(rec, WR_EVENT));
        buf_done(&data);
        return;
    }
    emitted = emitted_of(item);
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

void emitted_go_with(struct item *item, struct store_event *event)
{
    if (item->emitted == NULL)
        return;
    event->also = item->emitted->events;
    event->also_count = item->emitted->count;
}

void emitted_go_alone(struct item *item)
{
    for (size_t i = 0; item->emitted != NULL && i < item->emitted->count; i++)
        store_commit(item->flow->parts.store, &item->emitted->events[i], NULL, NULL);
    emitted_done(item);
}

void emitted_done(struct item *item)
{
    struct emitted *emitted = item->emitted;

    if (emitted == NULL)
        return;
    for (size_t i = 0; i < emitted->count; i++)
        buf_done(&emitted->data[i]);
    arena_free(emitted->arena);
    free(emitted);
    item->emitted = NULL;
}
