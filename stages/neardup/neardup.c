/* neardup.c - which records repeat the text of an earlier one, word for word. */
#include "base/clock.h"
#include "base/hash.h"
#include "memory.h"
#include "normal.h"
#include "wireroom/stage.h"

enum { TEXT_LIMIT = 8 << 20 };

struct neardup {
    int64_t days, texts, min_letters;
    struct memory *memory;
    struct buf normal, saved;
};

static const wr_option options[] = {
    {"days", WR_INT, offsetof(struct neardup, days), "7", "days a text is remembered"},
    {"texts", WR_INT, offsetof(struct neardup, texts), "1000000",
        "most texts remembered; the oldest are forgotten first"},
    {"min-letters", WR_INT, offsetof(struct neardup, min_letters), "120",
        "letters and digits a text needs to be compared"},
    {0},
};

static int neardup_open(void *self)
{
    struct neardup *n = self;

    if (n->days < 1 || n->days > 3650 || n->texts < 1 || n->texts > MEMORY_TEXTS ||
        n->min_letters < 1) {
        wr_log(WR_ERROR, "days is 1 to 3650, texts 1 to %d, min-letters at least 1", MEMORY_TEXTS);
        return -1;
    }
    n->memory = memory_new((size_t)n->texts, n->days * 86400 * SECOND);
    n->normal.limit = TEXT_LIMIT;
    return 0;
}

static void neardup_close(void *self)
{
    struct neardup *n = self;

    memory_free(n->memory);
    buf_done(&n->normal);
    buf_done(&n->saved);
}

/* When the record came, in its own words, so that a replay forgets what the first run forgot. */
static int64_t when(const wr_record *rec)
{
    wr_str seen = wr_get(rec, WR_FIRST_SEEN);
    wr_str published = wr_get(rec, WR_PUBLISHED);
    int64_t wall = 0;

    if (!clock_parse((struct bytes){seen.ptr, seen.len}, &wall))
        clock_parse((struct bytes){published.ptr, published.len}, &wall);
    return wall;
}

/* The body, or for want of one headline and summary; false when it says too little to be compared.
 */
static bool normalise(struct neardup *n, const wr_record *rec)
{
    buf_clear(&n->normal);
    normal_add(&n->normal, wr_get(rec, WR_TEXT));
    if (n->normal.len == 0) {
        normal_add(&n->normal, wr_get(rec, WR_TITLE));
        normal_add(&n->normal, wr_get(rec, WR_SUMMARY));
    }
    return n->normal.len >= (size_t)n->min_letters && !n->normal.over;
}

static void set(wr_record *rec, int field, const char *value)
{
    wr_set(rec, field, (wr_str){value, strlen(value)});
}

static int neardup_process(void *self, wr_record *rec, const wr_event *event)
{
    struct neardup *n = self;
    wr_str id = wr_get(rec, WR_ID);
    char first[MEMORY_ID];
    uint64_t hash;

    (void)event;
    set(rec, WR_SAME_AS, "");
    set(rec, WR_RELATION, "");
    set(rec, WR_SIMILARITY, "");
    memory_forget(n->memory, when(rec));
    if (!normalise(n, rec))
        return WR_NEXT;
    hash = hash64(buf_bytes(&n->normal));
    if (!memory_find(n->memory, hash, first)) {
        memory_add(n->memory, hash, (struct bytes){id.ptr, id.len});
        return WR_NEXT;
    }
    /* A later version of an article is no copy of itself. */
    if (bytes_is((struct bytes){id.ptr, id.len}, first))
        return WR_NEXT;
    set(rec, WR_SAME_AS, first);
    set(rec, WR_RELATION, "exact");
    set(rec, WR_SIMILARITY, "1.00");
    return WR_NEXT;
}

static wr_str neardup_save(void *self)
{
    struct neardup *n = self;

    buf_clear(&n->saved);
    memory_save(n->memory, &n->saved);
    return (wr_str){n->saved.ptr, n->saved.len};
}

static int neardup_load(void *self, wr_str saved)
{
    struct neardup *n = self;

    return memory_load(n->memory, (struct bytes){saved.ptr, saved.len});
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "neardup",
    .version = "1.0",
    .flags = WR_ORDERED,
    .self_size = sizeof(struct neardup),
    .options = options,
    .open = neardup_open,
    .close = neardup_close,
    .process = neardup_process,
    .save = neardup_save,
    .load = neardup_load,
};
