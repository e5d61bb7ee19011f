/* frequency.c - counts, and a selection by them. */
#include "frequency.h"

#include <math.h>

static void halve(struct frequency *frequency)
{
    for (size_t i = 0; i < SKETCH_TERMS; i++)
        frequency->at[i] /= 2;
    frequency->articles /= 2;
}

void frequency_add(struct frequency *frequency, const struct sketch_set *set)
{
    if (frequency->articles >= FREQUENCY_ARTICLES)
        halve(frequency);
    frequency->articles++;
    for (size_t i = 0; i < set->count; i++)
        frequency->at[set->at[i]]++;
}

float frequency_rarity(const struct frequency *frequency, uint16_t term)
{
    return logf((1.0F + (float)frequency->articles) / (1.0F + (float)frequency->at[term]));
}

/* Hoare's quickselect: after it the first most keys are the smallest. */
static void select_smallest(uint64_t *keys, size_t count, size_t most)
{
    size_t low = 0;
    size_t high = count - 1;

    while (low < high) {
        uint64_t pivot = keys[low + (high - low) / 2];
        size_t i = low;
        size_t j = high;

        while (i <= j) {
            while (keys[i] < pivot)
                i++;
            while (keys[j] > pivot)
                j--;
            if (i <= j) {
                uint64_t key = keys[i];

                keys[i++] = keys[j];
                keys[j] = key;
                if (j == 0)
                    break;
                j--;
            }
        }
        if (most <= j)
            high = j;
        else if (most >= i)
            low = i;
        else
            return;
    }
}

size_t frequency_rarest(const struct frequency *frequency, const struct sketch_set *set,
    size_t most, uint16_t *ret_terms)
{
    uint64_t keys[SKETCH_DISTINCT];
    size_t count = set->count < most ? set->count : most;

    for (size_t i = 0; i < set->count; i++)
        keys[i] = (uint64_t)frequency->at[set->at[i]] << 16 | set->at[i];
    if (set->count > most)
        select_smallest(keys, set->count, most);
    for (size_t i = 0; i < count; i++)
        ret_terms[i] = (uint16_t)keys[i];
    return count;
}
