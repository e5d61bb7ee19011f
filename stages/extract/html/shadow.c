/* shadow.c - declarative shadow trees: a host shows its shadow tree, and that its slots.
 *
 * HTML 4.12.3: <template shadowrootmode="open"> or "closed" makes the tree, of the first such child
 * only. DOM 4.2.2: a child of the host stands in the first slot of its name, text and children
 * without one in the slot that has none; a slot for which nothing is there shows what it holds
 * itself, and a child without a slot is not shown. CSS Scoping 3.1: slots have no box of their own.
 * Fillers write the tree as it is in the source, with TAG_SHADOW for the root of a shadow tree;
 * here it is copied once, from the root down, each node at most once. */
#include "html/shadow.h"

#include <stdlib.h>

/* Children that are looked at for slots: more than pages have, and bounded for one that has as many
 * slots as children. */
enum { LOOKS = 4 * TREE_NODES };

/* Children that are being copied. */
struct frame {
    uint32_t at, end; /* in the tree as it was written: the next one, and behind the last */
    uint32_t parent;  /* of the copies */
    uint32_t slot;    /* whose children of the host are looked for; 0: all are copied */
    bool is_filled;   /* something was found for the slot */
    bool ends_parent;
};

struct composer {
    struct tree *tree;
    struct node *nodes; /* the copies */
    size_t count;
    struct frame *frames;
    size_t depth;
    size_t looks;
    bool space; /* stood before a slot */
};

/* What may have a shadow tree (DOM 4.9, attachShadow). An element of the page's own making has no
 * tag of its own here. */
static bool is_host(enum tag tag)
{
    switch (tag) {
    case TAG_ARTICLE:
    case TAG_ASIDE:
    case TAG_BLOCKQUOTE:
    case TAG_BODY:
    case TAG_DIV:
    case TAG_FOOTER:
    case TAG_HEADER:
    case TAG_MAIN:
    case TAG_NAV:
    case TAG_OTHER:
    case TAG_P:
    case TAG_SECTION:
    case TAG_SPAN:
        return true;
    default:
        return tag_is_heading(tag);
    }
}

bool shadow_begins(struct tree *tree, uint32_t node)
{
    struct bytes mode = tree_attr(tree, node, ATTR_SHADOWROOTMODE);

    if (!bytes_equal_nocase(mode, LIT("open")) && !bytes_equal_nocase(mode, LIT("closed")))
        return false;
    if (!is_host((enum tag)tree->nodes[tree->nodes[node].parent].tag))
        return false;
    tree->nodes[node].tag = TAG_SHADOW;
    tree->has_shadow = true;
    return true;
}

/* The root of the shadow tree of a node; 0 when it has none. */
static uint32_t shadow_of(const struct tree *tree, uint32_t host)
{
    for (uint32_t i = host + 1; i < tree->nodes[host].end; i = tree->nodes[i].end)
        if (tree->nodes[i].tag == TAG_SHADOW)
            return i;
    return 0;
}

/* Whose children a slot shows; 0 outside of shadow trees. */
static uint32_t host_of(const struct tree *tree, uint32_t slot)
{
    while (slot != 0 && tree->nodes[slot].tag != TAG_SHADOW)
        slot = tree->nodes[slot].parent;
    return slot == 0 ? 0 : tree->nodes[slot].parent;
}

static bool belongs(const struct tree *tree, uint32_t child, uint32_t slot)
{
    return tree->nodes[child].tag != TAG_SHADOW &&
           bytes_equal(tree_attr(tree, child, ATTR_SLOT), tree_attr(tree, slot, ATTR_NAME));
}

static uint32_t copy(struct composer *c, uint32_t from, uint32_t parent)
{
    uint32_t made = (uint32_t)c->count++;
    struct node *node = &c->nodes[made];

    *node = c->tree->nodes[from];
    node->end = made + 1;
    node->parent = made == 0 ? 0 : parent;
    node->depth = made == 0 ? 0 : (uint16_t)(c->nodes[parent].depth + 1);
    node->in_link |= made != 0 && c->nodes[parent].in_link;
    node->space_before |= c->space;
    node->tag = node->tag == TAG_SLOT ? TAG_OTHER : node->tag;
    c->space = false;
    c->tree->tags[node->tag]++;
    c->tree->moved[from] = made;
    return made;
}

static bool has_room(struct composer *c)
{
    if (c->depth < TREE_DEPTH)
        return true;
    c->tree->truncated = true;
    return false;
}

/* What a host says to machines counts, shown or not. */
static void keep_scripts(struct composer *c, uint32_t host, uint32_t made)
{
    const struct tree *tree = c->tree;

    for (uint32_t i = host + 1; i < tree->nodes[host].end; i = tree->nodes[i].end)
        if (tree->nodes[i].tag == TAG_SCRIPT)
            copy(c, i, made);
}

static void enter(struct composer *c, uint32_t node, uint32_t parent)
{
    const struct tree *tree = c->tree;
    uint32_t host = tree->nodes[node].tag == TAG_SLOT ? host_of(tree, node) : 0;
    uint32_t shadow;
    uint32_t made;

    if (tree->moved[node] != UINT32_MAX || tree->nodes[node].tag == TAG_SHADOW || !has_room(c))
        return;
    if (host != 0) {
        tree->moved[node] = parent;
        c->space |= tree->nodes[node].space_before;
        c->frames[c->depth++] = (struct frame){
            .at = host + 1, .end = tree->nodes[host].end, .parent = parent, .slot = node};
        return;
    }
    shadow = shadow_of(tree, node);
    made = copy(c, node, parent);
    if (shadow != 0)
        keep_scripts(c, node, made);
    c->frames[c->depth++] = (struct frame){.at = (shadow != 0 ? shadow : node) + 1,
        .end = tree->nodes[shadow != 0 ? shadow : node].end,
        .parent = made,
        .ends_parent = true};
}

/* The children of a frame are through. */
static void leave(struct composer *c)
{
    const struct frame *frame = &c->frames[c->depth - 1];

    if (frame->slot != 0 && !frame->is_filled) {
        c->frames[c->depth - 1] = (struct frame){
            .at = frame->slot + 1, .end = c->tree->nodes[frame->slot].end, .parent = frame->parent};
        return;
    }
    if (frame->ends_parent)
        c->nodes[frame->parent].end = (uint32_t)c->count;
    c->depth--;
}

static void copy_all(struct composer *c)
{
    const struct tree *tree = c->tree;

    enter(c, 0, 0);
    while (c->depth > 0) {
        struct frame *frame = &c->frames[c->depth - 1];
        uint32_t node = frame->at;

        if (node >= frame->end || c->looks >= LOOKS) {
            frame->is_filled |= c->looks >= LOOKS;
            leave(c);
            continue;
        }
        c->looks += frame->slot != 0;
        frame->at = tree->nodes[node].end;
        if (frame->slot != 0 &&
            (!belongs(tree, node, frame->slot) || tree->moved[node] != UINT32_MAX))
            continue;
        frame->is_filled = true;
        enter(c, node, frame->parent);
    }
    c->tree->truncated |= c->looks >= LOOKS;
}

void shadow_compose(struct tree *tree)
{
    struct composer c = {.tree = tree};

    c.nodes = malloc(tree->count * sizeof(*c.nodes));
    c.frames = malloc(TREE_DEPTH * sizeof(*c.frames));
    tree->moved = malloc(tree->count * sizeof(*tree->moved));
    if (c.nodes == NULL || c.frames == NULL || tree->moved == NULL)
        arena_out_of_memory(tree->count * sizeof(*c.nodes));
    memset(tree->moved, 0xFF, tree->count * sizeof(*tree->moved));
    memset(tree->tags, 0, sizeof(tree->tags));
    copy_all(&c);
    free(c.frames);
    free(tree->nodes);
    tree->nodes = c.nodes;
    tree->cap = tree->count;
    tree->count = c.count;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

size_t shadow_follow(const struct tree *tree, uint32_t *nodes, size_t count)
{
    size_t left = 0;

    if (tree->moved == NULL)
        return count;
    for (size_t i = 0; i < count; i++)
        if (tree->moved[nodes[i]] != UINT32_MAX)
            nodes[left++] = tree->moved[nodes[i]];
    qsort(nodes, left, sizeof(*nodes), by_number);
    return left;
}
