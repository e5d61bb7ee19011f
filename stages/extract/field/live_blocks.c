/* live_blocks.c - live blogs by their shape: one block after the other, each with its time. */
#include "field/live.h"
#include "page/clean.h"
#include "page/names.h"

enum {
    STAMPS_MAX = 2 * POSTS_MAX,
    LEVELS = 6, /* from a time up to its post */
    LEAST_POSTS = 4,
    LEAST_CHARS = 30, /* of a post */
    SHARE = 60,       /* percent of the body's text that the posts have */
    IN_ORDER = 80,    /* percent of the posts that follow the one before them in time */
};

struct stamp {
    uint32_t node;
    struct date date;
};

/* Blocks of one element and class with one parent. */
struct group {
    uint32_t parent, model; /* model: the first of them */
    uint32_t blocks, last;
    uint32_t chars; /* that are in no link */
};

struct search {
    const struct page *page;
    struct stamp *stamps;
    size_t stamp_count;
    struct group *groups;
    size_t group_count;
};

/* What is certainly no post, with all that is in it. */
static bool is_elsewhere(enum rule rule)
{
    return rule == RULE_COMMENT || rule == RULE_RELATED || rule == RULE_NAV ||
           rule == RULE_FOOTER || rule == RULE_SIDEBAR || rule == RULE_HIDDEN ||
           rule == RULE_SECOND_ARTICLE;
}

static void find_stamps(struct search *search)
{
    const struct tree *tree = search->page->tree;
    struct date date;

    for (uint32_t i = tree->body; i < tree->count && search->stamp_count < STAMPS_MAX; i++) {
        const struct node *node = &tree->nodes[i];

        if (is_elsewhere((enum rule)node->cut))
            i = node->end - 1;
        else if (node->tag == TAG_TIME &&
                 date_parse(tree_attr(tree, i, ATTR_DATETIME), DATE_ORDER_UNKNOWN, &date) &&
                 date.precision >= DATE_MINUTE)
            search->stamps[search->stamp_count++] = (struct stamp){i, date};
    }
}

static bool are_alike(const struct tree *tree, uint32_t a, uint32_t b)
{
    return tree->nodes[a].tag == tree->nodes[b].tag &&
           bytes_equal(tree_attr(tree, a, ATTR_CLASS), tree_attr(tree, b, ATTR_CLASS));
}

static uint32_t plain_chars(const struct tree *tree, uint32_t node)
{
    return tree->nodes[node].n.chars - tree->nodes[node].n.link_chars;
}

/* Count a block that holds a stamp with those like it; each block once, its first stamp is its
 * time. Groups are few: the last ones are looked at first, as blocks come in order. */
static void count_block(struct search *search, uint32_t block)
{
    const struct tree *tree = search->page->tree;
    struct group *group = NULL;

    for (size_t i = search->group_count; i-- > 0 && group == NULL;)
        if (search->groups[i].parent == tree->nodes[block].parent &&
            are_alike(tree, search->groups[i].model, block))
            group = &search->groups[i];
        else if (search->group_count - i > (size_t)4 * LEVELS)
            break;
    if (group == NULL) {
        group = &search->groups[search->group_count++];
        *group = (struct group){.parent = tree->nodes[block].parent, .model = block};
    }
    if (group->last == block)
        return;
    group->last = block;
    group->blocks++;
    group->chars += plain_chars(tree, block);
}

static const struct group *best_group(struct search *search)
{
    const struct tree *tree = search->page->tree;
    const struct group *best = NULL;

    for (size_t i = 0; i < search->stamp_count; i++) {
        uint32_t node = tree->nodes[search->stamps[i].node].parent;

        for (int up = 0; up < LEVELS && node > tree->body; up++, node = tree->nodes[node].parent)
            count_block(search, node);
    }
    for (size_t i = 0; i < search->group_count; i++) {
        const struct group *group = &search->groups[i];

        if (group->blocks >= LEAST_POSTS && tree_within(tree, group->parent, search->page->root) &&
            (best == NULL || group->chars > best->chars))
            best = group;
    }
    return best;
}

/* The address of an anchor that the block has, or one of the elements that begin it. */
static struct bytes anchor_of(const struct page *page, uint32_t block)
{
    struct bytes id = {NULL, 0};
    struct bytes rest = page->url;
    struct bytes url = bytes_cut(&rest, '#');

    for (uint32_t i = block; i < page->tree->nodes[block].end && i < block + 8 && id.len == 0; i++)
        id = bytes_trim(tree_attr(page->tree, i, ATTR_ID));
    if (id.len == 0 || url.len == 0 || bytes_find_byte(id, ' ') != SIZE_MAX)
        return (struct bytes){NULL, 0};
    return bytes_format(page->arena, "%.*s#%.*s", FMT(url), FMT(id));
}

static void add_authors(const struct page *page, struct post *post, struct bytes line)
{
    struct names names = {0};

    names_add(&names, page, line, true);
    for (size_t i = 0; i < names.count && post->author_count < POST_AUTHORS; i++)
        if (names.kinds[i] == NAME_PERSON)
            post->authors[post->author_count++] = names.items[i];
}

/* It leads to another page: then this is a list of articles. */
static bool is_teaser(const struct page *page, uint32_t block)
{
    uint32_t to = page->first_line[page->tree->nodes[block].end];

    for (uint32_t i = page->first_line[block]; i < to; i++)
        if (page->lines[i].teaser)
            return true;
    return false;
}

/* False when it says too little. */
static bool read_block(const struct page *page, uint32_t block, uint32_t stamp, struct post *post)
{
    struct buf text = {.limit = POST_BYTES};
    uint32_t to = page->first_line[page->tree->nodes[block].end];
    uint32_t chars = 0;

    for (uint32_t i = page->first_line[block]; i < to; i++) {
        const struct line *line = &page->lines[i];

        if (line->cut == RULE_BYLINE)
            add_authors(page, post, line->text);
        if (line->cut != RULE_NONE || tree_within(page->tree, line->from, stamp))
            continue;
        if (line->kind == LINE_HEADING && post->headline.len == 0 && text.len == 0) {
            post->headline = line->text;
            continue;
        }
        buf_add(&text, line->text);
        buf_add_byte(&text, '\n');
        chars += line->n.chars;
    }
    post->text = bytes_copy(page->arena, bytes_trim(buf_bytes(&text)));
    post->url = anchor_of(page, block);
    buf_done(&text);
    return chars >= LEAST_CHARS;
}

static bool are_in_order(const struct posts *posts)
{
    size_t up = 0;
    size_t down = 0;

    for (size_t i = 1; i < posts->count; i++) {
        int64_t later = posts->items[i].published.instant - posts->items[i - 1].published.instant;

        up += later >= 0;
        down += later <= 0;
    }
    return posts->items[0].published.instant != posts->items[posts->count - 1].published.instant &&
           (up > down ? up : down) * 100 >= (posts->count - 1) * IN_ORDER;
}

static void read_posts(const struct search *search, const struct group *group, struct posts *posts)
{
    const struct page *page = search->page;
    const struct tree *tree = page->tree;
    uint32_t last = 0;

    for (size_t i = 0; i < search->stamp_count && posts->count < POSTS_MAX; i++) {
        uint32_t node = search->stamps[i].node;
        struct post post = {.published = search->stamps[i].date};

        while (node > tree->body && tree->nodes[node].parent != group->parent)
            node = tree->nodes[node].parent;
        if (node <= tree->body || node == last || !are_alike(tree, node, group->model))
            continue;
        last = node;
        if (!is_teaser(page, node) && read_block(page, node, search->stamps[i].node, &post))
            posts->items[posts->count++] = post;
    }
}

void live_read_blocks(const struct page *page, struct posts *posts)
{
    struct search search = {.page = page};
    const struct group *group;

    if (page->tree->tags[TAG_TIME] < LEAST_POSTS)
        return;
    search.stamps = arena_alloc_array(page->arena, STAMPS_MAX, sizeof(struct stamp));
    find_stamps(&search);
    if (search.stamp_count < LEAST_POSTS)
        return;
    search.groups =
        arena_alloc_array(page->arena, search.stamp_count * LEVELS, sizeof(struct group));
    group = best_group(&search);
    if (group == NULL ||
        (uint64_t)group->chars * 100 < (uint64_t)plain_chars(page->tree, page->root) * SHARE)
        return;
    read_posts(&search, group, posts);
    if (posts->count < LEAST_POSTS || posts->count * 2 < group->blocks || !are_in_order(posts))
        posts->count = 0;
}
