/* emitter.c - a stage that makes further records, one or very many. */
#include <string.h>

#include "wireroom/stage.h"

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);
    int count = memmem(title.ptr, title.len, "many", 4) != NULL ? 1000 : 1;

    (void)self;
    (void)event;
    for (int i = 0; i < count; i++)
        wr_set(wr_emit(rec), WR_TITLE, (wr_str){"emitted", 7});
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "emitter",
    .version = "1.0",
    .process = process,
};
