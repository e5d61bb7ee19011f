/* story.c - which developing story a record belongs to. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/space.h"
#include "tell.h"
#include "text/agency.h"
#include "threads.h"
#include "trained/model_text.h"
#include "wireroom/stage.h"

enum {
    /* Bytes an article may take of the file: its row, and a piece of SKETCH_TERMS terms. They are
     * not taken before they are needed. */
    ARTICLE_BYTES = 1024,
    FILE_LEAST = 4 << 20 /* blocks that are begun, whatever is in them */
};

struct stage_story {
    int64_t articles, warm_up;
    struct model *model;
    struct space *space;
    struct threads *threads;
    struct reports reports;
    struct buf saved;
};

static const wr_option options[] = {
    {"articles", WR_INT, offsetof(struct stage_story, articles), "100000",
        "most articles remembered; the oldest are forgotten first"},
    {"warm-up", WR_INT, offsetof(struct stage_story, warm_up), "200",
        "articles at first of which a story wants stronger evidence, the less the more there are"},
    {0},
};

static struct threads *start(const struct stage_story *s)
{
    return threads_new(&(struct threads_options){.articles = (size_t)s->articles,
        .space = s->space,
        .warm_up = (size_t)s->warm_up,
        .model = s->model,
        .common = common_text()});
}

static int story_open(void *self)
{
    struct stage_story *s = self;
    struct error err = {0};

    if (s->articles < 1 || s->articles > ARCHIVE_ARTICLES || s->warm_up < 0 ||
        s->warm_up > ARCHIVE_ARTICLES) {
        wr_log(
            WR_ERROR, "articles is 1 to %d, warm-up 0 to %d", ARCHIVE_ARTICLES, ARCHIVE_ARTICLES);
        return -1;
    }
    agencies_open();
    s->model = model_read(model_text(), feature_names, FEATURES, &err);
    if (s->model == NULL) {
        wr_log(WR_ERROR, "%s", err.text);
        return -1;
    }
    s->space =
        space_open(getenv("WIREROOM_STATE"), (size_t)s->articles * ARTICLE_BYTES + FILE_LEAST);
    s->threads = start(s);
    return 0;
}

static void story_close(void *self)
{
    struct stage_story *s = self;

    threads_free(s->threads);
    space_close(s->space);
    reports_done(&s->reports);
    model_free(s->model);
    buf_done(&s->saved);
}

/* When the record came, in its own words, so that a replay decides what the first run did. */
static int64_t when(const wr_record *rec)
{
    wr_str seen = wr_get(rec, WR_FIRST_SEEN), published = wr_get(rec, WR_PUBLISHED);
    int64_t wall = 0;

    if (!clock_parse((struct bytes){seen.ptr, seen.len}, &wall))
        clock_parse((struct bytes){published.ptr, published.len}, &wall);
    return wall / SECOND;
}

static struct bytes field(const wr_record *rec, int number)
{
    wr_str value = wr_get(rec, number);

    return (struct bytes){value.ptr, value.len};
}

static int story_process(void *self, wr_record *rec, const wr_event *event)
{
    struct stage_story *s = self;
    struct thread_source source = {.id = field(rec, WR_ID),
        .same_as = field(rec, WR_SAME_AS),
        .text = {field(rec, WR_TITLE), field(rec, WR_TEXT), field(rec, WR_URL),
            field(rec, WR_LANGUAGE)},
        .time = when(rec)};
    struct arrival arrival;
    struct placed placed;

    if (event->cause == WR_DUE) {
        tell_due(&s->reports, rec, source.time);
        return WR_NEXT;
    }
    if (source.text.text.len == 0)
        source.text.text = field(rec, WR_SUMMARY);
    if (source.text.text.len == 0)
        source.text.text = source.text.title;
    source.house = tell_house(rec, s->threads);
    arrival = tell_arrival(rec, s->threads, source.time);
    threads_place(s->threads, &source, &placed);
    tell_record(&s->reports, rec, &arrival, &placed);
    if (placed.is_full)
        wr_note(rec, "its story has %d articles and takes no more", STORY_ARTICLES);
    return WR_NEXT;
}

/* What came since the last save: behind its length that of the threads, then that of the reports.
 */
static wr_str story_save(void *self)
{
    struct stage_story *s = self;
    uint64_t size = 0;

    buf_clear(&s->saved);
    if (s->reports.unsaved_count > 0) /* stories were told of, and no article came */
        threads_want_save(s->threads);
    buf_add(&s->saved, (struct bytes){(const char *)&size, sizeof(size)});
    threads_save(s->threads, &s->saved);
    size = s->saved.len - sizeof(size);
    if (size == 0)
        return (wr_str){"", 0};
    memcpy(s->saved.ptr, &size, sizeof(size));
    reports_save(&s->reports, &s->saved);
    return (wr_str){s->saved.ptr, s->saved.len};
}

static bool load(struct stage_story *s, struct bytes saved)
{
    uint64_t size;

    if (saved.len < sizeof(size))
        return false;
    memcpy(&size, saved.ptr, sizeof(size));
    saved = bytes_from(saved, sizeof(size));
    return size <= saved.len && threads_load(s->threads, bytes_slice(saved, 0, size)) &&
           reports_load(&s->reports, bytes_from(saved, size));
}

static int story_load(void *self, wr_str saved)
{
    struct stage_story *s = self;

    if (load(s, (struct bytes){saved.ptr, saved.len}))
        return 0;
    reports_done(&s->reports);
    threads_free(s->threads);
    s->threads = start(s);
    return -1;
}

static size_t story_saves(void *self)
{
    struct stage_story *s = self;

    return threads_saves(s->threads);
}

static int64_t story_due(void *self)
{
    struct stage_story *s = self;

    return reports_due(&s->reports);
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "story",
    .version = "1.0",
    .flags = WR_ORDERED,
    .self_size = sizeof(struct stage_story),
    .options = options,
    .open = story_open,
    .close = story_close,
    .process = story_process,
    .save = story_save,
    .load = story_load,
    .saves = story_saves,
    .due = story_due,
};
