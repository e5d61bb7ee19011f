/* lines.c - where one line of a page ends and the next begins. */
#include "cue/cue.h"
#include "page/page.h"
#include "text/url.h"

enum {
    TEASER_LINES = 6, /* of a teaser's element, */
    TEASER_CHARS = 500,
    TEASER_UP = 4,     /* and how far above its heading it is looked for */
    TEASER_LINKS = 90, /* percent of the heading that is a link */
    GOOD_CHARS = 80,   /* of a line that articles are made of, */
    GOOD_LINKS = 3,    /* of which less than one part of so many are links */
    KIND_UP = 6,       /* blocks above a line that may say what it is */
    LINE_LIMIT = 1 << 20,
};

struct reader {
    struct page *page;
    const uint32_t *block_of;
    size_t cap;  /* lines there is room for */
    bool open;   /* a line is being read */
    bool broken; /* a <br> stood behind the line before */
};

static const uint32_t *find_blocks(struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t *block_of = arena_alloc_array(page->arena, tree->count + 1, sizeof(*block_of));

    for (uint32_t i = 1; i < tree->count; i++) {
        bool block = tag_flags(tree->nodes[i].tag) & BLOCK;

        block_of[i] = block ? i : block_of[tree->nodes[i].parent];
    }
    return block_of;
}

static enum line_kind kind_of(const struct tree *tree, uint32_t block)
{
    for (int up = 0; up < KIND_UP && block != 0; up++, block = tree->nodes[block].parent) {
        enum tag tag = tree->nodes[block].tag;

        if (tag_is_heading(tag))
            return LINE_HEADING;
        if (tag == TAG_FIGCAPTION || tag == TAG_CAPTION)
            return LINE_CAPTION;
        if (tag == TAG_LI || tag == TAG_DD || tag == TAG_DT)
            return LINE_ITEM;
        if (tag == TAG_BLOCKQUOTE)
            return LINE_QUOTE;
        if (tag == TAG_TD || tag == TAG_TH)
            return LINE_CELL;
        if (tag == TAG_PRE)
            return LINE_PRE;
        if (tag == TAG_ARTICLE || tag == TAG_SECTION || tag == TAG_MAIN)
            return LINE_TEXT;
    }
    return LINE_TEXT;
}

static enum line_kind line_kind(const struct tree *tree, uint32_t block)
{
    enum line_kind kind = kind_of(tree, block);

    if (kind == LINE_TEXT && tree->nodes[block].tag == TAG_P)
        return LINE_PARAGRAPH;
    return kind;
}

static void start_line(struct reader *reader, uint32_t node)
{
    struct page *page = reader->page;
    struct line *line;

    if (page->line_count == reader->cap)
        return;
    line = &page->lines[page->line_count++];
    line->from = node;
    line->block = reader->block_of[node];
    line->kind = (uint8_t)line_kind(page->tree, line->block);
    line->after_break = reader->broken;
    reader->open = true;
    reader->broken = false;
}

static void add_text(struct reader *reader, uint32_t node)
{
    struct page *page = reader->page;
    const struct counts *n = &page->tree->nodes[node].n;
    struct line *line;

    if (n->chars == 0)
        return;
    if (!reader->open || page->lines[page->line_count - 1].block != reader->block_of[node])
        start_line(reader, node);
    if (!reader->open)
        return;
    line = &page->lines[page->line_count - 1];
    line->to = node + 1;
    line->n.chars += n->chars;
    line->n.link_chars += n->link_chars;
    line->n.words += n->words;
    line->n.commas += n->commas;
}

static void read_lines(struct reader *reader)
{
    const struct tree *tree = reader->page->tree;

    for (uint32_t i = tree->body; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        uint8_t flags = tag_flags(node->tag);

        if (flags & BLOCK || node->tag == TAG_BR) {
            reader->open = false;
            reader->broken = node->tag == TAG_BR;
        }
        if (flags & SILENT)
            i = node->end - 1;
        else if (node->tag == TAG_TEXT)
            add_text(reader, i);
    }
}

static void index_lines(struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t line = 0;

    page->first_line = arena_alloc_array(page->arena, tree->count + 1, sizeof(uint32_t));
    for (uint32_t i = 0; i <= tree->count; i++) {
        while (line < page->line_count && page->lines[line].from < i)
            line++;
        page->first_line[i] = line;
    }
}

static bool is_good(const struct line *line)
{
    return !line->teaser && line->n.chars >= GOOD_CHARS &&
           line->n.link_chars * GOOD_LINKS < line->n.chars && line->text.ptr[0] != '<';
}

/* The smallest element around node that holds more than its own line; 0 when it is no small one.
 */
static uint32_t teaser_around(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;

    for (int up = 0; up < TEASER_UP && node != 0; up++) {
        uint32_t lines;

        node = tree->nodes[node].parent;
        if (page->title != 0 && tree_within(tree, page->title, node))
            return 0;
        lines = page->first_line[tree->nodes[node].end] - page->first_line[node];
        if (lines > TEASER_LINES ||
            tree->nodes[node].n.chars - tree->nodes[node].n.link_chars > TEASER_CHARS)
            return 0;
        if (lines > 1)
            return node;
    }
    return 0;
}

/* A heading, or a link that is called a title. */
static bool is_headline(const struct page *page, const struct line *line)
{
    uint32_t parent = page->tree->nodes[line->from].parent;

    return line->kind == LINE_HEADING || (page->tree->nodes[parent].tag == TAG_A &&
                                             page->tree->nodes[parent].hints & HINT(TITLE));
}

/* An address in its canonical form without scheme, "www." and a last slash. */
static struct bytes place_of(const struct page *page, struct bytes address)
{
    struct bytes url = url_canonical(page->arena, address);
    size_t scheme = bytes_find(url, LIT("://"));

    if (scheme != SIZE_MAX)
        url = bytes_from(url, scheme + 3);
    if (bytes_starts_nocase(url, LIT("www.")))
        url = bytes_from(url, 4);
    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    return url;
}

static void find_own_places(struct page *page)
{
    const struct said_list *canonicals = &page->said->canonicals;

    page->own_places = arena_alloc_array(page->arena, canonicals->count + 1, sizeof(struct bytes));
    page->own_places[0] = place_of(page, page->url);
    page->own_place_count = 1;
    for (size_t i = 0; i < canonicals->count; i++)
        page->own_places[page->own_place_count++] = place_of(page, canonicals->items[i].text);
}

/* The line's link leads to a part of this page, or to the page itself. */
bool page_is_own_link(const struct page *page, const struct line *line)
{
    const struct tree *tree = page->tree;
    uint32_t anchor = line->from;
    struct bytes href, place;

    while (anchor > 0 && tree->nodes[anchor].tag != TAG_A && anchor >= line->block)
        anchor = tree->nodes[anchor].parent;
    if (tree->nodes[anchor].tag != TAG_A)
        return false;
    href = bytes_trim(tree_attr(tree, anchor, ATTR_HREF));
    if (href.len == 0 || href.ptr[0] == '#')
        return href.len > 0;
    place = place_of(page, url_resolve(page->arena, page->base, href));
    if (bytes_find_byte(place, '/') == SIZE_MAX)
        return false; /* a front page: on one the headlines of others stand */
    for (size_t i = 0; i < page->own_place_count; i++)
        if (bytes_equal_nocase(place, page->own_places[i]))
            return true;
    return false;
}

/* A heading that is a link belongs to another article, and so does what stands with it. */
static void mark_teasers(struct page *page)
{
    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        uint32_t node;

        if (line->n.link_chars * 100 < line->n.chars * TEASER_LINKS || !is_headline(page, line))
            continue;
        node = teaser_around(page, line->kind == LINE_HEADING ? line->block : line->from);
        if (node == 0 || page_is_own_link(page, line))
            continue;
        for (uint32_t k = page->first_line[node]; k < page->first_line[page->tree->nodes[node].end];
             k++)
            page->lines[k].teaser = true;
    }
}

static bool is_about_cookies(struct bytes text)
{
    size_t k;

    for (struct bytes rest = text; text.len > 5 && (k = bytes_find_byte(rest, 'k')) != SIZE_MAX;
         rest = bytes_from(rest, k + 1))
        if (rest.ptr + k - text.ptr >= 2 && bytes_starts(bytes_from(rest, k), LIT("kie")) &&
            rest.ptr[(ptrdiff_t)k - 1] == 'o' && rest.ptr[(ptrdiff_t)k - 2] == 'o')
            return true;
    return false;
}

static void sum_good(struct page *page)
{
    page->prompt_sum = arena_alloc_array(page->arena, page->line_count + 1, sizeof(uint32_t));
    page->cookie_sum = arena_alloc_array(page->arena, page->line_count + 1, sizeof(uint32_t));
    page->good_sum = arena_alloc_array(page->arena, page->line_count + 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < page->line_count; i++) {
        struct line *line = &page->lines[i];

        line->good = is_good(line);
        page->good_sum[i + 1] = page->good_sum[i] + (line->good ? line->n.chars : 0);
        page->prompt_sum[i + 1] = page->prompt_sum[i] + cue_is_prompt(line->text);
        page->cookie_sum[i + 1] = page->cookie_sum[i] + is_about_cookies(line->text);
    }
}

void page_read_again(struct page *page, struct line *line)
{
    line->text = tree_text_standing(page->tree, page->arena, line->from, line->to, LINE_LIMIT);
    line->stale = false;
}

void page_read_lines(struct page *page)
{
    struct reader reader = {.page = page, .block_of = find_blocks(page)};

    /* A line holds at least one text. */
    reader.cap = page->tree->tags[TAG_TEXT] < PAGE_LINES ? page->tree->tags[TAG_TEXT] : PAGE_LINES;
    page->lines = arena_alloc_array(page->arena, reader.cap, sizeof(*page->lines));
    read_lines(&reader);
    for (uint32_t i = 0; i < page->line_count; i++) {
        struct line *line = &page->lines[i];

        line->text = tree_text_range(page->tree, page->arena, line->from, line->to, LINE_LIMIT);
    }
    index_lines(page);
    find_own_places(page);
    mark_teasers(page);
    sum_good(page);
}
