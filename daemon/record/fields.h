/* fields.h - the fields of a record, one row each: what each is in a published article, and who may
 * decide on it. */
#ifndef WIREROOM_RECORD_FIELDS_H
#define WIREROOM_RECORD_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

struct record_property {
    int field;
    const char
        *member; /* of a published article, where it is one string in both worlds; else NULL */
    bool is_own; /* the daemon's: what a worker answers for it does not count */
};

/* In the order in which a published article has its members. A field of which nothing of this can
 * be said has no row. */
extern const struct record_property record_properties[];
extern const size_t record_property_count;

#endif
