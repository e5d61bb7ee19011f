/* greedy.c - a stage that takes what malloc() gives without a look at it, or dies of something else
 * after it was refused memory over an earlier record. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "wireroom/stage.h"

static void *volatile last;

static bool wants(wr_str title, const char *word)
{
    return memmem(title.ptr, title.len, word, strlen(word)) != NULL;
}

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);
    const size_t much = (size_t)512 << 20;

    (void)self;
    (void)event;
    if (wants(title, "ask for much"))
        last = malloc(much);
    if (wants(title, "take much")) {
        char *all = last = malloc(much);

        memset(all, 1, much);
    }
    if (wants(title, "give up")) {
        last = malloc(much);
        abort();
    }
    if (wants(title, "stumble"))
        raise(SIGSEGV);
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "greedy",
    .version = "1.0",
    .process = process,
};
