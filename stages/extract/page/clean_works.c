/* clean_works.c - lists of the works that a text refers to: long, and no part of it. */
#include "page/clean.h"

enum {
    LEAST_WORKS = 5,
    YEARS_PART = 80,  /* percent of the items that name a year */
    WORK_BYTES = 400, /* of an item that are looked at */
    MARKS = 3,        /* colons, semicolons, brackets, commas and stops in an item at least */
};

static bool is_year(const char *p)
{
    return ((p[0] == '1' && p[1] == '9') || (p[0] == '2' && p[1] == '0')) && is_digit(p[2]) &&
           is_digit(p[3]);
}

/* "Wask T, Venn C 2002. Nets in the wind. Annals 2002; 11:177-195." */
static bool is_work(struct bytes text)
{
    bool year = false;
    int marks = 0;

    for (size_t i = 0; i < text.len; i++) {
        marks += strchr(".,;:()", text.ptr[i]) != NULL;
        if (i + 4 <= text.len && (i == 0 || !is_digit(text.ptr[i - 1])) &&
            (i + 4 == text.len || !is_digit(text.ptr[i + 4])))
            year |= is_year(text.ptr + i);
    }
    return year && marks >= MARKS;
}

/* A list whose items are works. */
static void look_at_list(struct page *page, uint32_t list)
{
    const struct tree *tree = page->tree;
    uint32_t items = 0;
    uint32_t works = 0;

    for (uint32_t i = list + 1; i < tree->nodes[list].end; i = tree->nodes[i].end) {
        if (tree->nodes[i].tag != TAG_LI)
            continue;
        items++;
        works += is_work(tree_text(tree, page->arena, i, WORK_BYTES));
    }
    if (items >= LEAST_WORKS && works * 100 >= items * YEARS_PART)
        clean_cut(page, list, RULE_SOURCE);
}

void clean_works(struct page *page)
{
    const struct tree *tree = page->tree;

    if (tree->tags[TAG_LI] < LEAST_WORKS)
        return;
    for (uint32_t i = page->title; i < tree->count; i++)
        if ((tree->nodes[i].tag == TAG_OL || tree->nodes[i].tag == TAG_UL) &&
            tree->nodes[i].cut == RULE_NONE && tree->nodes[i].n.words > LEAST_WORKS * MARKS)
            look_at_list(page, i);
}
