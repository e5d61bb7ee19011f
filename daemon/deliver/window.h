/* window.h - what was handed to libzmq for one client and is not yet sent: it bounds nothing by
 * bytes, and a client that does not read would fill the memory. */
#ifndef WIREROOM_DELIVER_WINDOW_H
#define WIREROOM_DELIVER_WINDOW_H

#include <stdbool.h>
#include <uv.h>
#include <zmq.h>

#include "base/str.h"

enum {
    WINDOW_BYTES = 1 << 20,
    WINDOW_FRAMES = 1500, /* below libzmq's own mark of messages */
};

struct window;

/* wake is sent when a window that was found full is half empty; it outlives all messages. */
struct window *window_new(uv_async_t *wake);
void window_free(struct window *window); /* by and by, when its messages are gone */

/* Room for more? If not, wake is sent later. */
bool window_has_room(struct window *window);

/* A message with a copy of bytes that is counted until libzmq is done with it. */
void window_message(struct window *window, struct bytes bytes, zmq_msg_t *ret_message);

#endif
