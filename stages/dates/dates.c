/* dates.c - the days, months and years that an article speaks of. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "mentions.h"
#include "wireroom/stage.h"

struct dates {
    struct calendar *calendar;
    struct mentioned *found;
};

static struct bytes get(const wr_record *rec, int field)
{
    wr_str value = wr_get(rec, field);

    return (struct bytes){value.ptr, value.len};
}

static int dates_open(void *self)
{
    struct dates *d = self;

    d->calendar = calendar_new();
    d->found = new_zeroed(sizeof(*d->found) * MENTIONS);
    return 0;
}

static void dates_close(void *self)
{
    struct dates *d = self;

    calendar_free(d->calendar);
    free(d->found);
}

/* The day as the publisher tells it, in its own zone: "2026-03-14" of an RFC 3339 date. */
static struct mentioned day_of(struct bytes date)
{
    int64_t year, month, day;
    struct mentioned m = {0};

    if (bytes_to_int(bytes_slice(date, 0, 4), &year) && year >= 1900 && year < 2200 &&
        bytes_to_int(bytes_slice(date, 5, 2), &month) && month >= 1 && month <= 12 &&
        bytes_to_int(bytes_slice(date, 8, 2), &day) && day >= 1 && day <= 31)
        m = (struct mentioned){.year = (int)year, .month = (int)month, .day = (int)day};
    return m;
}

static void add_date(wr_record *rec, const struct mentioned *m)
{
    char value[160];
    int len;

    if (m->day > 0)
        len = snprintf(value, sizeof(value), "%04d-%02d-%02d\t%.*s", m->year, m->month, m->day,
            FMT(bytes_clip(m->text, 80)));
    else if (m->month > 0)
        len = snprintf(value, sizeof(value), "%04d-%02d\t%.*s", m->year, m->month,
            FMT(bytes_clip(m->text, 80)));
    else
        len = snprintf(value, sizeof(value), "%04d\t%.*s", m->year, FMT(bytes_clip(m->text, 80)));
    wr_add(rec, WR_DATE, (wr_str){value, (size_t)len});
}

static int dates_process(void *self, wr_record *rec, const wr_event *event)
{
    struct dates *d = self;
    struct bytes text = get(rec, WR_TEXT);
    struct bytes day = get(rec, WR_PUBLISHED);
    size_t count;

    (void)event;
    text = text.len > 0 ? text : get(rec, WR_SUMMARY);
    day = day.len > 0 ? day : get(rec, WR_FIRST_SEEN);
    wr_set(rec, WR_DATE, (wr_str){"", 0});
    count = mentions_find(d->calendar, text, get(rec, WR_LANGUAGE), day_of(day), d->found);
    for (size_t i = 0; i < count; i++)
        add_date(rec, &d->found[i]);
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "dates",
    .version = "1.0",
    .self_size = sizeof(struct dates),
    .open = dates_open,
    .close = dates_close,
    .process = dates_process,
};
