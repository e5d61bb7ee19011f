/* diagnose.c - knows how to tell a publisher what is wrong with a feed. */
#include "feed/reader.h"
#include "text/text.h"

enum { DATE_WITHIN = 256 << 10 }; /* bytes of an entry in which its date is looked for */

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

void diagnose_place(struct bytes text, size_t offset, size_t *ret_line, size_t *ret_column)
{
    struct place place = {.text = text, .line = 1, .column = 1};

    find_place(&place, offset);
    *ret_line = place.line;
    *ret_column = place.column;
}

/* From a place in the text to one in the whole document. */
static void add_before(const struct feed *feed, size_t *line, size_t *column)
{
    size_t start_line, start_column;

    diagnose_place(feed->before, feed->before.len, &start_line, &start_column);
    if (*line == 1)
        *column += start_column - 1;
    *line += start_line - 1;
}

void feed_place(const struct feed *feed, const char *at, size_t *ret_line, size_t *ret_column)
{
    const struct bytes text = feed->text;

    *ret_line = *ret_column = 0;
    if (at == NULL || at < text.ptr || at > text.ptr + text.len)
        return;
    diagnose_place(text, (size_t)(at - text.ptr), ret_line, ret_column);
    add_before(feed, ret_line, ret_column);
}

void diagnose_report(struct arena *arena, struct feed *feed, const struct xml_report *report)
{
    struct place place = {.text = feed->text, .line = 1, .column = 1};

    for (size_t i = 0; i < report->problem_count && feed->diagnosis_count < FEED_DIAGNOSES; i++) {
        const struct xml_problem *problem = &report->problems[i];
        struct feed_diagnosis *diagnosis = &feed->diagnoses[feed->diagnosis_count++];

        diagnosis->text =
            bytes_copy(arena, text_fold(arena, text_repair(arena, bytes_of(problem->text))));
        diagnosis->line = problem->line;
        diagnosis->column = problem->column;
        if (problem->offset != SIZE_MAX) {
            find_place(&place, problem->offset);
            diagnosis->line = place.line;
            diagnosis->column = place.column;
        }
        add_before(feed, &diagnosis->line, &diagnosis->column);
    }
}

void diagnose(struct arena *arena, struct feed *feed, size_t line, size_t column, struct bytes text)
{
    if (feed->diagnosis_count < FEED_DIAGNOSES)
        feed->diagnoses[feed->diagnosis_count++] =
            (struct feed_diagnosis){line, column, bytes_copy(arena, text_fold(arena, text))};
}

static const char *count_entries(struct arena *arena, size_t count)
{
    return count == 1 ? "1 entry" : bytes_format(arena, "%zu entries", count).ptr;
}

/* Where a date stands as it was written, in an entry that begins at entry; else the entry. */
static const char *place_of_date(const struct feed *feed, const char *entry, struct bytes date)
{
    struct bytes text = feed->text;
    size_t found;

    if (entry == NULL || entry < text.ptr || entry > text.ptr + text.len)
        return entry;
    text = bytes_from(text, (size_t)(entry - text.ptr));
    found = bytes_find(bytes_slice(text, 0, DATE_WITHIN), date);
    return found == SIZE_MAX ? entry : text.ptr + found;
}

static void diagnose_at(struct reader *r, const char *at, struct bytes text)
{
    size_t line, column;

    feed_place(r->feed, at, &line, &column);
    diagnose(r->arena, r->feed, line, column, text);
}

void diagnose_oddities(struct reader *r)
{
    const struct oddities *o = &r->oddities;
    bool atom = r->atom || r->feed->format == FEED_JSON;

    if (o->unread_dates > 0)
        diagnose_at(r, place_of_date(r->feed, o->undated_at, o->unread_date),
            bytes_format(r->arena, "the date of %s cannot be read (\"%.*s\"); write it as %s",
                count_entries(r->arena, o->unread_dates), FMT(o->unread_date),
                atom ? "2026-03-14T09:26:57Z" : "Sat, 14 Mar 2026 09:26:57 GMT"));
    if (o->without_identity > 0)
        diagnose_at(r, o->nameless_at,
            bytes_format(r->arena,
                "%s without %s and without a link cannot be told apart; give each one of its own",
                count_entries(r->arena, o->without_identity), atom ? "an id" : "a guid"));
    if (o->without_title > 0)
        diagnose_at(r, o->untitled_at,
            bytes_format(r->arena, "%s without a title, which this format asks for",
                count_entries(r->arena, o->without_title)));
}
