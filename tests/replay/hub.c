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

/* What a hub that is mistaken, or no hub at all, says instead. */
static const char *is_or(
    const struct replay *r, const char *what, const char *right, const char *wrong)
{
    return r->count > 2 && strcmp(r->words[2], what) == 0 ? wrong : right;
}

void do_verify(struct replay *r)
{
    static const char other[] = "/push/0123456789abcdef0123456789abcdef0123456789abcdef";
    const struct web_hub *hub = &r->web.hub;
    const char *opposite = strcmp(hub->mode, "subscribe") == 0 ? "unsubscribe" : "subscribe";
    struct buf request = {0};
    struct buf answer = {0};

    buf_printf(&request,
        "GET %s?hub.mode=%s&hub.topic=%s&hub.challenge=%s&hub.lease_seconds=%s HTTP/1.1\r\n"
        "Host: %s\r\nConnection: close\r\n\r\n",
        is_or(r, "token", callback_path(r), other), is_or(r, "mode", hub->mode, opposite),
        is_or(r, "topic", hub->topic, "http://127.0.0.1/other"),
        is_or(r, "challenge", "said-back", ""), r->words[1], r->house.address);
    call_back(r, &request, &answer);
    if ((r->hub_status == 200) != (strstr(buf_cstr(&answer), "said-back") != NULL))
        die(r, "the challenge is said back when it should not be, or is not");
    buf_done(&request);
    buf_done(&answer);
}

void do_deny(struct replay *r)
{
    struct buf request = {0};
    struct buf answer = {0};

    buf_printf(&request,
        "GET %s?hub.mode=denied&hub.topic=%s&hub.reason=%s HTTP/1.1\r\n"
        "Host: %s\r\nConnection: close\r\n\r\n",
        callback_path(r), r->web.hub.topic, r->count > 1 ? r->words[1] : "", r->house.address);
    call_back(r, &request, &answer);
    buf_done(&request);
    buf_done(&answer);
}

enum { HEX_LONGEST = 2 * SHA512_DIGEST_SIZE + 1 };

/* As nettle has it, which knows nothing of ours; any other method is signed with SHA-256. */
static void sign(const struct buf *body, const char *method, const char *secret, char *hex)
{
    union {
        struct hmac_sha1_ctx sha1;
        struct hmac_sha256_ctx sha256;
        struct hmac_sha512_ctx sha512;
    } ctx;
    const uint8_t *key = (const uint8_t *)secret;
    const uint8_t *data = (const uint8_t *)body->ptr;
    uint8_t digest[SHA512_DIGEST_SIZE];
    size_t len = SHA256_DIGEST_SIZE;

    if (strcmp(method, "sha1") == 0) {
        len = SHA1_DIGEST_SIZE;
        hmac_sha1_set_key(&ctx.sha1, strlen(secret), key);
        hmac_sha1_update(&ctx.sha1, body->len, data);
        hmac_sha1_digest(&ctx.sha1, len, digest);
    } else if (strcmp(method, "sha384") == 0) {
        len = SHA384_DIGEST_SIZE;
        hmac_sha384_set_key(&ctx.sha512, strlen(secret), key);
        hmac_sha384_update(&ctx.sha512, body->len, data);
        hmac_sha384_digest(&ctx.sha512, len, digest);
    } else if (strcmp(method, "sha512") == 0) {
        len = SHA512_DIGEST_SIZE;
        hmac_sha512_set_key(&ctx.sha512, strlen(secret), key);
        hmac_sha512_update(&ctx.sha512, body->len, data);
        hmac_sha512_digest(&ctx.sha512, len, digest);
    } else {
        hmac_sha256_set_key(&ctx.sha256, strlen(secret), key);
        hmac_sha256_update(&ctx.sha256, body->len, data);
        hmac_sha256_digest(&ctx.sha256, len, digest);
    }
    for (size_t i = 0; i < len; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

/* What is sent in X-Hub-Signature; words of scripts: none, forged, short, bare, or a method. */
static void add_signature(const struct replay *r, const struct buf *body, struct buf *out)
{
    const char *how = r->count > 2 && r->words[2][0] != 'x' ? r->words[2] : "sha256";
    char hex[HEX_LONGEST];

    if (strcmp(how, "none") == 0)
        return;
    sign(body, how, strcmp(how, "forged") == 0 ? how : r->web.hub.secret, hex);
    if (strcmp(how, "short") == 0)
        hex[strlen(hex) - 1] = '\0';
    buf_printf(out, "X-Hub-Signature: %s%s%s\r\n",
        strcmp(how, "bare") == 0                                 ? ""
        : strncmp(how, "sha", 3) == 0 || strcmp(how, "md5") == 0 ? how
                                                                 : "sha256",
        strcmp(how, "bare") == 0 ? "" : "=", hex);
}

static void push_once(struct replay *r)
{
    const char *path = callback_path(r);
    struct buf body = {0};
    struct buf request = {0};
    struct buf answer = {0};

    add_document(&r->web, web_path(&r->web, r->words[1])->document, &body);
    buf_printf(&request,
        "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: "
        "application/rss+xml\r\n",
        path, r->house.address);
    add_signature(r, &body, &request);
    buf_printf(&request, "Content-Length: %zu\r\n\r\n", body.len);
    buf_add(&request, buf_bytes(&body));
    call_back(r, &request, &answer);
    buf_done(&body);
    buf_done(&request);
    buf_done(&answer);
}

void do_push(struct replay *r)
{
    int64_t times = r->count > 2 && r->words[2][0] == 'x' ? number(r, r->words[2] + 1) : 1;

    for (int64_t i = 0; i < times; i++)
        push_once(r);
}
