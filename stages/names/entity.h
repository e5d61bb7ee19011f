/* entity.h - whom the mentions of a text name: each once, under the longest name that is his. */
#ifndef WIREROOM_NAMES_ENTITY_H
#define WIREROOM_NAMES_ENTITY_H

#include "find.h"

enum { ENTITIES = 256 };

struct entity {
    struct bytes name;
    uint64_t whole, first, last; /* hashes of all words, of the first, of the last */
    uint32_t count, words;
    uint32_t word;              /* the first of name, in the text */
    uint32_t kinds[NAME_KINDS]; /* weight of each */
    enum name_kind kind;
};

struct entities {
    struct entity at[ENTITIES];
    size_t count;
};

/* The most often named come first. */
void entities_collect(const struct finder *f, struct entities *ret_entities);

#endif
