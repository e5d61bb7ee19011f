/* frame.c - a length, a kind, a body. */
#include "base/frame.h"

static void put_u32(char *at, size_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(value >> (8 * i));
}

size_t frame_begin(struct buf *out, int kind)
{
    size_t begun = out->len;
    char head[FRAME_HEAD] = {0, 0, 0, 0, (char)kind};

    buf_add(out, (struct bytes){head, sizeof(head)});
    return begun;
}

void frame_end(struct buf *out, size_t begun)
{
    if (!out->over)
        put_u32(out->ptr + begun, out->len - begun - FRAME_HEAD);
}

void frame_add(struct buf *out, int kind, struct bytes body)
{
    size_t begun = frame_begin(out, kind);

    buf_add(out, body);
    frame_end(out, begun);
}

bool frame_head(struct bytes in, int *ret_kind, size_t *ret_len)
{
    const unsigned char *u = (const unsigned char *)in.ptr;

    if (in.len < FRAME_HEAD)
        return false;
    *ret_kind = u[4];
    *ret_len = u[0] | (size_t)u[1] << 8 | (size_t)u[2] << 16 | (size_t)u[3] << 24;
    return true;
}

int frame_next(struct bytes in, struct frame *ret_frame, size_t *ret_used, struct error *err)
{
    size_t len;
    int kind;

    if (!frame_head(in, &kind, &len))
        return 0;
    if (len > FRAME_LIMIT)
        return fail(err, E_LIMIT, "frame of %zu bytes is over %d", len, FRAME_LIMIT);
    if (in.len < FRAME_HEAD + len)
        return 0;
    ret_frame->kind = kind;
    ret_frame->body = bytes_slice(in, FRAME_HEAD, len);
    *ret_used = FRAME_HEAD + len;
    return 1;
}
