/* test_journal.c - lines of the log in the journal: what datagram a socket in its place gets. */
#include "journal.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit/test.h"

enum { DATAGRAM = 16384 };

static int journal = -1; /* -1: no place of our own can be made for it here */
static int before, pair[2];

static bool put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return done;
}

/* Whoever is not root is root of a namespace of his own. */
static bool own_mounts(void)
{
    char users[64], groups[64];

    if (geteuid() == 0)
        return unshare(CLONE_NEWNS) == 0;
    snprintf(users, sizeof(users), "0 %d 1", (int)geteuid());
    snprintf(groups, sizeof(groups), "0 %d 1", (int)getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && put("/proc/self/setgroups", "deny") &&
           put("/proc/self/uid_map", users) && put("/proc/self/gid_map", groups);
}

/* libsystemd knows one place for the journal's socket: here it is ours, below a /run of our own. */
static int open_journal(void **state)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/socket"};
    int fd;

    (void)state;
    if (!own_mounts() || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", "/run", "tmpfs", 0, NULL) != 0)
        return 0;
    mkdir("/run/systemd", 0755);
    mkdir("/run/systemd/journal", 0755);
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0)
        journal = fd;
    return 0;
}

/* Standard error is a pipe, which JOURNAL_STREAM says is the journal; not for cmocka's own words.
 */
static int set_up(void **state)
{
    struct stat st;
    char stream[64];

    (void)state;
    if (journal < 0)
        return 0;
    assert_int_equal(pipe2(pair, O_CLOEXEC | O_NONBLOCK), 0);
    assert_int_equal(fstat(pair[1], &st), 0);
    snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
        (unsigned long long)st.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    before = dup(STDERR_FILENO);
    dup2(pair[1], STDERR_FILENO);
    journal_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (journal < 0)
        return 0;
    log_set_sink(NULL);
    unsetenv("JOURNAL_STREAM");
    dup2(before, STDERR_FILENO);
    close(before);
    close(pair[0]);
    close(pair[1]);
    return 0;
}

/* The next datagram, "" for none. */
static const char *received(void)
{
    static char text[DATAGRAM];
    ssize_t len = recv(journal, text, sizeof(text) - 1, 0);

    text[len < 0 ? 0 : len] = '\0';
    return text;
}

static void a_line_has_fields_to_ask_by(void **state)
{
    char nothing;

    (void)state;
    if (journal < 0)
        skip();
    log_about(LOG_LEVEL_WARNING,
        &(struct log_about){.message = MESSAGE_FEED_STATE,
            .feed = 17,
            .url = LIT("https://example.org/feed"),
            .site = LIT("example.org"),
            .stage = "extract"},
        "feed is in trouble: failures=%d", 3);
    assert_string_equal(received(),
        "MESSAGE=feed is in trouble: failures=3\nPRIORITY=4\nSYSLOG_IDENTIFIER=wireroomd\n"
        "MESSAGE_ID=35ad21f8e51e4a89bd6f493fa36def83\nWIREROOM_FEED=f0000017\n"
        "WIREROOM_URL=https://example.org/feed\nWIREROOM_SITE=example.org\n"
        "WIREROOM_STAGE=extract\n");
    assert_int_equal(read(pair[0], &nothing, 1), -1);
}

/* As a worker has it, who may open nothing any more. */
static void a_socket_that_is_open_already_brings_the_same_fields(void **state)
{
    (void)state;
    if (journal < 0)
        skip();
    log_connect_journal();
    log_set_name("worker 3");
    log_about(LOG_LEVEL_WARNING,
        &(struct log_about){.feed = 17, .url = LIT("https://example.org/1"), .stage = "extract"},
        "odd page: n=%d", 3);
    assert_string_equal(received(),
        "MESSAGE=worker 3: odd page: n=3\nPRIORITY=4\nSYSLOG_IDENTIFIER=wireroomd\n"
        "WIREROOM_FEED=f0000017\nWIREROOM_URL=https://example.org/1\nWIREROOM_STAGE=extract\n");
    log_about(LOG_LEVEL_INFO, &(struct log_about){.url = LIT("a\nWIREROOM_FEED=f1")}, "one");
    assert_string_equal(received() + strlen("MESSAGE=worker 3: one\nPRIORITY=6\n"
                                            "SYSLOG_IDENTIFIER=wireroomd\n"),
        "WIREROOM_URL\n\x12");
    log_set_name(NULL);
    log_error("two");
    assert_string_equal(received(), "MESSAGE=two\nPRIORITY=3\nSYSLOG_IDENTIFIER=wireroomd\n");
}

static void a_line_about_nothing_has_no_such_field(void **state)
{
    (void)state;
    if (journal < 0)
        skip();
    log_error("one: a=%d", 1);
    assert_string_equal(received(), "MESSAGE=one: a=1\nPRIORITY=3\nSYSLOG_IDENTIFIER=wireroomd\n");
    log_debug("below the level");
    assert_string_equal(received(), "");
}

/* Text from outside makes no field of its own, and a long one is cut. */
static void hostile_text_stays_in_its_field(void **state)
{
    static char text[3 * DATAGRAM];
    const char *line;

    (void)state;
    if (journal < 0)
        skip();
    log_about(LOG_LEVEL_INFO, &(struct log_about){.url = LIT("a\nWIREROOM_FEED=f1")}, "url=%s",
        "x\nPRIORITY=0");
    line = received();
    assert_non_null(strstr(line, "MESSAGE=url=x\\x0aPRIORITY=0\n"));
    /* A value with a line end goes by its length (systemd's native protocol). */
    line = strstr(line, "WIREROOM_URL\n\x12");
    assert_non_null(line);
    assert_memory_equal(line + 21, "a\nWIREROOM_FEED=f1\n", 19);
    memset(text, 'x', sizeof(text) - 1);
    log_about(LOG_LEVEL_INFO, &(struct log_about){.url = bytes_of(text)}, "%s", text);
    assert_in_range(strlen(received()), 2000, 5000);
}

static void without_the_journal_lines_go_to_standard_error(void **state)
{
    char text[64] = "";

    (void)state;
    if (journal < 0)
        skip();
    log_set_sink(NULL);
    setenv("JOURNAL_STREAM", "1:1", 1); /* of another process's standard error */
    journal_open();
    log_about(LOG_LEVEL_INFO, &(struct log_about){.message = MESSAGE_STARTED, .feed = 1}, "one");
    assert_string_equal(received(), "");
    assert_int_equal(read(pair[0], text, sizeof(text) - 1), 4);
    assert_string_equal(text, "one\n");
}

/* Each message has an id of its own, which the manual tells. */
static void the_manual_names_each_message(void **state)
{
    static char manual[1 << 17];
    FILE *file = fopen(TEST_DATA "/../../daemon/wireroomd.8", "re");

    (void)state;
    assert_non_null(file);
    manual[fread(manual, 1, sizeof(manual) - 1, file)] = '\0';
    fclose(file);
    for (int i = MESSAGE_NONE + 1; i < MESSAGE_MOST; i++) {
        assert_int_equal(strspn(journal_id(i), "0123456789abcdef"), 32);
        assert_non_null(strstr(manual, journal_id(i)));
        for (int j = MESSAGE_NONE + 1; j < i; j++)
            assert_string_not_equal(journal_id(i), journal_id(j));
    }
}

#define JOURNAL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL_TEST(a_line_has_fields_to_ask_by),
        JOURNAL_TEST(a_socket_that_is_open_already_brings_the_same_fields),
        JOURNAL_TEST(a_line_about_nothing_has_no_such_field),
        JOURNAL_TEST(hostile_text_stays_in_its_field),
        JOURNAL_TEST(without_the_journal_lines_go_to_standard_error),
        cmocka_unit_test(the_manual_names_each_message),
    };

    return cmocka_run_group_tests(tests, open_journal, NULL);
}
