/* consumer.h - named consumers: who reads the log under a name, and how far it is done. What it has
 * acknowledged is on the disk before that is confirmed. */
#ifndef WIREROOM_DELIVER_CONSUMER_H
#define WIREROOM_DELIVER_CONSUMER_H

#include <sys/queue.h>

#include "store/store.h"

enum {
    CONSUMERS_MOST = 1000,
    CONSUMER_NAME = 64 /* bytes of letters, digits, '.', '_', '-' */
};

/* Why a holder is let go of. */
#define CONSUMER_TAKEN "another client has the name"
#define CONSUMER_REMOVED "the consumer was removed"

struct consumers;

/* Theirs to read; all strings are set. */
struct consumer {
    LIST_ENTRY(consumer) entry;
    struct consumers *consumers;
    char *name, *filter;
    uint64_t acked;       /* on the disk */
    uint64_t wanted;      /* asked for: a sequence that is not yet there */
    bool hold;            /* store_consumer.hold */
    int64_t since, heard; /* wall */
    int64_t unused;       /* store_consumer.unused */
    void *holder;         /* who reads under the name, NULL for nobody: of pull.c */
    uint64_t sent;        /* the last sequence that was handed to it */
    bool is_kept;         /* on the disk, at the place where it was added or set to */
    bool is_writing, is_changed, is_removed, warned;
};

struct consumer_hooks {
    void (*kept)(void *ctx, struct consumer *consumer); /* a new one, or acked, is on the disk */
    /* Somebody else has the name from now on, moved it, or it is removed: the holder is let go of.
     * is_removed of a consumer tells the last. why: a sentence. */
    void (*lost)(void *ctx, struct consumer *consumer, const char *why);
    void *ctx;
};

/* Those of the store. */
int consumers_open(struct store *store, const struct consumer_hooks *hooks,
    struct consumers **ret_consumers, struct error *err);
void consumers_close(struct consumers *consumers); /* after store_close(); NULL is allowed */

struct consumer *consumers_find(const struct consumers *consumers, struct bytes name);

/* A new one that begins behind acked; the row is written with the next group: store_sync() before
 * telling anybody that it is kept. E_USAGE for a name or filter that is none, E_LIMIT, E_REFUSED
 * when the name is taken. */
int consumer_add(struct consumers *consumers, struct bytes name, struct bytes filter,
    uint64_t acked, bool hold, struct consumer **ret_consumer, struct error *err);

/* Where a new one begins: "ack" or "now" (behind the newest event), "first", "last" (the newest
 * event), "seq N", "time T" (RFC 3339), and N or T alone. *ret_acked is the sequence before. */
int consumer_start(struct store *store, struct bytes start, uint64_t *ret_acked, struct error *err);

/* It is read by holder from now on, and whoever held it is let go of. */
void consumer_take(struct consumer *consumer, void *holder);

/* It is done with all up to sequence. */
void consumer_ack(struct consumer *consumer, uint64_t sequence);
int consumer_filter(struct consumer *consumer, struct bytes filter, struct error *err);
void consumer_hear(struct consumer *consumer); /* something was heard of it */

/* The holder is let go of, then: it begins again behind acked; it is forgotten. */
void consumer_reset(struct consumer *consumer, uint64_t acked);
void consumer_remove(struct consumer *consumer);

/* In order of their names. */
void consumers_each(const struct consumers *consumers,
    void (*visit)(void *ctx, struct consumer *consumer), void *ctx);

/* Now and then: those that nobody has used for keep microseconds of
 * the daemon's own time go, after a warning: no step of the wall clock makes them go. */
void consumers_tend(struct consumers *consumers, int64_t keep);

#endif
