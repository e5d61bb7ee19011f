/* details.c - image, canonical address, language, section, keywords, and whether one has to pay. */
#include "field/fields.h"
#include "page/clean.h"
#include "text/text.h"
#include "text/url.h"

enum { KEYWORDS_MAX = 40, KEYWORD_BYTES = 100 };

/* Points of a canonical address, less its rank: one on another host is taken where there is no
 * better one, and the page's own when it is no address of the web. */
enum { CANONICAL = 10, OTHER_HOST = -5, CANONICAL_SURE = 5 };

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

/* The address of a site, without a path. */
static bool is_front(const struct page *page, struct bytes url)
{
    struct bytes host = url_host(page->arena, url);
    size_t at = host.len > 0 ? bytes_find_nocase(url, host) : SIZE_MAX;
    struct bytes rest = at == SIZE_MAX ? url : bytes_from(url, at + host.len);

    return at != SIZE_MAX && (rest.len == 0 || bytes_is(rest, "/"));
}

/* A canonical address on another host names where the text was taken from, not this page. */
static void set_canonical(const struct page *page, wr_record *rec)
{
    const struct said_list *list = &page->said->canonicals;
    struct bytes host = url_host(page->arena, page->url);
    struct bytes best = {NULL, 0};
    int score = 0;

    for (size_t i = 0; i < list->count; i++) {
        struct bytes url = image_absolute(page, list->items[i].text);
        int points = url.len == 0 ? 0 : CANONICAL - list->items[i].rank;

        if (is_front(page, url) && !is_front(page, page->url))
            points = 0; /* all pages of the site say so: it tells of none */
        if (url.len > 0 && host.len > 0 && !bytes_equal(url_host(page->arena, url), host))
            points += OTHER_HOST;
        if (points > score) {
            best = url;
            score = points;
        }
    }
    if (best.len == 0 ||
        (score < CANONICAL_SURE && host.len > 0 && list->count > 0 && !url_is_http(best)))
        best = page->url;
    if (url_is_http(best))
        wr_set(rec, WR_CANONICAL, lend(best));
}

struct bytes details_language(const struct page *page, const wr_record *rec)
{
    struct bytes tag = text_language(page->arena, first_of(&page->said->languages));

    return tag.len > 0 ? tag : text_language(page->arena, borrow(wr_get(rec, WR_FEED_LANGUAGE)));
}

static void set_language(const struct page *page, wr_record *rec)
{
    struct bytes tag = details_language(page, rec);

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

    image_set(page, rec);
    set_canonical(page, rec);
    set_language(page, rec);
    add_keywords(page, rec);
    if (section.len > 0)
        wr_set(rec, WR_SECTION, lend(section));
    if (page->said->is_free >= 0)
        wr_set(rec, WR_FREE, lend(page->said->is_free ? LIT("true") : LIT("false")));
}
