/* turns.c - how places are shared: what a feed or a host may hold, and whose row is next. */
#include "flow/turns.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"

enum {
    FREE_FOR_ONE = 7, /* see turns.h */
    /* Feeds and lines of a feed that one look goes through: with a thousand places taken, every
     * feed at its share is passed within sixteen looks. */
    LOOK_FEEDS = 64,
    LOOK_LINES = 16,
    ROWS = 8, /* a line begins with */
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
    share = new_zeroed(sizeof(*share));
    share->key = key;
    TAILQ_INIT(&share->lines);
    table_add(table, hash_of(key, 0), share);
    return share;
}

/* Nobody remembers who neither holds nor wants anything. */
static void settle(struct table *table, struct share *share)
{
    if (share->taken > 0 || share->bytes > 0 || !TAILQ_EMPTY(&share->lines))
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

void turns_hold(struct turns *turns, int64_t feed, size_t bytes)
{
    get(&turns->feeds, feed)->bytes += bytes;
    turns->bytes += bytes;
}

void turns_release(struct turns *turns, int64_t feed, size_t bytes)
{
    struct share *share = get(&turns->feeds, feed);

    share->bytes -= bytes;
    turns->bytes -= bytes;
    settle(&turns->feeds, share);
}

static struct line *add_line(struct turns *turns, struct share *share, int64_t feed, int64_t host)
{
    struct line *line = new_zeroed(sizeof(*line));

    *line = (struct line){.feed = feed, .host = host};
    table_add(&turns->lines, hash_of(feed, host), line);
    if (TAILQ_EMPTY(&share->lines))
        TAILQ_INSERT_TAIL(&turns->ring, share, in_turn);
    TAILQ_INSERT_TAIL(&share->lines, line, in_feed);
    return line;
}

/* Room for one more row at the end. */
static void make_room(struct line *line)
{
    if (line->count < line->cap)
        return;
    if (line->first > line->cap / 2) {
        line->count -= line->first;
        memmove(line->rows, line->rows + line->first, line->count * sizeof(*line->rows));
        line->first = 0;
        return;
    }
    line->cap = line->cap == 0 ? ROWS : line->cap * 2;
    line->rows = reallocarray(line->rows, line->cap, sizeof(*line->rows));
    if (line->rows == NULL)
        arena_out_of_memory(line->cap * sizeof(*line->rows));
}

/* False when it is there. Nearly all come at the end, and those that come back near the begin. */
static bool insert(struct line *line, int64_t row, size_t bytes)
{
    size_t at;

    make_room(line);
    at = line->count;
    while (at > line->first && line->rows[at - 1].row > row)
        at--;
    if (at > line->first && line->rows[at - 1].row == row)
        return false;
    if (at == line->first && at > 0) {
        line->rows[--line->first] = (struct waiting){row, bytes};
        return true;
    }
    memmove(&line->rows[at + 1], &line->rows[at], (line->count - at) * sizeof(*line->rows));
    line->rows[at] = (struct waiting){row, bytes};
    line->count++;
    return true;
}

void turns_wait(struct turns *turns, int64_t feed, int64_t host, int64_t row, size_t bytes)
{
    struct line *line = find_line(turns, feed, host);
    struct share *share = get(&turns->feeds, feed);

    if (line == NULL)
        line = add_line(turns, share, feed, host);
    if (!insert(line, row, bytes))
        return;
    share->waiting++;
    turns->waiting++;
    turns_hold(turns, feed, bytes);
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

int64_t turns_first(const struct line *line)
{
    return line->rows[line->first].row;
}

static void leave(struct turns *turns, struct line *line, struct share *share)
{
    table_remove(&turns->lines, hash_of(line->feed, line->host), line);
    TAILQ_REMOVE(&share->lines, line, in_feed);
    free(line->rows);
    free(line);
    if (TAILQ_EMPTY(&share->lines))
        TAILQ_REMOVE(&turns->ring, share, in_turn);
}

void turns_step(struct turns *turns, struct line *line)
{
    int64_t feed = line->feed;
    struct share *share = find(&turns->feeds, feed);
    size_t bytes = line->rows[line->first].bytes;

    share->waiting--;
    turns->waiting--;
    if (++line->first == line->count)
        leave(turns, line, share);
    turns_release(turns, feed, bytes);
}

static bool fits_among(size_t own, size_t all, size_t most)
{
    size_t room = all >= most ? 0 : most - all;

    return own == 0 || own * FREE_FOR_ONE < room;
}

size_t turns_share(size_t most)
{
    return most / (FREE_FOR_ONE + 1);
}

bool turns_may_bring(const struct turns *turns, int64_t feed, size_t rows, size_t bytes)
{
    const struct share *share = find(&turns->feeds, feed);

    if (share == NULL || share->bytes == 0)
        return turns->bytes / 2 < bytes;
    return fits_among(share->waiting, turns->waiting, rows) &&
           fits_among(share->bytes, turns->bytes, bytes);
}

void turns_done(struct turns *turns)
{
    while (!TAILQ_EMPTY(&turns->ring))
        turns_step(turns, TAILQ_FIRST(&TAILQ_FIRST(&turns->ring)->lines));
    table_done(&turns->feeds);
    table_done(&turns->hosts);
    table_done(&turns->lines);
}
