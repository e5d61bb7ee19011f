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
    SOMEONE = 1 << 24,  /* a person's whole name */
    TOWN = 1 << 25,     /* of one word: a place, unless the text says otherwise */
    NOBODY = 1 << 26,   /* no name, says the operator */
    KNOWN = PLACE | HOUSE | SOMEONE,
};

struct lexicon;
struct listed;

/* listed is lent, and may be NULL. */
struct lexicon *lexicon_new(const struct listed *listed);
void lexicon_free(struct lexicon *lexicon);

/* The classes of a word by its hash, as words_read() has it; those of a word with a capital, that
 * may be listed. */
uint32_t lexicon_classes(const struct lexicon *lexicon, uint64_t hash);
uint32_t lexicon_capital(const struct lexicon *lexicon, uint64_t hash);

/* A German compound whose last part is a common noun or one of their endings. */
bool lexicon_is_compound(const struct lexicon *lexicon, struct bytes word, uint32_t class);

/* "Bayerns": the classes of what a known name's genitive in -s is of, with GENITIVE, and its hash;
 * 0 when it is none. */
uint32_t lexicon_genitive(const struct lexicon *lexicon, struct bytes word, uint64_t *ret_hash);

/* PLACE, HOUSE, SOMEONE or NOBODY when these words are one: "New York", "Red Cross"; else 0. */
uint32_t lexicon_known(const struct lexicon *lexicon, const struct word *words, size_t count);

/* Whether these words are a listed town's name. */
bool lexicon_is_town(const struct lexicon *lexicon, const struct word *words, size_t count);

/* Whether a town's name is also a common word of the language; of any, when it is not known. */
bool lexicon_is_town_word(const struct lexicon *lexicon, uint64_t hash, struct bytes language);

/* Of a name of several words. */
uint64_t lexicon_hash(const struct word *words, size_t count);

#endif
