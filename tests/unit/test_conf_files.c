/* test_conf_files.c - where the configuration is read from: the file, its conf.d, relative paths,
 * and what of these is wrong; and passwords in files of their own. */
#include "unit/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"
#include "conf/conf_access.h"

struct place {
    char dir[64];
    char file[96];
};

static int make_place(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    if (place == NULL)
        return -1;
    strcpy(place->dir, "/tmp/wireroom-files-XXXXXX");
    if (mkdtemp(place->dir) == NULL)
        return -1;
    snprintf(place->file, sizeof(place->file), "%s/wireroom.yaml", place->dir);
    *state = place;
    return 0;
}

static int drop_place(void **state)
{
    struct place *place = *state;
    char command[128];
    int code;

    snprintf(command, sizeof(command), "rm -rf %s", place->dir);
    code = system(command);
    free(place);
    return code;
}

static void put(const struct place *place, const char *name, const char *text)
{
    char path[160];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", place->dir, name);
    file = fopen(path, "w");
    if (file == NULL && errno == ENOENT) {
        char dir[160];

        snprintf(dir, sizeof(dir), "%s/conf.d", place->dir);
        assert_int_equal(mkdir(dir, 0700), 0);
        file = fopen(path, "w");
    }
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct conf *loaded(const char *path, const char *dir)
{
    struct error err = {0};
    struct conf *conf = NULL;

    if (conf_load(path, dir, &conf, &err) != OK)
        fail_msg("%s", err.text);
    return conf;
}

static void refused(const char *path, int code, const char *what)
{
    struct error err = {0};
    struct conf *conf = NULL;

    assert_int_equal(conf_load(path, NULL, &conf, &err), code);
    assert_null(conf);
    if (strstr(err.text, what) == NULL)
        fail_msg("%s, not %s", err.text, what);
}

static void parts_are_read_by_name_and_nothing_else_is(void **state)
{
    const struct place *place = *state;
    struct conf *conf;

    put(place, "wireroom.yaml", "http: { per_host: 3 }\n");
    put(place, "conf.d/20.yaml", "http: { per_host: 5 }\n");
    put(place, "conf.d/10.yaml", "http: { per_host: 4, contact: a }\n");
    put(place, "conf.d/.30.yaml", "http: { per_host: 6 }\n");
    put(place, "conf.d/40.yaml~", "http: { per_host: 7 }\n");
    put(place, "conf.d/50.yml", "http: { per_host: 8 }\n");
    put(place, "conf.d/README", "nonsense: [");
    put(place, "conf.d/.yaml", "nonsense: [");
    conf = loaded(place->file, NULL);
    assert_int_equal(conf->http.per_host, 5);
    assert_string_equal(conf->http.contact, "a");
    conf_free(conf);
}

static void what_is_wrong_in_a_part_names_the_part(void **state)
{
    const struct place *place = *state;
    char said[200];

    put(place, "wireroom.yaml", "instance: a\n");
    put(place, "conf.d/10.yaml", "http:\n  per_host: many\n");
    snprintf(said, sizeof(said),
        "%s/conf.d/10.yaml:2:13: http.per_host: \"many\" is not a whole number", place->dir);
    refused(place->file, E_USAGE, said);
}

static void what_is_no_file_is_told(void **state)
{
    const struct place *place = *state;
    char path[160];

    refused(place->dir, E_USAGE, ": not a file");
    snprintf(path, sizeof(path), "%s/none/wireroom.yaml", place->dir);
    refused(path, E_NOT_FOUND, "No such file");
    put(place, "wireroom.yaml", "instance: a\n");
    snprintf(path, sizeof(path), "%s/wireroom.yaml/x", place->dir);
    refused(path, E_SYSTEM, "Not a directory");
    snprintf(path, sizeof(path), "%s/conf.d", place->dir);
    put(place, "conf.d", "a file"); /* which is no directory of parts */
    conf_free(loaded(place->file, NULL));
}

static void a_file_without_end_is_refused(void **state)
{
    const struct place *place = *state;
    struct buf text = {0};

    for (int i = 0; i < 300000; i++)
        buf_add_cstr(&text, "# a remark that is long, and of which there are many\n");
    put(place, "wireroom.yaml", buf_cstr(&text));
    buf_done(&text);
    refused(place->file, E_USAGE, "over ");
}

static void intervals_that_exclude_each_other_are_told(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"poll: { min_interval: 2h, max_interval: 1h, default_interval: 2h }\n",
            ":1:23: poll.min_interval is over poll.max_interval"},
        {"poll:\n  max_interval: 10s\n  default_interval: 10s\n",
            ":2:17: poll.min_interval (30s by default) is over poll.max_interval"},
        {"poll: { default_interval: 1s }\n",
            ":1:27: poll.default_interval is under poll.min_interval (30s by default)"},
        {"poll: { default_interval: 7h }\n",
            ":1:27: poll.default_interval is over poll.max_interval (6h by default)"},
        {"poll: { min_interval: 6m }\n",
            ":1:23: poll.default_interval (5m by default) is under poll.min_interval"},
        {"poll: { max_interval: 1m }\n",
            ":1:23: poll.default_interval (5m by default) is over poll.max_interval"},
        {"websub: { listen: \"127.0.0.1:80\" }\n",
            ":1:19: websub.listen is set and websub.public_url is not"},
        {"listen: { http: \"0.0.0.0:80\" }\n",
            ":1:17: listen.http is reached from other machines and listen.tokens names no file"},
        {"listen:\n  pull: tcp://*:80\n",
            ":2:9: listen.pull is reached from other machines and listen.keys names no folder"},
        {"listen: { control: a, pub: \"ipc://a\" }\n",
            ":1:20: listen.control is the same as listen.pub"},
        {"listen: { pub: \"ipc://pull.sock\" }\n",
            ":1:16: listen.pub is the same as listen.pull (ipc://pull.sock by default)"},
    };
    const struct place *place = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put(place, "wireroom.yaml", cases[i].text);
        refused(place->file, E_USAGE, cases[i].said);
    }
}

/* Feed lists and modules lie beside the file, the store and sockets in the state's directory. */
static void relative_paths_begin_where_they_belong(void **state)
{
    const struct place *place = *state;
    struct conf *conf;
    char want[160];

    put(place, "wireroom.yaml",
        "feeds: [my/*.list, /abs.opml]\nstages: { dir: [mods, /m] }\n"
        "store: { path: s.db }\nlisten: { pub: \"ipc://p.sock\", control: c.sock }\n");
    conf = loaded(place->file, "/var/lib/other");
    snprintf(want, sizeof(want), "%s/my/*.list", place->dir);
    assert_string_equal(conf->feeds[0], want);
    assert_string_equal(conf->feeds[1], "/abs.opml");
    snprintf(want, sizeof(want), "%s/mods", place->dir);
    assert_string_equal(conf->stages.dirs[0], want);
    assert_string_equal(conf->stages.dirs[1], "/m");
    assert_string_equal(conf->store.path, "/var/lib/other/s.db");
    assert_string_equal(conf->listen.pub, "ipc:///var/lib/other/p.sock");
    assert_string_equal(conf->listen.control, "/var/lib/other/c.sock");
    conf_free(conf);
    conf = loaded(place->file, NULL);
    assert_string_equal(conf->store.path, "/var/lib/wireroom/s.db");
    assert_string_equal(conf->listen.control, "/run/wireroom/c.sock");
    conf_free(conf);
}

static void a_name_without_a_directory_is_in_the_current_one(void **state)
{
    const struct place *place = *state;
    char before[1024];
    char want[160];
    struct conf *conf;

    assert_non_null(getcwd(before, sizeof(before)));
    put(place, "wireroom.yaml", "feeds: [a.list]\n");
    put(place, "conf.d/1.yaml", "instance: part\n");
    assert_int_equal(chdir(place->dir), 0);
    conf = loaded("wireroom.yaml", "state");
    assert_int_equal(chdir(before), 0);
    snprintf(want, sizeof(want), "%s/a.list", place->dir);
    assert_string_equal(conf->feeds[0], want);
    assert_string_equal(conf->instance, "part");
    assert_true(conf->store.path[0] == '/');
    assert_non_null(strstr(conf->store.path, "/state/wireroom.db"));
    conf_free(conf);
}

static void an_abstract_socket_and_tcp_have_no_path(void **state)
{
    static const char *const endpoints[] = {"ipc://@name", "tcp://127.0.0.1:5560", "tcp://[::1]:1"};
    const struct place *place = *state;
    char text[200];

    for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++) {
        struct conf *conf;

        snprintf(text, sizeof(text), "listen: { pub: \"%s\" }\n", endpoints[i]);
        put(place, "wireroom.yaml", text);
        conf = loaded(place->file, NULL);
        assert_string_equal(conf->listen.pub, endpoints[i]);
        conf_free(conf);
    }
}

static void secrets_are_read_from_their_files(void **state)
{
    static const struct {
        const char *secret, *cookie; /* NULL: refused */
    } cases[] = {{"a=b", "Cookie: a=b"}, {"a=b\n", "Cookie: a=b"}, {"a=b\r\n\r\n", "Cookie: a=b"},
        {" a=b ", "Cookie:  a=b "}, {"", "Cookie: "}, {"a\nb", NULL}, {"a\tb", NULL}};
    const struct place *place = *state;

    put(place, "wireroom.yaml", "access: { \"https://a.example/\": { cookie_file: secret } }\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct conf *conf;

        put(place, "secret", cases[i].secret);
        if (cases[i].cookie == NULL) {
            refused(place->file, E_USAGE, "access: https://a.example/: ");
            continue;
        }
        conf = loaded(place->file, NULL);
        assert_string_equal(access_find(conf, "https://a.example/feed")->lines[0], cases[i].cookie);
        conf_free(conf);
    }
}

static void access_has_bounds_and_a_part_replaces_an_entry(void **state)
{
    const struct place *place = *state;
    struct buf text = {0};
    struct conf *conf;

    buf_add_cstr(&text, "access: { \"https://a.example/\": { headers: [");
    for (int i = 0; i <= ACCESS_HEADERS; i++)
        buf_printf(&text, "%s\"X-%d: 1\"", i == 0 ? "" : ", ", i);
    buf_add_cstr(&text, "] } }\n");
    put(place, "wireroom.yaml", buf_cstr(&text));
    refused(place->file, E_USAGE, "headers: expected up to ");
    buf_done(&text);
    put(place, "wireroom.yaml",
        "access: { \"https://A.example/\": { cookie: one, headers: [\"X: 1\"] } }\n");
    put(place, "conf.d/1.yaml", "access: { \"https://a.EXAMPLE/\": { cookie: two } }\n");
    conf = loaded(place->file, NULL);
    assert_int_equal(conf->access_count, 1);
    assert_string_equal(conf->access[0].lines[0], "Cookie: two");
    assert_null(conf->access[0].lines[1]);
    conf_free(conf);
}

#define PLACE_TEST(name) cmocka_unit_test_setup_teardown(name, make_place, drop_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(parts_are_read_by_name_and_nothing_else_is),
        PLACE_TEST(what_is_wrong_in_a_part_names_the_part),
        PLACE_TEST(what_is_no_file_is_told),
        PLACE_TEST(a_file_without_end_is_refused),
        PLACE_TEST(intervals_that_exclude_each_other_are_told),
        PLACE_TEST(relative_paths_begin_where_they_belong),
        PLACE_TEST(a_name_without_a_directory_is_in_the_current_one),
        PLACE_TEST(an_abstract_socket_and_tcp_have_no_path),
        PLACE_TEST(secrets_are_read_from_their_files),
        PLACE_TEST(access_has_bounds_and_a_part_replaces_an_entry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
