/* author.c - who wrote it: what the page says, what it shows and what the feed said, weighed. */
#include "byline.h"
#include "fields.h"
#include "names.h"

enum { SURE = 26, NEWSROOM_BYTES = 40, LOOSE_RANK = 9 };

/* The names in the best founded of the said that has people in it. */
static void read_said(const struct page *page, struct names *ret_people, struct names *ret_others)
{
    const struct said_list *list = &page->said->authors;

    for (int rank = 0; rank < 16 && ret_people->count == 0; rank++) {
        struct names here = {0};

        for (size_t i = 0; i < list->count; i++)
            if (list->items[i].rank == rank) {
                if (list->items[i].is_organization)
                    names_add(ret_others, page, list->items[i].text, true);
                else
                    names_add(&here, page, list->items[i].text, true);
            }
        if (names_count(&here, NAME_PERSON) > 0 ||
            (rank < LOOSE_RANK && names_count(&here, NAME_HANDLE) > 0))
            *ret_people = here;
    }
}

static void set_names(wr_record *rec, const struct names *names, bool handles)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->kinds[i] == NAME_PERSON || (handles && names->kinds[i] == NAME_HANDLE))
            wr_add(rec, WR_AUTHOR, lend(names->items[i]));
}

static void read_feed(const struct page *page, const wr_record *rec, struct names *ret_names)
{
    for (size_t i = 0; i < wr_count(rec, WR_FEED_AUTHOR); i++)
        names_add(ret_names, page, borrow(wr_get_at(rec, WR_FEED_AUTHOR, i)), true);
}

/* Nobody is named, and the article's own data names the newsroom or agency that signs for it. */
static void set_newsroom(const struct page *page, wr_record *rec)
{
    const struct said_list *list = &page->said->authors;

    for (size_t i = 0; i < list->count; i++) {
        const struct said *one = &list->items[i];

        if (one->in != SAID_JSONLD || one->rank > 0 || one->text.len > NEWSROOM_BYTES ||
            !names_is_newsroom(page, one->text, one->is_organization))
            continue;
        wr_add(rec, WR_AUTHOR, lend(one->text));
    }
}

void author_set(struct page *page, wr_record *rec)
{
    struct names said = {0};
    struct names others = {0};
    struct names feed = {0};
    struct byline byline;
    size_t shown;

    wr_set(rec, WR_AUTHOR, (wr_str){NULL, 0}); /* the feed's are evidence now: WR_FEED_AUTHOR */
    read_said(page, &said, &others);
    read_feed(page, rec, &feed);
    byline_find(page, &byline);
    shown = names_count(&byline.names, NAME_PERSON);
    if (byline.text.len > 0)
        wr_set(rec, WR_BYLINE, lend(byline.text));
    if (names_count(&said, NAME_PERSON) > 0) {
        bool more = shown > names_count(&said, NAME_PERSON) && names_within(&said, &byline.names);

        set_names(rec, more ? &byline.names : &said, false);
    } else if (shown > 0) {
        set_names(rec, &byline.names, false);
    } else if (feed.count > 0) {
        set_names(rec, &feed, true);
    } else if (said.count > 0) {
        set_names(rec, &said, true);
    } else {
        set_newsroom(page, rec);
        if (wr_count(rec, WR_AUTHOR) == 0 && byline.score >= SURE)
            set_names(rec, &byline.names, true);
    }
}
