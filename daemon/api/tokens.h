/* tokens.h - who may ask: bearer tokens (RFC 6750) of a file, one a line. */
#ifndef WIREROOM_API_TOKENS_H
#define WIREROOM_API_TOKENS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/str.h"

/* Owned; zeroed memory asks for none. */
struct tokens {
    struct buf lines;
    bool wanted;
};

/* Those of the file, "" for none; lines that are empty or begin with '#' are none. With an error
 * tokens stays as it is. */
int tokens_read(struct tokens *tokens, const char *path, struct error *err);
void tokens_done(struct tokens *tokens);

/* Of an Authorization header. It takes as long for a wrong one as for a right one. */
bool tokens_allow(const struct tokens *tokens, struct bytes authorization);

#endif
