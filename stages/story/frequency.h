/* frequency.h - in how many articles a term was seen: what is rare says more than what is common.
 */
#ifndef STORY_FREQUENCY_H
#define STORY_FREQUENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Terms are counted for all languages together, articles for each: what is rare in Swedish shows
 * in a stream that is nearly all English, too. A count-min sketch of two rows (Cormode and
 * Muthukrishnan, 2005): what is counted too high is counted so by chance, and never too low. 16
 * MiB, whatever is added. Two ages of FREQUENCY_ARTICLES are counted, this one and the one before,
 * so that yesterday's words fade, and so that what is known follows from the articles of two ages.
 */
struct frequency;

enum { FREQUENCY_ARTICLES = 30000 }; /* below 65,536, so that two bytes hold any count */

struct frequency *frequency_new(uint32_t age); /* in articles; 0: FREQUENCY_ARTICLES */
void frequency_free(struct frequency *frequency);

/* Counts to begin with, so that the first articles of a stream are not compared by their
 * prepositions: lines "language TAG articles", each with lines "articles word" behind it; others
 * begin with "#". False when it makes no sense. */
bool frequency_begin(struct frequency *frequency, struct bytes text);

/* The language (BCP 47, or empty for unknown) of an article, as a number; which is asked about. */
uint8_t frequency_language(struct bytes language);
void frequency_ask(struct frequency *frequency, uint8_t language);
uint8_t frequency_asked(const struct frequency *frequency);

void frequency_article(struct frequency *frequency, uint8_t language); /* one more that counts */
bool frequency_is_full(const struct frequency *frequency);             /* this age is */
void frequency_rotate(struct frequency *frequency);                    /* another age begins */
void frequency_clear(struct frequency *frequency);

/* It will be added or asked for: the counters are far apart, and may come together. */
void frequency_expect(const struct frequency *frequency, uint32_t term);
void frequency_add(struct frequency *frequency, uint32_t term); /* once an article */
uint32_t frequency_of(const struct frequency *frequency, uint32_t term);
uint32_t frequency_articles(const struct frequency *frequency); /* of the language, or all */

/* ln(articles / articles with the term): 0 for what nearly everybody says. */
float frequency_idf(const struct frequency *frequency, uint32_t term);

#endif
