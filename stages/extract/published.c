/* published.c - when the article was published, and where that is known from. */
#include "fields.h"
#include "text/date.h"

static const struct said *best_of(const struct said_list *list, struct date *ret_date)
{
    const struct said *best = NULL;

    for (size_t i = 0; i < list->count; i++) {
        const struct said *one = &list->items[i];
        struct date date;

        if ((best == NULL || one->rank < best->rank) && date_parse(one->text, DATE_ORDER_UNKNOWN, &date)) {
            best = one;
            *ret_date = date;
        }
    }
    return best;
}

void published_set(struct page *page, wr_record *rec)
{
    struct date date;
    const struct said *said = best_of(&page->said->published, &date);

    if (said == NULL) {
        for (uint32_t i = page->tree->body; i < page->tree->count; i++)
            if (page->tree->nodes[i].tag == TAG_TIME &&
                date_parse(tree_attr(page->tree, i, ATTR_DATETIME), DATE_ORDER_UNKNOWN, &date)) {
                wr_set(rec, WR_PUBLISHED, lend(date_format(page->arena, &date)));
                return;
            }
        return;
    }
    wr_set(rec, WR_PUBLISHED, lend(date_format(page->arena, &date)));
    wr_set(rec, WR_PUBLISHED_RAW, lend(said->text));
    wr_set(rec, WR_PUBLISHED_SOURCE, lend(said->in == SAID_JSONLD ? LIT("json-ld") : LIT("meta")));
    wr_set(rec, WR_PUBLISHED_PRECISION, lend(bytes_of(date_precision_name(date.precision))));
}
