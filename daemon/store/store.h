/* store.h - one SQLite file, one writer thread: feeds, seen identities, entries on their way,
 * articles, the event log.
 *
 * Everything that writes is asked for from the loop and done on the writer thread, in order, in
 * groups of one transaction; the callback comes on the loop after the commit has returned. Reading
 * calls are synchronous, short and bounded, on a connection of their own. After store_open() err
 * may be NULL where the caller needs only the code. */
#ifndef WIREROOM_STORE_STORE_H
#define WIREROOM_STORE_STORE_H

#include <uv.h>

#include "admit/admit.h"
#include "conf/conf.h"
#include "record/record.h"

struct store;

int store_open(
    uv_loop_t *loop, const struct conf *conf, struct store **ret_store, struct error *err);
/* Waits for what was asked for; its callbacks run before it returns. An error tells why the
 * write-ahead log stays beside the file: nothing is lost, the next start reads it. */
int store_close(struct store *store, struct error *err);

/* A commit failed for something that passes: E_LIMIT for a full disk, E_TIMEOUT for another program
 * that holds the file locked, E_REFUSED while the file is not the one at its path. Nothing was
 * written, no sequence used: ask again later. */
static inline bool store_may_pass(int code)
{
    return code == E_LIMIT || code == E_TIMEOUT || code == E_REFUSED;
}

/* Called on the loop when a commit failed; the process must end unless store_may_pass(). */
void store_set_trouble(
    struct store *store, void (*on_trouble)(void *ctx, const struct error *err), void *ctx);

/* Since the last commit that wrote anything: why it fails, and since when. OK when it does not. */
struct store_trouble {
    struct error err;
    int64_t since; /* wall */
};
struct store_trouble store_trouble(struct store *store);

/* Write a little and say whether that went well: for the probe that ends a hold. */
void store_probe(
    struct store *store, void (*on_probed)(void *ctx, const struct error *err), void *ctx);

/* Wait until all that was asked so far is done. OK: feeds, moves and what is agreed with hubs are
 * on the disk. An error: some of it is not; after one that passes it waits in memory and is written
 * as soon as that can be. */
int store_sync(struct store *store, struct error *err);

/* What lies on the disk. */
struct store_disk {
    int64_t file, wal;      /* bytes, of the database and of its write-ahead log */
    int64_t held;           /* microseconds a program that reads keeps the log from being emptied */
    struct error wal_error; /* why it could not be emptied the last time it had to, else OK */
};
struct store_disk store_disk(struct store *store);

const char *store_epoch(const struct store *store); /* 32 hex digits */

/* Feeds ---------------------------------------------------------------------------------------- */

enum feed_state {
    FEED_OK,
    FEED_SLOW,
    FEED_SILENT,
    FEED_FAILING,
    FEED_BLOCKED,
    FEED_MOVED,
    FEED_GONE,
    FEED_PARKED,
    FEED_UNPARSABLE
};

/* Bytes kept of a feed's texts, wherever they come from: documents, answers, lists, operators.
 * Longer ones are cut; validators are left out, for one that was cut would be another. */
enum {
    STORE_URL = 8192,  /* of text/url.h: an address that is longer is none */
    STORE_TITLE = 500, /* three lines of a terminal: it is copied into each record */
    STORE_TAGS = 2000,
    STORE_ORIGIN = 4096, /* a path */
    STORE_VALIDATOR = 1024,
    STORE_REASON = 500, /* struct error's */
};

struct store_feed {
    int64_t id; /* printed as "f%07" PRId64 */
    const char *url;
    const char *title;                /* the operator's or the feed's own */
    const char *tags;                 /* separated by commas */
    const char *origin;               /* "cli" or the list file it came from */
    const char *link;                 /* its site's page, as a list names it, or NULL */
    const char *etag, *last_modified; /* NULL when there is none */
    const char *validated;            /* the address that gave them, NULL for the feed's own */
    uint64_t body_hash;               /* of the last complete answer */
    int64_t next_poll;                /* wall */
    int64_t interval;                 /* microseconds between polls at present */
    int state;                        /* enum feed_state */
    int64_t state_since;              /* wall */
    int64_t last_success, last_new;   /* wall, 0 never */
    int32_t failures;                 /* in a row */
    int32_t http_status;              /* last */
    const char *error;                /* last, NULL when the last poll went well */
    int64_t asked;      /* microseconds between polls the document asks for, 0 for nothing */
    uint32_t skip;      /* hours and days it asks to leave out, as in poll/hint.h */
    int64_t not_before; /* wall: its server wishes not to be asked sooner, 0 for no wish */
    bool distrusted;    /* its validators were seen to lie */
    /* for store_admit(): entries held before this time are counted in admit_result.common; 0: none
     */
    int64_t moving;
    const char *new_url;         /* for feed.state: the feed goes on at that address, else NULL */
    bool diagnosed;              /* a diagnosis of it is kept */
    int64_t mean_gap, usual_gap; /* learned, after last_new; microseconds, 0 unknown; not stored */
    /* for store_admit(): what is kept from now on, "" for nothing; NULL leaves what there is */
    const char *diagnosis;
    const char *via; /* of an admission: REC_VIA of its entries, a literal; NULL: a poll */
    /* Of store_admit(), not kept: the document tells what is new and not all that its feed holds (a
     * hub's push, RFC 3229), so what is not in it has not gone. */
    bool partial;
};

/* All feeds, in order of id; strings lent within the call. Returns at the first on_feed that
 * returns non-zero. */
int store_feeds(struct store *store, int (*on_feed)(void *ctx, const struct store_feed *feed),
    void *ctx, struct error *err);

/* Add a feed or change its title, tags and origin. A URL already there is not added again: *ret_id
 * is its id and *ret_added false. The id is given at once, the row written with the next group:
 * store_sync() before telling anybody that it is kept. No id is given to two addresses; an address
 * that was removed within a month gets its own again, with its history and rhythm, and
 * feed->last_success is set, so that it is not read for the first time. */
int store_feed_put(struct store *store, struct store_feed *feed, int64_t *ret_id, bool *ret_added,
    struct error *err);
int store_feed_remove(struct store *store, int64_t id, struct error *err);

/* The same without waiting: before the address is added again comes a store_sync(). */
void store_feed_drop(struct store *store, int64_t id);

/* Remember the state of polling (304, failures, schedule): waits up to a second for others to be
 * grouped with, no callback, may be lost by a kill without harm. Where little has changed (next
 * poll within half an hour, same state, validators and failures) the row is written once an hour
 * only: a 304 costs nothing here. */
void store_feed_poll(struct store *store, const struct store_feed *feed);

/* What is wrong in the feed's last document: lines "line<TAB>column<TAB>what is wrong", 0 for no
 * place. E_NOT_FOUND: nothing. Kept by store_admit(), and written when it is another than before
 * only. */
struct store_diagnosis {
    int64_t since; /* wall; of other numbers (places, counts) in the same words it stays */
    struct bytes text;
};
int store_diagnosis(struct store *store, struct arena *arena, int64_t feed,
    struct store_diagnosis *ret_diagnosis, struct error *err);

/* All feeds of which one is kept. */
int store_diagnosed(
    struct store *store, void (*on_feed)(void *ctx, int64_t feed), void *ctx, struct error *err);

/* One poll as it is remembered; the store keeps the last STORE_HISTORY of each feed. */
enum { STORE_HISTORY = 50 };
struct store_polled {
    uint32_t at;      /* wall, seconds */
    uint32_t bytes;   /* of the answer's body as it came */
    uint16_t millis;  /* it took, 65535 for more */
    int16_t status;   /* of HTTP; the enum code of the failure when there was none */
    uint16_t entries; /* in the document, when it was read */
    uint16_t fresh;   /* of these new or changed */
};

/* Behind those that are kept; like store_feed_poll(). */
void store_history_add(
    struct store *store, int64_t feed, const struct store_polled *polls, size_t count);
int store_history(struct store *store, int64_t feed, struct store_polled ret_polls[STORE_HISTORY],
    size_t *ret_count, struct error *err);

/* The learned rhythm of a feed, bytes of poll/cadence.h: grouped, no callback, may be lost by a
 * kill without harm. */
void store_cadence_put(struct store *store, int64_t feed, struct bytes model);
int store_cadences(struct store *store,
    void (*on_cadence)(void *ctx, int64_t feed, struct bytes model), void *ctx, struct error *err);

/* A feed that answers by a permanent redirect, and what speaks for its new address so far. */
struct store_moving {
    int64_t feed;
    const char *url;     /* where to; NULL forgets it */
    int32_t count;       /* sightings, at least a day apart */
    int64_t first, last; /* sighting, wall */
    int64_t before;      /* wall: entries it held before that are its own (store_feed.moving) */
    bool common;         /* a document from there had such entries */
};

/* Grouped, no callback, may be lost by a kill without harm. */
void store_moving_put(struct store *store, const struct store_moving *moving);
int store_movings(struct store *store,
    void (*on_moving)(void *ctx, const struct store_moving *moving), void *ctx, struct error *err);

/* The feed has another address from now on; where one with that address is followed already, this
 * one is removed. The old address is remembered. */
void store_feed_move(struct store *store, const struct store_feed *feed, const char *url);

/* All addresses that were given up for another, with that which holds now. */
int store_moved(struct store *store, void (*on_moved)(void *ctx, const char *from, const char *to),
    void *ctx, struct error *err);

/* What is agreed with a hub (websub/websub.h); all strings are set. */
struct store_hub {
    const char *token; /* last part of the callback; names the row */
    int64_t feed;      /* 0: the feed is gone, the hub is to be told */
    const char *hubs;  /* one a line, the present one first */
    const char *topic, *secret;
    const char *callback;                     /* address the hub was told, "" before it was asked */
    int64_t lease_until, next_try, last_push; /* wall, 0 for none */
    int32_t failures;                         /* in a row */
};

/* All of them; strings lent within the call. */
int store_hubs(struct store *store, void (*on_push)(void *ctx, const struct store_hub *push),
    void *ctx, struct error *err);

/* Grouped, no callback; may be lost by a kill. */
void store_hub_put(struct store *store, const struct store_hub *push);
void store_hub_remove(struct store *store, const char *token);

/* T2 ------------------------------------------------------------------------------------------- */

/* Which host an address is of, hashed: each waits its turn, and has its own furniture; 0 for none.
 */
int64_t store_host(struct bytes url);

struct admitted {
    int64_t pending; /* row */
    int verdict;     /* ADMIT_NEW or ADMIT_CHANGED */
    int64_t article, version;
    int64_t feed;
    int64_t host; /* of its page, hashed; 0 for none */
    /* encoded: as parsed, with WR_ID REC_VERSION REC_FIRST_SEEN REC_SEEN_IN REC_PENDING and the
     * REC_FEED_ ones set */
    struct bytes record;
};

/* A pending entry that this document's feed lists too: its record on disk says so already, one that
 * is on its way has to be told (record_add(rec, REC_SEEN_IN, value)). */
struct seen_also {
    int64_t pending;
    struct bytes value;
};

struct admit_result {
    const struct error *err; /* NULL when committed */
    const struct admitted *admitted;
    size_t admitted_count;
    uint64_t counts[8]; /* by enum admit_verdict */
    const struct seen_also *also;
    size_t also_count;
    /* REC_HASH_RAW of entries that need not be read the next time, in document order */
    const uint64_t *raws;
    size_t raws_count;
    uint64_t common;  /* entries of the document that were last seen before store_feed.moving */
    uint64_t put_off; /* entries that changed too soon: the same document has news later */
};

/* An entry that was among the raws of the feed's last document stands in the next one as the bytes
 * of that hash. */
enum { STORE_UNREAD = 8 };

/* One transaction: which of these entries are new or changed, they as pending, their identities as
 * seen, validators, next poll. entries are encoded records of feed/entry.c, in document order; all
 * is copied. feed carries the new validators and schedule. first: this is the feed's first complete
 * answer: poll.first_fetch applies, unless the store knows of an earlier one. The records come
 * oldest first, whatever the order of the document. E_NOT_FOUND: the feed was removed. */
void store_admit(struct store *store, const struct store_feed *feed, const struct bytes *entries,
    size_t count, bool first, void (*on_admitted)(void *ctx, const struct admit_result *result),
    void *ctx);

/* T3 ------------------------------------------------------------------------------------------- */

/* The pending entries, the oldest row first; quarantined ones do not wait. */
struct store_waiting {
    int64_t pending; /* row */
    int64_t feed, host;
    size_t bytes; /* of the record */
};
int store_waiting(struct store *store,
    void (*on_waiting)(void *ctx, const struct store_waiting *row), void *ctx, struct error *err);

/* The entry of a row; the oldest version of an article between two others. E_NOT_FOUND when there
 * is none. The record is put into buf, and lent from there. */
int store_pending_get(struct store *store, int64_t row, struct buf *buf,
    struct admitted *ret_pending, struct error *err);
int store_pending_between(struct store *store, int64_t article, int64_t after, int64_t before,
    struct buf *buf, struct admitted *ret_pending, struct error *err);

/* Put a pending entry aside: it stays readable (`wireroom quarantine`) for store.keep, and is not
 * run again before somebody asks for that. */
void store_quarantine(struct store *store, int64_t pending, const char *cause);

struct quarantined {
    int64_t pending;
    int64_t version;
    int64_t feed;
    struct bytes record;
    const char *cause;
    int64_t at; /* wall */
};

/* In order of their rows, from the first after `after`. */
int store_quarantined(struct store *store, int64_t after, size_t limit,
    int (*on_entry)(void *ctx, const struct quarantined *entry), void *ctx, struct error *err);
int store_quarantined_count(struct store *store, size_t *ret_count, struct error *err);

/* Have a quarantined entry pending again, unless a later version of its article is published: then
 * it stays. Take it out for good, counted as dropped. After a store_sync() the caller sees what
 * came of it. */
void store_quarantine_end(struct store *store, int64_t pending);
void store_quarantine_remove(struct store *store, int64_t pending);

/* T4 ------------------------------------------------------------------------------------------- */

/* An article whose page could not be had, and that is looked at again. */
struct store_recheck {
    int64_t subject; /* hash of its uri: names the row */
    int64_t feed;
    int64_t host;       /* of its page, hashed */
    int64_t since, due; /* wall */
    int32_t tries;      /* so far */
    int64_t bytes;      /* of its entry */
};

/* What is remembered of an article's newest version that was published, for its next one to tell
 * what changed: hashes, for the texts may be large. */
struct store_told {
    uint64_t text, summary, byline;
    uint64_t words;        /* of the text */
    struct bytes headline; /* as much as tells it */
};

struct store_event {
    const char *type;      /* "article.new" ... */
    const char *topic;     /* "all/article.new/en/": its own */
    const char *subject;   /* uri of the article, or id of the feed */
    int64_t pending;       /* row that ends with this event, 0 for none */
    int64_t time;          /* wall: when it happened */
    struct bytes data;     /* the event's data member as JSON */
    const char *partition; /* what belongs together: uri of the story; NULL for the subject */
    /* subject 0: nothing; due 0: the article's row is removed; else its pending entry is kept in
     * one, in the same transaction */
    struct store_recheck recheck;
    const struct store_told *told; /* of an article's version */
    struct bytes way;              /* how the version came here: lines of store/why.h */
    /* What its page had, as text/familiar.h tells it, to be learned of that host in the same
     * transaction; empty for nothing. */
    int64_t host;
    struct bytes lines;
    /* More topics, up to STORE_FURTHER, NULL behind the last; NULL for none. One that is named
     * twice counts once. */
    const char *const *further;
    /* More events, each without a pending row: they come right behind it, in its transaction, or
     * not at all. */
    const struct store_event *also;
    size_t also_count;
};

/* Each is a row, and a message of its own to subscribers. */
enum { STORE_FURTHER = 16 };

enum { STORE_HEADLINE = 2048 /* bytes kept of a headline */ };

/* What was told of the version before that of a pending entry. E_NOT_FOUND: nothing is known. */
int store_told(struct store *store, struct arena *arena, int64_t pending,
    struct store_told *ret_told, struct error *err);

/* Lines that articles of a host have in common, as familiar_list() has them: on the end of
 * ret_list. E_NOT_FOUND: nothing was learned of it. */
int store_familiar(struct store *store, int64_t host, struct buf *ret_list, struct error *err);

struct committed_topic {
    const char *name;
    uint64_t previous; /* sequence of the event before in this topic; 0 for the first */
};

/* Under further topics it is published with another prevsequence: envelope_of_topic(). */
struct committed {
    uint64_t sequence;
    const char *topic; /* its own */
    struct bytes body; /* the whole event as JSON, as published under its own topic */
    const struct committed_topic *further;
    size_t further_count;
};

/* Versions of one article come out in order: a commit whose earlier version is still pending waits
 * for that one's end (E_STOPPED when the store closes first). E_NOT_FOUND: the entry is not pending
 * any more, no event was made.
 *
 * One transaction with its group: the event under the next sequence number, pending row away,
 * article's version. on_committed may be NULL; it is called in order of sequence. store_drop(): the
 * pending entry ends without an event, counted as "dropped.<cause>"; cause is one of a few fixed
 * words, way as in the event. */
void store_commit(struct store *store, const struct store_event *event,
    void (*on_committed)(void *ctx, const struct error *err, const struct committed *committed),
    void *ctx);
void store_drop(struct store *store, int64_t pending, const char *cause, struct bytes way);

/* The one door behind the log: on_event is called on the loop for each event that was committed, in
 * order of sequence, before the on_committed of who asked for it. */
void store_set_committed(
    struct store *store, void (*on_event)(void *ctx, const struct committed *event), void *ctx);

/* All articles that are to be looked at again. */
int store_rechecks(struct store *store,
    void (*on_recheck)(void *ctx, const struct store_recheck *recheck), void *ctx,
    struct error *err);

/* The entry of one, encoded; on arena. */
int store_recheck_record(struct store *store, struct arena *arena, int64_t subject,
    struct bytes *ret_record, struct error *err);

/* Due and tries are other ones; it is over. Grouped, no callback. */
void store_recheck_later(struct store *store, const struct store_recheck *recheck);
void store_recheck_remove(struct store *store, int64_t subject);

/* Its page is there: one transaction in which its entry becomes pending as the article's next
 * version, REC_CAUSE set, and due and tries become those of recheck, in case that the version ends
 * without an event. on_admitted is told of one entry. E_NOT_FOUND: the row or the article is gone.
 * E_USAGE: a version is on its way already. */
void store_readmit(struct store *store, const struct store_recheck *recheck,
    void (*on_admitted)(void *ctx, const struct admit_result *result), void *ctx);

/* store_drop() of such a version: counted as "dropped.page", and its number is given back. */
void store_recheck_drop(struct store *store, int64_t pending);

/* What an ordered stage learned, up to and including sequence: a part of it, the keep (1 or more)
 * last of which stay. With nothing in saved, its last part stands for sequence from now on. */
void store_snapshot(
    struct store *store, const char *stage, uint64_t sequence, struct bytes saved, uint64_t keep);

/* The first part behind *number (0: of all), whose number goes there; E_NOT_FOUND behind the last.
 */
int store_snapshot_next(struct store *store, struct arena *arena, const char *stage,
    uint64_t *number, uint64_t *ret_sequence, struct bytes *ret_saved, struct error *err);

/* The log -------------------------------------------------------------------------------------- */

struct store_log {
    uint64_t first, head; /* sequence of the oldest event kept and of the newest; 0, 0 when empty */
};
struct store_log store_log_state(const struct store *store);

/* Events after `since` in order, at most limit; none behind the head. */
int store_events(struct store *store, uint64_t since, size_t limit,
    int (*on_event)(void *ctx, const struct committed *event), void *ctx, struct error *err);

/* The sequence after which events were recorded at that time or later; 0 where none that is kept is
 * older, for those before them might have been. */
int store_sequence_at(struct store *store, int64_t wall, uint64_t *ret_before, struct error *err);

/* Who reads the log under a name (deliver/consumer.h). */
struct store_consumer {
    const char *name, *filter;
    uint64_t acked;       /* it is done with all up to there */
    bool hold;            /* no event behind that is too old, as long as the file has room */
    int64_t since, heard; /* wall: when it was made, and when something was last heard of it */
    int64_t unused;       /* microseconds that the daemon ran since then */
};

/* In order of their names, as they are on the disk; strings lent within the call. */
int store_consumers(struct store *store,
    void (*on_consumer)(void *ctx, const struct store_consumer *consumer), void *ctx,
    struct error *err);

/* Add one or change it; remove it. on_kept (NULL: nobody is told): it is on the disk, or why it
 * never is; without room that waits. */
void store_consumer_put(struct store *store, const struct store_consumer *consumer,
    void (*on_kept)(void *ctx, const struct error *err), void *ctx);
void store_consumer_remove(struct store *store, const char *name,
    void (*on_kept)(void *ctx, const struct error *err), void *ctx);

/* Last sequence per topic, for the heartbeat. */
int store_topics(struct store *store,
    int (*on_topic)(void *ctx, const char *topic, uint64_t sequence), void *ctx, struct error *err);

/* The newest of them, by its uri: of an article whose last version was not yet remembered. */
int store_article_last(struct store *store, const char *uri,
    int (*on_event)(void *ctx, const struct committed *event), void *ctx, struct error *err);

/* The newest event of each story, the newest first: of those before the sequence `before` (0: all),
 * at most limit. A story whose newest event was trimmed is none. */
int store_stories(struct store *store, uint64_t before, size_t limit,
    int (*on_event)(void *ctx, const struct committed *event), void *ctx, struct error *err);

/* Events of one article or story by its uri, of an article by any address it was seen under: of
 * those after `since`, the oldest first, at most limit. E_NOT_FOUND: nothing is known of it. */
int store_article(struct store *store, const char *uri_or_url, uint64_t since, size_t limit,
    int (*on_event)(void *ctx, const struct committed *event), void *ctx, struct error *err);

/* Counters since the store was made, kept in the transactions they count, so that they add up:
 *   entries.seen = .new + .changed + .known + .duplicate + .marked + .old
 *   entries.new + .changed + .rechecked = .published + .dropped + .quarantined + .pending
 *   entries.dropped = sum of dropped.<cause>; events.<type>; trimmed.events
 *   articles.added, articles.forgotten */
int store_counters(struct store *store,
    int (*on_counter)(void *ctx, const char *name, uint64_t value), void *ctx, struct error *err);

/* Take over store.keep, store.max and poll.first_fetch; the path holds from the next start on. */
void store_reload(struct store *store, const struct conf *conf);

/* Delete events beyond store.keep and store.max_size in small batches; called now and then by the
 * loop, done on the writer thread. */
void store_trim(struct store *store);

#endif
