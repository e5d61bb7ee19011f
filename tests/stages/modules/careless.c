/* careless.c - a stage that sets what cannot be set: names and fields that there are not, and more
 * than a record holds. */
#include <string.h>

#include "wireroom/stage.h"

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);
    const wr_str value = {"value", 5};

    (void)self;
    (void)event;
    if (memmem(title.ptr, title.len, "name", 4) != NULL)
        wr_set_extra(rec, "Bad Name!", value);
    if (memmem(title.ptr, title.len, "field", 5) != NULL)
        wr_set(rec, 9999, value);
    if (memmem(title.ptr, title.len, "add", 3) != NULL)
        wr_add(rec, 0, value);
    if (memmem(title.ptr, title.len, "large", 5) != NULL) {
        size_t large = (size_t)17 << 20;

        wr_set(rec, WR_TEXT, (wr_str){wr_alloc(rec, large), large});
    }
    for (int i = 0; i < 1025 && memmem(title.ptr, title.len, "many", 4) != NULL; i++)
        wr_add(rec, WR_AUTHOR, value);
    if (memmem(title.ptr, title.len, "emitted", 7) != NULL)
        wr_set(wr_emit(rec), -1, value);
    wr_set_extra(rec, "careless", value);
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "careless",
    .version = "1.0",
    .process = process,
};
