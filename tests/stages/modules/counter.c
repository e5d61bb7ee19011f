/* counter.c - an ordered stage that numbers records, remembers its number, and crashes when it is
 * told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wireroom/stage.h"

struct counter {
    int number;
    char text[16];
};

static int process(void *self, wr_record *rec, const wr_event *event)
{
    struct counter *c = self;
    wr_str title = wr_get(rec, WR_TITLE);
    int len;

    (void)event;
    if (memmem(title.ptr, title.len, "crash", 5) != NULL)
        __builtin_trap();
    len = snprintf(c->text, sizeof(c->text), "%d", ++c->number);
    wr_set_extra(rec, "number", (wr_str){c->text, (size_t)len});
    wr_fetch(rec, (wr_str){"http://news.example/", 20});
    return event->cause == WR_ARRIVED && memmem(title.ptr, title.len, "wait", 4) != NULL ? WR_WAIT
                                                                                         : WR_NEXT;
}

static wr_str save(void *self)
{
    struct counter *c = self;

    return (wr_str){c->text, (size_t)snprintf(c->text, sizeof(c->text), "%d", c->number)};
}

static int load(void *self, wr_str saved)
{
    struct counter *c = self;
    char text[16] = "";

    if (saved.len >= sizeof(text))
        return -1;
    memcpy(text, saved.ptr, saved.len);
    c->number = atoi(text);
    return 0;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "counter",
    .version = "1.0",
    .flags = WR_ORDERED,
    .self_size = sizeof(struct counter),
    .process = process,
    .save = save,
    .load = load,
};
