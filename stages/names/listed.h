/* listed.h - names that the operator's files list: who or what they are, their first form, their
 * country. */
#ifndef WIREROOM_NAMES_LISTED_H
#define WIREROOM_NAMES_LISTED_H

#include "text/words.h"

enum listed_kind {
    LISTED_NOTHING,
    LISTED_PERSON,
    LISTED_ORGANISATION,
    LISTED_PLACE,
    LISTED_TOWN, /* a place, unless the text says otherwise: its name may be a word or a person's */
    LISTED_NONE, /* no name at all */
    LISTED_KINDS
};

/* LISTED_LISTS: files of one stage. LISTED_NAMES: of all of them; the towns of the whole world, in
 * all languages, are 120,000. LISTED_LONGEST: bytes. */
enum { LISTED_LISTS = 2, LISTED_NAMES = 1 << 20, LISTED_LONGEST = 120 };

struct listed;

struct listed *listed_new(void);
void listed_free(struct listed *listed);

/* Read a list, lent until listed_free(); what an earlier one has stays. path is for errors:
 * "path:line:column: what". NULL, or what is wrong. */
const char *listed_read(struct listed *listed, const char *path, struct bytes text);

/* What words by this hash are (of one the word's own, of several lexicon_hash()); begins, if not
 * NULL, tells whether a longer name in a script without capitals begins so. listed may be NULL. */
enum listed_kind listed_kind(const struct listed *listed, uint64_t hash, bool *ret_begins);

/* The first form of what these words are, and its country or ""; false when they are not listed. */
bool listed_form(
    const struct listed *listed, uint64_t hash, struct bytes *ret_form, struct bytes *ret_country);

#endif
