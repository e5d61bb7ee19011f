/* byline_search.h - what the files that look for the byline share: where they are, and what they
 * found.
 *
 * byline.c keeps the best candidate and asks in turn: its own elements with telling names,
 * byline_lines.c for lines that say so or have a date, byline_bare.c for names that stand alone.
 * byline_place.c says where a line stands, and whose it is. */
#ifndef WIREROOM_EXTRACT_FIELD_BYLINE_SEARCH_H
#define WIREROOM_EXTRACT_FIELD_BYLINE_SEARCH_H

#include "cue/cue.h"
#include "field/byline.h"
#include "page/clean.h"

enum { TEXT_BYTES = 200 /* of a byline */ };

/* Points, chosen by hand on the pages of `./dev bench extract`, which has authors F1 .825 with
 * them, and a name on 15.8 percent of the pages without one. Of what they were chosen at (.835 and
 * 18.2 percent, when a site that was stated counted as one that signs) these cost most, changed
 * alone: SIGNED (.821 with 17), CUED (.826, and 20.6 percent, with 44), INNER (.826 with 56), NAMED
 * (22.4 percent with 36) and LEAST (20.0 percent with 4). Half or twice of ITEMPROP, REL_AUTHOR,
 * LINKED, BARE and AT_TITLE costs less than .003.
 *
 * By what says that it is a byline: */
enum {
    ITEMPROP = 32,
    REL_AUTHOR = 25,
    NAMED = 18,
    LINKED = 12, /* to an author's page, and nothing more */
    SIGNED = 34, /* by a cue beside the headline, */
    INNER = 28,  /* in the middle of a line there */
    CUED = 22,   /* by a cue elsewhere */
    BARE = 26,   /* a name alone at an end of the text */
    LEAST = 8,   /* none is better than less */
};

/* by where it stands: */
enum {
    AT_TITLE = 20,
    AT_OPENING = 15,
    AT_END = 12,
    IN_COMMENT = -60,
    IN_OTHERS = -25, /* lists of articles, pictures */
    IN_SIDEBAR = -10,
    IN_TEASER = -30,
    IN_BIO = -6,
    AWAY_ABOVE = 4, /* lost where a signed line stands above the headline, */
    AWAY_END = 6,   /* or behind the text; below the headline a point a line */
};

/* and what is lost for a cue that may be something else. */
enum { FAR_COLON = 4, FAR = 12, UNCLEAR = 12, UNCLEAR_LONG = 40 };

#define KIND(name) (1U << CUE_##name)

struct search {
    const struct page *page;
    struct byline *best;
    uint32_t best_line;
    uint32_t title_line, first_line;
    uint32_t last_line; /* of the text; 0 without */
};

/* The line that a node stands in or, when it holds several, its first one. */
uint32_t byline_line_of(const struct page *page, uint32_t node);

/* The last lines of the text, and those behind it. */
bool byline_is_at_end(const struct search *search, uint32_t line);

/* Between the headline and the beginning of the text, or nearly; without a headline, in front of
 * the text. */
bool byline_is_close(const struct search *search, uint32_t line);

/* Points for standing beside the headline, the beginning of the text, or its end. */
int byline_nearness(const struct search *search, uint32_t line);

/* Points, mostly lost, for what the block around is. */
int byline_region(const struct line *line);

/* Who is named there is somebody else: whoever is quoted, took the picture, wrote another article
 * or a comment. */
bool byline_is_of_another(const struct page *page, uint32_t node);

/* A line of a list of labels that tell of a thing ("Title: ... Author: ... Pages: ..."). */
bool byline_is_of_thing(const struct page *page, uint32_t line);

/* Take text for the byline when it has a name and score is more than what was found. */
void byline_consider(struct search *search, struct bytes text, int score, uint32_t line);

/* Where a byline is expected anybody may sign. */
void byline_consider_signer(struct search *search, struct bytes text, int score, bool cued);

/* The texts of the links to authors in a subtree, joined. */
struct bytes byline_linked_names(const struct page *page, uint32_t node);

void byline_consider_lines(struct search *search);
void byline_consider_signed_lines(struct search *search);
void byline_consider_linked_line(struct search *search);
void byline_consider_editors(struct search *search);
void byline_consider_dated_lines(struct search *search);
void byline_consider_bare_names(struct search *search);

/* name is what a line beside the headline or behind the text consists of, but for a cue and a date.
 */
bool byline_signs(const struct search *search, struct bytes name);

#endif
