/* body.c - what hubs sent and was found to be theirs: read one after the other, on the way
 * of a polled answer. */
#include <microhttpd.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "flow/document.h"
#include "websub/private.h"

bool websub_may_push(struct subscription *s)
{
    int64_t now = clock_mono();
    int64_t more = (now - s->allowed_at) / SECOND;

    if (more > 0) {
        s->allowance = more > PUSH_BURST - s->allowance ? PUSH_BURST : s->allowance + (int32_t)more;
        s->allowed_at = now;
    }
    if (s->allowance <= 0)
        return false;
    s->allowance--;
    return true;
}

static void hub_body_end(struct hub_body *push, unsigned status)
{
    if (push->callback != NULL)
        websub_answer(push->callback, status);
    buf_done(&push->body);
    buf_done(&push->headers);
    free(push);
}

/* No longer held for one that waits. */
static void stop_waiting(struct subscription *s, struct hub_body *push)
{
    STAILQ_REMOVE_HEAD(&s->bodies, entry);
    s->waiting--;
    s->websub->bodies--;
    s->websub->held -= push->body.len;
}

void websub_bodies_free(struct subscription *s)
{
    while (!STAILQ_EMPTY(&s->bodies)) {
        struct hub_body *push = STAILQ_FIRST(&s->bodies);

        stop_waiting(s, push);
        hub_body_end(push, MHD_HTTP_GONE);
    }
    if (s->reading != NULL)
        hub_body_end(s->reading, MHD_HTTP_GONE);
    s->reading = NULL;
}

static void read_next(struct subscription *s);

/* What cannot be read would be no better a second time: only for what is our own trouble the hub is
 * to send it again. */
static unsigned status_of(const struct poll_outcome *outcome)
{
    return outcome->code == E_SYSTEM || outcome->code == E_STOPPED ? MHD_HTTP_SERVICE_UNAVAILABLE
                                                                   : MHD_HTTP_OK;
}

/* It is in the store, or was not admitted: its hub is answered. */
static void on_read(void *ctx, const struct document_outcome *outcome)
{
    struct websub *websub = ctx;
    struct subscription *s = websub_find(websub, outcome->feed);
    struct hub_body *push;

    if (outcome->read.code == OK)
        poll_pushed(websub->parts.poll, outcome->feed, &outcome->read);
    if (s == NULL || s->reading == NULL || s->reading->number != outcome->pushed)
        return;
    push = s->reading;
    s->reading = NULL;
    hub_body_end(push, status_of(&outcome->read));
    /* What could not be kept is gone unless it is sent again: the next poll brings it. */
    websub_rely(s, outcome->read.code == OK && websub_is_live(s));
    read_next(s);
}

struct reading {
    struct websub *websub;
    uint64_t number;
    struct buf body, headers;
};

static int read_body(void *ctx, const struct store_feed *feed)
{
    const struct reading *reading = ctx;
    const struct fetch_result result = {.status = 200,
        .url = feed->url,
        .body = buf_bytes(&reading->body),
        .headers = buf_bytes(&reading->headers),
        .retry_after = -1,
        .max_age = -1,
        .address = ""};
    struct store_feed view = *feed;

    if (feed->state == FEED_PARKED)
        return E_REFUSED; /* the poll that ends its pause brings what is still there */
    view.partial = true;
    document_read(reading->websub->parts.flow,
        &(struct poll_answer){.feed = &view,
            .result = &result,
            .first = feed->last_success == 0,
            .pushed = reading->number},
        on_read, reading->websub);
    return OK;
}

/* Two at a time could end in the wrong order, and an old version would follow the new one. */
static void read_next(struct subscription *s)
{
    struct hub_body *push = STAILQ_FIRST(&s->bodies);
    struct reading reading;
    int code;

    if (s->reading != NULL || push == NULL)
        return;
    stop_waiting(s, push);
    s->reading = push;
    reading = (struct reading){s->websub, push->number, push->body, push->headers};
    push->body = push->headers = (struct buf){0}; /* of what is read only the answer is owed */
    code = poll_get(s->websub->parts.poll, s->feed, read_body, &reading);
    buf_done(&reading.body);
    buf_done(&reading.headers);
    if (code != OK) {
        s->reading = NULL;
        hub_body_end(push, code == E_REFUSED ? MHD_HTTP_OK : MHD_HTTP_GONE);
        read_next(s);
    }
}

struct hub_body *hub_body_new(
    struct websub *websub, struct callback *callback, struct buf *body, struct buf *headers)
{
    struct hub_body *push = new_zeroed(sizeof(*push));

    push->number = ++websub->last_number;
    push->callback = callback;
    push->body = *body;
    push->headers = *headers;
    *body = (struct buf){0};
    *headers = (struct buf){0};
    return push;
}

void websub_take(struct subscription *s, struct hub_body *push)
{
    s->websub->bodies++;
    s->websub->held += push->body.len;
    s->websub->counters.pushed++;
    s->pushes++;
    s->last_push = clock_wall();
    s->unkept = true;
    STAILQ_INSERT_TAIL(&s->bodies, push, entry);
    s->waiting++;
    read_next(s);
}
