/* reader.c - a stage that asks for three more documents, one after the other, and keeps their text.
 */
#include <stdio.h>
#include <string.h>

#include "wireroom/stage.h"

struct reading {
    int page;
    char text[80];
};

static int process(void *self, wr_record *rec, const wr_event *event)
{
    struct reading *reading = *wr_slot(rec);
    char url[40];
    int len;

    (void)self;
    if (event->cause == WR_ARRIVED)
        reading = *wr_slot(rec) = wr_alloc(rec, sizeof(*reading));
    else
        snprintf(reading->text + strlen(reading->text), 20, "%.*s ", (int)event->body.len,
            event->body.len > 0 ? event->body.ptr : "");
    if (++reading->page > 3) {
        wr_set(rec, WR_TEXT, (wr_str){reading->text, strlen(reading->text)});
        return WR_NEXT;
    }
    len = snprintf(url, sizeof(url), "http://news.example/page/%d", reading->page);
    wr_fetch(rec, (wr_str){url, (size_t)len});
    return WR_WAIT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "reader",
    .version = "1.0",
    .process = process,
};
