/* lexicon.h - what is known of single words, whatever the article says: classes of words, German
 * nouns, places. */
#ifndef WIREROOM_NAMES_LEXICON_H
#define WIREROOM_NAMES_LEXICON_H

#include "text/words.h"

enum word_class {
    STOP = 1 << 0,
    CALENDAR = 1 << 1,
    DEMONYM = 1 << 2,
    TITLE = 1 << 3,
    PARTICLE = 1 << 4,
    ORG = 1 << 5,
    ORG_END = 1 << 6,
    ORG_INTRO = 1 << 7,
    PLACE_INTRO = 1 << 8,
    PLACE_PART = 1 << 9,
    IN = 1 << 10,
    TO = 1 << 11,
    SMALL_ORG = 1 << 12,
    SAID = 1 << 13,
    DETERMINER = 1 << 14,
    NOUN = 1 << 15,     /* German */
    NOUN_END = 1 << 16, /* the end of a German compound */
    PLACE = 1 << 17,    /* of one word */
    HOUSE = 1 << 18,    /* an organisation's whole name */
    NAME_TOO = 1 << 19,
    ORG_WORD = 1 << 20,
    PLACE_FIRST = 1 << 22,
    GIVEN = 1 << 23,
    GENITIVE = 1 << 21, /* told by lexicon_genitive() */
};

struct lexicon;

struct lexicon *lexicon_new(void);
void lexicon_free(struct lexicon *lexicon);

/* The classes of a word by its hash, as words_read() has it. */
uint32_t lexicon_classes(const struct lexicon *lexicon, uint64_t hash);

/* A German compound whose last part is a common noun or one of their endings. */
bool lexicon_is_compound(const struct lexicon *lexicon, struct bytes word, uint32_t class);

/* "Bayerns": the classes of what a known name's genitive in -s is of, with GENITIVE, and its hash;
 * 0 when it is none. */
uint32_t lexicon_genitive(const struct lexicon *lexicon, struct bytes word, uint64_t *ret_hash);

/* PLACE or HOUSE when these words are one: "New York", "Red Cross"; else 0. */
uint32_t lexicon_known(const struct lexicon *lexicon, const struct word *words, size_t count);

#endif
