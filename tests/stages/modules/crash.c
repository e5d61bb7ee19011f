/* crash.c - a stage that crashes over a record whose title says so. */
#include <signal.h>
#include <string.h>

#include "wireroom/stage.h"

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);

    (void)self;
    (void)event;
    if (memmem(title.ptr, title.len, "crash", 5) != NULL) {
        signal(SIGSEGV, SIG_DFL);
        *(volatile int *)8 = 1;
    }
    if (memmem(title.ptr, title.len, "abort", 5) != NULL)
        __builtin_trap();
    wr_set_extra(rec, "crash", (wr_str){"survived", 8});
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "crash",
    .version = "1.0",
    .process = process,
};
