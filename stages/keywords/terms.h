/* terms.h - what a text is about: one to three words each, weighed by how often and how early they
 * stand. */
#ifndef WIREROOM_KEYWORDS_TERMS_H
#define WIREROOM_KEYWORDS_TERMS_H

#include "text/words.h"

enum {
    TERM_WORDS = 4096, /* of a text: its first ten pages say what it is about */
    TERM_SLOTS = 8192,
    TERMS = 32
};

struct term {
    struct bytes text; /* as it first stands */
    double weight;     /* 1 for the best */
};

struct terms;

struct terms *terms_new(void);
void terms_free(struct terms *terms);

/* At most most (TERMS) of them, the best first, into ret_terms; they point into title and text. */
size_t terms_find(struct terms *terms, struct bytes title, struct bytes text, struct bytes language,
    size_t most, struct term ret_terms[TERMS]);

#endif
