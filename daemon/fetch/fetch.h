/* fetch.h - one GET, or a form sent by POST: libcurl multi handles on the loop, our own redirects,
 * per-host limits, the address guard. */
#ifndef WIREROOM_FETCH_FETCH_H
#define WIREROOM_FETCH_FETCH_H

#include <uv.h>

#include "base/str.h"
#include "conf/conf.h"

struct fetcher;

struct fetch_request {
    const char *url;           /* http or https; copied */
    const char *etag;          /* sent byte for byte as If-None-Match; NULL for none */
    const char *last_modified; /* sent byte for byte as If-Modified-Since */
    /* The address that gave them, to which alone they are sent, whatever its query; NULL or "": url
     */
    const char *validated;
    const char *accept; /* NULL: any */
    /* further "Name: value" lines, sent to the origin of url only; NULL-terminated */
    const char *const *headers;
    /* The feed it is asked for: what is set in `access` for that one goes along, to the feed's own
     * origin only. NULL: url is the feed's; of a form nobody's. "": nobody's. */
    const char *feed;
    const char
        *cookies;     /* what the hop before brought: its result.cookies, NULL for none; copied */
    int64_t max_body; /* 0: http.max_body */
    bool cut;         /* a longer body is cut there and taken for whole */
    bool one_hop;     /* a redirect is not followed: result.next says where it leads */
    bool patient;     /* a poll: what else waits for the same host goes first */
    bool page;        /* named by an entry: takes turns with polls, and has places of its own */
    /* Of a page: the number of the feed it is for. The places of pages are shared by these, in
     * turn; 0 for nobody. */
    int64_t on_behalf;
    bool was_well; /* of a poll: its last answer was good */
    /* NULL: GET; else sent by POST, as application/x-www-form-urlencoded; copied */
    const char *form;
};

/* How far a request came: it was not made, the name was not resolved, no byte of an answer came,
 * the certificate was not trusted, or something of an answer came. */
enum fetch_reach { FETCH_UNASKED, FETCH_NO_NAME, FETCH_NO_ANSWER, FETCH_NO_TRUST, FETCH_ANSWERED };

/* What came back; lent until the callback returns. body is as on the wire: not decoded. */
struct fetch_result {
    /* OK: a whole HTTP answer; else enum code, and error says what and where */
    int code;
    const char *error;
    int status;           /* HTTP status of the last hop, 0 when there was none */
    const char *url;      /* of the last hop */
    const char *next;     /* of one_hop: where the redirect leads, else NULL */
    const char *cookies;  /* of one_hop: what the next hop is to be asked with, NULL for nothing */
    int redirects;        /* hops */
    const char *moved_to; /* target when every hop was 301 or 308, else NULL */
    struct bytes body;
    struct bytes headers; /* "Name: value\n" lines of the last hop, names lower-cased, bounded */
    const char *etag, *last_modified; /* NULL when absent; byte for byte */
    bool conditional;                 /* the last hop was asked with the request's validators */
    int64_t retry_after; /* microseconds from now, -1 when absent; seconds and dates understood */
    bool held;           /* not asked at all, until retry_after: its host said 429 or 503 to others
                            (E_REFUSED), or others waited for it in vain (E_TIMEOUT) */
    bool limited;        /* 429 or 503, since the host grants all of its feeds only so much */
    enum fetch_reach reach; /* of the last hop */
    bool looked_up;         /* its name was resolved for this request */
    bool verified;          /* its certificate was */
    int64_t max_age;        /* of Cache-Control, microseconds, -1 when absent */
    int64_t elapsed;        /* microseconds */
    int64_t wire_bytes;
    const char *address; /* numeric, of the peer */
};

typedef void fetch_on_result(void *ctx, const struct fetch_result *result);

int fetcher_open(
    uv_loop_t *loop, const struct conf *conf, struct fetcher **ret_fetcher, struct error *err);

/* Limits, agent and allow list anew; those in flight end under the old ones. An error (http.allow)
 * changes nothing. */
int fetcher_reload(struct fetcher *fetcher, const struct conf *conf, struct error *err);

/* Queue a GET; on_result is called exactly once, from the loop, never from within this call.
 * Returns a ticket for fetch_cancel(). */
uint64_t fetch_start(struct fetcher *fetcher, const struct fetch_request *request,
    fetch_on_result *on_result, void *ctx);
void fetch_cancel(struct fetcher *fetcher, uint64_t ticket); /* on_result is not called any more */

/* A page that waits is wanted for that feed, too: it takes the turn of who holds fewer places. */
void fetch_wanted(struct fetcher *fetcher, uint64_t ticket, int64_t on_behalf);

size_t fetch_in_flight(const struct fetcher *fetcher);
size_t fetch_waiting(const struct fetcher *fetcher);
/* "https://example.org:443" of an http or https address. Good enough to tell hosts apart; libcurl
 * reads the address itself. */
enum { FETCH_ORIGIN = 300 };
int fetch_origin(const char *url, char key[FETCH_ORIGIN], struct error *err);

/* requests queued for the host of url, and the least time between two of them (may be NULL) */
size_t fetch_host_waiting(const struct fetcher *fetcher, const char *url, int64_t *ret_spacing);

/* A host grants so many requests a minute and no more; 0: it does so no longer. From the loop. */
void fetcher_on_limit(struct fetcher *fetcher,
    void (*on_limit)(void *ctx, const char *origin, int per_minute), void *ctx);

/* While held no request begins; those under way go on. For an owner who cannot take more answers.
 */
void fetcher_hold(struct fetcher *fetcher, bool held);

/* Bodies are charged to that budget and wait for room in it, at no cost of their time. It outlives
 * the fetcher. */
struct budget;
void fetcher_share(struct fetcher *fetcher, struct budget *budget);

/* One header of a result, its name in lower case; an empty string when absent. */
struct bytes fetch_header(const struct fetch_result *result, const char *name);

/* Requests that are queued or under way end with E_STOPPED, and fetch_start() returns 0 from now
 * on. on_closed comes from the loop, when all handles are closed and the fetcher is freed. */
void fetcher_close(struct fetcher *fetcher, void (*on_closed)(void *ctx), void *ctx);

#endif
