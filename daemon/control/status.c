/* status.c - how the daemon and its stages are. */
#include "control/private.h"

void control_status(struct control_client *client, const struct json *request)
{
    struct json_writer w = control_line(client);

    (void)request;
    json_begin_object(&w, "status");
    view_status(client->view, &w);
    json_end_object(&w);
    json_bool(&w, "done", true);
    control_line_end(client, &w);
}

void control_stages(struct control_client *client, const struct json *request)
{
    struct json_writer w = control_line(client);

    (void)request;
    view_stages(client->view, &w);
    json_bool(&w, "done", true);
    control_line_end(client, &w);
}
