/* report_save.c - what changed of the stories, over a restart. */
#include "report_private.h"

/* The save is read by the machine that wrote it: numbers are as it keeps them. */
struct saved_report {
    uint8_t uuid[UUID], topic[UUID];
    int64_t first, last, heard, told, due;
    uint32_t articles, independent, members;
    uint8_t state, is_public, has_news, unused;
    char language[16];
    uint32_t
        sizes[7]; /* of headline, first_uri, members and recent; of the three rows of numbers */
};

static struct bytes bytes_of_numbers(const struct numbers *numbers)
{
    return (struct bytes){(const char *)numbers->at, numbers->count * sizeof(*numbers->at)};
}

static void save_one(const struct report *report, int64_t due, struct buf *out)
{
    struct saved_report saved = {.first = report->first,
        .last = report->last,
        .heard = report->heard,
        .told = report->told,
        .due = due,
        .articles = report->articles,
        .independent = report->independent,
        .members = report->member_count,
        .state = report->state,
        .is_public = report->is_public,
        .has_news = report->has_news};
    const struct bytes parts[] = {bytes_of(report->headline), bytes_of(report->first_uri),
        buf_bytes(&report->members), buf_bytes(&report->recent), bytes_of_numbers(&report->sites),
        bytes_of_numbers(&report->origins), bytes_of_numbers(&report->times)};

    memcpy(saved.uuid, report->uuid, UUID);
    memcpy(saved.topic, report->topic, UUID);
    memcpy(saved.language, report->language, sizeof(saved.language));
    for (int i = 0; i < 7; i++)
        saved.sizes[i] = (uint32_t)parts[i].len;
    buf_add(out, (struct bytes){(const char *)&saved, sizeof(saved)});
    for (int i = 0; i < 7; i++)
        buf_add(out, parts[i]);
}

void reports_save(struct reports *reports, struct buf *out)
{
    const int64_t head[] = {reports->now, reports->doubt, (int64_t)reports->unsaved_count};

    buf_add(out, (struct bytes){(const char *)head, sizeof(head)});
    while (reports->unsaved_count > 0) {
        struct report *report = reports->unsaved[reports->unsaved_count - 1];

        save_one(report, heap_key(&reports->due, &report->due), out);
        report_saved(reports, report);
    }
}

static bool take(struct bytes *rest, void *into, size_t size)
{
    if (rest->len < size)
        return false;
    if (size > 0)
        memcpy(into, rest->ptr, size);
    *rest = bytes_from(*rest, size);
    return true;
}

static bool take_numbers(struct bytes *rest, struct numbers *numbers, size_t size)
{
    uint64_t number = 0;

    if (size % sizeof(number) != 0 || size > sizeof(number) * REPORT_SITES)
        return false;
    for (size_t i = 0; i < size; i += sizeof(number)) {
        if (!take(rest, &number, sizeof(number)))
            return false;
        numbers_add(numbers, number);
    }
    return true;
}

static bool load_one(struct reports *reports, struct bytes *rest)
{
    struct saved_report saved;
    struct report *report;
    struct bytes texts[4];

    if (!take(rest, &saved, sizeof(saved)) || saved.state > REPORT_ENDS ||
        saved.members > REPORT_MEMBERS || memchr(saved.language, 0, sizeof(saved.language)) == NULL)
        return false;
    for (int i = 0; i < 4; i++) {
        if (rest->len < saved.sizes[i])
            return false;
        texts[i] = bytes_slice(*rest, 0, saved.sizes[i]);
        *rest = bytes_from(*rest, saved.sizes[i]);
    }
    report = report_find(reports, saved.uuid);
    if (report != NULL)
        report_forget(reports, report);
    report = report_new(reports, saved.uuid);
    report_schedule(reports, report, saved.due);
    memcpy(report->topic, saved.topic, UUID);
    memcpy(report->language, saved.language, sizeof(saved.language));
    report->first = saved.first;
    report->last = saved.last;
    report->heard = saved.heard;
    report->told = saved.told;
    report->articles = saved.articles;
    report->independent = saved.independent;
    report->member_count = saved.members;
    report->state = saved.state;
    report->is_public = saved.is_public != 0;
    report->has_news = saved.has_news != 0;
    report_set_text(&report->headline, texts[0]);
    report_set_text(&report->first_uri, texts[1]);
    buf_add(&report->members, texts[2]);
    buf_add(&report->recent, texts[3]);
    return take_numbers(rest, &report->sites, saved.sizes[4]) &&
           take_numbers(rest, &report->origins, saved.sizes[5]) &&
           take_numbers(rest, &report->times, saved.sizes[6]);
}

bool reports_load(struct reports *reports, struct bytes saved)
{
    int64_t head[3];
    bool ok = take(&saved, head, sizeof(head));

    for (int64_t i = 0; ok && i < head[2]; i++)
        ok = load_one(reports, &saved);
    while (reports->unsaved_count > 0)
        report_saved(reports, reports->unsaved[0]);
    if (!ok || saved.len > 0) {
        reports_done(reports);
        return false;
    }
    reports->now = head[0];
    reports->doubt = head[1];
    return true;
}
