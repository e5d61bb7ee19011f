/* explain.c - an extraction explained on a terminal. */
#include "cli/explain.h"

#include <stdlib.h>

#include "cli/cli.h"

enum { NAME_WIDTH = 12, RULE_WIDTH = 20, ELEMENT_WIDTH = 34, TEXT_WIDTH = 96 };

int explain_trace(const struct wr_record *answer, struct json **ret_trace, struct error *err)
{
    wr_str text = wr_get_extra(answer, "extract.trace");

    if (text.len == 0)
        return fail(err, E_FORMAT,
            "no page was read, or the stage extract is not in the chain: nothing to explain");
    return json_parse(answer->arena, (struct bytes){text.ptr, text.len}, ret_trace, err);
}

enum explain_fate explain_fate(const struct json *line)
{
    static const char *const fields[] = {
        "headline", "standfirst", "caption", "notice", "byline", "date line", NULL};
    struct bytes rule = json_get_text(line, "rule");

    if (json_get_bool(line, "doubt", false))
        return FATE_DOUBT;
    for (size_t i = 0; fields[i] != NULL; i++)
        if (bytes_is(rule, fields[i]))
            return FATE_FIELD;
    return bytes_is(rule, "kept") ? FATE_KEPT : FATE_CUT;
}

struct bytes explain_element(const struct json *line)
{
    const struct json *in = json_get(line, "in");

    if (json_get(line, "cut") != NULL)
        return json_get_text(line, "cut");
    for (const struct json *e = in == NULL ? NULL : in->first; e != NULL; e = e->next)
        if (bytes_find_byte(json_text(e), '.') != SIZE_MAX)
            return json_text(e);
    return in == NULL ? LIT("") : json_text(in->first);
}

int explain_run(const struct json *line)
{
    struct bytes rule = json_get_text(line, "rule");
    int count = 1;

    if (explain_fate(line) != FATE_CUT)
        return 1;
    while ((line = line->next) != NULL && explain_fate(line) == FATE_CUT &&
           bytes_equal(json_get_text(line, "rule"), rule))
        count++;
    return count;
}

static void put_colour(FILE *out, enum cli_colour colour)
{
    fputs(cli_colour(stdout, colour), out);
}

static void put_heading(FILE *out, const char *text)
{
    putc('\n', out);
    put_colour(out, CLI_BOLD);
    fputs(text, out);
    put_colour(out, CLI_PLAIN);
    putc('\n', out);
}

static void put_pair(FILE *out, const char *name, struct bytes value)
{
    put_colour(out, CLI_DIM);
    cli_print(out, bytes_of(name), NAME_WIDTH, true);
    put_colour(out, CLI_PLAIN);
    cli_print(out, value, TEXT_WIDTH, false);
    putc('\n', out);
}

static void put_verdict(FILE *out, const struct wr_record *answer, const struct json *trace)
{
    struct bytes said = bytes_format(answer->arena, "%.*s, text %.*s by %.*s, confidence %.*s",
        FMT(json_get_text(trace, "page")), FMT(record_get(answer, WR_STATUS)),
        FMT(record_get(answer, WR_METHOD)), FMT(record_get(answer, WR_CONFIDENCE)));

    put_colour(out, CLI_BOLD);
    cli_print(out, record_get(answer, WR_TITLE), TEXT_WIDTH, false);
    put_colour(out, CLI_PLAIN);
    putc('\n', out);
    put_pair(out, "page", said);
    put_pair(out, "headline in", json_get_text(trace, "headline"));
    put_pair(out, "body in", json_get_text(trace, "body"));
    if (json_get_bool(trace, "has_copy", false))
        put_pair(out, "copy", LIT("the page has its own copy of the text in JSON-LD"));
}

static void put_fields(FILE *out, const struct json *fields)
{
    put_heading(out, "fields, and where they stand");
    for (const struct json *f = fields == NULL ? NULL : fields->first; f != NULL; f = f->next) {
        const struct json *found = json_get(f, "found");

        put_pair(out, json_get_text(f, "name").ptr, json_get_text(f, "value"));
        for (found = found == NULL ? NULL : found->first; found != NULL; found = found->next)
            put_pair(out, "", json_text(found));
    }
}

static void put_candidates(FILE *out, const struct json *list)
{
    struct bytes in = {NULL, 0};

    put_heading(out, "the search for the body");
    for (const struct json *c = list == NULL ? NULL : list->first; c != NULL; c = c->next) {
        bool taken = json_get_bool(c, "taken", false);

        if (!bytes_equal(in, json_get_text(c, "in"))) {
            in = json_get_text(c, "in");
            fputs("in ", out);
            cli_print(out, in, TEXT_WIDTH, false);
            putc('\n', out);
        }
        put_colour(out, taken ? CLI_GREEN : CLI_DIM);
        fputs(taken ? "  > " : "    ", out);
        cli_print(out, json_get_text(c, "element"), ELEMENT_WIDTH, true);
        fprintf(out, " score %6lld, %3lld %% of it, needs %lld %%",
            (long long)json_get_int(c, "score", 0), (long long)json_get_int(c, "percent", 0),
            (long long)json_get_int(c, "needs", 0));
        if (!taken)
            fprintf(out, ": %.*s", FMT(json_get_text(c, "why")));
        put_colour(out, CLI_PLAIN);
        putc('\n', out);
    }
}

static void put_line(FILE *out, const struct json *line, int run)
{
    static const enum cli_colour colours[] = {CLI_GREEN, CLI_CYAN, CLI_DIM, CLI_YELLOW};
    static const char marks[] = {'+', '=', '-', '?'};
    enum explain_fate fate = explain_fate(line);

    put_colour(out, colours[fate]);
    fprintf(out, "%c ", marks[fate]);
    cli_print(out, json_get_text(line, "rule"), RULE_WIDTH, true);
    putc(' ', out);
    cli_print(out, explain_element(line), ELEMENT_WIDTH, true);
    putc(' ', out);
    cli_print(out, json_get_text(line, "text"), TEXT_WIDTH, false);
    put_colour(out, CLI_PLAIN);
    if (run > 1)
        fprintf(out, " (and %d more)", run - 1);
    putc('\n', out);
}

static void put_lines(FILE *out, const struct json *lines)
{
    const struct json *line = lines == NULL ? NULL : lines->first;

    put_heading(out, "the page, line by line: + kept, = in a field, - cut by a rule, ? in doubt");
    while (line != NULL) {
        int run = explain_run(line);

        put_line(out, line, run);
        for (; run > 0; run--)
            line = line->next;
    }
}

int explain_text(const struct wr_record *answer, struct buf *out, struct error *err)
{
    struct json *trace = NULL;
    char *text = NULL;
    size_t len = 0;
    FILE *file;
    int code = explain_trace(answer, &trace, err);

    if (code != OK)
        return code;
    file = open_memstream(&text, &len);
    if (file == NULL)
        arena_out_of_memory(len);
    put_verdict(file, answer, trace);
    put_fields(file, json_get(trace, "fields"));
    put_candidates(file, json_get(trace, "candidates"));
    put_lines(file, json_get(trace, "lines"));
    fclose(file);
    buf_add(out, (struct bytes){text, len});
    free(text);
    return OK;
}
