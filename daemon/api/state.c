/* state.c - how the daemon and its parts are, for people, for balancers and for Prometheus. */
#include <microhttpd.h>

#include "api/private.h"
#include "schema/texts.h"

void api_status(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct json_writer w = api_begin(r);

    (void)rest;
    view_status(r->api->view, &w);
    api_end(r, &w, answer);
}

void api_stages(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct json_writer w = api_begin(r);

    (void)rest;
    view_stages(r->api->view, &w);
    api_end(r, &w, answer);
}

static int add_feed(void *ctx, const struct store_feed *feed)
{
    struct json_writer *w = ctx;

    json_begin_object(w, NULL);
    view_feed(feed, w);
    json_end_object(w);
    return 0;
}

void api_feeds(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct json_writer w = api_begin(r);
    struct error err = {0};

    (void)rest;
    json_begin_array(&w, "feeds");
    if (store_feeds(r->api->view->store, add_feed, &w, &err) != OK) {
        api_fail(r, &err, answer);
        return;
    }
    json_end_array(&w);
    api_end(r, &w, answer);
}

struct consumers_list {
    const struct view *view;
    struct json_writer *w;
};

static void add_consumer(void *ctx, struct consumer *consumer)
{
    struct consumers_list *list = ctx;

    json_begin_object(list->w, NULL);
    view_consumer(list->view, consumer, list->w);
    json_end_object(list->w);
}

void api_consumers(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct json_writer w = api_begin(r);
    struct consumers_list list = {r->api->view, &w};

    (void)rest;
    json_begin_array(&w, "consumers");
    consumers_each(pull_consumers(deliver_pull(r->api->view->deliver)), add_consumer, &list);
    json_end_array(&w);
    api_end(r, &w, answer);
}

/* The loop turns, or nobody would hear this. */
void api_health(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    (void)r;
    (void)rest;
    answer->status = MHD_HTTP_OK;
    answer->body = LIT("ok\n");
}

void api_ready(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct store_trouble trouble = store_trouble(r->api->view->store);

    (void)rest;
    if (trouble.err.code == OK) {
        api_health(r, rest, answer);
        return;
    }
    buf_printf(&r->out, "nothing is polled: %s\n", trouble.err.text);
    answer->status = MHD_HTTP_SERVICE_UNAVAILABLE;
    answer->body = buf_bytes(&r->out);
}

void api_metrics(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    (void)rest;
    view_metrics(r->api->view, &r->out);
    answer->status = MHD_HTTP_OK;
    answer->type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    answer->body = buf_bytes(&r->out);
}

void api_schema(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    (void)r;
    (void)rest;
    answer->status = MHD_HTTP_OK;
    answer->type = "application/schema+json";
    answer->body = schema_events();
}

void api_openapi(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    (void)r;
    (void)rest;
    answer->status = MHD_HTTP_OK;
    answer->type = "application/json";
    answer->body = schema_openapi();
}
