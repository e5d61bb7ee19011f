/* test_wal_file.c - the write-ahead log whose writes are gathered: fewer of them, and all there
 * when a commit has returned; nothing of a transaction that was rolled back comes later. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sql.h"
#include "store/wal_file.h"
#include "unit/test.h"

struct fixture {
    char dir[32], path[64];
    struct sql writer, other;
    struct error err;
};

static void exec(struct fixture *f, struct sql *sql, const char *text)
{
    if (sql_exec(sql, text, &f->err) != OK)
        fail_msg("%s: %s", text, f->err.text);
}

static int64_t number(struct sql *sql, const char *text)
{
    sqlite3_stmt *stmt = NULL;
    int64_t value;

    assert_int_equal(sqlite3_prepare_v2(sql->db, text, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

static int setup(void **state)
{
    static struct fixture f;

    memset(&f, 0, sizeof(f));
    snprintf(f.dir, sizeof(f.dir), "/tmp/wal-file-XXXXXX");
    assert_non_null(mkdtemp(f.dir));
    snprintf(f.path, sizeof(f.path), "%s/a.db", f.dir);
    assert_int_equal(
        sql_open(&f.writer, f.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &f.err), OK);
    exec(&f, &f.writer,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
        "CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB);"
        "CREATE TABLE of_others (id INTEGER PRIMARY KEY, body BLOB)");
    wal_file_gather(f.writer.db);
    assert_int_equal(sql_open(&f.other, f.path, SQLITE_OPEN_READWRITE, &f.err), OK);
    exec(&f, &f.other, "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[64];

    sql_close(&f->other);
    sql_close(&f->writer);
    snprintf(command, sizeof(command), "rm -rf %s", f->dir);
    return system(command); /* NOLINT(cert-env33-c,bugprone-command-processor) */
}

/* Calls of this thread that write; -1: the kernel keeps no account of them. */
static long writes(void)
{
    FILE *file = fopen("/proc/thread-self/io", "r");
    char line[100];
    long count = -1;

    if (file == NULL)
        return -1;
    while (fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, "syscw:", 6) == 0)
            count = strtol(line + 6, NULL, 10);
    fclose(file);
    return count;
}

static const char insert_rows[] =
    "BEGIN IMMEDIATE; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100)"
    " INSERT INTO t (body) SELECT randomblob(3000) FROM n; COMMIT";

static void writes_a_transaction_in_a_few_calls(void **state)
{
    struct fixture *f = *state;
    long before = writes();
    long gathered;

    if (before < 0)
        skip();
    exec(f, &f->writer, insert_rows);
    gathered = writes() - before;
    before = writes();
    exec(f, &f->other, insert_rows);
    assert_true(writes() - before >= 200); /* a page and its head */
    assert_true(gathered <= 10);
}

static void others_read_what_was_committed(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 20; i++) {
        char text[100];

        snprintf(text, sizeof(text), "INSERT INTO t (body) VALUES (randomblob(%d))", 500 * i);
        exec(f, i % 3 == 0 ? &f->other : &f->writer, text);
        assert_int_equal(number(&f->other, "SELECT count(*) FROM t"), i + 1);
        assert_int_equal(number(&f->writer, "SELECT count(*) FROM t"), i + 1);
    }
    exec(f, &f->other, "PRAGMA wal_checkpoint(RESTART)");
    exec(f, &f->writer, insert_rows);
    assert_int_equal(number(&f->other, "SELECT count(*) FROM t"), 120);
}

/* More than the cache holds goes to the log before the commit, and is read back from there. */
static void reads_back_what_did_not_fit_its_cache(void **state)
{
    struct fixture *f = *state;

    exec(f, &f->writer, "PRAGMA cache_size = 10; PRAGMA cache_spill = 10");
    exec(f, &f->writer, insert_rows);
    exec(f, &f->writer, "DELETE FROM t WHERE id > 25");
    exec(f, &f->writer,
        "BEGIN IMMEDIATE; UPDATE t SET body = hex(randomblob(1450)); UPDATE t SET body = body || "
        "'x';"
        "COMMIT");
    assert_int_equal(number(&f->other, "SELECT count(*) FROM t WHERE length(body) = 2901"), 25);
    exec(f, &f->writer, "PRAGMA wal_checkpoint(TRUNCATE)");
    assert_int_equal(number(&f->other, "SELECT count(*) FROM t WHERE length(body) = 2901"), 25);
}

/* Where it would stand another program has written meanwhile. */
static void writes_nothing_that_was_rolled_back(void **state)
{
    struct fixture *f = *state;

    /* so that to roll back reads nothing from the log, which would write what is gathered */
    exec(f, &f->writer, "PRAGMA wal_checkpoint(TRUNCATE)");
    exec(f, &f->writer, "PRAGMA cache_size = 10; PRAGMA cache_spill = 10");
    exec(f, &f->writer, "BEGIN IMMEDIATE");
    exec(f, &f->writer,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 18)"
        " INSERT INTO t (body) SELECT randomblob(3000) FROM n");
    exec(f, &f->writer, "ROLLBACK");
    exec(f, &f->other, "INSERT INTO of_others (body) VALUES ('kept')");
    exec(f, &f->writer, "INSERT INTO t (body) VALUES ('kept, too')");
    sql_close(&f->other);
    sql_close(&f->writer);
    assert_int_equal(sql_open(&f->other, f->path, SQLITE_OPEN_READWRITE, &f->err), OK);
    assert_int_equal(number(&f->other, "SELECT count(*) FROM of_others WHERE body = 'kept'"), 1);
    assert_int_equal(
        number(&f->other, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_a_transaction_in_a_few_calls, setup, teardown),
        cmocka_unit_test_setup_teardown(others_read_what_was_committed, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_back_what_did_not_fit_its_cache, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_nothing_that_was_rolled_back, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
