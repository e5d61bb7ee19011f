/* retry.c - what failed before an answer began and is asked once more, and which hosts are better
 * asked over HTTP/1.1. */
#include "base/clock.h"
#include "fetch/private.h"

/* A host that failed so often over HTTP/2, each time within HTTP1_FOR of the last, is asked over
 * HTTP/1.1 for HTTP1_FOR: once may be a restart over there, and a server is mended within hours. */
enum { HTTP2_FAULTS = 2 };
static const int64_t http1_for = 6 * 3600 * (int64_t)SECOND;

static struct http1 *http1_of(const struct transfer *transfer)
{
    uint64_t hash = transfer->fetch->host->hash;

    return &transfer->fetcher->http1[hash % HTTP1_HOSTS];
}

static bool wants_http1(const struct transfer *transfer)
{
    const struct http1 *known = http1_of(transfer);

    return transfer->fetch->again == AGAIN_HTTP1 ||
           (known->hash == transfer->fetch->host->hash && known->faults >= HTTP2_FAULTS &&
               known->until > clock_mono());
}

void retry_set(struct transfer *transfer)
{
    bool http1 = transfer->tls && wants_http1(transfer);
    bool fresh = transfer->fetch->again != AGAIN_NOT;

    if (transfer->http1 != http1)
        curl_easy_setopt(transfer->easy, CURLOPT_HTTP_VERSION,
            http1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_NONE);
    if (transfer->fresh != fresh)
        curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, (long)fresh);
    transfer->http1 = http1;
    transfer->fresh = fresh;
}

static void note_fault(struct transfer *transfer)
{
    struct http1 *known = http1_of(transfer);
    uint64_t hash = transfer->fetch->host->hash;
    int64_t now = clock_mono();

    if (known->hash != hash || known->until <= now)
        *known = (struct http1){.hash = hash};
    known->faults += known->faults < HTTP2_FAULTS;
    known->until = now + http1_for;
}

/* The connection, or one stream of it, ended before its time. */
static bool is_broken(CURLcode result)
{
    return result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR ||
           result == CURLE_GOT_NOTHING || result == CURLE_PARTIAL_FILE || result == CURLE_HTTP2 ||
           result == CURLE_HTTP2_STREAM;
}

/* Whether HTTP/2 may be to blame. Before an answer began libcurl does not tell what was spoken: it
 * is its own errors then, a body cut that had not begun, or a new TLS connection that ended. */
static bool is_http2_fault(const struct transfer *transfer, CURLcode result, bool reused)
{
    long version = 0;

    if (!transfer->tls || transfer->http1)
        return false;
    if (result == CURLE_HTTP2 || result == CURLE_HTTP2_STREAM)
        return true;
    if (transfer->wire == 0)
        return result == CURLE_PARTIAL_FILE || !reused;
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &version);
    return version == CURL_HTTP_VERSION_2_0;
}

/* RFC 9110 section 9.2.2: what has no effect may be repeated; a form to a hub asks for the same
 * thing twice. A kept connection may have been closed over there before the question came: libcurl
 * repeats that itself, but counts it over the life of a handle and gives up at each sixth. */
bool retry_wanted(struct transfer *transfer, CURLcode result)
{
    struct fetch *fetch = transfer->fetch;
    long connects = 0;
    bool fault;

    if (transfer->http1 && result == CURLE_SSL_CONNECT_ERROR)
        *http1_of(transfer) = (struct http1){0}; /* HTTP/2 is all it speaks */
    if (transfer->err.code != E_NETWORK || !is_broken(result))
        return false;
    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connects);
    fault = is_http2_fault(transfer, result, connects == 0);
    if (fault)
        note_fault(transfer);
    if (fetch->again != AGAIN_NOT || transfer->wire > 0 || (!fault && connects > 0) ||
        clock_mono() >= transfer->deadline)
        return false;
    fetch->again = fault ? AGAIN_HTTP1 : AGAIN_FRESH;
    return true;
}
