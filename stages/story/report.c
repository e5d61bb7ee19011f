/* report.c - the stories there are to tell of, which of them changed since the last save, and what
 * time it is. */
#include "report_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

enum { DAY = 24 * HOUR };

static uint64_t hash_of(const uint8_t uuid[UUID])
{
    return hash64((struct bytes){(const char *)uuid, UUID});
}

static bool is_report(const void *item, const void *key)
{
    return memcmp(((const struct report *)item)->uuid, key, UUID) == 0;
}

static void report_free(struct report *report)
{
    free(report->headline);
    free(report->first_uri);
    free(report->sites.at);
    free(report->origins.at);
    free(report->times.at);
    buf_done(&report->members);
    buf_done(&report->recent);
    free(report);
}

void report_saved(struct reports *reports, struct report *report)
{
    uint32_t place = report->unsaved;

    if (place == 0)
        return;
    reports->unsaved[place - 1] = reports->unsaved[--reports->unsaved_count];
    reports->unsaved[place - 1]->unsaved = place;
    report->unsaved = 0;
}

static void mark_unsaved(struct reports *reports, struct report *report)
{
    if (report->unsaved != 0)
        return;
    if (reports->unsaved_count == reports->unsaved_cap) {
        size_t cap = reports->unsaved_cap == 0 ? 64 : (size_t)reports->unsaved_cap * 2;

        reports->unsaved = realloc(reports->unsaved, cap * sizeof(struct report *));
        if (reports->unsaved == NULL)
            arena_out_of_memory(cap * sizeof(struct report *));
        reports->unsaved_cap = (uint32_t)cap;
    }
    reports->unsaved[reports->unsaved_count++] = report;
    report->unsaved = reports->unsaved_count;
}

void report_forget(struct reports *reports, struct report *report)
{
    uint64_t hash = hash_of(report->uuid);

    report_saved(reports, report);
    heap_remove(&reports->due, &report->due);
    table_remove(&reports->by_uuid[hash >> 56], hash, report);
    report_free(report);
}

/* Each of them is in the heap. */
void reports_done(struct reports *reports)
{
    struct heap_node *node;

    while ((node = heap_first(&reports->due)) != NULL)
        report_forget(reports, HEAP_ITEM(node, struct report, due));
    heap_done(&reports->due);
    for (int i = 0; i < REPORT_TABLES; i++)
        table_done(&reports->by_uuid[i]);
    free(reports->unsaved);
    *reports = (struct reports){.now = 0};
}

void report_set_text(char **text, struct bytes value)
{
    if (value.len == 0)
        return;
    free(*text);
    *text = new_zeroed(value.len + 1);
    memcpy(*text, value.ptr, value.len);
}

struct report *report_find(const struct reports *reports, const uint8_t uuid[UUID])
{
    uint64_t hash = hash_of(uuid);

    return table_find(&reports->by_uuid[hash >> 56], hash, is_report, uuid);
}

struct report *report_new(struct reports *reports, const uint8_t uuid[UUID])
{
    struct report *report = new_zeroed(sizeof(*report));
    uint64_t hash = hash_of(uuid);

    memcpy(report->uuid, uuid, UUID);
    table_add(&reports->by_uuid[hash >> 56], hash, report);
    return report;
}

struct report *report_begin(
    struct reports *reports, const uint8_t uuid[UUID], struct bytes uri, int64_t time)
{
    struct report *report = report_new(reports, uuid);

    report->first = time;
    report->last = time;
    report->heard = time;
    report_set_text(&report->first_uri, uri);
    return report;
}

void report_schedule(struct reports *reports, struct report *report, int64_t due)
{
    mark_unsaved(reports, report);
    heap_put(&reports->due, &report->due, due);
}

/* ---- time ------------------------------------------------------------------- */

/* One wrong clock moves nothing: a step of over a day needs a second record that says so. */
void reports_pass(struct reports *reports, int64_t time)
{
    bool is_far = reports->now != 0 && (time > reports->now + DAY || time < reports->now - DAY);
    bool is_sure =
        reports->doubt != 0 && time > reports->doubt - DAY && time < reports->doubt + DAY;

    if (time <= 0)
        return;
    if (is_far && !is_sure) {
        reports->doubt = time;
        return;
    }
    if (is_far || time > reports->now)
        reports->now = time;
    reports->doubt = 0;
}

/* ---- one more --------------------------------------------------------------- */

struct report *reports_add(struct reports *reports, const uint8_t uuid[UUID],
    const struct arrival *arrival, const char **ret_role)
{
    struct report *report = report_find(reports, uuid);
    struct arrival counted = *arrival;

    counted.is_first = arrival->is_first && report == NULL;
    if (report == NULL)
        report = report_begin(reports, uuid, arrival->uri, reports->now);
    report->last = reports->now;
    if (arrival->copy_of.len == 0 && arrival->language.len > 0)
        snprintf(report->language, sizeof(report->language), "%.*s", FMT(arrival->language));
    *ret_role = report_count(report, &counted, reports->now);
    report_has_news(reports, report);
    return report;
}
