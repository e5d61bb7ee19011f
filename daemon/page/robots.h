/* robots.h - whether and when a page may be asked for: each host's robots.txt (RFC 9309), fetched
 * once, read in a worker, kept for a day at most. Feeds are made for programs and not asked about
 * here. */
#ifndef WIREROOM_PAGE_ROBOTS_H
#define WIREROOM_PAGE_ROBOTS_H

#include "base/heap.h"
#include "fetch/fetch.h"
#include "pool/pool.h"

struct robots;

enum robots_verdict {
    ROBOTS_ALLOWED,
    ROBOTS_DISALLOWED,
    ROBOTS_UNREACHABLE, /* the file cannot be had: until it can, or for 30 days, that is a no */
    ROBOTS_LATER,       /* Crawl-delay: more pages wait already than there is time for */
    ROBOTS_STOPPED,
    ROBOTS_WAIT, /* the verdict comes by on_verdict */
};

/* A question; the asker's memory, which stays until the verdict. */
struct robots_question {
    const char *url;   /* of the page; http or https */
    const char *feed;  /* fetch_request.feed */
    int64_t on_behalf; /* fetch_request.on_behalf */
    void (*on_verdict)(void *ctx, enum robots_verdict verdict);
    void *ctx;
    int64_t later;         /* with a verdict: microseconds until another is likely, -1 for never */
    struct origin *origin; /* whose file it waits for */
    struct robots_question *next;
    struct heap_node due;
};

struct robots *robots_open(
    uv_loop_t *loop, const struct conf *conf, struct fetcher *fetcher, struct pool *pool);

/* The name we go by may be another now. */
void robots_reload(struct robots *robots, const struct conf *conf);

/* ROBOTS_ALLOWED is good for one page, at once: with a Crawl-delay the next one's time is counted
 * from it. Only after ROBOTS_WAIT is on_verdict called, once, from the loop. */
enum robots_verdict robots_ask(struct robots *robots, struct robots_question *question);

/* Nobody waits for the verdict any more. */
void robots_forget(struct robots *robots, struct robots_question *question);

/* End all questions with ROBOTS_STOPPED, before fetcher_close(). */
void robots_stop(struct robots *robots);
void robots_free(struct robots *robots); /* after pool_close(); NULL is allowed */

/* "the site's robots.txt does not allow it": for people. */
const char *robots_text(enum robots_verdict verdict);

#endif
