/* zap.c - each handshake asks here: version, request id, domain, address, identity, mechanism, key.
 */
#include "deliver/zap.h"

#include <stdlib.h>
#include <zmq.h>

#include "base/arena.h"

enum { FRAMES = 7, FRAME_MOST = 256 };

struct zap {
    const struct keys *keys;
    void *socket;
    uv_poll_t poll;
    uint64_t refused;
};

struct ask {
    char frames[FRAMES][FRAME_MOST];
    size_t lengths[FRAMES], count;
};

static bool receive(struct zap *zap, struct ask *ask)
{
    int more = 1;

    ask->count = 0;
    while (more) {
        size_t size = sizeof(more);
        char rest[FRAME_MOST];
        char *frame = ask->count < FRAMES ? ask->frames[ask->count] : rest;
        int len = zmq_recv(zap->socket, frame, FRAME_MOST - 1, ZMQ_DONTWAIT);

        if (len < 0)
            return false;
        len = len < FRAME_MOST ? len : FRAME_MOST - 1;
        frame[len] = '\0';
        if (ask->count < FRAMES)
            ask->lengths[ask->count] = (size_t)len;
        ask->count++;
        zmq_getsockopt(zap->socket, ZMQ_RCVMORE, &more, &size);
    }
    return true;
}

/* From this machine itself who knows the daemon's public key comes in without a key of its own.
 * ret_user: the key in Z85 where it is one of ours, which libzmq tells with each message. */
static bool is_allowed(const struct zap *zap, const struct ask *ask, char ret_user[KEY_TEXT + 1])
{
    const char *address = ask->frames[3];
    const unsigned char *key = (const unsigned char *)ask->frames[6];

    if (ask->count != FRAMES || strcmp(ask->frames[0], "1.0") != 0 ||
        strcmp(ask->frames[5], "CURVE") != 0 || ask->lengths[6] != KEY_BYTES)
        return false;
    if (keys_allow(zap->keys, key))
        return zmq_z85_encode(ret_user, key, KEY_BYTES) != NULL;
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static void answer(struct zap *zap, const struct ask *ask)
{
    char user[KEY_TEXT + 1] = "";
    bool is_let_in = is_allowed(zap, ask, user);
    const char *frames[] = {"1.0", ask->frames[1], is_let_in ? "200" : "400",
        is_let_in ? "OK" : "no such key", user, ""};

    for (size_t i = 0; i < 6; i++)
        zmq_send(zap->socket, frames[i], i == 1 ? ask->lengths[1] : strlen(frames[i]),
            i < 5 ? ZMQ_SNDMORE : 0);
    zap->refused += !is_let_in;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct zap *zap = poll->data;
    struct ask ask;

    (void)status;
    (void)events;
    while (receive(zap, &ask))
        answer(zap, &ask);
}

int zap_open(uv_loop_t *loop, void *context, const struct keys *keys, struct zap **ret_zap,
    struct error *err)
{
    struct zap *zap = new_zeroed(sizeof(*zap));
    size_t size = sizeof(int);
    int fd = -1;
    int linger = 0;
    int code = 0;

    zap->keys = keys;
    zap->socket = zmq_socket(context, ZMQ_REP);
    if (zap->socket == NULL || zmq_bind(zap->socket, "inproc://zeromq.zap.01") != 0)
        code = fail(err, E_SYSTEM, "handler of keys: %s", zmq_strerror(zmq_errno()));
    if (code == OK) {
        zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger, sizeof(linger));
        zmq_getsockopt(zap->socket, ZMQ_FD, &fd, &size);
        if ((code = uv_poll_init(loop, &zap->poll, fd)) != 0)
            code = fail(err, E_SYSTEM, "handler of keys: %s", uv_strerror(code));
    }
    if (code != OK) {
        if (zap->socket != NULL)
            zmq_close(zap->socket);
        free(zap);
        return code;
    }
    zap->poll.data = zap;
    uv_poll_start(&zap->poll, UV_READABLE, on_readable);
    *ret_zap = zap;
    return OK;
}

uint64_t zap_refused(const struct zap *zap)
{
    return zap == NULL ? 0 : zap->refused;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void zap_close(struct zap *zap)
{
    if (zap == NULL)
        return;
    uv_poll_stop(&zap->poll);
    zmq_close(zap->socket);
    uv_close((uv_handle_t *)&zap->poll, on_closed);
}
