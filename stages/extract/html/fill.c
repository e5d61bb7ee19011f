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

/* A line that was wrapped by hand has 78 characters at most (RFC 5322 section 2.1.1). */
enum { STYLE_UP = 4 /* elements above a text whose style is looked at */, WRAPPED_MOST = 78 };

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

/* A button in a sentence is text, and a slot outside of shadow trees any element. */
static enum tag tag_here(const struct fill *fill, enum tag tag)
{
    if (tag == TAG_SLOT && !fill->tree->has_shadow)
        return TAG_OTHER;
    return in_sentence(fill, tag) ? TAG_SPAN : tag;
}

uint32_t fill_element(struct fill *fill, enum tag tag)
{
    uint32_t node = tree_add(fill->tree, top(fill), tag_here(fill, tag));

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

static void add_text(struct fill *fill, struct bytes text)
{
    uint32_t node = tree_add(fill->tree, top(fill), TAG_TEXT);

    if (node == UINT32_MAX)
        return;
    fill->tree->nodes[node].text = text;
    fill->tree->nodes[node].space_before = fill->space;
    fill->space = false;
}

/* Which ends of lines in the source are ends of lines on the page (CSS Text 3 section 3). */
enum kept_ends { KEEPS_NONE, KEEPS_MEANT, KEEPS_ALL };

static bool has_style(const struct tree *tree, uint32_t node)
{
    static const char *const classes[] = {
        "whitespace-pre-line", "whitespace-pre-wrap", "whitespace-pre", "whitespace-break-spaces"};
    struct bytes style = tree_attr(tree, node, ATTR_STYLE);
    size_t at = bytes_find_nocase(style, LIT("white-space"));
    struct bytes value = bytes_from(style, at);

    bytes_cut(&value, ':');
    value = bytes_trim(bytes_cut(&value, ';'));
    if (bytes_starts_nocase(value, LIT("pre")) || bytes_starts_nocase(value, LIT("break-spaces")))
        return true;
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (tree_attr_has_word(tree, node, ATTR_CLASS, classes[i]))
            return true;
    return false;
}

static enum kept_ends kept_ends(const struct tree *tree, uint32_t node)
{
    for (int up = 0; up < STYLE_UP && node != 0; up++, node = tree->nodes[node].parent) {
        if (tree->nodes[node].tag == TAG_PRE)
            return KEEPS_MEANT;
        if (has_style(tree, node))
            return KEEPS_ALL;
    }
    return KEEPS_NONE;
}

static size_t widest_line(struct bytes text)
{
    size_t widest = 0;

    while (text.len > 0) {
        size_t len = bytes_trim(bytes_cut(&text, '\n')).len;

        widest = len > widest ? len : widest;
    }
    return widest;
}

/* Lines of wires are wrapped by hand: one that is nearly as wide as the widest goes on in the next,
 * unless that is blank or the line is wider than anybody wraps. */
static bool ends_here(enum kept_ends kept, struct bytes line, struct bytes next, size_t widest)
{
    return kept == KEEPS_ALL || next.len == 0 || line.len > WRAPPED_MOST ||
           line.len * 3 < widest * 2;
}

static void add_break(struct fill *fill)
{
    if (fill_element(fill, TAG_BR) != UINT32_MAX)
        fill_end(fill);
}

/* Each line of the page a text of its own, with <br> between them. */
static void add_lines(struct fill *fill, struct bytes text, enum kept_ends kept)
{
    size_t widest = widest_line(text);
    struct bytes rest = text;
    const char *start = text.ptr;

    while (rest.len > 0) {
        struct bytes line = bytes_trim(bytes_cut(&rest, '\n'));
        struct bytes after = rest;
        struct bytes next = bytes_trim(bytes_cut(&after, '\n'));
        const char *end = rest.len == 0 ? text.ptr + text.len : rest.ptr;
        struct bytes so_far = {start, (size_t)(end - start)};

        if (line.len == 0 || (rest.len > 0 && !ends_here(kept, line, next, widest)))
            continue;
        add_text(fill, so_far);
        start = end;
        if (rest.len > 0)
            add_break(fill);
    }
}

void fill_text(struct fill *fill, struct bytes text)
{
    struct tree *tree = fill->tree;
    uint32_t parent = top(fill);
    struct bytes inner;
    enum kept_ends kept;

    if (is_blank(text)) {
        fill->space |= text.len > 0;
        return;
    }
    if (tag_flags(tree->nodes[parent].tag) & SILENT) {
        if (tree->nodes[parent].text.len == 0)
            tree->nodes[parent].text = text;
        return;
    }
    inner = bytes_trim(text);
    kept = memchr(inner.ptr, '\n', inner.len) == NULL ? KEEPS_NONE : kept_ends(tree, parent);
    if (kept == KEEPS_NONE)
        add_text(fill, text);
    else
        add_lines(fill, text, kept);
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
