/* websub_push.c - what hubs sent and was found to be theirs: read one after the other, on the way
 * of a polled answer. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "loop/document.h"
#include "loop/websub_parts.h"

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

static void push_free(struct websub *websub, struct push *push)
{
    websub->bodies--;
    websub->held -= push->body.len;
    buf_done(&push->body);
    buf_done(&push->headers);
    free(push);
}

void websub_bodies_free(struct subscription *s)
{
    while (!STAILQ_EMPTY(&s->bodies)) {
        struct push *push = STAILQ_FIRST(&s->bodies);

        STAILQ_REMOVE_HEAD(&s->bodies, entry);
        push_free(s->websub, push);
    }
    s->waiting = 0;
}

struct reading {
    struct websub *websub;
    const struct push *push;
};

static int read_body(void *ctx, const struct store_feed *feed)
{
    const struct reading *reading = ctx;
    const struct fetch_result result = {.status = 200,
        .url = feed->url,
        .body = buf_bytes(&reading->push->body),
        .headers = buf_bytes(&reading->push->headers),
        .retry_after = -1,
        .max_age = -1,
        .address = ""};
    struct store_feed view = *feed;

    view.partial = true;
    document_read(reading->websub->daemon->flow,
        &(struct poll_answer){
            .feed = &view, .result = &result, .first = feed->last_success == 0, .pushed = true});
    return 0;
}

/* Two at a time could end in the wrong order, and an old version would follow the new one. */
static void read_next(struct subscription *s)
{
    struct push *push = STAILQ_FIRST(&s->bodies);
    struct reading reading = {.websub = s->websub, .push = push};

    if (s->reading || push == NULL)
        return;
    STAILQ_REMOVE_HEAD(&s->bodies, entry);
    s->waiting--;
    s->reading = true;
    if (poll_get(s->websub->daemon->poll, s->feed, read_body, &reading) != OK)
        s->reading = false;
    push_free(s->websub, push);
}

void websub_take(struct subscription *s, struct buf *body, struct buf *headers)
{
    struct push *push = calloc(1, sizeof(*push));

    if (push == NULL)
        arena_out_of_memory(sizeof(*push));
    push->body = *body;
    push->headers = *headers;
    *body = (struct buf){0};
    *headers = (struct buf){0};
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

void websub_pushed(struct websub *websub, int64_t feed, const struct poll_outcome *outcome)
{
    struct subscription *s = websub_find(websub, feed);

    if (outcome->code == OK)
        poll_pushed(websub->daemon->poll, feed, outcome);
    if (s == NULL || !s->reading)
        return;
    s->reading = false;
    /* What could not be kept is gone: the next poll brings it. */
    websub_rely(s, outcome->code == OK && websub_is_live(s));
    read_next(s);
}
