/* request.c - what is sent: the header lines of a hop, and a form. */
#include "fetch/cookie.h"
#include "fetch/private.h"

static void add_line(struct transfer *transfer, const char *name, const char *value)
{
    buf_add_cstr(&transfer->request, name);
    buf_add(&transfer->request, (struct bytes){value, strlen(value) + 1});
}

/* Only who gave them knows what they mean (RFC 9110 section 8.8). A query may change from one
 * redirect to the next, as signatures of content networks do. */
static bool gave_validators(const struct fetch *fetch)
{
    const char *from = fetch->validated[0] == '\0' ? fetch->url : fetch->validated;
    const char *to = fetch_url(fetch);
    size_t len = strcspn(to, "?#");

    return strcspn(from, "?#") == len && strncmp(from, to, len) == 0;
}

static void add_validators(struct transfer *transfer)
{
    struct fetch *fetch = transfer->fetch;
    bool has_any = fetch->etag[0] != '\0' || fetch->last_modified[0] != '\0';

    fetch->conditional = has_any && gave_validators(fetch);
    if (fetch->conditional && fetch->etag[0] != '\0')
        add_line(transfer, "If-None-Match: ", fetch->etag);
    if (fetch->conditional && fetch->last_modified[0] != '\0')
        add_line(transfer, "If-Modified-Since: ", fetch->last_modified);
}

/* Lines of `access`; returns its cookie, which is still to be sent, or NULL. */
static const char *add_access(struct transfer *transfer)
{
    const char *line = fetch_access_lines(transfer->fetch);
    const char *cookie = NULL;

    for (; line[0] != '\0'; line += strlen(line) + 1) {
        if (bytes_starts_nocase(bytes_of(line), LIT("cookie:")))
            cookie = line;
        else
            add_line(transfer, line, "");
    }
    return cookie;
}

/* One line for all cookies (RFC 6265 section 5.4): that of `access` and those of the hops before.
 */
static void add_cookies(struct transfer *transfer, const char *cookie)
{
    struct buf *request = &transfer->request;
    size_t start = request->len;
    size_t named;

    if (cookie == NULL && transfer->fetch->jar.len == 0)
        return;
    buf_add_cstr(request, cookie == NULL ? "Cookie: " : cookie);
    if (cookie != NULL && transfer->fetch->jar.len > 0)
        buf_add(request, LIT("; "));
    named = request->len;
    cookies_write(buf_bytes(&transfer->fetch->jar), fetch_url(transfer->fetch), request);
    if (request->len == named)
        request->len = cookie == NULL ? start : start + strlen(cookie);
    if (request->len > start)
        buf_add_byte(request, '\0');
}

/* The header lines of the request, as a list within transfer. */
static void set_lines(struct transfer *transfer)
{
    struct fetch *fetch = transfer->fetch;
    size_t count = 0;
    size_t at = 0;

    buf_clear(&transfer->request);
    add_line(transfer, "Accept-Encoding: ", "gzip, br, zstd");
    if (fetch->accept[0] != '\0')
        add_line(transfer, "Accept: ", fetch->accept);
    add_validators(transfer);
    for (const char *line = fetch->lines; line[0] != '\0' && fetch->same_origin;
         line += strlen(line) + 1)
        add_line(transfer, line, "");
    add_cookies(transfer, add_access(transfer));
    if (fetch->form != NULL)
        add_line(transfer, "Expect:", ""); /* no waiting for a leave to send so little */
    while (at < transfer->request.len) {
        struct curl_slist *line = &transfer->lines[count++];

        line->data = transfer->request.ptr + at;
        line->next = line + 1;
        at += strlen(line->data) + 1;
    }
    transfer->lines[count - 1].next = NULL;
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->lines);
}

static void set_method(struct transfer *transfer)
{
    const struct fetch *fetch = transfer->fetch;

    if (fetch->form != NULL) {
        curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE, (long)strlen(fetch->form));
        curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, fetch->form);
    } else if (transfer->posts) {
        curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, NULL);
        curl_easy_setopt(transfer->easy, CURLOPT_HTTPGET, 1L);
    }
    transfer->posts = fetch->form != NULL;
}

void request_set(struct transfer *transfer)
{
    set_lines(transfer);
    set_method(transfer);
}
