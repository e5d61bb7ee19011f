/* failing.c - a stage that cannot do its work, and one time makes up a verdict. */
#include <string.h>

#include "wireroom/stage.h"

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);

    (void)self;
    (void)event;
    if (memmem(title.ptr, title.len, "nonsense", 8) != NULL)
        return 77;
    if (memmem(title.ptr, title.len, "wait", 4) != NULL)
        return WR_WAIT;
    wr_note(rec, "cannot do\tthat");
    return WR_FAILED;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "failing",
    .version = "1.0",
    .process = process,
};
