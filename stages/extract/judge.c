/* judge.c - weighs what was kept against what was there. */
#include "judge.h"

#include "page/clean.h"
#include "wall.h"

enum {
    SHORT_TEXT = 400,  /* characters: less than this is hardly an article */
    MANY_TEASERS = 12, /* linked headings: more than these are a list */
    PAID_TEXT = 1800,  /* a text that is not free and shorter than this is a beginning */
    SEVERAL = 3,       /* lines of cookies, or prompts to pay: one or two are on any page */
    LIST_TEXT = 3 * SHORT_TEXT,   /* in good lines: a list has teasers of that length */
    PROMPT_TEXT = 2 * SHORT_TEXT, /* and what stands in front of prompts, when it is a beginning */
};

struct sums {
    uint32_t kept, kept_good;
    uint32_t about_cookies; /* characters in lines that speak of cookies and are no links */
    uint32_t cookies, teasers, prompts;
};

static void sum_lines(const struct page *page, struct sums *sums)
{
    uint32_t from = page->root == 0 ? 0 : page->first_line[page->root];
    uint32_t to = page->root == 0 ? 0 : page->first_line[page->tree->nodes[page->root].end];

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];

        sums->teasers += line->teaser && line->kind == LINE_HEADING;
        if (page->cookie_sum[i + 1] > page->cookie_sum[i])
            sums->about_cookies += line->n.chars - line->n.link_chars;
        sums->prompts +=
            line->cut == RULE_PAYWALL || line->cut == RULE_LOGIN || line->cut == RULE_NEWSLETTER;
        if (i < from || i >= to || line->cut != RULE_NONE)
            continue;
        sums->kept += line->n.chars;
        sums->kept_good += line->good ? line->n.chars : 0;
    }
    sums->cookies = page->cookie_sum == NULL ? 0 : page->cookie_sum[page->line_count];
}

/* Behind the headline and within the text, or where there is no text: others stand in a dialog or
 * in the page's head and are there for who wants them. */
static bool asks_for_password(const struct page *page, uint32_t kept_good)
{
    const struct tree *tree = page->tree;
    uint32_t from = kept_good == 0 ? tree->body : page->title;
    uint32_t to =
        kept_good == 0 || page->root == 0 ? (uint32_t)tree->count : tree->nodes[page->root].end;

    for (uint32_t i = from; i < to; i++)
        if (tree->nodes[i].tag == TAG_INPUT &&
            bytes_equal_nocase(tree_attr(tree, i, ATTR_TYPE), LIT("password")))
            return true;
    return false;
}

enum page_kind judge_kind(const struct page *page, const wr_record *rec)
{
    struct sums sums = {0};
    enum page_kind wall;

    sum_lines(page, &sums);
    wall = wall_kind(page, rec, sums.kept_good);
    if (wall != PAGE_ARTICLE)
        return wall;
    if (sums.kept_good < SHORT_TEXT && sums.cookies >= SEVERAL &&
        sums.about_cookies > sums.kept_good)
        return PAGE_CONSENT;
    if (sums.kept_good < SHORT_TEXT && sums.teasers < MANY_TEASERS &&
        asks_for_password(page, sums.kept_good) && !page->said->is_article)
        return PAGE_LOGIN;
    if (!page->said->is_article && page->said->published.count == 0 &&
        sums.teasers >= MANY_TEASERS && sums.kept_good < LIST_TEXT)
        return PAGE_INDEX;
    if (page->said->is_free == 0 && sums.kept < PAID_TEXT)
        return PAGE_PAYWALL;
    if (sums.prompts >= SEVERAL && page->said->is_free != 1 && sums.kept < PROMPT_TEXT &&
        page->said->is_article)
        return PAGE_PAYWALL;
    return sums.kept == 0 ? PAGE_EMPTY : PAGE_ARTICLE;
}

const char *page_kind_name(enum page_kind kind)
{
    static const char *const names[] = {"article", "index page", "consent wall", "login", "paywall",
        "empty page", "error page", "bot check"};

    return names[kind];
}
