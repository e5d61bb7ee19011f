/* deliver.c - the door: what the store has committed goes to the readers of the log. */
#include "deliver/deliver.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "deliver/heartbeat.h"

struct deliver {
    struct store *store;
    struct keys *keys; /* NULL: none are asked for */
    struct push *push;
    struct readers *readers;
    struct pull *pull;
    int64_t keep; /* consumers.keep */
    uv_timer_t beat;
    struct buf text; /* of the newest heartbeat */
};

static void on_event(void *ctx, const struct committed *event)
{
    struct deliver *deliver = ctx;

    push_event(deliver->push, event);
    readers_event(deliver->readers, event);
}

static void on_beat(uv_timer_t *timer)
{
    struct deliver *deliver = timer->data;
    size_t topic = sizeof(HEARTBEAT_TOPIC) - 1;
    struct bytes text;

    push_tend(deliver->push);
    pull_tend(deliver->pull, deliver->keep);
    heartbeat_format(deliver->store, &deliver->text);
    text = buf_bytes(&deliver->text);
    push_welcome(deliver->push, text);
    push_send(deliver->push, bytes_slice(text, 0, topic), bytes_from(text, topic));
}

int deliver_open(uv_loop_t *loop, const struct conf *conf, struct store *store,
    struct deliver **ret_deliver, struct error *err)
{
    struct deliver *deliver = new_zeroed(sizeof(*deliver));
    int code;

    deliver->store = store;
    deliver->keep = conf->consumers.keep;
    uv_timer_init(loop, &deliver->beat);
    deliver->beat.data = deliver;
    heartbeat_format(store, &deliver->text);
    code = keys_read(conf->listen.keys, &deliver->keys, err);
    if (code == OK)
        code = push_open(
            loop, conf->listen.pub, deliver->keys, buf_bytes(&deliver->text), &deliver->push, err);
    readers_open(loop, store, &deliver->readers);
    if (code == OK)
        code = pull_open(
            loop, conf->listen.pull, deliver->keys, store, deliver->readers, &deliver->pull, err);
    if (code != OK) {
        deliver_close(deliver);
        return code;
    }
    store_set_committed(store, on_event, deliver);
    uv_timer_start(&deliver->beat, on_beat, HEARTBEAT_MS, HEARTBEAT_MS);
    *ret_deliver = deliver;
    return OK;
}

void deliver_counters(const struct deliver *deliver, struct push_counters *ret_push)
{
    push_counters(deliver->push, ret_push);
}

void deliver_reload(struct deliver *deliver, const struct conf *conf)
{
    struct error err = {0};

    deliver->keep = conf->consumers.keep;
    if (keys_reload(deliver->keys, &err) != OK)
        log_error("%s; those of before hold", err.text);
    push_keys_changed(deliver->push);
    pull_keys_changed(deliver->pull);
}

const char *deliver_public_key(const struct deliver *deliver)
{
    return deliver->keys == NULL ? "" : keys_public(deliver->keys);
}

struct readers *deliver_readers(const struct deliver *deliver)
{
    return deliver->readers;
}

struct pull *deliver_pull(const struct deliver *deliver)
{
    return deliver->pull;
}

static void on_closed(uv_handle_t *handle)
{
    struct deliver *deliver = handle->data;

    buf_done(&deliver->text);
    keys_free(deliver->keys);
    free(deliver);
}

void deliver_close(struct deliver *deliver)
{
    if (deliver == NULL)
        return;
    push_close(deliver->push);
    pull_close(deliver->pull);
    readers_close(deliver->readers);
    uv_close((uv_handle_t *)&deliver->beat, on_closed);
}
