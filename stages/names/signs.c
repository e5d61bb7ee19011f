/* signs.c - names among signs that no blanks part: Chinese, Japanese, Thai. */
#include "uncased.h"

enum {
    ORG_SIGNS = 14,    /* of an organisation's name before what ends it */
    SOUNDS = 8,        /* of a part of a foreign name in Chinese */
    FAMILY = 5,        /* of a Japanese name */
    PLACE_SIGNS = 4,   /* before "city" */
    SURNAME_SIGNS = 16 /* of a Thai surname; the longest there are have some twenty */
};

static bool is_thai(uint32_t c)
{
    return c >= 0x0E00 && c < 0x0E80;
}

static bool is_hiragana(uint32_t c)
{
    return c >= 0x3041 && c < 0x30A0;
}

static bool is_katakana(uint32_t c)
{
    return c >= 0x30A1 && c < 0x3100;
}

/* What is being read: signs first to end; opens: no part of a name can stand before at. */
struct run {
    const struct uncased *u;
    struct finder *f;
    size_t at, end;
    bool opens, is_japanese;
};

static bool has_dot(const struct run *r, size_t word)
{
    return word < r->end && finder_gap(r->f, word).len > 0;
}

static uint32_t class_at(const struct run *r, size_t word)
{
    uint32_t class;

    phrase_at(r->u, r->f, word, r->end, &class);
    return class;
}

static void add(struct run *r, size_t first, size_t end, enum name_kind kind)
{
    finder_add(r->f, first, end, kind, false);
    r->at = end;
    r->opens = true;
}

/* Where the organisation that begins at first ends; first when there is none. */
static size_t organisation_end(const struct run *r, size_t first)
{
    size_t best = first;

    for (size_t i = first; i < r->end && i - best <= ORG_SIGNS;) {
        uint32_t class;
        size_t count = phrase_at(r->u, r->f, i, r->end, &class);

        if ((class & PH_ORG_TAIL) != 0) {
            best = i > first ? i + count : best;
            i += count;
            continue;
        }
        if ((class & PHRASE_END) != 0 || is_hiragana(word_first(r->f, i)))
            break;
        i += (class & (PH_PLACE | PH_HOUSE)) != 0 ? count : 1;
    }
    return best;
}

/* ---- Chinese ------------------------------------------------------------------- */

/* Signs from first on that foreign names are written with, and the dots between. */
static size_t sounds_end(const struct run *r, size_t first)
{
    size_t end = first;
    size_t part = 0;

    while (end < r->end && (phrase_of(r->u, r->f, end, 1) & PH_SOUND) != 0) {
        uint32_t class;
        size_t count;

        part = has_dot(r, end) ? 0 : part + 1;
        count = phrase_at(r->u, r->f, end, r->end, &class);
        if (part > SOUNDS || (end > first && count > 1 && (class & PHRASE_END) != 0))
            break;
        end++;
    }
    return end;
}

static bool is_surname(const struct run *r, size_t first, size_t *ret_count)
{
    for (size_t count = 2; count > 0; count--)
        if (first + count < r->end && (phrase_of(r->u, r->f, first, count) & PH_SURNAME) != 0) {
            *ret_count = count;
            return true;
        }
    return false;
}

/* A Chinese name of one or two signs behind its surname, as far as no other word begins there. */
static size_t family_end(const struct run *r, size_t first)
{
    size_t surname;
    size_t end;
    uint32_t class;

    if (phrase_at(r->u, r->f, first, r->end, &class) > 1 && (class & PHRASE_END) != 0)
        return first;
    if (!is_surname(r, first, &surname))
        return first;
    end = first + surname;
    for (size_t given = 0; given < 2 && end < r->end && finder_gap(r->f, end).len == 0; given++) {
        if ((class_at(r, end) & (PHRASE_END | PH_PLACE | PH_ORG_TAIL)) != 0)
            break;
        end++;
    }
    return end > first + surname ? end : first;
}

/* Whom a title that ends before first names. */
static size_t titled_end(const struct run *r, size_t first)
{
    size_t sounds = sounds_end(r, first);
    size_t family = family_end(r, first);

    if (sounds > first + 1 && (sounds > family || family == first))
        return sounds;
    return family;
}

/* Behind the dot of a foreign name, which names of its own kind have alone; first: there is none.
 */
static size_t dotted_end(const struct run *r, size_t first)
{
    for (size_t i = first; i < r->end && i <= first + SOUNDS; i++) {
        if (i > first && has_dot(r, i))
            return sounds_end(r, i);
        if ((class_at(r, i) & PHRASE_END) != 0)
            break;
    }
    return first;
}

/* A name that what follows it shows: "said", "Mr"; or its own dot. */
static size_t followed_end(const struct run *r, size_t first)
{
    size_t sounds = sounds_end(r, first);
    size_t family = family_end(r, first);
    size_t dotted = dotted_end(r, first);

    if (dotted > first)
        return dotted;
    if (sounds > first + 1 && (class_at(r, sounds) & (PH_BEHIND | PH_SAID)) != 0)
        return sounds;
    for (size_t end = family; end > first + 1; end--)
        if (end < r->end && (class_at(r, end) & (PH_BEHIND | PH_SAID)) != 0)
            return end;
    return first;
}

static size_t city_end(const struct run *r, size_t first)
{
    for (size_t i = first; i < r->end && i <= first + PLACE_SIGNS; i++) {
        uint32_t class;
        size_t count = phrase_at(r->u, r->f, i, r->end, &class);

        if ((class & PH_PLACE_TAIL) != 0)
            return i > first + 1 ? i + count : first;
        if ((class & (PHRASE_END | PH_ORG_TAIL)) != 0 || is_hiragana(word_first(r->f, i)))
            break;
    }
    return first;
}

/* ---- Japanese ------------------------------------------------------------------ */

/* Signs of one script: the name before "Mr", "president". */
static size_t japanese_end(const struct run *r, size_t first)
{
    bool katakana = is_katakana(word_first(r->f, first));
    bool dotted = false;
    size_t end = first;

    if (is_hiragana(word_first(r->f, first)))
        return first;
    while (end < r->end && is_katakana(word_first(r->f, end)) == katakana &&
           !is_hiragana(word_first(r->f, end))) {
        uint32_t class = class_at(r, end);

        if (end > first && (class & (PH_BEHIND | PH_ORG_TAIL)) != 0 && !has_dot(r, end))
            break;
        dotted = dotted || (end > first && has_dot(r, end));
        end++;
    }
    if (end < r->end && (class_at(r, end) & PH_BEHIND) != 0 && end > first + 1 &&
        (katakana || end - first <= FAMILY))
        return end;
    return dotted && katakana ? end : first;
}

/* ---- both ---------------------------------------------------------------------- */

static bool read_place(struct run *r, size_t count)
{
    size_t end = r->at + count;
    uint32_t class;
    size_t tail = phrase_at(r->u, r->f, end, r->end, &class);

    if (tail > 0 && (class & PH_PLACE_TAIL) != 0)
        end += tail;
    add(r, r->at, end, NAME_PLACE);
    return true;
}

static size_t person_end(const struct run *r)
{
    return r->is_japanese ? japanese_end(r, r->at) : followed_end(r, r->at);
}

/* False: nothing begins here. */
static bool read_known(struct run *r, size_t count, uint32_t class)
{
    size_t end = organisation_end(r, r->at);

    if (end > r->at + 1 && (r->opens || (class & (PH_PLACE | PH_HOUSE)) != 0)) {
        add(r, r->at, end, NAME_ORGANISATION);
        return true;
    }
    if ((class & PH_HOUSE) != 0) {
        add(r, r->at, r->at + count, NAME_ORGANISATION);
        return true;
    }
    if ((class & PH_PLACE) != 0)
        return read_place(r, count);
    return false;
}

static bool read_title(struct run *r, size_t count, uint32_t class)
{
    size_t first = r->at + count;
    size_t end;

    if (r->is_japanese || (class & PH_TITLE) == 0)
        return false;
    end = titled_end(r, first);
    r->at = first;
    r->opens = true;
    if (end > first)
        add(r, first, end, NAME_PERSON);
    return true;
}

static bool read_guess(struct run *r)
{
    size_t end;

    if (!r->opens)
        return false;
    end = person_end(r);
    if (end > r->at) {
        add(r, r->at, end, NAME_PERSON);
        return true;
    }
    end = city_end(r, r->at);
    if (end > r->at)
        add(r, r->at, end, NAME_PLACE);
    return end > r->at;
}

static void skip(struct run *r, size_t count, uint32_t class)
{
    bool hiragana = is_hiragana(word_first(r->f, r->at));
    bool katakana = is_katakana(word_first(r->f, r->at));

    r->at += count > 0 && (class & PHRASE_END) != 0 ? count : 1;
    r->opens = (class & PHRASE_END) != 0 || has_dot(r, r->at) ||
               (r->is_japanese && (hiragana || is_katakana(word_first(r->f, r->at)) != katakana));
}

/* ---- Thai ---------------------------------------------------------------------- */

/* The rest of a phrase up to a word that is in no name. */
static size_t thai_end(const struct run *r, size_t first)
{
    size_t end = first;

    while (end < r->end && (class_at(r, end) & (PH_STOP | PH_SAID)) == 0)
        end++;
    return end;
}

/* The surname stands behind a blank. */
static size_t surname_end(const struct run *r, size_t end)
{
    size_t last = end;

    if (end != r->end || end >= r->f->word_count || !bytes_is(finder_gap(r->f, end), " "))
        return end;
    while (last < r->f->word_count && is_thai(word_first(r->f, last)) &&
           (last == end || finder_gap(r->f, last).len == 0)) {
        uint32_t class;

        phrase_at(r->u, r->f, last, r->f->word_count, &class);
        if ((class & (PH_STOP | PH_SAID)) != 0)
            break;
        last++;
    }
    return last - end <= SURNAME_SIGNS ? last : end;
}

static void read_thai(struct run *r)
{
    uint32_t class;
    size_t count = phrase_at(r->u, r->f, r->at, r->end, &class);
    size_t first = r->at + count;

    if ((class & PH_HOUSE) != 0) {
        add(r, r->at, first, NAME_ORGANISATION);
    } else if ((class & PH_PLACE) != 0) {
        add(r, r->at, first, NAME_PLACE);
    } else if (r->opens && (class & PH_TITLE) != 0) {
        while ((class_at(r, first) & PH_TITLE) != 0)
            first += phrase_at(r->u, r->f, first, r->end, &class);
        add(r, first, surname_end(r, thai_end(r, first)), NAME_PERSON);
    } else if (r->opens && (class & PH_ORG_HEAD) != 0) {
        add(r, r->at, thai_end(r, first), NAME_ORGANISATION);
    } else if ((class & PH_PLACE_HEAD) != 0) {
        add(r, first, thai_end(r, first), NAME_PLACE);
    } else {
        r->opens = (class & (PH_STOP | PH_SAID)) != 0;
        r->at += count > 0 && r->opens ? count : 1;
    }
}

void signs_read(
    const struct uncased *u, struct finder *f, size_t first, size_t end, bool is_japanese)
{
    struct run r = {
        .u = u, .f = f, .at = first, .end = end, .opens = true, .is_japanese = is_japanese};

    while (r.at < end) {
        uint32_t class;
        size_t count;

        if (is_thai(word_first(f, r.at))) {
            read_thai(&r);
            continue;
        }
        count = phrase_at(u, f, r.at, end, &class);
        if (!read_known(&r, count, class) && !read_title(&r, count, class) && !read_guess(&r))
            skip(&r, count, class);
    }
}
