/* closing.h - libuv handles embedded in one owner, which is freed once the last of them is closed.
 */
#ifndef WIREROOM_BASE_CLOSING_H
#define WIREROOM_BASE_CLOSING_H

#include <uv.h>

/* Lies in the owner; set both pointers before the first handle is closed. libuv holds a handle
 * until its close callback, also when others of the owner are closed by then. */
struct closing {
    void (*on_last)(void *owner);
    void *owner;
    int open; /* handles that libuv still holds */
};

static inline void closing_on_closed(uv_handle_t *handle)
{
    struct closing *closing = handle->data;

    if (--closing->open == 0)
        closing->on_last(closing->owner);
}

/* Close a handle of the owner; all of them in one turn of the loop. handle->data is closing's from
 * now on: what is called back with the handle after this must not read it. */
static inline void closing_handle(struct closing *closing, uv_handle_t *handle)
{
    closing->open++;
    handle->data = closing;
    uv_close(handle, closing_on_closed);
}

#endif
