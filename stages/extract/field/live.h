/* live.h - the posts of a live blog: a page that grows by short texts, each with a time of its own.
 */
#ifndef WIREROOM_EXTRACT_FIELD_LIVE_H
#define WIREROOM_EXTRACT_FIELD_LIVE_H

#include "page/page.h"
#include "text/date.h"
#include "wireroom/stage.h"

/* Posts beyond these are left out, the last ones of the page; a longer text is cut. */
enum { POSTS_MAX = 200, POST_BYTES = 16 << 10, POSTS_BYTES = 1 << 20, POST_AUTHORS = 4 };

struct post {
    struct bytes headline; /* empty when it has none, as url is */
    struct bytes text;     /* a paragraph a line */
    struct bytes url;      /* of the post, mostly an anchor on the page */
    struct bytes authors[POST_AUTHORS];
    size_t author_count;
    struct date published;
};

struct posts {
    struct post items[POSTS_MAX]; /* in the order of the page */
    size_t count;
};

/* What the page says of its posts for machines (schema.org LiveBlogPosting), and what its readers
 * see: blocks of one kind that make up most of the text, each with a time, in order. */
void live_read_said(const struct page *page, struct posts *posts);
void live_read_blocks(const struct page *page, struct posts *posts);

/* Set the extra live.posts, a JSON array of {headline, published, text, authors: [{name}], url},
 * when the page is a live blog. The body was found by then. Where the page shows nothing that can
 * be read, the text is that of the posts. */
void live_set(const struct page *page, wr_record *rec, int64_t least_text);

#endif
