/* queue.h - jobs that wait for a worker, and whose is next.
 *
 * Each feed's jobs stand in a line of their own, those that read its documents apart from those of
 * its records. A job's turn comes when it has waited QUEUE_STRETCH times as long as it takes, and
 * the jobs of its line before it have; while more wait than the workers get done, the one whose
 * turn comes first is next. So what is quick never waits for all that is slow, nor a feed with
 * little for all that another one brings, and what is slow waits for a time in proportion, not for
 * ever. What a job takes is guessed from its bytes, and known once it is over. */
#ifndef WIREROOM_POOL_QUEUE_H
#define WIREROOM_POOL_QUEUE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/heap.h"
#include "base/table.h"

struct job;
TAILQ_HEAD(jobs, job);

/* A record of 5 ms goes before all that came 2.5 s after it; 8 MiB, which take 0.2 to 0.8 s, let
 * others pass for minutes: longer than a burst of some hundred such takes. */
enum { QUEUE_STRETCH = 500 };

/* Bytes done in a microsecond: feeds and pages were measured from 10 to 40. */
enum { QUEUE_SPEED = 20 };

enum { QUEUE_RECORDS, QUEUE_DOCUMENTS, QUEUE_KINDS };

/* Zeroed memory is a valid empty queue. */
struct queue {
    struct table lines;             /* with jobs, by feed and kind */
    struct heap order[QUEUE_KINDS]; /* of them, by the turn of the first job */
};

void queue_add(struct queue *queue, struct job *job);
void queue_put_back(struct queue *queue, struct job *job); /* before its feed's others */

/* The next job, or NULL for none. Without documents: none that reads one. */
struct job *queue_take(struct queue *queue, bool documents);

/* The job, which is not in the queue, took so long. */
void queue_charge(struct queue *queue, const struct job *job, int64_t took);

/* Of the jobs that wait, in no order. */
void queue_each(const struct queue *queue, void (*each)(void *ctx, struct job *job), void *ctx);

void queue_done(struct queue *queue); /* it is empty */

#endif
