/* misnamed.c - a stage that calls itself something else than its file. */
#include "wireroom/stage.h"

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
    .name = "renamed",
    .version = "1.0",
    .process = process,
};
