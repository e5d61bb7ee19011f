/* opener.c - a stage that opens a file, forks or connects, as the title says. */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wireroom/stage.h"

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);
    int fd = -1;

    (void)self;
    (void)event;
    if (memmem(title.ptr, title.len, "file", 4) != NULL)
        fd = open("/etc/passwd", O_RDONLY);
    if (memmem(title.ptr, title.len, "fork", 4) != NULL)
        fd = fork() == 0 ? 0 : -1;
    if (memmem(title.ptr, title.len, "socket", 6) != NULL)
        fd = socket(AF_INET, SOCK_STREAM, 0);
    wr_note(rec, "got %d", fd);
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "opener",
    .version = "1.0",
    .process = process,
};
