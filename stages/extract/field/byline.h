/* byline.h - who wrote it, as the reader of the page sees it. */
#ifndef WIREROOM_EXTRACT_FIELD_BYLINE_H
#define WIREROOM_EXTRACT_FIELD_BYLINE_H

#include "page/names.h"

struct byline {
    struct bytes text; /* as printed */
    struct names names;
    int score; /* how sure it is that this is the byline */
    /* Who signs in a byline that has no person's name: initials, a nickname, the newsroom. Empty
     * when nobody does. */
    struct bytes signer;
    int signer_score;
    bool signer_cued; /* a phrase says so, not only a name of an element */
};

/* The last part of an address' path, without what follows it. */
struct bytes byline_last_part(struct bytes url);

/* The address of an author's page. */
bool byline_leads_to_author(struct bytes href);

/* No reader sees it: by an attribute, a style or a name of its own or of an element around it. */
bool byline_is_hidden(const struct page *page, uint32_t node);
/* The same without names, which are also those of headlines for screen readers. */
bool byline_is_taken_away(const struct page *page, uint32_t node);

/* Below all pages of a site: "Designed by ...", "© ...". */
bool byline_is_in_page_footer(const struct page *page, const struct line *line);

/* Names that the page states for machines, and that it shows where bylines stand: whoever they are,
 * they sign. */
bool byline_is_signed(const struct page *page, struct bytes name);

/* The best byline of the page; score 0 when there is none. */
void byline_find(const struct page *page, struct byline *ret_byline);

#endif
