/* liar.c - a stage that speaks for its worker: bytes that are no frame, a frame that is too large,
 * and a record of too many values, as the title says. */
#include <string.h>
#include <sys/socket.h>

#include "wireroom/stage.h"

enum { PIPE = 3, RECORD = 67, FEW = 2000, LARGE = 70 << 20 };

static void say(const void *what, size_t len)
{
    const char *at = what;

    while (len > 0) {
        ssize_t put = send(PIPE, at, len, MSG_NOSIGNAL);

        if (put <= 0)
            return;
        at += put;
        len -= (size_t)put;
    }
}

static void say_head(size_t len)
{
    const unsigned char head[5] = {(unsigned char)len, (unsigned char)(len >> 8),
        (unsigned char)(len >> 16), (unsigned char)(len >> 24), RECORD};

    say(head, sizeof(head));
}

static int process(void *self, wr_record *rec, const wr_event *event)
{
    static const char keyword[8] = {WR_KEYWORD, 0, 0, 1, 0, 0, 0, 'k'};
    static char piece[1 << 16];
    wr_str title = wr_get(rec, WR_TITLE);

    (void)self;
    (void)event;
    memset(piece, 0xff, sizeof(piece));
    if (memmem(title.ptr, title.len, "garbage", 7) != NULL)
        say(piece, 100);
    if (memmem(title.ptr, title.len, "large", 5) != NULL) {
        say_head(LARGE);
        for (size_t i = 0; i < LARGE / sizeof(piece); i++)
            say(piece, sizeof(piece));
    }
    if (memmem(title.ptr, title.len, "values", 6) != NULL) {
        say_head(FEW * sizeof(keyword));
        for (size_t i = 0; i < FEW; i++)
            say(keyword, sizeof(keyword));
    }
    for (size_t i = 0; i < FEW && memmem(title.ptr, title.len, "keywords", 8) != NULL; i++)
        wr_add(rec, WR_KEYWORD, (wr_str){"k", 1});
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "liar",
    .version = "1.0",
    .process = process,
};
