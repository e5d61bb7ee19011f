/* compare.c - the features of a pair. */
#include <math.h>

#include "private.h"

static float part(double of, double all)
{
    return all <= 0 ? 0 : of >= all ? 1 : (float)(of / all);
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static void compare_runs(const struct memory *memory, const struct article *old,
    const struct mark *mark, struct pair *ret)
{
    const struct scratch *s = &memory->new;
    bool cold = is_cold(memory, mark->article);
    unsigned whole = old->level > s->article.level ? old->level : s->article.level;
    unsigned level = cold ? cold_level(whole) : whole;
    double weight = s->at_level[level];
    double other = old->weight_at[level];
    double count = s->article.at_level[level];
    double other_count = old->at_level[level];

    ret->at[PAIR_weighted] = part(mark->weight, smaller(weight, other));
    ret->at[PAIR_longer] = part(mark->weight, weight > other ? weight : other);
    ret->at[PAIR_shared] = part(mark->runs, smaller(count, other_count));
    ret->at[PAIR_jaccard] = part(mark->runs, count + other_count - mark->runs);
    ret->at[PAIR_runs] = (float)(log1p(mark->runs << (level - whole)) / 5);
}

/* Share of the set's rarity that both have, of the one with less or with more; smoothed by doubt,
 * so that two empty sets are half alike. */
static float compare_set(
    const struct memory *memory, const struct article *old, enum set set, float doubt, bool of_more)
{
    const struct scratch *s = &memory->new;
    const uint16_t *terms = terms_of(old, set);
    float both = 0;
    float all = 0;

    for (size_t i = 0; i < old->counts[set]; i++) {
        uint16_t term = terms[i];
        float value = term_rarity(memory, set, term);

        all += value;
        both += s->has[set][term] ? value : 0;
    }
    if ((all < s->sums[set]) == of_more)
        all = s->sums[set];
    return (both + doubt / 2) / (all + doubt);
}

/* Reports of a series have other figures in the same headline. */
static bool figures_differ(const struct memory *memory, const struct article *old)
{
    const struct article *new = &memory->new.article;
    size_t old_numbers = 0;
    size_t new_numbers = 0;

    for (size_t i = 0; i < new->counts[TITLE]; i++)
        new_numbers += sketch_is_number(terms_of(new, TITLE)[i]);
    for (size_t i = 0; i < old->counts[TITLE]; i++) {
        uint16_t term = terms_of(old, TITLE)[i];

        if (!sketch_is_number(term))
            continue;
        if (memory->new.has[TITLE][term])
            return false;
        old_numbers++;
    }
    return old_numbers > 0 && new_numbers > 0;
}

static float compare_words(const struct memory *memory, const struct article *old, float doubt)
{
    const struct scratch *s = &memory->new;
    const struct article *new = &s->article;
    unsigned level = old->words_level > new->words_level ? old->words_level : new->words_level;
    float both = 0;
    float all = 0;
    float mine = 0;

    for (size_t i = 0; i < old->counts[WORDS]; i++) {
        uint16_t term = old->terms[i];
        float value = word_level(term) < level ? 0 : term_rarity(memory, WORDS, term);

        all += value;
        both += s->has[WORDS][term] ? value : 0;
    }
    for (size_t i = 0; i < new->counts[WORDS]; i++)
        mine += word_level(new->terms[i]) < level ? 0 : term_rarity(memory, WORDS, new->terms[i]);
    return (both + doubt / 2) / ((float)smaller(all, mine) + doubt);
}

void compare(const struct memory *memory, const struct mark *mark, struct candidate *ret)
{
    const struct article *old = article_at(memory, mark->article);
    const struct article *new = &memory->new.article;
    double words = smaller(old->words, new->words);
    double most = old->words > new->words ? old->words : new->words;
    float *at = ret->pair.at;

    ret->article = mark->article;
    ret->words = old->words;
    ret->equal = old->whole == new->whole;
    compare_runs(memory, old, mark, &ret->pair);
    at[PAIR_names] = compare_set(memory, old, NAMES, 4, false);
    at[PAIR_numbers] = compare_set(memory, old, NUMBERS, 4, false);
    at[PAIR_words] = compare_words(memory, old, 4);
    at[PAIR_title] = compare_set(memory, old, TITLE, 1, false);
    at[PAIR_headline] = compare_set(memory, old, TITLE, 1, true);
    at[PAIR_length] = (float)(log1p(words) / 10);
    at[PAIR_balance] = part(words, most);
    at[PAIR_figures] = figures_differ(memory, old) ? 1 : 0;
    at[PAIR_known] = 1.0F / (1.0F + (float)smaller(old->counts[NUMBERS], new->counts[NUMBERS]));
}

const struct candidate *candidate_best(
    const struct candidate *candidates, size_t count, double *ret_probability)
{
    const struct candidate *best = NULL;

    for (size_t i = 0; i < count; i++) {
        double p = pair_probability(&candidates[i].pair);

        if (best == NULL || (candidates[i].equal && !best->equal) ||
            (candidates[i].equal == best->equal && p > *ret_probability)) {
            best = &candidates[i];
            *ret_probability = p;
        }
    }
    return best;
}
