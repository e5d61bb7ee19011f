/* author.c - who wrote it: names that are names, from where names are given. */
#include "cue.h"
#include "fields.h"

void author_set(struct page *page, wr_record *rec)
{
    const struct said_list *authors = &page->said->authors;
    uint8_t rank = 255;

    for (size_t i = 0; i < authors->count; i++)
        if (authors->items[i].rank < rank && !authors->items[i].is_organization)
            rank = authors->items[i].rank;
    for (size_t i = 0; i < authors->count; i++)
        if (authors->items[i].rank == rank && !authors->items[i].is_organization)
            wr_add(rec, WR_AUTHOR, lend(authors->items[i].text));
}
