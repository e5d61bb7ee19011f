/* uncased.h - names in scripts that have no capitals: by lists of places and given names, by what
 * stands before and behind people's names, and by what organisations are called. */
#ifndef WIREROOM_NAMES_UNCASED_H
#define WIREROOM_NAMES_UNCASED_H

#include "find.h"

/* What a phrase of one word or sign, or of several, is. */
enum phrase_class {
    PH_PLACE = 1 << 0,
    PH_HOUSE = 1 << 1,      /* an organisation's whole name */
    PH_TITLE = 1 << 2,      /* a person's name follows */
    PH_BEHIND = 1 << 3,     /* a person's name stands before it */
    PH_SAID = 1 << 4,       /* likewise, if it looks like one */
    PH_ORG_HEAD = 1 << 5,   /* begins an organisation's name */
    PH_ORG_TAIL = 1 << 6,   /* ends one */
    PH_PLACE_HEAD = 1 << 7, /* a place's name follows */
    PH_PLACE_TAIL = 1 << 8, /* ends one */
    PH_STOP = 1 << 9,       /* is in no name */
    PH_GIVEN = 1 << 10,
    PH_NATION = 1 << 11,  /* may stand between title and name */
    PH_WITHIN = 1 << 12,  /* "bin": in names, and never the last word */
    PH_SURNAME = 1 << 13, /* Chinese, Korean */
    PH_SOUND = 1 << 14,   /* a sign that foreign names are written with in Chinese */
    PH_BEGINS = 1 << 15,  /* a longer phrase begins so */
};

enum {
    PHRASE_MOST = 20, /* words of one: Thai's signs are letters, and Bangkok has thirteen */
    PHRASE_END = PH_STOP | PH_SAID | PH_TITLE | PH_BEHIND
};

struct uncased;

/* listed is lent, and may be NULL. */
struct uncased *uncased_new(const struct listed *listed);
void uncased_free(struct uncased *u);

/* Adds the names that are written in such scripts to what finder has. */
void uncased_read(struct uncased *u, struct finder *f);

/* For the files of this reader: */

/* The longest phrase at word, that ends before end: how many words, 0 when there is none. */
size_t phrase_at(
    const struct uncased *u, const struct finder *f, size_t word, size_t end, uint32_t *ret_class);

/* The same of so many words. */
uint32_t phrase_of(const struct uncased *u, const struct finder *f, size_t word, size_t count);

/* Whether one word, by its hash, is of the class. */
bool uncased_has(const struct uncased *u, uint64_t hash, uint32_t class);

/* Its first character; 0 of no word. */
uint32_t word_first(const struct finder *f, size_t word);

/* words first to end, all signs, nothing between them but dots of names (signs.c). */
void signs_read(
    const struct uncased *u, struct finder *f, size_t first, size_t end, bool is_japanese);

/* words first to end, of scripts that set blanks, nothing but blanks between them (worded.c). */
void worded_read(const struct uncased *u, struct finder *f, size_t first, size_t end);

/* A word without the letters of other words that are written with it (worded.c). */
void worded_strip(const struct uncased *u, struct finder *f, size_t word);

#endif
