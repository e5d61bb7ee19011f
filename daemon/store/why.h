/* why.h - what became of an entry, as far as the store knows: the article it is of, what of that
 * waits, and which feeds were seen to hold it. */
#ifndef WIREROOM_STORE_WHY_H
#define WIREROOM_STORE_WHY_H

#include "store/store.h"

/* An article's column `way` has a line on how the newest version that ended did, "version<TAB>end
 * <TAB>time" with the name of a counter for its end, and behind it the lines that came with the
 * event or the drop: "step<TAB>began<TAB>took<TAB>what". Times are wall, spans microseconds. */

enum { WHY_FEEDS = 64, WHY_PENDING = 16 /* versions of one article at a time */ };

struct why_pending {
    int64_t row, version, feed;
    int64_t at;        /* wall: admitted, or put aside */
    const char *cause; /* of a quarantined one, else NULL */
};

struct why_article {
    char uri[46];
    struct bytes title;
    int64_t version, published; /* given out last, and published last: 0 for none */
    uint64_t sequence;          /* of that */
    int64_t first_seen;         /* wall */
    struct {
        int64_t feed, at; /* wall */
    } seen_in[WHY_FEEDS];
    size_t seen_in_count;
    struct bytes way;
    struct why_pending pending[WHY_PENDING];
    size_t pending_count;
    struct store_recheck recheck; /* tries, since and due; due 0: none is planned */
};

/* The key of an address, or of a guid: what entries are found by where no article is. */
struct why_key {
    uint64_t url, guid; /* hashes, 0 for none */
};
struct why_key why_key(struct arena *arena, struct bytes url_or_guid);

/* By any address it was seen under; E_NOT_FOUND. On arena. */
int store_why(struct store *store, struct arena *arena, struct why_key key,
    struct why_article *ret_article, struct error *err);

/* An entry that a feed was seen to hold. */
struct why_held {
    int64_t feed;
    int64_t seen;    /* wall, to the minute: last in a document of it */
    uint16_t absent; /* documents since then */
    bool marked;     /* it was there before the first fetch, and is no article */
};

/* Of the next `feeds` feeds after one, those that hold the entry; *after becomes the last that was
 * looked at, *ret_more is whether there are more. */
int store_why_held(struct store *store, struct why_key key, int64_t *after, size_t feeds,
    void (*on_held)(void *ctx, const struct why_held *held), void *ctx, bool *ret_more,
    struct error *err);

#endif
