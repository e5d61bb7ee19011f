/* age.c - how old what is kept is: by the time that has passed, whatever the clock on the wall
 * says.
 *
 * A clock may be wrong for minutes: a machine without a battery starts in 1970, a clone of one in
 * the past, a receiver of time signals says 2038. By the wall alone one such minute would delete
 * the log. So the store has a time of its own, which begins as the wall's, goes on with the
 * monotonic clock and is kept: no step moves it. While the daemon is down nothing but the wall can
 * say how long; it is believed up to a day, so that what is kept stays a little longer, never less.
 */
#include "base/clock.h"
#include "store/private.h"

static const int64_t down_most = 24 * 60 * 60 * (int64_t)SECOND;
static const int64_t written_every = 10 * 60 * (int64_t)SECOND;

static int64_t between(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

static int get(
    struct writer *writer, int sql_id, const char *name, int64_t *ret_number, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, err);
    struct sql_value row = {0};
    int code;

    if (stmt == NULL)
        return err->code;
    if (name != NULL)
        sql_bind_text(stmt, 1, name);
    code = sql_one(&writer->sql, stmt, NULL, &row, 1, err);
    *ret_number = row.number;
    return code < 0 ? code : OK;
}

int age_open(struct writer *writer, struct error *err)
{
    int64_t wall = clock_wall();
    int64_t now = 0;
    int64_t then = 0;
    int64_t newest = 0;
    int code = get(writer, SQL_META_GET, "age", &now, err);

    if (code == OK)
        code = get(writer, SQL_META_GET, "age_wall", &then, err);
    if (code == OK)
        code = get(writer, SQL_EVENT_RECORDED, NULL, &newest, err);
    if (code != OK)
        return code;
    if (now == 0)
        now = then = newest == 0 || newest > wall + down_most ? wall : newest;
    now += between(wall - then, 0, down_most);
    /* Written down now and then only: the newest event may know better. */
    if (newest > now && newest - now < down_most)
        now = newest;
    writer->age_base = now;
    writer->age_began = clock_mono();
    return OK;
}

int64_t age_now(const struct writer *writer)
{
    return writer->age_base + clock_mono() - writer->age_began;
}

int64_t age_least(const struct writer *writer)
{
    int64_t wall = clock_wall();
    int64_t now = age_now(writer);

    return wall < now ? wall : now;
}

static int set(struct writer *writer, const char *name, int64_t number, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_META_SET, err);

    if (stmt == NULL)
        return err->code;
    sql_bind_text(stmt, 1, name);
    sqlite3_bind_int64(stmt, 2, number);
    return sql_run(&writer->sql, stmt, err);
}

int age_write(struct writer *writer, struct error *err)
{
    int64_t now = age_now(writer);
    int code;

    if (writer->age_written != 0 && now - writer->age_written < written_every)
        return OK;
    code = set(writer, "age", now, err);
    if (code == OK)
        code = set(writer, "age_wall", clock_wall(), err);
    writer->age_written = now;
    return code;
}
