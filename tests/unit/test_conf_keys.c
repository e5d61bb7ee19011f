/* test_conf_keys.c - each option of the configuration with values that are taken and values that
 * are refused, and what a reload says of options that changed. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "conf/conf.h"
#include "conf/conf_table.h"

struct value {
    const char *section, *name;
    const char *text;
    const char *refused; /* what is said of it; NULL: it is taken */
};

/* By option, as the table of options has them. */
static const struct value values[] = {
    {"", "instance", "desk-1", NULL},
    {"", "instance", "[a]", "expected one value"},
    {"", "feeds", "[a.opml, /srv/*.list]", NULL},
    {"", "feeds", "a.opml", "expected a list: [one, two]"},
    {"", "feeds", "[[a]]", "expected a list of plain values"},
    {"", "access", "{ \"https://a.example/\": { cookie: a } }", NULL},
    {"", "access", "[a]", "expected addresses of feeds: \"https://host/path\": { user: ... }"},
    {"", "subscriptions", "[https://a.example/list.opml]", NULL},
    {"", "subscriptions", "[http://a.example/?q=a@b]", NULL},
    {"", "subscriptions", "[ftp://a.example/]", "expected an http or https address"},
    {"", "subscriptions", "[a.opml]", "expected an http or https address"},
    {"", "subscriptions", "[\"https://u:p@a.example/\"]",
        "expected an address without name and password, which everybody sees"},
    {"", "subscriptions", "[\"http://u@a.example/\"]",
        "expected an address without name and password, which everybody sees"},
    {"http", "contact", "desk@news.example", NULL},
    {"http", "contact", "{ a: b }", "expected one value"},
    {"http", "user_agent", "\"Desk/1.0 (+https://news.example/)\"", NULL},
    {"http", "user_agent", "[a]", "expected one value"},
    {"http", "per_host", "64", NULL},
    {"http", "per_host", "65", "65 is out of range, from 1 to 64"},
    {"http", "per_host", "-1", "-1 is out of range, from 1 to 64"},
    {"http", "per_host", "1.5", "\"1.5\" is not a whole number"},
    {"http", "spacing", "0", NULL},
    {"http", "spacing", "1d", NULL},
    {"http", "spacing", "25h", "25h is out of range, from 0 to 1d"},
    {"http", "timeout", "100ms", NULL},
    {"http", "timeout", "99ms", "99ms is out of range, from 100ms to 1h"},
    {"http", "timeout", "20", "'20' has no unit; write 20s or 20m"},
    {"http", "max_body", "64MiB", NULL},
    {"http", "max_body", "65MiB", "65MiB is out of range, from 1KiB to 64MiB"},
    {"http", "max_body", "8 MiB", "\"8 MiB\" is not a size, such as 512B, 64KiB, 10MiB or 2GiB"},
    {"http", "max_in_flight", "10000", NULL},
    {"http", "max_in_flight", "0", "0 is out of range, from 1 to 10000"},
    {"http", "ca_path", "/etc", NULL},
    {"http", "ca_path", "[a]", "expected one value"},
    {"http", "allow", "[10.0.0.0/8, \"::1\", \"fe80::/10\", 127.0.0.1, 0.0.0.0/0]", NULL},
    {"http", "allow", "[localhost]",
        "expected an address or a network such as 127.0.0.0/8, ::1 or 10.1.2.3"},
    {"http", "allow", "[\"::1/129\"]",
        "expected an address or a network such as 127.0.0.0/8, ::1 or 10.1.2.3"},
    {"http", "allow", "[10.0.0.0/]",
        "expected an address or a network such as 127.0.0.0/8, ::1 or 10.1.2.3"},
    {"http", "allow", "[10.0.0]",
        "expected an address or a network such as 127.0.0.0/8, ::1 or 10.1.2.3"},
    {"http", "allow", "[10.0.0.0/8/8]",
        "expected an address or a network such as 127.0.0.0/8, ::1 or 10.1.2.3"},
    {"http", "allow", "[\"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb\"]",
        "expected an address or a network such as 127.0.0.0/8, ::1 or 10.1.2.3"},
    {"poll", "min_interval", "100ms", NULL},
    {"poll", "min_interval", "0", "0 is out of range, from 100ms to 365d"},
    {"poll", "max_interval", "365d", NULL},
    {"poll", "max_interval", "53w", "53w is out of range, from 100ms to 365d"},
    {"poll", "default_interval", "1h30m", NULL},
    {"poll", "default_interval", "1h 30m",
        "\"1h 30m\" is not a duration, such as 500ms, 30s, 5m, 2h or 7d"},
    {"poll", "first_fetch", "mark", NULL},
    {"poll", "first_fetch", "publish-all", NULL},
    {"poll", "first_fetch", "publish-last 100000", NULL},
    {"poll", "first_fetch", "publish-last 0", "expected publish-last N, with N from 1 to 100000"},
    {"poll", "first_fetch", "publish-last 100001",
        "expected publish-last N, with N from 1 to 100000"},
    {"poll", "first_fetch", "all", "'all' is none of mark, publish-last N, publish-all"},
    {"poll", "max_in_flight", "100000", NULL},
    {"poll", "max_in_flight", "100001", "100001 is out of range, from 1 to 100000"},
    {"poll", "max_waiting", "1", NULL},
    {"poll", "max_waiting", "10000001", "10000001 is out of range, from 1 to 10000000"},
    {"poll", "max_bytes", "64MiB", NULL},
    {"poll", "max_bytes", "63MiB", "63MiB is out of range, from 64MiB to 1TiB"},
    {"poll", "max_entries", "200000", NULL},
    {"poll", "max_entries", "200001", "200001 is out of range, from 1 to 200000"},
    {"poll", "subscriptions_interval", "1m", NULL},
    {"poll", "subscriptions_interval", "1", "'1' has no unit; write 1s or 1m"},
    {"poll", "sitemap_age", "0s", NULL},
    {"poll", "sitemap_age", "-1s", "\"-1s\" is not a duration, such as 500ms, 30s, 5m, 2h or 7d"},
    {"page", "robots", "no", NULL},
    {"page", "robots", "1", "\"1\" is neither true nor false"},
    {"page", "robots", "True", "\"True\" is neither true nor false"},
    {"page", "patience", "0s", NULL},
    {"page", "patience", "61m", "61m is out of range, from 0 to 1h"},
    {"workers", "count", "0", NULL},
    {"workers", "count", "257", "257 is out of range, from 0 to 256"},
    {"workers", "memory", "32MiB", NULL},
    {"workers", "memory", "31MiB", "31MiB is out of range, from 32MiB to 64GiB"},
    {"workers", "deadline", "10ms", NULL},
    {"workers", "deadline", "11m", "11m is out of range, from 10ms to 10m"},
    {"workers", "max_decoded", "1KiB", NULL},
    {"workers", "max_decoded", "1MB5",
        "\"1MB5\" is not a size, such as 512B, 64KiB, 10MiB or 2GiB"},
    {"workers", "sandbox", "off", NULL},
    {"workers", "sandbox", "\"\"", "\"\" is neither true nor false"},
    {"stages", "dir", "[a, /b]", NULL},
    {"stages", "dir", "{ a: b }", "expected a list: [one, two]"},
    {"stages", "chain", "[extract, my_stage-2]", NULL},
    {"stages", "chain", "[]", NULL},
    {"stages", "chain", "[a.so]", "expected the name of a stage (letters, digits, '-' and '_')"},
    {"stages", "options", "{ headline: { max-suffix: 3 } }", NULL},
    {"stages", "options", "[headline]",
        "expected options by stage, such as headline: { max-suffix: 30 }"},
    {"stages", "options", "{ headline: 3 }",
        "expected options of a stage, such as headline: { max-suffix: 30 }"},
    {"stages", "options", "{ headline: { max-suffix: [3] } }", "expected one value"},
    {"store", "path", "w.db", NULL},
    {"store", "path", "\"\"", "expected a path"},
    {"store", "keep", "1m", NULL},
    {"store", "keep", "59s", "59s is out of range, from 1m to 36500d"},
    {"store", "max", "1MiB", NULL},
    {"store", "max", "1", "'1' has no unit; write 1KiB or 1MiB"},
    {"store", "max", "1000KiB", "1000KiB is out of range, from 1MiB to 1024TiB"},
    {"listen", "pub", "tcp://127.0.0.1:5560", NULL},
    {"listen", "pub", "ipc://@name", NULL},
    {"listen", "pub", "ipc://", "expected something after ://"},
    {"listen", "pub", "udp://127.0.0.1:1", "expected ipc://PATH or tcp://ADDRESS:PORT"},
    {"listen", "pull", "tcp://127.0.0.1:5561", NULL},
    {"listen", "pull", "pull.sock", "expected ipc://PATH or tcp://ADDRESS:PORT"},
    {"listen", "http", "127.0.0.1:5580", NULL},
    {"listen", "http", "localhost", "'localhost' has no port; write 127.0.0.1:8080"},
    {"listen", "keys", "keys", NULL},
    {"listen", "keys", "[a]", "expected one value"},
    {"listen", "tokens", "tokens", NULL},
    {"listen", "tokens", "[a]", "expected one value"},
    {"consumers", "keep", "7d", NULL},
    {"consumers", "keep", "1s", "1s is out of range, from 1m to 36500d"},
    {"listen", "control", "c.sock", NULL},
    {"listen", "control", "\"\"", "expected a path"},
    {"websub", "listen", "127.0.0.1:5580", NULL},
    {"websub", "listen", "\"[::1]:5580\"", NULL},
    {"websub", "listen", "127.0.0.1:65536", "'127.0.0.1:65536': ports end at 65535"},
    {"websub", "listen", "\"::1:5580\"",
        "'::1:5580' is no address in numbers; write 127.0.0.1:8080 or [::1]:8080"},
    {"websub", "public_url", "https://news.example/push/", NULL},
    {"websub", "public_url", "news.example",
        "expected an address that begins with https:// or http://"},
    {"websub", "public_url", "\"https://\"",
        "expected an address with a host, such as https://news.example.org/push"},
    {"websub", "public_url", "\"http:///push\"",
        "expected an address with a host, such as https://news.example.org/push"},
    {"websub", "public_url", "\"https://:443/\"",
        "expected an address with a host, such as https://news.example.org/push"},
    {"websub", "public_url", "\"https://news.example/#a\"",
        "expected an address without query, fragment and spaces"},
    {"websub", "lease", "1m", NULL},
    {"websub", "lease", "366d", "366d is out of range, from 1m to 365d"},
    {"websub", "safety_poll", "7d", NULL},
    {"websub", "safety_poll", "8d", "8d is out of range, from 1s to 7d"},
    {"websub", "max_body", "1KiB", NULL},
    {"websub", "max_body", "1B", "1B is out of range, from 1KiB to 64MiB"},
};

enum { VALUES = sizeof(values) / sizeof(values[0]) };

/* One option set in the defaults. */
static int set(struct conf *conf, const struct value *v, struct error *err)
{
    struct bytes text =
        v->section[0] == '\0'
            ? bytes_format(conf->arena, "%s: %s\n", v->name, v->text)
            : bytes_format(conf->arena, "%s:\n  %s: %s\n", v->section, v->name, v->text);

    return conf_read(conf, "w.yaml", text, err);
}

/* "file:line:column: option: what is wrong" */
static const char *behind_the_name(const char *text)
{
    const char *name = strstr(text, ": ");
    const char *what = name == NULL ? NULL : strstr(name + 2, ": ");

    return what == NULL ? text : what + 2;
}

static void each_value_is_taken_or_refused_in_words(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < VALUES; i++) {
        const struct value *v = &values[i];
        struct conf *conf = conf_defaults();
        struct error err = {0};
        int code = set(conf, v, &err);
        const char *said = code == OK ? "" : behind_the_name(err.text);

        if ((v->refused == NULL) != (code == OK) ||
            (v->refused != NULL && strcmp(said, v->refused) != 0)) {
            print_error("%s.%s: %s: \"%s\", not \"%s\"\n", v->section, v->name, v->text, err.text,
                v->refused == NULL ? "" : v->refused);
            wrong++;
        }
        conf_free(conf);
    }
    assert_int_equal(wrong, 0);
}

static void each_refusal_names_the_place_and_the_option(void **state)
{
    (void)state;
    for (size_t i = 0; i < VALUES; i++) {
        const struct value *v = &values[i];
        struct conf *conf;
        struct error err = {0};
        size_t line = v->section[0] == '\0' ? 1 : 2;
        char place[100];
        unsigned column = 0;

        if (v->refused == NULL)
            continue;
        conf = conf_defaults();
        assert_int_equal(set(conf, v, &err), E_USAGE);
        snprintf(place, sizeof(place), "w.yaml:%zu:", line);
        assert_memory_equal(err.text, place, strlen(place));
        column = (unsigned)strtoul(err.text + strlen(place), NULL, 10);
        assert_in_range(column, strlen(v->name) + (line == 2 ? 5 : 3), 100);
        snprintf(place, sizeof(place), ": %s%s%s: ", v->section, line == 2 ? "." : "", v->name);
        assert_non_null(strstr(err.text, place));
        conf_free(conf);
    }
}

/* Whoever adds an option adds its values here. */
static void every_option_has_a_good_and_a_bad_value(void **state)
{
    (void)state;
    for (const struct conf_key *key = conf_keys; key->name != NULL; key++) {
        int good = 0;
        int bad = 0;

        for (size_t i = 0; i < VALUES; i++)
            if (strcmp(values[i].section, key->section) == 0 &&
                strcmp(values[i].name, key->name) == 0)
                *(values[i].refused == NULL ? &good : &bad) += 1;
        if (good == 0 || bad == 0)
            fail_msg(
                "%s.%s has %d good values and %d bad ones", key->section, key->name, good, bad);
    }
}

/* A reload tells which options changed, each in its kind and in no other; secrets are no option
 * that is compared. */
static void a_changed_option_is_told_in_its_kind_only(void **state)
{
    static const enum conf_applied kinds[] = {CONF_AT_ONCE, CONF_IN_WORKERS, CONF_AT_START};

    (void)state;
    for (size_t i = 0; i < VALUES; i++) {
        const struct value *v = &values[i];
        struct conf *before = conf_defaults();
        struct conf *now = conf_defaults();
        const struct conf_key *key = conf_keys;
        struct error err = {0};
        char name[100];

        while (strcmp(key->section, v->section) != 0 || strcmp(key->name, v->name) != 0)
            key++;
        snprintf(
            name, sizeof(name), "%s%s%s", v->section, v->section[0] == '\0' ? "" : ".", v->name);
        if (v->refused == NULL && set(now, v, &err) == OK && strcmp(v->text, key->initial) != 0 &&
            key->type != CONF_ACCESS)
            for (size_t k = 0; k < 3; k++) {
                struct buf told = {0};

                conf_list_changed(before, now, kinds[k], &told);
                if (strcmp(buf_cstr(&told), kinds[k] == key->applied ? name : "") != 0)
                    fail_msg("%s: %s: told \"%s\" of kind %d", name, v->text, buf_cstr(&told),
                        (int)kinds[k]);
                buf_done(&told);
            }
        conf_free(before);
        conf_free(now);
    }
}

static void two_that_are_the_same_have_nothing_to_tell(void **state)
{
    struct conf *before = conf_defaults();
    struct conf *now = conf_defaults();
    struct buf told = {0};

    (void)state;
    for (enum conf_applied kind = CONF_AT_ONCE; kind <= CONF_AT_START; kind++)
        conf_list_changed(before, now, kind, &told);
    assert_string_equal(buf_cstr(&told), "");
    buf_done(&told);
    conf_free(before);
    conf_free(now);
}

static void lists_and_options_are_compared_value_by_value(void **state)
{
    static const struct {
        const char *before, *now, *told;
    } cases[] = {
        {"http: { allow: [10.0.0.1] }", "http: { allow: [10.0.0.1, 10.0.0.2] }", "http.allow"},
        {"http: { allow: [10.0.0.1, 10.0.0.2] }", "http: { allow: [10.0.0.1] }", "http.allow"},
        {"http: { allow: [10.0.0.1, 10.0.0.2] }", "http: { allow: [10.0.0.2, 10.0.0.1] }",
            "http.allow"},
        {"http: { allow: [10.0.0.1] }", "http: { allow: [10.0.0.1] }", ""},
        {"poll: { first_fetch: publish-last 3 }", "poll: { first_fetch: publish-last 4 }",
            "poll.first_fetch"},
        {"poll: { max_interval: 60m }", "poll: { max_interval: 1h }", ""},
        {"poll: { max_interval: 61m, min_interval: 2s }", "poll: { max_interval: 1h }",
            "poll.min_interval, poll.max_interval"},
        {"stages: { options: { a: { x: 1 } } }", "stages: { options: { a: { x: 2 } } }", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct conf *before = conf_defaults();
        struct conf *now = conf_defaults();
        struct error err = {0};
        struct buf told = {0};

        assert_int_equal(conf_read(before, "a.yaml", bytes_of(cases[i].before), &err), OK);
        assert_int_equal(conf_read(now, "b.yaml", bytes_of(cases[i].now), &err), OK);
        conf_list_changed(before, now, CONF_AT_ONCE, &told);
        assert_string_equal(buf_cstr(&told), cases[i].told);
        buf_done(&told);
        conf_free(before);
        conf_free(now);
    }
}

static void stages_options_differ_by_stage_name_value_and_count(void **state)
{
    static const char *const others[] = {
        "{ a: { x: 2 } }", "{ a: { y: 1 } }", "{ b: { x: 1 } }", "{ a: { x: 1, y: 1 } }", "{}"};

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct conf *before = conf_defaults();
        struct conf *now = conf_defaults();
        struct error err = {0};
        struct buf told = {0};
        struct bytes text = bytes_format(now->arena, "stages: { options: %s }", others[i]);

        assert_int_equal(
            conf_read(before, "a.yaml", LIT("stages: { options: { a: { x: 1 } } }"), &err), OK);
        assert_int_equal(conf_read(now, "b.yaml", text, &err), OK);
        conf_list_changed(before, now, CONF_IN_WORKERS, &told);
        assert_string_equal(buf_cstr(&told), "stages.options");
        buf_done(&told);
        conf_free(before);
        conf_free(now);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_is_taken_or_refused_in_words),
        cmocka_unit_test(each_refusal_names_the_place_and_the_option),
        cmocka_unit_test(every_option_has_a_good_and_a_bad_value),
        cmocka_unit_test(a_changed_option_is_told_in_its_kind_only),
        cmocka_unit_test(two_that_are_the_same_have_nothing_to_tell),
        cmocka_unit_test(lists_and_options_are_compared_value_by_value),
        cmocka_unit_test(stages_options_differ_by_stage_name_value_and_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
