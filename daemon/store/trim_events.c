/* trim_events.c - events leave the log: those that are too old, and when there is no room the
 * oldest of whoever has more than a share of it, else the oldest of all. The newest event always
 * stays: it holds the sequence. */
#include "store/private.h"

enum {
    TRIM_EVENTS = 256,
    WALK_EVENTS = 8192, /* looked through at a time for those of one feed: some 30 ms */
    EVENT_BYTES = 64,   /* what an event costs beside its body */
};

struct walked {
    uint64_t sequence;
    int64_t feed, bytes;
};

/* The last event of a batch that may go, by age; 0 for none. Consumers may hold what they have not
 * read; for want of room it goes all the same. */
static int aged(struct writer *writer, uint64_t *ret_last, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_EVENT_AGED, err);
    uint64_t held = UINT64_MAX;
    struct sql_value row;
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, age_now(writer) - writer->store->keep);
    sqlite3_bind_int64(stmt, 2, TRIM_EVENTS);
    code = sql_one(&writer->sql, stmt, NULL, &row, 1, err);
    if (code > 0)
        *ret_last = (uint64_t)row.number;
    if (*ret_last != 0)
        code = consumers_hold(writer, &held, err);
    if (code >= 0 && *ret_last > held)
        *ret_last = held;
    return code < 0 ? code : OK;
}

static sqlite3_stmt *walk_from(
    struct writer *writer, uint64_t after, int64_t most, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_EVENT_WALK, err);

    if (stmt == NULL)
        return NULL;
    sqlite3_bind_int64(stmt, 1, (int64_t)after);
    sqlite3_bind_int64(stmt, 2, most);
    return stmt;
}

/* 1, 0 at the end of the walk or at the newest event, else a negative enum code. */
static int walk(
    struct writer *writer, sqlite3_stmt *stmt, struct walked *ret_event, struct error *err)
{
    int code = sql_row(&writer->sql, stmt, err);

    if (code <= 0)
        return code;
    *ret_event = (struct walked){(uint64_t)sqlite3_column_int64(stmt, 0),
        sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2)};
    return ret_event->sequence < writer->head ? 1 : 0;
}

static int run(struct writer *writer, int sql_id, uint64_t sequence, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, (int64_t)sequence);
    return sql_run(&writer->sql, stmt, err);
}

/* Events and their further topics. */
static int take_out(
    struct writer *writer, int sql_events, int sql_topics, uint64_t sequence, struct error *err)
{
    int code = run(writer, sql_events, sequence, err);

    if (code == OK)
        tally_count(writer, "trimmed.events", (uint64_t)sql_changes(&writer->sql));
    return code == OK ? run(writer, sql_topics, sequence, err) : code;
}

/* A story whose newest event goes is none. */
static int take_stories(struct writer *writer, uint64_t last, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_STORY_STATES_UNTIL, err);
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, (int64_t)last);
    while ((code = sql_row(&writer->sql, stmt, err)) > 0)
        tally_count(writer, sql_text(stmt, 1), (uint64_t)-sqlite3_column_int64(stmt, 0));
    return code == OK ? run(writer, SQL_STORY_TRIM, last, err) : code;
}

/* Those up to last, and further ones until so many bytes are free. */
static int trim_oldest(struct writer *writer, uint64_t last, int64_t bytes, struct error *err)
{
    sqlite3_stmt *stmt = walk_from(writer, 0, TRIM_EVENTS, err);
    struct walked event;
    uint64_t end = 0;
    int code;

    if (stmt == NULL)
        return err->code;
    while ((code = walk(writer, stmt, &event, err)) > 0 && (event.sequence <= last || bytes > 0)) {
        end = event.sequence;
        bytes -= event.bytes + EVENT_BYTES;
        weight_add(writer, event.feed, -event.bytes);
    }
    sqlite3_reset(stmt);
    if (code < 0 || end == 0)
        return code < 0 ? code : OK;
    writer->trim_more = true;
    code = take_out(writer, SQL_EVENT_TRIM, SQL_EVENT_TOPICS_TRIM, end, err);
    return code == OK ? take_stories(writer, end, err) : code;
}

/* Those of the feed that has more than its share, until so many bytes are free; from where the last
 * time ended, which is begun anew at the end of the log. */
static int trim_heavy(struct writer *writer, int64_t bytes, struct error *err)
{
    struct walked *events = arena_alloc(writer->arena, TRIM_EVENTS * sizeof(*events));
    sqlite3_stmt *stmt = walk_from(writer, writer->heavy_at, WALK_EVENTS, err);
    struct walked event = {0};
    size_t count = 0;
    int walked = 0;
    int code = 1;

    if (stmt == NULL)
        return err->code;
    while (bytes > 0 && count < TRIM_EVENTS && (code = walk(writer, stmt, &event, err)) > 0) {
        walked++;
        if (event.feed != writer->heavy)
            continue;
        events[count++] = event;
        bytes -= event.bytes + EVENT_BYTES;
    }
    sqlite3_reset(stmt);
    writer->heavy_found += count;
    writer->heavy_at = event.sequence;
    if (code == 0 && walked < WALK_EVENTS) {
        /* None in the whole log: the sum is wrong, after a kill. */
        if (writer->heavy_found == 0)
            weight_forget(writer, writer->heavy);
        writer->heavy_at = writer->heavy_found = 0;
    }
    code = code < 0 ? code : OK;
    for (size_t i = 0; i < count && code == OK; i++) {
        weight_add(writer, events[i].feed, -events[i].bytes);
        code = take_out(writer, SQL_EVENT_REMOVE, SQL_EVENT_TOPICS_REMOVE, events[i].sequence, err);
    }
    writer->trim_more = true;
    return code;
}

static int read_first(struct writer *writer, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_EVENT_FIRST, err);
    struct sql_value row[2] = {0};
    int code;

    if (stmt == NULL)
        return err->code;
    code = sql_one(&writer->sql, stmt, NULL, row, 2, err);
    if (code > 0)
        writer->log_first = (uint64_t)row[0].number;
    return code < 0 ? code : OK;
}

int trim_events(struct writer *writer, int64_t excess, struct error *err)
{
    uint64_t last = 0;
    int64_t heavy = 0;
    int code = aged(writer, &last, err);

    if (code == OK && last == 0 && excess > 0)
        code = weight_heaviest(writer, &heavy, err);
    if (code != OK || (last == 0 && excess <= 0))
        return code;
    if (heavy != writer->heavy)
        writer->heavy_at = writer->heavy_found = 0;
    writer->heavy = heavy;
    code = heavy != 0 ? trim_heavy(writer, excess, err) : trim_oldest(writer, last, excess, err);
    return code == OK ? read_first(writer, err) : code;
}
