/* turn.c - whose request is next: places are shared by those whom requests are for.
 *
 * Whoever writes a feed says how many pages it has and on how many hosts, and whether these answer.
 * So each request for a page stands in the line of its feed and host, and feeds take turns; within
 * a feed its hosts do, and on a host its feeds. A feed holds at most one place for every seven that
 * are free (as records do, flow/turns.h): alone an eighth of all, while many that are greedy still
 * leave room for the next. The last places are kept from hosts that never answered, or hung the
 * last time, and from feeds whose requests hang one after the other: however many there are of
 * these, what answers goes on.
 *
 * A poll is for its host, which holds http.per_host places at most; the last places are kept from
 * polls of feeds that are new or fail. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "fetch/private.h"

enum {
    FREE_FOR_ONE = 7,
    LEFT_BY_NEW = 4, /* the part of all places that is kept from those who may hang */
};

static uint64_t hash_of(int64_t feed, uint64_t host)
{
    const uint64_t key[] = {(uint64_t)feed, host};

    return hash64((struct bytes){(const char *)key, sizeof(key)});
}

static bool is_share(const void *item, const void *key)
{
    return ((const struct share *)item)->feed == *(const int64_t *)key;
}

/* A line is named by a request like those in it. */
static bool is_line(const void *item, const void *key)
{
    const struct line *line = item;
    const struct fetch *fetch = key;

    return line->share->feed == fetch->feed && line->lane->host == fetch->host;
}

static void share_init(struct share *share, int64_t feed)
{
    *share = (struct share){.feed = feed};
    for (int i = 0; i < LISTINGS; i++) {
        share->turns[i].share = share;
        TAILQ_INIT(&share->turns[i].lines);
    }
}

static void line_init(struct line *line, struct lane *lane, struct share *share)
{
    *line = (struct line){.lane = lane, .share = share, .listed = LISTED_NOT};
    for (int i = 0; i < RANKS; i++)
        STAILQ_INIT(&line->queues[i]);
    TAILQ_INSERT_TAIL(&lane->lines, line, in_lane);
}

void turn_host(struct host *host)
{
    share_init(&host->polled, 0);
    host->polled.is_host = true;
    line_init(&host->polls, &host->lanes[LANE_FEEDS], &host->polled);
}

void turn_open(struct fetcher *fetcher)
{
    for (int i = 0; i < LANES; i++)
        for (int k = 0; k < LISTINGS; k++)
            TAILQ_INIT(&fetcher->places[i].rings[k]);
}

void turn_close(struct fetcher *fetcher)
{
    table_done(&fetcher->shares);
    table_done(&fetcher->lines);
}

static struct share *share_get(struct fetcher *fetcher, int64_t feed)
{
    struct share *share = table_find(&fetcher->shares, hash_of(feed, 0), is_share, &feed);

    if (share != NULL)
        return share;
    share = new_zeroed(sizeof(*share));
    share_init(share, feed);
    table_add(&fetcher->shares, hash_of(feed, 0), share);
    return share;
}

static void share_settle(struct fetcher *fetcher, struct share *share)
{
    if (share->is_host || share->requests > 0)
        return;
    table_remove(&fetcher->shares, hash_of(share->feed, 0), share);
    free(share);
}

static struct line *line_get(struct fetcher *fetcher, const struct fetch *fetch)
{
    uint64_t hash = hash_of(fetch->feed, fetch->host->hash);
    struct line *line;

    if (fetch->lane == LANE_FEEDS)
        return &fetch->host->polls;
    line = table_find(&fetcher->lines, hash, is_line, fetch);
    if (line != NULL)
        return line;
    line = new_zeroed(sizeof(*line));
    line_init(line, &fetch->host->lanes[LANE_PAGES], share_get(fetcher, fetch->feed));
    table_add(&fetcher->lines, hash, line);
    return line;
}

/* ---- which lines may begin -------------------------------------------------- */

static bool is_of_pages(const struct line *line)
{
    return !line->share->is_host;
}

static struct places *places_of(struct fetcher *fetcher, const struct line *line)
{
    return &fetcher->places[is_of_pages(line) ? LANE_PAGES : LANE_FEEDS];
}

static enum listing listing_of(const struct line *line)
{
    bool well = is_of_pages(line) ? line->lane->known
                                  : !STAILQ_EMPTY(&line->queues[RANK_PROMPT]) ||
                                        !STAILQ_EMPTY(&line->queues[RANK_WELL]);

    if (!line->lane->ready || line->waiting == 0)
        return LISTED_NOT;
    return well ? LISTED_WELL : LISTED_NEW;
}

static void line_list(struct fetcher *fetcher, struct line *line, enum listing listing)
{
    struct ring *rings = places_of(fetcher, line)->rings;
    enum listing was = line->listed;
    struct turn *turns = line->share->turns;

    if (was == listing)
        return;
    line->listed = listing;
    if (was != LISTED_NOT) {
        TAILQ_REMOVE(&turns[was].lines, line, in_turn);
        if (TAILQ_EMPTY(&turns[was].lines))
            TAILQ_REMOVE(&rings[was], &turns[was], in_ring);
    }
    if (listing != LISTED_NOT) {
        if (TAILQ_EMPTY(&turns[listing].lines)) {
            TAILQ_INSERT_TAIL(&rings[listing], &turns[listing], in_ring);
            turns[listing].since = ++fetcher->came;
        }
        TAILQ_INSERT_TAIL(&turns[listing].lines, line, in_turn);
    }
}

void turn_list(struct fetcher *fetcher, struct lane *lane)
{
    struct line *line;

    TAILQ_FOREACH(line, &lane->lines, in_lane)
    line_list(fetcher, line, listing_of(line));
}

/* ---- whose turn it is --------------------------------------------------------- */

static bool has_places(const struct places *places, enum listing listing)
{
    int64_t left = places->most - places->taken;

    return left > (listing == LISTED_NEW ? places->most / LEFT_BY_NEW : 0);
}

static bool fits(const struct places *places, const struct share *share, enum listing listing)
{
    int64_t left = places->most - places->taken;

    return has_places(places, share->hangs >= HANG_ROW ? LISTED_NEW : listing) &&
           (share->is_host || share->taken == 0 || (int64_t)share->taken * FREE_FOR_ONE < left);
}

/* Its first request, that came first: of polls one that may hang lets the others by when the last
 * places are kept from it. */
static struct fetch *first(const struct places *places, const struct line *line)
{
    struct fetch *prompt = STAILQ_FIRST(&line->queues[RANK_PROMPT]);
    struct fetch *well = STAILQ_FIRST(&line->queues[RANK_WELL]);
    struct fetch *newer = STAILQ_FIRST(&line->queues[RANK_NEW]);

    if (prompt != NULL)
        return prompt;
    if (well == NULL || newer == NULL)
        return well == NULL ? newer : well;
    return newer->came < well->came && fits(places, line->share, LISTED_NEW) ? newer : well;
}

struct fetch *turn_next(const struct fetcher *fetcher, enum lane_kind kind)
{
    const struct places *places = &fetcher->places[kind];
    struct turn *next = NULL;

    for (enum listing listing = 0; listing < LISTINGS && has_places(places, listing); listing++) {
        struct turn *turn = TAILQ_FIRST(&places->rings[listing]);

        while (turn != NULL && !fits(places, turn->share, listing))
            turn = TAILQ_NEXT(turn, in_ring);
        if (turn != NULL && (next == NULL || turn->since < next->since))
            next = turn;
    }
    return next == NULL ? NULL : first(places, TAILQ_FIRST(&next->lines));
}

struct fetch *turn_of_lane(const struct fetcher *fetcher, const struct lane *lane)
{
    const struct places *places =
        &fetcher->places[lane == &lane->host->lanes[LANE_PAGES] ? LANE_PAGES : LANE_FEEDS];
    struct line *line;

    TAILQ_FOREACH(line, &lane->lines, in_lane)
    if (line->listed != LISTED_NOT && fits(places, line->share, line->listed))
        return first(places, line);
    return NULL;
}

struct fetch *turn_first(const struct lane *lane)
{
    struct line *line;

    TAILQ_FOREACH(line, &lane->lines, in_lane)
    for (int i = 0; i < RANKS; i++)
        if (!STAILQ_EMPTY(&line->queues[i]))
            return STAILQ_FIRST(&line->queues[i]);
    return NULL;
}

/* ---- into a line, and out of it ------------------------------------------------- */

void turn_enter(struct fetcher *fetcher, struct fetch *fetch, bool at_head)
{
    struct line *line = line_get(fetcher, fetch);
    struct fetch_queue *queue = &line->queues[fetch->rank];

    fetch->came = at_head ? 0 : ++fetcher->came;
    if (at_head)
        STAILQ_INSERT_HEAD(queue, fetch, entry);
    else
        STAILQ_INSERT_TAIL(queue, fetch, entry);
    line->waiting++;
    fetch->line = line;
    fetch->share = line->share;
    fetch->share->requests++;
    line_list(fetcher, line, listing_of(line));
}

/* Out of its line, which ends with its last one. */
static void remove_from_line(struct fetcher *fetcher, struct fetch *fetch)
{
    struct line *line = fetch->line;

    STAILQ_REMOVE(&line->queues[fetch->rank], fetch, fetch, entry);
    fetch->line = NULL;
    line->waiting--;
    line_list(fetcher, line, listing_of(line));
    if (line->waiting > 0 || !is_of_pages(line))
        return;
    TAILQ_REMOVE(&line->lane->lines, line, in_lane);
    table_remove(&fetcher->lines, hash_of(fetch->feed, fetch->host->hash), line);
    free(line);
}

static void over(struct fetcher *fetcher, struct fetch *fetch)
{
    struct share *share = fetch->share;

    fetch->share = NULL;
    share->requests--;
    share_settle(fetcher, share);
}

void turn_leave(struct fetcher *fetcher, struct fetch *fetch)
{
    remove_from_line(fetcher, fetch);
    over(fetcher, fetch);
}

/* The line is the last one now, and so is whose it is. */
static void go_last(struct fetcher *fetcher, struct line *line)
{
    struct turn *turns = line->share->turns;

    TAILQ_REMOVE(&line->lane->lines, line, in_lane);
    TAILQ_INSERT_TAIL(&line->lane->lines, line, in_lane);
    if (line->listed != LISTED_NOT) {
        TAILQ_REMOVE(&turns[line->listed].lines, line, in_turn);
        TAILQ_INSERT_TAIL(&turns[line->listed].lines, line, in_turn);
    }
    for (int i = 0; i < LISTINGS; i++) {
        struct ring *ring = &places_of(fetcher, line)->rings[i];

        if (TAILQ_EMPTY(&turns[i].lines))
            continue;
        TAILQ_REMOVE(ring, &turns[i], in_ring);
        TAILQ_INSERT_TAIL(ring, &turns[i], in_ring);
        turns[i].since = ++fetcher->came;
    }
}

void turn_take(struct fetcher *fetcher, struct fetch *fetch)
{
    go_last(fetcher, fetch->line);
    remove_from_line(fetcher, fetch);
    if (fetch->rank == RANK_WELL)
        fetch->rank = RANK_PROMPT; /* its next hop goes before those that wait */
    turn_aside(fetcher, fetch, false);
}

void turn_give(struct fetcher *fetcher, struct fetch *fetch)
{
    turn_aside(fetcher, fetch, true);
    over(fetcher, fetch);
}

void turn_aside(struct fetcher *fetcher, struct fetch *fetch, bool aside)
{
    fetcher->places[fetch->lane].taken += aside ? -1 : 1;
    fetch->share->taken += aside ? (size_t)-1 : 1;
}

void turn_move(struct fetcher *fetcher, struct fetch *fetch, int64_t feed)
{
    const struct share *other = table_find(&fetcher->shares, hash_of(feed, 0), is_share, &feed);

    if (feed == fetch->feed || (other != NULL && other->taken >= fetch->share->taken))
        return;
    turn_leave(fetcher, fetch);
    fetch->feed = feed;
    turn_enter(fetcher, fetch, true);
}
