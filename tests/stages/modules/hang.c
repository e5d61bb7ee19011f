/* hang.c - a stage that never ends with a record whose title says so. */
#include <string.h>

#include "wireroom/stage.h"

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);

    (void)self;
    (void)event;
    while (memmem(title.ptr, title.len, "hang", 4) != NULL)
        __asm__ volatile("");
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "hang",
    .version = "1.0",
    .process = process,
};
