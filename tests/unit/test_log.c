/* test_log.c - lines on standard error: one each whatever is in them, by their level, in the form
 * that who reads them expects. */
#include "base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "unit/test.h"

enum { SAID = 8192 };

static char said[SAID];
static int pair[2], before;

/* Standard error is a pipe meanwhile; not for cmocka's own words. */
static void listen_to(void)
{
    assert_int_equal(pipe2(pair, O_CLOEXEC | O_NONBLOCK), 0);
    before = dup(STDERR_FILENO);
    dup2(pair[1], STDERR_FILENO);
}

/* systemd says so when standard error is its journal, by device and inode. */
static void call_it_the_journal(void)
{
    struct stat st;
    char stream[64];

    assert_int_equal(fstat(pair[1], &st), 0);
    snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
        (unsigned long long)st.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
}

static const char *heard(void)
{
    ssize_t len;

    dup2(before, STDERR_FILENO);
    close(before);
    close(pair[1]);
    len = read(pair[0], said, sizeof(said) - 1);
    said[len < 0 ? 0 : len] = '\0';
    close(pair[0]);
    return said;
}

static int set_up(void **state)
{
    (void)state;
    unsetenv("JOURNAL_STREAM");
    log_set_level(LOG_LEVEL_INFO);
    log_set_name(NULL);
    log_set_times(false);
    return 0;
}

static void lines_begin_with_their_level_in_words(void **state)
{
    (void)state;
    listen_to();
    log_error("one: a=%d", 1);
    log_warning("two");
    log_info("three");
    assert_string_equal(heard(), "error: one: a=1\nwarning: two\nthree\n");
}

static void lines_have_the_time_where_nobody_else_writes_it(void **state)
{
    const char *line;
    int64_t wall = 0;

    (void)state;
    log_set_times(true);
    listen_to();
    log_warning("two");
    line = heard();
    assert_true(clock_parse(bytes_slice(bytes_of(line), 0, 24), &wall));
    assert_in_range(clock_wall() - wall, 0, INT64_C(60) * SECOND);
    assert_string_equal(line + 24, " warning: two\n");
    listen_to();
    call_it_the_journal();
    log_warning("two");
    assert_string_equal(heard(), "<4>two\n");
}

static void the_journal_gets_levels_as_numbers(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_DEBUG);
    listen_to();
    call_it_the_journal();
    log_error("one");
    log_warning("two");
    log_info("three");
    log_debug("four");
    assert_string_equal(heard(), "<3>one\n<4>two\n<6>three\n<7>four\n");
}

/* The variable is inherited, standard error may be redirected: a shell under systemd writes a file.
 */
static void a_file_is_not_taken_for_the_journal(void **state)
{
    static const char *const streams[] = {"8:1", "8:", ":", "", "8", "x:y", "8:1:1"};

    (void)state;
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        setenv("JOURNAL_STREAM", streams[i], 1);
        listen_to();
        log_warning("two");
        assert_string_equal(heard(), "warning: two\n");
    }
}

static bool keep_warnings(int level, const struct log_about *about, const char *text)
{
    snprintf(said, sizeof(said), "%d %lld %s", level, (long long)about->feed, text);
    return level == LOG_LEVEL_WARNING;
}

static void what_a_sink_does_not_take_goes_to_standard_error(void **state)
{
    (void)state;
    log_set_sink(keep_warnings);
    listen_to();
    log_about(LOG_LEVEL_WARNING, &(struct log_about){.feed = 7}, "a\nb");
    assert_string_equal(said, "4 7 a\\x0ab");
    log_info("three");
    log_set_sink(NULL);
    assert_string_equal(heard(), "three\n");
}

static void what_is_below_the_level_is_not_said(void **state)
{
    static const struct {
        int level;
        const char *said;
    } cases[] = {{LOG_LEVEL_DEBUG, "error: e\nwarning: w\ni\ndebug: d\n"},
        {LOG_LEVEL_INFO, "error: e\nwarning: w\ni\n"},
        {LOG_LEVEL_WARNING, "error: e\nwarning: w\n"}, {LOG_LEVEL_ERROR, "error: e\n"}, {0, ""}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        log_set_level(cases[i].level);
        listen_to();
        log_error("e");
        log_warning("w");
        log_info("i");
        log_debug("d");
        assert_string_equal(heard(), cases[i].said);
    }
}

/* Feeds and hubs choose words that are logged: they write no line of their own, and no terminal
 * obeys them. */
static void hostile_text_stays_on_its_line(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"a\nerror: all is lost", "url=a\\x0aerror: all is lost\n"},
        {"a\r\nb", "url=a\\x0d\\x0ab\n"},
        {"\x1b[2J\x07", "url=\\x1b[2J\\x07\n"},
        {"\x7f\t\x01", "url=\\x7f\\x09\\x01\n"},
        {"%s%n%x", "url=%s%n%x\n"},
        {"\xc3\xa4\xe2\x82\xac", "url=\xc3\xa4\xe2\x82\xac\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        listen_to();
        log_info("url=%s", cases[i].text);
        assert_string_equal(heard(), cases[i].said);
    }
}

/* However long it is, and however much of it has to be shown as \xNN, it is one line with an end.
 */
static void a_long_line_is_cut_and_ends(void **state)
{
    static const char bytes[] = {'x', '\n', '\xff'};
    static char text[3 * SAID];

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        const char *line;

        memset(text, bytes[i], sizeof(text) - 1);
        log_set_name("a worker whose name is longer than any name of a worker has to be");
        listen_to();
        log_error("%s", text);
        line = heard();
        assert_in_range(strlen(line), 500, 2200);
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    }
}

static void a_process_with_a_name_says_who_it_is(void **state)
{
    (void)state;
    log_set_name("worker 3");
    listen_to();
    log_warning("stage hangs");
    log_set_name(NULL);
    log_warning("stage hangs");
    assert_string_equal(heard(), "warning: worker 3: stage hangs\nwarning: stage hangs\n");
}

#define LOG_TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOG_TEST(lines_begin_with_their_level_in_words),
        LOG_TEST(lines_have_the_time_where_nobody_else_writes_it),
        LOG_TEST(the_journal_gets_levels_as_numbers),
        LOG_TEST(a_file_is_not_taken_for_the_journal),
        LOG_TEST(what_a_sink_does_not_take_goes_to_standard_error),
        LOG_TEST(what_is_below_the_level_is_not_said),
        LOG_TEST(hostile_text_stays_on_its_line),
        LOG_TEST(a_long_line_is_cut_and_ends),
        LOG_TEST(a_process_with_a_name_says_who_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
