/* clean_boxes.c - boxes within the text that only what stands in them tells: the short version for
 * those in a hurry, facts and figures, who somebody is; pictures with captions. */
#include "cue/cue.h"
#include "page/clean.h"

enum {
    LABEL_WORDS = 6, /* of the first line */
    BOX_LINES = 16,
    BOX_SHARE = 20, /* percent of root's good text; a section called so has more */
    BOXES_MAX = 20,
    LEVELS = 6, /* elements above the first line */
    PICTURES_MAX = 100,
    PICTURE_LINES = 2,
    ALT_BYTES = 25,   /* of a description that says something, */
    ALT_PERCENT = 60, /* and how much of it the line has to begin with */
    PROSE_LINES = 2,  /* long paragraphs: a section, whatever it is called */
};

/* The smallest element that holds line and the ones behind it; 0 when line does not open it. */
static uint32_t box_of(const struct page *page, uint32_t root, uint32_t index)
{
    const struct tree *tree = page->tree;
    uint32_t node = page->lines[index].block;

    for (int up = 0; up < LEVELS && node != root && node != 0;
         up++, node = tree->nodes[node].parent) {
        if (page->first_line[node] != index)
            return 0;
        if (page->first_line[tree->nodes[node].end] - index > 1)
            return node;
    }
    return 0;
}

static bool is_label(const struct line *line)
{
    return line->cut == RULE_NONE && line->n.words <= LABEL_WORDS &&
           cue_find(line->text, 1U << CUE_BOX, NULL) != CUE_NONE;
}

static bool is_section(const struct page *page, uint32_t box)
{
    int prose = 0;

    for (uint32_t i = page->first_line[box]; i < page->first_line[page->tree->nodes[box].end]; i++)
        prose += page->lines[i].kind == LINE_PARAGRAPH && page->lines[i].good;
    return prose >= PROSE_LINES;
}

void clean_boxes(struct page *page, uint32_t root)
{
    const struct tree *tree = page->tree;
    uint32_t to = page->first_line[tree->nodes[root].end];
    uint32_t good = page_good(page, root);
    int found = 0;

    for (uint32_t i = page->first_line[root]; i < to && found < BOXES_MAX; i++) {
        uint32_t box;

        if (!is_label(&page->lines[i]) || (box = box_of(page, root, i)) == 0)
            continue;
        if (page->first_line[tree->nodes[box].end] - i <= BOX_LINES && !is_section(page, box) &&
            (uint64_t)page_good(page, box) * 100 <= (uint64_t)good * BOX_SHARE) {
            clean_cut(page, box, RULE_FACTBOX);
            found++;
        }
    }
}

/* The smallest element around a picture that has lines, when these are few; 0 otherwise. */
static uint32_t around_picture(const struct page *page, uint32_t root, uint32_t picture)
{
    const struct tree *tree = page->tree;
    uint32_t node = tree->nodes[picture].parent;

    for (int up = 0; up < LEVELS && node > root; up++, node = tree->nodes[node].parent) {
        uint32_t lines = page->first_line[tree->nodes[node].end] - page->first_line[node];

        if (lines > 0)
            return lines <= PICTURE_LINES && tree->nodes[node].tag != TAG_P ? node : 0;
    }
    return 0;
}

/* A line that says what the picture's description says, or what another caption does. */
static bool says_again(const struct page *page, uint32_t root, struct bytes text, struct bytes alt)
{
    size_t least = alt.len * ALT_PERCENT / 100;

    if (alt.len >= ALT_BYTES && text.len >= least && bytes_starts(text, bytes_slice(alt, 0, least)))
        return true;
    for (uint32_t i = page->first_line[root]; i < page->first_line[page->tree->nodes[root].end];
         i++)
        if (page->lines[i].cut == RULE_CAPTION && bytes_equal(page->lines[i].text, text))
            return true;
    return false;
}

void clean_captions(struct page *page, uint32_t root)
{
    const struct tree *tree = page->tree;
    int seen = 0;

    for (uint32_t i = root; i < tree->nodes[root].end && seen < PICTURES_MAX; i++) {
        uint32_t box;

        if (tree->nodes[i].cut != RULE_NONE) {
            i = tree->nodes[i].end - 1;
            continue;
        }
        if (tree->nodes[i].tag != TAG_IMG)
            continue;
        seen++;
        box = around_picture(page, root, i);
        if (box != 0 && says_again(page, root, page->lines[page->first_line[box]].text,
                            bytes_trim(tree_attr(tree, i, ATTR_ALT))))
            clean_cut(page, box, RULE_CAPTION);
    }
}
