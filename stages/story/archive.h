/* archive.h - the articles of the last days and the stories they form. */
#ifndef STORY_ARCHIVE_H
#define STORY_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "identity.h"
#include "sketch.h"

enum {
    NO_STORY = UINT32_MAX,
    NO_ARTICLE = UINT32_MAX,
    ARCHIVE_ARTICLES = 8000000, /* most it may be asked to keep */
    STORY_FIRSTS = 3,
    /* Members an article is compared with: the first ones, which say what happened, and the newest;
     * more change no figure, and a story of 10,000 members costs no more than one of these. */
    STORY_COMPARED = 16,
    STORY_TITLE = 160, /* bytes of a headline, and of an identity, that are kept */
};

struct article {
    uint64_t id;    /* hash of its identity */
    uint32_t time;  /* seconds since 1970, as it says itself */
    uint32_t seen;  /* what time it was when it came */
    uint32_t story; /* number */
    uint32_t older; /* ordinal of the member of its story before it */
    uint32_t chain; /* next older with the same rest of id */
    uint8_t postings;
    bool copy;      /* it has no sketch */
    uint16_t house; /* agency whose report it is, text/agency.h; 0 for none that is known */
    struct sketch sketch;
};

/* The kinds whose mean likeness among members is kept up. */
enum { CENTRE_BODY, CENTRE_NAME, CENTRE_TOP, CENTRES };

struct story {
    /* What a search asks first lies together. */
    uint32_t mark; /* of the search that counts score */
    float score;
    uint32_t live;                /* articles that are remembered; 0: the place is free */
    uint32_t born;                /* postings before this one are of whoever had the place before */
    uint32_t originals, articles; /* ever */
    int64_t first, last;          /* seconds: times of its members */
    uint32_t newest;              /* ordinal of its newest original */
    uint32_t heir;                /* number + 1 of the story that took it in, or 0 */
    uint32_t firsts[STORY_FIRSTS];
    float sum[CENTRES]; /* of the likenesses of all pairs of members, themselves included */
    float central;      /* of the member whose headline it bears */
    uint8_t uuid[UUID];
    uint32_t topic;
    uint8_t topic_uuid[UUID];
    char *title;    /* may be NULL */
    char *first_id; /* of the article that opened it */
};

struct archive;

/* Keeps at most articles articles, each at most window seconds. They and their terms lie in space,
 * which outlives it; NULL: on the heap. */
struct space;
struct archive *archive_new(size_t articles, int64_t window, struct space *space);
void archive_free(struct archive *archive);

/* The oldest article is forgotten if it came before the window, or there is no more room: how many
 * postings it had is returned, or -1 when nothing was. */
int archive_forget_one(struct archive *archive, int64_t now);

size_t archive_count(const struct archive *archive);

/* Whose identity has this hash, or NULL; lent until something is added. */
const struct article *archive_find(const struct archive *archive, uint64_t id);

struct story *archive_story(struct archive *archive, uint32_t number);
bool story_is_live(const struct archive *archive, uint32_t number);

/* A story without members; it is free again unless one is added. */
uint32_t archive_new_story(struct archive *archive, const uint8_t uuid[UUID], uint32_t born);

/* sketch's terms are copied; a copy (NULL) belongs to its story but is never compared. */
struct article *archive_add(struct archive *archive, uint64_t id, int64_t time, int64_t seen,
    const struct sketch *sketch, uint32_t story);

/* At most STORY_COMPARED of its originals, oldest first. */
size_t archive_members(const struct archive *archive, uint32_t number,
    const struct article *ret_members[STORY_COMPARED]);

/* The story itself, or the one that took it in. */
uint32_t archive_heir(const struct archive *archive, uint32_t number);

/* A story takes another one in, with all its articles; its sums are the caller's. */
void archive_merge(struct archive *archive, uint32_t into, uint32_t from);

/* An original that is not the only one of its story is one of another from now on; likewise. */
void archive_move(struct archive *archive, uint32_t ordinal, uint32_t into);

/* The newest article is for a while a member of another story, and no longer; lent is the caller's.
 */
struct lent {
    struct story from, into;
    uint32_t from_number, into_number, ordinal, older, story;
};
void archive_lend(struct archive *archive, uint32_t into, struct lent *ret_lent);
void archive_take_back(struct archive *archive, const struct lent *lent);

/* The article of an ordinal, NULL when it is not kept. */
const struct article *archive_at(const struct archive *archive, uint32_t ordinal);

void story_set_title(struct story *story, struct bytes title);
void story_set_first(struct story *story, struct bytes id);

/* The ordinal of the article to come. */
uint32_t archive_next(const struct archive *archive);

/* An article, and its story as it was after it, from a save; ordinals follow each other, but for
 * the first. NULL when they do not. archive_restored() ends it. */
struct story *archive_restore(struct archive *archive, uint32_t ordinal,
    const struct article *article, const struct story *story);
void archive_restored(struct archive *archive);

/* A story of which only one that it is about to take in is remembered. */
void archive_restore_story(struct archive *archive, uint32_t number, const struct story *story);

/* Bytes it takes, and of these, those that lie in space. */
size_t archive_bytes(const struct archive *archive);
size_t archive_mapped(const struct archive *archive);

#endif
