/* hungry.c - a stage that wants more memory than there is. */
#include <string.h>

#include "wireroom/stage.h"

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);

    (void)self;
    (void)event;
    while (memmem(title.ptr, title.len, "hungry", 6) != NULL)
        memset(wr_alloc(rec, 1 << 20), 1, 1 << 20);
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "hungry",
    .version = "1.0",
    .process = process,
};
