/* test_conf.c - the configuration: what is accepted, what is refused and with which words, and its
 * two written faces. */
#include "conf/conf.h"

#include "conf/conf_certs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "conf/conf_table.h"

enum { MINUTE = 60000000 };

struct place {
    char dir[64];
    char file[96];
};

static int make_place(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    if (place == NULL)
        return -1;
    strcpy(place->dir, "/tmp/wireroom-conf-XXXXXX");
    if (mkdtemp(place->dir) == NULL)
        return -1;
    snprintf(place->file, sizeof(place->file), "%s/wireroom.yaml", place->dir);
    *state = place;
    return 0;
}

static int drop_place(void **state)
{
    struct place *place = *state;
    static const char *const names[] = {
        "wireroom.yaml", "conf.d/10-a.yaml", "conf.d/20-b.yaml", "conf.d", ""};
    char path[128];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", place->dir, names[i]);
        remove(path);
    }
    free(place);
    return 0;
}

static void put(const struct place *place, const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", place->dir, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct conf *load(const struct place *place, const char *text)
{
    struct error err = {0};
    struct conf *conf = NULL;

    put(place, "wireroom.yaml", text);
    if (conf_load(place->file, place->dir, &conf, &err) != OK)
        fail_msg("%s", err.text);
    return conf;
}

/* The file is refused with exactly this behind its name. */
static void refused(const struct place *place, const char *text, const char *message)
{
    struct error err = {0};
    struct conf *conf = NULL;
    char expected[700];

    put(place, "wireroom.yaml", text);
    snprintf(expected, sizeof(expected), "%s:%s", place->file, message);
    assert_int_equal(conf_load(place->file, NULL, &conf, &err), E_USAGE);
    assert_null(conf);
    assert_string_equal(err.text, expected);
}

static void defaults_suit_a_first_start(void **state)
{
    struct conf *conf = conf_defaults();

    (void)state;
    assert_int_equal(conf->http.per_host, 2);
    assert_int_equal(conf->http.timeout, 20 * 1000000);
    assert_int_equal(conf->http.max_body, 8 << 20);
    assert_int_equal(conf->poll.default_interval, 5 * MINUTE);
    assert_int_equal(conf->poll.first_fetch, FIRST_PUBLISH_LAST);
    assert_int_equal(conf->poll.first_count, 10);
    assert_true(conf->workers.sandbox);
    assert_string_equal(conf->stages.names[0], "extract");
    assert_string_equal(conf->stages.names[3], "origin");
    assert_string_equal(conf->stages.names[7], "neardup");
    assert_string_equal(conf->stages.names[8], "story");
    assert_null(conf->stages.names[9]);
    assert_string_equal(conf->store.path, "/var/lib/wireroom/wireroom.db");
    assert_string_equal(conf->listen.pub, "ipc:///run/wireroom/pub.sock");
    assert_string_equal(conf->listen.control, "/run/wireroom/control.sock");
    assert_true(conf->instance[0] != '\0');
    assert_null(conf->path);
    conf_free(conf);
}

static void a_state_directory_holds_store_and_sockets(void **state)
{
    const struct place *place = *state;
    struct conf *conf = load(place, "poll: { min_interval: 1m }\n");
    char expected[128];

    snprintf(expected, sizeof(expected), "%s/wireroom.db", place->dir);
    assert_string_equal(conf->store.path, expected);
    snprintf(expected, sizeof(expected), "ipc://%s/pub.sock", place->dir);
    assert_string_equal(conf->listen.pub, expected);
    snprintf(expected, sizeof(expected), "%s/feeds/*.opml", place->dir);
    assert_string_equal(conf->feeds[0], expected);
    conf_free(conf);
}

static void reads_every_kind_of_value(void **state)
{
    struct conf *conf = load(*state,
        "instance: no\n"
        "http:\n  contact: \"newsdesk@example.org\"\n  spacing: 1500ms\n  allow: [127.0.0.0/8, "
        "\"::1\"]\n"
        "poll: { min_interval: 1h30m, max_interval: 2d, default_interval: 2h, first_fetch: mark }\n"
        "workers: { count: 007, sandbox: off }\n"
        "stages:\n  chain: [language]\n  options:\n    language: { min-letters: 12 }\n"
        "store: { path: /srv/w.db, keep: 2w, max: 3GiB }\n"
        "listen: { pub: \"tcp://127.0.0.1:5560\" }\n"
        "feeds: []\n");

    assert_string_equal(conf->instance, "no");
    assert_string_equal(conf->http.contact, "newsdesk@example.org");
    assert_int_equal(conf->http.spacing, 1500000);
    assert_string_equal(conf->http.allow[1], "::1");
    assert_null(conf->http.allow[2]);
    assert_int_equal(conf->poll.min_interval, 90 * (int64_t)MINUTE);
    assert_int_equal(conf->poll.first_fetch, FIRST_MARK);
    assert_int_equal(conf->workers.count, 7);
    assert_false(conf->workers.sandbox);
    assert_string_equal(conf->stages.names[0], "language");
    assert_int_equal(conf->stages.options_count, 1);
    assert_string_equal(conf->stages.options[0].stage, "language");
    assert_string_equal(conf->stages.options[0].name, "min-letters");
    assert_string_equal(conf->stages.options[0].value, "12");
    assert_non_null(strstr(conf->stages.options[0].where, "wireroom.yaml:11:30"));
    assert_string_equal(conf->store.path, "/srv/w.db");
    assert_int_equal(conf->store.max_size, INT64_C(3) << 30);
    assert_string_equal(conf->listen.pub, "tcp://127.0.0.1:5560");
    assert_null(conf->feeds[0]);
    conf_free(conf);
}

static void a_plain_list_of_stages_is_the_chain(void **state)
{
    struct conf *conf = load(*state, "stages: [headline, extract]\n");

    assert_string_equal(conf->stages.names[0], "headline");
    assert_string_equal(conf->stages.names[1], "extract");
    assert_null(conf->stages.names[2]);
    conf_free(conf);
}

static void one_stage_directory_may_stand_without_brackets(void **state)
{
    const struct place *place = *state;
    struct conf *usual = load(*state, "");
    struct conf *conf = load(*state, "stages: { dir: /srv/stages }\n");
    char expected[128];

    assert_string_equal(conf->stages.dirs[0], "/srv/stages");
    assert_null(conf->stages.dirs[1]);
    conf_free(conf);
    conf = load(*state, "stages: { dir: [mine, /srv/stages] }\n");
    snprintf(expected, sizeof(expected), "%s/mine", place->dir);
    assert_string_equal(conf->stages.dirs[0], expected);
    assert_string_equal(conf->stages.dirs[1], "/srv/stages");
    assert_null(conf->stages.dirs[2]);
    conf_free(conf);
    conf = load(*state, "stages: { dir: \"\" }\n"); /* the usual places, as ever */
    assert_string_equal(conf->stages.dirs[0], usual->stages.dirs[0]);
    conf_free(conf);
    conf_free(usual);
    refused(*state, "stages: { dir: { a: b } }\n", "1:16: stages.dir: expected a list: [one, two]");
    refused(
        *state, "stages: { dir: [\"\"] }\n", "1:17: stages.dir: expected a list of plain values");
}

static void looks_for_stages_where_directories_are(void **state)
{
    const struct place *place = *state;
    const char *const further[] = {
        "/nonexistent/stages", place->dir, "/usr/lib/a", place->dir, NULL};
    struct arena *arena = arena_new(1 << 20);
    const char *const *dirs = conf_stage_dirs(arena, "/usr/lib/a", further);

    assert_string_equal(dirs[0], "/usr/lib/a");
    assert_string_equal(dirs[1], place->dir);
    assert_null(dirs[2]);
    arena_free(arena);
}

static void an_empty_file_or_section_changes_nothing(void **state)
{
    static const char *const texts[] = {"", "# nothing\n", "http:\npoll:\n", "---\n"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct conf *conf = load(*state, texts[i]);

        assert_int_equal(conf->http.per_host, 2);
        conf_free(conf);
    }
}

static void says_where_and_what_is_wrong(void **state)
{
    const struct place *place = *state;

    refused(place, "poll:\n  # ask\n  min_interval: 5\n",
        "3:17: poll.min_interval: '5' has no unit; write 5s or 5m");
    refused(
        place, "store: { max: 10 }\n", "1:15: store.max: '10' has no unit; write 10KiB or 10MiB");
    refused(place, "poll: { min_intervall: 5s }\n",
        "1:9: poll.min_intervall: no such option; did you mean poll.min_interval?");
    refused(place, "htp: {}\n", "1:1: htp: no such option; did you mean http?");
    refused(place, "#http:\n  per_host: 2\n",
        "2:3: per_host: no such option here; it stands under http:");
    refused(place, "zebra: {}\n", "1:1: zebra: no such option");
    refused(
        place, "http: { per_host: 0 }\n", "1:19: http.per_host: 0 is out of range, from 1 to 64");
    refused(place, "http: { timeout: 2h }\n",
        "1:18: http.timeout: 2h is out of range, from 100ms to 1h");
    refused(
        place, "http: { per_host: two }\n", "1:19: http.per_host: \"two\" is not a whole number");
    refused(place, "workers: { sandbox: maybe }\n",
        "1:21: workers.sandbox: \"maybe\" is neither true nor false");
    refused(place, "http: { allow: [10.0.0.0/33] }\n",
        "1:17: http.allow: expected an address or a network such as 127.0.0.0/8, ::1 or 10.1.2.3");
    refused(place, "poll: { first_fetch: publish-al }\n",
        "1:22: poll.first_fetch: 'publish-al' is none of mark, publish-last N, publish-all; did "
        "you mean publish-all?");
    refused(place, "poll: { first_fetch: publish-last }\n",
        "1:22: poll.first_fetch: expected publish-last N, with N from 1 to 100000");
    refused(place, "listen: { pub: 127.0.0.1 }\n",
        "1:16: listen.pub: expected ipc://PATH or tcp://ADDRESS:PORT");
    refused(place, "http: 5\n", "1:7: http: expected options, such as http: { ... }");
    refused(place, "http: { contact: [a] }\n", "1:18: http.contact: expected one value");
    refused(place, "stages: { chain: ../x }\n", "1:18: stages.chain: expected a list: [one, two]");
    refused(place, "stages: [../x]\n",
        "1:10: stages.chain: expected the name of a stage (letters, digits, '-' and '_')");
    refused(place, "websub: { listen: localhost:80 }\n",
        "1:19: websub.listen: 'localhost:80' is no address in numbers; write 127.0.0.1:8080 or "
        "[::1]:8080");
    refused(place, "websub: { listen: 127.0.0.1 }\n",
        "1:19: websub.listen: '127.0.0.1' has no port; write 127.0.0.1:8080");
    refused(place, "websub: { public_url: news.example }\n",
        "1:23: websub.public_url: expected an address that begins with https:// or http://");
    refused(place, "websub: { public_url: https://news.example/?a=1 }\n",
        "1:23: websub.public_url: expected an address without query, fragment and spaces");
    refused(place, "websub: { listen: \"127.0.0.1:1\" }\n",
        "1:19: websub.listen is set and websub.public_url is not: hubs would not know where to "
        "send to");
    refused(place, "websub: { listen: \"127.0.0.1:65536\" }\n",
        "1:19: websub.listen: '127.0.0.1:65536': ports end at 65535");
    refused(place, "poll: { min_interval: 7h }\n",
        "1:23: poll.min_interval is over poll.max_interval (6h by default)");
}

static void refuses_what_surprises_in_yaml(void **state)
{
    const struct place *place = *state;

    refused(place, "http: &a { per_host: 1 }\n", "1:7: anchors (&name) are not allowed");
    refused(place, "http: *a\n", "1:7: aliases (*name) are not allowed");
    refused(place, "instance: !!str x\n", "1:11: tags (!name) are not allowed");
    refused(place, "instance: a\ninstance: b\n", "2:1: instance is given twice, first in line 1");
    refused(place, "instance: a\n---\ninstance: b\n",
        "2:1: a file holds one document; this is the second");
    refused(place, "- a\n", "1:1: expected sections like 'http:'");
    refused(place, "feeds: [[[[[[[[[a]]]]]]]]]\n", "1:15: nested too deeply");
    refused(place, "instance: \"a\\nb\"\n", "1:11: control characters are not allowed in a value");
    refused(place, "http: { contact: a\n", "2:1: did not find expected ',' or '}'");
}

static void certificates_are_a_directory_of_hashes(void **state)
{
    const struct place *place = *state;
    char path[128];
    struct conf *conf;

    refused(place, "http: { ca_path: /nonexistent }\n",
        "1:18: http.ca_path: /nonexistent: No such file or directory");
    refused(place, "http:\n  ca_path: /dev/null\n",
        "2:12: http.ca_path: /dev/null is a file: a directory is wanted, of certificates under "
        "their hashes, as /etc/ssl/certs is; `openssl rehash DIRECTORY` makes one");
    snprintf(path, sizeof(path), "%s/certs", place->dir);
    mkdir(path, 0700);
    conf = load(place, "http: { ca_path: certs }\n");
    assert_string_equal(conf->http.ca_path, path);
    assert_false(conf_certs_any(path));
    put(place, "certs/ca.pem", "");
    put(place, "certs/0123456g.0", "");
    assert_false(conf_certs_any(path));
    put(place, "certs/0123456f.0", "");
    assert_true(conf_certs_any(path));
    assert_false(conf_certs_any("/nonexistent"));
    conf_free(conf);
}

static void files_beside_it_are_read_in_order_of_name(void **state)
{
    const struct place *place = *state;
    char path[128];
    struct conf *conf;

    snprintf(path, sizeof(path), "%s/conf.d", place->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    put(place, "conf.d/20-b.yaml", "http: { per_host: 5 }\nstages: { options: { a: { x: 2 } } }\n");
    put(place, "conf.d/10-a.yaml", "http: { per_host: 4, spacing: 3s }\n");
    conf = load(place, "http: { per_host: 3 }\nstages: { options: { a: { x: 1, y: 3 } } }\n");
    assert_int_equal(conf->http.per_host, 5);
    assert_int_equal(conf->http.spacing, 3000000);
    assert_int_equal(conf->stages.options_count, 2);
    assert_string_equal(conf->stages.options[0].value, "2");
    conf_free(conf);
}

static void a_missing_file_is_named(void **state)
{
    struct error err = {0};
    struct conf *conf = NULL;

    (void)state;
    assert_int_equal(conf_load("/nonexistent/wireroom.yaml", NULL, &conf, &err), E_NOT_FOUND);
    assert_string_equal(err.text, "/nonexistent/wireroom.yaml: No such file or directory");
}

static void a_path_too_long_for_a_socket_is_refused(void **state)
{
    struct error err = {0};
    struct conf *conf = NULL;
    char dir[200] = "/tmp/";

    (void)state;
    memset(dir + 5, 'x', 120);
    assert_int_equal(conf_load(NULL, dir, &conf, &err), E_USAGE);
    assert_non_null(strstr(err.text, "the path of a socket has at most 107 bytes"));
}

/* The tree's copy of a written face is what the table writes; WIREROOM_UPDATE=1 writes it anew. */
static void check_face(const char *path, void (*write_face)(struct buf *out))
{
    struct buf text = {0};
    struct buf have = {0};
    FILE *file;
    int c;

    write_face(&text);
    if (getenv("WIREROOM_UPDATE") != NULL) {
        file = fopen(path, "w");
        assert_non_null(file);
        fwrite(text.ptr, 1, text.len, file);
        fclose(file);
    }
    file = fopen(path, "r");
    assert_non_null(file);
    while ((c = fgetc(file)) != EOF)
        buf_add_byte(&have, (char)c);
    fclose(file);
    assert_string_equal(buf_cstr(&have), buf_cstr(&text));
    buf_done(&text);
    buf_done(&have);
}

static void the_sample_file_is_what_the_table_says(void **state)
{
    (void)state;
    check_face(TEST_DATA "/../../conf/wireroom.yaml", conf_write_sample);
}

static void the_manual_is_what_the_table_says(void **state)
{
    (void)state;
    check_face(TEST_DATA "/../../conf/wireroom.yaml.5", conf_write_manual);
}

/* Every option as the sample file shows it is the default, and none is left out. */
static void the_sample_file_uncommented_is_the_defaults(void **state)
{
    const struct place *place = *state;
    struct buf sample = {0};
    struct buf text = {0};
    struct conf *conf;
    struct conf *plain = NULL;
    struct error err = {0};
    struct bytes rest;

    conf_write_sample(&sample);
    for (rest = buf_bytes(&sample); rest.len > 0;) {
        struct bytes line = bytes_cut(&rest, '\n');

        assert_int_equal(line.ptr[0], '#');
        buf_add(&text, bytes_from(line, 1));
        buf_add_byte(&text, '\n');
    }
    conf = load(place, buf_cstr(&text));
    assert_int_equal(conf_load(NULL, place->dir, &plain, &err), OK);
    for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
        const char *a = (const char *)conf + k->offset;
        const char *b = (const char *)plain + k->offset;

        if (k->type == CONF_COUNT || k->type == CONF_DURATION || k->type == CONF_SIZE)
            assert_int_equal(*(const int64_t *)a, *(const int64_t *)b);
        else if (k->type == CONF_TEXT || k->type == CONF_ENDPOINT || k->type == CONF_PATH_STATE)
            assert_string_equal(*(const char *const *)a, *(const char *const *)b);
    }
    conf_free(conf);
    conf_free(plain);
    buf_done(&sample);
    buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_suit_a_first_start),
        cmocka_unit_test_setup_teardown(
            a_state_directory_holds_store_and_sockets, make_place, drop_place),
        cmocka_unit_test_setup_teardown(reads_every_kind_of_value, make_place, drop_place),
        cmocka_unit_test_setup_teardown(
            a_plain_list_of_stages_is_the_chain, make_place, drop_place),
        cmocka_unit_test_setup_teardown(
            looks_for_stages_where_directories_are, make_place, drop_place),
        cmocka_unit_test_setup_teardown(
            one_stage_directory_may_stand_without_brackets, make_place, drop_place),
        cmocka_unit_test_setup_teardown(
            an_empty_file_or_section_changes_nothing, make_place, drop_place),
        cmocka_unit_test_setup_teardown(says_where_and_what_is_wrong, make_place, drop_place),
        cmocka_unit_test_setup_teardown(
            certificates_are_a_directory_of_hashes, make_place, drop_place),
        cmocka_unit_test_setup_teardown(refuses_what_surprises_in_yaml, make_place, drop_place),
        cmocka_unit_test_setup_teardown(
            files_beside_it_are_read_in_order_of_name, make_place, drop_place),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(a_path_too_long_for_a_socket_is_refused),
        cmocka_unit_test(the_sample_file_is_what_the_table_says),
        cmocka_unit_test(the_manual_is_what_the_table_says),
        cmocka_unit_test_setup_teardown(
            the_sample_file_uncommented_is_the_defaults, make_place, drop_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
