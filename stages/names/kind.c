/* kind.c - whether a name is a person's, an organisation's or a place's, by what it is made of and
 * what stands beside it. */
#include "find.h"

static bool has_class(const struct finder *f, const struct mention *m, uint32_t class)
{
    for (size_t i = m->first; i < m->first + m->count; i++)
        if ((f->classes[i] & class) != 0)
            return true;
    return false;
}

static uint32_t before(const struct finder *f, const struct mention *m)
{
    return m->first > 0 && bytes_is(finder_gap(f, m->first), " ") ? f->classes[m->first - 1] : 0;
}

/* The verb behind, also behind an apposition's comma. */
static bool speaks(const struct finder *f, const struct mention *m)
{
    size_t next = m->first + m->count;

    if ((before(f, m) & SAID) != 0)
        return true;
    return next < f->word_count && (f->classes[next] & SAID) != 0 && !f->words[next].capital &&
           finder_gap(f, next).len <= 2;
}

/* ", 41," */
static bool has_age(const struct finder *f, const struct mention *m)
{
    size_t next = m->first + m->count;

    return next < f->word_count && f->words[next].kind == WORD_NUMBER && f->words[next].len <= 2 &&
           bytes_is(finder_gap(f, next), ", ");
}

/* "perto de X", "mayor of X". */
static bool is_of_place(const struct finder *f, const struct mention *m)
{
    return m->count == 1 && m->first > 1 && (before(f, m) & PARTICLE) != 0 &&
           (f->classes[m->first - 2] & (IN | TITLE)) != 0;
}

/* "Boston Celtics": a team or a house of a place, unless the place is a given name. */
static bool begins_with_place(const struct finder *f, const struct mention *m)
{
    if ((f->classes[m->first] & (PLACE | GIVEN)) == PLACE)
        return true;
    return m->count > 2 && lexicon_known(f->lexicon, f->words + m->first, 2) == PLACE;
}

static enum name_kind kind_of(const struct finder *f, const struct mention *m, uint8_t *ret_weight)
{
    uint32_t left = before(f, m);
    uint32_t known = lexicon_known(f->lexicon, f->words + m->first, m->count);

    *ret_weight = 3;
    if (m->count == 1 && (left & TITLE) != 0)
        return NAME_PERSON;
    if ((known & SOMEONE) != 0)
        return NAME_PERSON;
    if (known != 0)
        return (known & PLACE) != 0 ? NAME_PLACE : NAME_ORGANISATION;
    if (m->count > 1 && has_class(f, m, PLACE_PART))
        return NAME_PLACE;
    if (m->count == 1 && finder_is_capitals(f, m->first))
        return NAME_ORGANISATION;
    if ((left & ORG_INTRO) != 0)
        return NAME_ORGANISATION;
    if ((left & PLACE_INTRO) != 0)
        return NAME_PLACE;
    if (has_age(f, m) || (left & TITLE) != 0)
        return NAME_PERSON;
    *ret_weight = 2;
    if (speaks(f, m))
        return NAME_PERSON;
    if (lexicon_is_town(f->lexicon, f->words + m->first, m->count))
        return NAME_PLACE;
    *ret_weight = 1;
    if ((left & IN) != 0 || (m->count == 1 && (left & TO) != 0) || is_of_place(f, m))
        return NAME_PLACE;
    if (m->count > 1 && (left & TO) != 0 && (f->classes[m->first] & PLACE_FIRST) != 0)
        return NAME_PLACE;
    if (m->count > 1 && begins_with_place(f, m))
        return NAME_ORGANISATION;
    return m->count > 1 ? NAME_PERSON : NAME_OTHER;
}

void kind_weigh(const struct finder *f, struct mention *m)
{
    if (m->kind == NAME_OTHER)
        m->kind = (uint8_t)kind_of(f, m, &m->weight);
}
