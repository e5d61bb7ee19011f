/* find.h - where names stand in a text: runs of words with a capital, less what is none. */
#ifndef WIREROOM_NAMES_FIND_H
#define WIREROOM_NAMES_FIND_H

#include "lexicon.h"

/* Words of a text that are looked at: a book of 60 pages. What is beyond names nobody new. */
enum { FIND_WORDS = 16384, FIND_MENTIONS = 4096 };

enum name_kind { NAME_OTHER, NAME_PERSON, NAME_ORGANISATION, NAME_PLACE, NAME_KINDS };

struct mention {
    uint32_t first, count; /* words */
    uint32_t at, len;      /* bytes of the text */
    uint8_t kind;          /* enum name_kind */
    uint8_t weight;        /* of that kind: 1 is a guess */
    bool weak;             /* a name only if it is seen elsewhere as one */
};

/* A text being read. Buffers are the finder's, and are used again for the next text. */
struct finder {
    struct lexicon *lexicon;
    struct uncased *uncased;
    struct word words[FIND_WORDS];
    uint32_t classes[FIND_WORDS];
    struct mention mentions[FIND_MENTIONS];
    struct tally *tallies; /* by hash: how words are written in this text */
    uint32_t epoch;
    struct bytes text, language;
    size_t word_count, mention_count;
    bool is_german, is_nordic;
};

/* listed is lent, and may be NULL. */
struct finder *finder_new(const struct listed *listed);
void finder_free(struct finder *f);

/* Fill mentions; language may be empty. */
void finder_read(struct finder *f, struct bytes text, struct bytes language);

/* For the files of this stage: */

/* Times that a word stands in small letters, and with a capital within a sentence. */
uint32_t finder_lower(const struct finder *f, size_t word);
uint32_t finder_inner(const struct finder *f, size_t word);

struct bytes finder_gap(const struct finder *f, size_t word); /* before it */
bool finder_opens(const struct finder *f, size_t word); /* a sentence, a line or a quotation */
bool finder_is_capitals(const struct finder *f, size_t word); /* two letters or more, all */

/* A listed town's name, where a single word begins a sentence: not when it is a common word, too.
 */
bool finder_is_town(const struct finder *f, size_t word);

/* words first to end (not included) with a capital, joined: what of them is a name, if any. */
void german_run(struct finder *f, size_t first, size_t end);
void plain_run(struct finder *f, size_t first, size_t end);

/* A name, told by its reader to be of a kind or NAME_OTHER: its kind is weighed by what stands
 * around. */
void finder_add(struct finder *f, size_t first, size_t end, enum name_kind kind, bool weak);
void kind_weigh(const struct finder *f, struct mention *m);

#endif
