/* threads.c - candidates by rare terms, judged by the model; the best one, or a new story.
 *
 * threads_place() draws the article's sketch, asks the postings of its telling terms which stories
 * spoke of them lately, lets evidence.c compare it with the best dozen, and the model judge. It
 * joins the one with the highest score over the threshold. A copy goes where its original is, and
 * is never compared. What was decided is written in three places: the article into the memory,
 * which makes it a member; its heaviest terms into the postings; and the story's sums.
 *
 * Everything is bounded: terms of a sketch, postings read of a term, candidates, members compared,
 * articles of a story. Time is the article's own where articles are compared; what is forgotten
 * goes by `now`, which is the middle of the last times told and only moves forward, so that one
 * wrong clock neither ages nor empties the memory. */
#include "redecide.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

/* A term that more than one article in twenty has leads to too many stories. */
static const float index_limit = 0.05F;
/* But in a stream that begins nothing is common yet, and in a large one the newest stories of a
 * term that hundreds have are any stories. */
enum { INDEX_LEAST = 20, INDEX_MOST = 400 };

/* Among few articles nobody knows which names are rare, and all reports of one town look like one
 * story: the first would need this score (a probability of .98), and that fades with the number of
 * articles at hand. With a warm-up of 200 precision on the demo's worlds of two dozen articles (12
 * that were not looked at before) rises from .45 to 1.00 and recall falls from 1.00 to .95; on the
 * stream bench F1 stays (.922, .923). */
static const float cold_score = 4;

struct threads *threads_new(const struct threads_options *options)
{
    struct threads *t = new_zeroed(sizeof(*t));

    t->archive = archive_new(options->articles, (int64_t)THREADS_DAYS * DAY, options->space);
    t->postings = postings_new();
    t->topics = topics_new(TOPICS, options->topics);
    t->frequency = frequency_new(options->age);
    t->sketcher = sketcher_new();
    t->model = options->model;
    t->warm_up = options->warm_up;
    frequency_begin(t->frequency, options->common);
    t->saves.begun = true;
    t->saves.entries.limit = ENTRIES_LIMIT;
    return t;
}

void threads_free(struct threads *t)
{
    if (t == NULL)
        return;
    archive_free(t->archive);
    postings_free(t->postings);
    topics_free(t->topics);
    frequency_free(t->frequency);
    sketcher_free(t->sketcher);
    buf_done(&t->saves.entries);
    free(t->saves.parts);
    free(t);
}

void threads_on_decision(struct threads *t, threads_decide *decide, void *ctx)
{
    t->decide = decide;
    t->ctx = ctx;
}

static const struct article *threads_article(const struct threads *t, struct bytes id)
{
    return archive_find(t->archive, hash64(id));
}

struct archive *threads_archive(struct threads *t)
{
    return t->archive;
}

size_t threads_bytes(const struct threads *t)
{
    return archive_bytes(t->archive) + postings_bytes(t->postings);
}

static int rising(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void tell_time(struct threads *t, int64_t time)
{
    int64_t sorted[CLOCKS];
    uint32_t count;

    t->clocks[t->told++ % CLOCKS] = time;
    count = t->told < CLOCKS ? t->told : CLOCKS;
    memcpy(sorted, t->clocks, sizeof(sorted));
    qsort(sorted, count, sizeof(sorted[0]), rising);
    if (sorted[(count - 1) / 2] > t->now)
        t->now = sorted[(count - 1) / 2];
}

void threads_forget(struct threads *t)
{
    int postings;

    while ((postings = archive_forget_one(t->archive, t->now)) >= 0)
        postings_forget(t->postings, (size_t)postings);
}

static bool leads_somewhere(const struct threads *t, uint16_t info)
{
    float articles = (float)frequency_articles(t->frequency);
    float limit = index_limit * articles;

    limit = limit < INDEX_LEAST ? INDEX_LEAST : limit > INDEX_MOST ? INDEX_MOST : limit;
    /* The weight is ln((articles + 100) / (with + 1)): the term's own count is not asked again. */
    return info_weight(info) >= logf((articles + 100) / (limit + 1));
}

static int heavier(const void *a, const void *b)
{
    const struct indexed *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return (x->key > y->key) - (x->key < y->key);
}

/* The rarest word of an article is often a slip that nobody repeats; what stands in front, and
 * names, are repeated. */
static float index_weight(uint16_t info)
{
    unsigned places = info_places(info);
    float factor = 1;

    factor += (places & (IN_TITLE | IN_ADDRESS)) != 0 ? 1 : 0;
    factor += (places & IN_LEAD) != 0 ? 0.5F : 0;
    factor += (places & IN_NAME) != 0 ? 0.5F : 0;
    return info_body_weight(info) * factor;
}

/* The terms that lead to stories, the best first. */
static void index_terms(struct threads *t, const struct sketch *sketch)
{
    size_t count = 0;

    for (size_t i = 0; i < sketch->count; i++)
        if (leads_somewhere(t, sketch->info[i]))
            t->terms[count++] = (struct indexed){
                index_weight(sketch->info[i]), info_weight(sketch->info[i]), sketch->keys[i]};
    qsort(t->terms, count, sizeof(t->terms[0]), heavier);
    t->term_count = count;
}

static void count_story(struct threads *t, const struct posting_hit *hit, float weight)
{
    uint32_t number;
    struct story *story;

    if (!story_is_live(t->archive, hit->story))
        return;
    story = archive_story(t->archive, hit->story);
    if (posting_is_before(hit->number, story->born))
        return;
    number = archive_heir(t->archive, hit->story);
    story = archive_story(t->archive, number);
    if (story->mark != t->mark) {
        if (t->seen_count == MOST_SEEN)
            return;
        story->mark = t->mark;
        story->score = 0;
        t->seen[t->seen_count++] = number;
    }
    story->score += weight;
}

static bool is_near(const struct story *story, int64_t time)
{
    int64_t since = time - story->last;

    return since <= (int64_t)THREADS_DAYS * DAY && -since <= (int64_t)THREADS_DAYS * DAY;
}

/* Keep the best, highest first; the older story of two that are as good. */
static size_t insert(struct threads *t, size_t count, uint32_t number)
{
    const struct story *story = archive_story(t->archive, number);
    size_t at = count < MOST_CANDIDATES ? count : MOST_CANDIDATES - 1;

    if (count == MOST_CANDIDATES &&
        archive_story(t->archive, t->candidates[at].story)->score >= story->score)
        return count;
    while (at > 0 && archive_story(t->archive, t->candidates[at - 1].story)->score < story->score) {
        t->candidates[at].story = t->candidates[at - 1].story;
        at--;
    }
    t->candidates[at].story = number;
    return count < MOST_CANDIDATES ? count + 1 : count;
}

static void count_stories(struct threads *t)
{
    struct posting_hit hits[POSTINGS_READ];
    uint32_t keys[ASKED];
    size_t all = 0, asked = t->term_count < ASKED ? t->term_count : ASKED;

    for (size_t i = 0; i < asked; i++)
        keys[i] = t->terms[i].key;
    postings_expect(t->postings, keys, asked);
    for (size_t i = 0; i < asked && all < MOST_HITS; i++) {
        size_t found = postings_find(t->postings, keys[i], hits);

        for (size_t h = 0; h < found; h++)
            __builtin_prefetch(archive_story(t->archive, hits[h].story));
        for (size_t h = 0; h < found; h++)
            count_story(t, &hits[h], t->terms[i].idf);
        all += found;
    }
}

/* Of a story that a member went from only copies may be remembered. */
static bool is_comparable(const struct threads *t, const struct story *story)
{
    return archive_at(t->archive, story->newest) != NULL;
}

/* A story that shares far less than the best one is none. */
static const float least_part = 0.1F;

static size_t find_candidates(struct threads *t, const struct draft *draft)
{
    size_t count = 0;
    float best = 0;

    index_terms(t, draft->sketch);
    t->mark++;
    t->seen_count = 0;
    count_stories(t);
    for (size_t i = 0; i < t->seen_count; i++) {
        const struct story *story = archive_story(t->archive, t->seen[i]);

        best = story->score > best ? story->score : best;
    }
    for (size_t i = 0; i < t->seen_count; i++) {
        const struct story *story = archive_story(t->archive, t->seen[i]);

        if (story->score >= least_part * best && is_comparable(t, story) &&
            is_near(story, draft->time))
            count = insert(t, count, t->seen[i]);
    }
    return count;
}

static bool is_full(const struct threads *t, const struct candidate *candidate)
{
    return archive_story(t->archive, candidate->story)->articles >= STORY_ARTICLES;
}

float threads_least_score(const struct threads *t)
{
    float least = model_threshold(t->model);

    if (t->warm_up == 0)
        return least;
    return least +
           (cold_score - least) * expf(-(float)archive_count(t->archive) / (float)t->warm_up);
}

/* The best story that takes more members, or -1. */
static int choose(struct threads *t, const struct draft *draft, size_t count, struct placed *ret)
{
    float limit = t->model == NULL ? 0 : threads_least_score(t);
    float best_open = limit, best = limit;
    int chosen = -1;

    evidence_fill(t->archive, draft, t->candidates, count);
    for (size_t i = 0; i < count && t->model != NULL; i++) {
        struct candidate *candidate = &t->candidates[i];

        if (!evidence_suffices(candidate->features))
            continue;
        candidate->score = model_score(t->model, candidate->features);
        best = candidate->score > best ? candidate->score : best;
        if (candidate->score > best_open && !is_full(t, candidate)) {
            best_open = candidate->score;
            chosen = (int)i;
        }
    }
    ret->is_full = best > best_open;
    return t->decide == NULL ? chosen : t->decide(t->ctx, t->candidates, count, chosen);
}

static void add_postings(struct threads *t, struct article *article, uint32_t number)
{
    uint32_t born = archive_story(t->archive, number)->born;

    for (size_t i = 0; i < t->term_count && i < INDEXED; i++)
        if (postings_add(t->postings, t->terms[i].key, number, born))
            t->saves.entry.posted[article->postings++] = t->terms[i].key;
}

static struct story *open_story(struct threads *t, const struct thread_source *source,
    const struct sketch *sketch, uint32_t *ret_number)
{
    uint8_t uuid[UUID], topic[UUID];
    struct story *story;

    uuid_of(LIT("story"), source->id, uuid);
    uuid_of(LIT("topic"), source->id, topic);
    *ret_number = archive_new_story(t->archive, uuid, postings_next(t->postings));
    story = archive_story(t->archive, *ret_number);
    story_set_first(story, source->id);
    story->topic = topics_place(t->topics, sketch, topic);
    memcpy(story->topic_uuid, topics_uuid(t->topics, story->topic), UUID);
    return story;
}

static struct story *continue_story(struct threads *t, uint32_t number,
    const struct thread_source *source, const struct sketch *sketch, struct news *ret_news)
{
    struct story *story = archive_story(t->archive, number);

    topics_tell(t->topics, story->topic, story->topic_uuid, sketch);
    news_find(t->archive, number, sketch, sketch_words(t->sketcher), source->text.text, ret_news);
    return story;
}

static void add_sums(struct story *story, const struct candidate *candidate)
{
    float before = (float)story->originals;

    for (int c = 0; c < CENTRES; c++)
        story->sum[c] += 1 + (candidate == NULL ? 0 : 2 * candidate->mean[c] * before);
}

/* The headline is that of the member which was most like the others when it came. */
static void set_title(struct story *story, const struct candidate *candidate, struct bytes title)
{
    float central = candidate == NULL ? 0 : candidate->features[CENTRE_OF + CENTRE_TOP];

    if (title.len == 0 || (story->title != NULL && central <= story->central))
        return;
    story->central = central;
    story_set_title(story, title);
}

/* Archives have room for times from 1970 to 2106. */
static int64_t time_of(const struct thread_source *source)
{
    return source->time < 0 ? 0 : source->time > UINT32_MAX ? UINT32_MAX : source->time;
}

/* What the article was found to change. */
static void change(struct threads *t, struct placed *ret)
{
    const struct change *change = &t->saves.entry.change;

    ret->changed = change->kind;
    if (change->kind == CHANGE_NOTHING)
        return;
    memcpy(ret->from, archive_story(t->archive, change->from)->uuid, UUID);
    memcpy(ret->into, archive_story(t->archive, change->into)->uuid, UUID);
    if (change->kind == CHANGE_MOVES)
        ret->moved = archive_at(t->archive, change->moved)->id;
    change_apply(t->archive, change);
    ret->story = archive_heir(t->archive, ret->story);
}

static void place_original(struct threads *t, const struct thread_source *source,
    const struct sketch *sketch, bool counted, struct placed *ret)
{
    int64_t time = time_of(source);
    const struct draft draft = {sketch, time == 0 ? t->now : time, NULL};
    size_t count = find_candidates(t, &draft);
    int chosen = choose(t, &draft, count, ret);
    const struct candidate *candidate = chosen < 0 ? NULL : &t->candidates[chosen];
    struct article *article;
    struct story *story;

    ret->is_new = candidate == NULL;
    ret->story = candidate == NULL ? NO_STORY : candidate->story;
    story = candidate == NULL ? open_story(t, source, sketch, &ret->story)
                              : continue_story(t, ret->story, source, sketch, &ret->news);
    add_sums(story, candidate);
    set_title(story, candidate, source->text.title);
    article = archive_add(t->archive, hash64(source->id), draft.time, t->now, sketch, ret->story);
    article->house = source->house;
    add_postings(t, article, ret->story);
    redecide(t, article, count, chosen, &t->saves.entry.change);
    threads_note(t, article, counted);
    change(t, ret);
}

/* All articles count until an age is full, then one in eight: a day's articles make an age, and
 * what is saved of an article that does not count is a third. */
static bool counts(struct threads *t, const struct thread_source *source)
{
    enum { ONE_IN = 8 };

    if (frequency_is_full(t->frequency)) {
        frequency_rotate(t->frequency);
        t->saves.rotated = true;
        t->saves.before = t->saves.age;
        t->saves.age = archive_next(t->archive);
    }
    return t->saves.age == 0 || hash64(source->id) % ONE_IN == 0;
}

void threads_place(struct threads *t, const struct thread_source *source, struct placed *ret)
{
    int64_t time = time_of(source);
    const struct article *original;
    struct article *article;
    struct sketch sketch;

    *ret = (struct placed){.story = NO_STORY};
    if (time != 0)
        tell_time(t, time);
    threads_forget(t);
    original = source->same_as.len == 0 ? NULL : threads_article(t, source->same_as);
    if (original == NULL)
        original = threads_article(t, source->id); /* a later version of it */
    if (original != NULL) {
        ret->story = archive_heir(t->archive, original->story);
        t->saves.entry.change.kind = CHANGE_NOTHING;
        article = archive_add(
            t->archive, hash64(source->id), time == 0 ? t->now : time, t->now, NULL, ret->story);
        article->house = source->house;
        threads_note(t, article, false);
    } else {
        bool counted = counts(t, source);

        sketch_draw(t->sketcher, t->frequency, &source->text, counted, &sketch);
        place_original(t, source, &sketch, counted, ret);
    }
    ret->is = archive_story(t->archive, ret->story);
    uuid_write(ret->is->uuid, ret->urn);
    uuid_write(ret->is->topic_uuid, ret->topic);
}
