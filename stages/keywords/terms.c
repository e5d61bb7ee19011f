/* terms.c - candidates are runs of words that no small word, mark or line parts; a longer one takes
 * the place of those in it when it stands nearly as often. */
#include "terms.h"

#include <math.h>
#include <stdlib.h>

#include <unicode/uchar.h>

#include "base/arena.h"
#include "text/text.h"

enum {
    LIST_WORDS = 1024,
    SMALL_SLOTS = 8192,
    LONGEST = 3,       /* words of a term */
    LONGEST_SIGNS = 4, /* signs of one, where words have no blanks */
    LEAST_LETTERS = 3,
    TERM_BYTES = 80,
    BEST = 96,       /* candidates that are compared with each other */
    TEXT_LEAST = 20, /* words of a text that would repeat what its headline is about */
};

/* Weights, as YAKE has their like (Campos and others, 2020): a headline's words count three times,
 * the first words of a text twice those of its end, a capital within a sentence half more. */
#define TITLE_BONUS 3.0
#define CAPITAL_BONUS 1.5
#define NEARLY 0.6 /* of a word's occurrences in one longer term: then it is that term */

struct candidate {
    uint64_t key;  /* of its words' stems; 0: none */
    uint64_t last; /* key of its last word alone */
    struct bytes text;
    uint32_t count;
    uint8_t words;
    bool in_title, in_text, capital, is_signs;
    bool is_name;   /* all its words have a capital within a sentence */
    uint32_t first; /* place of its first occurrence, in words */
    double score;
};

struct terms {
    uint64_t small[SMALL_SLOTS];
    struct word words[TERM_WORDS];
    bool is_small[TERM_WORDS];
    struct candidate slots[TERM_SLOTS];
    uint16_t filled[TERM_SLOTS / 2]; /* slots in use */
    uint16_t ranked[TERM_SLOTS / 2]; /* those that weigh anything, the best first */
    size_t used;
    size_t text_words;      /* of the text itself */
    bool has_noun_capitals; /* German: there a capital tells nothing */
};

static const char *const lists[] = {
#define SMALL_WORDS(words_) words_,
#include "text/small_words.def"
#undef SMALL_WORDS
#define COMMON(words_) words_,
#include "common.def"
#undef COMMON
};

static size_t small_slot(const struct terms *t, uint64_t hash)
{
    size_t at = hash % SMALL_SLOTS;

    while (t->small[at] != 0 && t->small[at] != hash)
        at = (at + 1) % SMALL_SLOTS;
    return at;
}

struct terms *terms_new(void)
{
    struct terms *t = new_zeroed(sizeof(*t));

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct words words = {.at = t->words};

        words_read_into(bytes_of(lists[i]), LIST_WORDS, &words);
        for (size_t w = 0; w < words.count; w++)
            t->small[small_slot(t, words.at[w].hash)] = words.at[w].hash;
    }
    return t;
}

void terms_free(struct terms *t)
{
    free(t);
}

static size_t letters_in(struct bytes text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        n += ((unsigned char)text.ptr[i] & 0xC0) != 0x80 ? 1 : 0;
    return n;
}

static bool is_capitals(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 'A' || text.ptr[i] > 'Z')
            return false;
    return text.len >= 2;
}

/* Han and katakana bear meaning; hiragana, and scripts whose words cannot be told apart, do not. */
static bool is_meaning(struct bytes sign)
{
    size_t i = 0;
    UChar32 c = (UChar32)text_next(sign, &i);

    return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) || (c >= 0x30A1 && c <= 0x30FC);
}

static bool is_small(const struct terms *t, struct bytes text, const struct word *word)
{
    struct bytes own = bytes_slice(text, word->at, word->len);

    if (word->kind == WORD_SIGN)
        return !is_meaning(own);
    if (word->kind == WORD_NUMBER)
        return true;
    if (is_capitals(own))
        return false;
    return letters_in(own) < LEAST_LETTERS || t->small[small_slot(t, word->hash)] != 0;
}

static bool is_joined(struct bytes text, const struct word *a, const struct word *b)
{
    struct bytes gap = bytes_slice(text, a->at + a->len, b->at - a->at - a->len);

    if (b->kind == WORD_SIGN || a->kind == WORD_SIGN)
        return gap.len == 0 && a->kind == b->kind;
    return bytes_is(gap, " ") || bytes_is(gap, "-") || bytes_is(gap, "\xc2\xa0");
}

/* "New" of New York. */
static bool is_part_of_name(struct bytes text, const struct word *word, bool has_next)
{
    return has_next && word->kind == WORD_LETTERS && word->capital && !word->opens &&
           word[1].capital && word->len >= LEAST_LETTERS && is_joined(text, word, &word[1]);
}

static struct candidate *slot_of(struct terms *t, uint64_t key)
{
    size_t at = key % TERM_SLOTS;

    while (t->slots[at].key != 0 && t->slots[at].key != key)
        at = (at + 1) % TERM_SLOTS;
    return &t->slots[at];
}

static bool is_name_word(const struct terms *t, const struct word *word)
{
    return word->capital && !t->has_noun_capitals;
}

static bool is_name(const struct terms *t, const struct word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_name_word(t, &words[i]))
            return false;
    return true;
}

static uint64_t key_with(uint64_t key, const struct word *word)
{
    return key * 0x9E3779B97F4A7C15ULL + (word->kind == WORD_SIGN ? word->hash : word->stem);
}

static void count(struct terms *t, struct bytes text, size_t first, size_t words, bool in_title)
{
    const struct word *w = &t->words[first];
    const struct word *last = w + words - 1;
    uint64_t key = words;
    struct candidate *c;
    size_t len = last->at + last->len - w->at;

    for (size_t i = 0; i < words; i++)
        key = key_with(key, &w[i]);
    key += key == 0 ? 1 : 0;
    c = slot_of(t, key);
    if (c->key == 0) {
        if (t->used >= TERM_SLOTS / 2 || len > TERM_BYTES)
            return;
        t->filled[t->used++] = (uint16_t)(c - t->slots);
        *c = (struct candidate){.key = key,
            .last = key_with(1, last),
            .words = (uint8_t)words,
            .text = bytes_slice(text, w->at, len),
            .is_signs = w->kind == WORD_SIGN,
            .first = in_title ? 0 : (uint32_t)first};
    }
    /* In a text words are written as they are; a headline may have capitals throughout. */
    if (c->count == 1 && c->in_title && !in_title)
        c->text = bytes_slice(text, w->at, len);
    c->count++;
    c->in_title |= in_title;
    c->in_text |= !in_title;
    c->capital |= !in_title && !w->opens && is_name_word(t, w);
    c->is_name |= !in_title && !w->opens && is_name(t, w, words);
}

static void read_words(struct terms *t, struct bytes text, bool in_title)
{
    struct words words = {.at = t->words};

    words_read_into(text, TERM_WORDS, &words);
    t->text_words = in_title ? 0 : words.count;
    for (size_t i = 0; i < words.count; i++)
        t->is_small[i] = is_small(t, text, &t->words[i]) &&
                         (in_title || !is_part_of_name(text, &t->words[i], i + 1 < words.count));
    for (size_t i = 0; i < words.count; i++) {
        size_t most = t->words[i].kind == WORD_SIGN ? LONGEST_SIGNS : LONGEST;

        for (size_t n = 0; n < most && i + n < words.count && !t->is_small[i + n]; n++) {
            if (n > 0 && !is_joined(text, &t->words[i + n - 1], &t->words[i + n]))
                break;
            if (n > 0 || t->words[i].kind != WORD_SIGN)
                count(t, text, i, n + 1, in_title);
        }
    }
}

/* Whether it is only the headline's: mostly its verb, when the text has been read. */
static bool is_headline_s(const struct terms *t, const struct candidate *c)
{
    return c->in_title && !c->in_text && t->text_words >= TEXT_LEAST;
}

static void weigh(const struct terms *t, struct candidate *c)
{
    double early = 1 + 1 / (1 + c->first / 50.0);

    /* What stands once is by chance, but for names and the words of the headline. */
    if (is_headline_s(t, c) || (c->count < 2 && !c->is_name && (c->words > 1 || !c->in_title))) {
        c->score = 0;
        return;
    }
    c->score = (double)c->count * early * (1 + .4 * (c->words - 1));
    c->score *= (c->in_title ? TITLE_BONUS : 1) * (c->capital ? CAPITAL_BONUS : 1);
}

/* "Viktor Orel", and only "Orel" from then on: that is he. */
static void join_names(struct terms *t)
{
    for (size_t i = 0; i < t->used; i++) {
        struct candidate *name = &t->slots[t->filled[i]];
        struct candidate *last = slot_of(t, name->last);

        if (name->words < 2 || !name->is_name || last->key == 0 || !last->is_name ||
            last->count <= name->count)
            continue;
        name->count = last->count;
        name->in_title |= last->in_title;
    }
}

static int by_score(const void *a, const void *b, void *ctx)
{
    const struct terms *t = ctx;
    const struct candidate *x = &t->slots[*(const uint16_t *)a];
    const struct candidate *y = &t->slots[*(const uint16_t *)b];

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->words != y->words ? (x->words > y->words ? -1 : 1) : 0;
}

/* The best candidates in order, at most BEST. */
static size_t rank(struct terms *t, const struct candidate *best[BEST])
{
    size_t n = 0;

    for (size_t i = 0; i < t->used; i++) {
        struct candidate *c = &t->slots[t->filled[i]];

        weigh(t, c);
        if (c->score > 0)
            t->ranked[n++] = t->filled[i];
    }
    qsort_r(t->ranked, n, sizeof(t->ranked[0]), by_score, t);
    n = n < BEST ? n : BEST;
    for (size_t i = 0; i < n; i++)
        best[i] = &t->slots[t->ranked[i]];
    return n;
}

static bool holds(struct bytes text, struct bytes part)
{
    return part.len < text.len && bytes_find_nocase(text, part) != SIZE_MAX;
}

/* A word nearly always seen within a longer term, or a term around one that was taken. */
static bool is_covered(const struct candidate *c, const struct candidate *const *best, size_t n,
    const bool *taken, size_t at)
{
    for (size_t i = 0; i < n; i++) {
        const struct candidate *o = best[i];

        if (i != at && o->words > c->words && holds(o->text, c->text) &&
            (double)o->count >= NEARLY * (double)c->count)
            return true;
        if (i < at && taken[i] && o->words < c->words && holds(c->text, o->text) &&
            (double)c->count < NEARLY * (double)o->count)
            return true;
    }
    return false;
}

size_t terms_find(struct terms *t, struct bytes title, struct bytes text, struct bytes language,
    size_t most, struct term ret_terms[TERMS])
{
    const struct candidate *best[BEST];
    bool taken[BEST] = {false};
    size_t n, found = 0;
    double top = 1;

    for (size_t i = 0; i < t->used; i++)
        t->slots[t->filled[i]].key = 0;
    t->used = 0;
    t->has_noun_capitals =
        bytes_starts_nocase(language, LIT("de")) || bytes_starts_nocase(language, LIT("lb"));
    read_words(t, title, true);
    read_words(t, text, false);
    join_names(t);
    n = rank(t, best);
    for (size_t i = 0; i < n && found < most && found < TERMS; i++) {
        if (is_covered(best[i], best, n, taken, i))
            continue;
        taken[i] = true;
        top = found == 0 ? best[i]->score : top;
        ret_terms[found++] =
            (struct term){.text = best[i]->text, .weight = sqrt(best[i]->score / top)};
    }
    return found;
}
