/* clean_headings.c - headings that head nothing of the article. */
#include "cue/cue.h"
#include "page/clean.h"

enum {
    PROMPT_LINES = 4, /* under a last heading that asks to subscribe */
    LONELY_MAX = 3,   /* headings without text; more of them stood under pictures */
};

static bool is_standing(const struct line *line)
{
    return line->cut == RULE_NONE;
}

/* The last heading asks to subscribe, and so does what stands under it. */
void clean_prompt_at_end(struct page *page, uint32_t from, uint32_t to)
{
    struct line *lines = page->lines;
    uint32_t under = 0;

    for (uint32_t i = to; i-- > from && under < PROMPT_LINES;) {
        if (!is_standing(&lines[i]))
            continue;
        if (lines[i].kind != LINE_HEADING) {
            under++;
            continue;
        }
        if (!cue_is_prompt(lines[i].text))
            return;
        for (; i < to; i++)
            if (is_standing(&lines[i]))
                lines[i].cut = RULE_NEWSLETTER;
        return;
    }
}

/* Headings that are links and have no text of their own lead to other articles. */
static void cut_linked_headings(struct page *page, uint32_t from, uint32_t to)
{
    struct line *lines = page->lines;
    bool text = false; /* between this heading and the next */

    for (uint32_t i = to; i-- > from;) {
        if (!is_standing(&lines[i]))
            continue;
        if (lines[i].kind != LINE_HEADING) {
            text |= lines[i].good;
            continue;
        }
        if (!text && lines[i].n.link_chars * 100 >= lines[i].n.chars * LINKS_ONLY &&
            !page_is_own_link(page, &lines[i]))
            lines[i].cut = RULE_LINKS;
        text = false;
    }
}

/* Headings behind which nothing stands; many of them are what was written below pictures. */
static void cut_lonely_headings(struct page *page, uint32_t from, uint32_t to)
{
    struct line *lines = page->lines;
    uint32_t found[LONELY_MAX];
    uint32_t count = 0;

    for (uint32_t i = to; i-- > from;) {
        if (!is_standing(&lines[i]))
            continue;
        if (lines[i].kind != LINE_HEADING)
            break;
        if (count == LONELY_MAX)
            return;
        found[count++] = i;
    }
    while (count > 0)
        lines[found[--count]].cut = RULE_LONELY_HEADING;
}

void clean_headings(struct page *page, uint32_t from, uint32_t to)
{
    cut_linked_headings(page, from, to);
    cut_lonely_headings(page, from, to);
}
