/* topics.c - a topic is the sum of what its stories' reports say; only what many say is left. */
#include "topics.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "journal.h"

enum { MOST_FOUND = 64, INDEXED = 12, LOADED = INDEXED + 4 };

/* The words of names say what a subject is; all others what happened to it this time. */
static const float name_factor = 2.0F;

/* Said by more than one article in ten: ln(10) is the least weight of a term that leads to topics.
 */
static const float least_weight = 2.3F;

/* By how much the sum of a topic shrinks with each report: about the last twenty count. */
static const float keep = 0.95F;

struct topic {
    uint8_t uuid[UUID];
    uint32_t stories; /* 0: the place is free */
    uint32_t born;    /* its first posting */
    uint8_t count;
    bool told;                  /* since the hand passed */
    uint32_t keys[TOPIC_TERMS]; /* rising */
    float weights[TOPIC_TERMS];
    bool names[TOPIC_TERMS];
};

struct topics {
    struct topic *at;
    uint32_t *saved; /* in which save each was written last */
    size_t count, cap, most;
    size_t hand; /* where the search for one to be forgotten goes on */
    struct postings *postings;
    size_t posted;
    struct topic_limits limits;
};

struct topics *topics_new(size_t most, const struct topic_limits *limits)
{
    /* Set on the training stream: of 303 pairs of stories that may be successive days of one
     * subject 45 are tied, of 82,000 other pairs 254, most of which are one subject, too. */
    static const struct topic_limits usual = {0.30F, 0.40F};
    struct topics *topics = new_zeroed(sizeof(*topics));

    topics->most = most;
    topics->postings = postings_new();
    topics->limits = limits == NULL || limits->likeness <= 0 ? usual : *limits;
    return topics;
}

void topics_free(struct topics *topics)
{
    if (topics == NULL)
        return;
    postings_free(topics->postings);
    free(topics->at);
    free(topics->saved);
    free(topics);
}

const uint8_t *topics_uuid(const struct topics *topics, uint32_t topic)
{
    return topic < topics->count && topics->at[topic].stories > 0 ? topics->at[topic].uuid : NULL;
}

/* A term of a sketch, as topics weigh it. */
struct said {
    uint32_t key;
    float weight;
    bool name;
};

static size_t say(const struct sketch *sketch, struct said said[SKETCH_TERMS])
{
    size_t count = 0;
    float squares = 0;

    for (size_t i = 0; i < sketch->count; i++) {
        unsigned places = info_places(sketch->info[i]);
        bool name = (places & IN_NAME) != 0;

        if ((places & (IN_BODY | IN_NAME | IN_TITLE)) == 0)
            continue;
        said[count] = (struct said){
            sketch->keys[i], info_body_weight(sketch->info[i]) * (name ? name_factor : 1), name};
        squares += said[count].weight * said[count].weight;
        count++;
    }
    for (size_t i = 0; i < count && squares > 0; i++)
        said[i].weight /= sqrtf(squares);
    return count;
}

/* Whether the article is about the topic; *ret_likeness: how much. */
static bool fits(const struct topics *topics, const struct topic *topic, const struct said *said,
    size_t count, float *ret_likeness)
{
    float dot = 0, squares = 0, mine = 0, its = 0, shared = 0, ours = 0;
    size_t k = 0;

    for (size_t i = 0; i < topic->count; i++) {
        squares += topic->weights[i] * topic->weights[i];
        its += topic->names[i] ? topic->weights[i] : 0;
    }
    for (size_t i = 0; i < count; i++) {
        mine += said[i].name ? said[i].weight : 0;
        while (k < topic->count && topic->keys[k] < said[i].key)
            k++;
        if (k == topic->count || topic->keys[k] != said[i].key)
            continue;
        dot += topic->weights[k] * said[i].weight;
        shared += said[i].name ? said[i].weight : 0;
        ours += said[i].name ? topic->weights[k] : 0;
    }
    *ret_likeness = squares > 0 ? dot / sqrtf(squares) : 0;
    return *ret_likeness >= topics->limits.likeness && mine > 0 && its > 0 &&
           (shared / mine >= topics->limits.names || ours / its >= topics->limits.names);
}

struct found {
    uint32_t topic;
    float score;
};

static size_t add_found(struct found *found, size_t count, uint32_t topic, float weight)
{
    for (size_t i = 0; i < count; i++)
        if (found[i].topic == topic) {
            found[i].score += weight;
            return count;
        }
    if (count == MOST_FOUND)
        return count;
    found[count] = (struct found){topic, weight};
    return count + 1;
}

static size_t find_topics(
    const struct topics *topics, const struct sketch *sketch, struct found found[MOST_FOUND])
{
    struct posting_hit hits[POSTINGS_READ];
    size_t count = 0;

    for (size_t i = 0; i < sketch->count; i++) {
        float weight = info_weight(sketch->info[i]);
        size_t read =
            weight < least_weight ? 0 : postings_find(topics->postings, sketch->keys[i], hits);

        for (size_t h = 0; h < read; h++)
            if (topics_uuid(topics, hits[h].story) != NULL &&
                !posting_is_before(hits[h].number, topics->at[hits[h].story].born))
                count = add_found(found, count, hits[h].story, weight);
    }
    return count;
}

static void sort_terms(struct topic *topic)
{
    for (size_t i = 1; i < topic->count; i++)
        for (size_t k = i; k > 0 && topic->keys[k - 1] > topic->keys[k]; k--) {
            uint32_t key = topic->keys[k];
            float weight = topic->weights[k];
            bool name = topic->names[k];

            topic->keys[k] = topic->keys[k - 1];
            topic->weights[k] = topic->weights[k - 1];
            topic->names[k] = topic->names[k - 1];
            topic->keys[k - 1] = key;
            topic->weights[k - 1] = weight;
            topic->names[k - 1] = name;
        }
}

static int heavier(const void *a, const void *b)
{
    const struct said *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return (x->key > y->key) - (x->key < y->key);
}

/* Add the article's terms, and keep the heaviest. */
static void add_terms(struct topic *topic, const struct said *said, size_t count)
{
    struct said all[TOPIC_TERMS + SKETCH_TERMS];
    size_t n = 0, k = 0;

    for (size_t i = 0; i < count || k < topic->count;) {
        bool old = k < topic->count && (i == count || topic->keys[k] <= said[i].key);
        bool new = i < count && (k == topic->count || said[i].key <= topic->keys[k]);

        all[n] = new ? said[i] : (struct said){topic->keys[k], 0, topic->names[k]};
        all[n].weight += old ? keep * topic->weights[k] : 0;
        all[n++].name |= old && topic->names[k];
        i += new;
        k += old;
    }
    qsort(all, n, sizeof(all[0]), heavier);
    topic->count = (uint8_t)(n < TOPIC_TERMS ? n : TOPIC_TERMS);
    for (size_t i = 0; i < topic->count; i++) {
        topic->keys[i] = all[i].key;
        topic->weights[i] = all[i].weight;
        topic->names[i] = all[i].name;
    }
    sort_terms(topic);
}

/* The heaviest terms lead to the topic. */
static void add_postings(struct topics *topics, uint32_t number)
{
    const struct topic *topic = &topics->at[number];
    struct said all[TOPIC_TERMS];

    for (size_t i = 0; i < topic->count; i++)
        all[i] = (struct said){topic->keys[i], topic->weights[i], topic->names[i]};
    qsort(all, topic->count, sizeof(all[0]), heavier);
    for (size_t i = 0; i < topic->count && i < INDEXED; i++)
        topics->posted += postings_add(topics->postings, all[i].key, number, topic->born);
    if (topics->posted > LOADED * topics->most) {
        postings_forget(topics->postings, topics->posted - LOADED * topics->most);
        topics->posted = LOADED * topics->most;
    }
}

static void *grown(void *piece, size_t size)
{
    void *more = realloc(piece, size);

    if (more == NULL)
        arena_out_of_memory(size);
    return more;
}

/* The clock algorithm (Corbato, 1968): who was told of since the hand passed stays for a round. */
static uint32_t take_place(struct topics *topics)
{
    struct topic *topic;

    if (topics->count < topics->most) {
        if (topics->count == topics->cap) {
            topics->cap = topics->cap == 0 ? 64 : topics->cap * 2;
            topics->at = grown(topics->at, topics->cap * sizeof(*topics->at));
            topics->saved = grown(topics->saved, topics->cap * sizeof(*topics->saved));
        }
        topics->saved[topics->count] = UINT32_MAX;
        return (uint32_t)topics->count++;
    }
    for (;;) {
        topic = &topics->at[topics->hand];
        topics->hand = (topics->hand + 1) % topics->count;
        if (!topic->told)
            return (uint32_t)(topic - topics->at);
        topic->told = false;
    }
}

uint32_t topics_place(struct topics *topics, const struct sketch *sketch, const uint8_t uuid[UUID])
{
    struct said said[SKETCH_TERMS];
    struct found found[MOST_FOUND];
    size_t count = say(sketch, said), others = find_topics(topics, sketch, found);
    uint32_t best = NO_TOPIC;
    float most = 0, likeness;

    for (size_t i = 0; i < others; i++)
        if (fits(topics, &topics->at[found[i].topic], said, count, &likeness) && likeness > most) {
            most = likeness;
            best = found[i].topic;
        }
    if (best == NO_TOPIC) {
        best = take_place(topics);
        topics->at[best] = (struct topic){.born = postings_next(topics->postings)};
        memcpy(topics->at[best].uuid, uuid, UUID);
    } else
        topics->at[best].told = true;
    topics->at[best].stories++;
    add_terms(&topics->at[best], said, count);
    add_postings(topics, best);
    return best;
}

void topics_tell(
    struct topics *topics, uint32_t topic, const uint8_t uuid[UUID], const struct sketch *sketch)
{
    struct said said[SKETCH_TERMS];
    const uint8_t *its = topics_uuid(topics, topic);

    if (its == NULL || memcmp(its, uuid, UUID) != 0)
        return;
    topics->at[topic].told = true;
    add_terms(&topics->at[topic], said, say(sketch, said));
    add_postings(topics, topic);
}

struct saved_topic {
    uint32_t number, hand;
    struct topic topic;
};

void topics_write(struct topics *topics, uint32_t topic, uint32_t now, struct buf *out)
{
    struct saved_topic saved;

    memset(&saved, 0, sizeof(saved));
    saved.number = topic;
    saved.hand = (uint32_t)topics->hand;
    saved.topic = topics->at[topic];
    topics->saved[topic] = now;
    buf_add(out, (struct bytes){(const char *)&saved, sizeof(saved)});
}

uint32_t topics_carry(struct topics *topics, uint32_t part, uint32_t now, struct buf *out)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < topics->count; i++)
        if (topics->saved[i] < part) {
            topics_write(topics, i, now, out);
            count++;
        }
    return count;
}

bool topics_read(struct topics *topics, uint32_t now, struct bytes *rest)
{
    struct saved_topic saved;

    if (!take_bytes(rest, &saved, sizeof(saved)) || saved.number >= topics->most ||
        saved.topic.count > TOPIC_TERMS)
        return false;
    while (topics->count <= saved.number) {
        uint32_t place = take_place(topics);

        topics->at[place] = (struct topic){.stories = 0};
    }
    if (memcmp(topics->at[saved.number].uuid, saved.topic.uuid, UUID) != 0)
        saved.topic.born = postings_next(topics->postings);
    else
        saved.topic.born = topics->at[saved.number].born;
    topics->at[saved.number] = saved.topic;
    topics->saved[saved.number] = now;
    topics->hand = saved.hand;
    add_postings(topics, saved.number);
    return true;
}
