/* extract.h - the extract stage without its worker: for tests, benches and fuzzers. */
#ifndef WIREROOM_EXTRACT_EXTRACT_H
#define WIREROOM_EXTRACT_EXTRACT_H

#include "page/page.h"
#include "site/site.h"
#include "wireroom/stage.h"

/* Pages beyond this are not read; the feed's text is used. */
enum { EXTRACT_PAGE_LIMIT = 6 << 20 };

/* What is kept of one page may take this much, and half of what the worker may have: the other half
 * is the parser's. Of 999 pages the largest takes 7 MiB in all. A page that needs more gives way to
 * the feed's words. */
enum { EXTRACT_ARENA_LIMIT = 128 << 20 };

/* The stage's self. The members above the line are options. */
struct extract {
    int64_t least_text;
    bool with_standfirst;
    int64_t most_pages;
    const char *site_rules; /* path; "" for none */
    bool explain;
    /* ---- */
    const struct filler *filler; /* the first of tree_fillers[] unless set before extract_open() */
    void *parser;
    struct hinter *hinter;
    struct arena *arena; /* of the page being read */
    struct tree tree;
    struct page page; /* the last one read: what `--explain` prints; valid until the next */
    struct evidence said;
    struct sites *sites; /* NULL without site rules */
};

/* Everything that has to be opened is opened here; after it a process may be closed in. 0 or -1. */
int extract_open(struct extract *self);
void extract_close(struct extract *self);

/* Set the fields of rec from WR_PAGE and the feed's evidence. Returns enum wr_verdict. */
int extract_article(struct extract *self, wr_record *rec);

/* Do a part of the work that may run out of memory: WR_FAILED then, with a note. */
typedef int extract_part(struct extract *self, wr_record *rec, const wr_event *event);
int extract_within_limit(
    struct extract *self, wr_record *rec, const wr_event *event, extract_part *part);

/* Its parts, for further pages (follow.c): parse html into self->page, whose text is decided by
 * extract_find() then, page.root being 0 where there is none; add the captions and notices of the
 * page. type is its Content-Type, empty when not known; url outlives the page. */
int extract_read(struct extract *self, struct bytes html, struct bytes type, struct bytes url);
void extract_find(struct extract *self, wr_record *rec);
void extract_add_asides(const struct page *page, wr_record *rec);

#endif
