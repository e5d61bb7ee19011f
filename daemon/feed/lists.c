/* lists.c - knows how the lists of a feed grow, and where they stop. */
#include "feed/reader.h"

void list_add_text(struct arena *arena, struct feed_texts *list, struct bytes text)
{
    if (list->count == FEED_LIST_LIMIT)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (bytes_equal(list->at[i], text))
            return;
    if (list->count == list->cap)
        list->at = arena_grow(arena, list->at, &list->cap, sizeof(list->at[0]));
    list->at[list->count++] = text;
}

static bool is_same(struct bytes a, struct bytes b)
{
    return a.len > 0 && bytes_equal_nocase(a, b);
}

void list_add_person(
    struct arena *arena, struct feed_persons *list, const struct feed_person *person)
{
    if (list->count == FEED_LIST_LIMIT)
        return;
    for (size_t i = 0; i < list->count; i++) {
        struct feed_person *known = &list->at[i];

        if (!is_same(known->name, person->name) &&
            !(person->name.len == 0 && is_same(known->email, person->email)))
            continue;
        if (known->email.len == 0)
            known->email = person->email;
        if (known->url.len == 0)
            known->url = person->url;
        return;
    }
    if (list->count == list->cap)
        list->at = arena_grow(arena, list->at, &list->cap, sizeof(list->at[0]));
    list->at[list->count++] = *person;
}

void list_add_link(struct arena *arena, struct feed_links *list, const struct feed_link *link)
{
    if (list->count == FEED_LIST_LIMIT)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (bytes_equal(list->at[i].href, link->href) && bytes_equal(list->at[i].rel, link->rel) &&
            bytes_equal(list->at[i].type, link->type))
            return;
    if (list->count == list->cap)
        list->at = arena_grow(arena, list->at, &list->cap, sizeof(list->at[0]));
    list->at[list->count++] = *link;
}
