/* known.c - hashes by feed, in one piece of memory each. */
#include "flow/known.h"

#include "base/hash.h"
#include "worker/job.h"

struct known_feed {
    LIST_ENTRY(known_feed) link;
    int64_t id;
    size_t count;
    uint64_t raws[];
};

static size_t size_of(size_t count)
{
    return sizeof(struct known_feed) + count * sizeof(uint64_t);
}

static uint64_t key_of(int64_t feed)
{
    return hash64((struct bytes){(const char *)&feed, sizeof(feed)});
}

static bool is_feed(const void *item, const void *key)
{
    return ((const struct known_feed *)item)->id == *(const int64_t *)key;
}

struct bytes known_get(const struct known *known, int64_t feed)
{
    const struct known_feed *found = table_find(&known->by_feed, key_of(feed), is_feed, &feed);

    if (found == NULL)
        return (struct bytes){"", 0};
    return (struct bytes){(const char *)found->raws, found->count * sizeof(uint64_t)};
}

void known_forget(struct known *known, int64_t feed)
{
    struct known_feed *found = table_find(&known->by_feed, key_of(feed), is_feed, &feed);

    if (found == NULL)
        return;
    table_remove(&known->by_feed, key_of(feed), found);
    LIST_REMOVE(found, link);
    known->total -= found->count;
    slab_free(&known->slab, found, size_of(found->count));
}

void known_set(struct known *known, int64_t feed, const uint64_t *raws, size_t count)
{
    struct known_feed *added;

    known_forget(known, feed);
    count = count < JOB_KNOWN ? count : JOB_KNOWN;
    if (count == 0 || count > KNOWN_MOST - known->total)
        return;
    added = slab_alloc(&known->slab, size_of(count));
    added->id = feed;
    added->count = count;
    memcpy(added->raws, raws, count * sizeof(*raws));
    table_add(&known->by_feed, key_of(feed), added);
    LIST_INSERT_HEAD(&known->feeds, added, link);
    known->total += count;
}

void known_done(struct known *known)
{
    struct known_feed *feed;

    while ((feed = LIST_FIRST(&known->feeds)) != NULL) {
        LIST_REMOVE(feed, link);
        slab_free(&known->slab, feed, size_of(feed->count));
    }
    slab_done(&known->slab);
    table_done(&known->by_feed);
    *known = (struct known){0};
}
