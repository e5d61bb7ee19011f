/* test_lists.c - what is wrong in a list of feeds costs a line or that list, and is told. */
#include "lists/lists.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unit/test.h"

struct fixture {
    char dir[40];
    struct arena *arena;
    struct feed_list list;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    snprintf(f->dir, sizeof(f->dir), "/tmp/wireroom-lists-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->arena = arena_new(16 << 20);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[80];

    snprintf(command, sizeof(command), "rm -r %s", f->dir);
    assert_int_equal(system(command), 0);
    buf_done(&f->list.warnings);
    again_clear(&f->list.unread);
    arena_free(f->arena);
    free(f);
    return 0;
}

static void put(struct fixture *f, const char *name, const char *text)
{
    char path[100];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", f->dir, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static const char *read_all(struct fixture *f)
{
    const char *patterns[] = {bytes_format(f->arena, "%s/*.list", f->dir).ptr,
        bytes_format(f->arena, "%s/*.opml", f->dir).ptr, NULL};

    buf_done(&f->list.warnings);
    again_clear(&f->list.unread);
    f->list = (struct feed_list){0};
    lists_read(f->arena, patterns, &f->list);
    return buf_cstr(&f->list.warnings);
}

static void a_bad_line_costs_that_line(void **state)
{
    struct fixture *f = *state;
    const char *warnings;

    put(f, "a.list",
        "\xef\xbb\xbfhttp://a.example/1 One\r\nnot a url\n# no\n\nhttp://a.example/2\nftp://a/\n");
    put(f, "b.list", "http://b.example/my feed.xml\n");
    warnings = read_all(f);
    assert_int_equal(f->list.count, 3);
    assert_string_equal(f->list.feeds[2].url, "http://b.example/my%20feed.xml");
    assert_string_equal(f->list.feeds[0].url, "http://a.example/1");
    assert_string_equal(f->list.feeds[0].title, "One");
    assert_non_null(strstr(warnings, "a.list:2: not a url: not an http or https address"));
    assert_non_null(strstr(warnings, "a.list:6: ftp://a/"));
}

#define OPML "<opml version=\"2.0\"><body><outline xmlUrl=\"http://c.example/\"/>"

static void a_list_that_is_cut_or_another_page_gives_nothing(void **state)
{
    struct fixture *f = *state;
    const char *warnings;

    put(f, "a.opml", OPML "</body></opml>");
    put(f, "b.opml", OPML "<outline xmlUrl=\"http://d.exam");
    put(f, "c.opml", "<html><body><h1>404 not found</h1></body></html>");
    put(f, "d.opml", "");
    put(f, "e.list", "<html><body>503</body></html>\n");
    warnings = read_all(f);
    assert_int_equal(f->list.count, 1);
    assert_string_equal(f->list.feeds[0].url, "http://c.example/");
    assert_non_null(strstr(warnings, "b.opml: "));
    assert_non_null(strstr(warnings, "c.opml: "));
    assert_non_null(strstr(warnings, "d.opml: "));
    assert_non_null(strstr(warnings, "e.list:1: "));
}

/* What read(2) does from now on: so many bytes, then this error, 0 for the end of the file. */
static struct {
    size_t bytes;
    int error;
    bool on;
} disk;

ssize_t read(int fd, void *to, size_t len)
{
    if (!disk.on)
        return syscall(SYS_read, fd, to, len);
    if (disk.bytes == 0) {
        errno = disk.error;
        disk.on = disk.error == EINTR ? false : disk.on;
        return disk.error == 0 ? 0 : -1;
    }
    len = len < disk.bytes ? len : disk.bytes;
    disk.bytes -= len;
    return syscall(SYS_read, fd, to, len);
}

/* The feeds of the rest would be taken for removed. */
static void a_list_that_is_read_in_part_gives_nothing(void **state)
{
    static const int errors[] = {EIO, 0, ENOMEM, EINTR};
    struct fixture *f = *state;
    const char *warnings;

    put(f, "a.list", "https://a.example/feed\nhttps://b.example/feed\n");
    for (size_t i = 0; i < 4; i++) {
        disk.bytes = 23;
        disk.error = errors[i];
        disk.on = true;
        warnings = read_all(f);
        disk.on = false;
        assert_int_equal(f->list.count, errors[i] == EINTR ? 2 : 0);
        assert_true((strstr(warnings, "a.list: read ") != NULL) == (errors[i] != EINTR));
    }
}

static void each_warning_is_a_line_of_the_log(void **state)
{
    struct fixture *f = *state;
    char path[100], text[200] = "";
    int out = dup(STDERR_FILENO);
    int file;

    snprintf(path, sizeof(path), "%s/log", f->dir);
    file = open(path, O_RDWR | O_CREAT, 0600);
    dup2(file, STDERR_FILENO);
    lists_warn(&f->list.warnings, "first");
    lists_warn(&f->list.warnings, "and second");
    lists_log(&f->list.warnings);
    dup2(out, STDERR_FILENO);
    assert_true(pread(file, text, sizeof(text) - 1, 0) > 0);
    assert_non_null(strstr(text, "warning: first\n"));
    assert_non_null(strstr(text, "warning: and second\n"));
    close(out);
    close(file);
}

static void warns_of_a_named_list_that_is_not_there(void **state)
{
    struct fixture *f = *state;
    const char *patterns[] = {"/nowhere/a.list", "/nowhere/*.opml", NULL};

    lists_read(f->arena, patterns, &f->list);
    assert_string_equal(buf_cstr(&f->list.warnings), "/nowhere/a.list: there is no such list\n");
}

static void bounds_what_it_tells(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};

    for (int i = 0; i < 100000; i++)
        buf_add_cstr(
            &text, "this is no address but a long line of words, of which there are many\n");
    buf_add_cstr(&text, "http://a.example/\n");
    put(f, "a.list", buf_cstr(&text));
    buf_done(&text);
    assert_true(strlen(read_all(f)) <= LISTS_WARNINGS);
    assert_int_equal(f->list.count, 1);
}

/* What one line of a plain list names: its address, and the title behind it. */
static void a_line_is_an_address_and_a_title(void **state)
{
    static const struct {
        const char *line, *url, *title;
    } cases[] = {
        {"http://a.example/f", "http://a.example/f", ""},
        {"http://a.example/f The title", "http://a.example/f", "The title"},
        {"http://a.example/f\tThe title", "http://a.example/f", "The title"},
        {"  http://a.example/f  ", "http://a.example/f", ""},
        {"http://a.example/f # a remark", "http://a.example/f", ""},
        {"http://a.example/f Title # a remark", "http://a.example/f", "Title"},
        {"http://a.example/f#top", "http://a.example/f", ""},
        {"feed://a.example/f", "http://a.example/f", ""},
        {"HTTP://A.Example:80/f", "http://a.example/f", ""},
        {"http://a.example/my feed.xml", "http://a.example/my%20feed.xml", ""},
        {"http://a.example/f?a=b c&d=e", "http://a.example/f?a=b%20c&d=e", ""},
        {"http://a.example/f Version 2.0", "http://a.example/f", "Version 2.0"},
        {"http://a.example/f Die Zeit.", "http://a.example/f", "Die Zeit."},
        {"http://m\xc3\xbcnchen.example/f", "http://xn--mnchen-3ya.example/f", ""},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put(f, "a.list", cases[i].line);
        assert_string_equal(read_all(f), "");
        assert_int_equal(f->list.count, 1);
        assert_string_equal(f->list.feeds[0].url, cases[i].url);
        assert_string_equal(f->list.feeds[0].title, cases[i].title);
    }
}

static void a_feed_of_two_lists_is_there_once(void **state)
{
    struct fixture *f = *state;

    put(f, "a.list", "http://a.example/1 One\nhttp://b.example/\nhttp://a.example/1 Again\n");
    put(f, "b.list", "HTTP://A.example:80/1\nhttp://c.example/\n");
    put(f, "c.opml", OPML "<outline xmlUrl=\"http://b.example/\"/></body></opml>");
    assert_string_equal(read_all(f), "");
    assert_int_equal(f->list.count, 3);
    for (size_t i = 1; i < f->list.count; i++)
        assert_true(strcmp(f->list.feeds[i - 1].url, f->list.feeds[i].url) < 0);
}

/* An OPML list says where it is wrong; the feeds that it names are followed. */
static void a_feed_of_two_folders_has_both_as_tags(void **state)
{
    struct arena *arena = arena_new(1 << 16);

    (void)state;
    assert_string_equal(lists_tags(arena, "One", "Two"), "One,Two");
    assert_string_equal(lists_tags(arena, "", "Two, Three"), "Two,Three");
    assert_string_equal(lists_tags(arena, "One,Two", "two,Two,One"), "One,Two,two");
    assert_string_equal(lists_tags(arena, "One", ""), "One");
    arena_free(arena);
}

static void outlines_that_lead_nowhere_are_counted(void **state)
{
    struct fixture *f = *state;
    const char *warnings;

    put(f, "a.opml",
        OPML "<outline xmlUrl=\"ftp://d.example/\"/><outline xmlUrl=\"x\"/>"
             "<outline xmlUrl=\"http://u:secret@e.example/\"/></body></opml>");
    warnings = read_all(f);
    assert_int_equal(f->list.count, 1);
    assert_non_null(strstr(warnings, "a.opml: 2 outlines without an http address\n"));
    assert_non_null(strstr(warnings, "put them under access\n"));
    assert_null(strstr(warnings, "secret"));
}

static void what_is_no_file_gives_nothing(void **state)
{
    struct fixture *f = *state;
    char path[100];

    snprintf(path, sizeof(path), "%s/a.list", f->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_non_null(strstr(read_all(f), "a.list: "));
    assert_int_equal(f->list.count, 0);
    snprintf(path, sizeof(path), "%s/b.list", f->dir);
    assert_int_equal(symlink("/nonexistent/list", path), 0);
    assert_non_null(strstr(read_all(f), "b.list: open "));
    snprintf(path, sizeof(path), "%s/c.list", f->dir);
    assert_int_equal(mkfifo(path, 0600), 0); /* would wait for a writer */
    assert_non_null(strstr(read_all(f), "c.list is no file"));
}

static void more_than_an_edit_would_take_away_is_large(void **state)
{
    static const struct {
        size_t going, of;
        bool large;
    } cases[] = {{0, 0, false}, {1, 1, false}, {10, 10, false}, {11, 11, true}, {11, 21, true},
        {11, 22, false}, {500, 1000, false}, {501, 1000, true}, {1000, 1000, true}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(lists_is_large(cases[i].going, cases[i].of), cases[i].large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_bad_line_costs_that_line, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_list_that_is_cut_or_another_page_gives_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_list_that_is_read_in_part_gives_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(each_warning_is_a_line_of_the_log, setup, teardown),
        cmocka_unit_test_setup_teardown(warns_of_a_named_list_that_is_not_there, setup, teardown),
        cmocka_unit_test_setup_teardown(bounds_what_it_tells, setup, teardown),
        cmocka_unit_test_setup_teardown(a_line_is_an_address_and_a_title, setup, teardown),
        cmocka_unit_test_setup_teardown(a_feed_of_two_lists_is_there_once, setup, teardown),
        cmocka_unit_test(a_feed_of_two_folders_has_both_as_tags),
        cmocka_unit_test_setup_teardown(outlines_that_lead_nowhere_are_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_file_gives_nothing, setup, teardown),
        cmocka_unit_test(more_than_an_edit_would_take_away_is_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
