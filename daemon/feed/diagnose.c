/* diagnose.c - knows how to tell a publisher what is wrong with a feed. */
#include "feed/reader.h"
#include "text/text.h"

/* Line and column, in characters, of an offset; counted on from the last place that was asked for.
 */
struct place {
    struct bytes text;
    size_t offset, line, column;
};

static void find_place(struct place *place, size_t offset)
{
    if (offset < place->offset)
        *place = (struct place){.text = place->text, .line = 1, .column = 1};
    for (; place->offset < offset && place->offset < place->text.len; place->offset++) {
        unsigned char c = (unsigned char)place->text.ptr[place->offset];

        if (c == '\n') {
            place->line++;
            place->column = 1;
        } else if ((c & 0xc0) != 0x80) {
            place->column++;
        }
    }
}

void diagnose_report(struct arena *arena, struct feed *feed, struct bytes before, struct bytes text,
    const struct xml_report *report)
{
    struct place place = {.text = text, .line = 1, .column = 1};
    struct place start = {.text = before, .line = 1, .column = 1};

    for (size_t i = 0; i < report->problem_count && feed->diagnosis_count < FEED_DIAGNOSES; i++) {
        const struct xml_problem *problem = &report->problems[i];
        struct feed_diagnosis *diagnosis = &feed->diagnoses[feed->diagnosis_count++];

        diagnosis->text = bytes_copy(arena, text_repair(arena, bytes_of(problem->text)));
        diagnosis->line = problem->line;
        diagnosis->column = problem->column;
        if (problem->offset != SIZE_MAX) {
            find_place(&place, problem->offset);
            diagnosis->line = place.line;
            diagnosis->column = place.column;
        }
        find_place(&start, before.len);
        if (diagnosis->line == 1)
            diagnosis->column += start.column - 1;
        diagnosis->line += start.line - 1;
    }
}

void diagnose(struct arena *arena, struct feed *feed, size_t line, size_t column, struct bytes text)
{
    if (feed->diagnosis_count < FEED_DIAGNOSES)
        feed->diagnoses[feed->diagnosis_count++] =
            (struct feed_diagnosis){line, column, bytes_copy(arena, text)};
}

static const char *count_entries(struct arena *arena, size_t count)
{
    return count == 1 ? "1 entry" : bytes_format(arena, "%zu entries", count).ptr;
}

void diagnose_oddities(struct reader *r)
{
    const struct oddities *o = &r->oddities;
    bool atom = r->atom || r->feed->format == FEED_JSON;

    if (o->unread_dates > 0)
        diagnose(r->arena, r->feed, 0, 0,
            bytes_format(r->arena, "the date of %s cannot be read (\"%.*s\"); write it as %s",
                count_entries(r->arena, o->unread_dates), FMT(o->unread_date),
                atom ? "2026-03-14T09:26:57Z" : "Sat, 14 Mar 2026 09:26:57 GMT"));
    if (o->without_identity > 0)
        diagnose(r->arena, r->feed, 0, 0,
            bytes_format(r->arena,
                "%s without %s and without a link cannot be told apart; give each one of its own",
                count_entries(r->arena, o->without_identity), atom ? "an id" : "a guid"));
    if (o->without_title > 0)
        diagnose(r->arena, r->feed, 0, 0,
            bytes_format(r->arena, "%s without a title, which this format asks for",
                count_entries(r->arena, o->without_title)));
}
