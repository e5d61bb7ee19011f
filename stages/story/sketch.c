/* sketch.c - every different word of an article is a cell; the telling ones are kept. */
#include "sketch.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

enum { CELLS = 8192 }; /* over twice the words that are read */

struct cell {
    uint64_t term;
    uint16_t count, inner, lower, caps; /* in the body; with a capital inside a sentence, ... */
    uint8_t places;
    uint8_t used;
    uint8_t kind;
    float idf;
};

struct sketcher {
    struct words words, title, address;
    struct cell cells[CELLS];
    uint16_t used[CELLS]; /* places of the cells that are used, in the order they came */
    size_t count;
    float weights[CELLS];
    uint32_t keys[SKETCH_TERMS];
    uint16_t info[SKETCH_TERMS];
};

struct sketcher *sketcher_new(void)
{
    struct sketcher *s = new_zeroed(sizeof(*s));

    s->words.at = new_zeroed(SKETCH_WORDS * sizeof(struct word));
    s->title.at = new_zeroed(SKETCH_TITLE * sizeof(struct word));
    s->address.at = new_zeroed(SKETCH_TITLE * sizeof(struct word));
    return s;
}

void sketcher_free(struct sketcher *s)
{
    if (s == NULL)
        return;
    free(s->words.at);
    free(s->title.at);
    free(s->address.at);
    free(s);
}

const struct words *sketch_words(const struct sketcher *sketcher)
{
    return &sketcher->words;
}

/* Numbers and words never meet: a number's digits are all of it. */
static uint64_t term_of(const struct word *word)
{
    return word->kind == WORD_NUMBER ? word->hash ^ 0x9E3779B97F4A7C15U : word->stem;
}

static uint32_t fold_key(uint64_t term)
{
    return (uint32_t)(term ^ (term >> 32));
}

uint32_t term_key(const struct word *word)
{
    return fold_key(term_of(word));
}

/* One letter or digit says nothing; a sign of Han does. */
static bool says_something(const struct word *word)
{
    return word->kind == WORD_SIGN || word->len > 1;
}

static struct cell *cell_for(struct sketcher *s, const struct word *word)
{
    uint64_t term = term_of(word);
    size_t i = term & (CELLS - 1);

    while (s->cells[i].used && s->cells[i].term != term)
        i = (i + 1) & (CELLS - 1);
    if (!s->cells[i].used) {
        s->cells[i] = (struct cell){.term = term, .used = 1, .kind = word->kind};
        s->used[s->count++] = (uint16_t)i;
    }
    return &s->cells[i];
}

static void add_body(struct sketcher *s)
{
    for (size_t i = 0; i < s->words.count; i++) {
        const struct word *word = &s->words.at[i];
        struct cell *cell;

        if (!says_something(word))
            continue;
        cell = cell_for(s, word);
        cell->count++;
        cell->places |= IN_BODY | (i < SKETCH_LEAD ? IN_LEAD : 0);
        if (word->capital && !word->opens)
            cell->inner++;
        else if (word->capital)
            cell->caps++;
        else
            cell->lower++;
    }
}

static size_t add_place(struct sketcher *s, const struct words *words, uint8_t place)
{
    size_t telling = 0;

    for (size_t i = 0; i < words->count; i++) {
        const struct word *word = &words->at[i];

        if (!says_something(word) ||
            (place == IN_ADDRESS && (word->len < 3 || word->kind == WORD_NUMBER)))
            continue;
        cell_for(s, word)->places |= place;
        telling += word->kind != WORD_NUMBER && word->len > 2;
    }
    return telling;
}

/* The path, without the name of the host and what is asked for. */
static struct bytes path_of(struct bytes url)
{
    size_t start = bytes_find(url, LIT("//"));
    struct bytes rest = start == SIZE_MAX ? url : bytes_from(url, start + 2);
    struct bytes path;

    bytes_cut(&rest, '/');
    path = bytes_cut(&rest, '?');
    return bytes_clip(path, 300); /* longer than any headline */
}

/* A name is more often written with a capital inside of sentences than without one. Scripts
 * without case have no such names: there, what is said twice or in the headline stands in. */
static void find_names(struct sketcher *s)
{
    size_t capitals = 0;

    for (size_t i = 0; i < s->count; i++)
        capitals += s->cells[s->used[i]].inner + s->cells[s->used[i]].caps;
    for (size_t i = 0; i < s->count; i++) {
        struct cell *cell = &s->cells[s->used[i]];

        if (cell->kind == WORD_NUMBER)
            continue;
        if (capitals > 0 ? cell->inner > 0 && cell->lower <= cell->inner
                         : cell->count > 1 || (cell->places & IN_TITLE) != 0)
            cell->places |= IN_NAME;
    }
}

static void expect_all(const struct sketcher *s, const struct frequency *frequency)
{
    for (size_t i = 0; i < s->count; i++)
        frequency_expect(frequency, fold_key(s->cells[s->used[i]].term));
}

static void count_all(struct sketcher *s, struct frequency *frequency, uint8_t language)
{
    frequency_article(frequency, language);
    for (size_t i = 0; i < s->count; i++)
        frequency_add(frequency, fold_key(s->cells[s->used[i]].term));
}

/* Numbers are numbers and nothing else. */
static void weigh(struct sketcher *s, const struct frequency *frequency)
{
    for (size_t i = 0; i < s->count; i++) {
        struct cell *cell = &s->cells[s->used[i]];

        if (cell->kind == WORD_NUMBER)
            cell->places = IN_NUMBER;
        cell->idf = frequency_idf(frequency, fold_key(cell->term));
    }
}

size_t sketch_all_keys(const struct sketcher *s, uint32_t *ret_keys, size_t most)
{
    size_t count = s->count < most ? s->count : most;

    for (size_t i = 0; i < count; i++)
        ret_keys[i] = fold_key(s->cells[s->used[i]].term);
    return count;
}

static unsigned count_class(unsigned count)
{
    return count <= 1 ? 0 : count == 2 ? 1 : count <= 4 ? 2 : 3;
}

/* 1 + ln(count) of the middle of each class. */
static const float class_factor[4] = {1.0F, 1.69F, 2.2F, 3.0F};

static float cell_weight(const struct cell *cell, uint8_t place)
{
    float factor =
        place == IN_BODY || place == IN_NAME ? class_factor[count_class(cell->count)] : 1;

    return cell->idf * factor;
}

/* The weight of the one that has most heavier ones before it (Hoare's selection). */
static float nth_weight(float *weights, size_t count, size_t most)
{
    size_t low = 0, high = count;

    while (high - low > 1) {
        float middle = weights[low + (high - low) / 2];
        size_t i = low, equal = low, end = high;

        while (equal < end) {
            float w = weights[equal];

            if (w > middle) {
                weights[equal++] = weights[i];
                weights[i++] = w;
            } else if (w < middle) {
                weights[equal] = weights[--end];
                weights[end] = w;
            } else
                equal++;
        }
        if (most >= i && most < end)
            return middle;
        low = most < i ? low : end;
        high = most < i ? i : high;
    }
    return weights[low];
}

/* Leave place to the heaviest most of its cells; of those that weigh as much, to the first. */
static void keep_heaviest(struct sketcher *s, uint8_t place, size_t most)
{
    float limit;
    size_t count = 0, heavier = 0;

    for (size_t i = 0; i < s->count; i++)
        if ((s->cells[s->used[i]].places & place) != 0)
            s->weights[count++] = cell_weight(&s->cells[s->used[i]], place);
    if (count <= most)
        return;
    limit = nth_weight(s->weights, count, most);
    for (size_t i = 0; i < count; i++)
        heavier += s->weights[i] > limit;
    for (size_t i = 0; i < s->count; i++) {
        struct cell *cell = &s->cells[s->used[i]];
        float weight = cell_weight(cell, place);

        if ((cell->places & place) == 0 || weight > limit)
            continue;
        if (weight < limit || heavier >= most)
            cell->places &= (uint8_t)~place;
        else
            heavier++;
    }
}

struct kept {
    uint32_t key;
    uint16_t info;
    float weight;
};

static int by_key(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    return (x->key > y->key) - (x->key < y->key);
}

static int kept_by_weight(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return by_key(a, b);
}

static void write_terms(struct sketcher *s, struct sketch *sketch)
{
    static const uint16_t most[] = {
        MOST_BODY, MOST_TITLE, MOST_ADDRESS, MOST_LEAD, MOST_NAMES, MOST_NUMBERS};
    enum { ALL = MOST_BODY + MOST_TITLE + MOST_ADDRESS + MOST_LEAD + MOST_NAMES + MOST_NUMBERS };
    struct kept kept[ALL];
    size_t count = 0;

    for (int place = 0; place < 6; place++)
        keep_heaviest(s, (uint8_t)(1U << place), most[place]);
    for (size_t i = 0; i < s->count; i++) {
        const struct cell *cell = &s->cells[s->used[i]];
        unsigned weight = (unsigned)(cell->idf * 20 + 0.5F);

        if (cell->places == 0)
            continue;
        kept[count++] = (struct kept){fold_key(cell->term),
            (uint16_t)((weight > 255 ? 255 : weight) << 8 | count_class(cell->count) << 6 |
                       cell->places),
            cell->idf};
    }
    if (count > SKETCH_TERMS) {
        qsort(kept, count, sizeof(kept[0]), kept_by_weight);
        count = SKETCH_TERMS;
    }
    qsort(kept, count, sizeof(kept[0]), by_key);
    for (size_t i = 0; i < count; i++) {
        s->keys[i] = kept[i].key;
        s->info[i] = kept[i].info;
    }
    sketch->count = (uint8_t)count;
}

static void clear(struct sketcher *s)
{
    for (size_t i = 0; i < s->count; i++)
        s->cells[s->used[i]].used = 0;
    s->count = 0;
}

void sketch_draw(struct sketcher *s, struct frequency *frequency,
    const struct sketch_source *source, bool counts, struct sketch *ret_sketch)
{
    uint8_t language = frequency_language(source->language);

    *ret_sketch = (struct sketch){.keys = s->keys, .info = s->info};
    clear(s);
    words_read_into(source->text, SKETCH_WORDS, &s->words);
    words_read_into(source->title, SKETCH_TITLE, &s->title);
    words_read_into(path_of(source->url), SKETCH_TITLE, &s->address);
    add_body(s);
    ret_sketch->headed = add_place(s, &s->title, IN_TITLE) >= 3;
    add_place(s, &s->address, IN_ADDRESS);
    expect_all(s, frequency);
    find_names(s);
    frequency_ask(frequency, language);
    if (counts)
        count_all(s, frequency, language);
    weigh(s, frequency);
    write_terms(s, ret_sketch);
    ret_sketch->words = (uint16_t)s->words.count;
    sketch_measure(ret_sketch);
}
