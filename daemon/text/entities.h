/* entities.h - the table of HTML's named character references that text.c searches. */
#ifndef WIREROOM_TEXT_ENTITIES_H
#define WIREROOM_TEXT_ENTITIES_H

#include <stdbool.h>
#include <stddef.h>

struct entity {
    const char *name; /* without & and ; */
    const char *text; /* UTF-8 */
    bool bare;        /* also read without its semicolon */
};

/* Sorted by name, as strcmp() does. */
extern const struct entity entities[];
extern const size_t entity_count;

#endif
