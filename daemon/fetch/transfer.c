/* transfer.c - one request on its way: what may come back, and how it ended. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "fetch/header.h"
#include "fetch/private.h"

/* Slower than this, over this long, is not worth a place among those in flight. */
enum { PACE_BYTES = 64, PACE_SECONDS = 10 };

/* The body of a redirect is thrown away. It is read only that the connection can be used again: so
 * much of it, so long, since a new connection takes about as long. */
enum { REDIRECT_BODY = 64 << 10, REDIRECT_WAIT = SECOND };

enum { BODY_KEPT = 4 << 10 }; /* larger buffers are not kept for the next request */

/* Seconds a host's addresses are believed; each request looks through all that are. */
enum { NAMES_KEPT = 1 };

static size_t stop(struct transfer *transfer, int code, const char *what, int64_t limit)
{
    fail(&transfer->err, code, "%s of over %lld bytes", what, (long long)limit);
    return 0;
}

static void head_begin(struct transfer *transfer, struct bytes line)
{
    int64_t status = 0;

    transfer->in_head = true;
    buf_clear(&transfer->headers);
    bytes_cut(&line, ' ');
    bytes_to_int(bytes_slice(bytes_trim(line), 0, 3), &status);
    transfer->status = (int)status;
}

static bool is_number(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]))
            return false;
    return text.len > 0;
}

/* RFC 9110 section 8.6: the same length said twice, in one line or two, is that length; several
 * that differ are an error, as is one that is no number. */
static int add_length(struct transfer *transfer, struct bytes value, int64_t *length)
{
    do {
        struct bytes member = bytes_trim(bytes_cut(&value, ','));
        int64_t said;

        if (!bytes_to_int(member, &said)) {
            if (!is_number(member))
                return fail(&transfer->err, E_FORMAT, "a Content-Length that is no number");
            said = INT64_MAX;
        }
        if (*length >= 0 && said != *length)
            return fail(&transfer->err, E_FORMAT, "two different Content-Length headers");
        *length = said;
    } while (value.len > 0);
    return OK;
}

/* RFC 9112 section 6.3: chunks are as long as they say, whatever else is said. */
static int check_length(struct transfer *transfer)
{
    struct bytes headers = buf_bytes(&transfer->headers);
    int64_t limit = transfer->fetch->max_body;
    int64_t length = -1;

    if (is_redirect(transfer->status) || header_find(headers, "transfer-encoding").ptr != NULL)
        return OK;
    while (headers.len > 0) {
        struct bytes value = header_next(&headers, "content-length");

        if (value.ptr != NULL && add_length(transfer, value, &length) != OK)
            return transfer->err.code;
    }
    if (length > limit && transfer->status != 304 && !transfer->fetch->cut)
        return fail(&transfer->err, E_LIMIT, "a body of over %lld bytes", (long long)limit);
    return OK;
}

static size_t on_header(char *data, size_t size, size_t count, void *ctx)
{
    struct transfer *transfer = ctx;
    struct bytes line = {data, size * count};

    transfer->wire += (int64_t)line.len;
    if (++transfer->header_lines > HEADER_LINES) {
        fail(&transfer->err, E_LIMIT, "more than %d header lines", HEADER_LINES);
        return 0;
    }
    if (!transfer->in_head && bytes_starts(line, LIT("HTTP/"))) {
        head_begin(transfer, line);
        return line.len;
    }
    if (!transfer->in_head)
        return line.len; /* a trailer after the last chunk */
    if (line.ptr[0] == '\r' || line.ptr[0] == '\n') {
        transfer->in_head = false;
        transfer->head_at = clock_mono();
        return transfer->status < 200 || check_length(transfer) == OK ? line.len : 0;
    }
    header_add(&transfer->headers, line);
    if (transfer->headers.over)
        return stop(transfer, E_LIMIT, "headers", HEADER_BYTES);
    return line.len;
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    struct transfer *transfer = ctx;
    size_t len = size * count;
    int64_t limit = transfer->fetch->max_body;

    if (!is_redirect(transfer->status) && !room_for(transfer, len))
        return CURL_WRITEFUNC_PAUSE; /* the same bytes come again */
    transfer->wire += (int64_t)len;
    if (is_redirect(transfer->status)) {
        transfer->dropped += (int64_t)len;
        return transfer->dropped > REDIRECT_BODY ? 0 : len;
    }
    if (transfer->fetch->cut && (int64_t)transfer->body.len + (int64_t)len > limit) {
        buf_add(&transfer->body, (struct bytes){data, (size_t)limit - transfer->body.len});
        return 0; /* no more of it; is_enough() knows */
    }
    if ((int64_t)transfer->body.len + (int64_t)len > limit)
        return stop(transfer, E_LIMIT, "a body", limit);
    buf_add(&transfer->body, (struct bytes){data, len});
    return len;
}

/* Second line of the guard, also for connections that were opened under an older allow list. */
static int on_before_request(void *ctx, char *address, char *local, int port, int local_port)
{
    struct transfer *transfer = ctx;
    const char *why = NULL;

    (void)local;
    (void)port;
    (void)local_port;
    if (fetch_is_proxied(transfer->fetch) || /* the proxy's own address */
        guard_allows_text(transfer->fetcher->guard, address, &why))
        return CURL_PREREQFUNC_OK;
    transfer->refused = why;
    snprintf(transfer->address, sizeof(transfer->address), "%s", address);
    return CURL_PREREQFUNC_ABORT;
}

static void set_callbacks(struct transfer *transfer)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_text);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, sock_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, sock_close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, transfer->fetcher);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
}

/* What is the same for all requests. Times are kept by transfers_check(), so libcurl needs no
 * timers of its own. */
static void set_options(struct transfer *transfer)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, ""); /* not the environment's either */
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, transfer->fetcher->user_agent);
    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(easy, CURLOPT_CAPATH, transfer->fetcher->ca_path);
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, (long)NAMES_KEPT);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* or a slow resolver would hold up the loop */
}

static struct transfer *transfer_new(struct fetcher *fetcher)
{
    struct transfer *transfer = calloc(1, sizeof(*transfer));

    if (transfer == NULL || (transfer->easy = curl_easy_init()) == NULL)
        arena_out_of_memory(sizeof(*transfer));
    transfer->fetcher = fetcher;
    transfer->generation = fetcher->generation;
    transfer->headers.limit = HEADER_BYTES;
    set_callbacks(transfer);
    set_options(transfer);
    return transfer;
}

void transfer_free(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    buf_done(&transfer->request);
    buf_done(&transfer->headers);
    buf_done(&transfer->body);
    free(transfer);
}

static void set_active(struct transfer *transfer)
{
    struct fetcher *fetcher = transfer->fetcher;

    if (fetcher->active_count == fetcher->active_cap) {
        fetcher->active_cap = fetcher->active_cap == 0 ? 64 : fetcher->active_cap * 2;
        fetcher->active = realloc(fetcher->active, fetcher->active_cap * sizeof(struct transfer *));
        if (fetcher->active == NULL)
            arena_out_of_memory(fetcher->active_cap * sizeof(struct transfer *));
    }
    transfer->place = fetcher->active_count;
    fetcher->active[fetcher->active_count++] = transfer;
}

void transfer_begin(struct fetcher *fetcher, struct fetch *fetch, int64_t now)
{
    struct transfer **pool = &fetcher->pools[fetch->host->tls];
    struct transfer *transfer = *pool;
    long closes;

    if (transfer != NULL)
        *pool = transfer->next;
    else
        transfer = transfer_new(fetcher);
    transfer->tls = fetch->host->tls;
    transfer->fetch = fetch;
    fetch->transfer = transfer;
    transfer->shard = shard_get(fetcher, fetch->host->hash, fetch->host->tls);
    transfer->started = now;
    transfer->deadline = transfer->started + fetch->time_left;
    set_active(transfer);
    request_set(transfer);
    fetch_access_set(transfer);
    retry_set(transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_URL, fetch_url(fetch));
    if (transfer->share != transfer->shard->share) {
        transfer->share = transfer->shard->share;
        curl_easy_setopt(transfer->easy, CURLOPT_SHARE, transfer->share);
    }
    closes = !shard_has_room(transfer->shard, fetch->host);
    if (transfer->closes != closes)
        curl_easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, closes);
    transfer->closes = closes;
    curl_multi_add_handle(transfer->shard->multi, transfer->easy);
}

/* Off the multi handle, its host free for the next request; what it collected stays for now. */
static void transfer_end(struct transfer *transfer, int64_t now)
{
    struct fetcher *fetcher = transfer->fetcher;
    struct transfer *last = fetcher->active[--fetcher->active_count];
    int64_t took = now - transfer->started;

    room_step_back(transfer);
    curl_multi_remove_handle(transfer->shard->multi, transfer->easy);
    fetcher->active[transfer->place] = last;
    last->place = transfer->place;
    transfer->fetch->elapsed += took;
    transfer->fetch->time_left -= took;
    transfer->fetch->transfer = NULL;
    host_release(fetcher, transfer->fetch, now);
}

static void transfer_recycle(struct transfer *transfer)
{
    struct fetcher *fetcher = transfer->fetcher;

    transfer->fetch = NULL;
    error_clear(&transfer->err);
    transfer->refused = NULL;
    transfer->address[0] = '\0';
    transfer->curl_text[0] = '\0';
    transfer->header_lines = 0;
    transfer->status = 0;
    transfer->reach = FETCH_UNASKED;
    transfer->sock = 0;
    transfer->in_head = false;
    transfer->wire = 0;
    transfer->dropped = 0;
    transfer->pace_since = 0;
    buf_clear(&transfer->headers);
    buf_clear(&transfer->body);
    if (transfer->body.cap > BODY_KEPT)
        buf_done(&transfer->body);
    room_leave(transfer);
    if (fetcher->closing || transfer->generation != fetcher->generation) {
        transfer_free(transfer);
        return;
    }
    transfer->next = fetcher->pools[transfer->tls];
    fetcher->pools[transfer->tls] = transfer;
}

void transfer_abort(struct transfer *transfer)
{
    transfer_end(transfer, clock_mono());
    transfer_recycle(transfer);
}

/* All that is wanted has come, however it went on: a redirect's header, a body's beginning. */
static bool is_enough(const struct transfer *transfer, CURLcode result)
{
    if (is_redirect(transfer->status))
        return !transfer->in_head;
    return result == CURLE_WRITE_ERROR && transfer->fetch->cut &&
           (int64_t)transfer->body.len == transfer->fetch->max_body;
}

/* Fill transfer->err from libcurl's result, unless a callback already knew better. */
static void judge(struct transfer *transfer, CURLcode result)
{
    if (transfer->err.code != OK || is_enough(transfer, result))
        return;
    if (result == CURLE_OK) { /* also where a kept connection ends within the header */
        if (transfer->in_head)
            fail(&transfer->err, E_NETWORK, "the connection ended within the headers");
        else if (transfer->status < 200)
            fail(&transfer->err, E_FORMAT, "no HTTP status");
        return;
    }
    if (transfer->refused != NULL) {
        fail(&transfer->err, E_REFUSED, "address %s is not public: %s; http.allow lets it through",
            transfer->address, transfer->refused);
        return;
    }
    fetch_fail(result, transfer->curl_text, &transfer->err);
}

/* Put the URL before the error; a password in it is nobody's business. */
static void name_url(struct error *err, const char *url)
{
    struct bytes rest = bytes_of(url);
    struct bytes scheme = bytes_slice(rest, 0, bytes_find(rest, LIT("//")) + 2);
    struct bytes host;
    size_t at;

    rest = bytes_from(rest, scheme.len);
    host = bytes_slice(rest, 0, strcspn(url + scheme.len, "/?#"));
    for (at = host.len; at > 0 && host.ptr[at - 1] != '@'; at--)
        continue;
    rest = bytes_slice(bytes_from(rest, at), 0, 200);
    fail_in(err, "%.*s%.*s", FMT(scheme), FMT(rest));
}

/* For how long the answer wants to be left alone, -1 for nothing said. */
static int64_t said_wait(const struct transfer *transfer, const struct head *head, int64_t wall)
{
    int64_t said = head_retry_after(head, wall);

    return said < 0 && transfer->status == 429 ? head_reset(buf_bytes(&transfer->headers), wall)
                                               : said;
}

static void report(struct transfer *transfer, const struct head *head, int64_t wait, int64_t wall)
{
    struct fetch *fetch = transfer->fetch;
    char etag[VALIDATOR_LIMIT + 1];
    char last_modified[VALIDATOR_LIMIT + 1];
    const char *address = NULL;
    struct arena *scratch = arena_new(1 << 20); /* takes memory for a login only */
    const char *url = fetch->one_hop ? fetch->url : fetch_url(fetch);
    struct fetch_result result = {
        .code = transfer->err.code,
        .error = transfer->err.code == OK ? NULL : transfer->err.text,
        .status = transfer->status,
        .url =
            !fetch_has_login(url) ? url : bytes_cstr(scratch, url_public(scratch, bytes_of(url))),
        .next = fetch->one_hop && transfer->err.code == OK ? fetch->moved : NULL,
        .cookies = fetch->jar.len > 0 ? buf_cstr(&fetch->jar) : NULL,
        .redirects = fetch->redirects,
        .moved_to = fetch->redirects > 0 && fetch->permanent && !fetch_has_login(fetch->moved)
                        ? fetch->moved
                        : NULL,
        .body = buf_bytes(&transfer->body),
        .headers = buf_bytes(&transfer->headers),
        .conditional = fetch->conditional,
        .etag = header_validator(head->etag, etag),
        .last_modified = header_validator(head->last_modified, last_modified),
        .held = fetch->held_for > 0,
        .limited = fetch->limited,
        .retry_after = fetch->held_for > 0 ? fetch->held_for : wait,
        .reach = transfer->reach,
        .looked_up = transfer->looked_up,
        .verified = transfer->verified,
        .max_age = head_max_age(head, wall),
        .elapsed = fetch->elapsed,
        .wire_bytes = transfer->wire,
    };

    if (transfer->address[0] == '\0')
        curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &address);
    result.address = address == NULL ? transfer->address : address;
    fetch_finish(fetch, transfer->fetcher, &result);
    arena_free(scratch);
}

/* A host that hangs costs a place for as long as a request may take; so much of it is "hanging". */
enum { HANG_PART = 2 };

static void judge_host(struct transfer *transfer, int64_t wait, int64_t now)
{
    struct fetch *fetch = transfer->fetch;

    if (transfer->err.code == OK)
        host_answered(transfer->fetcher, fetch, transfer->status, wait);
    else if (now - transfer->started >= transfer->fetcher->timeout / HANG_PART)
        host_hung(transfer->fetcher, fetch, transfer->started);
}

static bool is_untrusted(CURLcode result)
{
    return result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE ||
           result == CURLE_SSL_ISSUER_ERROR;
}

/* How far the hop came; of a kept connection nothing is learned of names and certificates. */
static void judge_reach(struct transfer *transfer, CURLcode result)
{
    curl_off_t looked_up = 0;
    long connects = 0;
    bool answered = transfer->wire > 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connects);
    transfer->looked_up = !transfer->fetch->host->numeric && looked_up > 0 &&
                          (connects > 0 || result == CURLE_COULDNT_CONNECT);
    transfer->verified = answered && connects > 0 && transfer->tls;
    if (answered)
        transfer->reach = FETCH_ANSWERED;
    else if (transfer->refused != NULL || result == CURLE_URL_MALFORMAT)
        transfer->reach = FETCH_UNASKED;
    else if (is_untrusted(result))
        transfer->reach = FETCH_NO_TRUST;
    else if (result == CURLE_COULDNT_RESOLVE_HOST ||
             (result == CURLE_OPERATION_TIMEDOUT && looked_up == 0 &&
                 !transfer->fetch->host->numeric))
        transfer->reach = FETCH_NO_NAME;
    else
        transfer->reach = FETCH_NO_ANSWER;
}

/* Point the fetch to its next hop, when there is one. */
static bool goes_on(struct transfer *transfer)
{
    struct fetch *fetch = transfer->fetch;

    return transfer->err.code == OK && is_redirect(transfer->status) &&
           fetch_redirect(fetch, transfer->status, buf_bytes(&transfer->headers), &transfer->err) ==
               OK &&
           !fetch->one_hop;
}

void transfer_done(struct transfer *transfer, CURLcode result)
{
    struct fetch *fetch = transfer->fetch;
    int64_t now = clock_mono();
    int64_t wall = clock_wall();
    int64_t wait;
    struct head head;
    bool again;

    judge(transfer, result);
    again = retry_wanted(transfer, result);
    if (result == CURLE_URL_MALFORMAT)
        transfer->generation =
            0; /* libcurl 7.88 leaks a connection when such a handle is used again */
    if (transfer->in_head || transfer->status < 200) { /* it may have gone on in another way */
        transfer->status = 0;
        buf_clear(&transfer->headers);
    }
    head_read(buf_bytes(&transfer->headers), &head);
    wait = said_wait(transfer, &head, wall);
    judge_host(transfer, wait, now);
    judge_reach(transfer, result);
    transfer_end(transfer, now);
    if (again)
        error_clear(&transfer->err);
    if ((again || goes_on(transfer)) &&
        host_enqueue(transfer->fetcher, fetch, true, &transfer->err) == OK) {
        transfer_recycle(transfer);
        return;
    }
    if (transfer->err.code != OK)
        name_url(&transfer->err, fetch_url(fetch));
    report(transfer, &head, wait, wall);
    transfer_recycle(transfer);
}

/* How far a request has come that takes too long. */
static const char *phase(const struct transfer *transfer)
{
    curl_off_t looked_up = 0;
    curl_off_t connected = 0;
    curl_off_t sent = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    curl_easy_getinfo(transfer->easy, CURLINFO_CONNECT_TIME_T, &connected);
    curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
    if (transfer->wire > 0)
        return transfer->body.len > 0 ? "the body was not complete"
                                      : "the headers were not complete";
    if (sent > 0)
        return "no answer came";
    if (connected > 0 || (transfer->tls && sock_is_connected(transfer)))
        return "no TLS connection came about";
    return looked_up > 0 ? "no connection came about" : "the host's name was not resolved";
}

static void check(struct transfer *transfer, int64_t now)
{
    int64_t seconds = (transfer->fetch->elapsed + now - transfer->started + SECOND / 2) / SECOND;

    if (transfer->paused_at != 0)
        return; /* by us */
    if (now >= transfer->deadline) {
        fail(&transfer->err, E_TIMEOUT, "%s within %lld s", phase(transfer), (long long)seconds);
        transfer_done(transfer, CURLE_OPERATION_TIMEDOUT);
        return;
    }
    if (transfer->wire == 0)
        return;
    if (is_redirect(transfer->status) && !transfer->in_head &&
        now - transfer->head_at >= REDIRECT_WAIT) {
        transfer_done(transfer, CURLE_ABORTED_BY_CALLBACK);
        return;
    }
    if (transfer->pace_since == 0) {
        transfer->pace_since = now;
        transfer->pace_bytes = transfer->wire;
    }
    if (now - transfer->pace_since < (int64_t)PACE_SECONDS * SECOND)
        return;
    if (transfer->wire - transfer->pace_bytes < (int64_t)PACE_BYTES * PACE_SECONDS) {
        fail(&transfer->err, E_TIMEOUT, "too slow: %lld bytes in %d s",
            (long long)(transfer->wire - transfer->pace_bytes), PACE_SECONDS);
        transfer_done(transfer, CURLE_OPERATION_TIMEDOUT);
        return;
    }
    transfer->pace_since = now;
    transfer->pace_bytes = transfer->wire;
}

void transfers_check(struct fetcher *fetcher, int64_t now)
{
    rooms_check(fetcher, now);
    /* From the end, since each that ends is replaced by the last one. */
    for (size_t i = fetcher->active_count; i > 0; i--)
        if (i <= fetcher->active_count)
            check(fetcher->active[i - 1], now);
}
