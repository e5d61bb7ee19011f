/* private.h - what the files of poll share: a feed at rest (feed.c), asking it (poll.c),
 * writing it down (write.c). */
#ifndef WIREROOM_POLL_PRIVATE_H
#define WIREROOM_POLL_PRIVATE_H

#include "base/closing.h"
#include "base/due.h"
#include "base/slab.h"
#include "base/table.h"
#include "poll/outage.h"
#include "poll/poll.h"
#include "poll/rule.h"

/* Those that each poll looks at stand first, since each is found by going through those before. */
enum feed_text {
    FEED_URL,
    FEED_ERROR,
    FEED_ETAG,
    FEED_MODIFIED,
    FEED_VALIDATED, /* the address that gave them, "" for the feed's own */
    FEED_TITLE,
    FEED_TAGS,
    FEED_ORIGIN,
    FEED_LINK,
    FEED_TEXTS
};

enum { ERROR_LIMIT = 300 };

enum { HISTORY_LOT = 8 };

/* Polls that are written together: the feed's row is read and written again for each lot. */
struct history {
    size_t count;
    struct store_polled polls[HISTORY_LOT];
};

/* A feed at rest: some 130 bytes and its texts, in one allocation each. */
struct feed {
    struct heap_node due;
    int32_t failures;
    uint32_t skip; /* hours and days the document asks to leave out (hint.h) */
    int64_t id;
    char *text;     /* FEED_TEXTS strings, each with its NUL; "" for none */
    int64_t due_at; /* monotonic */
    int64_t interval;
    int64_t asked; /* interval the document itself asks for */
    uint64_t body_hash;
    uint64_t provider;                           /* site_provider_key() of its address */
    int64_t state_since, last_success, last_new; /* wall */
    int64_t not_before; /* wall: its server wishes so (Retry-After), 0 for no wish */
    struct asking *asking;
    struct cadence *cadence; /* its rhythm; NULL before the second news */
    struct history *history; /* polls not written yet; NULL before the first */
    struct feed *next_unwritten;
    int16_t http_status;
    uint16_t answer_ms; /* mean of its last answers */
    uint8_t state;
    uint8_t lost;    /* 1 + the outage_way on which its last poll was lost, 0: it was answered */
    uint8_t limited; /* refusals of its host in a row that were no failure of its own */
    bool unwritten;
    bool distrusted; /* its validators were seen to lie */
    bool moving;     /* it answers by a permanent redirect: poll->moves has it */
    bool diagnosed;  /* something was wrong in its last document */
    bool remembered; /* polls were written since the start */
    bool learned;    /* its cadence is not written */
    bool unsure;     /* it seems silent: asked without validators before that is said */
    bool pushed;     /* its hub is relied on */
};

/* While a feed is asked and its answer read. */
struct asking {
    struct poll *poll;
    struct feed *feed; /* NULL when it was removed meanwhile */
    uint64_t ticket;   /* 0 once the answer is there */
    bool same_validators;
    bool also; /* entries that another feed brought before */
    int status;
    int code; /* of the request, OK when there is a status */
    int64_t wire_bytes, elapsed, entries, fresh;
    uint64_t body_hash;
    int64_t max_age, retry_after, published;
    char *etag, *last_modified; /* of the answer, NULL for none */
    char *validated;            /* where it came from, NULL for the feed's own address */
};

struct feed_table {
    struct feed **items; /* in order of id */
    size_t count, cap;
    struct table by_url;
    struct slab slab; /* of the feeds and what they own */
};

enum { TROUBLE_TEXT = 300 };

/* A host that grants so much and no more. */
struct limit {
    struct limit *next;
    int64_t since; /* wall */
    int per_minute;
    char origin[FETCH_ORIGIN];
};

/* What is wrong for many feeds at once (trouble.c). */
struct trouble {
    struct outage outage;
    int64_t since[OUTAGE_WAYS]; /* wall */
    int64_t step, stepped_at;   /* of the clock; 0: none */
    int64_t behind; /* the store was written at this time, which is not yet; 0: it is past */
    struct limit *limits;
};

struct poll {
    uv_loop_t *loop;
    struct fetcher *fetcher;
    struct store *store;
    struct poll_hooks hooks;
    struct rule rule;
    int64_t opened; /* wall */
    struct feed_table feeds;
    struct due due;
    struct table moves; /* move.c, by feed */
    const struct conf *conf;
    uv_timer_t writing;
    size_t asking;
    int reading;
    uint64_t chance;
    struct feed *first_unwritten, *last_unwritten;
    struct poll_counters counters;
    struct trouble trouble;
    struct closing handles;
    bool closing;
};

/* feed.c */
struct feed *feed_table_get(const struct feed_table *feeds, int64_t id);
struct feed *feed_table_find(const struct feed_table *feeds, const char *url);
struct feed *feed_table_add(struct feed_table *feeds, const struct store_feed *from);
/* An older wireroom took addresses as they were written, passwords included: each gets its one
 * form. */
void poll_move_tidy(struct poll *poll);
void feed_table_rename(struct feed_table *feeds, struct feed *feed, const char *url);
void feed_table_remove(struct feed_table *feeds, struct feed *feed); /* frees it */
void feed_table_done(struct feed_table *feeds);

/* The strings lie one after the other; "" is given for an absent one. */
const char *feed_text(const struct feed *feed, enum feed_text which);
/* Replace those of texts that are not NULL. */
void feed_set_texts(
    struct feed_table *feeds, struct feed *feed, const char *const texts[FEED_TEXTS]);
/* As the store and the outside see it; strings lent. */
struct store_feed feed_view(const struct feed *feed);

/* write.c */
void poll_note(struct poll *poll, struct feed *feed); /* to be written some time soon */
void poll_forget(struct poll *poll, struct feed *feed);
void poll_write_all(struct poll *poll);
void on_writing(uv_timer_t *timer);

/* move.c */
void poll_move_load(void *ctx, const struct store_moving *moving);
/* Where the hops of a good answer led that were all permanent, NULL for none. */
void poll_move_see(struct poll *poll, struct feed *feed, const char *url);
/* The document from there: the same as before, or how many entries it has in common. */
void poll_move_read(struct poll *poll, struct feed *feed, bool same, uint64_t common);
/* Whether a 304 would leave open what is there. */
bool poll_move_wants_body(const struct poll *poll, const struct feed *feed);
int64_t poll_move_before(const struct poll *poll, const struct feed *feed); /* store_feed.moving */
/* After a poll that went well; the feed may be gone after this. */
void poll_move_settle(struct poll *poll, struct feed *feed);
void poll_move_drop(struct poll *poll, struct feed *feed); /* from memory only */

/* history.c */
void poll_remember(struct poll *poll, struct feed *feed); /* how the asking that ends now went */
void poll_history_close(struct poll *poll);

/* trouble.c: a poll's result is looked at; whether it may be no fault of the feed. */
bool poll_trouble_note(
    struct poll *poll, const struct feed *feed, const struct fetch_result *result);
void poll_trouble_expect(struct poll *poll, const struct feed *feed); /* at the start */
void poll_trouble_limit(void *ctx, const char *origin, int per_minute);
void poll_trouble_close(struct poll *poll);

/* push.c: delay is what it would be without a hub */
int64_t poll_push_delay(struct poll *poll, const struct feed *feed, int64_t delay);

/* silence.c */
void poll_cadence_load(void *ctx, int64_t id, struct bytes model);
/* An answer was whole: before last_success and last_new are set anew, while it is asked. */
void poll_cadence_learn(struct poll *poll, struct feed *feed, bool news, int64_t published);
int poll_well_state(const struct poll *poll, struct feed *feed); /* after that */
/* What a hub pushed brought news. */
void poll_cadence_pushed(struct poll *poll, struct feed *feed, int64_t published);
/* For a feed whose hub is relied on: websub.safety_poll, or sooner when quiet will be silence. */
int64_t poll_cadence_safety(const struct poll *poll, const struct feed *feed);
/* The feed's interval as it is at this hour of the week, at most to when quiet becomes silence. */
int64_t poll_cadence_interval(const struct poll *poll, const struct feed *feed);
void poll_cadence_show(const struct feed *feed, struct store_feed *view);
void poll_cadence_write(struct poll *poll, struct feed *feed);
void poll_cadence_close(struct poll *poll);

/* answer.c */
void poll_on_result(void *ctx, const struct fetch_result *result);
void asking_free(struct asking *asking);
void poll_set_paused(struct poll *poll, struct feed *feed, bool paused);
void poll_set_moved(struct poll *poll, struct feed *feed, const char *url);
uint64_t poll_chance(struct poll *poll);

/* poll.c */
void poll_schedule(struct poll *poll, struct feed *feed, int64_t delay);
void poll_wake(struct poll *poll);          /* a place may have become free */
void poll_reads(struct poll *poll, int by); /* so many more answers are being read, or fewer */

#endif
