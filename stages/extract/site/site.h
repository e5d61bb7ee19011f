/* site.h - what the operator says of single sites: selectors for the parts of their pages. */
#ifndef WIREROOM_EXTRACT_SITE_SITE_H
#define WIREROOM_EXTRACT_SITE_SITE_H

#include "base/error.h"
#include "page/page.h"
#include "wireroom/stage.h"

/* A selector that matches on none of so many pages of its site, one after the other, is told of. */
enum { SITE_MISSES = 3, SITE_NODES = 256, SITE_FILE_LIMIT = 1 << 20, SITES_ARENA = 96 << 20 };

enum site_part { SITE_BODY, SITE_TITLE, SITE_BYLINE, SITE_DATE, SITE_STRIP, SITE_PARTS };

struct site {
    struct bytes host; /* and the hosts below it */
    struct site *next;
    struct {
        struct bytes text;
        void *selector; /* NULL: not given */
        int misses;     /* pages in a row without a match */
    } parts[SITE_PARTS];
};

struct sites {
    struct arena *arena; /* all of it */
    const struct filler *filler;
    void *parser;
    struct site *first;
};

/* Read the rules of the file at path; selectors are compiled with the parser that will read the
 * pages. E_USAGE with "path:line:column: what". Free with sites_free() before the parser. */
int sites_load(const char *path, const struct filler *filler, void *parser,
    struct sites **ret_sites, struct error *err);
void sites_free(struct sites *sites); /* NULL is allowed */

/* The rules for an address: those of its host, or of the nearest domain above it; NULL. */
struct site *sites_find(const struct sites *sites, struct bytes host);

const char *site_part_name(enum site_part part); /* as in the file */

/* Use the rules on the page read last. What matches nothing is as if it were not there. */

/* Cut what is to be stripped, and find the headline. Lines are known. */
void site_mark(const struct sites *sites, struct site *site, struct page *page);

/* The body: lines outside of what matches are cut. 0 when nothing matches. */
uint32_t site_body(const struct sites *sites, struct site *site, struct page *page);

/* Set byline, authors and date over what was found without rules. */
void site_set(const struct sites *sites, struct site *site, struct page *page, wr_record *rec);

#endif
