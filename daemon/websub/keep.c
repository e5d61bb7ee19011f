/* keep.c - subscriptions to the store and back. In memory their times are those of the
 * monotonic clock, in the store of the wall. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "websub/private.h"

enum { START_SPREAD = 30 }; /* seconds in which those whose time has come are asked after a start */

static const int64_t day = 86400 * (int64_t)SECOND;

void websub_callback(const struct subscription *s, struct buf *out)
{
    buf_printf(out, "%s/%s", s->websub->conf->websub.public_url, s->token);
}

static int64_t wall_of(int64_t mono)
{
    return mono == 0 || mono == INT64_MAX ? 0 : clock_wall() + mono - clock_mono();
}

void websub_keep(struct subscription *s)
{
    struct buf callback = {0};
    struct store_hub push = {.token = s->token,
        .feed = s->feed,
        .hubs = s->hubs,
        .topic = s->topic,
        .secret = s->secret,
        .callback = "",
        .lease_until = wall_of(s->lease_end),
        .next_try = wall_of(s->try_at),
        .last_push = s->last_push,
        .failures = s->failures};

    if (s->told) {
        websub_callback(s, &callback);
        push.callback = buf_cstr(&callback);
    }
    s->unkept = false;
    store_hub_put(s->websub->parts.store, &push);
    buf_done(&callback);
}

static bool is_told(const struct subscription *s, const char *callback)
{
    struct buf ours = {0};
    bool same;

    websub_callback(s, &ours);
    same = bytes_is(buf_bytes(&ours), callback);
    buf_done(&ours);
    return same;
}

/* A wall time still to come, from the monotonic clock's now on, at most `most` of it; else 0. */
static int64_t mono_of(int64_t wall, int64_t most)
{
    int64_t left = wall - clock_wall();

    if (wall == 0 || left <= 0)
        return 0;
    return clock_mono() + (left > most ? most : left);
}

static void set_times(struct subscription *s, const struct store_hub *push)
{
    int64_t now = clock_mono();

    s->made_at = s->allowed_at = now;
    s->answer_by = INT64_MAX;
    if (s->told)
        s->lease_end = mono_of(push->lease_until, 365 * day);
    s->try_at = s->told ? mono_of(push->next_try, s->lease_end == 0 ? day : 30 * day) : 0;
    if (s->try_at == 0)
        s->try_at = now + (int64_t)websub_chance(START_SPREAD * (uint64_t)SECOND);
}

static int nothing(void *ctx, const struct store_feed *feed)
{
    (void)ctx;
    (void)feed;
    return 0;
}

static void on_push(void *ctx, const struct store_hub *push)
{
    struct websub *websub = ctx;
    struct subscription *s = new_zeroed(sizeof(*s));

    s->websub = websub;
    s->feed = push->feed;
    s->failures = push->failures;
    s->last_push = push->last_push;
    s->allowance = PUSH_BURST;
    s->hubs = new_text(push->hubs);
    s->topic = new_text(push->topic);
    snprintf(s->token, sizeof(s->token), "%s", push->token);
    snprintf(s->secret, sizeof(s->secret), "%s", push->secret);
    s->told = is_told(s, push->callback);
    set_times(s, push);
    websub_add(websub, s);
    if (s->feed != 0 && poll_get(websub->parts.poll, s->feed, nothing, NULL) != OK) {
        websub_give_up(s); /* removed, and killed before the hub was told */
        return;
    }
    if (s->feed != 0 && s->lease_end != 0)
        poll_rely(websub->parts.poll, s->feed, false); /* what was sent meanwhile is lost */
    websub_plan(s);
}

int websub_load(struct websub *websub, struct error *err)
{
    return store_hubs(websub->parts.store, on_push, websub, err);
}
