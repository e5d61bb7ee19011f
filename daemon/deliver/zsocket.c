/* zsocket.c - a ZeroMQ socket that listens, on the loop. */
#include "deliver/zsocket.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

enum { LISTENERS = 16 /* whose path was taken away; each is a descriptor */ };

/* A path is bound by ourselves: libzmq would unlink whatever lies there. */
static int bind_address(struct zsocket *z, struct error *err)
{
    int fd = -1;

    if (z->endpoint.path != NULL && endpoint_listen(&z->endpoint, ZSOCKET_BACKLOG, &fd, err) != OK)
        return fail_in(err, "%s: %s", z->option, z->address);
    zmq_setsockopt(z->socket, ZMQ_USE_FD, &fd, sizeof(fd));
    if (zmq_bind(z->socket, z->address) == 0)
        return OK;
    fail(err, E_SYSTEM, "%s: bind %s: %s", z->option, z->address, zmq_strerror(zmq_errno()));
    if (fd >= 0)
        close(fd);
    return E_SYSTEM;
}

/* Cleaners of temporary directories and other daemons take paths away: new clients would find
 * nobody. Those who are connected stay so, because libzmq would end their connections together with
 * the listener that they came by. */
void zsocket_mend(struct zsocket *z)
{
    struct endpoint *endpoint = &z->endpoint;
    struct error err = {0};

    guests_prune(&z->guests);
    if (endpoint->path == NULL || endpoint_is_there(endpoint)) {
        endpoint->lost = false;
        return;
    }
    if (z->rebound++ == LISTENERS) {
        zmq_unbind(z->socket, z->address);
        z->rebound = 0;
    }
    if (bind_address(z, &err) == OK)
        log_warning("the %s socket was gone and is bound again: path=%s", z->what, endpoint->path);
    else if (!endpoint->lost)
        log_error("the %s socket is gone, nobody new finds it: %s", z->what, err.text);
    endpoint->lost = !endpoint_is_there(endpoint);
}

bool zsocket_heard(struct zsocket *z, zmq_msg_t *message)
{
    return z->keys == NULL || guests_note(&z->guests, z->keys, message);
}

void zsocket_keys_changed(struct zsocket *z)
{
    if (z->keys != NULL)
        guests_cut(&z->guests, z->keys);
}

/* The path of an address that has one: not "@name" (abstract) and not "*" (libzmq's choice). */
static const char *path_of(const char *address)
{
    bool has_path = strncmp(address, "ipc://", 6) == 0 && strchr("@*", address[6]) == NULL;

    return has_path ? address + 6 : NULL;
}

/* libzmq's threads set the scheduling that they have just read of themselves, and end the process
 * where nobody may set any (4.3.4). Nothing is left to do, so that the unit can forbid it. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the C library's are reserved
 */
__attribute__((visibility("default"))) int pthread_setschedparam(
    pthread_t thread, int policy, const struct sched_param *param)
{
    (void)thread;
    (void)policy;
    (void)param;
    return 0;
}

static int ask_for_keys(
    struct zsocket *z, uv_loop_t *loop, const struct keys *keys, struct error *err)
{
    const char *secret = keys_secret(keys);
    int code = zap_open(loop, z->context, keys, &z->zap, err);
    int on = 1;

    z->keys = keys;
    if (code == OK &&
        (zmq_setsockopt(z->socket, ZMQ_CURVE_SERVER, &on, sizeof(on)) != 0 ||
            zmq_setsockopt(z->socket, ZMQ_CURVE_SECRETKEY, secret, KEY_TEXT + 1) != 0))
        code = fail(err, E_SYSTEM, "%s: keys: %s", z->option, zmq_strerror(zmq_errno()));
    return code;
}

int zsocket_make(struct zsocket *z, uv_loop_t *loop, const char *address, int type,
    const struct keys *keys, struct error *err)
{
    const char *path;

    z->address = new_text(address);
    z->context = zmq_ctx_new();
    path = path_of(z->address);
    if (path != NULL && endpoint_open(&z->endpoint, path, err) != OK)
        return fail_in(err, "%s: %s", z->option, z->address);
    z->socket = zmq_socket(z->context, type);
    if (z->socket == NULL)
        return fail(err, E_SYSTEM, "%s socket: %s", z->what, zmq_strerror(zmq_errno()));
    return keys != NULL && path == NULL ? ask_for_keys(z, loop, keys, err) : OK;
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
    struct zsocket *z = handle->data;

    (void)status;
    (void)events;
    z->on_readable(z->ctx);
}

int zsocket_listen(struct zsocket *z, uv_loop_t *loop, void (*on_readable)(void *ctx), void *ctx,
    struct error *err)
{
    size_t size = sizeof(int);
    int code = bind_address(z, err);
    int fd = -1;

    if (code != OK)
        return code;
    z->on_readable = on_readable;
    z->ctx = ctx;
    zmq_getsockopt(z->socket, ZMQ_FD, &fd, &size);
    z->readable = new_zeroed(sizeof(*z->readable));
    code = uv_poll_init(loop, z->readable, fd);
    if (code != 0) {
        free(z->readable);
        z->readable = NULL;
        return fail(err, E_SYSTEM, "%s socket: %s", z->what, uv_strerror(code));
    }
    z->readable->data = z;
    uv_poll_start(z->readable, UV_READABLE, on_poll);
    return OK;
}

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle);
}

void zsocket_close(struct zsocket *z)
{
    if (z->readable != NULL)
        uv_close((uv_handle_t *)z->readable, on_poll_closed);
    if (z->socket != NULL)
        zmq_close(z->socket);
    zap_close(z->zap);
    guests_done(&z->guests);
    endpoint_close(&z->endpoint);
    if (z->context != NULL)
        zmq_ctx_term(z->context);
    free(z->address);
    *z = (struct zsocket){0};
}
