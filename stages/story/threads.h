/* threads.h - each article finds its story, or begins one. */
#ifndef STORY_THREADS_H
#define STORY_THREADS_H

#include "evidence.h"
#include "journal.h"
#include "model.h"
#include "news.h"
#include "topics.h"

/* Articles of a story are at most so many days apart: measured on the stream, and as others do
 * (Miranda and others, 2018). */
/* TOPICS: most that are remembered, 400 bytes each. */
enum { THREADS_DAYS = 14, STORY_ARTICLES = 2000, TOPICS = 50000 };

struct threads;

struct threads_options {
    size_t articles;     /* most remembered */
    struct space *space; /* for what is kept of them, NULL: on the heap */
    const struct model *model;
    struct bytes common;               /* for frequency_begin() */
    uint32_t age;                      /* of counts, in articles; 0: as usual */
    const struct topic_limits *topics; /* NULL: as usual */
    size_t warm_up; /* articles by which the least score of a member sinks to the model's; 0: it is
                       that */
};

/* One more article. Texts are lent. */
struct thread_source {
    struct bytes id, same_as; /* same_as: the article it copies, or empty */
    struct sketch_source text;
    int64_t time;   /* seconds since 1970, or 0: now */
    uint16_t house; /* of struct article */
};

struct placed {
    uint32_t story;
    const struct story *is;
    char urn[URN];        /* its identity */
    char topic[URN];      /* and that of its topic */
    struct news news;     /* that no earlier member has; none when the story is new */
    bool is_new, is_full; /* is_full: it would have joined a story that takes no more */
    /* What else was decided anew with it: all articles of the story from are of into, or one that
     * moved is (the hash of its identity). Neither: 0. */
    enum change_kind changed;
    uint8_t from[UUID], into[UUID];
    uint64_t moved;
};

struct threads *threads_new(const struct threads_options *options);
void threads_free(struct threads *threads);

/* Where source belongs; what is returned is lent until the next. */
void threads_place(
    struct threads *threads, const struct thread_source *source, struct placed *ret_placed);

/* For training: asked before each decision; it returns which candidate the article joins, -1 for
 * none. The scores are the model's. */
typedef int threads_decide(void *ctx, struct candidate *candidates, size_t count, int chosen);
void threads_on_decision(struct threads *threads, threads_decide *decide, void *ctx);
struct archive *threads_archive(struct threads *threads);

/* What came since the last save, added to out (nothing when nothing did), and how many of the last
 * saves make up what is known; threads_load() takes these back, the oldest first, false when one
 * makes no sense. */
void threads_save(struct threads *threads, struct buf *out);
void threads_want_save(struct threads *threads); /* the next one is written, though nothing came */
size_t threads_saves(const struct threads *threads);
bool threads_load(struct threads *threads, struct bytes saved);

size_t threads_bytes(const struct threads *threads);

#endif
