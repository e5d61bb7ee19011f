/* news.c - facts are names and numbers; a sentence is as new as its new facts are rare. */
#include "news.h"

#include <stdlib.h>

enum { KNOWN = STORY_COMPARED * SKETCH_TERMS, SLOTS = 256 };

static int by_key(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Keys of the facts of the sketch that no member has, with their weights. */
struct facts {
    uint32_t keys[SKETCH_TERMS];
    float weights[SKETCH_TERMS];
    uint8_t first[SLOTS]; /* by the rest of a key: place of a fact + 1, or 0 */
    uint8_t next[SKETCH_TERMS];
    size_t count;
};

static void add_fact(struct facts *facts, uint32_t key, float weight)
{
    uint8_t *first = &facts->first[key % SLOTS];

    facts->keys[facts->count] = key;
    facts->weights[facts->count] = weight;
    facts->next[facts->count] = *first;
    *first = (uint8_t)++facts->count;
}

static void find_facts(
    const struct archive *archive, uint32_t story, const struct sketch *sketch, struct facts *facts)
{
    const struct article *members[STORY_COMPARED];
    size_t count = archive_members(archive, story, members), n = 0;
    uint32_t known[KNOWN];

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < members[i]->sketch.count; k++)
            known[n++] = members[i]->sketch.keys[k];
    qsort(known, n, sizeof(known[0]), by_key);
    *facts = (struct facts){.count = 0};
    for (size_t i = 0; i < sketch->count; i++) {
        if ((info_places(sketch->info[i]) & (IN_NAME | IN_NUMBER)) == 0 ||
            bsearch(&sketch->keys[i], known, n, sizeof(known[0]), by_key) != NULL)
            continue;
        add_fact(facts, sketch->keys[i], info_weight(sketch->info[i]));
    }
}

struct sentence {
    size_t start, end; /* bytes */
    float score;
    uint64_t said[2]; /* facts: bits */
};

/* Keep the best, in the order of the text. */
static void offer(struct sentence *best, size_t *count, const struct sentence *sentence)
{
    size_t least = 0;

    if (sentence->score <= 0)
        return;
    if (*count < NEWS_SENTENCES) {
        best[(*count)++] = *sentence;
        return;
    }
    for (size_t i = 1; i < *count; i++)
        if (best[i].score < best[least].score)
            least = i;
    if (best[least].score >= sentence->score)
        return;
    for (size_t i = least; i + 1 < *count; i++)
        best[i] = best[i + 1];
    best[*count - 1] = *sentence;
}

static size_t find_fact(const struct facts *facts, uint32_t key)
{
    for (uint8_t at = facts->first[key % SLOTS]; at != 0; at = facts->next[at - 1])
        if (facts->keys[at - 1] == key)
            return at - 1U;
    return SIZE_MAX;
}

/* A fact counts once a sentence; twice would be no more news. */
static void count_word(
    const struct facts *facts, const struct word *word, struct sentence *sentence)
{
    size_t fact = find_fact(facts, term_key(word));
    uint64_t bit = (uint64_t)1 << (fact % 64);

    if (fact == SIZE_MAX || (sentence->said[fact / 64] & bit) != 0)
        return;
    sentence->said[fact / 64] |= bit;
    sentence->score += facts->weights[fact];
}

/* A sentence is whole: its full stop lies between its last word and the next one's beginning. */
static struct bytes cut(struct bytes text, const struct sentence *sentence)
{
    struct bytes all = bytes_slice(text, sentence->start, sentence->end - sentence->start);

    return bytes_trim(bytes_clip(bytes_trim(all), NEWS_SENTENCE));
}

void news_find(const struct archive *archive, uint32_t story, const struct sketch *sketch,
    const struct words *words, struct bytes text, struct news *ret)
{
    struct sentence best[NEWS_SENTENCES];
    struct sentence sentence = {.start = 0};
    struct facts facts;
    size_t count = 0;

    find_facts(archive, story, sketch, &facts);
    for (size_t i = 0; i < words->count && facts.count > 0; i++) {
        if (i > 0 && words->at[i].opens) {
            sentence.end = words->at[i].at;
            offer(best, &count, &sentence);
            sentence = (struct sentence){.start = words->at[i].at};
        }
        count_word(&facts, &words->at[i], &sentence);
    }
    sentence.end = text.len;
    offer(best, &count, &sentence);
    ret->count = count;
    for (size_t i = 0; i < count; i++)
        ret->sentences[i] = cut(text, &best[i]);
}
