/* fill.c - the part of filling a tree that does not depend on the parser. */
#include "html/fill.h"

const struct filler *const tree_fillers[] = {
#if defined(EXTRACT_LEXBOR) && !defined(EXTRACT_PREFER_LIBXML2)
    &filler_lexbor,
    &filler_libxml2,
#elif defined(EXTRACT_LEXBOR)
    &filler_libxml2,
    &filler_lexbor,
#else
    &filler_libxml2,
#endif
    NULL,
};

static uint32_t top(const struct fill *fill)
{
    size_t depth = fill->depth < TREE_DEPTH ? fill->depth : TREE_DEPTH;

    return depth == 0 ? 0 : fill->tree->stack[depth - 1];
}

/* A button that stands in the middle of a sentence is a word of it, which explains itself. */
static bool in_sentence(const struct fill *fill, enum tag tag)
{
    const struct tree *tree = fill->tree;
    const struct node *last;

    if (tag != TAG_BUTTON || tree->count == 0)
        return false;
    last = &tree->nodes[tree->count - 1];
    return last->tag == TAG_TEXT && last->parent == top(fill) &&
           tree->nodes[last->parent].tag == TAG_P && last->text.len > 0 &&
           strchr(".!?:", bytes_trim(last->text).ptr[bytes_trim(last->text).len - 1]) == NULL;
}

uint32_t fill_element(struct fill *fill, enum tag tag)
{
    uint32_t node = tree_add(fill->tree, top(fill), in_sentence(fill, tag) ? TAG_SPAN : tag);

    if (node == UINT32_MAX)
        return node;
    if (fill->depth < TREE_DEPTH)
        fill->tree->stack[fill->depth] = node;
    fill->depth++;
    fill->tree->nodes[node].space_before = fill->space;
    fill->space = false;
    return node;
}

static bool is_blank(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] > ' ')
            return false;
    return true;
}

void fill_text(struct fill *fill, struct bytes text)
{
    struct tree *tree = fill->tree;
    uint32_t parent = top(fill);
    uint32_t node;

    if (is_blank(text)) {
        fill->space |= text.len > 0;
        return;
    }
    if (tag_flags(tree->nodes[parent].tag) & SILENT) {
        if (tree->nodes[parent].text.len == 0)
            tree->nodes[parent].text = text;
        return;
    }
    node = tree_add(tree, parent, TAG_TEXT);
    if (node == UINT32_MAX)
        return;
    tree->nodes[node].text = text;
    tree->nodes[node].space_before = fill->space;
    fill->space = false;
}

void fill_end(struct fill *fill)
{
    struct tree *tree = fill->tree;

    fill->depth--;
    if (fill->depth < TREE_DEPTH)
        tree->nodes[tree->stack[fill->depth]].end = (uint32_t)tree->count;
}

enum attr_name fill_attr_name(struct bytes name)
{
    if (name.len < 2 || name.len > 14)
        return ATTR_NONE;
    if (bytes_starts(name, LIT("data-")) && name.ptr[5] != 's' && name.ptr[5] != 'c' &&
        name.ptr[5] != 't')
        return ATTR_NONE;
    return tree_attr_name(name);
}
