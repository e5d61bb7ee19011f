/* good.c - a stage that works: it puts a mark on each record. */
#include <stdio.h>

#include "wireroom/stage.h"

struct good {
    const char *mark;
    bool drop;
    int64_t number;
    double share;
};

static const wr_option options[] = {
    {"mark", WR_TEXT_OPTION, offsetof(struct good, mark), "seen", "what is put on each record"},
    {"drop", WR_BOOL, offsetof(struct good, drop), "no", "whether nobody needs to see it"},
    {"max-number", WR_INT, offsetof(struct good, number), "24", "a number that is written too"},
    {"share", WR_REAL, offsetof(struct good, share), "0.5", "a share"},
    {0},
};

static int process(void *self, wr_record *rec, const wr_event *event)
{
    const struct good *good = self;
    char text[80];
    int len = snprintf(
        text, sizeof(text), "%s %lld %.2f", good->mark, (long long)good->number, good->share);

    (void)event;
    wr_set_extra(rec, "good", (wr_str){text, (size_t)len});
    wr_note(rec, "marked with \"%s\"", good->mark);
    if (wr_get(rec, WR_PAGE).len > 0)
        wr_set(rec, WR_TEXT, wr_get(rec, WR_PAGE));
    return good->drop ? WR_DROP : WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "good",
    .version = "1.2",
    .flags = WR_NEEDS_PAGE,
    .self_size = sizeof(struct good),
    .options = options,
    .process = process,
};
