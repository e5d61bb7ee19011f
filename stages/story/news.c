/* news.c - facts are names and numbers; a sentence is as new as its new facts are rare. */
#include "news.h"

#include <stdlib.h>

enum { KNOWN = STORY_COMPARED * SKETCH_TERMS };

static int by_key(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Keys of the facts of the sketch that no member has, with their weights. */
struct facts {
    uint32_t keys[SKETCH_TERMS];
    float weights[SKETCH_TERMS];
    size_t count;
};

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
    facts->count = 0;
    for (size_t i = 0; i < sketch->count; i++) {
        if ((info_places(sketch->info[i]) & (IN_NAME | IN_NUMBER)) == 0 ||
            bsearch(&sketch->keys[i], known, n, sizeof(known[0]), by_key) != NULL)
            continue;
        facts->keys[facts->count] = sketch->keys[i];
        facts->weights[facts->count++] = info_weight(sketch->info[i]);
    }
}

struct sentence {
    size_t start, end; /* bytes */
    float score;
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

/* A fact counts once a sentence; twice would be no more news. */
static float score_of(const struct facts *facts, const struct words *words, size_t from, size_t to)
{
    float score = 0;

    for (size_t f = 0; f < facts->count; f++)
        for (size_t i = from; i < to; i++)
            if (term_key(&words->at[i]) == facts->keys[f]) {
                score += facts->weights[f];
                break;
            }
    return score;
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
    struct facts facts;
    size_t from = 0, count = 0;

    find_facts(archive, story, sketch, &facts);
    for (size_t i = 1; i <= words->count && facts.count > 0; i++) {
        struct sentence sentence;

        if (i < words->count && !words->at[i].opens)
            continue;
        sentence = (struct sentence){words->at[from].at,
            i < words->count ? words->at[i].at : text.len, score_of(&facts, words, from, i)};
        offer(best, &count, &sentence);
        from = i;
    }
    ret->count = count;
    for (size_t i = 0; i < count; i++)
        ret->sentences[i] = cut(text, &best[i]);
}
