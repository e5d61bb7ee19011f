/* topics.h - long-running subjects that stories belong to, over months. */
#ifndef STORY_TOPICS_H
#define STORY_TOPICS_H

#include "identity.h"
#include "postings.h"
#include "sketch.h"

struct topics;

enum { NO_TOPIC = UINT32_MAX, TOPIC_TERMS = 48 };

/* How alike a story's first report must be to what its topic's stories had in common; 0: what the
 * stage uses. */
struct topic_limits {
    float likeness; /* cosine */
    float names;    /* part of the names, of the article or of the topic, whoever has fewer */
};

/* At most most topics; of those with one story the ones that are told of least go first. */
struct topics *topics_new(size_t most, const struct topic_limits *limits);
void topics_free(struct topics *topics);

/* The topic of a story that begins with sketch: one that is known, or a new one of this uuid. */
uint32_t topics_place(struct topics *topics, const struct sketch *sketch, const uint8_t uuid[UUID]);

/* One more report of a story: the topic, as the story knew it; what it says joins the topic. */
void topics_tell(
    struct topics *topics, uint32_t topic, const uint8_t uuid[UUID], const struct sketch *sketch);

/* NULL when it was forgotten. */
const uint8_t *topics_uuid(const struct topics *topics, uint32_t topic);

/* Saves have numbers. A topic that the saves before part alone hold has to go into this one: add
 * these to out; returns how many they are. topics_write(): one topic. */
uint32_t topics_carry(struct topics *topics, uint32_t part, uint32_t now, struct buf *out);
void topics_write(struct topics *topics, uint32_t topic, uint32_t now, struct buf *out);
bool topics_read(struct topics *topics, uint32_t now, struct bytes *rest);

#endif
