/* demo_world.h - a small news world: who publishes what, and when. The same seed and start give the
 * same world. */
#ifndef WIREROOM_CLI_DEMO_WORLD_H
#define WIREROOM_CLI_DEMO_WORLD_H

#include "base/str.h"
#include "cli/demo_text.h"

enum demo_layout { LAYOUT_BROADSHEET, LAYOUT_AGENCY, LAYOUT_MODERN, LAYOUT_TABLE };
enum demo_format { DEMO_RSS20, DEMO_RSS092, DEMO_RDF, DEMO_ATOM, DEMO_JSON };
enum demo_fate { FATE_LIVES, FATE_DIES, FATE_FALTERS };

struct outlet {
    const char *host; /* "chronicle": reached as chronicle.localhost */
    const char *name;
    const char *claim; /* below the name */
    const char *language;
    enum demo_layout layout;
    bool wire;     /* an agency: others print its copy */
    bool reprints; /* prints the agency's copy */
    const char *authors[3];
};

struct demo_feed {
    const char *host;
    const char *path;
    const char *title;
    enum demo_format format;
    const char *section; /* NULL: everything of the outlet */
    enum demo_fate fate;
};

/* Both end with a NULL host. */
extern const struct outlet demo_outlets[];
extern const struct demo_feed demo_feeds[];

struct demo_article {
    uint32_t id;         /* 1, 2, ... */
    uint32_t reprint_of; /* id, 0 for none */
    unsigned story;      /* 1, 2, ...: what it tells of */
    const struct outlet *outlet;
    const struct storyline *line;
    int development;
    struct cast cast;
    uint64_t seed;     /* of its wording; a reprint has its original's */
    int64_t published; /* wall */
    int64_t edited;    /* wall; 0: never */
};

enum {
    DEMO_KEPT = 4096,   /* articles that can still be read */
    DEMO_RUNNING = 3,   /* stories at a time */
    DEMO_BACKLOG = 24,  /* articles from before the start */
    DEMO_DEATH = 20,    /* seconds until a feed that dies is gone */
    DEMO_FALTER = 15,   /* seconds on, seconds off */
    DEMO_FEED_SIZE = 15 /* newest articles in a feed */
};

struct running_story {
    const struct storyline *line;
    unsigned number; /* 1, 2, ... */
    struct cast cast;
    int development;
    uint32_t covered;  /* outlets that have told this development, one bit each */
    uint32_t original; /* the agency's article of this development, 0 before it */
    uint64_t original_seed;
};

struct demo_world {
    uint64_t seed;
    uint64_t random;
    int64_t start;    /* wall */
    int64_t interval; /* between two articles */
    int64_t next;     /* when the next one appears */
    int port;
    unsigned told; /* stories begun so far */
    struct running_story running[DEMO_RUNNING];
    uint32_t count;                /* articles so far */
    struct demo_article *articles; /* the last DEMO_KEPT, by id */
};

void demo_world_init(
    struct demo_world *world, uint64_t seed, int64_t start, int64_t interval, int port);
void demo_world_done(struct demo_world *world);

/* Let happen what happens until now. */
void demo_world_advance(struct demo_world *world, int64_t now);

/* NULL when there is none (any more). */
const struct demo_article *demo_world_find(const struct demo_world *world, uint32_t id);

/* The newest articles of a feed, newest first, at most room; returns how many. */
size_t demo_world_feed(const struct demo_world *world, const struct demo_feed *feed,
    const struct demo_article **ret_articles, size_t room);

const struct outlet *demo_outlet_find(const char *host);

/* An article's words as they are at a time; freed with demo_story_done(). */
struct demo_story {
    struct buf headline, summary, author, path;
    struct buf body; /* paragraphs, ended by newlines; the first is the summary's sentence */
    int version;
    int64_t modified;
};
void demo_story_write(
    const struct demo_article *article, int64_t now, struct demo_story *ret_story);
void demo_story_done(struct demo_story *story);

#endif
