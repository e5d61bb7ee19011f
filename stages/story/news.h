/* news.h - what a report says that no earlier one of its story does. */
#ifndef STORY_NEWS_H
#define STORY_NEWS_H

#include "archive.h"

enum { NEWS_SENTENCES = 2, NEWS_SENTENCE = 400 }; /* most that are told, and bytes of each */

struct news {
    struct bytes sentences[NEWS_SENTENCES]; /* of text, in its order */
    size_t count;
};

/* The sentences of text with the most names and numbers that no member has. words: of text. */
void news_find(const struct archive *archive, uint32_t story, const struct sketch *sketch,
    const struct words *words, struct bytes text, struct news *ret_news);

#endif
