/* published_search.h - what the files that look for the date of publication share.
 *
 * published.c asks what machines are told, the feed and the address; published_shown.c what readers
 * see. */
#ifndef WIREROOM_EXTRACT_FIELD_PUBLISHED_SEARCH_H
#define WIREROOM_EXTRACT_FIELD_PUBLISHED_SEARCH_H

#include "field/fields.h"
#include "page/clean.h"

enum {
    LINE_BYTES = 160, /* of a line that has a date */
    LEAST_BYTES = 6,  /* of a date: "1.2.26" */
};

/* Points, chosen by hand on the pages of `./dev bench extract`, of which 93.7 percent of the dates
 * are right with them. Half or twice of STAMP or of SHORT, changed alone, costs up to three of some
 * 670 pages, of VAGUE, NAMED_DATE or CUED one, half of PROSE none.
 *
 * For machines: */
enum {
    SAID = 200, /* less its rank: more than all that is shown together */
    VAGUE = 35, /* less than a date beside the headline, more than one elsewhere */
};

/* in an attribute, and what it says it is: */
enum { STAMP = 30, STAMP_PUBLISHED = 60, STAMP_PROPERTY = 50, STAMP_CHANGED = -25 };

/* by how close it stands to the headline, half a point lost a line below and one a line above; the
 * beginning of the text is worth less: */
enum { AT_TITLE = 25, ABOVE_TITLE = 20, AT_TEXT = -5 };

/* by what the block is: */
enum {
    IN_COMMENT = -25,
    IN_SIDEBAR = -15,
    IN_OTHERS = -30, /* lists of articles */
    IN_FOOTER = -10,
    IN_LINKS = -15,
    IN_TEASER = -25,
    IN_DATA = 8,      /* what clean.c took for a date, a byline, data */
    IN_NEWSROOM = 25, /* a comment that is the article gets back what it lost */
};

/* and by what the line says and how long it is. */
enum {
    NAMED_DATE = 15,
    NAMED_DATA = 6,
    CUED = 10,
    LABELLED = 28, /* by a label, "Published:", which outweighs a vague meta */
    CHANGED = -4,  /* better than none: of pages that show no other date */
    SHORT = 10,
    LONG = -8, /* characters, and words again */
    TITLE_LINE = 15,
    PROSE = -10,
    TOLD_CHANGE = -15,
};

struct contender {
    struct date date;
    struct bytes raw;
    struct bytes source;
    int score;
};

struct search {
    struct page *page;
    enum date_order order;
    uint32_t title_line; /* UINT32_MAX without a headline */
    uint32_t first_line; /* of the text; UINT32_MAX without */
    uint32_t last_line;  /* likewise */
    struct contender best;
};

/* A day since 1970 as the source writes it. */
int64_t published_day(const struct date *date);

/* text is a date between the beginnings of the web and tomorrow. */
bool published_read(const struct search *search, struct bytes text, struct date *ret_date);

/* Take text when it is a date and score is more than what was found. */
void published_consider(struct search *search, struct bytes text, struct bytes source, int score);

/* Elements that carry a date, lines that show one, and scripts that write one where they stand. */
void published_consider_shown(struct search *search);

#endif
