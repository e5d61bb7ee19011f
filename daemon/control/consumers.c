/* consumers.c - consumers of the log: listed, added, set back, removed. */
#include "control/private.h"

#include "deliver/deliver.h"

static struct consumers *all(const struct control_client *client)
{
    return pull_consumers(deliver_pull(client->view->deliver));
}

static void write_consumer(void *ctx, struct consumer *consumer)
{
    struct control_client *client = ctx;
    struct json_writer w = control_line(client);

    json_begin_object(&w, "consumer");
    view_consumer(client->view, consumer, &w);
    json_end_object(&w);
    control_line_end(client, &w);
}

void control_consumers_list(struct control_client *client, const struct json *request)
{
    (void)request;
    consumers_each(all(client), write_consumer, client);
    control_done(client);
}

/* The consumer of "name"; NULL after the client was told that there is none. */
static struct consumer *find(struct control_client *client, const struct json *request)
{
    struct bytes name = json_get_text(request, "name");
    struct consumer *consumer = consumers_find(all(client), name);
    struct error err = {0};

    if (consumer != NULL)
        return consumer;
    fail(&err, E_NOT_FOUND, "no consumer %.*s", FMT(bytes_slice(name, 0, 80)));
    control_fail(client, &err);
    return NULL;
}

void control_consumers_show(struct control_client *client, const struct json *request)
{
    struct consumer *consumer = find(client, request);

    if (consumer == NULL)
        return;
    write_consumer(client, consumer);
    control_done(client);
}

/* {"name", "filter", "from", "hold"}: from as consumer_start(). */
void control_consumers_add(struct control_client *client, const struct json *request)
{
    struct consumer *consumer = NULL;
    struct error err = {0};
    uint64_t acked = 0;
    int code;

    if (control_in_trouble(client))
        return;
    code = consumer_start(client->view->store, json_get_text(request, "from"), &acked, &err);
    if (code == OK)
        code = consumer_add(all(client), json_get_text(request, "name"),
            json_get_text(request, "filter"), acked, json_get_bool(request, "hold", false),
            &consumer, &err);
    if (code != OK) {
        control_fail(client, &err);
        return;
    }
    write_consumer(client, consumer);
    control_done_when_kept(client);
}

/* {"name", "from"} */
void control_consumers_reset(struct control_client *client, const struct json *request)
{
    struct consumer *consumer;
    struct error err = {0};
    uint64_t acked = 0;

    if (control_in_trouble(client))
        return;
    consumer = find(client, request);
    if (consumer == NULL)
        return;
    if (consumer_start(client->view->store, json_get_text(request, "from"), &acked, &err) != OK) {
        control_fail(client, &err);
        return;
    }
    consumer_reset(consumer, acked);
    control_done_when_kept(client);
}

void control_consumers_remove(struct control_client *client, const struct json *request)
{
    struct consumer *consumer;

    if (control_in_trouble(client))
        return;
    consumer = find(client, request);
    if (consumer == NULL)
        return;
    consumer_remove(consumer);
    control_done_when_kept(client);
}
