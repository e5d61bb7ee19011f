/* abi1.c - a module that uses all of stage ABI 1, built for ever against the header it was released
 * with. */
#include "wireroom/stage.h"

struct abi1 {
    bool yes;
    int64_t whole;
    double real;
    const char *text;
    int opened, cancelled;
    char saved[4];
};

static const wr_option options[] = {
    {"yes", WR_BOOL, offsetof(struct abi1, yes), "true", "a bool"},
    {"whole", WR_INT, offsetof(struct abi1, whole), "7", "a whole number"},
    {"real", WR_REAL, offsetof(struct abi1, real), "0.5", "a real number"},
    {"text", WR_TEXT_OPTION, offsetof(struct abi1, text), "word", "a text"},
    {0},
};

static int on_open(void *self)
{
    struct abi1 *a = self;

    a->opened = a->yes && a->whole == 7 && a->real == 0.5 && a->text[0] == 'w';
    wr_log(WR_DEBUG, "opened %d", a->opened);
    return a->opened ? 0 : -1;
}

static void on_close(void *self)
{
    ((struct abi1 *)self)->opened = 0;
}

static int go_on(wr_record *rec, const wr_event *event)
{
    const char *const *kept = *wr_slot(rec);

    wr_set_extra(rec, "abi1.slot", (wr_str){*kept, 4});
    wr_set_extra(rec, "abi1.body",
        event->cause == WR_FETCHED && event->status == 200 ? event->body : (wr_str){"none", 4});
    wr_set_extra(rec, "abi1.again", wr_get_extra(rec, "abi1.slot"));
    return WR_NEXT;
}

static int process(void *self, wr_record *rec, const wr_event *event)
{
    static const char *const kept = "kept";
    const struct abi1 *a = self;
    const char **slot;

    if (!a->opened || event->size < sizeof(wr_event))
        return WR_FAILED;
    if (event->cause != WR_ARRIVED)
        return go_on(rec, event);
    if (wr_get(rec, WR_TITLE).len == 0)
        return WR_DROP;
    slot = wr_alloc(rec, sizeof(*slot));
    *slot = kept;
    *wr_slot(rec) = slot;
    wr_set(rec, WR_SUMMARY, wr_get(rec, WR_TITLE));
    wr_set(rec, WR_PAGE_TYPE, (wr_str){"text/html", 9});
    wr_add(rec, WR_AUTHOR, (wr_str){"Ana Lund", 8});
    wr_add(rec, WR_AUTHOR, (wr_str){"Bo Ek", 5});
    if (wr_count(rec, WR_AUTHOR) == 2)
        wr_set(rec, WR_BYLINE, wr_get_at(rec, WR_AUTHOR, 1));
    wr_set(wr_emit(rec), WR_TITLE, (wr_str){"emitted", 7});
    wr_note(rec, "%s of %d", "noted", 1);
    wr_fetch(rec, (wr_str){"http://news.example/2", 21});
    return WR_WAIT;
}

static void cancel(void *self, wr_record *rec)
{
    (void)rec;
    ((struct abi1 *)self)->cancelled++;
}

static wr_str save(void *self)
{
    return (wr_str){((struct abi1 *)self)->saved, 4};
}

static int load(void *self, wr_str saved)
{
    (void)self;
    return saved.len == 4 ? 0 : -1;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "abi1",
    .version = "1.0",
    .flags = WR_NEEDS_PAGE,
    .self_size = sizeof(struct abi1),
    .options = options,
    .open = on_open,
    .close = on_close,
    .process = process,
    .cancel = cancel,
    .save = save,
    .load = load,
};
