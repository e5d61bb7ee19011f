/* opener.c - a stage that opens a file, forks, connects, takes memory that is not counted or speaks
 * on the worker's pipe, as the title says. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wireroom/stage.h"

static int map(int how)
{
    return mmap(NULL, 100 << 20, PROT_READ | PROT_WRITE, how | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

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
    if (memmem(title.ptr, title.len, "shared", 6) != NULL)
        fd = map(MAP_SHARED);
    if (memmem(title.ptr, title.len, "downwards", 9) != NULL)
        fd = map(MAP_PRIVATE | MAP_GROWSDOWN);
    if (memmem(title.ptr, title.len, "pipe", 4) != NULL)
        fd = (int)write(3, "\377\377\377\377\377", 5);
    if (memmem(title.ptr, title.len, "handler", 7) != NULL)
        fd = signal(SIGSYS, SIG_IGN) == SIG_ERR;
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
