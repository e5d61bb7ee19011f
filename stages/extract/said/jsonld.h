/* jsonld.h - JSON as it is found in pages: read as far as it makes sense.
 *
 * What strict readers refuse is common in JSON-LD: comments, CDATA and HTML comment marks around
 * it, raw line ends in strings, trailing or missing commas, several documents in a row, a document
 * that is cut off. */
#ifndef WIREROOM_EXTRACT_SAID_JSONLD_H
#define WIREROOM_EXTRACT_SAID_JSONLD_H

#include "base/arena.h"
#include "base/json.h"

enum { JSONLD_DEPTH = 48, JSONLD_VALUES = 20000 };

/* The documents in text as the items of one array; never NULL. Strings without escapes point into
 * text; HTML character references in them stay as they are. Deeper or more than the limits is left
 * out. */
struct json *jsonld_parse(struct arena *arena, struct bytes text);

#endif
