/* callback.c - what comes to the callbacks: hubs that verify or deny, hubs that send, and
 * everybody else who finds the port. */
#include <microhttpd.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/mac.h"
#include "flow/flow.h"
#include "websub/private.h"

enum { QUERY_MEMORY = 256 << 10, HEADER_MOST = 1024, RETRY_SECONDS = 30 };

/* One request. The subscription is looked for at its end again: it may have gone meanwhile. */
struct callback {
    struct websub *websub;
    struct exchange *exchange;
    struct hub_body *push; /* what it brought, while its hub waits for an answer */
    struct arena *arena;   /* of a query */
    struct websub_query query;
    char token[TOKEN_TEXT];
    char hex[2 * 64 + 1]; /* of the longest signature */
    unsigned status;      /* known from the head on, else 0 */
    bool is_push;
    bool is_signed;
    struct mac mac; /* when it is signed */
    struct buf body, headers;
};

/* ---- heads */

static void keep_header(struct callback *c, const struct listener_head *head, const char *name)
{
    struct bytes value = listener_header(head, name);

    if (value.len == 0 || value.len > HEADER_MOST)
        return;
    buf_printf(&c->headers, "%s: ", name);
    buf_add(&c->headers, value);
    buf_add_byte(&c->headers, '\n');
}

static void read_signature(
    struct callback *c, const struct listener_head *head, const struct subscription *s)
{
    struct bytes method;
    struct bytes hex;

    if (!websub_signature_read(listener_header(head, "X-Hub-Signature"), &method, &hex))
        return;
    c->is_signed = true;
    if (hex.len < sizeof(c->hex) && mac_begin(&c->mac, method, bytes_of(s->secret)))
        snprintf(c->hex, sizeof(c->hex), "%.*s", FMT(hex));
}

/* Whether a body of this subscription may come now: 0, or the status that says why not. */
static unsigned admit_push(struct websub *websub, struct subscription *s, int64_t length)
{
    if (length > websub->conf->websub.max_body) {
        websub->counters.too_large++;
        return MHD_HTTP_CONTENT_TOO_LARGE;
    }
    if (!websub_may_push(s)) {
        websub->counters.too_many++;
        return MHD_HTTP_TOO_MANY_REQUESTS;
    }
    if (s->waiting >= WAITING_MOST || websub->bodies >= BODIES_MOST ||
        websub->unanswered >= UNANSWERED_MOST ||
        websub->held + (size_t)(length < 0 ? 0 : length) > HELD_MOST ||
        !flow_may_take(websub->parts.flow, s->feed)) {
        websub->counters.too_many++;
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    return 0;
}

static void begin_push(struct callback *c, const struct listener_head *head)
{
    struct subscription *s = websub_find_token(c->websub, bytes_of(c->token));

    c->is_push = true;
    if (s == NULL || s->feed == 0) { /* lets the hub forget it (section 7) */
        c->websub->counters.unknown++;
        c->status = MHD_HTTP_GONE;
        return;
    }
    c->status = admit_push(c->websub, s, head->length);
    if (c->status != 0)
        return;
    c->body.limit = (size_t)c->websub->conf->websub.max_body;
    read_signature(c, head, s);
    keep_header(c, head, "content-type");
    keep_header(c, head, "content-encoding");
}

static void *on_head(void *ctx, const struct listener_head *head)
{
    struct websub *websub = ctx;
    struct bytes token = websub_token(head->path);
    struct callback *c = new_zeroed(sizeof(*c));

    c->websub = websub;
    c->exchange = head->exchange;
    if (token.len == sizeof(c->token) - 1)
        snprintf(c->token, sizeof(c->token), "%.*s", FMT(token));
    if (strcmp(head->method, MHD_HTTP_METHOD_POST) == 0) {
        begin_push(c, head);
    } else if (strcmp(head->method, MHD_HTTP_METHOD_GET) == 0) {
        c->arena = arena_new(QUERY_MEMORY);
        websub_query_read(c->arena, head->query, &c->query);
    } else {
        c->status = MHD_HTTP_METHOD_NOT_ALLOWED;
    }
    return c;
}

/* ---- bodies */

static void on_data(void *ctx, void *request, struct bytes data)
{
    struct websub *websub = ctx;
    struct callback *c = request;

    if (!c->is_push || c->status != 0)
        return; /* read, so that the answer arrives, and thrown away */
    if (websub->held + data.len > HELD_MOST) {
        websub->counters.too_many++;
        c->status = MHD_HTTP_SERVICE_UNAVAILABLE;
        return;
    }
    buf_add(&c->body, data);
    if (c->body.over) {
        websub->counters.too_large++;
        c->status = MHD_HTTP_CONTENT_TOO_LARGE;
        return;
    }
    websub->held += data.len;
    if (c->hex[0] != '\0')
        mac_add(&c->mac, data);
}

/* Bodies without a right signature are answered like all others, so that nobody learns from the
 * answer, and thrown away (section 7.1). It comes sooner than the others: whoever has found a right
 * signature knows it anyway. */
static void end_push(struct callback *c, struct listener_answer *answer)
{
    struct websub *websub = c->websub;
    struct subscription *s = websub_find_token(websub, bytes_of(c->token));

    answer->status = MHD_HTTP_OK;
    if (s == NULL || s->feed == 0) {
        answer->status = MHD_HTTP_GONE;
    } else if (!c->is_signed) {
        websub->counters.unsigned_++;
        s->ignored++;
    } else if (c->hex[0] == '\0' || !mac_is(&c->mac, bytes_of(c->hex))) {
        websub->counters.forged++;
        s->ignored++;
    } else {
        websub->held -= c->body.len;                   /* counted on by its new owner */
        answer->status = MHD_HTTP_SERVICE_UNAVAILABLE; /* unless it is in the store in time */
        answer->retry_after = RETRY_SECONDS;
        answer->later = true;
        websub->unanswered++;
        c->push = hub_body_new(websub, c, &c->body, &c->headers);
        websub_take(s, c->push);
    }
}

static void forget_push(struct callback *c)
{
    if (c->push == NULL)
        return;
    c->push->callback = NULL;
    c->push = NULL;
    c->websub->unanswered--;
}

void websub_answer(struct callback *callback, unsigned status)
{
    forget_push(callback);
    listener_answer(callback->exchange,
        &(struct listener_answer){.status = status,
            .retry_after = status == MHD_HTTP_SERVICE_UNAVAILABLE ? RETRY_SECONDS : 0});
}

/* ---- verification of intent (section 5.3) and denial (section 5.2) */

static bool is_expected(const struct subscription *s, const struct websub_query *q)
{
    return s->pending && q->challenge.len > 0 && bytes_is(q->topic, s->topic) &&
           bytes_is(q->mode, s->feed == 0 ? "unsubscribe" : "subscribe");
}

/* A hub may ask again what was answered: its first answer was lost, or two of its processes ask. As
 * long as the subscription is wanted it hears the same, and nothing changes here. */
static bool is_asked_again(const struct subscription *s, const struct websub_query *q)
{
    return !s->pending && s->feed != 0 && s->lease_end > clock_mono() && q->challenge.len > 0 &&
           bytes_is(q->topic, s->topic) && bytes_is(q->mode, "subscribe");
}

static void remember_end(struct websub *websub, const struct subscription *s)
{
    struct ended *e = &websub->ended[websub->ended_count++ % ENDED_MOST];

    snprintf(e->token, sizeof(e->token), "%s", s->token);
    e->topic = hash64(bytes_of(s->topic));
    e->until = clock_mono() + ENDED_SECONDS * (int64_t)SECOND;
}

/* The same of a subscription that ended with the first answer: a hub that hears 404 keeps it. */
static bool is_end_asked_again(const struct callback *c)
{
    const struct websub_query *q = &c->query;

    if (c->token[0] == '\0' || q->challenge.len == 0 || !bytes_is(q->mode, "unsubscribe"))
        return false;
    for (size_t i = 0; i < ENDED_MOST; i++) {
        const struct ended *e = &c->websub->ended[i];

        if (strcmp(e->token, c->token) == 0)
            return e->until > clock_mono() && e->topic == hash64(q->topic);
    }
    return false;
}

static void end_query(struct callback *c, struct listener_answer *answer)
{
    struct subscription *s = websub_find_token(c->websub, bytes_of(c->token));
    const struct websub_query *q = &c->query;
    int64_t lease = c->websub->conf->websub.lease / SECOND;

    answer->status = MHD_HTTP_NOT_FOUND;
    if (s != NULL && bytes_is(q->mode, "denied") && bytes_is(q->topic, s->topic)) {
        answer->status = MHD_HTTP_OK;
        websub_denied(s, q->reason);
    } else if (s != NULL && is_expected(s, q)) {
        bytes_to_int(q->lease, &lease);
        answer->status = MHD_HTTP_OK;
        answer->body = q->challenge;
        if (s->feed == 0)
            remember_end(c->websub, s);
        websub_verified(s, lease);
    } else if (s == NULL ? is_end_asked_again(c) : is_asked_again(s, q)) {
        answer->status = MHD_HTTP_OK;
        answer->body = q->challenge;
    } else if (s == NULL) {
        c->websub->counters.unknown++;
    } else {
        c->websub->counters.refused++;
    }
}

static void on_whole(void *ctx, void *request, struct listener_answer *answer)
{
    struct callback *c = request;

    (void)ctx;
    answer->status = c->status;
    if (c->status == MHD_HTTP_TOO_MANY_REQUESTS || c->status == MHD_HTTP_SERVICE_UNAVAILABLE)
        answer->retry_after = RETRY_SECONDS;
    if (c->status != 0)
        return;
    if (c->is_push)
        end_push(c, answer);
    else
        end_query(c, answer);
}

static void on_end(void *ctx, void *request)
{
    struct websub *websub = ctx;
    struct callback *c = request;

    websub->counters.late += c->push != NULL;
    forget_push(c);
    websub->held -= c->body.len;
    buf_done(&c->body);
    buf_done(&c->headers);
    if (c->arena != NULL)
        arena_free(c->arena);
    free(c);
}

const struct listener_hooks websub_hooks = {
    .on_head = on_head, .on_data = on_data, .on_whole = on_whole, .on_end = on_end};
