/* schema.c - what JSON-LD says: which of its objects is the article, and what that says of it. */
#include "said/evidence.h"
#include "said/jsonld.h"

enum {
    OBJECTS = 512,
    SCRIPTS_MAX = 40,
    SCRIPT_LIMIT = 2 << 20,
    LEAST_WORD = 4, /* bytes; shorter ones are in every headline */
    FEW_WORDS = 2,  /* of a headline; fewer tell nothing */
};

struct graph {
    struct arena *arena;
    struct evidence *said;
    const struct json *objects[OBJECTS];
    size_t count;
};

static bool type_matches(struct bytes type, bool (*matches)(struct bytes))
{
    size_t slash = SIZE_MAX;

    for (size_t i = 0; i < type.len; i++)
        if (type.ptr[i] == '/' || type.ptr[i] == ':' || type.ptr[i] == '#')
            slash = i;
    return matches(slash == SIZE_MAX ? type : bytes_from(type, slash + 1));
}

/* The value of @type is a string or a list of them. */
static bool has_type(const struct json *object, bool (*matches)(struct bytes))
{
    const struct json *type = json_get(object, "@type");

    if (type == NULL)
        return false;
    if (type->type == JSON_STRING)
        return type_matches(type->text, matches);
    for (const struct json *item = type->first; item != NULL; item = item->next)
        if (item->type == JSON_STRING && type_matches(item->text, matches))
            return true;
    return false;
}

static bool is_article_type(struct bytes type)
{
    return bytes_ends(type, LIT("Article")) || bytes_ends(type, LIT("BlogPosting")) ||
           bytes_ends(type, LIT("Posting")) || bytes_is(type, "Report") ||
           bytes_is(type, "ReviewNewsArticle") || bytes_is(type, "Review") ||
           bytes_is(type, "Recipe") || bytes_is(type, "Article");
}

static bool is_page_type(struct bytes type)
{
    return bytes_is(type, "WebPage") || bytes_is(type, "VideoObject") ||
           bytes_is(type, "ItemPage") || bytes_is(type, "CreativeWork") ||
           bytes_is(type, "MediaGallery") || bytes_is(type, "ImageGallery") ||
           bytes_is(type, "AudioObject") || bytes_is(type, "PodcastEpisode") ||
           bytes_is(type, "Product") || bytes_is(type, "BroadcastEvent");
}

static bool is_news_type(struct bytes type)
{
    return bytes_ends(type, LIT("NewsArticle"));
}

static bool is_person_type(struct bytes type)
{
    return bytes_is(type, "Person");
}

static bool is_organization_type(struct bytes type)
{
    return bytes_ends(type, LIT("Organization")) || bytes_is(type, "Corporation") ||
           bytes_is(type, "WebSite") || bytes_is(type, "Brand") || bytes_is(type, "Thing");
}

static bool is_index_type(struct bytes type)
{
    return bytes_is(type, "CollectionPage") || bytes_is(type, "SearchResultsPage");
}

/* Walk all documents without recursion; objects in document order, outer ones first. */
static void collect(struct graph *graph, const struct json *root)
{
    const struct json *stack[JSONLD_DEPTH + 2];
    int depth = 0;

    stack[0] = root->first;
    while (depth >= 0) {
        const struct json *value = stack[depth];

        if (value == NULL) {
            depth--;
            continue;
        }
        stack[depth] = value->next;
        if (bytes_is(value->key, "liveBlogUpdate"))
            continue; /* posts are not the article: live_said.c reads them */
        if (value->type == JSON_OBJECT && graph->count < OBJECTS)
            graph->objects[graph->count++] = value;
        if (value->first != NULL && depth + 1 < JSONLD_DEPTH + 2)
            stack[++depth] = value->first;
    }
}

/* An object that is only {"@id": ...} stands for the one that has more to say. */
static const struct json *resolve(const struct graph *graph, const struct json *object)
{
    struct bytes id = json_get_text(object, "@id");

    if (object == NULL || object->type != JSON_OBJECT || id.len == 0 ||
        json_get(object, "name") != NULL || json_get(object, "url") != NULL)
        return object;
    for (size_t i = 0; i < graph->count; i++) {
        const struct json *other = graph->objects[i];

        if (other != object && bytes_equal(json_get_text(other, "@id"), id) &&
            (json_get(other, "name") != NULL || json_get(other, "url") != NULL))
            return other;
    }
    return object;
}

static void add_text(
    struct graph *graph, struct said_list *list, struct bytes text, const char *name, uint8_t rank)
{
    said_add(list, graph->arena,
        (struct said){.text = text, .name = name, .rank = rank, .in = SAID_JSONLD});
}

static void add_name(struct graph *graph, const struct json *who, uint8_t rank)
{
    struct said said = {.name = "author", .rank = rank, .in = SAID_JSONLD};
    const struct json *name;

    who = resolve(graph, who);
    if (who->type == JSON_STRING) {
        said.text = who->text;
        said_add(&graph->said->authors, graph->arena, said);
        return;
    }
    said.is_person = has_type(who, is_person_type);
    said.is_organization = !said.is_person && has_type(who, is_organization_type);
    name = json_get(who, "name");
    if (name != NULL && name->type == JSON_ARRAY)
        name = name->first;
    for (int i = 0; name != NULL && i < 8; i++) {
        const struct json *next = name->key.len == 0 ? name->next : NULL;

        said.text = name->type == JSON_OBJECT ? json_get_text(name, "name") : json_text(name);
        said_add(&graph->said->authors, graph->arena, said);
        name = next;
    }
}

static void add_names(struct graph *graph, const struct json *value, uint8_t rank)
{
    if (value == NULL)
        return;
    if (value->type == JSON_OBJECT && json_get(value, "@list") != NULL)
        value = json_get(value, "@list");
    if (value->type != JSON_ARRAY) {
        add_name(graph, value, rank);
        return;
    }
    value = value->first;
    for (int i = 0; value != NULL && i < SAID_MAX; i++, value = value->next)
        add_name(graph, value, rank);
}

static void add_image(struct graph *graph, const struct json *value, uint8_t rank)
{
    if (value != NULL && value->type == JSON_ARRAY)
        value = value->first;
    if (value == NULL)
        return;
    value = resolve(graph, value);
    if (value->type == JSON_STRING)
        add_text(graph, &graph->said->images, value->text, "image", rank);
    else if (json_get_text(value, "url").len > 0)
        add_text(graph, &graph->said->images, json_get_text(value, "url"), "image", rank);
    else
        add_text(graph, &graph->said->images, json_get_text(value, "contentUrl"), "image", rank);
}

static void add_list(struct graph *graph, struct said_list *list, const struct json *value)
{
    if (value == NULL)
        return;
    if (value->type == JSON_STRING)
        add_text(graph, list, value->text, "keywords", 2);
    for (const struct json *item = value->first; item != NULL; item = item->next)
        if (item->type == JSON_STRING)
            add_text(graph, list, item->text, "keywords", 2);
}

static void read_access(struct graph *graph, const struct json *object)
{
    int8_t is_free = said_is_free(json_text(json_get(object, "isAccessibleForFree")));
    const struct json *part = json_get(object, "hasPart");

    if (part != NULL && part->type == JSON_ARRAY)
        part = part->first;
    if (is_free < 0 && said_is_free(json_text(json_get(part, "isAccessibleForFree"))) == 0)
        is_free = 0; /* a part that is not free and nothing said of the whole */
    if (is_free >= 0)
        graph->said->is_free = is_free;
    if (json_get_text(part, "cssSelector").len > 0)
        graph->said->paywall = json_get_text(part, "cssSelector");
}

/* A page as a whole says less about its article than the article does: penalty is added to ranks.
 */
static void read_object(struct graph *graph, const struct json *object, uint8_t penalty)
{
    struct evidence *said = graph->said;
    struct bytes body = json_get_text(object, "articleBody");

    add_text(graph, &said->titles, json_get_text(object, "headline"), "headline", penalty);
    if (penalty < 5 || json_get(object, "headline") == NULL)
        add_text(
            graph, &said->titles, json_get_text(object, "name"), "name", (uint8_t)(penalty + 3));
    add_text(
        graph, &said->published, json_get_text(object, "datePublished"), "datePublished", penalty);
    if (penalty < 5)
        add_text(graph, &said->published, json_get_text(object, "dateCreated"), "dateCreated", 4);
    if (penalty >= 5)
        add_text(graph, &said->published, json_get_text(object, "uploadDate"), "uploadDate", 6);
    add_text(
        graph, &said->modified, json_get_text(object, "dateModified"), "dateModified", penalty);
    add_text(graph, &said->summaries, json_get_text(object, "description"), "description", penalty);
    add_text(graph, &said->languages, json_get_text(object, "inLanguage"), "inLanguage",
        (uint8_t)(penalty + 2));
    add_names(graph, json_get(object, "author"), penalty);
    if (json_get(object, "author") == NULL)
        add_names(graph, json_get(object, "creator"), (uint8_t)(penalty + 1));
    add_image(graph, json_get(object, "image"), (uint8_t)(penalty + 2));
    add_image(graph, json_get(object, "thumbnailUrl"), (uint8_t)(penalty + 4));
    add_list(graph, &said->sections, json_get(object, "articleSection"));
    add_list(graph, &said->keywords, json_get(object, "keywords"));
    read_access(graph, object);
    if (body.len == 0)
        body = json_get_text(object, "reviewBody");
    if (body.len > said->body.len && penalty < 5)
        said->body = body;
}

static bool holds(struct bytes a, struct bytes b)
{
    return b.len > 0 &&
           (bytes_find_nocase(a, b) != SIZE_MAX || bytes_find_nocase(b, a) != SIZE_MAX);
}

/* Whether the page's metas and links say one of it, too: 1; they say others: -1; 0 when either is
 * silent. */
static int compare(struct bytes text, const struct said_list *list, size_t count)
{
    if (text.len == 0 || count == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (holds(list->items[i].text, text))
            return 1;
    return -1;
}

/* What metas said of the page before JSON-LD was read. */
struct before {
    size_t canonicals, titles, images;
};

/* The headline has as good as no word of the document's title. */
static bool is_another(struct bytes headline, struct bytes title)
{
    int words = 0, common = 0;

    while (headline.len > 0) {
        struct bytes word = bytes_cut(&headline, ' ');

        if (word.len < LEAST_WORD)
            continue;
        words++;
        common += bytes_find_nocase(title, word) != SIZE_MAX;
    }
    return title.len > 0 && words >= FEW_WORDS && common == 0;
}

/* An object speaks for the page when its address, headline or picture agrees with the page's: 1. It
 * speaks of something else when its address is another and nothing agrees: -1; certainly when its
 * headline has no word of the document's title: -2. */
static int agreement(
    const struct graph *graph, const struct before *before, const struct json *object)
{
    const struct evidence *said = graph->said;
    const struct json *page = json_get(object, "mainEntityOfPage");
    struct bytes url = json_get_text(object, "url");
    struct bytes headline = said_clean(graph->arena, json_get_text(object, "headline"));
    struct bytes image = json_text(json_get(object, "image"));
    int address;

    if (url.len == 0)
        url = page != NULL && page->type == JSON_STRING ? page->text : json_get_text(page, "@id");
    address = compare(url, &said->canonicals, before->canonicals);
    if (address > 0 || compare(headline, &said->titles, before->titles) > 0 ||
        compare(image, &said->images, before->images) > 0 ||
        (headline.len > 0 && holds(said->document_title, headline)))
        return 1;
    return address < 0 && is_another(headline, said->document_title) ? -2 : address;
}

static void read_publisher(struct graph *graph, const struct json *object)
{
    const struct json *publisher = json_get(object, "publisher");

    if (publisher != NULL && publisher->type == JSON_ARRAY)
        publisher = publisher->first;
    if (publisher == NULL)
        return;
    publisher = resolve(graph, publisher);
    add_text(graph, &graph->said->sites, json_get_text(publisher, "name"), "publisher", 2);
}

/* The object stands where one names who wrote it: an agency there is no name of the site. */
static bool is_author(const struct graph *graph, const struct json *object)
{
    for (size_t i = 0; i < graph->count; i++) {
        const struct json *author = json_get(graph->objects[i], "author");

        if (author == object)
            return true;
        for (const struct json *one = author != NULL ? author->first : NULL; one != NULL;
             one = one->next)
            if (one == object)
                return true;
    }
    return false;
}

/* Of the objects that are articles those that speak for the page; when none does, the first that
 * does not speak of something else, or the first that does not certainly. */
static void read_articles(struct graph *graph)
{
    struct before before = {
        graph->said->canonicals.count, graph->said->titles.count, graph->said->images.count};
    const struct json *first = NULL;
    int first_agrees = -2;
    bool found = false;

    for (size_t i = 0; i < graph->count; i++) {
        const struct json *object = graph->objects[i];
        int agrees;

        if (!has_type(object, is_article_type))
            continue;
        agrees = agreement(graph, &before, object);
        if (agrees > 0)
            read_object(graph, object, 0);
        found |= agrees > 0;
        graph->said->is_of_another |= agrees < -1;
        if (agrees > first_agrees) {
            first = object;
            first_agrees = agrees;
        }
    }
    if (!found && first != NULL)
        read_object(graph, first, 0);
}

static void read_objects(struct graph *graph)
{
    bool found = false;

    for (size_t i = 0; i < graph->count; i++) {
        const struct json *object = graph->objects[i];

        if (has_type(object, is_article_type)) {
            graph->said->is_article = found = true;
            graph->said->is_news |= has_type(object, is_news_type);
            if (graph->said->live == NULL && json_get(object, "liveBlogUpdate") != NULL)
                graph->said->live = object;
            read_publisher(graph, object);
        } else if (has_type(object, is_page_type)) {
            read_publisher(graph, object);
        } else if (has_type(object, is_organization_type) && !has_type(object, is_person_type) &&
                   !is_author(graph, object)) {
            add_text(graph, &graph->said->sites, json_get_text(object, "name"), "name", 3);
        } else if (has_type(object, is_index_type)) {
            graph->said->is_index = true;
        }
    }
    read_articles(graph);
    for (size_t i = 0; i < graph->count; i++)
        if (!has_type(graph->objects[i], is_article_type) &&
            has_type(graph->objects[i], is_page_type)) {
            read_object(graph, graph->objects[i], found ? 10 : 5);
            break;
        }
}

void evidence_read_jsonld(struct evidence *said, const struct tree *tree, struct arena *arena)
{
    struct graph *graph = arena_alloc(arena, sizeof(*graph));
    int scripts = 0;

    graph->arena = arena;
    graph->said = said;
    for (uint32_t i = 0; i < tree->count && scripts < SCRIPTS_MAX; i++) {
        const struct node *node = &tree->nodes[i];

        if (node->tag != TAG_SCRIPT || node->text.len == 0 || node->text.len > SCRIPT_LIMIT ||
            bytes_find_nocase(tree_attr(tree, i, ATTR_TYPE), LIT("ld+json")) == SIZE_MAX)
            continue;
        collect(graph, jsonld_parse(arena, node->text));
        scripts++;
    }
    read_objects(graph);
}
