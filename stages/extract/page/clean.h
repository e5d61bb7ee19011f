/* clean.h - what is taken out of a page, and by which rule. */
#ifndef WIREROOM_EXTRACT_PAGE_CLEAN_H
#define WIREROOM_EXTRACT_PAGE_CLEAN_H

#include "page/page.h"

/* Why a node or a line was cut; the names are what a reader of the trace sees. */
/* clang-format off */
#define RULES(X)                                                                                   \
    X(NONE, "kept") X(TAG, "tag") X(HIDDEN, "hidden") X(NAV, "navigation")                         \
    X(HEADER, "page header") X(FOOTER, "page footer") X(SIDEBAR, "sidebar")                        \
    X(RELATED, "other articles") X(SHARE, "share") X(TAGS, "tags") X(NEWSLETTER, "newsletter")     \
    X(PAYWALL, "paywall prompt") X(COOKIE, "cookies") X(AD, "advertisement")                       \
    X(PROMO, "promotion") X(COMMENT, "comments") X(CAPTION, "caption")                             \
    X(CREDIT, "picture credit") X(BYLINE, "byline") X(BIO, "about the author")                     \
    X(DATE, "date line") X(META, "article data") X(MEDIA, "player or gallery")                     \
    X(FACTBOX, "fact box") X(PULLQUOTE, "pull quote") X(RATING, "rating or poll")                  \
    X(TOC, "table of contents") X(LOGIN, "login") X(POPUP, "pop-up") X(WIDGET, "widget")           \
    X(COPYRIGHT, "copyright") X(TITLE, "headline") X(STANDFIRST, "standfirst")                     \
    X(NOTICE, "notice") X(LABEL, "label") X(LINKS, "mostly links") X(CUE, "furniture phrase")      \
    X(REPEATED, "said before") X(OUTSIDE, "outside the body")                                      \
    X(LONELY_HEADING, "heading without text") X(SECOND_ARTICLE, "another article")                 \
    X(EMBED, "embedded post") X(FORM, "form") X(UNSAID, "not in the article's own copy")           \
    X(SHORT, "short and out of place") X(SITE, "site rule") X(SOURCE, "source or helpers")                     \
    X(FAMILIAR, "on other pages of the site")
/* clang-format on */

enum rule {
#define X(id, name) RULE_##id,
    RULES(X)
#undef X
        RULE_COUNT
};

const char *rule_name(enum rule rule);

enum { LINKS_ONLY = 90 }; /* percent of the characters of a line that is links and no more */

/* Cut what is not the article by its element, its names and its shape; first what is sure on the
 * whole page, then all within root once that is known, when shares are those of root. */
void clean_blocks(struct page *page, uint32_t root, bool sure);

/* Cut other articles that follow the one under the headline: each has a headline of its own. */
void clean_second_articles(struct page *page);

/* Cut lists of the works that the text refers to. */
void clean_works(struct page *page);

/* Take a node, and the lines in it, out. */
void clean_cut(struct page *page, uint32_t node, enum rule rule);

/* Cut boxes within root whose first line says what they are. */
void clean_boxes(struct page *page, uint32_t root);

/* Cut from the lines [from, to) what leads to other articles of the site. */
void clean_others(struct page *page, uint32_t from, uint32_t to);

/* Cut from the lines [from, to) what stands there again. */
void clean_repeats(struct page *page, uint32_t from, uint32_t to);

/* Cut a last heading of the lines [from, to) that asks to subscribe, with what stands under it. */
void clean_prompt_at_end(struct page *page, uint32_t from, uint32_t to);

/* Cut headings of the lines [from, to) that lead to other articles, or behind which nothing stands.
 */
void clean_headings(struct page *page, uint32_t from, uint32_t to);

/* Cut lines that say again what a picture's own description says, and pictures' like them. */
void clean_captions(struct page *page, uint32_t root);

/* Cut from the first and the last of the lines [from, to) what is not of the text. */
void clean_ends(struct page *page, uint32_t from, uint32_t to);

/* A full stop or the like is its last, but for quotation marks and brackets. */
bool clean_ends_sentence(struct bytes text);

/* The line is a whole sentence among its like: no furniture. */
bool clean_is_sentence(const struct page *page, uint32_t line);

/* Cut lines within root by what they say and where they stand. */
void clean_lines(struct page *page, uint32_t root);

#endif
