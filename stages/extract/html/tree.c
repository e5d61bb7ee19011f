/* tree.c - the array of nodes: adding, counting, looking up, reading text. */
#include "html/tree.h"

#include <stdlib.h>

#include "base/eight.h"
#include "html/shadow.h"

enum { KEPT_NODES = 1 << 15 };

enum { PARAGRAPH_CHARS = 80 }; /* as GOOD_CHARS of lines.c */

static const struct tag_entry {
    const char *name;
    uint8_t flags;
} tags[TAGS] = {[TAG_OTHER] = {"", 0},
    [TAG_TEXT] = {"#text", 0},
    [TAG_SHADOW] = {"#shadow", 0},
#define X(id, name, flags) [TAG_##id] = {name, flags},
    TREE_TAGS(X)
#undef X
};

static const char *const attr_names[ATTRS] = {[ATTR_NONE] = "",
#define X(id, name) [ATTR_##id] = (name),
    TREE_ATTRIBUTES(X)
#undef X
};

uint8_t tag_flags(enum tag tag)
{
    return tags[tag].flags;
}

const char *tag_name(enum tag tag)
{
    return tags[tag].name;
}

enum tag tree_tag(struct bytes name)
{
    size_t low = TAG_SHADOW + 1;
    size_t high = TAGS;

    while (low < high) {
        size_t middle = (low + high) / 2;
        size_t len = strlen(tags[middle].name);
        int order = memcmp(tags[middle].name, name.ptr, len < name.len ? len : name.len);

        if (order == 0 && len == name.len)
            return (enum tag)middle;
        if (order < 0 || (order == 0 && len < name.len))
            low = middle + 1;
        else
            high = middle;
    }
    return TAG_OTHER;
}

enum attr_name tree_attr_name(struct bytes name)
{
    static const uint8_t lens[ATTRS] = {
#define X(id, text) [ATTR_##id] = sizeof(text) - 1,
        TREE_ATTRIBUTES(X)
#undef X
    };

    for (enum attr_name i = ATTR_NONE + 1; i < ATTRS; i++)
        if (name.len == lens[i] && memcmp(name.ptr, attr_names[i], name.len) == 0)
            return i;
    return ATTR_NONE;
}

/* Room for one more of at most so many; false when there is no more memory. */
static bool grow(void **items, size_t count, size_t most, size_t *cap, size_t size)
{
    size_t wanted = *cap == 0 ? 4096 : *cap * 2;
    void *grown;

    if (count < *cap)
        return true;
    if (wanted > most)
        wanted = most;
    /* The analyzer does not see through the cast that tree_done() has set it to NULL. */
    grown = realloc(*items, wanted * size); /* NOLINT(clang-analyzer-unix.Malloc) */
    if (grown == NULL)
        return false;
    *cap = wanted;
    *items = grown;
    return true;
}

static bool grow_nodes(struct tree *tree)
{
    return grow((void **)&tree->nodes, tree->count, TREE_NODES, &tree->cap, sizeof(*tree->nodes));
}

static bool grow_attrs(struct tree *tree)
{
    return grow(
        (void **)&tree->attrs, tree->attr_count, TREE_ATTRS, &tree->attr_cap, sizeof(*tree->attrs));
}

void tree_init(struct tree *tree)
{
    *tree = (struct tree){0};
    tree->stack = calloc(TREE_DEPTH, sizeof(*tree->stack));
    if (!grow_nodes(tree) || !grow_attrs(tree) || tree->stack == NULL)
        arena_out_of_memory(sizeof(*tree->stack) * (size_t)TREE_DEPTH);
}

void tree_done(struct tree *tree)
{
    free(tree->nodes);
    free(tree->attrs);
    free(tree->stack);
    free(tree->moved);
    *tree = (struct tree){0};
}

void tree_clear(struct tree *tree)
{
    if (tree->cap > KEPT_NODES || tree->attr_cap > (size_t)2 * KEPT_NODES) {
        tree_done(tree);
        tree_init(tree);
    }
    tree->count = tree->attr_count = 0;
    memset(tree->tags, 0, sizeof(tree->tags));
    free(tree->moved);
    tree->moved = NULL;
    tree->truncated = tree->has_shadow = false;
    tree->body = 0;
}

uint32_t tree_add(struct tree *tree, uint32_t parent, enum tag tag)
{
    uint32_t index = (uint32_t)tree->count;
    struct node *node;

    if (tree->count == TREE_NODES || !grow_nodes(tree)) {
        tree->truncated = true;
        return UINT32_MAX;
    }
    node = &tree->nodes[tree->count++];
    *node = (struct node){.parent = index == 0 ? 0 : parent, .end = index + 1, .tag = (uint8_t)tag};
    node->attr = (uint32_t)tree->attr_count;
    tree->tags[tag]++;
    if (index > 0) {
        node->depth = (uint16_t)(tree->nodes[parent].depth + 1);
        node->in_link = tree->nodes[parent].in_link;
    }
    return index;
}

bool tree_keep_attr(struct tree *tree, enum attr_name name, struct bytes value)
{
    if (tree->attr_count == TREE_ATTRS || !grow_attrs(tree)) {
        tree->truncated = true;
        return false;
    }
    tree->attrs[tree->attr_count++] = (struct attr){name, value};
    return true;
}

void tree_add_attr(struct tree *tree, uint32_t node, enum attr_name name, struct bytes value)
{
    if (!tree_keep_attr(tree, name, value))
        return;
    tree->nodes[node].attrs++;
    if (name == ATTR_HREF && tree->nodes[node].tag == TAG_A)
        tree->nodes[node].in_link = true;
}

/* 3 for what is written without spaces: kana, ideographs, hangul. */
static unsigned wide_weight(const unsigned char *p, size_t left)
{
    if (*p < 0xE3 || *p > 0xED)
        return *p >= 0xF0 && left > 3 && p[1] >= 0xA0 ? 3 : 1;
    if (*p == 0xE3 && left > 2 && p[1] == 0x80)
        return 1;
    return 3;
}

/* U+060C Arabic, U+3001 and U+FF0C CJK, U+104A Myanmar commas; p stands on the first byte. */
static bool is_wide_comma(const unsigned char *p, size_t left)
{
    if (*p == 0xD8)
        return left > 1 && p[1] == 0x8C;
    if (left < 3)
        return false;
    return (*p == 0xE3 && p[1] == 0x80 && p[2] == 0x81) ||
           (*p == 0xEF && p[1] == 0xBC && p[2] == 0x8C);
}

static void count_wide(struct counts *counts, const unsigned char *p, size_t left, unsigned *wide)
{
    unsigned weight = wide_weight(p, left);

    counts->chars += weight;
    *wide += weight == 3;
    counts->commas += is_wide_comma(p, left);
}

/* Eight bytes of ASCII; false, and nothing is counted, when they are not. */
static bool count_eight(struct counts *counts, uint64_t eight, bool *in_word)
{
    uint64_t shown = eight_above(eight, ' ');

    if (!eight_is_ascii(eight))
        return false;
    counts->chars += eight_count(shown);
    counts->words += eight_count(shown & ~(shown << 8 | (*in_word ? 0x80U : 0U)));
    counts->commas += eight_count(eight_equal(eight, ','));
    *in_word = shown >> 63 != 0;
    return true;
}

void counts_add_text(struct counts *counts, struct bytes text)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    const unsigned char *end = p + text.len;
    bool in_word = false;
    unsigned wide = 0;

    for (; p < end; p++) {
        while (end - p >= 8 && count_eight(counts, eight_load(p), &in_word))
            p += 8;
        if (p == end)
            break;
        if (*p <= ' ') {
            in_word = false;
            continue;
        }
        counts->words += !in_word;
        in_word = true;
        if (*p < 0x80) {
            counts->chars++;
            counts->commas += *p == ',';
        } else if (*p >= 0xC2) {
            count_wide(counts, p, (size_t)(end - p), &wide);
        }
    }
    counts->words += wide / 2;
}

static void add_counts(struct counts *to, const struct counts *from)
{
    to->chars += from->chars;
    to->link_chars += from->link_chars;
    to->words += from->words;
    to->commas += from->commas;
    to->links += from->links;
    to->images += from->images;
}

static void count_own(struct node *node)
{
    if (node->tag == TAG_TEXT) {
        counts_add_text(&node->n, node->text);
        if (node->in_link)
            node->n.link_chars = node->n.chars;
    } else if (node->tag == TAG_A && node->in_link) {
        node->n.links++;
    } else if (node->tag == TAG_IMG || node->tag == TAG_AMP_IMG) {
        node->n.images++;
    }
}

/* An element that HTML does not know, with the text of a paragraph, where no line is begun yet:
 * sites name blocks as they like. */
static bool is_paragraph(const struct tree *tree, const struct node *node)
{
    enum tag around = (enum tag)tree->nodes[node->parent].tag;

    return node->n.chars >= PARAGRAPH_CHARS && node->n.link_chars * 2 < node->n.chars &&
           (around == TAG_OTHER ||
               (tag_flags(around) & BLOCK && around != TAG_P && !tag_is_heading(around)));
}

void tree_finish(struct tree *tree)
{
    if (tree->has_shadow)
        shadow_compose(tree);
    for (size_t i = tree->count; i-- > 0;) {
        struct node *node = &tree->nodes[i];

        count_own(node);
        if (node->tag == TAG_OTHER && is_paragraph(tree, node))
            node->tag = TAG_DIV;
        if (node->tag == TAG_BODY)
            tree->body = (uint32_t)i;
        if (i > 0 && !(tag_flags(node->tag) & SILENT))
            add_counts(&tree->nodes[node->parent].n, &node->n);
    }
}

struct bytes tree_attr(const struct tree *tree, uint32_t node, enum attr_name name)
{
    const struct node *n = &tree->nodes[node];

    for (uint32_t i = n->attr; i < n->attr + n->attrs; i++)
        if (tree->attrs[i].name == name)
            return tree->attrs[i].value;
    return (struct bytes){NULL, 0};
}

bool tree_has_attr(const struct tree *tree, uint32_t node, enum attr_name name)
{
    const struct node *n = &tree->nodes[node];

    for (uint32_t i = n->attr; i < n->attr + n->attrs; i++)
        if (tree->attrs[i].name == name)
            return true;
    return false;
}

bool tree_attr_has_word(
    const struct tree *tree, uint32_t node, enum attr_name name, const char *word)
{
    struct bytes rest = tree_attr(tree, node, name);

    while (rest.len > 0) {
        struct bytes one = bytes_cut(&rest, ' ');

        if (bytes_equal_nocase(bytes_trim(one), bytes_of(word)))
            return true;
    }
    return false;
}

uint32_t tree_common(const struct tree *tree, uint32_t a, uint32_t b)
{
    while (!tree_within(tree, b, a))
        a = tree->nodes[a].parent;
    return a;
}

/* Append eight bytes whose white space is single spaces and not at their beginning; false, and
 * nothing is done, when they are others. */
static bool fold_eight(char *out, size_t *len, uint64_t eight, bool *space)
{
    uint64_t spaces = eight_equal(eight, ' ');

    if ((spaces | eight_above(eight, ' ')) != EIGHT_HIGH || spaces & (spaces << 8 | 0x80) ||
        eight_equal(eight, (char)0xC2) != 0)
        return false;
    if (*space && *len > 0)
        out[(*len)++] = ' ';
    eight_store(out + *len, eight);
    *space = spaces >> 63 != 0;
    *len += *space ? 7 : 8;
    return true;
}

/* Append with white space folded; the buffer has room for all of text. */
static size_t fold_into(char *out, size_t len, struct bytes text, bool *space)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c;

        while (i + 8 <= text.len && fold_eight(out, &len, eight_load(text.ptr + i), space))
            i += 8;
        if (i == text.len)
            break;
        c = (unsigned char)text.ptr[i];
        if (c <= ' ') {
            *space = true;
            continue;
        }
        if (c == 0xC2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] == 0xA0) {
            *space = true; /* no-break space */
            i++;
            continue;
        }
        if (*space && len > 0)
            out[len++] = ' ';
        *space = false;
        out[len++] = (char)c;
    }
    return len;
}

/* Soft hyphen, zero-width space, word joiner and byte-order mark: where a line may break and where
 * not. */
size_t tree_drop_unseen(char *text, size_t len)
{
    static const char *const unseen[] = {
        "\xC2\xAD", "\xE2\x80\x8B", "\xE2\x81\xA0", "\xEF\xBB\xBF"};
    static const char rare[] = {'\xAD', '\x8B', '\x81', '\xEF'}; /* byte of each */

    for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++) {
        struct bytes mark = bytes_of(unseen[i]);
        struct bytes rest = {text, len};
        size_t kept;

        if (bytes_find_byte(rest, rare[i]) == SIZE_MAX || /* nearly always */
            (kept = bytes_find(rest, mark)) == SIZE_MAX)
            continue;
        for (size_t at = kept; at < len;) {
            size_t next;

            at += mark.len;
            next = bytes_find((struct bytes){text + at, len - at}, mark);
            if (next == SIZE_MAX)
                next = len - at;
            memmove(text + kept, text + at, next);
            kept += next;
            at += next;
        }
        len = kept;
    }
    return len;
}

static size_t range_bytes(const struct tree *tree, uint32_t from, uint32_t to, size_t limit)
{
    size_t total = 0;

    for (uint32_t i = from; i < to && total < limit; i++)
        if (tree->nodes[i].tag == TAG_TEXT)
            total += tree->nodes[i].text.len + 1;
    return total;
}

static size_t cut_at_character(const char *text, size_t len, size_t limit)
{
    if (len <= limit)
        return len;
    len = limit;
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    return len;
}

static struct bytes text_of(const struct tree *tree, struct arena *arena, uint32_t from,
    uint32_t to, size_t limit, bool all)
{
    size_t total = range_bytes(tree, from, to, limit);
    bool space = false;
    size_t len = 0;
    char *out;

    if (total == 0)
        return (struct bytes){NULL, 0};
    out = arena_alloc(arena, total + 1);
    for (uint32_t i = from; i < to && len <= limit; i++) {
        const struct node *node = &tree->nodes[i];

        if (tag_flags(node->tag) & SILENT || (!all && node->cut != 0)) {
            i = node->end - 1;
            space |= node->space_before;
            continue;
        }
        space |= node->space_before || (tag_flags(node->tag) & BLOCK) || node->tag == TAG_BR;
        if (node->tag == TAG_TEXT && len + node->text.len + 1 <= total)
            len = fold_into(out, len, node->text, &space);
    }
    len = tree_drop_unseen(out, len);
    return (struct bytes){out, cut_at_character(out, len, limit)};
}

struct bytes tree_text_range(
    const struct tree *tree, struct arena *arena, uint32_t from, uint32_t to, size_t limit)
{
    return text_of(tree, arena, from, to, limit, true);
}

struct bytes tree_text_standing(
    const struct tree *tree, struct arena *arena, uint32_t from, uint32_t to, size_t limit)
{
    return text_of(tree, arena, from, to, limit, false);
}

struct bytes tree_text(const struct tree *tree, struct arena *arena, uint32_t node, size_t limit)
{
    return tree_text_range(tree, arena, node, tree->nodes[node].end, limit);
}
