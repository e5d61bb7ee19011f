/* health.h - how extraction fares on each site: how long its texts are of late, how many articles
 * have a date and a byline, and an alarm when one of these falls far below what the site is known
 * for: a site was rebuilt, or began to block.
 *
 * What is usual is learned from a site's first HEALTH_LEARN articles and slowly ever after; what is
 * of late is an average over about the last eight. It is kept in memory and learned anew after a
 * start. */
#ifndef WIREROOM_FLOW_HEALTH_H
#define WIREROOM_FLOW_HEALTH_H

#include "base/json.h"
#include "record/record.h"

enum { HEALTH_LEARN = 32, HEALTH_NAME = 96 };

enum health_measure { HEALTH_TEXT, HEALTH_DATE, HEALTH_BYLINE, HEALTH_MEASURES };

struct health_site {
    char name[HEALTH_NAME]; /* domain; "" in an empty place */
    uint32_t articles;
    uint32_t degraded; /* bits: 1 << enum health_measure */
    int64_t since;     /* wall time of the last change of that from or to nothing */
    int64_t blocked;   /* wall time when it was last told that its pages are none; 0 for never */
    uint64_t seen;     /* the higher, the later */
    struct {
        double now, usual; /* of texts the binary logarithm of the length */
    } measures[HEALTH_MEASURES];
};

struct health;
struct health *health_new(void);
void health_free(struct health *health); /* NULL is allowed */

/* Count an article of domain whose page was fetched; others say nothing of the site. Returns the
 * site when it became degraded or well again by it, else NULL; lent until the next call. */
const struct health_site *health_note(
    struct health *health, struct bytes domain, const struct wr_record *rec);

/* Whether it has to be told that the page of this article of domain was none: once a day. */
bool health_is_news(struct health *health, struct bytes domain, const struct wr_record *rec);

/* {"watched": N, "degraded": [...]}, the latter at most 100 of them, as the object `sites`. */
void health_write(const struct health *health, struct json_writer *w);

/* The members of one site into the object that is open: domain state since articles reasons and
 * each measure, now and usual. */
void health_write_site(const struct health_site *site, struct json_writer *w);

#endif
