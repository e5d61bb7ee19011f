/* window.c - libzmq's thread gives each message back when it was sent; that is counted here. */
#include "deliver/window.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"

struct window {
    uv_async_t *wake;
    _Atomic int64_t bytes, frames;
    _Atomic int owners; /* the client and its messages */
    _Atomic bool is_waited_for;
};

struct parcel {
    struct window *window;
    size_t len;
    char bytes[];
};

struct window *window_new(uv_async_t *wake)
{
    struct window *window = new_zeroed(sizeof(*window));

    window->wake = wake;
    atomic_store(&window->owners, 1);
    return window;
}

void window_free(struct window *window)
{
    if (window != NULL && atomic_fetch_sub(&window->owners, 1) == 1)
        free(window);
}

static bool is_below(struct window *window, int part)
{
    return atomic_load(&window->bytes) < WINDOW_BYTES / part &&
           atomic_load(&window->frames) < WINDOW_FRAMES / part;
}

/* On libzmq's thread. */
static void on_sent(void *data, void *hint)
{
    struct parcel *parcel = hint;
    struct window *window = parcel->window;

    (void)data;
    atomic_fetch_sub(&window->bytes, (int64_t)parcel->len);
    atomic_fetch_sub(&window->frames, 1);
    free(parcel);
    if (is_below(window, 2) && atomic_exchange(&window->is_waited_for, false))
        uv_async_send(window->wake);
    window_free(window);
}

bool window_has_room(struct window *window)
{
    if (is_below(window, 1))
        return true;
    atomic_store(&window->is_waited_for, true);
    /* It may have been emptied meanwhile, and nobody would say so. */
    return is_below(window, 2) && atomic_exchange(&window->is_waited_for, false);
}

void window_message(struct window *window, struct bytes bytes, zmq_msg_t *ret_message)
{
    struct parcel *parcel = malloc(sizeof(*parcel) + bytes.len);

    if (parcel == NULL)
        arena_out_of_memory(sizeof(*parcel) + bytes.len);
    *parcel = (struct parcel){.window = window, .len = bytes.len};
    if (bytes.len > 0)
        memcpy(parcel->bytes, bytes.ptr, bytes.len);
    atomic_fetch_add(&window->owners, 1);
    atomic_fetch_add(&window->bytes, (int64_t)bytes.len);
    atomic_fetch_add(&window->frames, 1);
    zmq_msg_init_data(ret_message, parcel->bytes, bytes.len, on_sent, parcel);
}
