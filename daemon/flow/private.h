/* private.h - what flow.c, item.c and ordered.c share: the items on their way. */
#ifndef WIREROOM_FLOW_PRIVATE_H
#define WIREROOM_FLOW_PRIVATE_H

#include <sys/queue.h>

#include "base/closing.h"
#include "base/due.h"
#include "base/table.h"
#include "fetch/fetch.h"
#include "flow/flow.h"
#include "flow/health.h"
#include "flow/known.h"
#include "flow/shared.h"
#include "flow/turns.h"
#include "page/page.h"
#include "pool/pool.h"
#include "recheck/recheck.h"
#include "record/record.h"
#include "store/store.h"

enum {
    LATENCIES = 1024,
    EVENT_LIMIT = 8 << 20,
    ITEM_RECORD = RECORD_LIMIT + (8 << 20), /* an encoded record, with its names and numbers */
    WAY_LIMIT = 4096,      /* a way has no more lines than stages.chain, which are short */
    ITEM_LIMIT = 64 << 20, /* of an item's arena: the record twice, and what is made of it */
};

enum step { STEP_PAGE, STEP_STAGES, STEP_ORDER, STEP_COMMIT, STEP_PUBLISHED, STEP_END, STEP_WAIT };

/* A record between admission and publication. It owns its arena; it is in flow->all until
 * flow_end(). */
struct item {
    struct flow *flow;
    struct arena *arena;      /* NULL while it waits for its page, as record */
    struct wr_record *record; /* by item_load() */
    struct bytes kept;        /* the same, encoded; empty: to be read from its row */
    const char *link;         /* of its page, "" for none */
    const char *feed_url;
    size_t held;     /* of the budget */
    int64_t pending; /* row */
    int64_t version;
    int64_t feed, host;
    int64_t page_host;        /* of the page in hand, redirects followed; 0 for none */
    int64_t started;          /* mono */
    int64_t began[STEP_WAIT]; /* wall: each step that it came to */
    struct page *page;        /* under way, or NULL */
    struct page *stage_page;  /* fetched for a stage, or NULL */
    uint64_t stage_ticket;
    /* its page, by page_step.c */
    enum page_fault fault; /* of the last answer */
    int64_t retry_after;
    bool waited;
    int tries; /* before the last */
    struct heap_node wait;
    int64_t seen, published;      /* wall; published by its own date, 0 for none */
    bool rechecked;               /* the version was admitted for its page */
    size_t bytes;                 /* of the record as it is pending */
    struct store_recheck recheck; /* what the commit does to the article's row (look.c) */
    bool placed;                  /* it holds one of flow->turns */
    bool ordered;                 /* the ordered stages have it, the log does not yet */
    bool too_long;                /* what the stages made of it */
    struct emitted *emitted;      /* what they told beside it (emitted.h), or NULL */
    char uri[64];
    LIST_ENTRY(item) all;
    struct item *behind; /* next version of the same article: it waits until this one is out */
    struct item *next;   /* in an item_list */
    char text[];         /* of link, feed_url and kept */
};

struct item_list {
    struct item *first, **end;
};

void item_list_add(struct item_list *list, struct item *item);
struct item *item_list_take(struct item_list *list); /* NULL when empty */

/* What the ordered stages know, and how they get it back (ordered.c). */
struct ordered {
    bool ready;      /* records may be ordered */
    bool restarting; /* the ordered worker died; it waits for pool_ordered_resume() */
    struct item_list waiting;
    uint64_t replayed;  /* sequence up to which events were given back */
    size_t loading;     /* saves under way to the worker */
    size_t replaying;   /* events under way to the worker */
    size_t uncommitted; /* records ordered and not yet in the log */
    uint64_t last_sequence;
    size_t since_save; /* events committed since the last save */
    int64_t look_at;   /* monotonic: when there may be something to be saved */
    bool saving;       /* JOB_SAVE is under way */
    struct arena *save_arena;
    struct wr_record *save; /* a save that waits for save_after commits to know its sequence */
    size_t save_after;
    uv_timer_t timer;
    /* what is told though no record comes */
    struct due due;
    struct heap_node next;
    int64_t wall, mono;    /* when it was set */
    int64_t asked;         /* wall time of the question under way, or 0 */
    struct emitted *told;  /* by its answer, until it is in the log, or NULL */
    uint64_t replayed_due; /* hash of the last such time given back */
};

struct flow {
    struct flow_parts parts;
    struct poll *poll;       /* from flow_connect() on */
    struct recheck *recheck; /* likewise */
    LIST_HEAD(, item) all;
    struct table by_uri; /* the oldest version of each article */
    struct table by_row; /* all, by pending row */
    struct ordered ordered;
    struct known known;
    struct health *health;    /* of the sites */
    struct shared shared;     /* pages */
    struct item_list refused; /* by a full disk */
    bool full;                /* no room on disk */
    bool stopping;
    bool taking;            /* flow_take_turns() is at it */
    struct closing closing; /* of all timers of flow and ordered */
    uv_timer_t full_probe, again;
    int64_t probe_at;   /* monotonic: when a store that was full is tried again */
    struct turns turns; /* of what waits in the store */
    struct due waits;   /* items whose page is asked for again soon */
    struct look *looks[RECHECK_AT_ONCE];
    struct flow_counters counters;
    int64_t latency[LATENCIES];
    size_t latency_next;
};

/* item.c: take up an admitted record, now or, when others are before it, in its turn, from the
 * store; what was stored before the start; what may go now. */
void flow_take(struct flow *flow, const struct admitted *admitted);

/* Beside the places that are shared, RECHECK_AT_ONCE at most: its page is in hand. */
void flow_take_at_once(struct flow *flow, const struct admitted *admitted);
void flow_take_stored(struct flow *flow);
void flow_take_turns(struct flow *flow);
void flow_look_again(struct flow *flow);
struct item *item_find(const struct flow *flow, int64_t row); /* NULL: it is not on its way */
int item_load(struct item *item, struct error *err);
void item_unload(struct item *item);
void item_holds(struct item *item, size_t bytes);
void flow_end(struct item *item);
void flow_put_back(struct item *item); /* into its line, from the page step */

/* A second feed lists the article of a row that is on its way. */
void flow_seen_also(struct flow *flow, const struct seen_also *also);
void flow_free_items(struct flow *flow);

void item_take_place(struct item *item);
void item_give_place(struct item *item);

/* flow.c: bytes that may be pending of a feed alone. */
size_t flow_feed_share(const struct flow *flow);

/* flow.c: let a record go on from a step. */
void flow_go(struct item *item, enum step step);

/* The record is needed from now on. False: the item has ended. */
bool flow_load(struct item *item);

/* page_step.c */
enum step page_step(struct item *item);
struct page_request page_request_of(struct item *item, const char *url);
bool page_is_news(const struct item *item); /* worth waiting for */
bool page_wait_broken(struct item *item);   /* its page could not be decoded: it waits again */
void page_show_familiar(struct item *item); /* what its host's articles have in common */
void page_teach(const struct item *item, struct store_event *event); /* what it has of its own */
bool page_is_awaited(const struct item *item); /* under way, or to be asked for again */
void page_forget(struct item *item);           /* nobody waits for it any more */
void page_step_init(struct flow *flow);
void page_step_done(struct flow *flow);

/* ordered.c: a record came out of the ordered stages; it ended, with sequence when it was
 * committed, else 0. */
void ordered_open(struct flow *flow);
void ordered_done(struct flow *flow);
void ordered_committed(struct flow *flow, uint64_t sequence);
void ordered_close(struct flow *flow);
void ordered_due(struct flow *flow, struct wr_record *answer); /* takes REC_DUE out of it */

/* way.c: how an item came here, as lines of store/why.h; and what it is at. */
void way_write(const struct item *item, struct buf *out);

#endif
