/* threads_private.h - what the files of threads share. */
#ifndef STORY_THREADS_PRIVATE_H
#define STORY_THREADS_PRIVATE_H

#include "journal.h"
#include "threads.h"

enum {
    DAY = 86400,
    ENTRIES_LIMIT = 64 << 20, /* bytes; the daemon saves each 2,000 articles, of 2 KiB each */
    CLOCKS = 9,               /* times of which the middle is now */
    INDEXED = 12,             /* terms of an article that have postings */
    ASKED = 48,               /* of which the postings are read, the heaviest first, */
    MOST_HITS = 256,          /* until so many were read: in a large stream each term has many */
    MOST_SEEN = 4096,         /* stories one search may count */
};

/* What came since the last save, and which saves there were. */
struct saves {
    struct buf entries; /* bounded; whoever never saves loses them */
    uint32_t count;     /* of entries */
    uint32_t *parts;    /* ordinals of the first entry of each save that is needed */
    size_t part_count, part_cap;
    uint32_t part;        /* number of the save to come */
    uint32_t age, before; /* ordinals of the articles with which the two ages began */
    bool rotated;         /* with the article that is being placed */
    bool begun;           /* counts are known: those of a save begin with an age */
    bool lost;            /* more came than may wait */
    bool wanted;          /* a save, though no article came */
    struct entry entry;   /* being written, or read */
};

struct threads {
    struct archive *archive;
    struct postings *postings;
    struct topics *topics;
    struct frequency *frequency;
    struct sketcher *sketcher;
    size_t warm_up;
    const struct model *model;
    threads_decide *decide;
    void *ctx;
    struct saves saves;
    int64_t now;
    int64_t clocks[CLOCKS];
    uint32_t told; /* clocks, ever */
    uint32_t mark; /* of the search */
    uint32_t seen[MOST_SEEN];
    size_t seen_count;
    struct candidate candidates[MOST_CANDIDATES];
    struct indexed {
        float weight, idf;
        uint32_t key;
    } terms[SKETCH_TERMS]; /* of the article */
    size_t term_count;
};

void threads_forget(struct threads *threads);

/* The score from which an article joins a story. */
float threads_least_score(const struct threads *threads);

/* The article was placed: its postings are the first terms. */
void threads_note(struct threads *threads, const struct article *article, bool counted);

#endif
