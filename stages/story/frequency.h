/* frequency.h - in how many articles a term was seen: what is rare says more than what is common.
 */
#ifndef STORY_FREQUENCY_H
#define STORY_FREQUENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Terms are counted for all languages together, articles for each: what is rare in Swedish shows
 * in a stream that is nearly all English, too. A count-min sketch of two rows (Cormode and
 * Muthukrishnan, 2005): what is counted too high is counted so by chance, and never too low. 8 MiB,
 * whatever is added. Counts are halved when FREQUENCY_ARTICLES were added, so that yesterday's
 * words fade. */
struct frequency;

enum { FREQUENCY_ARTICLES = 60000 }; /* below 65,536, so that two bytes hold any count */

struct frequency *frequency_new(void);
void frequency_free(struct frequency *frequency);

/* Counts to begin with, so that the first articles of a stream are not compared by their
 * prepositions: lines "language TAG articles", each with lines "articles word" behind it; others
 * begin with "#". False when it makes no sense. */
bool frequency_begin(struct frequency *frequency, struct bytes text);

/* One more, in a language (BCP 47, or empty for unknown), that is asked about from now on. */
void frequency_article(struct frequency *frequency, struct bytes language);
void frequency_add(struct frequency *frequency, uint32_t term); /* once an article */
uint32_t frequency_of(const struct frequency *frequency, uint32_t term);
uint32_t frequency_articles(const struct frequency *frequency); /* of the language */

/* ln(articles / articles with the term): 0 for what nearly everybody says. */
float frequency_idf(const struct frequency *frequency, uint32_t term);

void frequency_save(const struct frequency *frequency, struct buf *out);
/* Takes what was saved off the front of rest; false when it makes no sense. */
bool frequency_load(struct frequency *frequency, struct bytes *rest);

#endif
