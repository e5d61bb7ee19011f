/* api.c - requests: who may ask, and which function answers. */
#include "api/api.h"

#include <microhttpd.h>
#include <stdlib.h>

#include "api/private.h"
#include "api/socket.h"
#include "base/log.h"
#include "http/host.h"
#include "http/query.h"

enum { BEAT_MS = 15000 /* streams' silence: proxies give up after a minute or so */ };

static const struct {
    const char *path; /* one that ends in a slash has more behind it */
    api_answer *answer;
} resources[] = {
    {"/healthz", api_health},
    {"/readyz", api_ready},
    {"/metrics", api_metrics},
    {"/v1/stream", api_stream},
    {"/v1/events", api_events},
    {"/v1/articles/", api_articles},
    {"/v1/stories", api_stories},
    {"/v1/stories/", api_story},
    {"/v1/topics", api_topics},
    {"/v1/feeds", api_feeds},
    {"/v1/stages", api_stages},
    {"/v1/consumers", api_consumers},
    {"/v1/status", api_status},
    {"/v1/schema", api_schema},
    {"/v1/openapi.json", api_openapi},
};

struct bytes api_parameter(const struct api_request *r, const char *name)
{
    return http_query(r->arena, r->query, name);
}

struct json_writer api_begin(struct api_request *r)
{
    struct json_writer w = {.out = &r->out};

    json_begin_object(&w, NULL);
    return w;
}

void api_end(struct api_request *r, struct json_writer *w, struct listener_answer *answer)
{
    json_end_object(w);
    buf_add_byte(&r->out, '\n');
    answer->status = answer->status == 0 ? MHD_HTTP_OK : answer->status;
    answer->type = "application/json";
    answer->body = buf_bytes(&r->out);
}

static void refuse(struct api_request *r, unsigned status, const char *code, const char *text,
    struct listener_answer *answer)
{
    struct json_writer w;

    buf_clear(&r->out);
    w = api_begin(r);
    json_begin_object(&w, "error");
    json_cstr(&w, "code", code);
    json_cstr(&w, "text", text);
    json_end_object(&w);
    answer->status = status;
    api_end(r, &w, answer);
}

void api_fail(struct api_request *r, const struct error *err, struct listener_answer *answer)
{
    unsigned status = err->code == E_NOT_FOUND ? MHD_HTTP_NOT_FOUND
                      : err->code == E_USAGE   ? MHD_HTTP_BAD_REQUEST
                                               : MHD_HTTP_SERVICE_UNAVAILABLE;

    refuse(r, status, code_name(err->code), err->text, answer);
}

static void look_at_token(struct api_request *r)
{
    if (tokens_allow(&r->api->tokens, r->authorization))
        return;
    r->status = MHD_HTTP_UNAUTHORIZED;
    r->refusal = "a bearer token is asked for";
}

static void look_at_head(struct api_request *r, const struct listener_head *head)
{
    const struct tokens *tokens = &r->api->tokens;

    if (head->query.len > API_QUERY) {
        r->status = MHD_HTTP_URI_TOO_LONG;
        r->refusal = "the query is longer than any resource has";
    } else if (strcmp(head->method, MHD_HTTP_METHOD_GET) != 0 &&
               strcmp(head->method, MHD_HTTP_METHOD_HEAD) != 0) {
        r->status = MHD_HTTP_METHOD_NOT_ALLOWED;
        r->refusal = "only GET and HEAD are answered";
    } else if (!tokens->wanted && !host_is_local(head->host)) {
        /* A page in a browser may be made to ask an address of this machine under another name (DNS
         * rebinding); no such page asks for it by its own. */
        r->status = MHD_HTTP_FORBIDDEN;
        r->refusal = "this machine is asked by another name than localhost";
    } else {
        look_at_token(r);
    }
}

static void *on_head(void *ctx, const struct listener_head *head)
{
    struct api_request *r = new_zeroed(sizeof(*r));

    *r = (struct api_request){
        .api = ctx, .exchange = head->exchange, .arena = arena_new(API_MEMORY)};
    r->path = http_unescape_path(r->arena, head->path);
    r->query = bytes_copy(r->arena, bytes_slice(head->query, 0, API_QUERY));
    r->accept =
        bytes_copy(r->arena, bytes_slice(listener_header(head, MHD_HTTP_HEADER_ACCEPT), 0, 1000));
    r->last_id = bytes_copy(r->arena, bytes_slice(listener_header(head, "Last-Event-ID"), 0, 200));
    r->authorization = bytes_copy(r->arena, listener_header(head, MHD_HTTP_HEADER_AUTHORIZATION));
    r->is_head = strcmp(head->method, MHD_HTTP_METHOD_HEAD) == 0;
    look_at_head(r, head);
    return r;
}

static void on_data(void *ctx, void *request, struct bytes data)
{
    (void)ctx;
    (void)request;
    (void)data;
}

static void route(struct api_request *r, struct listener_answer *answer)
{
    for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++) {
        struct bytes path = bytes_of(resources[i].path);
        bool has_more = bytes_ends(path, LIT("/"));

        if (has_more ? bytes_starts(r->path, path) && r->path.len > path.len
                     : bytes_equal(r->path, path)) {
            resources[i].answer(r, bytes_from(r->path, path.len), answer);
            return;
        }
    }
    refuse(r, MHD_HTTP_NOT_FOUND, code_name(E_NOT_FOUND), "there is no such resource", answer);
}

static void on_whole(void *ctx, void *request, struct listener_answer *answer)
{
    struct api_request *r = request;

    (void)ctx;
    if (r->status == 0)
        look_at_token(r); /* it may have been taken back since */
    if (r->status == 0) {
        route(r, answer);
        return;
    }
    refuse(r, r->status, "refused", r->refusal, answer);
    answer->header = r->status == MHD_HTTP_UNAUTHORIZED ? MHD_HTTP_HEADER_WWW_AUTHENTICATE
                                                        : MHD_HTTP_HEADER_ALLOW;
    answer->value = r->status == MHD_HTTP_UNAUTHORIZED ? "Bearer" : "GET, HEAD";
}

static void on_end(void *ctx, void *request)
{
    struct api_request *r = request;

    (void)ctx;
    stream_end(r->stream);
    buf_done(&r->out);
    arena_free(r->arena);
    free(r);
}

static void on_beat(uv_timer_t *timer)
{
    streams_beat(timer->data);
}

static int read_tokens(struct api *api, struct error *err)
{
    const char *path = api->view->conf->listen.tokens;

    return api->is_far && path[0] == '\0'
               ? fail(err, E_REFUSED,
                     "other machines reach the socket and listen.tokens names no file: anybody "
                     "could read all")
               : tokens_read(&api->tokens, path, err);
}

int api_open(uv_loop_t *loop, const struct view *view, struct api **ret_api, struct error *err)
{
    struct listener_hooks hooks = {.on_head = on_head,
        .on_data = on_data,
        .on_whole = on_whole,
        .on_end = on_end,
        .connections = API_CONNECTIONS};
    struct api *api;
    int code;

    *ret_api = NULL;
    if (view->conf->listen.http[0] == '\0' && !socket_is_handed_over())
        return OK;
    api = new_zeroed(sizeof(*api));
    api->view = view;
    LIST_INIT(&api->streams);
    uv_timer_init(loop, &api->beat);
    api->beat.data = api;
    hooks.ctx = api;
    code = socket_listen(loop, view->conf->listen.http, &hooks, &api->listener, &api->is_far, err);
    if (code != OK)
        code = fail_in(err, "listen.http");
    else
        code = read_tokens(api, err);
    if (code != OK) {
        api_close(api);
        return code;
    }
    uv_timer_start(&api->beat, on_beat, BEAT_MS, BEAT_MS);
    *ret_api = api;
    return OK;
}

void api_reload(struct api *api)
{
    struct error err = {0};

    if (api == NULL)
        return;
    if (read_tokens(api, &err) != OK)
        log_error("%s; those of before hold", err.text);
    streams_look(api);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void api_close(struct api *api)
{
    if (api == NULL)
        return;
    listener_close(api->listener);
    tokens_done(&api->tokens);
    uv_close((uv_handle_t *)&api->beat, on_closed);
}
