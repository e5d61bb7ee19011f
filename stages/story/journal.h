/* journal.h - what one article did to the memory, as bytes: a save is a row of these. */
#ifndef STORY_JOURNAL_H
#define STORY_JOURNAL_H

#include "archive.h"

/* What one article made of earlier decisions: whole stories and sums, for that is rare. */
enum change_kind { CHANGE_NOTHING, CHANGE_MERGES, CHANGE_MOVES };

struct change {
    uint32_t kind, from, into;                  /* numbers of stories */
    uint32_t moved;                             /* ordinal of the article, of CHANGE_MOVES */
    float from_sum[CENTRES], into_sum[CENTRES]; /* after it */
    struct story was;                           /* into before it, and its texts */
    char title[STORY_TITLE + 1], first[STORY_TITLE + 1];
};

enum { ENTRY_COUNTED = SKETCH_WORDS + 2 * SKETCH_TITLE, ENTRY_POSTED = 16 };

/* Of fixed size; the machine that wrote it reads it. */
struct entry_head {
    uint64_t id;
    uint32_t time, seen, ordinal, story, topic;
    uint32_t posting; /* number of its first */
    uint16_t words, counted;
    uint8_t terms, posted, copy, headed;
    uint8_t language, rotated, title, first;
    uint16_t house, unused;
    uint32_t changed; /* enum change_kind */
};

struct entry {
    struct entry_head head;
    uint32_t keys[SKETCH_TERMS];
    uint16_t info[SKETCH_TERMS];
    uint32_t posted[ENTRY_POSTED];   /* terms that got postings */
    uint32_t counted[ENTRY_COUNTED]; /* terms that were counted */
    struct story story;              /* after the article, without its texts */
    char title[STORY_TITLE], first[STORY_TITLE];
    struct change change; /* when there was one */
};

/* Add the entry to out; its lengths are in the head. */
void entry_write(const struct entry *entry, struct buf *out);
/* Take one off the front of rest; false when there is no whole one. */
bool entry_read(struct bytes *rest, struct entry *ret_entry);

bool take_bytes(struct bytes *rest, void *into, size_t size);

#endif
