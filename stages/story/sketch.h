/* sketch.h - what is kept of an article to compare it: its telling terms, and where they stood. */
#ifndef STORY_SKETCH_H
#define STORY_SKETCH_H

#include <stdint.h>

#include "base/str.h"
#include "frequency.h"
#include "text/words.h"

/* Where a term stood; a term may stand in many places. */
enum sketch_place {
    IN_BODY = 1 << 0,
    IN_TITLE = 1 << 1,
    IN_ADDRESS = 1 << 2, /* in the words of the page's address */
    IN_LEAD = 1 << 3,    /* among the first SKETCH_LEAD words */
    IN_NAME = 1 << 4,    /* a name, or a part of one */
    IN_NUMBER = 1 << 5,
};

/* What two sketches are compared by. */
enum sketch_kind { BY_BODY, BY_TITLE, BY_HEAD, BY_TOP, BY_NAME, BY_LEAD_NAME, BY_NUMBER, KINDS };
/* BY_HEAD: headline or address; BY_TOP: these or the lead. */

/* Most terms of each place; measured on the stream: more of them changes nothing but memory. */
enum {
    SKETCH_WORDS = 2000, /* of the body that are read: the rest of a long text repeats them */
    SKETCH_TITLE = 64,
    SKETCH_LEAD = 70,
    MOST_BODY = 34,
    MOST_TITLE = 12,
    MOST_ADDRESS = 6,
    MOST_LEAD = 20,
    MOST_NAMES = 18,
    MOST_NUMBERS = 10,
    SKETCH_TERMS = 96, /* in all */
};

/* info of a term: its weight in 1/20 (8 bits), class of its count (2 bits), places (6 bits). */
struct sketch {
    uint8_t count;
    uint8_t headed; /* the title has three words or more */
    uint16_t words; /* of the body that were read */
    float norm[KINDS];
    float mass[3]; /* of body, names, lead names: sums of weights */
    const uint32_t *keys;
    const uint16_t *info;
};

static inline unsigned info_places(uint16_t info)
{
    return info & 63U;
}

float info_weight(uint16_t info);      /* of the term, however often it stands */
float info_body_weight(uint16_t info); /* more when it stands more often */
bool info_counts(uint16_t info, enum sketch_kind kind);

/* Compute norm and mass from the terms. */
void sketch_measure(struct sketch *sketch);

/* What a sketch is drawn from. */
struct sketcher;

struct sketch_source {
    struct bytes title, text, url, language;
};

struct sketcher *sketcher_new(void);
void sketcher_free(struct sketcher *sketcher);

/* Count source's terms in frequency, if it counts, and draw its sketch; keys and info are lent
 * until the next. */
void sketch_draw(struct sketcher *sketcher, struct frequency *frequency,
    const struct sketch_source *source, bool counts, struct sketch *ret_sketch);

/* Write the different terms of what was drawn last: how many there are, at most most. */
size_t sketch_all_keys(const struct sketcher *sketcher, uint32_t *ret_keys, size_t most);

/* The words of the text that was drawn last. */
const struct words *sketch_words(const struct sketcher *sketcher);
uint32_t term_key(const struct word *word);

/* How alike two sketches are. */
struct likeness {
    float kind[KINDS]; /* cosines */
    float shared[3];   /* ln(1 + weight that both have): body, names, lead names */
    float part[3];     /* the same as a part of the lighter one */
    uint64_t names[2]; /* which of a's terms are names that b has, too: bits */
};

/* At most SKETCH_TERMS keys, laid out to be looked for often; they are lent. */
enum { PROBE = 512 };
struct probe {
    const uint32_t *keys;
    uint8_t first[PROBE];       /* by the rest of a key: its place + 1, or 0 */
    uint8_t next[SKETCH_TERMS]; /* with the same rest */
};

void probe_set(struct probe *probe, const uint32_t *keys, size_t count);

/* Where key is, or SIZE_MAX. */
static inline size_t probe_find(const struct probe *probe, uint32_t key)
{
    for (uint8_t at = probe->first[key % PROBE]; at != 0; at = probe->next[at - 1])
        if (probe->keys[at - 1] == key)
            return at - 1U;
    return SIZE_MAX;
}

/* probe: of a's keys. */
void sketch_compare(const struct sketch *a, const struct probe *probe, const struct sketch *b,
    struct likeness *ret_likeness);

#endif
