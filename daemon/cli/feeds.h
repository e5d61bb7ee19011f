/* feeds.h - what the verbs below `wireroom feeds` share. */
#ifndef WIREROOM_CLI_FEEDS_H
#define WIREROOM_CLI_FEEDS_H

#include "cli/client.h"

typedef void feeds_on_feed(void *ctx, const struct json *feed);

/* All feeds of the daemon, in order of id, page by page; feed is lent. state is NULL for any.
 * Negative after an error. */
int feeds_each(
    struct client *client, const char *state, feeds_on_feed *on_feed, void *ctx, struct error *err);

/* What is wrong in a document: [{"line", "column", "text"}, ...], a line each; nothing for none. since:
 * when it was seen first, or empty. */
void feeds_print_diagnosis(const struct json *diagnosis, struct bytes since);

/* A feed to add; title and tags may be empty. */
struct feeds_new {
    const char *url, *title, *tags;
};

/* Add feeds in pieces that do not hold up the daemon. on_added is called for each, in order: id is
 * NULL when it was refused, and then why says why. Negative after an error. */
typedef void feeds_on_added(
    void *ctx, const struct feeds_new *feed, const char *id, bool added, const char *why);
int feeds_put(struct client *client, const struct feeds_new *feeds, size_t count,
    feeds_on_added *on_added, void *ctx, struct error *err);

extern const struct cli_verb cli_feeds_add_verb, cli_feeds_import_verb, cli_feeds_export_verb;

#endif
