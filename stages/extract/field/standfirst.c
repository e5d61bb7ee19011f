/* standfirst.c - the sentence or two between the headline and the text. */
#include "cue/cue.h"
#include "field/fields.h"
#include "page/clean.h"

enum {
    LEAST_CHARS = 50, /* fewer are a label or a kicker */
    MOST_BYTES = 1500,
    BEHIND_TITLE = 30, /* lines that are looked at, */
    NEAR_TITLE = 8,    /* and in which it need not be named */
    NAMED_UP = 3,      /* blocks around it that may name it */
    OPENING = 48,      /* bytes that a summary has in common with it: summaries are cut short */
    STANDFIRST_BYTES = 1 << 16,
};

static bool is_free_standing(const struct line *line)
{
    return line->cut == RULE_OUTSIDE || line->cut == RULE_NONE || line->cut == RULE_HEADER ||
           line->cut == RULE_STANDFIRST;
}

/* The opening of one is in the other. */
static bool share_opening(struct bytes a, struct bytes b)
{
    size_t len = a.len < b.len ? a.len : b.len;

    return len >= LEAST_CHARS &&
           bytes_starts_nocase(a, bytes_slice(b, 0, len < OPENING ? len : OPENING));
}

/* What the page or the feed gives as a summary opens like the line. */
static bool is_summary(const struct page *page, const wr_record *rec, struct bytes text)
{
    for (size_t i = 0; i < page->said->summaries.count; i++)
        if (share_opening(text, page->said->summaries.items[i].text))
            return true;
    return share_opening(text, borrow(wr_get(rec, WR_SUMMARY)));
}

static bool is_named(const struct tree *tree, uint32_t block)
{
    for (int up = 0; up < NAMED_UP && block != 0; up++, block = tree->nodes[block].parent)
        if (tree->nodes[block].hints & HINT(STANDFIRST))
            return true;
    return false;
}

static bool ends_sentence(struct bytes text)
{
    static const char *const ends[] = {".", "!", "?", "\"", "\xE2\x80\x9D", "\xE2\x80\x9C",
        "\xE3\x80\x82", "\xC2\xBB", "\xE2\x80\xA6", NULL};

    for (int i = 0; ends[i] != NULL; i++)
        if (bytes_ends(text, bytes_of(ends[i])))
            return true;
    return false;
}

static bool is_standfirst(const struct page *page, const wr_record *rec, uint32_t index)
{
    const struct line *line = &page->lines[index];
    enum tag tag = (enum tag)page->tree->nodes[line->block].tag;

    if (!is_free_standing(line) || line->teaser || line->n.chars < LEAST_CHARS ||
        line->text.len > MOST_BYTES || line->n.link_chars * 3 > line->n.chars || tag == TAG_H1 ||
        line->kind == LINE_CAPTION || bytes_equal_nocase(line->text, page->title_text) ||
        cue_find(line->text, 1U << CUE_CAPTION | 1U << CUE_FURNITURE | 1U << CUE_BYLINE, NULL) !=
            CUE_NONE)
        return false;
    if (is_summary(page, rec, line->text) || is_named(page->tree, line->block))
        return true;
    return (tag_is_heading(tag) || tag == TAG_P) && line->good && ends_sentence(line->text) &&
           index < page->first_line[page->title] + NEAR_TITLE;
}

static bool is_in_body(const struct page *page, struct bytes text)
{
    uint32_t to = page->first_line[page->tree->nodes[page->root].end];

    for (uint32_t i = page->first_line[page->root]; i < to; i++)
        if (page->lines[i].cut == RULE_NONE && share_opening(page->lines[i].text, text))
            return true;
    return false;
}

void standfirst_find(struct page *page, const wr_record *rec)
{
    uint32_t first;
    uint32_t to;

    if (page->title == 0 || page->root == 0)
        return;
    first = page->first_line[page->title] + 1;
    to = page->first_line[page->root];
    while (to < page->line_count && page->lines[to].cut != RULE_NONE)
        to++;
    for (uint32_t i = first; i < to && i < first + BEHIND_TITLE; i++) {
        struct line *line = &page->lines[i];

        if (!is_standfirst(page, rec, i) || is_in_body(page, line->text))
            continue;
        line->cut = RULE_STANDFIRST;
        if (page->standfirst_count < STANDFIRST_MAX)
            page->standfirst[page->standfirst_count++] = i;
    }
    if (page->standfirst_count == 0 && to < page->line_count &&
        is_named(page->tree, page->lines[to].block) && page->lines[to].n.chars >= LEAST_CHARS &&
        page->lines[to].text.len <= MOST_BYTES)
        page->shown_standfirst = to;
}

void standfirst_set(const struct page *page, wr_record *rec)
{
    struct buf out = {.limit = STANDFIRST_BYTES};

    for (uint32_t i = 0; i < page->standfirst_count; i++) {
        if (i > 0)
            buf_add_byte(&out, '\n');
        buf_add(&out, page->lines[page->standfirst[i]].text);
    }
    if (page->standfirst_count == 0 && page->shown_standfirst > 0)
        buf_add(&out, page->lines[page->shown_standfirst].text);
    if (out.len > 0)
        wr_set(rec, WR_STANDFIRST, lend(buf_bytes(&out)));
    buf_done(&out);
}
