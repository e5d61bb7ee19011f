/* meta.c - metas, links and title elements, by name. */
#include "said/evidence.h"

/* Which list a meta belongs to, by offset; the order of names is the order of trust. */
struct meta_name {
    const char *name;
    size_t list;
    uint8_t rank;
};

#define LIST(name) offsetof(struct evidence, name)

static const struct meta_name meta_names[] = {
    {"og:title", LIST(titles), 1},
    {"twitter:title", LIST(titles), 2},
    {"parsely-title", LIST(titles), 3},
    {"sailthru.title", LIST(titles), 3},
    {"cxenseparse:title", LIST(titles), 3},
    {"dc.title", LIST(titles), 4},
    {"dcterms.title", LIST(titles), 4},
    {"dc:title", LIST(titles), 4},
    {"hdl", LIST(titles), 4},
    {"headline", LIST(titles), 4},
    {"title", LIST(titles), 6},
    {"citation_title", LIST(titles), 4},

    {"author", LIST(authors), 2},
    {"article:author", LIST(authors), 3},
    {"article:author:name", LIST(authors), 1},
    {"article:author_name", LIST(authors), 1},
    {"og:article:author", LIST(authors), 3},
    {"og:author", LIST(authors), 3},
    {"book:author", LIST(authors), 3},
    {"parsely-author", LIST(authors), 1},
    {"sailthru.author", LIST(authors), 1},
    {"cxenseparse:author", LIST(authors), 1},
    {"cxense:author", LIST(authors), 1},
    {"dc.creator", LIST(authors), 2},
    {"dc:creator", LIST(authors), 2},
    {"dcterms.creator", LIST(authors), 2},
    {"dcsext.author", LIST(authors), 2},
    {"byl", LIST(authors), 1},
    {"byline", LIST(authors), 1},
    {"authors", LIST(authors), 1},
    {"citation_author", LIST(authors), 2},
    {"rbauthors", LIST(authors), 2},
    {"vr:author", LIST(authors), 2},
    {"twitter:data1", LIST(authors), 9},

    {"article:published_time", LIST(published), 1},
    {"article:published", LIST(published), 1},
    {"og:article:published_time", LIST(published), 1},
    {"og:published_time", LIST(published), 1},
    {"parsely-pub-date", LIST(published), 2},
    {"cxenseparse:recs:publishtime", LIST(published), 2},
    {"cxenseparse:publishtime", LIST(published), 2},
    {"cxense:publishtime", LIST(published), 2},
    {"sailthru.date", LIST(published), 3},
    {"pubdate", LIST(published), 2},
    {"publish_date", LIST(published), 2},
    {"publish-date", LIST(published), 2},
    {"publishdate", LIST(published), 2},
    {"published_date", LIST(published), 2},
    {"published-date", LIST(published), 2},
    {"publication_date", LIST(published), 2},
    {"publicationdate", LIST(published), 2},
    {"publication-date", LIST(published), 2},
    {"published", LIST(published), 2},
    {"published_time", LIST(published), 2},
    {"datepublished", LIST(published), 2},
    {"date.published", LIST(published), 2},
    {"article.published", LIST(published), 2},
    {"article:publicationdate", LIST(published), 2},
    {"article:post_date", LIST(published), 2},
    {"bt:pubdate", LIST(published), 2},
    {"ptime", LIST(published), 3},
    {"pdate", LIST(published), 3},
    {"article.created", LIST(published), 4},
    {"created", LIST(published), 4},
    {"datecreated", LIST(published), 4},
    {"dcterms.created", LIST(published), 4},
    {"dc.date.created", LIST(published), 4},
    {"dc.date.issued", LIST(published), 3},
    {"dcterms.issued", LIST(published), 3},
    {"dc.date.publication", LIST(published), 3},
    {"dc.date", LIST(published), 5},
    {"dc:date", LIST(published), 5},
    {"dcterms.date", LIST(published), 5},
    {"citation_publication_date", LIST(published), 4},
    {"citation_date", LIST(published), 4},
    {"date", LIST(published), 5},
    {"date_published", LIST(published), 2},
    {"rnews:datepublished", LIST(published), 2},
    {"displaydate", LIST(published), 4},
    {"originalpublicationdate", LIST(published), 1},
    {"dat", LIST(published), 5},
    {"last-publish", LIST(published), 6},
    {"article_date_original", LIST(published), 1},
    {"lastmod", LIST(modified), 3},

    {"article:modified_time", LIST(modified), 1},
    {"og:updated_time", LIST(modified), 2},
    {"datemodified", LIST(modified), 2},
    {"last-modified", LIST(modified), 3},
    {"lastmodified", LIST(modified), 3},
    {"modified", LIST(modified), 3},
    {"dcterms.modified", LIST(modified), 3},
    {"dc.date.modified", LIST(modified), 3},
    {"article:modified", LIST(modified), 2},
    {"revised", LIST(modified), 3},

    {"og:image", LIST(images), 1},
    {"og:image:url", LIST(images), 1},
    {"og:image:secure_url", LIST(images), 2},
    {"twitter:image", LIST(images), 3},
    {"twitter:image:src", LIST(images), 3},
    {"parsely-image-url", LIST(images), 4},
    {"sailthru.image.full", LIST(images), 4},
    {"thumbnail", LIST(images), 6},

    {"description", LIST(summaries), 2},
    {"og:description", LIST(summaries), 1},
    {"twitter:description", LIST(summaries), 3},
    {"dc.description", LIST(summaries), 4},
    {"sailthru.description", LIST(summaries), 4},

    {"og:site_name", LIST(sites), 1},
    {"application-name", LIST(sites), 2},
    {"apple-mobile-web-app-title", LIST(sites), 3},
    {"dc.publisher", LIST(sites), 4},
    {"publisher", LIST(sites), 4},
    {"article:publisher", LIST(sites), 5},
    {"copyright", LIST(sites), 6},
    {"twitter:site", LIST(sites), 7},

    {"og:locale", LIST(languages), 3},
    {"language", LIST(languages), 3},
    {"content-language", LIST(languages), 2},
    {"dc.language", LIST(languages), 3},
    {"dcterms.language", LIST(languages), 3},
    {"inlanguage", LIST(languages), 2},
    {"lang", LIST(languages), 3},

    {"og:url", LIST(canonicals), 2},
    {"article:section", LIST(sections), 1},
    {"parsely-section", LIST(sections), 2},
    {"section", LIST(sections), 3},
    {"article:tag", LIST(keywords), 2},
    {"news_keywords", LIST(keywords), 1},
    {"keywords", LIST(keywords), 3},
    {"parsely-tags", LIST(keywords), 3},
};

enum { META_SLOTS = 512, NAME_MAX_LEN = 40 };

static uint32_t hash_name(const char *name, size_t len)
{
    uint32_t hash = 2166136261U;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619U;
    return (hash ^ hash >> 13) % META_SLOTS;
}

static const struct meta_name *slots[META_SLOTS];

static __attribute__((constructor)) void fill_slots(void)
{
    for (size_t i = 0; i < sizeof(meta_names) / sizeof(meta_names[0]); i++) {
        uint32_t slot = hash_name(meta_names[i].name, strlen(meta_names[i].name));

        while (slots[slot] != NULL)
            slot = (slot + 1) % META_SLOTS;
        slots[slot] = &meta_names[i];
    }
}

static const struct meta_name *find_name(struct bytes name)
{
    char lower[NAME_MAX_LEN];
    uint32_t slot;

    name = bytes_trim(name);
    if (name.len == 0 || name.len >= NAME_MAX_LEN)
        return NULL;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = to_lower(name.ptr[i]);
    for (slot = hash_name(lower, name.len); slots[slot] != NULL; slot = (slot + 1) % META_SLOTS)
        if (strncmp(slots[slot]->name, lower, name.len) == 0 && slots[slot]->name[name.len] == '\0')
            return slots[slot];
    return NULL;
}

static bool is_locale(const struct meta_name *known)
{
    return known->list == LIST(languages);
}

static void read_type(struct evidence *said, struct bytes value)
{
    if (bytes_find_nocase(value, LIT("article")) != SIZE_MAX)
        said->is_article = true;
    if (bytes_starts_nocase(value, LIT("video")))
        said->is_video = true;
}

static void read_meta(
    struct evidence *said, const struct tree *tree, struct arena *arena, uint32_t node)
{
    static const enum attr_name naming[] = {
        ATTR_PROPERTY, ATTR_NAME, ATTR_ITEMPROP, ATTR_HTTP_EQUIV};
    struct bytes content = tree_attr(tree, node, ATTR_CONTENT);
    const struct meta_name *known = NULL;
    struct bytes name = {NULL, 0};
    size_t i = 0;

    for (; i < 4 && known == NULL; i++) {
        name = tree_attr(tree, node, naming[i]);
        known = name.len > 0 ? find_name(name) : NULL;
        if (bytes_is(name, "og:type"))
            read_type(said, content);
        if (bytes_is(name, "article:content_tier") || bytes_is(name, "isAccessibleForFree"))
            said->is_free = said_is_free(content);
    }
    if (known == NULL || content.len == 0 || (i == 4 && !is_locale(known)) ||
        (i == 3 && said->item != 0 && node > tree->body))
        return; /* of an item: it says whose it is */
    said_add((struct said_list *)((char *)said + known->list), arena,
        (struct said){.text = content,
            .name = known->name,
            .rank = known->rank,
            .in = i == 3 ? SAID_ITEMPROP : SAID_META});
}

/* Of a srcset any variant will do: it is compared with what is shown. */
static void read_preload(
    struct evidence *said, const struct tree *tree, struct arena *arena, uint32_t node)
{
    struct bytes url = bytes_trim(tree_attr(tree, node, ATTR_HREF));
    struct bytes set = bytes_trim(tree_attr(tree, node, ATTR_IMAGESRCSET));

    if (!bytes_equal_nocase(tree_attr(tree, node, ATTR_AS), LIT("image")))
        return;
    if (url.len == 0)
        url = bytes_cut(&set, ' ');
    said_add(&said->preloads, arena,
        (struct said){.text = url, .name = "preload", .rank = 1, .in = SAID_META});
}

static void read_link(
    struct evidence *said, const struct tree *tree, struct arena *arena, uint32_t node)
{
    struct bytes href = bytes_trim(tree_attr(tree, node, ATTR_HREF));

    if (tree_attr_has_word(tree, node, ATTR_REL, "preload"))
        read_preload(said, tree, arena, node);
    if (href.len == 0)
        return;
    if (tree_attr_has_word(tree, node, ATTR_REL, "canonical"))
        said_add(&said->canonicals, arena,
            (struct said){.text = href, .name = "canonical", .rank = 1, .in = SAID_META});
    else if (tree_attr_has_word(tree, node, ATTR_REL, "amphtml") && said->amp.len == 0)
        said->amp = href;
    else if (tree_attr_has_word(tree, node, ATTR_REL, "image_src"))
        said_add(&said->images, arena,
            (struct said){.text = href, .name = "image_src", .rank = 5, .in = SAID_META});
}

/* XHTML says it in its own way. */
static void read_language(
    struct evidence *said, const struct tree *tree, struct arena *arena, uint32_t node)
{
    said_add(&said->languages, arena,
        (struct said){.text = tree_attr(tree, node, ATTR_LANG),
            .name = "html lang",
            .in = SAID_META,
            .rank = 1});
    said_add(&said->languages, arena,
        (struct said){.text = tree_attr(tree, node, ATTR_XML_LANG),
            .name = "html xml:lang",
            .in = SAID_META,
            .rank = 4});
}

void evidence_read_metas(struct evidence *said, const struct tree *tree, struct arena *arena)
{
    for (uint32_t i = 0; i < tree->count; i++) {
        switch (tree->nodes[i].tag) {
        case TAG_HTML:
            read_language(said, tree, arena, i);
            break;
        case TAG_META:
            read_meta(said, tree, arena, i);
            break;
        case TAG_LINK:
            read_link(said, tree, arena, i);
            break;
        case TAG_BASE:
            if (said->base.len == 0)
                said->base = bytes_trim(tree_attr(tree, i, ATTR_HREF));
            break;
        case TAG_SVG:
            i = tree->nodes[i].end - 1;
            break;
        case TAG_TITLE:
            if (said->document_title.len == 0)
                said->document_title =
                    said_clean(arena, said_cut(tree->nodes[i].text, TITLE_BYTES));
            break;
        default:
            break;
        }
    }
}
