/* private.h - what the files of websub share: the subscriptions (websub.c), asking hubs
 * (websub_ask.c), what hubs ask and send (websub_callback.c, websub_push.c), the store
 * (websub_keep.c). */
#ifndef WIREROOM_WEBSUB_PRIVATE_H
#define WIREROOM_WEBSUB_PRIVATE_H

#include <sys/queue.h>

#include "base/due.h"
#include "base/table.h"
#include "http/listener.h"
#include "store/store.h"
#include "websub/read.h"
#include "websub/websub.h"

/* 192 and 256 bits, written in hex. A secret may have up to 199 bytes (section 5.1). */
enum { TOKEN_BYTES = 24, SECRET_BYTES = 32, TOKEN_TEXT = 2 * TOKEN_BYTES + 1 };

/* Bodies of one subscription that wait for the one being read, of all that wait or are on the wire;
 * bytes of these. */
enum { WAITING_MOST = 8, BODIES_MOST = 256, HELD_MOST = 64 << 20 };

/* Of one subscription: so many bodies at once, then one a second. */
enum { PUSH_BURST = 60 };

/* Seconds between two changes of a feed's hub or topic that are followed; documents in a row
 * without a hub until the feed is taken to have none. */
enum { CHANGE_SECONDS = 3600, ABSENT_DOCUMENTS = 3 };

/* Hubs at a time that wait for what they sent to be in the store. */
enum { UNANSWERED_MOST = 128 };

/* Subscriptions that ended lately, and for how long each is remembered: as long as one that was
 * asked for waits to be verified. A list that goes ends many at once; the oldest make room. */
enum { ENDED_MOST = 256, ENDED_SECONDS = 600 };

/* A body that waits to be read, or is; owned by its subscription. */
struct hub_body {
    STAILQ_ENTRY(hub_body) entry;
    uint64_t number;
    struct callback *callback; /* whose hub waits for an answer; NULL once it has left */
    struct buf body;           /* until it is read */
    struct buf headers;        /* "name: value\n" */
};

struct subscription {
    struct heap_node due; /* key: the first of lease_end, answer_by and try_at */
    LIST_ENTRY(subscription) entry;
    struct websub *websub;
    int64_t feed; /* 0: given up, the hub is being told */
    char token[TOKEN_TEXT];
    char secret[2 * SECRET_BYTES + 1];
    char *hubs; /* one a line, the present one first */
    char *topic;
    char *error;
    int64_t lease_end; /* mono; 0: none */
    int64_t try_at;    /* mono; INT64_MAX: not before something else happens */
    int64_t answer_by; /* mono; the verification's last moment, INT64_MAX before the hub answered */
    int64_t made_at;   /* mono */
    int64_t last_push; /* wall */
    uint64_t ticket;   /* of the request under way */
    bool pending;      /* the hub was asked and has not verified yet */
    bool told;         /* the hub knows the callback as it is now */
    bool relied;
    bool unkept;     /* last_push is not in the store */
    uint8_t absent;  /* documents in a row that named no hub */
    uint8_t put_off; /* times in a row, since too many were asked for */
    int32_t failures;
    int32_t allowance; /* bodies it may send now */
    int64_t allowed_at;
    size_t waiting;
    uint64_t pushes, ignored;
    STAILQ_HEAD(, hub_body) bodies;
    struct hub_body *reading; /* the body that is in a worker or on its way to the store, or NULL */
};

/* Its hub confirmed the end, and may ask for it again. */
struct ended {
    char token[TOKEN_TEXT];
    uint64_t topic; /* its hash */
    int64_t until;  /* mono */
};

struct websub {
    struct websub_parts parts;
    const struct conf *conf;
    struct listener *listener; /* NULL: off */
    char *listens_at;
    LIST_HEAD(, subscription) all;
    struct table by_feed, by_token;
    struct due due;
    size_t asking; /* requests under way */
    size_t bodies, held;
    size_t unanswered; /* bodies whose hubs wait for an answer */
    uint64_t last_number;
    struct ended ended[ENDED_MOST];
    size_t ended_count; /* of all; the ring's place */
    struct websub_counters counters;
    bool closing;
};

/* websub.c */
struct subscription *websub_find(const struct websub *websub, int64_t feed);
struct subscription *websub_find_token(const struct websub *websub, struct bytes token);
void websub_add(struct websub *websub, struct subscription *s); /* owned by websub from now on */
void websub_drop(struct subscription *s);                       /* gone, from the store too */
void websub_plan(struct subscription *s);                       /* its times have changed */
void websub_rely(struct subscription *s, bool on_hub);
void websub_give_up(struct subscription *s); /* its feed no longer wants it: unsubscribe */
bool websub_is_live(const struct subscription *s);
uint64_t websub_chance(uint64_t below);
void websub_random_hex(char *out, size_t bytes);

/* websub_ask.c */
void websub_ask(struct subscription *s);
void websub_unanswered(struct subscription *s); /* the verification did not come */
void websub_verified(struct subscription *s, int64_t lease);
void websub_denied(struct subscription *s, struct bytes reason);
struct bytes websub_hub(const struct subscription *s); /* the present one */

/* websub_callback.c */
extern const struct listener_hooks websub_hooks; /* ctx is to be set */
void websub_answer(struct callback *callback, unsigned status);

/* websub_push.c */
bool websub_may_push(struct subscription *s); /* and count it */
struct hub_body *hub_body_new(
    struct websub *websub, struct callback *callback, struct buf *body, struct buf *headers);
void websub_take(struct subscription *s, struct hub_body *push);
void websub_bodies_free(struct subscription *s); /* what is read of them goes on */

/* websub_keep.c */
int websub_load(struct websub *websub, struct error *err);
void websub_keep(struct subscription *s);

/* public_url/token */
void websub_callback(const struct subscription *s, struct buf *out);

#endif
