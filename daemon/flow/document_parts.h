/* document_parts.h - what the files of a document share: one answer of a feed while it is read
 * (document.c), and the sitemaps that an index stands for (document_index.c). */
#ifndef WIREROOM_FLOW_DOCUMENT_PARTS_H
#define WIREROOM_FLOW_DOCUMENT_PARTS_H

#include "flow/document.h"
#include "flow/private.h"
#include "poll/hint.h"

enum {
    DOCUMENT_ENTRIES = 64 << 20, /* bytes of all entries: as workers.max_decoded may be set */
    DOCUMENT_LIMIT = 2 * DOCUMENT_ENTRIES + (64 << 20),
};

struct document {
    struct flow *flow;
    document_on_outcome *on_outcome;
    void *ctx;
    struct arena *arena;
    struct arena *kept; /* entries are on it */
    struct store_feed feed;
    bool first;
    struct bytes *entries; /* encoded records, in order; of those that were not read the hash */
    size_t count, cap;
    size_t total, held;      /* bytes of entries; of the budget */
    int64_t announced;       /* entries the worker counted */
    int64_t also, published; /* see struct poll_outcome */
    const char *title;
    struct hints hints;
    const char *diagnosis;  /* lines of REC_DIAGNOSIS */
    bool is_index;          /* of sitemaps */
    bool is_sitemap;        /* or an index of them */
    bool unsettled;         /* see struct poll_outcome */
    struct index *index;    /* while its sitemaps are read */
    struct hub_links links; /* of a document that was polled */
    uint64_t pushed;        /* see struct poll_answer */
    struct error err;       /* over a limit of ours */
};

/* document.c: keep one entry, within limits; put what was read to the store; or end with an error.
 */
void document_keep(struct document *d, struct wr_record *entry);
void document_admit(struct document *d);
void document_end(struct document *d, const struct error *err, uint64_t fresh, uint64_t common);

/* document_index.c: the entries are sitemaps: read the newest of them in its place, then admit. */
void index_follow(struct document *d);

#endif
