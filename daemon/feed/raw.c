/* raw.c - knows what an entry's reading depends on besides its own bytes. */
#include "base/hash.h"
#include "feed/reader.h"

enum { INHERITED_MOST = 32 }; /* authors and categories hashed for each item */

/* Where it stands, and what it takes from its feed: a change to any of these makes all entries new
 * to read, though seldom new. What an entry takes from elements of the feed that come after it is
 * nothing. */
static uint64_t hash_surroundings(const struct reader *r, uint64_t hash)
{
    const struct frame *frame = &r->frames[r->depth];
    const struct feed *feed = r->feed;
    const char kind[] = {(char)feed->format, (char)r->atom, (char)frame->own_lang};

    hash = hash64_add(hash, (struct bytes){kind, sizeof(kind)});
    hash = hash64_add(hash, r->source->url);
    hash = hash64_add(hash, r->base);
    hash = hash64_add(hash, frame->base);
    hash = hash64_add(hash, frame->lang);
    hash = hash64_add(hash, feed->language);
    for (size_t i = 0; i < feed->authors.count; i++) {
        hash = hash64_add(hash, feed->authors.at[i].name);
        hash = hash64_add(hash, feed->authors.at[i].email);
        hash = hash64_add(hash, feed->authors.at[i].url);
    }
    for (size_t i = 0; i < feed->categories.count; i++)
        hash = hash64_add(hash, feed->categories.at[i]);
    return hash;
}

bool reader_passes(struct reader *r, struct bytes item, uint64_t around)
{
    const struct feed_sink *sink = r->sink;
    uint64_t raw;

    r->raw = 0;
    if (sink == NULL || sink->on_raw == NULL ||
        r->feed->authors.count + r->feed->categories.count > INHERITED_MOST)
        return false;
    raw = hash64_add(hash_surroundings(r, around), item);
    raw += raw == 0;
    if (!sink->on_raw(sink->ctx, r->position, raw)) {
        r->raw = raw;
        return false;
    }
    r->feed->entries = ++r->position;
    return true;
}
