/* page.h - the page of an article: one GET whose every hop is asked of robots.txt first. */
#ifndef WIREROOM_PAGE_PAGE_H
#define WIREROOM_PAGE_PAGE_H

#include "page/robots.h"

/* What an answer to a page's request says about asking again. */
enum page_fault {
    PAGE_NONE,    /* the page is there, or nothing will ever be */
    PAGE_PASSING, /* it may be there soon */
    PAGE_DENIED,  /* 401 or 403: hours later, once */
    PAGE_HELD,    /* not asked: its host, or robots.txt, wants a later time */
    PAGE_UNSURE,  /* likely gone for good: minutes later, twice */
};

struct page;

struct page_request {
    const char *url;       /* copied, as all of it */
    const char *feed;      /* fetch_request.feed */
    int64_t on_behalf;     /* fetch_request.on_behalf */
    const char *accept;    /* NULL: any */
    struct robots *robots; /* NULL: nobody is asked; else it lives until the result */
};

/* refused: robots.txt says no, or cannot be had; result then has E_REFUSED and an error, and held
 * when that may be another answer later. */
typedef void page_on_result(void *ctx, const struct fetch_result *result, bool refused);

/* on_result is called once, from the loop; NULL: it was called already, before this returned. */
struct page *page_get(struct fetcher *fetcher, const struct page_request *request,
    page_on_result *on_result, void *ctx);

extern const char page_accept[]; /* of articles' pages */

/* 200, or 203 of a proxy that changed the page. */
bool page_is_ok(int status);

/* Whether the answer is such a page, and not empty. */
bool page_is_there(const struct fetch_result *result);

/* Whether, when it is not, it is worth asking for again. */
enum page_fault page_fault(const struct fetch_result *result);

/* on_result is not called any more. */
void page_cancel(struct page *page);

#endif
