/* details.c - image, canonical address, language, section, keywords, and whether one has to pay. */
#include "clean.h"
#include "fields.h"
#include "text/text.h"
#include "text/url.h"

enum { LEAST_WIDTH = 200, KEYWORDS_MAX = 40, KEYWORD_BYTES = 100 };

static struct bytes first_of(const struct said_list *list)
{
    struct bytes best = {NULL, 0};
    uint8_t rank = 255;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].rank < rank) {
            rank = list->items[i].rank;
            best = list->items[i].text;
        }
    return best;
}

static struct bytes absolute(const struct page *page, struct bytes url)
{
    if (url.len == 0 || bytes_starts_nocase(url, LIT("data:")))
        return (struct bytes){NULL, 0};
    url = url_resolve(page->arena, page->base, url);
    return url_is_http(url) ? url : (struct bytes){NULL, 0};
}

/* The first address of a srcset. */
static struct bytes first_source(struct bytes srcset)
{
    srcset = bytes_trim(srcset);
    return bytes_cut(&srcset, ' ');
}

static struct bytes source_of(const struct page *page, uint32_t node)
{
    struct bytes url = absolute(page, tree_attr(page->tree, node, ATTR_DATA_SRC));

    if (url.len == 0)
        url = absolute(page, tree_attr(page->tree, node, ATTR_SRC));
    if (url.len == 0)
        url = absolute(page, first_source(tree_attr(page->tree, node, ATTR_SRCSET)));
    return url;
}

static bool is_small(const struct tree *tree, uint32_t node)
{
    int64_t width;

    return bytes_to_int(bytes_trim(tree_attr(tree, node, ATTR_WIDTH)), &width) &&
           width < LEAST_WIDTH;
}

/* The first picture of the article itself, for pages that name none. */
static struct bytes shown_image(const struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t from = page->title != 0 ? page->title : page->root;
    uint32_t to = page->root != 0 ? tree->nodes[page->root].end : 0;

    for (uint32_t i = from; i < to; i++) {
        const struct node *node = &tree->nodes[i];
        struct bytes url;

        if (node->tag != TAG_IMG && node->tag != TAG_AMP_IMG)
            continue;
        if (is_small(tree, i) || node->hints & (HINT(AD) | HINT(BYLINE) | HINT(BIO) | HINT(SHARE)))
            continue;
        url = source_of(page, i);
        if (url.len > 0 && bytes_find_nocase(url, LIT("logo")) == SIZE_MAX &&
            bytes_find_nocase(url, LIT("avatar")) == SIZE_MAX &&
            bytes_find_nocase(url, LIT(".svg")) == SIZE_MAX)
            return url;
    }
    return (struct bytes){NULL, 0};
}

static void set_image(const struct page *page, wr_record *rec)
{
    struct bytes url = absolute(page, first_of(&page->said->images));

    if (url.len == 0)
        url = shown_image(page);
    if (url.len > 0)
        wr_set(rec, WR_IMAGE, lend(url));
}

/* A canonical address on another host names where the text was taken from, not this page. */
static void set_canonical(const struct page *page, wr_record *rec)
{
    const struct said_list *list = &page->said->canonicals;
    struct bytes host = url_host(page->arena, page->url);
    struct bytes best = {NULL, 0};
    int score = 0;

    for (size_t i = 0; i < list->count; i++) {
        struct bytes url = absolute(page, list->items[i].text);
        int points = url.len == 0 ? 0 : 10 - list->items[i].rank;

        if (url.len > 0 && host.len > 0 && !bytes_equal(url_host(page->arena, url), host))
            points -= 5;
        if (points > score) {
            best = url;
            score = points;
        }
    }
    if (best.len == 0 || (score < 5 && host.len > 0 && list->count > 0 && !url_is_http(best)))
        best = page->url;
    if (url_is_http(best))
        wr_set(rec, WR_CANONICAL, lend(best));
}

static void set_language(const struct page *page, wr_record *rec)
{
    struct bytes tag = text_language(page->arena, first_of(&page->said->languages));

    if (tag.len == 0)
        tag = text_language(page->arena, borrow(wr_get(rec, WR_FEED_LANGUAGE)));
    if (tag.len == 0)
        tag = language_guess(borrow(wr_get(rec, WR_TEXT)));
    if (tag.len > 0)
        wr_set(rec, WR_LANGUAGE, lend(tag));
}

static void add_keyword(wr_record *rec, struct bytes word)
{
    word = bytes_trim(word);
    if (word.len == 0 || word.len > KEYWORD_BYTES || wr_count(rec, WR_KEYWORD) >= KEYWORDS_MAX)
        return;
    for (size_t i = 0; i < wr_count(rec, WR_KEYWORD); i++)
        if (bytes_equal_nocase(borrow(wr_get_at(rec, WR_KEYWORD, i)), word))
            return;
    wr_add(rec, WR_KEYWORD, lend(word));
}

/* The feed's categories are there already; the page's follow. */
static void add_keywords(const struct page *page, wr_record *rec)
{
    const struct said_list *list = &page->said->keywords;

    for (size_t i = 0; i < list->count; i++) {
        struct bytes rest = list->items[i].text;

        while (rest.len > 0)
            add_keyword(rec, bytes_cut(&rest, ','));
    }
}

void details_set(struct page *page, wr_record *rec)
{
    struct bytes section = first_of(&page->said->sections);

    set_image(page, rec);
    set_canonical(page, rec);
    set_language(page, rec);
    add_keywords(page, rec);
    if (section.len > 0)
        wr_set(rec, WR_SECTION, lend(section));
    if (page->said->is_free >= 0)
        wr_set(rec, WR_FREE, lend(page->said->is_free ? LIT("true") : LIT("false")));
}
