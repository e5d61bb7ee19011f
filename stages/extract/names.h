/* names.h - people's names out of what is given for them: bylines, metas, labels. */
#ifndef WIREROOM_EXTRACT_NAMES_H
#define WIREROOM_EXTRACT_NAMES_H

#include "page.h"

enum { NAMES_MAX = 24, NAME_BYTES = 80 };

enum name_kind {
    NAME_NONE, /* not a name of anybody */
    NAME_PERSON,
    NAME_HANDLE,       /* one word, perhaps what somebody calls himself */
    NAME_ORGANIZATION, /* a newsroom, agency or company */
};

struct names {
    struct bytes items[NAMES_MAX];
    enum name_kind kinds[NAMES_MAX];
    size_t count;
};

/* Split text ("Von Anna Berg und Tom Lind, Oslo", "Smith, J.; Jones, K.") and add what may be a
 * name. Cues in front, roles, places and dates behind are taken off. What equals a name of the site
 * becomes an organization. trusted says that the text was given as names and not found among other
 * text. */
void names_add(struct names *names, const struct page *page, struct bytes text, bool trusted);

size_t names_count(const struct names *names, enum name_kind kind);

/* A newsroom or an agency, because it is said_so or by its words; not a company with its legal form
 * or address. */
bool names_is_newsroom(const struct page *page, struct bytes name, bool said_so);

/* Every person of a is in b too (all words of one name in the other). */
bool names_within(const struct names *a, const struct names *b);

#endif
