/* private.h - what the files of fetch share: queue of hosts (fetch.c, host.c), whose turn it is
 * (turn.c), one request on its way (request.c, transfer.c) or asked once more (retry.c), libcurl on
 * the loop (shard.c) and its sockets (sock.c), redirects (redirect.c). */
#ifndef WIREROOM_FETCH_PRIVATE_H
#define WIREROOM_FETCH_PRIVATE_H

#include <curl/curl.h>
#include <sys/queue.h>

#include "base/due.h"
#include "base/table.h"
#include "conf/conf_access.h"
#include "fetch/fetch.h"
#include "fetch/guard.h"
#include "fetch/throttle.h"
#include "text/url.h"

/* One multi handle gets slow with thousands of connections, so hosts are hashed to many; each has
 * its connections, its names, its TLS sessions. TLS connections have shards of their own: each
 * holds some 50 KiB, so fewer are kept. */
enum { SHARDS = 64, SHARD_KINDS = 2, KEEP_PLAIN = 256, KEEP_TLS = 16 };

/* A host's requests stand in two lanes, each with places and holds of its own: feeds with all that
 * the operator asks for, and pages, whose number and addresses are up to those who write feeds.
 * Each leaves the other some places, so that hosts that hang stop one of them at most: pages a
 * quarter, feeds an eighth. */
enum lane_kind { LANE_FEEDS, LANE_PAGES, LANES };
enum { LEFT_BY_PAGES = 4, LEFT_BY_FEEDS = 8 };

/* What waits: a poll of a feed that was well, one of a feed that is new or fails, and all else,
 * which is not kept waiting by polls. */
enum rank { RANK_PROMPT, RANK_WELL, RANK_NEW, RANKS };

/* A line that may begin is listed as one that was answered before, or as one that may hang. */
enum listing { LISTED_WELL, LISTED_NEW, LISTINGS, LISTED_NOT = LISTINGS };

/* Hosts whose pages came are remembered, in 128 KiB; two of one place forget each other, and are
 * new ones again. */
enum { KNOWN_HOSTS = 1 << 14 };

/* Hosts remembered for their faults over HTTP/2; two of one place forget each other. */
enum { HTTP1_HOSTS = 1024 };

enum again { AGAIN_NOT, AGAIN_FRESH, AGAIN_HTTP1 };

enum { REDIRECTS = 10, REQUEST_LINES = 32 };

/* A request, from fetch_start() to its result; one allocation with its strings, `moved` excepted.
 */
struct fetch {
    STAILQ_ENTRY(fetch) entry; /* in its line, or among those that failed before they began */
    struct line *line;         /* where it waits */
    struct share *share;       /* while it waits or is on its way */
    uint64_t came;             /* into the line, or among the failed, by count */
    enum rank rank;
    int64_t feed; /* a page's: fetch_request.on_behalf */
    uint64_t ticket;
    fetch_on_result *on_result;
    void *ctx;
    struct host *host;
    struct transfer *transfer;   /* while it is on its way */
    struct fetch_access *access; /* or NULL */
    const char *url;             /* asked for */
    const char *etag, *last_modified, *validated, *accept;
    const char *lines; /* own header lines, one after the other, an empty one at the end */
    const char *form;  /* sent by POST, or NULL */
    int64_t max_body;
    int64_t time_left, elapsed;
    char *moved;        /* URL of this hop after a redirect, or NULL */
    struct buf visited; /* URLs of the hops since a cookie was set, each with a NUL */
    struct buf jar;     /* cookies of its hops */
    int redirects;
    enum again again; /* it failed before an answer began, and goes over a new connection */
    int64_t held_for; /* its host wants to be left alone for so long */
    bool cut;         /* its body may be longer than max_body: the rest is not read */
    bool one_hop;     /* its redirect is the result */
    bool was_well;    /* its last answer was good */
    bool limited;     /* what it got is the host's doing, not its own */
    enum lane_kind lane;
    uint64_t witness; /* hash of the address that was asked first */
    bool permanent;   /* all hops so far were 301 or 308 */
    bool same_origin; /* the hop goes to the origin that was asked first: own headers are sent */
    bool conditional; /* validators went with this hop */
    struct error *failed; /* before it began, else NULL */
    char text[];
};

STAILQ_HEAD(fetch_queue, fetch);

/* What is asked of a host on behalf of one feed; of polls all that is. */
struct line {
    struct lane *lane;
    struct share *share;
    struct fetch_queue queues[RANKS];
    size_t waiting;
    enum listing listed;
    TAILQ_ENTRY(line) in_lane, in_turn;
};
TAILQ_HEAD(line_list, line);

/* Lines of one that may begin, in turn, and its own place among others. */
struct turn {
    struct share *share;
    struct line_list lines;
    uint64_t since; /* it waits for its turn, by count */
    TAILQ_ENTRY(turn) in_ring;
};
TAILQ_HEAD(ring, turn);

/* What a feed holds and wants for its pages, or a host for the polls of its feeds. */
struct share {
    int64_t feed;
    size_t requests; /* that wait or are on their way */
    size_t taken;    /* places */
    int hangs;       /* in a row */
    bool is_host;
    struct turn turns[LISTINGS];
};

/* One of a host's two. */
struct lane {
    struct host *host;
    struct line_list lines; /* with requests waiting */
    size_t waiting;
    bool ready;
    bool known;       /* of pages: it has answered, and did not hang since */
    int64_t begun_at; /* the last request */
    struct throttle throttle;
};

/* scheme://host:port with requests waiting or under way, not yet cool, or to be remembered; else
 * gone. */
struct host {
    struct lane lanes[LANES];
    struct line polls; /* the one line of LANE_FEEDS */
    struct share polled;
    struct heap_node cooling;
    enum lane_kind last; /* the lane of the last request */
    size_t waiting;
    int active;
    int64_t begun_at; /* the last request */
    int64_t ready_at;
    int told; /* requests a minute that it is said to grant, 0: nothing was said */
    uint64_t hash;
    bool tls, numeric; /* its name is an address */
    char key[];
};

/* A host that failed over HTTP/2. */
struct http1 {
    uint64_t hash;
    int64_t until;
    int faults;
};

struct shard {
    struct fetcher *fetcher;
    CURLM *multi;
    CURLSH *share;
    uv_timer_t timer;
    struct table live; /* connections by host */
    bool due;          /* libcurl wants to be called at once */
    struct shard *next_due;
};

/* An easy handle and what it collects; pooled, those for TLS apart: libcurl 7.88 makes a handle
 * that has no share a table of TLS sessions even for plain HTTP, and loses it when it gets a share.
 */
struct transfer {
    struct fetcher *fetcher;
    struct fetch *fetch;
    struct shard *shard;
    struct transfer *next; /* in the pool */
    size_t place;          /* in fetcher->active */
    size_t generation;
    CURL *easy;
    CURLSH *share; /* of the shard it was last used on */
    bool tls;
    long closes; /* its connection is closed after the request */
    bool posts;  /* the easy handle is set for a POST */
    bool http1;  /* and for HTTP/1.1 */
    bool fresh;  /* and for a new connection */
    struct curl_slist lines[REQUEST_LINES + ACCESS_HEADERS + 6];
    struct buf request, headers, body;
    int header_lines;
    bool in_head;
    int status;
    int64_t wire, dropped;
    int64_t head_at; /* when the header of a redirect was complete */
    int64_t started, deadline;
    size_t room;                    /* of the budget, for body */
    bool in_part;                   /* and it may want more */
    size_t wanted;                  /* bytes of the body that are to be read, while it waits */
    int64_t paused_at;              /* it waits for room since then, 0 when it does not */
    int64_t turn;                   /* of those that wait the least is next */
    bool aside;                     /* and has no place meanwhile */
    int64_t pace_since, pace_bytes; /* slowness is judged from here */
    struct error err;               /* found in a callback; wins over libcurl's */
    bool has_proxy;                 /* the easy handle has a proxy or a certificate */
    curl_socket_t fd;               /* opened last for it, and its number; 0: none was */
    uint32_t sock;
    enum fetch_reach reach;
    bool looked_up, verified;
    const char *refused; /* why the guard refused address */
    char address[64];
    char curl_text[CURL_ERROR_SIZE];
};

struct fetcher {
    uv_loop_t *loop;
    const struct conf *conf; /* the owner's, until the next reload */
    struct guard *guard;
    int64_t per_host, spacing, timeout, max_body, max_in_flight;
    char *user_agent, *ca_path;
    size_t generation; /* of the settings above; older easy handles are not used again */
    struct shard *shards[SHARDS * SHARD_KINDS];
    struct shard *due;
    long keep[SHARD_KINDS]; /* idle connections of a shard */
    struct sock **socks;    /* by file descriptor */
    size_t socks_cap;
    uint32_t sock_serial;
    int epoll;         /* of the sockets */
    uv_poll_t ready;   /* something has come on one of them */
    uv_timer_t gather; /* instead of ready, while much comes */
    uint64_t ready_at; /* milliseconds of the loop's clock */
    struct table hosts;
    struct places {
        struct ring rings[LISTINGS]; /* those with lines that may begin, the next one first */
        int64_t taken, most;
    } places[LANES];
    struct table shares, lines; /* of pages: by feed, by feed and host */
    uint64_t came;              /* requests and turns, by count */
    uint64_t known[KNOWN_HOSTS];
    enum lane_kind last_lane; /* of the last request begun */
    struct due cooling;       /* and the looks at those in flight */
    void (*on_limit)(void *ctx, const char *origin, int per_minute);
    void *limit_ctx;
    STAILQ_HEAD(, fetch) failed; /* before they began */
    uint64_t failed_count;
    struct transfer *pools[SHARD_KINDS];
    struct http1 http1[HTTP1_HOSTS]; /* by hash */
    struct transfer **active;
    size_t active_count, active_cap, waiting;
    struct budget *budget;            /* NULL: none */
    size_t paused_count, aside_count; /* of active: that wait for room, and without a place */
    size_t roomy_count;               /* of active: that have some of the budget */
    size_t room_in_part;              /* bytes of those that may want more */
    struct slot *slots;               /* by ticket */
    size_t slots_cap, free_slot;
    uv_timer_t kick;
    size_t handles; /* libuv's, not yet closed */
    bool busy;      /* pump() comes anyway */
    bool held;      /* nothing begins */
    bool closing;
    void (*on_closed)(void *ctx);
    void *closed_ctx;
};

/* turn.c */
void turn_open(struct fetcher *fetcher);
void turn_close(struct fetcher *fetcher);
void turn_host(struct host *host); /* a new one */
void turn_enter(struct fetcher *fetcher, struct fetch *fetch, bool at_head);
void turn_leave(struct fetcher *fetcher, struct fetch *fetch); /* it waits no more */
void turn_take(
    struct fetcher *fetcher, struct fetch *fetch); /* it waits no more, and has a place */
void turn_give(struct fetcher *fetcher, struct fetch *fetch); /* it is over */
/* It gives its place back, or takes it, and stays on its way. */
void turn_aside(struct fetcher *fetcher, struct fetch *fetch, bool aside);
/* Its lines may begin, or may not, or are thought of in another way. */
void turn_list(struct fetcher *fetcher, struct lane *lane);
/* Whose turn it is, of all or of a lane that is ready: NULL for nobody's. */
struct fetch *turn_next(const struct fetcher *fetcher, enum lane_kind kind);
struct fetch *turn_first(const struct lane *lane); /* of those that wait */
struct fetch *turn_of_lane(const struct fetcher *fetcher, const struct lane *lane);
void turn_move(struct fetcher *fetcher, struct fetch *fetch, int64_t feed);
static inline bool fetch_waits(const struct fetch *fetch)
{
    return fetch->line != NULL;
}

/* host.c */
int host_enqueue(struct fetcher *fetcher, struct fetch *fetch, bool at_head, struct error *err);
void host_dequeue(struct fetcher *fetcher, struct fetch *fetch);
/* It is over: the next one may begin. */
void host_release(struct fetcher *fetcher, struct fetch *fetch, int64_t now);
void hosts_begin(struct fetcher *fetcher);
void hosts_limit(struct fetcher *fetcher); /* max_in_flight is another one */
/* It has answered, with so much as Retry-After in microseconds or -1; it has not, within its time.
 */
void host_answered(struct fetcher *fetcher, struct fetch *fetch, int status, int64_t retry_after);
void host_hung(struct fetcher *fetcher, struct fetch *fetch, int64_t begun);
void hosts_cool(struct fetcher *fetcher, int64_t now); /* those that may be asked again by now */

/* shard.c */
struct shard *shard_get(struct fetcher *fetcher, uint64_t hash, bool tls);
bool shard_has_room(const struct shard *shard, const struct host *host);
void shard_free(struct shard *shard);
void shards_limit(struct fetcher *fetcher);
void shards_run(struct fetcher *fetcher); /* those that are due */
void shard_drain(struct shard *shard);    /* hand out what libcurl has finished */

/* sock.c; the first three are libcurl's callbacks */
curl_socket_t sock_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *address);
int sock_close(void *ctx, curl_socket_t fd);
int sock_watch(CURL *easy, curl_socket_t fd, int what, void *ctx, void *data);
/* Whether the socket that was opened last for it has got through to the other side. */
bool sock_is_connected(const struct transfer *transfer);
int socks_init(struct fetcher *fetcher, struct error *err);
void socks_done(struct fetcher *fetcher); /* once libcurl's handles are gone */

/* fetch.c */
void fetcher_timer(struct fetcher *fetcher, uv_timer_t *timer, void *data);
void fetcher_handle_closed(uv_handle_t *handle);

/* transfer.c */
void transfer_begin(struct fetcher *fetcher, struct fetch *fetch, int64_t now);
void transfer_done(struct transfer *transfer, CURLcode result); /* libcurl is through with it */
void transfer_abort(struct transfer *transfer);                 /* without a result */
void transfers_check(struct fetcher *fetcher, int64_t now);     /* deadlines and slowness */

/* room.c: whether so many bytes more of the body may be read now; false: it waits, and goes on by
 * rooms_check(). It has its place again, before it ends; what it held is free again. */
bool room_for(struct transfer *transfer, size_t more);
void room_step_back(struct transfer *transfer);
void room_leave(struct transfer *transfer);
void rooms_check(struct fetcher *fetcher, int64_t now);
void transfer_free(struct transfer *transfer);

/* request.c */
void request_set(struct transfer *transfer); /* lines and method of this hop */

/* retry.c */
void retry_set(struct transfer *transfer); /* version and connection of this hop */
/* Whether it is to be asked once more, as fetch->again says; notes faults of HTTP/2. */
bool retry_wanted(struct transfer *transfer, CURLcode result);

/* access.c: what is set for single feeds; NULL when there is nothing for this one. */
struct fetch_access *fetch_access_new(const struct conf *conf, const struct fetch_request *request);
void fetch_access_free(struct fetch_access *access);
/* Header lines for this hop, one after the other, an empty one at the end. */
const char *fetch_access_lines(const struct fetch *fetch);
bool fetch_is_proxied(const struct fetch *fetch);
/* Whether this hop's address may be asked of a proxy. */
int fetch_access_check(const struct fetcher *fetcher, const struct fetch *fetch, struct error *err);
/* Proxy and certificate of this hop; those of the last request go. */
void fetch_access_set(struct transfer *transfer);

/* redirect.c */
bool is_redirect(int status);
/* Has a name or password in it. */
bool fetch_has_login(const char *url);
/* Scheme, host and port are the same. */
bool fetch_same_origin(const char *a, const char *b);
/* Point fetch to the target of its redirect, whose header lines these are. */
int fetch_redirect(struct fetch *fetch, int status, struct bytes headers, struct error *err);

/* As when it was zeroed, without a walk through its text: each request has one. */
static inline void error_clear(struct error *err)
{
    err->code = OK;
    err->text[0] = '\0';
}

/* failure.c: *err is what a result means; text: libcurl's own words, empty for none. */
int fetch_fail(CURLcode result, const char *text, struct error *err);

/* fetch.c */
/* Its result, err, comes with the next pump. */
void fetch_refuse(struct fetcher *fetcher, struct fetch *fetch, const struct error *err);
static inline const char *fetch_url(const struct fetch *fetch)
{
    return fetch->moved == NULL ? fetch->url : fetch->moved;
}
void fetcher_pump(struct fetcher *fetcher);
bool fetcher_may_begin(const struct fetcher *fetcher); /* a request waits and there is room */
/* Hand out the result and free fetch. */
void fetch_finish(struct fetch *fetch, struct fetcher *fetcher, const struct fetch_result *result);

#endif
