/* render.c - writes the lines that stand. */
#include "page/render.h"

#include <limits.h>

#include "page/clean.h"
#include "text/url.h"

enum { INLINE_DEPTH = 16, CLIMB = 64 };

/* What is open around the line being written. */
struct writer {
    const struct page *page;
    struct buf *out;
    uint32_t list, item; /* ul, ol or dl, and the li in it */
    uint32_t table, row, cell;
    uint32_t quote;
};

static uint32_t ancestor(const struct tree *tree, uint32_t node, enum tag a, enum tag b)
{
    for (int up = 0; up < CLIMB && node != 0; up++, node = tree->nodes[node].parent)
        if (tree->nodes[node].tag == a || tree->nodes[node].tag == b)
            return node;
    return 0;
}

static void escape(struct buf *out, struct bytes text)
{
    static const bool special[UCHAR_MAX + 1] = {
        ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true};
    size_t start = 0;

    for (size_t i = 0; i < text.len; i++) {
        const char *reference;

        if (!special[(unsigned char)text.ptr[i]])
            continue;
        reference = text.ptr[i] == '&'   ? "&amp;"
                    : text.ptr[i] == '<' ? "&lt;"
                    : text.ptr[i] == '>' ? "&gt;"
                                         : "&quot;";
        buf_add(out, bytes_slice(text, start, i - start));
        buf_add_cstr(out, reference);
        start = i + 1;
    }
    buf_add(out, bytes_from(text, start));
}

static bool is_kept_inline(enum tag tag)
{
    switch (tag) {
    case TAG_EM:
    case TAG_STRONG:
    case TAG_B:
    case TAG_I:
    case TAG_U:
    case TAG_S:
    case TAG_SUB:
    case TAG_SUP:
    case TAG_CODE:
    case TAG_Q:
    case TAG_A:
        return true;
    default:
        return false;
    }
}

struct inline_stack {
    uint32_t nodes[INLINE_DEPTH];
    int depth;
    bool space; /* white space stands before the next text */
    bool any;   /* text was written */
};

static void open_inline(struct writer *w, struct inline_stack *stack, uint32_t node)
{
    const struct tree *tree = w->page->tree;
    enum tag tag = (enum tag)tree->nodes[node].tag;

    if (stack->depth == INLINE_DEPTH || !is_kept_inline(tag))
        return;
    if (tag == TAG_A) {
        struct bytes url =
            url_resolve(w->page->arena, w->page->base, tree_attr(tree, node, ATTR_HREF));

        if (!url_is_http(url))
            return;
        if (stack->space && stack->any)
            buf_add_byte(w->out, ' ');
        buf_add_cstr(w->out, "<a href=\"");
        escape(w->out, url);
        buf_add_cstr(w->out, "\">");
    } else {
        if (stack->space && stack->any)
            buf_add_byte(w->out, ' ');
        buf_printf(w->out, "<%s>", tag_name(tag));
    }
    stack->space = false;
    stack->nodes[stack->depth++] = node;
}

/* Close what ends at or before node. */
static void close_inline(struct writer *w, struct inline_stack *stack, uint32_t node)
{
    const struct tree *tree = w->page->tree;

    while (stack->depth > 0 && tree->nodes[stack->nodes[stack->depth - 1]].end <= node) {
        enum tag tag = (enum tag)tree->nodes[stack->nodes[--stack->depth]].tag;

        buf_printf(w->out, "</%s>", tag_name(tag));
    }
}

static void write_text(struct writer *w, struct inline_stack *stack, struct bytes text)
{
    size_t start = 0;

    while (start < text.len) {
        size_t end = start;

        while (end < text.len && ((unsigned char)text.ptr[end] > ' ' ||
                                     (text.ptr[end] == ' ' && end > start && end + 1 < text.len &&
                                         (unsigned char)text.ptr[end + 1] > ' ')))
            end++;
        if (end > start) {
            if (stack->space && stack->any)
                buf_add_byte(w->out, ' ');
            escape(w->out, bytes_slice(text, start, end - start));
            stack->any = true;
            stack->space = false;
        }
        if (end < text.len)
            stack->space = true;
        start = end + 1;
    }
}

/* The inline elements that were opened in front of the line's first text. */
static void open_ancestors(struct writer *w, struct inline_stack *stack, const struct line *line)
{
    const struct tree *tree = w->page->tree;
    uint32_t found[INLINE_DEPTH];
    uint32_t node = tree->nodes[line->from].parent;
    int count = 0;

    for (int up = 0; up < CLIMB && node > line->block && count < INLINE_DEPTH; up++) {
        if (is_kept_inline((enum tag)tree->nodes[node].tag))
            found[count++] = node;
        node = tree->nodes[node].parent;
    }
    while (count > 0)
        open_inline(w, stack, found[--count]);
}

static void write_inline(struct writer *w, const struct line *line)
{
    const struct tree *tree = w->page->tree;
    struct inline_stack stack = {.depth = 0};

    open_ancestors(w, &stack, line);
    for (uint32_t i = line->from; i < line->to; i++) {
        const struct node *node = &tree->nodes[i];

        close_inline(w, &stack, i);
        if (node->cut != RULE_NONE || (tag_flags(node->tag) & SILENT)) {
            i = node->end - 1;
            continue;
        }
        stack.space |= node->space_before;
        if (node->tag == TAG_TEXT)
            write_text(w, &stack, node->text);
        else
            open_inline(w, &stack, i);
    }
    close_inline(w, &stack, UINT32_MAX);
}

static void close_all(struct writer *w)
{
    if (w->item != 0)
        buf_add_cstr(w->out, "</li>");
    if (w->list != 0)
        buf_add_cstr(w->out, w->page->tree->nodes[w->list].tag == TAG_OL ? "</ol>\n" : "</ul>\n");
    if (w->cell != 0)
        buf_add_cstr(w->out, "</td>");
    if (w->row != 0)
        buf_add_cstr(w->out, "</tr>");
    if (w->table != 0)
        buf_add_cstr(w->out, "</table>\n");
    if (w->quote != 0)
        buf_add_cstr(w->out, "</blockquote>\n");
    w->item = w->list = w->cell = w->row = w->table = w->quote = 0;
}

static void write_item(struct writer *w, const struct line *line)
{
    const struct tree *tree = w->page->tree;
    uint32_t item = ancestor(tree, line->block, TAG_LI, TAG_DD);
    uint32_t list;

    if (item == 0)
        item = ancestor(tree, line->block, TAG_DT, TAG_DT);
    list = tree->nodes[item].parent;
    if (list != w->list) {
        close_all(w);
        buf_add_cstr(w->out, tree->nodes[list].tag == TAG_OL ? "<ol>" : "<ul>");
        w->list = list;
    }
    if (item == w->item) {
        buf_add_cstr(w->out, "<br>");
    } else {
        buf_add_cstr(w->out, w->item != 0 ? "</li>\n<li>" : "\n<li>");
        w->item = item;
    }
    write_inline(w, line);
}

static void write_cell(struct writer *w, const struct line *line)
{
    const struct tree *tree = w->page->tree;
    uint32_t cell = ancestor(tree, line->block, TAG_TD, TAG_TH);
    uint32_t row = ancestor(tree, cell, TAG_TR, TAG_TR);
    uint32_t table = ancestor(tree, cell, TAG_TABLE, TAG_TABLE);

    if (table != w->table) {
        close_all(w);
        buf_add_cstr(w->out, "<table>");
        w->table = table;
    }
    if (row != w->row || w->cell == 0) {
        buf_add_cstr(w->out, w->cell != 0 ? "</td></tr>\n<tr>" : "\n<tr>");
        w->cell = 0;
    }
    if (cell == w->cell)
        buf_add_cstr(w->out, "<br>");
    else
        buf_add_cstr(w->out, w->cell != 0 ? "</td><td>" : "<td>");
    w->row = row;
    w->cell = cell;
    write_inline(w, line);
}

static void write_block(struct writer *w, const struct line *line, const char *name)
{
    buf_printf(w->out, "<%s>", name);
    write_inline(w, line);
    buf_printf(w->out, "</%s>\n", name);
}

static void write_heading(struct writer *w, const struct line *line)
{
    static const char *const names[] = {"h2", "h2", "h3", "h4", "h5", "h6"};
    const struct tree *tree = w->page->tree;
    uint32_t node = line->block;

    while (node != 0 && !tag_is_heading((enum tag)tree->nodes[node].tag))
        node = tree->nodes[node].parent;
    write_block(w, line, node == 0 ? "p" : names[tree->nodes[node].tag - TAG_H1]);
}

static void write_line(struct writer *w, const struct line *line)
{
    uint32_t quote;

    switch (line->kind) {
    case LINE_ITEM:
        write_item(w, line);
        return;
    case LINE_CELL:
        write_cell(w, line);
        return;
    case LINE_QUOTE:
        quote = ancestor(w->page->tree, line->block, TAG_BLOCKQUOTE, TAG_BLOCKQUOTE);
        if (quote != w->quote) {
            close_all(w);
            buf_add_cstr(w->out, "<blockquote>\n");
            w->quote = quote;
        }
        write_block(w, line, "p");
        return;
    default:
        close_all(w);
        if (line->kind == LINE_HEADING)
            write_heading(w, line);
        else
            write_block(w, line, line->kind == LINE_PRE ? "pre" : "p");
    }
}

/* Calls back for every line of the text, in order. */
static void each_line(const struct page *page, bool with_standfirst,
    void (*write)(struct writer *, const struct line *), struct writer *w)
{
    uint32_t to = page->first_line[page->tree->nodes[page->root].end];

    for (uint32_t i = 0; with_standfirst && i < page->standfirst_count; i++)
        if (page->lines[page->standfirst[i]].kind != LINE_HEADING)
            write(w, &page->lines[page->standfirst[i]]);
    for (uint32_t i = page->first_line[page->root]; i < to; i++)
        if (page->lines[i].cut == RULE_NONE && page->lines[i].text.len > 0)
            write(w, &page->lines[i]);
}

static void write_plain(struct writer *w, const struct line *line)
{
    if (w->out->len > 0)
        buf_add_byte(w->out, '\n');
    buf_add(w->out, line->text);
}

void render_text(const struct page *page, bool with_standfirst, struct buf *out)
{
    struct writer w = {.page = page, .out = out};

    each_line(page, with_standfirst, write_plain, &w);
}

void render_html(const struct page *page, bool with_standfirst, struct buf *out)
{
    struct writer w = {.page = page, .out = out};

    each_line(page, with_standfirst, write_line, &w);
    close_all(&w);
}
