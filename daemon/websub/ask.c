/* ask.c - what is asked of hubs, and what comes of it: verified, denied, refused, never
 * answered. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "websub/private.h"

enum {
    ASKING_MOST = 32,   /* requests to hubs at a time */
    PUT_OFF_MOST = 6,   /* doublings */
    WAITING_AT_HUB = 4, /* of these for their turn at one hub: others are not kept waiting by it */
    ANSWER_LIMIT = 64 << 10 /* bytes of a hub's answer */
};

/* Seconds. A hub verifies "as soon as possible" (section 5.2). */
enum {
    VERIFY_WITHIN = 600,
    BACK_OFF_FIRST = 300,
    BACK_OFF_MOST = 86400,
    LEASE_LEAST = 60,
    LEASE_MOST = 365 * 86400,
    RENEW_LEAST = 30,
    RENEW_MOST = 30 * 86400
};

/* Failures in a row after which the next hub is tried, or a hub that is to forget us is left alone.
 */
enum { NEXT_HUB = 3, LEAVE_TRIES = 5 };

struct bytes websub_hub(const struct subscription *s)
{
    struct bytes hubs = bytes_of(s->hubs);

    return bytes_cut(&hubs, '\n');
}

/* ---- how a request failed */

/* The present hub goes to the end of the list. */
static void next_hub(struct subscription *s)
{
    struct bytes rest = bytes_of(s->hubs);
    struct bytes first = bytes_cut(&rest, '\n');
    struct buf out = {0};

    if (rest.len == 0)
        return;
    buf_add(&out, rest);
    buf_add_byte(&out, '\n');
    buf_add(&out, first);
    memcpy(s->hubs, buf_cstr(&out), out.len + 1); /* as long as it was */
    buf_done(&out);
}

static int64_t back_off(int failures)
{
    int64_t delay = BACK_OFF_FIRST;

    for (int i = 1; i < failures && delay < BACK_OFF_MOST; i++)
        delay *= 2;
    if (delay > BACK_OFF_MOST)
        delay = BACK_OFF_MOST;
    delay *= SECOND;
    return delay * 3 / 4 + (int64_t)websub_chance((uint64_t)delay / 2);
}

__attribute__((format(printf, 4, 5))) static void fail_request(
    struct subscription *s, bool denied, int64_t wait, const char *format, ...)
{
    struct websub *websub = s->websub;
    struct buf text = {.limit = 500};
    int64_t delay;
    va_list args;

    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    free(s->error);
    s->error = new_text(buf_cstr(&text));
    buf_done(&text);
    websub->counters.failed++;
    s->failures++;
    s->pending = false;
    log_debug("hub not reached: feed=f%07lld hub=%.*s failures=%d cause=\"%s\"", (long long)s->feed,
        FMT(websub_hub(s)), s->failures, s->error);
    if (s->failures == NEXT_HUB && s->feed != 0)
        log_about(LOG_LEVEL_WARNING, &(struct log_about){.message = MESSAGE_HUB, .feed = s->feed},
            "hub does not push: feed=f%07lld hub=%.*s cause=\"%s\"", (long long)s->feed,
            FMT(websub_hub(s)), s->error);
    if (s->feed == 0 && s->failures >= LEAVE_TRIES) {
        websub_drop(s);
        return;
    }
    if (denied || s->failures % NEXT_HUB == 0)
        next_hub(s);
    delay = back_off(s->failures);
    s->try_at = clock_mono() + (delay > wait ? delay : wait);
    websub_keep(s);
    websub_plan(s);
}

void websub_unanswered(struct subscription *s)
{
    fail_request(s, false, 0, "%.*s: the hub did not verify within %d minutes", FMT(websub_hub(s)),
        VERIFY_WITHIN / 60);
}

/* ---- the request */

/* What a hub says about an error, in its first line (section 5.2). */
static struct bytes reason_of(const struct fetch_result *result)
{
    struct bytes body = bytes_trim(result->body);

    if (fetch_header(result, "content-encoding").len > 0 ||
        !bytes_starts_nocase(fetch_header(result, "content-type"), LIT("text/plain")))
        return (struct bytes){NULL, 0};
    return bytes_slice(bytes_cut(&body, '\n'), 0, 120);
}

static void on_answer(void *ctx, const struct fetch_result *result)
{
    struct subscription *s = ctx;
    int64_t wait = result->retry_after < 0 ? 0 : result->retry_after;
    struct bytes reason;

    s->ticket = 0;
    s->websub->asking--;
    if (result->code == E_STOPPED || !s->pending) /* it verified before it answered */
        return;
    if (wait > BACK_OFF_MOST * (int64_t)SECOND)
        wait = BACK_OFF_MOST * (int64_t)SECOND;
    if (result->code != OK) {
        fail_request(s, false, wait, "%s", result->error);
    } else if (result->status / 100 == 2) {
        s->answer_by = clock_mono() + VERIFY_WITHIN * (int64_t)SECOND;
        websub_plan(s);
    } else if (s->feed == 0 && result->status / 100 == 4 && result->status != 429) {
        websub_drop(s); /* it knows of no such subscription */
    } else {
        reason = reason_of(result);
        fail_request(s, false, wait, "%.200s: status %d%s%.*s", result->url, result->status,
            reason.len > 0 ? ": " : "", FMT(reason));
    }
}

static void write_form(const struct subscription *s, struct buf *form)
{
    struct buf callback = {0};
    char lease[24];

    websub_callback(s, &callback);
    websub_form_add(form, "hub.mode", s->feed == 0 ? LIT("unsubscribe") : LIT("subscribe"));
    websub_form_add(form, "hub.topic", bytes_of(s->topic));
    websub_form_add(form, "hub.callback", buf_bytes(&callback));
    /* Hubs of PubSubHubbub 0.3 want to be told how to verify; others pass over it (section 5.1). */
    websub_form_add(form, "hub.verify", LIT("async"));
    buf_done(&callback);
    if (s->feed == 0)
        return;
    snprintf(lease, sizeof(lease), "%lld", (long long)(s->websub->conf->websub.lease / SECOND));
    websub_form_add(form, "hub.lease_seconds", bytes_of(lease));
    /* To a hub without https too: whoever listens in on that could forge what it sends, but nobody
     * else can. */
    websub_form_add(form, "hub.secret", bytes_of(s->secret));
}

/* Too many at a time: in a second or two, then later and later up to two minutes. */
static void put_off(struct subscription *s)
{
    int64_t delay = SECOND * (INT64_C(1) << s->put_off);

    if (s->put_off < PUT_OFF_MOST)
        s->put_off++;
    s->try_at = clock_mono() + delay + (int64_t)websub_chance((uint64_t)delay);
    websub_plan(s);
}

void websub_ask(struct subscription *s)
{
    struct websub *websub = s->websub;
    struct buf form = {0};
    char hub[HUB_URL + 1];

    snprintf(hub, sizeof(hub), "%.*s", FMT(websub_hub(s)));
    /* A hub may verify before it has answered: that request ends first. */
    if (websub->asking >= ASKING_MOST || s->ticket != 0 ||
        fetch_host_waiting(websub->parts.fetcher, hub, NULL) >= WAITING_AT_HUB) {
        put_off(s);
        return;
    }
    s->put_off = 0;
    write_form(s, &form);
    s->told = true;
    s->pending = true;
    s->answer_by = s->try_at = INT64_MAX;
    websub->counters.asked++;
    s->ticket = fetch_start(websub->parts.fetcher,
        &(struct fetch_request){.url = hub, .form = buf_cstr(&form), .max_body = ANSWER_LIMIT},
        on_answer, s);
    websub->asking += s->ticket != 0;
    buf_done(&form);
    websub_keep(s);
    websub_plan(s);
}

/* ---- what the hub says by the callback */

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

void websub_verified(struct subscription *s, int64_t lease)
{
    int64_t now = clock_mono();
    int64_t seconds = clamp(lease, LEASE_LEAST, LEASE_MOST);
    int64_t renew = clamp(seconds / 4 * 3, RENEW_LEAST, RENEW_MOST) * SECOND;

    s->websub->counters.verified++;
    s->pending = false;
    if (s->feed == 0) {
        websub_drop(s);
        return;
    }
    free(s->error);
    s->error = NULL;
    s->failures = 0;
    s->lease_end = now + seconds * SECOND;
    s->try_at = now + renew - (int64_t)websub_chance((uint64_t)renew / 20);
    websub_keep(s);
    websub_plan(s);
}

/* May come at any time (section 5.2). */
void websub_denied(struct subscription *s, struct bytes reason)
{
    s->websub->counters.denied++;
    if (s->feed == 0) {
        websub_drop(s);
        return;
    }
    s->lease_end = 0;
    websub_rely(s, false);
    fail_request(s, true, strchr(s->hubs, '\n') == NULL ? BACK_OFF_MOST * (int64_t)SECOND : 0,
        "the hub denies%s%.*s", reason.len > 0 ? ": " : "", FMT(bytes_slice(reason, 0, 200)));
}
