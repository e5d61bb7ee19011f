/* identity.h - an article's id in 16 bytes, as nearly all are URNs of UUIDs. */
#ifndef NEARDUP_IDENTITY_H
#define NEARDUP_IDENTITY_H

#include "base/str.h"

enum { IDENTITY_TEXT = 200 /* longest id kept, with its NUL */ };

struct identity {
    union {
        uint8_t uuid[16];
        const char *other; /* when is_other */
    };
    bool is_other;
};

/* Bytes that id takes beside the struct: 0 of a URN; longer ones than IDENTITY_TEXT are cut. */
size_t identity_room(struct bytes id);
/* room: of so many bytes; it is lent for good. */
void identity_set(struct identity *identity, struct bytes id, char *room);
void identity_write(const struct identity *identity, char ret_id[IDENTITY_TEXT]);
bool identity_is(const struct identity *identity, struct bytes id);

#endif
