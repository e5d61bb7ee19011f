/* familiar.h - what the articles of one host have in common: lines that stand in several of them
 * are the site's furniture, in whatever language. Lines are hashes here, no text is kept; whoever
 * reads pages says where a line stood, and what becomes of one that is familiar. */
#ifndef WIREROOM_TEXT_FAMILIAR_H
#define WIREROOM_TEXT_FAMILIAR_H

#include "base/str.h"

enum {
    FAMILIAR_TOLD = 64,   /* most lines that are told of one page, */
    FAMILIAR_FIRST = 24,  /* and of a longer one how many from its begin: the rest are its last */
    FAMILIAR_KEPT = 256,  /* most lines kept of a host: all of ten articles, and what they share */
    FAMILIAR_KNOWN = 128, /* most that are familiar: no page of the corpus has half of that */
    FAMILIAR_SEEN = 3,    /* articles that make a line familiar: two may tell of one thing */
};

/* Bytes of a line that is told, and of one that is familiar; most bytes of all that is told of a
 * page, of the list, and of what is kept of a host. */
enum {
    FAMILIAR_LINE = 11,
    FAMILIAR_GRADE = 8,
    FAMILIAR_PAGE = FAMILIAR_TOLD * FAMILIAR_LINE,
    FAMILIAR_LIST = FAMILIAR_KNOWN * FAMILIAR_GRADE,
    FAMILIAR_MODEL = 4 + FAMILIAR_KEPT * 14,
};

/* A line of an article's text. */
struct familiar_line {
    uint64_t hash;
    uint16_t chars;
    bool edge; /* among the first or the last ones */
};

/* At the end of out, which has FAMILIAR_TOLD of them at most. */
void familiar_tell(struct buf *out, const struct familiar_line *line);

/* Learn from the lines of an article, told one after the other: model is what is kept of its host,
 * empty before the first. False when they teach nothing: they are no lines, or the text is none of
 * its own but one that was seen (a reprint, a further version, a wall). */
bool familiar_learn(struct bytes told, struct buf *model);

/* Articles the model was learned from. */
uint32_t familiar_articles(struct bytes model);

/* What is familiar, for whoever reads the next page: at most FAMILIAR_KNOWN of FAMILIAR_GRADE
 * bytes, in order. */
void familiar_list(struct bytes model, struct buf *out);

/* How familiar a line is: any of these, 0 for a line that is not. */
enum {
    FAMILIAR_OFTEN = 1,     /* in several articles, and in one of four lately */
    FAMILIAR_EDGE = 2,      /* there it began or ended the text */
    FAMILIAR_HALF = 4,      /* in one of two lately */
    FAMILIAR_MOSTLY = 8,    /* in three of four */
    FAMILIAR_ANYWHERE = 16, /* and in so many that it is no article's own, wherever it stands */
};
unsigned familiar_grade(struct bytes list, uint64_t hash);

#endif
