/* describe.c - the words, names, numbers and headline words that are kept of an article. */
#include "private.h"

static const struct frequency *frequency_of(const struct memory *memory, enum set set)
{
    return set == NAMES ? &memory->names : &memory->words;
}

float term_rarity(const struct memory *memory, enum set set, uint16_t term)
{
    return set == TITLE ? 1.0F : frequency_rarity(frequency_of(memory, set), term);
}

static void clear_terms(struct scratch *s)
{
    for (enum set set = 0; set < SETS; set++)
        for (size_t i = 0; i < s->article.counts[set]; i++)
            s->has[set][terms_of(&s->article, set)[i]] = false;
}

unsigned word_level(uint16_t term)
{
    unsigned level = term == 0 ? 16U : (unsigned)__builtin_clz(term) - 16;

    return level < SKETCH_LEVELS ? level : SKETCH_LEVELS - 1;
}

/* As many leading zero bits as it takes for SKETCH_WORDS, as with runs. */
static size_t sample_words(struct scratch *s, const struct sketch_set *given, uint16_t *ret_terms)
{
    size_t counts[SKETCH_LEVELS] = {0};
    unsigned level = 0;
    size_t kept = 0;

    for (size_t i = 0; i < given->count; i++)
        for (unsigned l = 0; l <= word_level(given->at[i]); l++)
            counts[l]++;
    while (level < SKETCH_LEVELS - 1 && counts[level] > SKETCH_WORDS)
        level++;
    for (size_t i = 0; i < given->count && kept < SKETCH_WORDS; i++)
        if (word_level(given->at[i]) >= level)
            ret_terms[kept++] = given->at[i];
    s->article.words_level = (uint8_t)level;
    return kept;
}

static void keep_set(struct memory *memory, enum set set, const struct sketch_set *given)
{
    struct scratch *s = &memory->new;
    uint16_t *terms = terms_of(&s->article, set);

    s->article.counts[set] = (uint8_t)(set == WORDS ? sample_words(s, given, terms)
                                                    : frequency_rarest(frequency_of(memory, set),
                                                          given, room_of[set], terms));
    for (size_t i = 0; i < s->article.counts[set]; i++)
        s->has[set][terms[i]] = true;
}

void describe_sums(struct memory *memory)
{
    struct scratch *s = &memory->new;

    for (enum set set = NAMES; set < SETS; set++) {
        const uint16_t *terms = terms_of(&s->article, set);

        s->sums[set] = 0;
        for (size_t i = 0; i < s->article.counts[set]; i++)
            s->sums[set] += term_rarity(memory, set, terms[i]);
    }
}

void describe(struct memory *memory, const struct arrival *arrival)
{
    struct scratch *s = &memory->new;
    const struct sketch *sketch = arrival->sketch;

    clear_terms(s);
    s->article = (struct article){.whole = sketch->whole,
        .page = arrival->page,
        .seen = arrival->seen,
        .words = (uint32_t)sketch->words,
        .runs = (uint8_t)sketch->shingle_count,
        .level = (uint8_t)sketch->level,
        .terms = s->terms};
    keep_set(memory, WORDS, &sketch->distinct);
    keep_set(memory, NAMES, &sketch->names);
    keep_set(memory, NUMBERS, &sketch->numbers);
    keep_set(memory, TITLE, &sketch->title);
}
