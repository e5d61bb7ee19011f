/* page.c - from hop to hop to a page: each is another question, and may be another host's to
 * answer.
 */
#include "page/page.h"

#include <stdlib.h>

#include "base/arena.h"
#include "text/url.h"

enum { HOPS = 10 };

struct page {
    struct fetcher *fetcher;
    struct page_request request; /* strings on the heap; url is that of this hop */
    struct robots_question question;
    page_on_result *on_result;
    void *ctx;
    char *cookies; /* of the hops before, or NULL */
    int hops;
    uint64_t ticket; /* while it is fetched, else it waits for a verdict */
};

static void page_free(struct page *page)
{
    free((char *)page->request.url);
    free((char *)page->request.feed);
    free((char *)page->request.accept);
    free(page->cookies);
    free(page);
}

static void page_end(struct page *page, const struct fetch_result *result, bool refused)
{
    page->on_result(page->ctx, result, refused);
    page_free(page);
}

static void refuse(struct page *page, int code, const char *text)
{
    bool by_robots = code == E_REFUSED;
    int64_t later = by_robots ? page->question.later : -1;
    const struct fetch_result result = {.code = code,
        .error = text,
        .url = page->request.url,
        .redirects = page->hops,
        .held = later >= 0,
        .retry_after = later,
        .max_age = -1,
        .address = ""};

    page_end(page, &result, by_robots);
}

static bool go(struct page *page);

static void on_hop(void *ctx, const struct fetch_result *result)
{
    struct page *page = ctx;
    struct fetch_result last = *result;

    page->ticket = 0;
    if (result->next == NULL) {
        last.redirects = page->hops;
        page_end(page, &last, false);
        return;
    }
    if (page->hops++ == HOPS) {
        refuse(page, E_LIMIT, "more than 10 redirects");
        return;
    }
    free((char *)page->request.url);
    page->request.url = new_text(result->next);
    free(page->cookies);
    page->cookies = new_text(result->cookies);
    go(page);
}

/* False: the page has ended. */
static bool obey(struct page *page, enum robots_verdict verdict)
{
    const struct fetch_request request = {.url = page->request.url,
        .accept = page->request.accept,
        .feed = page->request.feed,
        .cookies = page->cookies,
        .one_hop = true,
        .page = true,
        .on_behalf = page->request.on_behalf};

    if (verdict == ROBOTS_WAIT)
        return true;
    if (verdict == ROBOTS_ALLOWED) {
        page->ticket = fetch_start(page->fetcher, &request, on_hop, page);
        verdict = page->ticket == 0 ? ROBOTS_STOPPED : verdict;
    }
    if (verdict == ROBOTS_ALLOWED)
        return true;
    refuse(page, verdict == ROBOTS_STOPPED ? E_STOPPED : E_REFUSED, robots_text(verdict));
    return false;
}

static void on_verdict(void *ctx, enum robots_verdict verdict)
{
    obey(ctx, verdict);
}

static bool go(struct page *page)
{
    page->question = (struct robots_question){.url = page->request.url,
        .feed = page->request.feed,
        .on_behalf = page->request.on_behalf,
        .on_verdict = on_verdict,
        .ctx = page};
    return obey(page, page->request.robots == NULL
                          ? ROBOTS_ALLOWED
                          : robots_ask(page->request.robots, &page->question));
}

struct page *page_get(struct fetcher *fetcher, const struct page_request *request,
    page_on_result *on_result, void *ctx)
{
    struct arena *scratch = arena_new(1 << 20);
    struct page *page = new_zeroed(sizeof(*page));

    page->fetcher = fetcher;
    page->on_result = on_result;
    page->ctx = ctx;
    page->request = (struct page_request){
        .url = new_text(bytes_cstr(scratch, url_request(scratch, bytes_of(request->url)))),
        .feed = new_text(request->feed),
        .on_behalf = request->on_behalf,
        .accept = new_text(request->accept),
        .robots = request->robots};
    arena_free(scratch);
    return go(page) ? page : NULL;
}

const char page_accept[] = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1";

bool page_is_ok(int status)
{
    return status == 200 || status == 203;
}

bool page_is_there(const struct fetch_result *result)
{
    return result->code == OK && page_is_ok(result->status) && bytes_trim(result->body).len > 0;
}

/* RFC 9110 section 15 and RFC 6585: what speaks of this moment and not of the page. All of 5xx does
 * (proxies have numbers of their own there) but what a server says of the request: 501, 505. */
static enum page_fault fault_of_status(int status)
{
    switch (status) {
    case 401:
    case 403: /* also of guards that take a burst for an attack */
        return PAGE_DENIED;
    case 202: /* "not yet", of those that render pages when asked */
    case 204:
    case 408:
    case 421: /* over another connection */
    case 425:
    case 429:
        return PAGE_PASSING;
    case 404: /* feeds run ahead of their pages, by a moment or a cache's minutes */
        return PAGE_UNSURE;
    case 501:
    case 505:
        return PAGE_NONE;
    default:
        return status >= 500 ? PAGE_PASSING : PAGE_NONE;
    }
}

enum page_fault page_fault(const struct fetch_result *result)
{
    if (result->held)
        return PAGE_HELD;
    switch (result->code) {
    case OK:
        if (page_is_there(result))
            return PAGE_NONE;
        return page_is_ok(result->status) ? PAGE_PASSING : fault_of_status(result->status);
    case E_NETWORK:
    case E_TIMEOUT:
    case E_FORMAT: /* no HTTP: what an answer before it left on the connection, or a proxy's word */
    case E_SYSTEM: /* no descriptor, no memory: ours, and passing too */
        return PAGE_PASSING;
    case E_LIMIT: /* endless, or redirected without an end */
        return PAGE_UNSURE;
    default:
        return PAGE_NONE;
    }
}

void page_cancel(struct page *page)
{
    if (page->ticket != 0)
        fetch_cancel(page->fetcher, page->ticket);
    else
        robots_forget(page->request.robots, &page->question);
    page_free(page);
}
