/* turns.c - how places are shared: what a feed or a host may hold, and whose row is next. */
#include "flow/turns.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

enum {
    FREE_FOR_ONE = 7, /* see turns.h */
    /* Feeds and lines of a feed that one look goes through: with a thousand places taken, every
     * feed at its share is passed within sixteen looks. */
    LOOK_FEEDS = 64,
    LOOK_LINES = 16,
};

static uint64_t hash_of(int64_t a, int64_t b)
{
    const int64_t key[] = {a, b};

    return hash64((struct bytes){(const char *)key, sizeof(key)});
}

static bool is_share(const void *item, const void *key)
{
    return ((const struct share *)item)->key == *(const int64_t *)key;
}

static bool is_line(const void *item, const void *key)
{
    const struct line *line = item;
    const int64_t *of = key;

    return line->feed == of[0] && line->host == of[1];
}

static struct share *find(const struct table *table, int64_t key)
{
    return table_find(table, hash_of(key, 0), is_share, &key);
}

static struct line *find_line(const struct turns *turns, int64_t feed, int64_t host)
{
    const int64_t key[] = {feed, host};

    return table_find(&turns->lines, hash_of(feed, host), is_line, key);
}

static struct share *get(struct table *table, int64_t key)
{
    struct share *share = find(table, key);

    if (share != NULL)
        return share;
    share = calloc(1, sizeof(*share));
    if (share == NULL)
        arena_out_of_memory(sizeof(*share));
    share->key = key;
    TAILQ_INIT(&share->lines);
    table_add(table, hash_of(key, 0), share);
    return share;
}

/* Nobody remembers who neither holds nor wants anything. */
static void settle(struct table *table, struct share *share)
{
    if (share->taken > 0 || !TAILQ_EMPTY(&share->lines))
        return;
    table_remove(table, hash_of(share->key, 0), share);
    free(share);
}

void turns_init(struct turns *turns)
{
    *turns = (struct turns){0};
    TAILQ_INIT(&turns->ring);
}

static bool fits(const struct share *share, size_t free_places)
{
    return share == NULL || share->taken == 0 || share->taken * FREE_FOR_ONE < free_places;
}

static size_t free_places(const struct turns *turns)
{
    return turns->taken >= turns->places ? 0 : turns->places - turns->taken;
}

static bool fit(const struct turns *turns, const struct share *feed, int64_t host)
{
    size_t places = free_places(turns);

    return places > 0 && fits(feed, places) &&
           (host == 0 || fits(find(&turns->hosts, host), places));
}

bool turns_may_take(const struct turns *turns, int64_t feed, int64_t host)
{
    return (turns->waiting == 0 || find_line(turns, feed, host) == NULL) &&
           fit(turns, find(&turns->feeds, feed), host);
}

void turns_take(struct turns *turns, int64_t feed, int64_t host)
{
    turns->taken++;
    get(&turns->feeds, feed)->taken++;
    if (host != 0)
        get(&turns->hosts, host)->taken++;
}

static void give(struct table *table, int64_t key)
{
    struct share *share = find(table, key);

    share->taken--;
    settle(table, share);
}

void turns_give(struct turns *turns, int64_t feed, int64_t host)
{
    turns->taken--;
    give(&turns->feeds, feed);
    if (host != 0)
        give(&turns->hosts, host);
}

void turns_wait(struct turns *turns, int64_t feed, int64_t host, int64_t row, size_t count)
{
    struct line *line = find_line(turns, feed, host);
    struct share *share = get(&turns->feeds, feed);

    if (line == NULL) {
        line = calloc(1, sizeof(*line));
        if (line == NULL)
            arena_out_of_memory(sizeof(*line));
        *line = (struct line){.feed = feed, .host = host, .after = row - 1};
        table_add(&turns->lines, hash_of(feed, host), line);
        if (TAILQ_EMPTY(&share->lines))
            TAILQ_INSERT_TAIL(&turns->ring, share, in_turn);
        TAILQ_INSERT_TAIL(&share->lines, line, in_feed);
    }
    if (line->after >= row)
        line->after = row - 1;
    line->waiting += count;
    share->waiting += count;
    turns->waiting += count;
}

/* Its first line, as its lines take their turns, whose host has room. */
static struct line *look(const struct turns *turns, struct share *feed)
{
    for (int i = 0; i < LOOK_LINES; i++) {
        struct line *line = TAILQ_FIRST(&feed->lines);

        TAILQ_REMOVE(&feed->lines, line, in_feed);
        TAILQ_INSERT_TAIL(&feed->lines, line, in_feed);
        if (fit(turns, feed, line->host))
            return line;
    }
    return NULL;
}

struct line *turns_next(struct turns *turns)
{
    size_t places = free_places(turns);

    for (int i = 0; i < LOOK_FEEDS && places > 0 && !TAILQ_EMPTY(&turns->ring); i++) {
        struct share *feed = TAILQ_FIRST(&turns->ring);
        struct line *line;

        TAILQ_REMOVE(&turns->ring, feed, in_turn);
        TAILQ_INSERT_TAIL(&turns->ring, feed, in_turn);
        if (fits(feed, places) && (line = look(turns, feed)) != NULL)
            return line;
    }
    return NULL;
}

static void less(struct turns *turns, struct line *line, struct share *feed, size_t count)
{
    line->waiting -= count;
    feed->waiting -= count;
    turns->waiting -= count;
}

void turns_leave(struct turns *turns, struct line *line)
{
    struct share *feed = find(&turns->feeds, line->feed);

    less(turns, line, feed, line->waiting);
    table_remove(&turns->lines, hash_of(line->feed, line->host), line);
    TAILQ_REMOVE(&feed->lines, line, in_feed);
    free(line);
    if (!TAILQ_EMPTY(&feed->lines))
        return;
    TAILQ_REMOVE(&turns->ring, feed, in_turn);
    settle(&turns->feeds, feed);
}

void turns_step(struct turns *turns, struct line *line, int64_t row)
{
    line->after = row;
    if (line->waiting > 0)
        less(turns, line, find(&turns->feeds, line->feed), 1);
}

bool turns_may_bring(const struct turns *turns, int64_t feed, size_t most)
{
    const struct share *share = turns->waiting == 0 ? NULL : find(&turns->feeds, feed);
    size_t room = turns->waiting >= most ? 0 : most - turns->waiting;

    return share == NULL || share->waiting == 0 || share->waiting * FREE_FOR_ONE < room;
}

void turns_done(struct turns *turns)
{
    while (!TAILQ_EMPTY(&turns->ring))
        turns_leave(turns, TAILQ_FIRST(&TAILQ_FIRST(&turns->ring)->lines));
    table_done(&turns->feeds);
    table_done(&turns->hosts);
    table_done(&turns->lines);
}
