/* admit.h - which entries of a document are new: a decision without I/O over what a feed was seen
 * to hold.
 *
 * Feeds lie: guids change at each poll, or one guid serves all entries; links flap between http and
 * https; bodies carry counters; entries leave and come back. The rules, in order:
 *
 * 1. Within the document an entry that repeats an earlier one (same guid and address, or same guid
 *    and content, or same address, content and date) is known.
 * 2. A guid or address that different entries of one document share identifies none of them, now or
 *    later.
 * 3. What is left is matched with what was seen, each item once: by guid, else by address, else by
 *    content (which must come with the same date, or, undated, stand in the place of an item of the
 *    last document; few words without a date do so only where most of the document repeats the last
 * one so: "Police report" is written again each day).
 * 4. An item whose content differs from its last published version is changed, as often as its
 *    budget of revisions allows: three at once, then after 10, 20, 40 ... minutes, at most every 6
 *    hours. A change that had to wait is published later, when the entry is seen again.
 *
 * An entry that is not matched is new: dates never make it old, because publishers do add old
 * entries late. */
#ifndef WIREROOM_ADMIT_ADMIT_H
#define WIREROOM_ADMIT_ADMIT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "conf/conf.h"

/* How an entry that was seen ended at admission; the counters add up to the entries of the
 * document. */
enum admit_verdict {
    ADMIT_NEW,
    ADMIT_CHANGED,
    ADMIT_KNOWN,
    ADMIT_DUPLICATE, /* another feed brought this article before */
    ADMIT_MARKED,    /* there before the first fetch */
    ADMIT_OLD,       /* came back after it had been forgotten */
    ADMIT_VERDICTS
};

enum { SEEN_ITEM_SIZE = 56 };

/* One entry a feed was seen to hold; stored as it is, in the byte order of the machine. */
struct seen_item {
    uint64_t guid, url; /* hashes; 0 for none */
    uint64_t content;   /* hash, of the last published version */
    uint64_t raw;       /* hash of the entry unread, when it says what stands here; else 0 */
    int64_t article;    /* row; 0 when it was only marked */
    uint32_t date;      /* the entry's own, in seconds; 0 for none */
    uint32_t seen;      /* minutes since 1970 when it was last in a document */
    uint32_t revised;   /* minutes since 1970 of the last revision */
    uint16_t absent;    /* documents since then */
    uint8_t revisions;  /* of late */
    uint8_t flags;      /* enum seen_flag */
};
_Static_assert(sizeof(struct seen_item) == SEEN_ITEM_SIZE, "items are stored");

enum seen_flag { SEEN_GUID_SHARED = 1, SEEN_URL_SHARED = 2, SEEN_BRIEF = 4 };

/* What a feed was seen to hold; items are on the arena. */
struct seen {
    struct arena *arena;
    struct seen_item *items;
    size_t count, cap;
};

/* stored is copied. E_FORMAT when it does not hold count items. */
int seen_decode(struct arena *arena, size_t count, struct bytes stored, struct seen *ret_seen,
    struct error *err);

/* The items, with room behind them: a row whose length stays is overwritten in place. */
struct bytes seen_encode(struct seen *seen);

/* Forget what has been gone for 100 documents and 3 days; of what is gone keep at most as many
 * items as the document had (256 at least), those that were there last. Marked ones stay until the
 * last, because nothing else remembers them. */
void seen_expire(struct seen *seen, size_t document, int64_t now);

/* What is known of an entry. */
struct admit_entry {
    uint64_t guid;    /* hash; 0 without one */
    uint64_t url;     /* admit_url_key() */
    uint64_t content; /* hash; 0 when there is nothing in it */
    uint32_t date;    /* seconds since 1970; 0 without one */
    uint64_t raw;     /* hash of the entry unread; 0 for none */
    bool brief;       /* so few words that another entry may well have the same */
    bool unread;      /* nothing but raw is known: the entry is known and nothing more */
};

struct admit_decision {
    int verdict;   /* ADMIT_NEW, ADMIT_CHANGED or ADMIT_KNOWN */
    size_t item;   /* in seen; of a repeat: SIZE_MAX */
    bool guid_fit; /* its guid identifies it */
    bool url_fit;  /* its address identifies it */
    bool moved;    /* a known item under another address */
    bool put_off;  /* it changed sooner than its budget of revisions allows */
};

struct admit {
    uint64_t seed; /* secret, so that nobody can choose entries that collide */
    int64_t now;   /* wall */
    const struct admit_entry *entries;
    size_t count;
    bool partial; /* what is not in the document has not gone */
};

/* Fill what entries hold that are unread, from the items they are; one whose item is gone stays
 * unread. What is filled in is what reading would tell: an item keeps the raw hash only of an entry
 * that it agrees with. */
void admit_recall(struct seen *seen, uint64_t seed, struct admit_entry *entries, size_t count);

/* Decide on every entry, in document order; ret_decisions has room for as many. seen is brought up
 * to date: items found again, items changed, items added for the new entries (article 0: the caller
 * sets it), absence of all others counted. */
void admit_decide(
    const struct admit *admit, struct seen *seen, struct admit_decision *ret_decisions);

/* Which of a first document's new entries are published under poll.first_fetch: the others become
 * ADMIT_MARKED. The newest by date are chosen, or the first in the document when there are no
 * dates. */
void admit_first(const struct admit *admit, int first_fetch, int64_t first_count,
    struct arena *arena, struct admit_decision *decisions);

/* The order in which entries that were new or changed go out: oldest first; documents have the
 * newest on top. ret_order has room for as many as entries; returns how many were chosen. */
size_t admit_order(const struct admit *admit, const struct admit_decision *decisions,
    struct arena *arena, size_t *ret_order);

/* Hash of an address without what is the same article all the same: scheme, "www.", a slash at its
 * end. 0 for a front page or no address: that is no article's. url is canonical. */
uint64_t admit_url_key(struct bytes url);

/* Seconds since 1970 of an RFC 3339 date or date-time, at least 1; 0 when it is none. */
uint32_t admit_date(struct bytes text);

#endif
