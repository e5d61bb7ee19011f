/* private.h - what memory.c, compare.c and saved.c share. */
#ifndef NEARDUP_PRIVATE_H
#define NEARDUP_PRIVATE_H

#include "cold.h"
#include "frequency.h"
#include "index.h"
#include "memory.h"

enum set { WORDS, NAMES, NUMBERS, TITLE, SETS };

static const uint8_t room_of[SETS] = {SKETCH_WORDS, SKETCH_NAMES, SKETCH_NUMBERS, SKETCH_TITLE};
enum { TERMS = SKETCH_WORDS + SKETCH_NAMES + SKETCH_NUMBERS + SKETCH_TITLE };

/* About 500 bytes with its piece; its runs lie in the index. */
struct article {
    uint64_t whole;
    struct identity id;
    uint32_t origin;                /* number of the first of its group, itself for most */
    float weight_at[SKETCH_LEVELS]; /* of the runs of at least each level */
    uint32_t words, page, seen;
    uint8_t runs, level, words_level, at_level[SKETCH_LEVELS]; /* runs of at least each level */
    uint8_t counts[SETS];
    /* The sets one behind the other. Of one that is kept they lie in a piece of memory, with its
     * sampled runs' keys before and these runs' groups behind them, and its id. */
    uint16_t *terms;
};

static inline size_t term_count(const struct article *article)
{
    size_t count = 0;

    for (enum set set = 0; set < SETS; set++)
        count += article->counts[set];
    return count;
}

static inline uint16_t *terms_of(const struct article *article, enum set set)
{
    uint16_t *terms = article->terms;

    for (enum set before = 0; before < set; before++)
        terms += article->counts[before];
    return terms;
}

/* How many of its runs are sampled: the first ones, as these begin with zero bits. */
static inline size_t sample_count(const struct article *article)
{
    return article->at_level[cold_level(article->level)];
}

static inline uint32_t *sample_keys(const struct article *article)
{
    return (uint32_t *)(void *)article->terms - sample_count(article);
}

static inline uint8_t *sample_groups(const struct article *article)
{
    return (uint8_t *)(article->terms + term_count(article));
}

/* Run i of it, when that is sampled. */
static inline void sample_run(const struct article *article, size_t i, uint32_t key, uint8_t groups)
{
    if (i >= sample_count(article))
        return;
    sample_keys(article)[i] = key;
    sample_groups(article)[i] = groups;
}

/* What an article shares with the new one. */
struct mark {
    uint32_t article; /* 0: free */
    uint32_t runs;
    float weight;
};

enum {
    MARKS = 8192,           /* of the table, a power of two */
    MARKED = MARKS * 3 / 4, /* the first so many articles; each run gives at most INDEX_WALK */
    SHARED_LEAST = 2        /* one run alone is chance or a phrase */
};

/* What the new article is made of: memory_compare() fills it, memory_add() keeps it. */
struct scratch {
    struct mark marks[MARKS];
    uint32_t places[MARKED]; /* of the marks in use */
    size_t marked;
    float weights[SKETCH_SHINGLES];
    uint8_t groups[SKETCH_SHINGLES];
    struct article article;
    uint16_t terms[TERMS];
    bool has[SETS][SKETCH_TERMS];
    float sums[SETS];
    double at_level[SKETCH_LEVELS]; /* weights of the runs of at least each level */
};

/* A run of an article that no part has. */
struct run {
    uint32_t key; /* what is compared of it */
    uint8_t groups;
};

/* A part of the save. */
struct part {
    uint64_t end; /* number behind its last article */
    bool has_tables;
};

struct memory {
    struct space *space; /* NULL: there is none */
    struct ring articles, pieces;
    struct index index; /* of the last days' articles, from index.first on */
    struct cold cold;   /* of those before */
    uint64_t cooled;    /* end of their pieces */
    struct frequency words, names;
    size_t most;
    uint32_t window, whole, now; /* seconds; whole: in which an article is known by all its runs */
    struct scratch new;
    uint64_t saved;    /* number of the first article that no part has */
    struct ring runs;  /* struct run: of these articles, in their order */
    struct buf counts; /* what those articles' words add to the tables */
    bool anew;         /* the next part is the first one, whatever came before */
    size_t listed;     /* bytes of such lists in the parts since the last with the tables */
    struct part *parts;
    size_t part_count, part_room;
};

static inline struct article *article_at(const struct memory *memory, uint32_t number)
{
    return ring_at(&memory->articles, number);
}

/* compare.c: the new article and the one that shares the marked runs with it. */
void compare(const struct memory *memory, const struct mark *mark, struct candidate *ret_candidate);

/* describe.c: the new article's terms into memory->new; the weights of its runs are added later. */
void describe(struct memory *memory, const struct arrival *arrival);

/* The rarity of its names, numbers and headline, for who compares it: most articles resemble none.
 */
void describe_sums(struct memory *memory);

/* Leading zero bits of a word's term: which words are kept is told as with runs. */
unsigned word_level(uint16_t term);
float term_rarity(const struct memory *memory, enum set set, uint16_t term);

static inline bool is_cold(const struct memory *memory, uint32_t number)
{
    return number < memory->index.first;
}

/* memory.c: one more, with terms of its own, and with id. */
struct article *memory_keep(struct memory *memory, const struct article *article, struct bytes id);
/* What is older than the window before now, and more than there may be, goes: so many articles at
 * a time that a stream which goes on after a gap is not held up. */
void memory_forget(struct memory *memory, uint32_t now);
/* saved.c: the words of an article that counts; a run of the one that was added last. */
void saved_count(struct memory *memory, const struct sketch *sketch);
void saved_run(struct memory *memory, uint32_t key, uint8_t groups);
/* The first article that no part has need not be in one any more. */
void saved_forget(struct memory *memory);

/* Nothing is known; the next article has number first. */
void memory_clear(struct memory *memory, uint64_t first);

#endif
