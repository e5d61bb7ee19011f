/* parties.h - who is named in a byline, a dateline or a credit, which may name several. */
#ifndef WIREROOM_ORIGIN_PARTIES_H
#define WIREROOM_ORIGIN_PARTIES_H

#include "text/agency.h"

/* Whether text is the name of a house that is not in the table and says itself that it is an
 * agency: "Meridian Wire", "Agencia de Noticias del Sur". */
bool agency_says_so(struct bytes text);

/* What a line names that may name several, as "dpa/AFP" or "Reuters, AP". */
struct agency_credit {
    struct bytes first; /* as published; lent from the table or the line; empty for none */
    bool is_known;      /* it is in the table */
    size_t agencies;    /* how many */
    size_t others;      /* parts that are none: an editor's initials, a person */
    size_t long_others; /* those of them that are no initials */
};

/* A line that names one and nothing else; agency may be NULL. */
struct agency_credit agency_credit_to(const struct agency *agency);

/* Parts end at / , ; | & + dashes with blanks, and at words that join. */
struct agency_credit agency_credit_of(struct bytes line);

#endif
