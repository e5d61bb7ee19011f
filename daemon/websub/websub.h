/* websub.h - feeds that are pushed: subscriptions at hubs, and what hubs send (W3C WebSub, 2018).
 *
 * A feed names its hubs in its headers or in itself; each gets one subscription, under a callback
 * address that nobody can guess and with a secret of its own. Only what is signed with that secret
 * is read, and it goes the way of a polled answer; the hub is told that it has come (2xx) once it
 * is in the store, so that a hub that sends again what was not taken (section 7) loses nothing. A
 * hub that has shown that it pushes is relied on: its feed is asked seldom, until a poll finds what
 * the hub did not send, the lease ends or the hub denies. After a start nothing is relied on before
 * it has shown itself again, since what hubs sent meanwhile is lost. */
#ifndef WIREROOM_WEBSUB_WEBSUB_H
#define WIREROOM_WEBSUB_WEBSUB_H

#include "flow/flow.h"
#include "poll/hubs.h"
#include "poll/poll.h"

struct websub;

/* What hubs are asked with and listened to by; lent until websub_close(). */
struct websub_parts {
    uv_loop_t *loop;
    struct fetcher *fetcher;
    struct store *store;
    struct poll *poll;
    struct flow *flow; /* reads what hubs send */
};

/* Read what is agreed with hubs, and listen when websub.listen says where. After poll_open(). */
int websub_open(const struct websub_parts *parts, const struct conf *conf,
    struct websub **ret_websub, struct error *err);

/* Another address is listened to before the old one is given up: an error changes nothing. What
 * hubs were told counts no longer when the public address is another. */
int websub_reload(struct websub *websub, const struct conf *conf, struct error *err);

/* Requests end; what is agreed stays in the store. Before poll_close() and fetcher_close(). */
void websub_close(struct websub *websub);

bool websub_is_on(const struct websub *websub);

/* A polled document was admitted: what it says about hubs, and whether it had news. */
void websub_polled(struct websub *websub, int64_t feed, const struct hub_links *links, bool news);

/* A polled document was the one known already: its headers, of an answer from url, may name hubs
 * all the same. That they name none says nothing: a 304 need not repeat them (RFC 9110 section
 * 15.4.5), and the document may. */
void websub_unchanged(struct websub *websub, int64_t feed, struct bytes url, struct bytes headers);

/* The feed was removed: its hub is told. */
void websub_forget(struct websub *websub, int64_t feed);

/* One feed's subscription; strings lent until the next call to websub. */
struct websub_view {
    const char *hub, *topic;
    /* live; else asking (the request is under way), pending (the hub is to verify), waiting */
    const char *state;
    const char *error; /* NULL when the last request went well */
    bool relied;
    int64_t lease_until, next_try, last_push; /* wall, 0 for none */
    int32_t failures;                         /* in a row */
    uint64_t pushes, ignored;                 /* since the start */
};
bool websub_get(const struct websub *websub, int64_t feed, struct websub_view *ret_view);

/* Since the start, except the first line. */
struct websub_counters {
    uint64_t subscriptions, live, relied, leaving;
    uint64_t asked, verified, denied, failed; /* of requests to hubs */
    uint64_t refused;                         /* verifications of what was not asked for */
    uint64_t unknown;                         /* requests to no callback of ours */
    uint64_t pushed;                          /* bodies taken */
    uint64_t unsigned_, forged;               /* bodies ignored */
    uint64_t late;                            /* taken, but not in the store in time */
    uint64_t too_large, too_many;             /* bodies turned away */
};
void websub_counters(const struct websub *websub, struct websub_counters *ret_counters);

#endif
