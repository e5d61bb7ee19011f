/* keywords.c - the words that an article is about, beside those that its publisher gives. */
#include <stdio.h>

#include "terms.h"
#include "wireroom/stage.h"

struct keywords {
    int64_t most;
    struct terms *terms;
};

static const wr_option options[] = {
    {"most", WR_INT, offsetof(struct keywords, most), "10", "most terms of one article"},
    {0},
};

static struct bytes get(const wr_record *rec, int field)
{
    wr_str value = wr_get(rec, field);

    return (struct bytes){value.ptr, value.len};
}

static int keywords_open(void *self)
{
    struct keywords *k = self;

    if (k->most < 1 || k->most > TERMS) {
        wr_log(WR_ERROR, "most is 1 to %d", TERMS);
        return -1;
    }
    k->terms = terms_new();
    return 0;
}

static void keywords_close(void *self)
{
    struct keywords *k = self;

    terms_free(k->terms);
}

static int keywords_process(void *self, wr_record *rec, const wr_event *event)
{
    struct keywords *k = self;
    struct bytes text = get(rec, WR_TEXT);
    struct term found[TERMS];
    size_t count;

    (void)event;
    text = text.len > 0 ? text : get(rec, WR_SUMMARY);
    if (bytes_starts(text, get(rec, WR_DATELINE)))
        text = bytes_from(text, get(rec, WR_DATELINE).len);
    wr_set(rec, WR_TERM, (wr_str){"", 0});
    count = terms_find(
        k->terms, get(rec, WR_TITLE), text, get(rec, WR_LANGUAGE), (size_t)k->most, found);
    for (size_t i = 0; i < count; i++) {
        char value[128];
        int len = snprintf(value, sizeof(value), "%.2f\t%.*s", found[i].weight, FMT(found[i].text));

        if (!bytes_equal(found[i].text, get(rec, WR_ORIGIN)))
            wr_add(rec, WR_TERM, (wr_str){value, (size_t)len});
    }
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "keywords",
    .version = "1.0",
    .self_size = sizeof(struct keywords),
    .options = options,
    .open = keywords_open,
    .close = keywords_close,
    .process = keywords_process,
};
