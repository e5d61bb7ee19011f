/* evidence.h - where in an article it says whose it is, and how far each place is to be believed.
 */
#ifndef WIREROOM_ORIGIN_EVIDENCE_H
#define WIREROOM_ORIGIN_EVIDENCE_H

#include "parties.h"

/* The words of event.schema.json. */
enum basis {
    BASIS_NONE,
    BASIS_CREDIT_LINE,
    BASIS_BYLINE,
    BASIS_DATELINE,
    BASIS_RSS_SOURCE,
    BASIS_CANONICAL_LINK,
};
const char *basis_name(enum basis basis);

struct evidence {
    enum basis basis;
    struct bytes provider;
    double confidence;
};

/* A house that is in no table is less sure to be one that others carry. */
void evidence_weaken(struct evidence *evidence, const struct agency_credit *credit);

/* Of a byline or an author, as printed: "By Ana Lund, Associated Press", "Von dpa". */
struct evidence byline_read(struct bytes byline);

/* Of the text's first line; *ret_dateline is what stands before the dash or colon, "BEIRUT
 * (Reuters)", also where no agency is named, and empty where there is none. */
struct evidence dateline_read(struct bytes text, struct bytes *ret_dateline);

/* Of the text's last lines: "(AP)", "dpa/abc", "Source: Reuters", "(c) AFP". */
struct evidence credit_read(struct bytes text);

/* Of a line about rights: "Copyright 2021 The Associated Press". */
struct evidence rights_read(struct bytes text);

#endif
