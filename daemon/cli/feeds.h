/* feeds.h - what the verbs below `wireroom feeds` share. */
#ifndef WIREROOM_CLI_FEEDS_H
#define WIREROOM_CLI_FEEDS_H

#include "cli/client.h"

typedef void feeds_on_feed(void *ctx, const struct json *feed);

/* All feeds of the daemon, in order of id, page by page; feed is lent. state is NULL for any.
 * Negative after an error. */
int feeds_each(
    struct client *client, const char *state, feeds_on_feed *on_feed, void *ctx, struct error *err);

/* The words that --sort of the list takes, ended by NULL. */
extern const char *const feeds_orders[];

/* What is wrong in a document: [{"line", "column", "text"}, ...], a line each; nothing for none.
 * since: when it was seen first, or empty. */
void feeds_print_diagnosis(const struct json *diagnosis, struct bytes since);

/* A feed to add; title, tags and link may be empty. set_title, set_tags: also where the feed is
 * followed already. */
struct feeds_new {
    const char *url, *title, *tags, *link;
    const char *from; /* of import: the file, and line where it has lines */
    bool set_title, set_tags;
};

/* Add feeds in pieces that do not hold up the daemon. on_added is called for each, in order: id is
 * NULL when it was refused, and then why says why. Negative after an error. */
enum feeds_put { FEEDS_KNOWN, FEEDS_ADDED, FEEDS_CHANGED };
typedef void feeds_on_added(
    void *ctx, const struct feeds_new *feed, const char *id, enum feeds_put what, const char *why);
int feeds_put(struct client *client, const struct feeds_new *feeds, size_t count,
    feeds_on_added *on_added, void *ctx, struct error *err);

/* What stands behind an address, on arena; all: sitemaps too, though there are feeds. Negative
 * after an error. */
enum { FEEDS_FOUND = 64 };
struct feeds_found {
    struct json *feeds[FEEDS_FOUND];
    size_t count;
    bool picked[FEEDS_FOUND];
    const char *became[FEEDS_FOUND]; /* "added" ...: of a picked one, once the daemon has said so */
};
int feeds_discover(struct client *client, struct arena *arena, const char *url, bool all,
    struct feeds_found *ret_found, struct error *err);

/* adding: what became of those picked is said, else each has its title. */
void feeds_print_found(const struct feeds_found *found, bool adding);

/* The address with a scheme, which people leave out. */
enum { FEEDS_URL = 2100 };
/* Whether the word is the name of a file rather than of a host: "nope.xml" */
bool feeds_is_file_name(const char *word);
const char *feeds_whole_url(const char *word, char room[FEEDS_URL]);

/* Connect, and do this with each address of the command line until the daemon is gone. Returns the
 * exit code: the last that is not EXIT_OK. */
int feeds_each_address(const struct cli_args *args,
    int (*visit)(const struct cli_args *args, struct client *client, const char *url));

/* A command for each word of the command line; what comes back is printed by print, or as JSON:
 * {"feed", did: true}, or, where did is NULL, the "feed" of the answer. Returns the exit code. */
int feeds_each_word(const struct cli_args *args, const char *command, const char *did,
    void (*print)(const char *word, const struct json *line));

extern const struct cli_verb cli_feeds_add_verb, cli_feeds_list_verb, cli_feeds_show_verb,
    cli_feeds_history_verb, cli_feeds_test_verb, cli_feeds_discover_verb, cli_feeds_import_verb,
    cli_feeds_export_verb;

#endif
