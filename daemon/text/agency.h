/* agency.h - the houses whose reports others carry: their names, and the sites that are theirs. */
#ifndef WIREROOM_TEXT_AGENCY_H
#define WIREROOM_TEXT_AGENCY_H

#include "base/str.h"

struct agency {
    const char *name;      /* as published */
    const char *sites;     /* that are its own, by blanks */
    const char *spellings; /* by bars */
};

/* Lay the table out; before all that follows. */
void agencies_open(void);

/* The agency that text names and nothing else, but for articles and what houses add to their names
 * ("the", "news agency", "staff"); NULL when it is none. */
const struct agency *agency_named(struct bytes text);

/* The agency at home on the site of a canonical address; NULL when it is none's. */
const struct agency *agency_at(struct bytes url);

/* A number that stands for an agency in what is saved, whatever the table becomes; 0 for NULL. And
 * the agency of a number; NULL when there is none. */
uint16_t agency_key(const struct agency *agency);
const struct agency *agency_of(uint16_t key);

/* text without the blanks, of Unicode's too, quotation marks, dots and stars at both its ends. */
struct bytes agency_trim(struct bytes text);

#endif
