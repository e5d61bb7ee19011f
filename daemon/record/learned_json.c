/* learned_json.c - lists of values with tabs in them, and the objects they are. */
#include "record/learned_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void json_share(struct json_writer *w, const char *member, struct bytes value)
{
    char text[32];
    char *end;
    double number;

    if (value.len == 0 || value.len >= sizeof(text))
        return;
    snprintf(text, sizeof(text), "%.*s", FMT(value));
    number = strtod(text, &end);
    if (*end == '\0' && number >= 0 && number <= 1)
        json_real(w, member, number, 2);
}

static void write_count(struct json_writer *w, const char *member, struct bytes value)
{
    int64_t number;

    if (bytes_to_int(value, &number) && number >= 0)
        json_int(w, member, number);
}

static void write_listed(const struct wr_record *rec, struct json_writer *w, struct bytes name)
{
    struct bytes value;
    size_t at = 0;

    while (record_next(rec, WR_LISTED, &at, &value)) {
        struct bytes listed = bytes_cut(&value, '\t');
        struct bytes country = bytes_cut(&value, '\t');

        if (!bytes_equal(listed, name))
            continue;
        json_string_if(w, "canonicalName", value);
        json_string_if(w, "country", country);
        return;
    }
}

static void write_entities(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes value;
    size_t at = 0;

    if (wr_count(rec, WR_NAME) == 0)
        return;
    json_begin_array(w, "entities");
    while (record_next(rec, WR_NAME, &at, &value)) {
        struct bytes kind = bytes_cut(&value, '\t');
        struct bytes count = bytes_cut(&value, '\t');

        json_begin_object(w, NULL);
        json_string(w, "name", value);
        json_string(w, "type", kind);
        write_count(w, "count", count);
        write_listed(rec, w, value);
        json_end_object(w);
    }
    json_end_array(w);
}

static void write_quote(struct json_writer *w, struct bytes value)
{
    struct bytes start = bytes_cut(&value, '\t');
    struct bytes end = bytes_cut(&value, '\t');
    struct bytes speaker = bytes_cut(&value, '\t');

    json_string(w, "text", value);
    json_string_if(w, "speaker", speaker);
    write_count(w, "start", start);
    write_count(w, "end", end);
}

static void write_day(struct json_writer *w, struct bytes value)
{
    json_string(w, "date", bytes_cut(&value, '\t'));
    json_string_if(w, "text", value);
}

static void write_each(const struct wr_record *rec, int field, struct json_writer *w,
    const char *member, void (*write)(struct json_writer *w, struct bytes value))
{
    struct bytes value;
    size_t at = 0;

    if (wr_count(rec, field) == 0)
        return;
    json_begin_array(w, member);
    while (record_next(rec, field, &at, &value)) {
        json_begin_object(w, NULL);
        write(w, value);
        json_end_object(w);
    }
    json_end_array(w);
}

/* Those of the publisher have no weight. */
static void write_keywords(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes term;
    size_t at = 0;

    if (wr_count(rec, WR_KEYWORD) + wr_count(rec, WR_TERM) == 0)
        return;
    json_begin_array(w, "keywords");
    while (record_next(rec, WR_KEYWORD, &at, &term)) {
        json_begin_object(w, NULL);
        json_string(w, "term", term);
        json_end_object(w);
    }
    for (at = 0; record_next(rec, WR_TERM, &at, &term);) {
        struct bytes weight = bytes_cut(&term, '\t');

        json_begin_object(w, NULL);
        json_string(w, "term", term);
        json_share(w, "weight", weight);
        json_end_object(w);
    }
    json_end_array(w);
}

void learned_to_json(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes provider = record_get(rec, WR_ORIGIN);

    if (provider.len > 0) {
        json_begin_object(w, "origin");
        json_string(w, "provider", provider);
        json_string(w, "basis", record_get(rec, WR_ORIGIN_BASIS));
        json_share(w, "confidence", record_get(rec, WR_ORIGIN_CONFIDENCE));
        json_end_object(w);
    }
    if (record_get(rec, WR_RIGHTS).len > 0) {
        json_begin_object(w, "rights");
        json_string(w, "copyrightNotice", record_get(rec, WR_RIGHTS));
        json_end_object(w);
    }
    write_entities(rec, w);
    write_keywords(rec, w);
    write_each(rec, WR_QUOTE, w, "quotes", write_quote);
    write_each(rec, WR_DATE, w, "dates", write_day);
}

/* The items of a list, in order; the one at hand is NULL behind the last. */
static const struct json *first_of(const struct json *article, const char *member)
{
    const struct json *list = json_get(article, member);

    return list != NULL && list->type == JSON_ARRAY ? list->first : NULL;
}

static void read_entities(const struct json *article, struct wr_record *rec)
{
    for (const struct json *i = first_of(article, "entities"); i != NULL; i = i->next) {
        struct bytes name = json_get_text(i, "name");
        struct bytes listed = json_get_text(i, "canonicalName");

        record_add(rec, WR_NAME,
            bytes_format(rec->arena, "%.*s\t%" PRId64 "\t%.*s", FMT(json_get_text(i, "type")),
                json_get_int(i, "count", 1), FMT(name)));
        if (listed.len > 0)
            record_add(rec, WR_LISTED,
                bytes_format(rec->arena, "%.*s\t%.*s\t%.*s", FMT(name),
                    FMT(json_get_text(i, "country")), FMT(listed)));
    }
}

static void read_keywords(const struct json *article, struct wr_record *rec)
{
    for (const struct json *i = first_of(article, "keywords"); i != NULL; i = i->next) {
        struct bytes term = json_text(i).len > 0 ? json_text(i) : json_get_text(i, "term");
        struct bytes weight = json_get_text(i, "weight");

        if (weight.len == 0)
            record_add(rec, WR_KEYWORD, term);
        else
            record_add(
                rec, WR_TERM, bytes_format(rec->arena, "%.*s\t%.*s", FMT(weight), FMT(term)));
    }
}

static void read_quotes(const struct json *article, struct wr_record *rec)
{
    for (const struct json *i = first_of(article, "quotes"); i != NULL; i = i->next)
        record_add(rec, WR_QUOTE,
            bytes_format(rec->arena, "%" PRId64 "\t%" PRId64 "\t%.*s\t%.*s",
                json_get_int(i, "start", 0), json_get_int(i, "end", 0),
                FMT(json_get_text(i, "speaker")), FMT(json_get_text(i, "text"))));
}

static void read_days(const struct json *article, struct wr_record *rec)
{
    for (const struct json *i = first_of(article, "dates"); i != NULL; i = i->next)
        record_add(rec, WR_DATE,
            bytes_format(rec->arena, "%.*s\t%.*s", FMT(json_get_text(i, "date")),
                FMT(json_get_text(i, "text"))));
}

void learned_from_json(const struct json *article, struct wr_record *rec)
{
    const struct json *origin = json_get(article, "origin");

    record_set(rec, WR_ORIGIN, json_get_text(origin, "provider"));
    record_set(rec, WR_ORIGIN_BASIS, json_get_text(origin, "basis"));
    record_set(rec, WR_ORIGIN_CONFIDENCE, json_get_text(origin, "confidence"));
    record_set(rec, WR_RIGHTS, json_get_text(json_get(article, "rights"), "copyrightNotice"));
    read_entities(article, rec);
    read_keywords(article, rec);
    read_quotes(article, rec);
    read_days(article, rec);
}
