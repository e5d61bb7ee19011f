/* stories.h - what the verbs about stories and topics share. */
#ifndef WIREROOM_CLI_STORIES_H
#define WIREROOM_CLI_STORIES_H

#include "cli/client.h"

/* Each story's newest event, the newest first, until on_story returns other than 0. event is lent.
 * OK or a negative code. */
int stories_each(struct client *client, int (*on_story)(void *ctx, const struct json *event),
    void *ctx, struct error *err);

/* The states of a story, ended by NULL. */
extern const char *const stories_states[];

/* One story as a line. */
struct story_line {
    struct bytes uri, state, headline;
    int64_t articles, publishers, independent;
    int64_t first, last; /* reports, wall */
};
void stories_print_line(const struct story_line *story);

/* The same of a story's event. */
void stories_print(const struct json *event);

/* The hexadecimal part of an identity, "0d6f2b52-...", and how many digits of it lists show. */
enum { STORIES_SHOWN = 8 };
struct bytes stories_id(struct bytes uri);

/* The newest event of the story, or topic when is_topic, that `name` begins the identity of; its
 * identity goes to ret_uri. E_NOT_FOUND; E_USAGE when several do. */
enum { STORIES_URI = 64 };
int stories_find(struct client *client, const char *name, bool is_topic, char ret_uri[STORIES_URI],
    struct error *err);

#endif
