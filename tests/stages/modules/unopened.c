/* unopened.c - a stage whose open() fails, crashes or hangs, as it is told. */
#include <signal.h>
#include <string.h>

#include "wireroom/stage.h"

struct unopened {
    const char *how;
};

static const wr_option options[] = {
    {"how", WR_TEXT_OPTION, offsetof(struct unopened, how), "fail", "fail or crash"},
    {0},
};

static int open_stage(void *self)
{
    const struct unopened *u = self;

    if (strcmp(u->how, "crash") == 0)
        __builtin_trap();
    wr_log(WR_ERROR, "no word list");
    return -1;
}

static int process(void *self, wr_record *rec, const wr_event *event)
{
    (void)self;
    (void)rec;
    (void)event;
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "unopened",
    .version = "1.0",
    .self_size = sizeof(struct unopened),
    .options = options,
    .open = open_stage,
    .process = process,
};
