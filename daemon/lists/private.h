/* private.h - what the files of subscriptions share: when lists are asked for
 * (subscriptions.c), and what they change (subscriptions_feeds.c). */
#ifndef WIREROOM_LISTS_PRIVATE_H
#define WIREROOM_LISTS_PRIVATE_H

#include "lists/subscriptions.h"

enum { LIST_ERROR = 300 };

/* A list elsewhere. */
struct list {
    struct subscriptions *all;
    struct list *next;
    char *url;
    char *etag, *last_modified, *validated; /* of what is in force, and where it came from */
    uint64_t body_hash;
    int64_t due;     /* mono */
    uint64_t ticket; /* of a fetch under way, 0 for none */
    bool busy;       /* from the question until its answer is in force */
    bool gone;       /* no longer named: freed when it is not busy */
    int failures;
    int64_t last_success; /* wall */
    char error[LIST_ERROR];
    uint64_t *known; /* hashes of the addresses in it, sorted */
    size_t known_count;

    struct arena *arena; /* of the answer */
    struct json *answer;
    char *new_etag, *new_last_modified, *new_validated;
    uint64_t new_hash;
    const struct json *at;   /* feed of the answer to be added next */
    struct list_move *moves; /* addresses that feeds have left, sorted */
    size_t move_count, move_cap, added;
    bool open;   /* the answer is being taken over */
    bool forced; /* by the operator: it may take away most of its feeds at once */
};

struct subscriptions {
    struct subscriptions_parts parts;
    const struct conf *conf;
    struct list *lists;
    uv_timer_t timer;
    bool closing;
};

/* NULL when it is not named (any more). */
struct list *list_find(const struct subscriptions *subscriptions, const char *url);

/* subscriptions_feeds.c: take an answer over, some feeds at a step: LIST_MORE, LIST_DONE (it is on
 * the disk), or a negative code. */
enum { LIST_MORE, LIST_DONE };
int list_begin(struct list *list, const struct json *feeds, struct error *err);
bool list_is_open(const struct list *list);
int list_step(struct list *list, struct error *err);

/* Remove the feeds that list brought and has no more, or give them to another list that has them;
 * NULL: those of lists that are not named. An error: that is not on the disk yet. */
int lists_leave(struct subscriptions *subscriptions, const struct list *list, size_t *ret_removed,
    struct error *err);

#endif
