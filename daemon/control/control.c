/* control.c - the control socket: who may connect, how lines become commands, and that a slow
 * reader waits alone. */
#include "control/private.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/option.h"
#include "deliver/endpoint.h"

enum { REQUEST_LIMIT = 64 << 20, WATCH_MS = 1000 };

struct control {
    uv_loop_t *loop;
    const struct view *view;
    const struct feeds *feeds;
    struct control_hooks hooks;
    uv_pipe_t *server; /* freed by itself when it is closed */
    uv_timer_t watch;  /* over the path */
    struct endpoint endpoint;
    struct control_client *clients;
    bool closing, watch_closed;
};

struct json_writer control_line(struct control_client *client)
{
    struct json_writer w = {.out = &client->out};

    json_begin_object(&w, NULL);
    return w;
}

void control_line_end(struct control_client *client, struct json_writer *w)
{
    json_end_object(w);
    buf_add_byte(&client->out, '\n');
}

void control_fail(struct control_client *client, const struct error *err)
{
    struct json_writer w = control_line(client);

    json_begin_object(&w, "error");
    json_cstr(&w, "code", code_name(err->code));
    json_cstr(&w, "text", err->text);
    json_end_object(&w);
    control_line_end(client, &w);
}

void control_done(struct control_client *client)
{
    struct json_writer w = control_line(client);

    json_bool(&w, "done", true);
    control_line_end(client, &w);
}

static bool flush(struct control_client *client);

static void run_reload(struct control_client *client, const struct json *request)
{
    const struct control_hooks *hooks = &client->control->hooks;
    struct error err = {0};
    struct lists_sync sync = {.force = json_get_bool(request, "force", false)};
    struct buf summary = {0};
    struct json_writer w;
    struct bytes rest;

    if (hooks->reload(hooks->ctx, &sync, &summary, &err) != OK && summary.len > 0)
        fail_in(&err, "the new options hold, the feed lists are not taken over");
    if (err.code != OK) {
        control_fail(client, &err);
    } else {
        w = control_line(client);
        json_string(&w, "reloaded", buf_bytes(&summary));
        json_begin_array(&w, "warnings");
        for (rest = buf_bytes(&sync.warnings); rest.len > 0;)
            json_string(&w, NULL, bytes_cut(&rest, '\n'));
        json_end_array(&w);
        json_bool(&w, "done", true);
        control_line_end(client, &w);
    }
    buf_done(&sync.warnings);
    buf_done(&summary);
}

static void run_stop(struct control_client *client, const struct json *request)
{
    (void)request;
    control_done(client);
    flush(client); /* goes out at once; after a stop there is no socket */
    log_info("stopping: asked for on the control socket");
    client->control->hooks.stop(client->control->hooks.ctx);
}

static const struct {
    const char *name;
    control_command *run;
} commands[] = {
    {"status", control_status},
    {"stages", control_stages},
    {"feeds.list", control_feeds_list},
    {"feeds.add", control_feeds_add},
    {"feeds.show", control_feeds_show},
    {"feeds.remove", control_feeds_remove},
    {"feeds.pause", control_feeds_pause},
    {"feeds.resume", control_feeds_resume},
    {"feeds.discover", control_feeds_discover},
    {"feeds.history", control_feeds_history},
    {"feeds.test", control_feeds_test},
    {"poll-now", control_poll_now},
    {"events", control_events},
    {"article", control_article},
    {"stories", control_stories},
    {"quarantine.list", control_quarantine_list},
    {"quarantine.show", control_quarantine_show},
    {"quarantine.retry", control_quarantine_retry},
    {"quarantine.remove", control_quarantine_remove},
    {"why", control_why},
    {"replay", control_replay},
    {"consumers.list", control_consumers_list},
    {"consumers.show", control_consumers_show},
    {"consumers.add", control_consumers_add},
    {"consumers.reset", control_consumers_reset},
    {"consumers.remove", control_consumers_remove},
    {"reload", run_reload},
    {"stop", run_stop},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void no_command(struct control_client *client, const char *name)
{
    const char *names[COMMANDS + 1] = {NULL};
    struct error err = {0};
    const char *meant;

    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    meant = option_suggest(name, names);
    fail(&err, E_USAGE, "no command '%.60s'%s%s%s", name, meant == NULL ? "" : "; did you mean ",
        meant == NULL ? "" : meant, meant == NULL ? "" : "?");
    control_fail(client, &err);
}

static void run_line(struct control_client *client, struct bytes line)
{
    struct arena *arena = arena_new(REQUEST_LIMIT);
    struct json *request = NULL;
    struct error err = {0};
    struct bytes name;
    size_t i = 0;

    if (json_parse(arena, line, &request, &err) != OK) {
        control_fail(client, &err);
    } else {
        name = json_get_text(request, "cmd");
        while (i < COMMANDS && !bytes_is(name, commands[i].name))
            i++;
        if (i < COMMANDS) {
            commands[i].run(client, request);
            if (!bytes_is(json_get_text(request, "names"), "new"))
                control_old_names(client, commands[i].name);
        } else {
            no_command(client, bytes_cstr(arena, name));
        }
    }
    arena_free(arena);
}

static void control_free_when_closed(struct control *control)
{
    if (!control->closing || !control->watch_closed || control->clients != NULL)
        return;
    free(control);
}

static void on_client_closed(uv_handle_t *handle)
{
    struct control_client *client = handle->data;
    struct control *control = client->control;
    struct control_client **at = &control->clients;

    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
    if (client->under_way != NULL)
        client->abandon(client->under_way);
    buf_done(&client->in);
    buf_done(&client->out);
    free(client);
    control_free_when_closed(control);
}

static void close_client(struct control_client *client)
{
    if (client->closing)
        return;
    client->closing = true;
    uv_close((uv_handle_t *)&client->pipe, on_client_closed);
}

static void go_on(struct control_client *client);

static void on_written(uv_write_t *req, int status)
{
    struct control_client *client = req->data;

    client->writing = false;
    client->heard = clock_mono();
    if (status < 0) {
        close_client(client);
        return;
    }
    buf_clear(&client->out);
    go_on(client);
}

/* Send what was answered; true when the next command has to wait for it. */
static bool flush(struct control_client *client)
{
    uv_buf_t block;

    if (client->closing || client->writing)
        return true;
    if (client->out.over) {
        log_warning("control: an answer was over %d bytes", CONTROL_ANSWER);
        close_client(client);
        return true;
    }
    if (client->out.len == 0)
        return false;
    block = uv_buf_init(client->out.ptr, (unsigned)client->out.len);
    client->write.data = client;
    client->writing = true;
    if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &block, 1, on_written) != 0) {
        client->writing = false;
        close_client(client);
    }
    return true;
}

/* Run commands as far as lines are there and answers are away. */
static void go_on(struct control_client *client)
{
    while (!client->closing && !client->writing && !client->busy) {
        size_t end = bytes_find_byte(buf_bytes(&client->in), '\n');

        if (end == SIZE_MAX) {
            if (client->ended)
                close_client(client);
            return;
        }
        if (bytes_trim(bytes_slice(buf_bytes(&client->in), 0, end)).len > 0)
            run_line(client, bytes_slice(buf_bytes(&client->in), 0, end));
        buf_drop(&client->in, end + 1);
        if (!client->busy && flush(client))
            return;
    }
}

void control_finish(struct control_client *client)
{
    client->busy = false;
    if (!flush(client))
        go_on(client);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *ret_block)
{
    struct control_client *client = handle->data;

    (void)size;
    *ret_block = uv_buf_init(client->block, sizeof(client->block));
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *block)
{
    struct control_client *client = stream->data;

    if (got < 0) {
        client->ended = true;
        uv_read_stop(stream);
        if (got != UV_EOF)
            close_client(client);
        else
            go_on(client);
        return;
    }
    client->heard = clock_mono();
    buf_add(&client->in, (struct bytes){block->base, (size_t)got});
    if (client->in.over) {
        log_warning("control: a command was over %d bytes", CONTROL_LINE);
        close_client(client);
        return;
    }
    go_on(client);
}

/* One more is let in, and the one that has been quiet for longest has to connect again; a command
 * under way is no quiet. */
static bool make_room(struct control *control)
{
    struct control_client *quiet = NULL;
    size_t open = 1;

    for (struct control_client *c = control->clients->next; c != NULL; c = c->next) {
        open += !c->closing;
        if (!c->closing && !c->busy && (quiet == NULL || c->heard <= quiet->heard))
            quiet = c;
    }
    if (open <= CONTROL_CLIENTS)
        return true;
    if (quiet == NULL)
        return false;
    close_client(quiet);
    return true;
}

static void on_connection(uv_stream_t *server, int status)
{
    struct control *control = server->data;
    struct control_client *client;

    if (status < 0 || control->closing)
        return;
    client = new_zeroed(sizeof(*client));
    client->control = control;
    client->view = control->view;
    client->feeds = control->feeds;
    client->heard = clock_mono();
    client->in.limit = 2L * CONTROL_LINE;
    client->out.limit = CONTROL_ANSWER;
    uv_pipe_init(control->loop, &client->pipe, 0);
    client->pipe.data = client;
    client->next = control->clients;
    control->clients = client;
    if (uv_accept(server, (uv_stream_t *)&client->pipe) != 0 || !make_room(control) ||
        uv_read_start((uv_stream_t *)&client->pipe, on_alloc, on_read) != 0)
        close_client(client);
}

static void on_server_closed(uv_handle_t *handle)
{
    free(handle);
}

static void on_watch_closed(uv_handle_t *handle)
{
    struct control *control = handle->data;

    control->watch_closed = true;
    control_free_when_closed(control);
}

static void stop_listening(struct control *control)
{
    if (control->server != NULL)
        uv_close((uv_handle_t *)control->server, on_server_closed);
    control->server = NULL;
}

static int start_listening(struct control *control, struct error *err)
{
    int status;
    int fd;
    int code = endpoint_listen(&control->endpoint, CONTROL_CLIENTS, &fd, err);

    if (code != OK)
        return code;
    control->server = new_zeroed(sizeof(*control->server));
    uv_pipe_init(control->loop, control->server, 0);
    control->server->data = control;
    status = uv_pipe_open(control->server, fd);
    if (status != 0)
        close(fd);
    else
        status = uv_listen((uv_stream_t *)control->server, CONTROL_CLIENTS, on_connection);
    if (status == 0)
        return OK;
    stop_listening(control);
    return fail(err, E_SYSTEM, "%s: %s", control->endpoint.path, uv_strerror(status));
}

/* Somebody took the path away: nobody could command us any more. */
static void on_watch(uv_timer_t *timer)
{
    struct control *control = timer->data;
    struct endpoint *endpoint = &control->endpoint;
    struct error err = {0};

    if (control->server != NULL && endpoint_is_there(endpoint))
        return;
    stop_listening(control);
    if (start_listening(control, &err) == OK)
        log_warning("the control socket was gone and is bound again: path=%s", endpoint->path);
    else if (!endpoint->lost)
        log_error("the control socket is gone: %s", err.text);
    endpoint->lost = control->server == NULL;
}

int control_open(uv_loop_t *loop, const struct view *view, const struct feeds *feeds,
    const struct control_hooks *hooks, struct control **ret_control, struct error *err)
{
    struct control *control = new_zeroed(sizeof(*control));
    int code;

    control->loop = loop;
    control->view = view;
    control->feeds = feeds;
    control->hooks = *hooks;
    uv_timer_init(loop, &control->watch);
    control->watch.data = control;
    code = endpoint_open(&control->endpoint, view->conf->listen.control, err);
    if (code == OK)
        code = start_listening(control, err);
    if (code != OK) {
        control_close(control);
        return code;
    }
    uv_timer_start(&control->watch, on_watch, WATCH_MS, WATCH_MS);
    *ret_control = control;
    return OK;
}

void control_close(struct control *control)
{
    if (control == NULL || control->closing)
        return;
    control->closing = true;
    for (struct control_client *c = control->clients; c != NULL; c = c->next)
        close_client(c);
    stop_listening(control);
    endpoint_close(&control->endpoint);
    uv_close((uv_handle_t *)&control->watch, on_watch_closed);
}
