/* identity.h - an article's id in 16 bytes, as nearly all are URNs of UUIDs. */
#ifndef NEARDUP_IDENTITY_H
#define NEARDUP_IDENTITY_H

#include "base/str.h"

enum { IDENTITY_TEXT = 200 /* longest id kept, with its NUL */ };

struct identity {
    union {
        uint8_t uuid[16];
        char *other; /* on the heap, when is_other */
    };
    bool is_other;
};

/* Keeps a copy of id; longer ones than IDENTITY_TEXT are cut. */
void identity_set(struct identity *identity, struct bytes id);
void identity_done(struct identity *identity);
void identity_write(const struct identity *identity, char ret_id[IDENTITY_TEXT]);
bool identity_is(const struct identity *identity, struct bytes id);

#endif
