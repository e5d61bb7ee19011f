/* wireroom.c - the library's functions: a consumer with a name, or a replay, from its begin to its
 * end. */
#include "wireroom.h"

#include <stdlib.h>
#include <string.h>

#include "reader.h"

#define PUBLIC __attribute__((visibility("default")))

enum {
    WINDOW = 256,
    TURN_MS = 500,
    CLOSE_MS = 1000 /* for an acknowledgement to be confirmed */
};

static char *copy(const char *text, const char *otherwise)
{
    return strdup(text == NULL ? otherwise : text);
}

static struct wireroom_consumer *begin(
    struct wireroom_consumer *c, const struct wireroom_options *options)
{
    static const struct wireroom_options usual;
    const struct wireroom_options *o = options == NULL ? &usual : options;
    const char *const keys[] = {o->server_key, o->public_key, o->secret_key};

    c->filter = copy(o->filter, "");
    c->start = copy(o->start, "now");
    c->window = o->window == 0 ? WINDOW : o->window;
    if (c->filter == NULL || c->start == NULL ||
        connection_begin(
            &c->connection, copy(o->endpoint, "ipc:///run/wireroom/pull.sock"), keys) != 0) {
        wireroom_close(c);
        return NULL;
    }
    reader_hello(c);
    return c;
}

PUBLIC struct wireroom_consumer *wireroom_open(
    const char *name, const struct wireroom_options *options)
{
    struct wireroom_consumer *c = calloc(1, sizeof(*c));

    if (c == NULL || (c->name = copy(name, "")) == NULL) {
        free(c);
        return NULL;
    }
    return begin(c, options);
}

PUBLIC struct wireroom_consumer *wireroom_replay(
    const char *from, const char *to, const struct wireroom_options *options)
{
    struct wireroom_consumer *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->from = copy(from, "1");
    c->to = copy(to, "");
    if (c->from == NULL || c->to == NULL) {
        wireroom_close(c);
        return NULL;
    }
    return begin(c, options);
}

PUBLIC int wireroom_next(
    struct wireroom_consumer *consumer, int milliseconds, struct wireroom_event *event)
{
    enum connection_state state = CONNECTION_NOTHING;
    int64_t end = connection_now() + milliseconds;
    int turns = WINDOW;

    *event = (struct wireroom_event){.kind = consumer->has_ended ? WIREROOM_END : WIREROOM_NOTHING};
    if (!connection_is_ours(&consumer->connection))
        reader_fail(consumer, WIREROOM_SYSTEM, "it is another process's: open one of your own");
    while (consumer->failed == 0 && event->kind == WIREROOM_NOTHING && state != CONNECTION_SIGNAL &&
           turns > 0) {
        int64_t left = milliseconds < 0 ? TURN_MS : end - connection_now();

        state = reader_step(consumer, left < 0 ? 0 : left, event);
        if (left <= 0) /* and what is there already, but not for ever */
            turns = state == CONNECTION_MESSAGE ? turns - 1 : 0;
    }
    return consumer->failed != 0 ? consumer->failed : (int)event->kind;
}

PUBLIC void wireroom_ack(struct wireroom_consumer *consumer, uint64_t sequence)
{
    if (consumer->name == NULL || sequence <= consumer->done || sequence > consumer->handed ||
        !connection_is_ours(&consumer->connection))
        return;
    consumer->done = sequence;
    reader_tell(consumer);
}

PUBLIC uint64_t wireroom_acked(const struct wireroom_consumer *consumer)
{
    return consumer->acked;
}

PUBLIC const char *wireroom_epoch(const struct wireroom_consumer *consumer)
{
    return consumer->epoch;
}

PUBLIC const char *wireroom_error(const struct wireroom_consumer *consumer)
{
    return consumer->error;
}

PUBLIC void wireroom_close(struct wireroom_consumer *consumer)
{
    int64_t end = connection_now() + CLOSE_MS;
    struct wireroom_event event;

    if (consumer == NULL)
        return;
    while (consumer->acked < consumer->done && consumer->failed == 0 && connection_now() < end &&
           connection_is_ours(&consumer->connection))
        reader_step(consumer, CLOSE_MS / 10, &event);
    connection_end(&consumer->connection);
    free(consumer->name);
    free(consumer->filter);
    free(consumer->start);
    free(consumer->from);
    free(consumer->to);
    free(consumer);
}
