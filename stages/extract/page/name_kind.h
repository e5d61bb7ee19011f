/* name_kind.h - what may be the name of a person, of an organization, or of nobody. */
#ifndef WIREROOM_EXTRACT_PAGE_NAME_KIND_H
#define WIREROOM_EXTRACT_PAGE_NAME_KIND_H

#include "page/names.h"

enum { NAME_WORDS = 6 };

/* trusted: it was given as a name, not found in running text. */
enum name_kind name_kind_of(const struct page *page, struct bytes name, bool trusted);

/* What content systems and forms put where a name should stand. */
bool name_is_nobody(struct bytes name);

/* A month or a day of the week, with or without a mark behind it. */
bool name_is_date_word(struct bytes word);

/* The word, without case, is one of list, which ends with NULL. */
bool name_is_listed(struct bytes word, const char *const *list);
bool name_has_any(struct bytes text, const char *marks);

/* A full name, as people have them: two to four words, none of an organization, no "and". */
bool name_looks_personal(struct bytes name);
/* A word that organizations have in their names. */
bool name_is_organization_word(struct bytes word);

/* A capital letter, or a letter of a script that has none. */
bool name_starts(struct bytes word);
/* A word in small letters that begins or is within names: "von". */
bool name_is_particle(struct bytes word);

#endif
