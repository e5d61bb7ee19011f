/* model.c - boosted trees: each a walk through a few comparisons, and their leaves' sum. A walk has
 * as many steps as its tree is deep: a leaf leads to itself. So no step depends on a guess of where
 * the walk will end, and the walks of many trees overlap. */
#include "model.h"

#include <stdlib.h>

#include "base/arena.h"

enum { MOST_NODES = 100000, MOST_TREES = 2000 };

struct node {
    float value;      /* a leaf's, or what the feature is compared with */
    uint16_t feature; /* of a leaf any */
    uint16_t to[2];   /* nodes of the tree: not above, above */
    uint16_t depth;   /* most steps to a leaf; 0: it is one */
};

struct model {
    float bias, threshold;
    struct node *nodes;
    size_t count, cap;
    uint32_t trees[MOST_TREES]; /* their first nodes */
    size_t tree_count;
};

struct names {
    const char *const *at;
    size_t count;
};

void model_free(struct model *model)
{
    if (model == NULL)
        return;
    free(model->nodes);
    free(model);
}

static int find_name(const struct names *names, struct bytes name)
{
    for (size_t i = 0; i < names->count; i++)
        if (bytes_is(name, names->at[i]))
            return (int)i;
    return -1;
}

static bool to_float(struct bytes text, float *ret)
{
    char number[32], *end;

    if (text.len == 0 || text.len >= sizeof(number))
        return false;
    memcpy(number, text.ptr, text.len);
    number[text.len] = '\0';
    *ret = strtof(number, &end);
    return *end == '\0';
}

/* "feature:limit:low:high", or ":value" of a leaf. */
static bool read_node(struct bytes text, const struct names *names, struct node *ret)
{
    struct bytes name = bytes_cut(&text, ':'), limit = bytes_cut(&text, ':');
    struct bytes low = bytes_cut(&text, ':');
    int feature = find_name(names, name);
    int64_t a, b;

    *ret = (struct node){.depth = 0};
    if (!to_float(limit, &ret->value))
        return false;
    if (name.len == 0)
        return low.len == 0 && text.len == 0;
    if (feature < 0 || !bytes_to_int(low, &a) || !bytes_to_int(text, &b) || a < 1 || b < 1 ||
        a > INT16_MAX || b > INT16_MAX)
        return false;
    *ret = (struct node){ret->value, (uint16_t)feature, {(uint16_t)a, (uint16_t)b}, 1};
    return true;
}

static void add_node(struct model *model, struct node node)
{
    if (model->count == model->cap) {
        model->cap = model->cap == 0 ? 1024 : model->cap * 2;
        model->nodes = realloc(model->nodes, model->cap * sizeof(node));
        if (model->nodes == NULL)
            arena_out_of_memory(model->cap * sizeof(node));
    }
    model->nodes[model->count++] = node;
}

/* Children come behind their parent, so that each walk ends, and all are there. */
static bool close_tree(struct node *tree, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        struct node *node = &tree[i];
        uint16_t low = node->to[0], high = node->to[1];

        if (node->depth == 0) {
            node->to[0] = node->to[1] = (uint16_t)i;
            continue;
        }
        if (low <= i || high <= i || low >= count || high >= count)
            return false;
        node->depth += tree[low].depth > tree[high].depth ? tree[low].depth : tree[high].depth;
    }
    return count > 0 && count <= UINT16_MAX;
}

static bool read_tree(struct model *model, struct bytes rest, const struct names *names)
{
    size_t start = model->count;
    struct node node;

    if (model->tree_count == MOST_TREES)
        return false;
    model->trees[model->tree_count++] = (uint32_t)start;
    while (rest.len > 0) {
        struct bytes word = bytes_cut(&rest, ' ');

        if (word.len == 0)
            continue;
        if (model->count == MOST_NODES || !read_node(word, names, &node))
            return false;
        add_node(model, node);
    }
    return close_tree(model->nodes + start, model->count - start);
}

static bool read_line(struct model *model, struct bytes line, const struct names *names)
{
    struct bytes word = bytes_cut(&line, ' ');

    if (word.len == 0 || word.ptr[0] == '#')
        return true;
    if (bytes_is(word, "bias"))
        return to_float(line, &model->bias);
    if (bytes_is(word, "threshold"))
        return to_float(line, &model->threshold);
    return bytes_is(word, "tree") && read_tree(model, line, names);
}

struct model *model_read(
    struct bytes text, const char *const *names, size_t count, struct error *err)
{
    const struct names all = {names, count};
    struct model *model = new_zeroed(sizeof(*model));
    int line = 0;

    while (text.len > 0) {
        line++;
        if (!read_line(model, bytes_cut(&text, '\n'), &all)) {
            fail(err, E_FORMAT, "line %d of the model makes no sense", line);
            model_free(model);
            return NULL;
        }
    }
    if (model->tree_count > 0)
        return model;
    fail(err, E_FORMAT, "the model has no tree");
    model_free(model);
    return NULL;
}

float model_score(const struct model *model, const float *features)
{
    float score = model->bias;

    for (size_t t = 0; t < model->tree_count; t++) {
        const struct node *tree = &model->nodes[model->trees[t]];
        const struct node *node = tree;

        for (int steps = tree->depth; steps > 0; steps--)
            node = &tree[node->to[!(features[node->feature] <= node->value)]];
        score += node->value;
    }
    return score;
}

float model_threshold(const struct model *model)
{
    return model->threshold;
}
