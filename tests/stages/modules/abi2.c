/* abi2.c - a stage built for a stage interface that does not exist yet. */
#include "wireroom/stage.h"

static int process(void *self, wr_record *rec, const wr_event *event)
{
    (void)self;
    (void)rec;
    (void)event;
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = 2,
    .size = sizeof(wr_stage),
    .name = "abi2",
    .version = "1.0",
    .process = process,
};
