/* clean_boxes.c - boxes within the text that nothing but their first line tells: the short version
 * for those in a hurry, facts and figures, who somebody is. */
#include "cue/cue.h"
#include "page/clean.h"

enum {
    LABEL_WORDS = 6, /* of the first line */
    BOX_LINES = 16,
    BOX_SHARE = 20, /* percent of root's good text; a section called so has more */
    BOXES_MAX = 20,
    LEVELS = 6, /* elements above the first line */
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
        if (page->first_line[tree->nodes[box].end] - i <= BOX_LINES &&
            (uint64_t)page_good(page, box) * 100 <= (uint64_t)good * BOX_SHARE) {
            clean_cut(page, box, RULE_FACTBOX);
            found++;
        }
    }
}
