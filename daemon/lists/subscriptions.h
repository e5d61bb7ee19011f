/* subscriptions.h - OPML lists elsewhere, and the feeds they bring: asked for conditionally now and
 * then, followed where they say something whole. */
#ifndef WIREROOM_LISTS_SUBSCRIPTIONS_H
#define WIREROOM_LISTS_SUBSCRIPTIONS_H

#include "base/json.h"
#include "flow/feeds.h"
#include "pool/pool.h"

struct subscriptions;

/* What lists are read with, and what they change; lent until subscriptions_free(). */
struct subscriptions_parts {
    uv_loop_t *loop;
    struct fetcher *fetcher;
    struct pool *pool;
    const struct feeds *feeds;
};

/* Begin with the lists of conf. Feeds that a list brought which is no longer named are
 * removed. A feed's origin is the address of its list; nothing of another origin is ever changed.
 */
struct subscriptions *subscriptions_open(
    const struct subscriptions_parts *parts, const struct conf *conf);
void subscriptions_force(
    struct subscriptions *subscriptions); /* look again, and believe it if most feeds have left */
void subscriptions_reload(struct subscriptions *subscriptions, const struct conf *conf);

/* Nothing is asked any more: before fetcher_close(). Free: when the workers have ended, which give
 * back what they have. NULL is none. */
void subscriptions_close(struct subscriptions *subscriptions);
void subscriptions_free(struct subscriptions *subscriptions);

/* The operator names a feed that a list may have brought: from now on it is theirs, with this
 * origin. */
int subscriptions_yield(
    const struct feeds *feeds, const char *url, const char *origin, struct error *err);

/* "subscriptions": [{"url", "feeds", "lastSuccess", "error"}, ...] */
void subscriptions_write(const struct subscriptions *subscriptions, struct json_writer *w);

#endif
