/* names.h - people's names out of what is given for them: bylines, metas, labels. */
#ifndef WIREROOM_EXTRACT_PAGE_NAMES_H
#define WIREROOM_EXTRACT_PAGE_NAMES_H

#include "page/page.h"

enum { NAMES_MAX = 24, NAME_BYTES = 80, SIGNATURE_BYTES = 60 };

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

/* Whoever signs with text, which stands where nothing but a signature stands: initials, a nickname,
 * the newsroom. Cues in front and dates behind are taken off; empty when what is left is no name of
 * anybody. */
struct bytes names_signature(struct bytes text);

/* "Chefreporterin", "Redakteur": a role, or a compound that ends with one. */
bool names_is_role(struct bytes word);

/* The name is how the site calls itself, or its address. */
bool names_is_site(const struct page *page, struct bytes name);

size_t names_count(const struct names *names, enum name_kind kind);

/* A newsroom or an agency, because it is said_so or by its words; not a company with its legal form
 * or address. */
bool names_is_newsroom(const struct page *page, struct bytes name, bool said_so);

/* Every person of a is in b too, as a name of its own. */
bool names_within(const struct names *a, const struct names *b);

#endif
