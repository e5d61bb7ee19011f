/* microdata.c - what the page's own elements say of its article: microdata (HTML, section 5) and
 * RDFa Lite 1.1, which differ only in the names of their attributes. */
#include "said/evidence.h"

enum {
    ITEMS_DEEP = 32,
    VALUE_BYTES = 400,
    VALUE_NODES = 400, /* a value in more nodes is no value */
    VALUES_MAX = 256,
    LEAST_ARTICLE = 400
};

/* What an item within the article is for. */
enum role { ROLE_OTHER, ROLE_ARTICLE, ROLE_AUTHOR, ROLE_PUBLISHER, ROLE_IMAGE };

struct item {
    uint32_t end;
    uint8_t role; /* enum role */
    bool is_person, is_organization;
};

struct reader {
    struct evidence *said;
    const struct tree *tree;
    struct arena *arena;
    struct item items[ITEMS_DEEP];
    size_t depth;
    int values;
};

/* The type of an item, or empty: behind the last "/" or ":" of the first one. */
static struct bytes type_of(const struct tree *tree, uint32_t node)
{
    struct bytes types = bytes_trim(tree_attr(tree, node, ATTR_ITEMTYPE));
    struct bytes type;

    if (types.len == 0)
        types = bytes_trim(tree_attr(tree, node, ATTR_TYPEOF));
    type = bytes_cut(&types, ' ');
    for (size_t i = 0; i < type.len; i++)
        if (type.ptr[i] == '/' || type.ptr[i] == ':' || type.ptr[i] == '#') {
            type = bytes_from(type, i + 1);
            i = SIZE_MAX;
        }
    return type;
}

static bool is_article(struct bytes type)
{
    return bytes_ends(type, LIT("Article")) || bytes_ends(type, LIT("Posting")) ||
           bytes_is(type, "Report") || bytes_is(type, "Review") || bytes_is(type, "Recipe");
}

/* The name of a property without its prefix; of several the first. */
static struct bytes property_of(const struct tree *tree, uint32_t node)
{
    struct bytes names = bytes_trim(tree_attr(tree, node, ATTR_ITEMPROP));
    struct bytes name;

    if (names.len == 0)
        names = bytes_trim(tree_attr(tree, node, ATTR_PROPERTY));
    name = bytes_cut(&names, ' ');
    if (bytes_find_byte(name, ':') != SIZE_MAX)
        name = bytes_from(name, bytes_find_byte(name, ':') + 1);
    return name;
}

static struct bytes value_of(const struct reader *reader, uint32_t node)
{
    static const enum attr_name places[] = {ATTR_CONTENT, ATTR_DATETIME, ATTR_DATA_SRC, ATTR_SRC};
    const struct tree *tree = reader->tree;

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (tree_has_attr(tree, node, places[i]))
            return tree_attr(tree, node, places[i]);
    if (tree->nodes[node].tag == TAG_LINK)
        return tree_attr(tree, node, ATTR_HREF);
    if (tree->nodes[node].end - node > VALUE_NODES)
        return (struct bytes){NULL, 0};
    return tree_text(tree, reader->arena, node, VALUE_BYTES);
}

/* Behind what JSON-LD and metas say of the same. */
static const struct property {
    const char *name;
    size_t list; /* of struct evidence */
    uint8_t rank;
} properties[] = {
    {"headline", offsetof(struct evidence, titles), 7},
    {"author", offsetof(struct evidence, authors), 7},
    {"creator", offsetof(struct evidence, authors), 8},
    {"datePublished", offsetof(struct evidence, published), 7},
    {"dateCreated", offsetof(struct evidence, published), 8},
    {"dateModified", offsetof(struct evidence, modified), 7},
    {"description", offsetof(struct evidence, summaries), 7},
    {"inLanguage", offsetof(struct evidence, languages), 7},
    {"articleSection", offsetof(struct evidence, sections), 7},
    {"keywords", offsetof(struct evidence, keywords), 7},
    {"image", offsetof(struct evidence, images), 7},
    {"thumbnailUrl", offsetof(struct evidence, images), 8},
};

static void add(struct reader *reader, const char *name, size_t list, struct said said)
{
    said.name = name;
    said.in = SAID_ITEMPROP;
    said_add((struct said_list *)((char *)reader->said + list), reader->arena, said);
}

static void read_article(struct reader *reader, struct bytes name, uint32_t node)
{
    for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
        if (bytes_is(name, properties[i].name))
            add(reader, properties[i].name, properties[i].list,
                (struct said){.text = value_of(reader, node), .rank = properties[i].rank});
    if (bytes_is(name, "isAccessibleForFree") && reader->said->is_free < 0)
        reader->said->is_free = said_is_free(value_of(reader, node));
}

static void read_property(struct reader *reader, struct bytes name, uint32_t node)
{
    const struct item *item = &reader->items[reader->depth - 1];

    if (item->role == ROLE_ARTICLE)
        read_article(reader, name, node);
    else if (item->role == ROLE_AUTHOR && bytes_is(name, "name"))
        add(reader, "author", offsetof(struct evidence, authors),
            (struct said){.text = value_of(reader, node),
                .rank = 7,
                .is_person = item->is_person,
                .is_organization = item->is_organization});
    else if (item->role == ROLE_PUBLISHER && bytes_is(name, "name"))
        add(reader, "publisher", offsetof(struct evidence, sites),
            (struct said){.text = value_of(reader, node), .rank = 3});
    else if (item->role == ROLE_IMAGE && (bytes_is(name, "url") || bytes_is(name, "contentUrl")))
        add(reader, "image", offsetof(struct evidence, images),
            (struct said){.text = value_of(reader, node), .rank = 7});
}

/* What a new item is for: it is the value of a property of the one around it. */
static enum role role_of(const struct reader *reader, struct bytes name)
{
    if (reader->depth == 0)
        return ROLE_ARTICLE;
    if (reader->items[reader->depth - 1].role != ROLE_ARTICLE)
        return ROLE_OTHER;
    if (bytes_is(name, "author") || bytes_is(name, "creator"))
        return ROLE_AUTHOR;
    if (bytes_is(name, "publisher"))
        return ROLE_PUBLISHER;
    return bytes_is(name, "image") ? ROLE_IMAGE : ROLE_OTHER;
}

static void open_item(struct reader *reader, uint32_t node, struct bytes type, struct bytes name)
{
    struct item item = {reader->tree->nodes[node].end, (uint8_t)role_of(reader, name),
        bytes_is(type, "Person"), bytes_ends(type, LIT("Organization"))};

    if (reader->depth < ITEMS_DEEP)
        reader->items[reader->depth++] = item;
}

/* The item of an article's type that holds most text. */
uint32_t evidence_find_item(const struct tree *tree)
{
    uint32_t best = 0;
    uint32_t chars = LEAST_ARTICLE;

    for (uint32_t i = tree->body; i < tree->count; i++)
        if (tree->nodes[i].attrs > 0 && tree->nodes[i].n.chars > chars &&
            is_article(type_of(tree, i))) {
            best = i;
            chars = tree->nodes[i].n.chars;
        }
    return best;
}

void evidence_read_microdata(struct evidence *said, const struct tree *tree, struct arena *arena)
{
    struct reader reader = {.said = said, .tree = tree, .arena = arena};
    uint32_t article = said->item;

    if (article == 0)
        return;
    said->is_article = true;
    for (uint32_t i = article; i < tree->nodes[article].end; i++) {
        struct bytes type, name;

        while (reader.depth > 0 && i >= reader.items[reader.depth - 1].end)
            reader.depth--;
        if (tree->nodes[i].attrs == 0)
            continue;
        type = type_of(tree, i);
        name = property_of(tree, i);
        if (type.len > 0 || tree_has_attr(tree, i, ATTR_ITEMSCOPE))
            open_item(&reader, i, type, name);
        else if (name.len > 0 && reader.values++ < VALUES_MAX)
            read_property(&reader, name, i);
    }
}
