/* details.c - the fields a page states and nobody disputes: image, canonical address, language. */
#include "fields.h"
#include "text/text.h"
#include "text/url.h"

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

static void set_url(struct page *page, wr_record *rec, int field, struct bytes url)
{
    if (url.len == 0)
        return;
    url = url_resolve(page->arena, page->base, url);
    if (url_is_http(url))
        wr_set(rec, field, lend(url));
}

void details_set(struct page *page, wr_record *rec)
{
    struct evidence *said = page->said;
    struct bytes language = first_of(&said->languages);

    set_url(page, rec, WR_IMAGE, first_of(&said->images));
    set_url(page, rec, WR_CANONICAL, first_of(&said->canonicals));
    if (language.len > 0) {
        language = text_language(page->arena, language);
        if (language.len > 0)
            wr_set(rec, WR_LANGUAGE, lend(language));
    }
}
