/* private.h - what the files of the store share: the request, the queue, the writer's memory.
 * Nobody else includes it. */
#ifndef WIREROOM_STORE_PRIVATE_H
#define WIREROOM_STORE_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "admit/admit.h"
#include "base/table.h"
#include "store/schema.h"
#include "store/store.h"

enum {
    REQUEST_MEMORY = 1 << 20, /* of a request's arena, its large parts not counted */
    REQUEST_HELD = 1,         /* of commit_apply(): an earlier version comes first */
    GROUP_MOST = 64,          /* requests of one transaction; 16 feeds count as one */
    STORE_TOPICS = 65536,
};

enum request_kind {
    REQUEST_FEED_PUT,
    REQUEST_FEED_REMOVE,
    REQUEST_HUB_PUT,
    REQUEST_HUB_REMOVE,
    REQUEST_FEED_POLL,
    REQUEST_ADMIT,
    REQUEST_QUARANTINE,
    REQUEST_QUARANTINE_END,
    REQUEST_QUARANTINE_REMOVE,
    REQUEST_COMMIT,
    REQUEST_DROP,
    REQUEST_SNAPSHOT,
    REQUEST_TRIM,
    REQUEST_PROBE,
    REQUEST_HISTORY,
    REQUEST_CADENCE,
    REQUEST_MOVING,
    REQUEST_MOVE,
    REQUEST_READMIT,
    REQUEST_RECHECK_LATER,
    REQUEST_RECHECK_REMOVE,
    REQUEST_CONSUMER_PUT,
    REQUEST_CONSUMER_REMOVE,
    REQUEST_TROUBLE, /* not asked for: carries the error of a group to the loop */
};

/* What the loop asks of the writer, and what comes back. Everything it points to is on its arena or
 * in its buf; it is freed on the loop after its callback. */
struct request {
    struct request *next;
    int kind;
    struct arena *arena;
    struct store_feed feed;
    struct error err;
    void *ctx;
    union {
        struct {
            struct bytes *entries;
            size_t count;
            bool first;
            void (*on_admitted)(void *ctx, const struct admit_result *result);
            struct admit_result result;
        } admit;
        struct {
            struct store_event event;
            struct bytes told; /* of the event, as a column */
            void (*on_committed)(
                void *ctx, const struct error *err, const struct committed *committed);
            struct committed committed;
            struct store_event *also;         /* event.also_count of them */
            struct committed *also_committed; /* also_count */
            size_t also_count;                /* were made */
        } commit;
        struct {
            int64_t row;
            const char *cause;
            struct bytes way;
            bool undo; /* of a drop: its number is given back */
        } pending;
        struct {
            struct store_recheck row;
            void (*on_admitted)(void *ctx, const struct admit_result *result);
            struct admit_result result;
        } recheck;
        struct {
            const char *stage;
            uint64_t sequence;
            struct bytes saved;
            uint64_t keep;
        } snapshot;
        struct {
            struct store_consumer row;
            void (*on_kept)(void *ctx, const struct error *err);
        } consumer;
        struct bytes history;
        struct bytes cadence;
        struct store_moving moving;
        const char *move_to;
        struct store_hub push;
        void (*on_probed)(void *ctx, const struct error *err);
    } as;
    struct buf asked; /* large bytes that came with it */
    struct buf buf;   /* the result's bytes */
};

struct request_list {
    struct request *first, *last;
    size_t count;
};

/* Which file lies at a path; 0, 0 before it was looked at. */
struct file_id {
    uint64_t device, number;
};

/* Named numbers (tally.c). */
struct tally;
struct tallies {
    struct table by_name;
    struct tally *all;
    struct tally *used; /* in this group */
    int64_t last_id;
};

/* Bytes in the event log by feed (weight.c). */
struct weight;
struct weights {
    struct table by_feed;
    struct weight *all, *changed, *unwritten;
};

/* The writer thread's own. */
struct writer {
    struct sql sql;
    struct store *store;
    struct arena *arena; /* of one request, reset before each */
    struct arena *entry; /* of one entry of a document, reset before each */
    struct buf scratch;
    uint64_t seed;
    int64_t last_pending;
    uint64_t head;         /* sequence of the newest event, this group included */
    struct tallies topics; /* last sequence of each */
    struct tallies counters;
    struct weights weights;
    int64_t heavy;               /* feed whose events go first, 0: none does */
    uint64_t heavy_at;           /* which have gone, up to this sequence */
    uint64_t heavy_found;        /* since the log's begin */
    struct request_list held;    /* versions that wait for the one before */
    struct request_list again;   /* requests without a callback whose group failed */
    struct request_list *done;   /* of this group, in order of execution */
    int64_t sweep;               /* article the last sweep ended at */
    uint64_t log_first;          /* sequence of the oldest event */
    bool trim_more;              /* a batch was not enough */
    bool trim_first;             /* and the next comes before all else */
    bool wrote;                  /* the last group changed rows */
    bool ended;                  /* the last chance was given */
    bool broken;                 /* a commit failed for good: see failure */
    int wal_pages, wal_most;     /* of the write-ahead log: in it, before it is emptied */
    int64_t age_base, age_began; /* age.c: the store's own time at the mono time it was opened */
    int64_t age_written;         /* the store's time that was written down last */
    int64_t wal_next;            /* mono: no attempt to empty it before */
    int64_t written, changes;    /* bytes of large values in this group; changes before it */
    struct error failure;
};

struct store {
    uv_loop_t *loop;
    uv_async_t async;
    struct sql reader;   /* the loop's */
    struct arena *arena; /* of one reading call */
    struct writer writer;
    pthread_t thread;
    int lock_fd;
    char epoch[EPOCH_TEXT];
    char source[320]; /* "//host/instance" */
    char *path;
    /* of the configuration, changed by store_reload() while the writer reads them */
    _Atomic int first_fetch;
    _Atomic int64_t first_count, keep, max_size;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake;  /* the writer: there is work */
    pthread_cond_t full;  /* the writer: there is enough for a group */
    pthread_cond_t idle;  /* the loop: a group ended */
    struct request_list queue, done;
    uint64_t asked, finished; /* requests */
    size_t again;             /* requests that wait for room on the disk */
    struct store_trouble trouble;
    bool asleep;              /* the writer waits for wake */
    bool awaited;             /* the queue has a request that is_awaited */
    bool hurried;             /* and one that is not patient, or somebody waits for it */
    bool stopping;            /* the writer ends when the queue is empty */
    bool closing;             /* nothing more is taken */
    struct file_id file, wal; /* what was opened under the path and behind it, see file_check() */
    int64_t wal_held;         /* mono: since when a reader is in the way of emptying it, 0: none */
    struct error wal_error;

    _Atomic uint64_t log_first, log_head;

    void (*on_event)(void *ctx, const struct committed *event);
    void *event_ctx;
    void (*on_trouble)(void *ctx, const struct error *err);
    void *trouble_ctx;
    int64_t last_feed;       /* newest id given out */
    struct feed_mark *marks; /* feeds.c: what was last written of each feed's polling */
    size_t marks_count;
    struct feed_new *fresh; /* feeds.c: feeds asked for and not yet committed */
    struct table fresh_by_url;
};

/* queue.c */
struct request *request_new(int kind, size_t limit);
void request_free(struct request *request);
void request_add(struct request_list *list, struct request *request);
void request_put_first(struct request_list *list, struct request *request);
struct request *request_take(struct request_list *list);
void store_ask(struct store *store, struct request *request);
void store_deliver(struct store *store); /* on the loop: callbacks of what is done */

/* writer.c: the thread */
int writer_open(struct writer *writer, struct store *store, struct error *err);
int writer_close(struct writer *writer, struct error *err);
void *writer_run(void *arg); /* struct store */

/* trim_events.c: those that are too old go, else as many as take so many bytes, some at a time. */
int trim_events(struct writer *writer, int64_t excess, struct error *err);

/* consumer.c: up to where consumers that hold the log are done with it; INT64_MAX for none. */
int consumers_hold(struct writer *writer, uint64_t *ret_acked, struct error *err);

/* weight.c: what the log takes of each feed, and how many entries it has pending: those that were
 * put aside and went are counted on until the next start. */
int weight_open(struct writer *writer, struct error *err);
void weight_add(struct writer *writer, int64_t feed, int64_t bytes); /* or less than 0 */
void weight_pend(struct writer *writer, int64_t feed, int64_t rows); /* likewise */
bool weight_has_pending(struct writer *writer, int64_t feed);
void weight_end(struct writer *writer, bool committed); /* of a group */
int weight_write(struct writer *writer, struct error *err);
void weight_close(struct writer *writer);
/* The feed whose events go before others', 0 when nobody has more than a share. */
int weight_heaviest(struct writer *writer, int64_t *ret_feed, struct error *err);
void weight_forget(struct writer *writer, int64_t feed); /* it has none */

/* age.c: the store's own time, which no step of the wall clock moves; kept now and then */
int age_open(struct writer *writer, struct error *err);
int64_t age_now(const struct writer *writer);
int64_t age_least(const struct writer *writer); /* or the wall's, for what was stamped by that */
int age_write(struct writer *writer, struct error *err);

/* file.c: E_REFUSED while the files that are open are not those at the
 * store's path: what is written would be lost with them. */
int file_check(struct writer *writer, struct error *err);

/* wal.c: emptied after a group, when it is long; at the end, after which nothing is written. */
int wal_open(struct writer *writer, struct error *err);
void wal_begin(struct writer *writer);            /* a group */
bool wal_has_enough(const struct writer *writer); /* it ends, whatever else was asked */
/* sql_run() for a statement that moves large values and returns their lengths. */
int wal_run(struct writer *writer, sqlite3_stmt *stmt, struct error *err);
void wal_tend(struct writer *writer);
/* Most bytes it takes on the disk, unless somebody keeps it from being emptied. */
int64_t wal_room(const struct writer *writer);
int wal_close(struct writer *writer, struct error *err);

/* Each does one request within the group's transaction. Anything but OK, E_NOT_FOUND, E_FORMAT and
 * E_USAGE fails the whole group; these three come before the request has written anything. */
int feed_put_apply(struct writer *writer, struct request *request);
int feed_remove_apply(struct writer *writer, struct request *request);
int feed_remove_rows(struct writer *writer, struct request *request); /* its pending entries stay */
int hub_put_apply(struct writer *writer, struct request *request);
int hub_remove_apply(struct writer *writer, struct request *request);
int feed_poll_apply(struct writer *writer, struct request *request);
int admit_apply(struct writer *writer, struct request *request);
int commit_apply(struct writer *writer, struct request *request);
int drop_apply(struct writer *writer, struct request *request);
int quarantine_apply(struct writer *writer, struct request *request);
int quarantine_end_apply(struct writer *writer, struct request *request);
int quarantine_remove_apply(struct writer *writer, struct request *request);
int snapshot_apply(struct writer *writer, struct request *request);
int trim_apply(struct writer *writer, struct request *request);
int probe_apply(struct writer *writer, struct request *request);
int consumer_put_apply(struct writer *writer, struct request *request);
int consumer_remove_apply(struct writer *writer, struct request *request);
int history_apply(struct writer *writer, struct request *request);
int cadence_apply(struct writer *writer, struct request *request);
int moving_apply(struct writer *writer, struct request *request);
int move_apply(struct writer *writer, struct request *request);
int readmit_apply(struct writer *writer, struct request *request);
int recheck_later_apply(struct writer *writer, struct request *request);
int recheck_remove_apply(struct writer *writer, struct request *request);

/* Part of a commit, before its pending row goes: the row of event->recheck is put or removed. */
int recheck_commit(struct writer *writer, const struct store_event *event, struct error *err);

/* Part of a commit: what its lines teach. */
int familiar_commit(struct writer *writer, const struct store_event *event, struct error *err);

/* Part of an admission: the row of what was admitted. */
int pending_add(struct writer *writer, const struct admitted *row, int64_t now, struct error *err);

/* Part of an admission, the first that writes: the diagnosis of request->feed becomes what is kept.
 */
int diagnosis_apply(struct writer *writer, struct request *request);

/* feeds.c */
int feeds_open(struct store *store, struct error *err);
void feeds_forget_fresh(struct store *store); /* when one is removed or has another address */
void feeds_close(struct store *store);
void feeds_forget_committed(struct store *store); /* those that are committed by now */
void feed_copy(struct arena *arena, const struct store_feed *feed, struct store_feed *ret_feed);
/* its whole row is being written */
void feed_marked(struct store *store, const struct store_feed *feed);
void feed_id_format(int64_t id, char text[24]);

/* commit.c: a request about one pending row; what it is of (E_NOT_FOUND when it is not pending);
 * the row away. */
void ask_about_pending(struct store *store, int kind, int64_t pending, const char *cause);
struct pending {
    int64_t article, version, feed;
};
int pending_get(struct writer *writer, int64_t row, struct pending *ret_pending, struct error *err);
int pending_remove(struct writer *writer, int64_t row, int64_t feed, struct error *err);

/* tally.c: counters and topics, kept in memory and written with each group */
int tally_open(struct writer *writer, struct error *err);
void tally_count(struct writer *writer, const char *name, uint64_t amount); /* less: by 2^64 - it */
uint64_t tally_get(struct writer *writer, const char *name);
/* E_USAGE: with those of event there would be more than STORE_TOPICS. To be asked before anything
 * is written. */
int tally_topics_fit(struct writer *writer, const struct store_event *event, struct error *err);
/* The topic's row; *ret_previous: the sequence of the event before in it, 0 for none. */
int64_t tally_topic(
    struct writer *writer, const char *name, uint64_t sequence, uint64_t *ret_previous);
int tally_write(struct writer *writer, struct error *err); /* before COMMIT */
void tally_keep(struct writer *writer);                    /* after it */
void tally_undo(struct writer *writer);                    /* after ROLLBACK */
void tally_close(struct writer *writer);

/* pending.c: what is pending of a feed that is removed, and of no other, goes. */
int pending_remove_feed(struct writer *writer, struct request *request);

/* why.c: how a pending entry ended, before its row goes; way is added to. */
int way_ended(struct writer *writer, int64_t row, bool quarantined, const char *cause,
    struct bytes way, struct error *err);
int way_feed_removed(struct writer *writer, int64_t feed, struct error *err);
void way_put(struct buf *out, const char *end, struct bytes way);

/* article.c */
enum {
    ARTICLE_FEEDS = 64, /* most feeds listed for one article */
    ARTICLE_TITLE = STORE_HEADLINE,
    ARTICLE_EARLIER = 8, /* of each kind together; more than two feeds revise at once (admit.c) */
};
struct sighting {
    int64_t feed, at; /* wall */
};
struct article {
    int64_t id;
    char uri[46];
    int64_t version;
    uint64_t content;
    int64_t first_seen;
    struct bytes title;
    int64_t told_by; /* feed that brought the newest version */
    uint64_t site;   /* site_key() of its address, or of the feed that named it; 0: unknown */
    bool by_owner;   /* its newest version was brought by a feed of its own site */
    int64_t updated; /* seconds since 1970: when that version was written; 0: it does not say */
    struct sighting seen_in[ARTICLE_FEEDS];
    size_t seen_in_count;
    /* hash64() of the headlines it had, and ids of feeds that listed it under another one than was
     * told, the newest first; no hash is as small as an id */
    uint64_t earlier[ARTICLE_EARLIER];
    size_t earlier_count;
};

/* By row, or by another address. E_NOT_FOUND leaves err alone. title is on arena. */
int article_find(struct sql *sql, struct arena *arena, uint64_t key, struct article *ret_article,
    struct error *err);
int article_get(struct sql *sql, struct arena *arena, int64_t id, struct article *ret_article,
    struct error *err);
int article_add(struct sql *sql, const struct article *article, struct error *err);

/* The next version gets this headline, which lives as long as article; the one before is among the
 * earlier. */
void article_entitle(struct article *article, struct bytes title);
bool article_was_entitled(const struct article *article, struct bytes title);

/* A feed lists it under another headline; article_seen_in() stores that. */
void article_differs(struct article *article, int64_t feed);
bool article_differed(const struct article *article, int64_t feed);

/* The next version: *article is brought up to date. */
int article_revise(struct sql *sql, struct article *article, int64_t now, struct error *err);

/* Whose it is now (teller, site, by_owner), without a new version. */
int article_own(struct sql *sql, const struct article *article, struct error *err);
int article_alias(struct sql *sql, uint64_t key, int64_t article, struct error *err);

/* store_told as a column */
struct bytes told_encode(struct arena *arena, const struct store_told *told);

/* Whether feed is listed; article_seen_in() lists it. */
bool article_is_in(const struct article *article, int64_t feed);
int article_seen_in(
    struct sql *sql, struct article *article, int64_t feed, int64_t now, struct error *err);

/* REC_SEEN_IN at the end of an encoded record. */
void article_put_sightings(const struct article *article, struct buf *out);

/* Row for the events of a subject. */
int64_t subject_key(const char *subject);

/* What the store does at a kind of request (operation.c). */
struct operation {
    /* On the writer thread, within the transaction of a group. */
    int (*apply)(struct writer *writer, struct request *request);
    /* On the loop, once that is committed or has failed; NULL: nobody is told. */
    void (*call_back)(struct store *store, struct request *request, const struct error *err);
    bool is_kept;        /* without room: nobody asks again, so it is done later */
    bool frees_versions; /* a later version of the article may go after it */
    bool is_awaited;     /* by subscribers: a group that has one is not kept open for company */
    bool is_bounded;     /* by itself: others of its group are not to wait for all of it */
    bool is_patient;     /* nobody waits for it and a kill may lose it: it waits for company */
};
extern const struct operation store_operations[]; /* by kind */

#endif
