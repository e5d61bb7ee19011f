/* test_store_open.c - which file is a store, and whose. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "store/envelope.h"
#include "store/sql.h"
#include "store_fixture.h"
#include "unit/test.h"

static void lets_no_second_daemon_in(void **state)
{
    struct fixture *f = *state;
    struct store *second;

    assert_int_equal(store_open(&f->loop, &f->conf, &second, &f->err), E_REFUSED);
    assert_non_null(strstr(f->err.text, "in use by another daemon"));
}

/* A daemon was killed as it started a worker: that one holds the lock until it is on its own. */
static void waits_a_moment_for_the_children_of_a_killed_daemon(void **state)
{
    struct fixture *f = *state;
    char lock[100];
    int fd;

    store_close(f->store, NULL);
    f->store = NULL;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    snprintf(lock, sizeof(lock), "%s.lock", f->path);
    fd = open(lock, O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    if (fork() == 0) {
        usleep(200000);
        _exit(0);
    }
    close(fd);
    assert_int_equal(store_open(&f->loop, &f->conf, &f->store, &f->err), OK);
    wait(NULL);
}

static void says_when_the_file_is_no_store(void **state)
{
    struct fixture *f = *state;
    struct store *store;
    FILE *file;

    store_close(f->store, NULL);
    f->store = NULL;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    fixture_unlink(f);
    file = fopen(f->path, "w");
    assert_non_null(file);
    fputs("These are not the bytes of a database, whatever its name may say.\n", file);
    for (int i = 0; i < 100; i++)
        fputs("padding padding padding padding\n", file);
    fclose(file);
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_FORMAT);
    assert_non_null(strstr(f->err.text, "is not a database"));
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

static void says_when_the_file_is_of_another_program(void **state)
{
    struct fixture *f = *state;
    struct store *store;
    sqlite3 *db;

    store_close(f->store, NULL);
    f->store = NULL;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    fixture_unlink(f);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE a (b)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_FORMAT);
    assert_non_null(strstr(f->err.text, "of another program"));
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

static void says_which_file_it_cannot_open(void **state)
{
    struct fixture *f = *state;
    struct store *store;

    f->conf.store.path = "/nonexistent/wireroom.db";
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_SYSTEM);
    assert_non_null(strstr(f->err.text, "/nonexistent/wireroom.db"));
}

static void says_when_the_file_is_from_a_newer_version(void **state)
{
    struct fixture *f = *state;
    struct store *store;
    sqlite3 *db;

    store_close(f->store, NULL);
    f->store = NULL;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 999", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_FORMAT);
    assert_non_null(strstr(f->err.text, "newer wireroom (schema 999"));
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(lets_no_second_daemon_in),
        STORE_TEST(waits_a_moment_for_the_children_of_a_killed_daemon),
        STORE_TEST(says_when_the_file_is_no_store),
        STORE_TEST(says_when_the_file_is_of_another_program),
        STORE_TEST(says_which_file_it_cannot_open),
        STORE_TEST(says_when_the_file_is_from_a_newer_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
