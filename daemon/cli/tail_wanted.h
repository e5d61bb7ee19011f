/* tail_wanted.h - which events a reader of the log wants, by what stands in them. */
#ifndef WIREROOM_CLI_TAIL_WANTED_H
#define WIREROOM_CLI_TAIL_WANTED_H

#include "cli/client.h"

/* Each has words with commas between them; NULL wants all. Lent. */
struct tail_wanted {
    const char *types;     /* "article.new", all "story" ones, or the words of tail's lines */
    const char *languages; /* "en", which has "en-GB", too */
    const char *feeds;     /* ids or addresses */
    const char *stories;   /* ids, or as many digits of one as `story show` takes */
};

/* The types that there are, for what is said of a word that is none of them. */
extern const char tail_types[];

/* The words that name no type; empty when all do. */
struct bytes tail_wanted_bad_type(const struct tail_wanted *wanted);

/* Feeds and stories by the identities that events have, on arena: the daemon knows them. What it
 * does not know any more stays as it is. A negative code when the daemon is gone. */
int tail_wanted_resolve(
    struct client *client, struct arena *arena, struct tail_wanted *wanted, struct error *err);

bool tail_wants(const struct tail_wanted *wanted, const struct json *event);

#endif
