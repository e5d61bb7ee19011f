/* diagnose.c - knows how to tell a publisher what is wrong with a feed. */
#include "feed/reader.h"
#include "text/text.h"

/* Line and column of offset, counted on from the last place that was asked for. */
struct place {
    struct bytes text;
    size_t offset, line, start;
};

static void find_place(struct place *place, size_t offset)
{
    if (offset < place->offset) {
        place->offset = place->start = 0;
        place->line = 1;
    }
    for (; place->offset < offset && place->offset < place->text.len; place->offset++)
        if (place->text.ptr[place->offset] == '\n') {
            place->line++;
            place->start = place->offset + 1;
        }
}

void diagnose_report(
    struct arena *arena, struct feed *feed, struct bytes text, const struct xml_report *report)
{
    struct place place = {.text = text, .line = 1};

    for (size_t i = 0; i < report->problem_count && feed->diagnosis_count < FEED_DIAGNOSES; i++) {
        const struct xml_problem *problem = &report->problems[i];
        struct feed_diagnosis *diagnosis = &feed->diagnoses[feed->diagnosis_count++];

        diagnosis->text = bytes_copy(arena, text_repair(arena, bytes_of(problem->text)));
        diagnosis->line = problem->line;
        diagnosis->column = problem->column;
        if (problem->offset == SIZE_MAX)
            continue;
        find_place(&place, problem->offset);
        diagnosis->line = place.line;
        diagnosis->column = problem->offset - place.start + 1;
    }
}

void diagnose(struct arena *arena, struct feed *feed, size_t line, size_t column, struct bytes text)
{
    if (feed->diagnosis_count < FEED_DIAGNOSES)
        feed->diagnoses[feed->diagnosis_count++] =
            (struct feed_diagnosis){line, column, bytes_copy(arena, text)};
}

void diagnose_oddities(struct reader *r)
{
    const struct oddities *o = &r->oddities;
    bool atom = r->atom || r->feed->format == FEED_JSON;

    if (o->unread_dates > 0)
        diagnose(r->arena, r->feed, 0, 0,
            bytes_format(r->arena,
                "the dates of %zu entries cannot be read (\"%.*s\"); write them as %s",
                o->unread_dates, FMT(o->unread_date),
                atom ? "2026-03-14T09:26:57Z" : "Sat, 14 Mar 2026 09:26:57 GMT"));
    if (o->without_identity > 0)
        diagnose(r->arena, r->feed, 0, 0,
            bytes_format(r->arena,
                "%zu entries have neither %s nor a link, so that they cannot be told apart",
                o->without_identity, atom ? "an id" : "a guid"));
    if (o->without_title > 0 && o->without_title == r->position && r->feed->format < FEED_JSON)
        diagnose(r->arena, r->feed, 0, 0, LIT("no entry has a title"));
}
