/* page.h - one page while it is being read: the tree, its lines, and what it says about itself. */
#ifndef WIREROOM_EXTRACT_PAGE_PAGE_H
#define WIREROOM_EXTRACT_PAGE_PAGE_H

#include "cue/hint.h"
#include "html/tree.h"
#include "said/evidence.h"

enum { PAGE_LINES = 100000, STANDFIRST_MAX = 4 };

enum line_kind {
    LINE_TEXT, /* directly in a div or another block that says nothing */
    LINE_PARAGRAPH,
    LINE_HEADING,
    LINE_ITEM,
    LINE_QUOTE,
    LINE_CELL,
    LINE_CAPTION,
    LINE_PRE,
};

/* A run of text without a block boundary or a line break in it. */
struct line {
    uint32_t from, to;  /* nodes */
    uint32_t block;     /* the block element it stands in */
    uint8_t kind;       /* enum line_kind */
    uint8_t cut;        /* enum rule, 0 while it stands */
    bool good;          /* long, few links: the kind of line articles are made of */
    bool after_break;   /* the line before it ended with <br> */
    bool teaser;        /* stands with a heading that leads elsewhere */
    bool stale;         /* a part of it was cut: its text is to be read again */
    uint32_t covered;   /* characters in inline elements that a name or a shape speaks against */
    uint8_t covered_by; /* enum rule of the first of them */
    uint8_t
        said; /* percent of it that is in the article's own copy (JSON-LD); 0 when there is none */
    struct counts n;
    struct bytes text; /* white space folded; on the arena */
};

/* An element the search for the body looked into, for the trace. */
struct candidate {
    uint32_t in, node;
    int64_t score;          /* what its lines are worth */
    uint8_t percent, needs; /* of what `in` is worth: what it has, and what it would have to have */
    const char *why_not;    /* NULL for the one that was taken */
};

enum { CANDIDATES_MAX = 64 };

struct page {
    struct arena *arena;
    struct tree *tree;
    struct bytes url;  /* where it came from */
    struct bytes base; /* what its links are relative to */
    struct evidence *said;
    struct bytes *own_places; /* its addresses, as links are compared with them */
    size_t own_place_count;
    struct line *lines;
    uint32_t line_count;
    uint32_t *first_line;    /* per node, and one more: lines that start before it */
    uint32_t *good_sum;      /* per line, and one more: characters in good lines before it */
    uint32_t *prompt_sum;    /* per line, and one more: lines that ask to subscribe or register */
    uint32_t *cookie_sum;    /* per line, and one more: lines that speak of cookies */
    uint32_t root;           /* the element the text was taken from, 0 when none was found */
    struct bytes title_text; /* of title */
    uint32_t title;          /* node of the headline, 0 when none was found */
    bool title_sure;         /* something else agrees with it */
    uint32_t standfirst[STANDFIRST_MAX]; /* lines between the headline and root */
    uint32_t standfirst_count;
    uint32_t shown_standfirst; /* a line within root that is one; 0 when there is none */
    bool copy_alone;           /* the article stands in that for machines only */
    bool copy;                 /* the article's own copy was found on the page, nearly whole */
    struct site *site;         /* the operator's rules for it; NULL */
    bool explained;            /* candidates are noted */
    struct candidate *candidates;
    size_t candidate_count;
};

/* Cut the tree into lines; the headline is known by then. */
void page_read_lines(struct page *page);

/* The link that line begins with leads to a part of this page, or to the page itself. */
bool page_is_own_link(const struct page *page, const struct line *line);

/* Read the text of a line of which a part was cut. */
void page_read_again(struct page *page, struct line *line);

/* Compare the lines with the article's own copy in JSON-LD. */
void page_compare_copy(struct page *page);

/* Characters in the good lines of a subtree. */
static inline uint32_t page_good(const struct page *page, uint32_t node)
{
    uint32_t end = page->tree->nodes[node].end;

    return page->good_sum[page->first_line[end]] - page->good_sum[page->first_line[node]];
}

#endif
