/* xml_entity.h - character and entity references where no DTD can be trusted. */
#ifndef WIREROOM_FEED_XML_ENTITY_H
#define WIREROOM_FEED_XML_ENTITY_H

#include "base/str.h"

/* Most bytes, and most references, all entities of one document may expand to. */
enum {
    XML_ENTITIES = 64,
    XML_EXPANSION = 64 << 10,
    XML_ENTITY_DEPTH = 6,
    XML_ENTITY_STEPS = 10000
};

struct xml_entities {
    struct bytes names[XML_ENTITIES], values[XML_ENTITIES];
    size_t count;
    size_t expanded; /* bytes so far */
    size_t steps;    /* references followed so far */
    char utf8[8];
    char text[XML_EXPANSION];
};

/* Remember the internal entities of the DOCTYPE at the start of text; returns the bytes it takes.
 * External ones are never opened. */
size_t xml_entities_read(struct xml_entities *entities, struct bytes text);

/* The reference at the start of text ("&...;"): bytes it takes, 0 when it is none. *ret_text is
 * lent until the next call. A reference that would go over XML_EXPANSION reads as nothing. */
size_t xml_entity_decode(struct xml_entities *entities, struct bytes text, struct bytes *ret_text);

#endif
