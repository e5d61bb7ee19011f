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

static bool is_one_file(const struct feed_link *a, const struct feed_link *b)
{
    if (!bytes_equal(a->href, b->href) || !bytes_equal(a->rel, b->rel))
        return false;
    return a->rel.len == 0 || bytes_equal_nocase(a->rel, LIT("enclosure")) || a->type.len == 0 ||
           b->type.len == 0 || bytes_equal_nocase(a->type, b->type);
}

static void learn(struct bytes *known, struct bytes told)
{
    if (known->len == 0 || bytes_is(*known, "0"))
        *known = told.len > 0 ? told : *known;
}

/* RFC 2046 section 4.5.1: bytes of any kind. */
static bool tells_nothing(struct bytes type)
{
    return type.len == 0 || bytes_equal_nocase(type, LIT("application/octet-stream"));
}

/* One address is one file: what a later mention adds is learned of it. */
static bool learn_link(struct feed_link *known, const struct feed_link *link)
{
    if (!is_one_file(known, link))
        return false;
    if (tells_nothing(known->type))
        known->type = link->type.len > 0 ? link->type : known->type;
    learn(&known->title, link->title);
    learn(&known->hreflang, link->hreflang);
    learn(&known->length, link->length);
    return true;
}

void list_add_link(struct arena *arena, struct feed_links *list, const struct feed_link *link)
{
    if (list->count == FEED_LIST_LIMIT)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (learn_link(&list->at[i], link))
            return;
    if (list->count == list->cap)
        list->at = arena_grow(arena, list->at, &list->cap, sizeof(list->at[0]));
    list->at[list->count++] = *link;
}
