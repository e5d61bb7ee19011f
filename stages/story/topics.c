/* topics.c - a topic is the sum of what its stories' reports say; only what many say is left. */
#include "topics.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/ring.h"
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
    struct ring at;    /* topics by number */
    struct ring saved; /* in which save each was written last */
    size_t count, most;
    size_t hand; /* where the search for one to be forgotten goes on */
    struct postings *postings;
    size_t posted;
    struct topic_limits limits;
};

static struct topic *topic_at(const struct topics *topics, uint32_t number)
{
    return ring_at(&topics->at, number);
}

static uint32_t *saved_at(const struct topics *topics, uint32_t number)
{
    return ring_at(&topics->saved, number);
}

struct topics *topics_new(size_t most, const struct topic_limits *limits)
{
    /* Set on the training stream: of 303 pairs of stories that may be successive days of one
     * subject 45 are tied, of 82,000 other pairs 254, most of which are one subject, too. */
    static const struct topic_limits usual = {0.30F, 0.40F};
    struct topics *topics = new_zeroed(sizeof(*topics));

    topics->most = most;
    ring_init(&topics->at, sizeof(struct topic), 0);
    ring_init(&topics->saved, sizeof(uint32_t), 0);
    topics->postings = postings_new();
    topics->limits = limits == NULL || limits->likeness <= 0 ? usual : *limits;
    return topics;
}

void topics_free(struct topics *topics)
{
    if (topics == NULL)
        return;
    postings_free(topics->postings);
    ring_done(&topics->at);
    ring_done(&topics->saved);
    free(topics);
}

const uint8_t *topics_uuid(const struct topics *topics, uint32_t topic)
{
    return topic < topics->count && topic_at(topics, topic)->stories > 0
               ? topic_at(topics, topic)->uuid
               : NULL;
}

/* A term of a sketch, as topics weigh it. */
struct said {
    uint32_t key;
    float weight;
    bool name;
};

struct speech {
    struct said at[SKETCH_TERMS];
    size_t count;
    float names; /* weight of all names */
    uint32_t keys[SKETCH_TERMS];
    struct probe probe; /* of keys */
};

static void say(const struct sketch *sketch, struct speech *ret)
{
    float squares = 0, length;

    ret->count = 0;
    ret->names = 0;
    for (size_t i = 0; i < sketch->count; i++) {
        unsigned places = info_places(sketch->info[i]);
        bool name = (places & IN_NAME) != 0;
        float weight = info_body_weight(sketch->info[i]) * (name ? name_factor : 1);

        if ((places & (IN_BODY | IN_NAME | IN_TITLE)) == 0)
            continue;
        ret->keys[ret->count] = sketch->keys[i];
        ret->at[ret->count++] = (struct said){sketch->keys[i], weight, name};
        squares += weight * weight;
    }
    length = squares > 0 ? sqrtf(squares) : 1;
    for (size_t i = 0; i < ret->count; i++) {
        ret->at[i].weight /= length;
        ret->names += ret->at[i].name ? ret->at[i].weight : 0;
    }
    probe_set(&ret->probe, ret->keys, ret->count);
}

/* Whether the article is about the topic; *ret_likeness: how much. */
static bool fits(const struct topics *topics, const struct topic *topic,
    const struct speech *speech, float *ret_likeness)
{
    float dot = 0, squares = 0, mine = speech->names, its = 0, shared = 0, ours = 0;

    for (size_t i = 0; i < topic->count; i++) {
        size_t at = probe_find(&speech->probe, topic->keys[i]);
        float weight = topic->weights[i];

        squares += weight * weight;
        its += topic->names[i] ? weight : 0;
        if (at == SIZE_MAX)
            continue;
        dot += weight * speech->at[at].weight;
        shared += speech->at[at].name ? speech->at[at].weight : 0;
        ours += speech->at[at].name ? weight : 0;
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

    postings_expect(topics->postings, sketch->keys, sketch->count);
    for (size_t i = 0; i < sketch->count; i++) {
        float weight = info_weight(sketch->info[i]);
        size_t read =
            weight < least_weight ? 0 : postings_find(topics->postings, sketch->keys[i], hits);

        for (size_t h = 0; h < read; h++)
            if (topics_uuid(topics, hits[h].story) != NULL &&
                !posting_is_before(hits[h].number, topic_at(topics, hits[h].story)->born))
                count = add_found(found, count, hits[h].story, weight);
    }
    return count;
}

static int heavier(const void *a, const void *b)
{
    const struct said *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return (x->key > y->key) - (x->key < y->key);
}

/* Add the article's terms, and keep the heaviest. */
static void add_terms(struct topic *topic, const struct speech *speech)
{
    struct said all[TOPIC_TERMS + SKETCH_TERMS], sorted[TOPIC_TERMS + SKETCH_TERMS];
    const struct said *said = speech->at;
    size_t n = 0, k = 0, count = speech->count;

    for (size_t i = 0; i < count || k < topic->count;) {
        bool old = k < topic->count && (i == count || topic->keys[k] <= said[i].key);
        bool new = i < count && (k == topic->count || said[i].key <= topic->keys[k]);

        all[n] = new ? said[i] : (struct said){topic->keys[k], 0, topic->names[k]};
        all[n].weight += old ? keep * topic->weights[k] : 0;
        all[n++].name |= old && topic->names[k];
        i += new;
        k += old;
    }
    memcpy(sorted, all, n * sizeof(all[0]));
    if (n > TOPIC_TERMS)
        qsort(sorted, n, sizeof(all[0]), heavier);
    topic->count = 0;
    for (size_t i = 0; i < n; i++) {
        if (n > TOPIC_TERMS && heavier(&all[i], &sorted[TOPIC_TERMS - 1]) > 0)
            continue;
        topic->keys[topic->count] = all[i].key;
        topic->weights[topic->count] = all[i].weight;
        topic->names[topic->count++] = all[i].name;
    }
}

/* The heaviest terms lead to the topic. */
static void add_postings(struct topics *topics, uint32_t number)
{
    const struct topic *topic = topic_at(topics, number);
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

/* The clock algorithm (Corbato, 1968): who was told of since the hand passed stays for a round. */
static uint32_t take_place(struct topics *topics)
{
    struct topic *topic;

    if (topics->count < topics->most) {
        ring_add(&topics->at);
        *(uint32_t *)ring_add(&topics->saved) = UINT32_MAX;
        return (uint32_t)topics->count++;
    }
    for (;;) {
        uint32_t number = (uint32_t)topics->hand;

        topic = topic_at(topics, number);
        topics->hand = (topics->hand + 1) % topics->count;
        if (!topic->told)
            return number;
        topic->told = false;
    }
}

uint32_t topics_place(struct topics *topics, const struct sketch *sketch, const uint8_t uuid[UUID])
{
    struct speech speech;
    struct found found[MOST_FOUND];
    size_t others = find_topics(topics, sketch, found);
    uint32_t best = NO_TOPIC;
    float most = 0, likeness;

    say(sketch, &speech);
    for (size_t i = 0; i < others; i++)
        if (fits(topics, topic_at(topics, found[i].topic), &speech, &likeness) && likeness > most) {
            most = likeness;
            best = found[i].topic;
        }
    if (best == NO_TOPIC) {
        best = take_place(topics);
        *topic_at(topics, best) = (struct topic){.born = postings_next(topics->postings)};
        memcpy(topic_at(topics, best)->uuid, uuid, UUID);
    } else
        topic_at(topics, best)->told = true;
    topic_at(topics, best)->stories++;
    add_terms(topic_at(topics, best), &speech);
    add_postings(topics, best);
    return best;
}

void topics_tell(
    struct topics *topics, uint32_t topic, const uint8_t uuid[UUID], const struct sketch *sketch)
{
    struct speech speech;
    const uint8_t *its = topics_uuid(topics, topic);

    if (its == NULL || memcmp(its, uuid, UUID) != 0)
        return;
    topic_at(topics, topic)->told = true;
    say(sketch, &speech);
    add_terms(topic_at(topics, topic), &speech);
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
    saved.topic = *topic_at(topics, topic);
    *saved_at(topics, topic) = now;
    buf_add(out, (struct bytes){(const char *)&saved, sizeof(saved)});
}

uint32_t topics_carry(struct topics *topics, uint32_t part, uint32_t now, struct buf *out)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < topics->count; i++)
        if (*saved_at(topics, i) < part) {
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

        *topic_at(topics, place) = (struct topic){.stories = 0};
    }
    if (memcmp(topic_at(topics, saved.number)->uuid, saved.topic.uuid, UUID) != 0)
        saved.topic.born = postings_next(topics->postings);
    else
        saved.topic.born = topic_at(topics, saved.number)->born;
    *topic_at(topics, saved.number) = saved.topic;
    *saved_at(topics, saved.number) = now;
    topics->hand = saved.hand;
    add_postings(topics, saved.number);
    return true;
}
