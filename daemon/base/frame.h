/* frame.h - how bytes are cut into messages between the daemon and its workers. */
#ifndef WIREROOM_BASE_FRAME_H
#define WIREROOM_BASE_FRAME_H

#include "base/error.h"
#include "base/str.h"

/* [u32 length of body, little endian][u8 kind][body] */
enum { FRAME_HEAD = 5, FRAME_LIMIT = 80 << 20 };

struct frame {
    int kind;
    struct bytes body;
};

void frame_add(struct buf *out, int kind, struct bytes body);

/* Begin a frame whose body is added with buf_add(), then close it: the position goes from one to
 * the other. */
size_t frame_begin(struct buf *out, int kind);
void frame_end(struct buf *out, size_t begun);

/* Kind and length of the frame at the front of in, of which its head is enough; false without. */
bool frame_head(struct bytes in, int *ret_kind, size_t *ret_len);

/* Take one frame off the front of in: 1 and *ret_frame (lent from in) and *ret_used; 0 when more
 * bytes are needed; E_LIMIT when the length is over FRAME_LIMIT. */
int frame_next(struct bytes in, struct frame *ret_frame, size_t *ret_used, struct error *err);

#endif
