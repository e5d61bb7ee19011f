/* neardup.c - which records repeat an earlier one, and how. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/space.h"
#include "kind.h"
#include "memory.h"
#include "wireroom/stage.h"

enum {
    TEXTS = 40000000, /* thirty days of more than a million */
    DAY = 86400,
    HOUR = 3600,
    /* Bytes a text may take of the file: its row, and a piece of at most 992; and twice what its
     * sampled runs take in half-filled lines. They are not taken before they are needed. */
    TEXT_BYTES = 1600,
    FILE_LEAST = 64 << 20 /* blocks that are begun, whatever is in them */
};

struct neardup {
    int64_t days, hours, texts, min_letters;
    struct space *space;
    struct memory *memory;
    struct sketcher *sketcher;
    uint32_t now, ahead; /* seconds; ahead: a time far beyond now that one record claims */
    struct buf saved;
};

static const wr_option options[] = {
    {"days", WR_INT, offsetof(struct neardup, days), "30", "days a text is remembered"},
    {"hours", WR_INT, offsetof(struct neardup, hours), "72",
        "hours of these in which all of a text is compared; then a sample, which lies in a file"},
    {"texts", WR_INT, offsetof(struct neardup, texts), "100000",
        "most texts remembered; the oldest are forgotten first"},
    {"min-letters", WR_INT, offsetof(struct neardup, min_letters), "120",
        "letters and digits a text needs to be compared"},
    {0},
};

static int neardup_open(void *self)
{
    struct neardup *n = self;

    if (n->days < 1 || n->days > 3650 || n->hours < 1 || n->hours > 87600 || n->texts < 1 ||
        n->texts > TEXTS || n->min_letters < 1) {
        wr_log(WR_ERROR,
            "days is 1 to 3650, hours 1 to 87600, texts 1 to %d, min-letters at least 1", TEXTS);
        return -1;
    }
    n->space = space_open(getenv("WIREROOM_STATE"), (size_t)n->texts * TEXT_BYTES + FILE_LEAST);
    n->memory = memory_new(&(struct memory_options){.articles = (size_t)n->texts,
        .window = (uint32_t)(n->days * DAY),
        .whole = (uint32_t)(n->hours * HOUR),
        .space = n->space});
    n->sketcher = sketcher_new();
    return 0;
}

static void neardup_close(void *self)
{
    struct neardup *n = self;

    memory_free(n->memory);
    space_close(n->space);
    sketcher_free(n->sketcher);
    buf_done(&n->saved);
}

static struct bytes get(const wr_record *rec, int field)
{
    wr_str value = wr_get(rec, field);

    return (struct bytes){value.ptr, value.len};
}

static void set(wr_record *rec, int field, const char *value)
{
    wr_set(rec, field, (wr_str){value, strlen(value)});
}

/* Seconds since 1970, 0 when text tells no time between then and 2106. */
static uint32_t seconds(struct bytes text)
{
    int64_t wall = 0;

    if (!clock_parse(text, &wall) || wall < 0 || wall / SECOND > UINT32_MAX)
        return 0;
    return (uint32_t)(wall / SECOND);
}

/* When the record came, in its own words, so that a replay forgets what the first run forgot. Where
 * only its publisher tells a time, one alone cannot move the clock on by days: two must. */
static uint32_t arrival_time(struct neardup *n, const wr_record *rec)
{
    uint32_t seen = seconds(get(rec, WR_FIRST_SEEN));
    uint32_t claimed = seconds(get(rec, WR_PUBLISHED));

    if (seen == 0 && n->now != 0 && claimed > n->now + DAY) {
        bool agreed = n->ahead != 0 && claimed + DAY >= n->ahead;

        n->ahead = n->ahead == 0 || claimed < n->ahead ? claimed : n->ahead;
        claimed = agreed ? n->ahead : n->now;
    } else {
        n->ahead = 0;
    }
    seen = seen != 0 ? seen : claimed;
    n->now = seen > n->now ? seen : n->now;
    return n->now;
}

/* The body, or for want of one headline and summary; 0 when it says too little to be compared. */
static const struct sketch *read_text(struct neardup *n, wr_record *rec)
{
    struct bytes text = get(rec, WR_TEXT);
    struct bytes title = get(rec, WR_TITLE);
    struct bytes summary = get(rec, WR_SUMMARY);
    const struct sketch *sketch;

    if (text.len == 0) {
        char *both = wr_alloc(rec, title.len + summary.len + 2);

        text = (struct bytes){both, (size_t)sprintf(both, "%.*s\n%.*s", FMT(title), FMT(summary))};
    }
    sketch = sketch_read(n->sketcher, title, text);
    return sketch->letters >= (size_t)n->min_letters ? sketch : NULL;
}

/* Entries that lead to one page, at whatever place in it, are told apart by their publisher. */
static uint32_t page_of(const wr_record *rec)
{
    struct bytes url = get(rec, WR_URL);

    return url.len == 0 ? 0 : (uint32_t)hash64(bytes_slice(url, 0, bytes_find_byte(url, '#')));
}

static void mark_copy(struct neardup *n, wr_record *rec, const struct candidate *of, double p)
{
    const struct identity *origin =
        memory_identity(n->memory, memory_origin(n->memory, of->article));
    char text[IDENTITY_TEXT];

    /* An article of which others are copies is no copy of theirs in its later versions. */
    if (identity_is(origin, get(rec, WR_ID)))
        return;
    identity_write(origin, text);
    set(rec, WR_SAME_AS, text);
    set(rec, WR_RELATION, kind_of(of, sketch_last(n->sketcher), get(rec, WR_TITLE)));
    snprintf(text, sizeof(text), "%.2f", of->equal ? 1 : floor(p * 100) / 100);
    set(rec, WR_SIMILARITY, text);
}

static int neardup_process(void *self, wr_record *rec, const wr_event *event)
{
    struct neardup *n = self;
    struct candidate candidates[MEMORY_CANDIDATES];
    struct arrival arrival = {.id = get(rec, WR_ID), .page = page_of(rec)};
    const struct candidate *of;
    double p = 0;

    (void)event;
    set(rec, WR_SAME_AS, "");
    set(rec, WR_RELATION, "");
    set(rec, WR_SIMILARITY, "");
    arrival.seen = arrival_time(n, rec);
    arrival.sketch = read_text(n, rec);
    if (arrival.sketch == NULL)
        return WR_NEXT;
    of = candidate_best(candidates, memory_compare(n->memory, &arrival, candidates), &p);
    if (of != NULL && (of->equal || p >= PAIR_ACCEPT))
        mark_copy(n, rec, of, p);
    else
        of = NULL;
    memory_add(n->memory, &arrival, of != NULL ? of->article : 0);
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

static size_t neardup_saves(void *self)
{
    struct neardup *n = self;

    return memory_parts(n->memory);
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "neardup",
    .version = "2.0",
    .flags = WR_ORDERED,
    .self_size = sizeof(struct neardup),
    .options = options,
    .open = neardup_open,
    .close = neardup_close,
    .process = neardup_process,
    .save = neardup_save,
    .load = neardup_load,
    .saves = neardup_saves,
};
