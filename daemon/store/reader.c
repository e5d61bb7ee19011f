/* reader.c - events out of a file that a daemon may be writing to: a row at a time, so that no read
 * transaction keeps its write-ahead log from being emptied. */
#include "store/reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "store/schema.h"

enum { EVENT_MEMORY = 512 << 20 /* of one event: as SQLite reads it, and its copy */ };

struct store_reader {
    struct sql sql;
    struct arena *arena; /* of the event handed out */
    uint64_t last, head; /* sequences: handed out, and the last that is */
};

static int look(struct store_reader *reader, const char *path, struct error *err)
{
    bool empty = false;
    int64_t version = 0;
    int code = schema_look(&reader->sql, path, &empty, &version, err);

    if (code == OK && empty)
        return fail(err, E_FORMAT, "store: %.200s is empty", path);
    if (code == OK && version != SCHEMA_VERSION)
        return fail(err, E_FORMAT,
            "store: %.200s has schema %" PRId64 ", not %d: a daemon of this release brings it up",
            path, version, SCHEMA_VERSION);
    return code;
}

static int read_log(struct store_reader *reader, struct store_log *ret_log, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&reader->sql, SQL_EVENT_FIRST, err);
    struct sql_value bounds[2];
    int code;

    if (stmt == NULL)
        return sql_fail(&reader->sql, err);
    code = sql_one(&reader->sql, stmt, NULL, bounds, 2, err);
    if (code < 0)
        return code;
    *ret_log = (struct store_log){(uint64_t)bounds[0].number, (uint64_t)bounds[1].number};
    reader->head = ret_log->head;
    return OK;
}

int store_reader_open(const char *path, struct store_reader **ret_reader, struct store_log *ret_log,
    struct error *err)
{
    struct store_reader *reader = new_zeroed(sizeof(*reader));
    int code = sql_open(&reader->sql, path, SQLITE_OPEN_READONLY, err);

    if (code != OK) {
        free(reader);
        return code;
    }
    reader->arena = arena_new(EVENT_MEMORY);
    code = look(reader, path, err);
    if (code == OK)
        code = read_log(reader, ret_log, err);
    if (code != OK) {
        store_reader_close(reader);
        return code;
    }
    *ret_reader = reader;
    return OK;
}

void store_reader_close(struct store_reader *reader)
{
    if (reader == NULL)
        return;
    sql_close(&reader->sql);
    arena_free(reader->arena);
    free(reader);
}

static int read_next(struct store_reader *reader, struct committed *ret_event, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&reader->sql, SQL_EVENT_PAGE, err);
    struct sql_value row[3];
    int code;

    if (stmt == NULL)
        return sql_fail(&reader->sql, err);
    sqlite3_bind_int64(stmt, 1, (int64_t)reader->last);
    sqlite3_bind_int64(stmt, 2, 1);
    sqlite3_bind_int64(stmt, 3, (int64_t)reader->head);
    arena_reset(reader->arena);
    code = sql_one(&reader->sql, stmt, reader->arena, row, 3, err);
    if (code != 1)
        return code;
    reader->last = (uint64_t)row[0].number;
    *ret_event = (struct committed){
        .sequence = reader->last, .topic = row[1].bytes.ptr, .body = row[2].bytes};
    return 1;
}

int store_reader_next(
    struct store_reader *reader, struct bytes topic, struct committed *ret_event, struct error *err)
{
    int code;

    do {
        code = read_next(reader, ret_event, err);
    } while (code == 1 && !bytes_starts(bytes_of(ret_event->topic), topic));
    return code;
}
