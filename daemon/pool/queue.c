/* queue.c - whose job is next: each feed's stand in line, the quick do not wait for the slow. */
#include "pool/queue.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "pool/private.h"

struct queue_line {
    struct heap_node node;
    int64_t feed;
    int kind;
    int64_t turn; /* of the job taken last */
    struct jobs jobs;
};

static int kind_of(const struct job *job)
{
    return job->ask.kind == JOB_FEED ? QUEUE_DOCUMENTS : QUEUE_RECORDS;
}

static uint64_t hash_of(int64_t feed, int kind)
{
    const int64_t key[] = {feed, kind};

    return hash64((struct bytes){(const char *)key, sizeof(key)});
}

static bool is_line(const void *item, const void *key)
{
    const struct queue_line *line = item;
    const struct job *job = key;

    return line->feed == job->ask.feed && line->kind == kind_of(job);
}

static struct queue_line *find(const struct queue *queue, const struct job *job)
{
    return table_find(&queue->lines, hash_of(job->ask.feed, kind_of(job)), is_line, job);
}

static struct queue_line *line_of(const struct heap_node *node)
{
    return HEAP_ITEM(node, struct queue_line, node);
}

static int64_t guess(const struct job *job)
{
    return (int64_t)(job->frame.len / QUEUE_SPEED);
}

/* By the turn of its first job. */
static void settle(struct queue *queue, struct queue_line *line)
{
    const struct job *first = TAILQ_FIRST(&line->jobs);
    int64_t from = first->came_at > line->turn ? first->came_at : line->turn;

    heap_put(&queue->order[line->kind], &line->node, from + QUEUE_STRETCH * guess(first));
}

static struct queue_line *get(struct queue *queue, const struct job *job)
{
    struct queue_line *line = find(queue, job);

    if (line != NULL)
        return line;
    line = calloc(1, sizeof(*line));
    if (line == NULL)
        arena_out_of_memory(sizeof(*line));
    line->feed = job->ask.feed;
    line->kind = kind_of(job);
    TAILQ_INIT(&line->jobs);
    table_add(&queue->lines, hash_of(line->feed, line->kind), line);
    return line;
}

void queue_add(struct queue *queue, struct job *job)
{
    struct queue_line *line = get(queue, job);

    job->came_at = clock_mono();
    TAILQ_INSERT_TAIL(&line->jobs, job, link);
    if (TAILQ_FIRST(&line->jobs) == job)
        settle(queue, line);
}

void queue_put_back(struct queue *queue, struct job *job)
{
    struct queue_line *line = get(queue, job);

    TAILQ_INSERT_HEAD(&line->jobs, job, link);
    settle(queue, line);
}

struct job *queue_take(struct queue *queue, bool documents)
{
    struct heap *order = &queue->order[QUEUE_RECORDS];
    struct queue_line *line;
    struct job *job;

    if (documents && heap_first_key(&queue->order[QUEUE_DOCUMENTS]) < heap_first_key(order))
        order = &queue->order[QUEUE_DOCUMENTS];
    if (order->count == 0)
        return NULL;
    line = line_of(heap_first(order));
    line->turn = heap_first_key(order);
    job = TAILQ_FIRST(&line->jobs);
    TAILQ_REMOVE(&line->jobs, job, link);
    if (!TAILQ_EMPTY(&line->jobs)) {
        settle(queue, line);
        return job;
    }
    heap_remove(order, &line->node);
    table_remove(&queue->lines, hash_of(line->feed, line->kind), line);
    free(line);
    return job;
}

void queue_charge(struct queue *queue, const struct job *job, int64_t took)
{
    struct queue_line *line = find(queue, job);

    if (line == NULL || took <= guess(job)) /* nothing of it waits, or it has waited for it */
        return;
    line->turn += QUEUE_STRETCH * (took - guess(job));
    settle(queue, line);
}

void queue_each(const struct queue *queue, void (*each)(void *ctx, struct job *job), void *ctx)
{
    for (int kind = 0; kind < QUEUE_KINDS; kind++)
        for (size_t i = 0; i < queue->order[kind].count; i++) {
            struct job *job;

            TAILQ_FOREACH(job, &line_of(queue->order[kind].cells[i].node)->jobs, link)
            each(ctx, job);
        }
}

void queue_done(struct queue *queue)
{
    for (int kind = 0; kind < QUEUE_KINDS; kind++)
        heap_done(&queue->order[kind]);
    table_done(&queue->lines);
}
