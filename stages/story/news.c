/* news.c - facts are names and numbers; a sentence is as new as its new facts are rare. */
#include "news.h"

/* Keys of the facts of the sketch that no member has, with their weights. */
struct facts {
    uint32_t keys[SKETCH_TERMS];
    float weights[SKETCH_TERMS];
    struct probe probe;
    size_t count;
};

static void find_facts(
    const struct archive *archive, uint32_t story, const struct sketch *sketch, struct facts *facts)
{
    const struct article *members[STORY_COMPARED];
    size_t count = archive_members(archive, story, members);
    bool known[SKETCH_TERMS] = {false};
    struct probe probe;

    probe_set(&probe, sketch->keys, sketch->count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < members[i]->sketch.count; k++) {
            size_t at = probe_find(&probe, members[i]->sketch.keys[k]);

            if (at != SIZE_MAX)
                known[at] = true;
        }
    facts->count = 0;
    for (size_t i = 0; i < sketch->count; i++) {
        if ((info_places(sketch->info[i]) & (IN_NAME | IN_NUMBER)) == 0 || known[i])
            continue;
        facts->keys[facts->count] = sketch->keys[i];
        facts->weights[facts->count++] = info_weight(sketch->info[i]);
    }
    probe_set(&facts->probe, facts->keys, facts->count);
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

/* A fact counts once a sentence; twice would be no more news. */
static void count_word(
    const struct facts *facts, const struct word *word, struct sentence *sentence)
{
    size_t fact = probe_find(&facts->probe, term_key(word));
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
