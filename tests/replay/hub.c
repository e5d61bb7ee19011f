/* hub.c - commands of what a hub does: it calls back, as WebSub has it. */
#include "replay/replay.h"

#include <nettle/hmac.h>

/* What the daemon answers to a request at its callback; its loop runs meanwhile. */
static void call_back(struct replay *r, const struct buf *request, struct buf *ret_answer)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(5580)};
    int64_t until = machine_seconds() + REST_SECONDS;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char block[4096];
    ssize_t len;

    inet_pton(AF_INET, r->house.address, &at.sin_addr);
    if (connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
        die(r, "nobody listens to hubs");
    server_send(fd, request->ptr, request->len);
    while ((len = recv(fd, block, sizeof(block), MSG_DONTWAIT)) != 0) {
        if (machine_seconds() > until)
            die(r, "the hub is not answered");
        if (len > 0)
            buf_add(ret_answer, (struct bytes){block, (size_t)len});
        else
            uv_run(&r->house.loop, UV_RUN_ONCE); /* timers of its own tick */
    }
    close(fd);
    if (sscanf(buf_cstr(ret_answer), "HTTP/1.1 %d", &r->hub_status) != 1)
        die(r, "the hub was answered: %s", buf_cstr(ret_answer));
}

/* Path of the callback; "" before any hub was asked. */
static const char *callback_path(const struct replay *r)
{
    const char *host = strstr(r->web.hub.callback, "://");
    const char *path = host == NULL ? NULL : strchr(host + 3, '/');

    if (store_of(r) == NULL || path == NULL)
        die(r, "no hub was asked");
    return path;
}

void do_verify(struct replay *r)
{
    const struct web_hub *hub = &r->web.hub;
    struct buf request = {0};
    struct buf answer = {0};

    buf_printf(&request,
        "GET %s?hub.mode=%s&hub.topic=%s&hub.challenge=said-back&hub.lease_seconds=%d HTTP/1.1\r\n"
        "Host: %s\r\nConnection: close\r\n\r\n",
        callback_path(r), hub->mode, hub->topic, (int)number(r, r->words[1]), r->house.address);
    call_back(r, &request, &answer);
    if (r->hub_status == 200 && strstr(buf_cstr(&answer), "said-back") == NULL)
        die(r, "the challenge is not said back");
    buf_done(&request);
    buf_done(&answer);
}

static void sign(const struct buf *body, const char *secret, char hex[2 * SHA256_DIGEST_SIZE + 1])
{
    struct hmac_sha256_ctx ctx;
    uint8_t digest[SHA256_DIGEST_SIZE];

    hmac_sha256_set_key(&ctx, strlen(secret), (const uint8_t *)secret);
    hmac_sha256_update(&ctx, body->len, (const uint8_t *)body->ptr);
    hmac_sha256_digest(&ctx, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

void do_push(struct replay *r)
{
    const struct web_hub *hub = &r->web.hub;
    const char *path = callback_path(r);
    char hex[2 * SHA256_DIGEST_SIZE + 1];
    struct buf body = {0};
    struct buf request = {0};
    struct buf answer = {0};

    add_document(&r->web, web_path(&r->web, r->words[1])->document, &body);
    sign(&body, r->count > 2 ? "forged" : hub->secret, hex);
    buf_printf(&request,
        "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/rss+xml\r\n"
        "X-Hub-Signature: sha256=%s\r\nContent-Length: %zu\r\n\r\n",
        path, r->house.address, hex, body.len);
    buf_add(&request, buf_bytes(&body));
    call_back(r, &request, &answer);
    buf_done(&body);
    buf_done(&request);
    buf_done(&answer);
}
