/* names.c - names of people, organisations and places in an article's text, with how often each is
 * named. */
#include <stdio.h>
#include <stdlib.h>

#include "entity.h"
#include "wireroom/stage.h"

enum { NAME_MOST = 120 }; /* bytes; what is longer is no name */

struct names {
    int64_t most;
    struct finder *finder;
    struct entities *entities;
};

static const wr_option options[] = {
    {"most", WR_INT, offsetof(struct names, most), "50",
        "most names of one article; those named most often are kept"},
    {0},
};

static const char *const kinds[] = {
    [NAME_OTHER] = "other",
    [NAME_PERSON] = "person",
    [NAME_ORGANISATION] = "organisation",
    [NAME_PLACE] = "place",
};

static struct bytes get(const wr_record *rec, int field)
{
    wr_str value = wr_get(rec, field);

    return (struct bytes){value.ptr, value.len};
}

static int names_open(void *self)
{
    struct names *n = self;

    if (n->most < 1 || n->most > ENTITIES) {
        wr_log(WR_ERROR, "most is 1 to %d", ENTITIES);
        return -1;
    }
    n->finder = finder_new();
    n->entities = new_zeroed(sizeof(*n->entities));
    return 0;
}

static void names_close(void *self)
{
    struct names *n = self;

    finder_free(n->finder);
    free(n->entities);
}

static void add_name(wr_record *rec, const struct entity *e)
{
    char text[NAME_MOST + 64];
    int len;

    if (e->name.len > NAME_MOST)
        return;
    len = snprintf(text, sizeof(text), "%s\t%u\t%.*s", kinds[e->kind], e->count, FMT(e->name));
    wr_add(rec, WR_NAME, (wr_str){text, (size_t)len});
}

static int names_process(void *self, wr_record *rec, const wr_event *event)
{
    struct names *n = self;
    struct bytes text = get(rec, WR_TEXT);

    (void)event;
    text = text.len > 0 ? text : get(rec, WR_SUMMARY);
    wr_set(rec, WR_NAME, (wr_str){"", 0});
    finder_read(n->finder, text, get(rec, WR_LANGUAGE));
    entities_collect(n->finder, n->entities);
    for (size_t i = 0; i < n->entities->count && i < (size_t)n->most; i++)
        add_name(rec, &n->entities->at[i]);
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "names",
    .version = "1.0",
    .self_size = sizeof(struct names),
    .options = options,
    .open = names_open,
    .close = names_close,
    .process = names_process,
};
