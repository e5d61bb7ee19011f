/* agencies.h - whose name it is that stands in a byline, a dateline or a credit. */
#ifndef WIREROOM_ORIGIN_AGENCIES_H
#define WIREROOM_ORIGIN_AGENCIES_H

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

/* What a line names that may name several, as "dpa/AFP" or "Reuters, AP". */
struct agency_credit {
    const struct agency *first;
    size_t agencies;    /* how many */
    size_t others;      /* parts that are none: an editor's initials, a person */
    size_t long_others; /* those of them that are no initials */
};

/* Parts end at / , ; | & + dashes with blanks, and at words that join. */
struct agency_credit agency_credit_of(struct bytes line);

/* text without the blanks, of Unicode's too, quotation marks, dots and stars at both its ends. */
struct bytes agency_trim(struct bytes text);

#endif
