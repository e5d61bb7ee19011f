/* asker.c - a stage that asks for one more document. */
#include <stdio.h>

#include "wireroom/stage.h"

static int process(void *self, wr_record *rec, const wr_event *event)
{
    char text[80];
    int len;

    (void)self;
    if (event->cause == WR_ARRIVED) {
        *wr_slot(rec) = wr_alloc(rec, 8);
        *(int *)*wr_slot(rec) = 7;
        wr_fetch(rec, (wr_str){"http://news.example/page/2", 26});
        return WR_WAIT;
    }
    len = snprintf(text, sizeof(text), "%d %d %d %.*s", *(int *)*wr_slot(rec), event->cause,
        event->status, (int)event->body.len, event->body.len > 0 ? event->body.ptr : "");
    wr_set_extra(rec, "asker", (wr_str){text, (size_t)len});
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "asker",
    .version = "1.0",
    .process = process,
};
