/* entity.c - mentions of one name are counted together, surnames with the whole name. */
#include "entity.h"

#include <stdlib.h>

/* Without what says no more than that it is a company: "Northwind Ltd" is "Northwind". */
static uint64_t whole_of(const struct finder *f, const struct mention *m)
{
    uint64_t hash = 0;
    size_t count = m->count;

    if (count > 1 && (f->classes[m->first + count - 1] & (ORG | ORG_END)) == ORG_END)
        count--;
    for (size_t i = 0; i < count; i++)
        hash = hash * 0x9E3779B97F4A7C15ULL + f->words[m->first + i].hash;
    return hash;
}

static enum name_kind kind_of(const struct entity *e)
{
    enum name_kind best = NAME_OTHER;

    for (int k = 1; k < NAME_KINDS; k++)
        if (e->kinds[k] > e->kinds[best])
            best = (enum name_kind)k;
    return best;
}

static struct entity *find_whole(struct entities *all, uint64_t whole)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].whole == whole)
            return &all->at[i];
    return NULL;
}

/* "Lund" of Ana Lund, "Northwind" of Northwind Ltd. */
static struct entity *find_part(struct entities *all, uint64_t word, bool may_be_place)
{
    for (size_t i = all->count; i > 0; i--) {
        struct entity *e = &all->at[i - 1];
        enum name_kind kind = kind_of(e);

        if (e->words > 1 && ((kind == NAME_PERSON && e->last == word && !may_be_place) ||
                                (kind == NAME_ORGANISATION && e->first == word && !may_be_place)))
            return e;
    }
    return NULL;
}

static void count(struct entity *e, const struct mention *m)
{
    e->count++;
    e->kinds[m->kind] += m->weight;
}

static void add(struct entities *all, const struct finder *f, const struct mention *m)
{
    uint64_t whole = whole_of(f, m);
    struct entity *e = find_whole(all, whole);

    if (e == NULL && all->count < ENTITIES) {
        e = &all->at[all->count++];
        *e = (struct entity){.name = bytes_slice(f->text, m->at, m->len),
            .whole = whole,
            .first = f->words[m->first].hash,
            .last = f->words[m->first + m->count - 1].hash,
            .words = m->count,
            .word = m->first};
    }
    if (e == NULL)
        return;
    count(e, m);
    /* The longer name is the whole one; "BERGEN" of a dateline is Bergen. */
    if (m->len > e->name.len || finder_is_capitals(f, e->word)) {
        e->name = bytes_slice(f->text, m->at, m->len);
        e->word = m->first;
    }
}

static bool is_sure_place(const struct finder *f, const struct mention *m)
{
    return m->kind == NAME_PLACE && m->weight >= 3 && (f->classes[m->first] & PLACE) != 0;
}

static int by_count(const void *a, const void *b)
{
    const struct entity *x = a;
    const struct entity *y = b;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->name.ptr < y->name.ptr ? -1 : x->name.ptr > y->name.ptr ? 1 : 0;
}

/* Names of several words first, then single ones that are sure, then those that are names only if
 * another is. */
void entities_collect(const struct finder *f, struct entities *ret_entities)
{
    struct entities *all = ret_entities;

    all->count = 0;
    for (size_t i = 0; i < f->mention_count; i++)
        if (f->mentions[i].count > 1)
            add(all, f, &f->mentions[i]);
    for (int weak = 0; weak < 2; weak++)
        for (size_t i = 0; i < f->mention_count; i++) {
            const struct mention *m = &f->mentions[i];
            struct entity *e;

            if (m->count > 1 || m->weak != (weak == 1))
                continue;
            e = find_part(all, f->words[m->first].hash, is_sure_place(f, m));
            if (e != NULL)
                e->count++;
            else if (!m->weak)
                add(all, f, m);
            else if ((e = find_whole(all, whole_of(f, m))) != NULL)
                count(e, m);
        }
    for (size_t i = 0; i < all->count; i++)
        all->at[i].kind = kind_of(&all->at[i]);
    qsort(all->at, all->count, sizeof(all->at[0]), by_count);
}
