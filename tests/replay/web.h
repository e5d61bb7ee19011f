/* web.h - the servers of a script: what they answer to which path, and what they were asked. */
#ifndef WIREROOM_TESTS_REPLAY_WEB_H
#define WIREROOM_TESTS_REPLAY_WEB_H

#include "base/str.h"
#include "unit/http_server.h"

#include <ctype.h>

enum { WEB_HOSTS = 2, WEB_PATHS = 64, WEB_REPLIES = 16, WEB_HELD = 16, WEB_NAME = 100 };

enum reply_kind {
    REPLY_DOCUMENT, /* what `items` or `body` set */
    REPLY_FULL,     /* an article's page */
    REPLY_STATUS,   /* and no body */
    REPLY_TO,       /* a redirect */
    REPLY_EMPTY,
    REPLY_CUT,    /* half of what was announced */
    REPLY_BROKEN, /* bytes that say they are gzip */
    REPLY_RESET,
    REPLY_HANG, /* nothing, until the other side hangs up */
};

struct reply {
    enum reply_kind kind;
    int status;
    int times;         /* 0: from then on */
    int text;          /* which text a page has */
    int retry;         /* Retry-After, 0 for none */
    char to[WEB_NAME]; /* of a redirect, as scripts write it */
};

enum tag { TAG_NONE, TAG_HONEST, TAG_STUCK, TAG_LYING };

/* What one path answers: its replies in turn, the last one for ever. */
struct web_path {
    char name[WEB_NAME]; /* "/rss", "2:/rss" */
    struct reply replies[WEB_REPLIES];
    size_t count, at;
    int used; /* of the reply at hand */
    char *document;
    int edition; /* of the document: its honest ETag */
    enum tag tag;
    char hub[WEB_NAME]; /* named by its answers, "" for none */
    int asked;
    char head[SERVER_HEAD]; /* of the last request */
};

/* What a hub was asked for last. */
struct web_hub {
    char mode[32], topic[300], callback[300], secret[300];
};

struct web {
    struct server *servers[WEB_HOSTS];
    pthread_mutex_t lock;
    struct web_path paths[WEB_PATHS];
    size_t count;
    int held[WEB_HELD]; /* sockets of requests that are not answered; 0: free */
    int requests;
    struct web_hub hub;
};

/* The path of that name, made when there is none. */
static inline struct web_path *web_path(struct web *web, const char *name)
{
    struct web_path *path;

    for (size_t i = 0; i < web->count; i++)
        if (strcmp(web->paths[i].name, name) == 0)
            return &web->paths[i];
    if (web->count == WEB_PATHS)
        abort();
    path = &web->paths[web->count++];
    snprintf(path->name, sizeof(path->name), "%s", name);
    return path;
}

static inline void web_origin(const struct web *web, int host, struct buf *out)
{
    buf_printf(out, "http://127.0.0.%d:%d", host, web->servers[host - 1]->port);
}

/* The address of a path as scripts write it. */
static inline void web_url(const struct web *web, const char *name, struct buf *out)
{
    bool other = strncmp(name, "2:", 2) == 0;

    web_origin(web, other ? 2 : 1, out);
    buf_add_cstr(out, other ? name + 2 : name);
}

/* The name of an address; as it is when no server here has it. */
static inline void web_name(const struct web *web, struct bytes url, struct buf *out)
{
    for (int host = 1; host <= WEB_HOSTS; host++) {
        struct buf origin = {0};
        bool is_here;

        web_origin(web, host, &origin);
        is_here = bytes_starts(url, buf_bytes(&origin));
        if (is_here && host > 1)
            buf_printf(out, "%d:", host);
        if (is_here)
            buf_add(out, bytes_from(url, origin.len));
        buf_done(&origin);
        if (is_here)
            return;
    }
    buf_add(out, url);
}

/* ---- what is answered ------------------------------------------------------------ */

static inline struct reply next_reply(struct web_path *path)
{
    struct reply reply = {.kind = path->document != NULL ? REPLY_DOCUMENT : REPLY_FULL};

    if (strstr(path->name, "/robots.txt") != NULL && path->document == NULL)
        reply = (struct reply){.kind = REPLY_STATUS, .status = 404};
    if (path->count == 0)
        return reply;
    reply = path->replies[path->at];
    if (++path->used == reply.times && path->at + 1 < path->count) {
        path->at++;
        path->used = 0;
    }
    return reply;
}

/* The page of an article: "/a" is about a. */
static inline void add_page(struct buf *body, const char *name, int text)
{
    const char *what = strrchr(name, '/') + 1;

    buf_printf(body,
        "<!DOCTYPE html><html lang=\"en\"><head><title>Report %s</title></head><body>"
        "<article><h1>Report %s</h1>",
        what, what);
    for (int i = 1; i <= 5; i++)
        buf_printf(body,
            "<p>Part %d of text %d on %s: the ferry to the outer islands leaves from the old quay "
            "at seven and again at noon, and in winter only when the wind allows it, which the "
            "harbour master decides before breakfast.</p>",
            i, text, what);
    buf_add_cstr(body, "</article></body></html>");
}

/* WEB and WEB2 stand for the servers' addresses. */
static inline void add_document(const struct web *web, const char *text, struct buf *body)
{
    const char *at;

    while ((at = strstr(text, "WEB")) != NULL) {
        buf_add(body, (struct bytes){text, (size_t)(at - text)});
        web_origin(web, at[3] == '2' ? 2 : 1, body);
        text = at + (at[3] == '2' ? 4 : 3);
    }
    buf_add_cstr(body, text);
}

static inline bool add_body(
    const struct web *web, const struct web_path *path, const struct reply *reply, struct buf *body)
{
    if (reply->kind == REPLY_DOCUMENT && path->document != NULL)
        add_document(web, path->document, body);
    else if (reply->kind == REPLY_BROKEN)
        buf_add_cstr(body, "\x1f\x8b\x08 and no more");
    else if (reply->kind == REPLY_FULL || reply->kind == REPLY_CUT)
        add_page(body, path->name, reply->text);
    return reply->kind != REPLY_HANG && reply->kind != REPLY_RESET;
}

/* Whether the answer is 304; its ETag goes into out. */
static inline bool add_tag(const struct web_path *path, struct buf *out)
{
    const char *known = strcasestr(path->head, "\r\nIf-None-Match: ");
    char tag[32];

    snprintf(tag, sizeof(tag), "\"edition-%d\"", path->tag == TAG_HONEST ? path->edition : 0);
    if (path->tag == TAG_NONE)
        return false;
    buf_printf(out, "ETag: %s\r\n", tag);
    return known != NULL && path->tag != TAG_STUCK &&
           (path->tag == TAG_LYING || strncmp(known + 17, tag, strlen(tag)) == 0);
}

static inline void add_headers(
    const struct web *web, const struct web_path *path, const struct reply *reply, struct buf *out)
{
    if (reply->retry > 0)
        buf_printf(out, "Retry-After: %d\r\n", reply->retry);
    if (reply->kind == REPLY_BROKEN)
        buf_add_cstr(out, "Content-Encoding: gzip\r\n");
    if (reply->to[0] != '\0') {
        buf_add_cstr(out, "Location: ");
        web_url(web, reply->to, out);
        buf_add_cstr(out, "\r\n");
    }
    if (path->hub[0] != '\0') {
        buf_add_cstr(out, "Link: <");
        web_url(web, path->hub, out);
        buf_add_cstr(out, ">; rel=\"hub\", <");
        web_url(web, path->name, out);
        buf_add_cstr(out, ">; rel=\"self\"\r\n");
    }
}

/* False: nothing is answered. */
static inline bool compose(
    const struct web *web, const struct web_path *path, const struct reply *reply, struct buf *out)
{
    struct buf body = {0};
    struct buf headers = {0};
    bool answers = add_body(web, path, reply, &body);
    bool unchanged = add_tag(path, &headers);
    int status = reply->status != 0 ? reply->status : unchanged ? 304 : 200;
    bool is_page = reply->kind != REPLY_DOCUMENT;

    add_headers(web, path, reply, &headers);
    buf_printf(out, "HTTP/1.1 %d X\r\nContent-Type: %s\r\n%s", status,
        is_page                                              ? "text/html"
        : path->document != NULL && path->document[0] == '<' ? "application/xml"
                                                             : "text/plain",
        buf_cstr(&headers));
    if (status != 304)
        buf_printf(out, "Content-Length: %zu\r\n", body.len);
    buf_add_cstr(out, "\r\n");
    if (status != 304)
        buf_add(out,
            bytes_slice(buf_bytes(&body), 0, reply->kind == REPLY_CUT ? body.len / 2 : body.len));
    buf_done(&body);
    buf_done(&headers);
    return answers;
}

/* ---- what hubs are asked ------------------------------------------------------------ */

static inline void form_value(const char *form, const char *name, char *ret_value, size_t size)
{
    const char *at = strstr(form, name);
    size_t len = 0;

    for (at = at == NULL ? "" : at + strlen(name); *at != '\0' && *at != '&' && len + 1 < size;
         at++) {
        unsigned code = (unsigned char)*at;

        if (*at == '%' && sscanf(at + 1, "%2x", &code) == 1)
            at += 2;
        ret_value[len++] = (char)code;
    }
    ret_value[len] = '\0';
}

/* The rest of a form that is longer than what came with its head. */
static inline bool read_form(int fd, const char *head, char form[SERVER_HEAD])
{
    const char *announced = strcasestr(head, "\r\nContent-Length: ");
    size_t want = announced == NULL ? 0 : strtoul(announced + 18, NULL, 10);
    size_t have = (size_t)snprintf(form, SERVER_HEAD, "%s", strstr(head, "\r\n\r\n") + 4);

    while (have < want && want < SERVER_HEAD) {
        ssize_t got = recv(fd, form + have, want - have, 0);

        if (got <= 0)
            return false;
        have += (size_t)got;
        form[have] = '\0';
    }
    return true;
}

static inline void note_form(struct web_hub *hub, const char *form)
{
    form_value(form, "hub.mode=", hub->mode, sizeof(hub->mode));
    form_value(form, "hub.topic=", hub->topic, sizeof(hub->topic));
    form_value(form, "hub.callback=", hub->callback, sizeof(hub->callback));
    form_value(form, "hub.secret=", hub->secret, sizeof(hub->secret));
}

/* ---- the servers ---------------------------------------------------------------------- */

/* Until the other side hangs up. */
static inline void hold(struct web *web, struct server *server, int fd)
{
    int at = 0;

    pthread_mutex_lock(&web->lock);
    while (at < WEB_HELD && web->held[at] != 0)
        at++;
    if (at == WEB_HELD)
        abort();
    web->held[at] = fd;
    pthread_mutex_unlock(&web->lock);
    server_hold(server, fd);
    pthread_mutex_lock(&web->lock);
    web->held[at] = 0;
    pthread_mutex_unlock(&web->lock);
}

/* How many wait for an answer that never comes. One whose other side has hung up does not, although
 * its thread may not have seen it yet. Called with the lock held. */
static inline int web_held(const struct web *web)
{
    int count = 0;

    for (int i = 0; i < WEB_HELD; i++)
        if (web->held[i] != 0)
            count += poll(&(struct pollfd){.fd = web->held[i], .events = POLLIN}, 1, 0) == 0;
    return count;
}

static inline bool web_respond(struct server *server, int fd, const char *head, void *ctx)
{
    struct web *web = ctx;
    struct buf out = {0};
    struct web_path *path;
    struct reply reply;
    char name[WEB_NAME] = "2:";
    char form[SERVER_HEAD];
    bool is_form = strncmp(head, "POST ", 5) == 0;
    bool answers;

    sscanf(head, "%*s %97s", name + 2);
    if (is_form && !read_form(fd, head, form))
        return false;
    pthread_mutex_lock(&web->lock);
    path = web_path(web, server == web->servers[0] ? name + 2 : name);
    path->asked++;
    web->requests++;
    snprintf(path->head, sizeof(path->head), "%s", head);
    reply = next_reply(path);
    if (is_form && path->count == 0)
        reply = (struct reply){.kind = REPLY_STATUS, .status = 202};
    if (is_form)
        note_form(&web->hub, form);
    answers = compose(web, path, &reply, &out);
    pthread_mutex_unlock(&web->lock);
    if (answers)
        server_send(fd, out.ptr, out.len);
    buf_done(&out);
    if (reply.kind == REPLY_RESET)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
    if (reply.kind == REPLY_HANG)
        hold(web, server, fd);
    return answers && reply.kind != REPLY_CUT;
}

static inline void web_open(struct web *web)
{
    static const char *const addresses[WEB_HOSTS] = {"127.0.0.1", "127.0.0.2"};

    pthread_mutex_init(&web->lock, NULL);
    for (size_t i = 0; i < WEB_HOSTS; i++) {
        web->servers[i] = server_start_at(addresses[i], 0, NULL);
        web->servers[i]->ctx = web;
        web->servers[i]->respond = web_respond;
    }
}

static inline void web_close(struct web *web)
{
    for (size_t i = 0; i < WEB_HOSTS; i++)
        server_stop(web->servers[i]);
    for (size_t i = 0; i < web->count; i++)
        free(web->paths[i].document);
}

#endif
