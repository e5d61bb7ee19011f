/* test_conf_access.c - the section `access`: what is sent for a feed, and that mistakes in it are
 * told without telling secrets. */
#include "conf/conf_access.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/test.h"

static char dir[] = "/tmp/test_conf_access_XXXXXX";

static void put(const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int load(const char *text, struct conf **ret_conf, struct error *err)
{
    char path[128];

    put("wireroom.yaml", text);
    snprintf(path, sizeof(path), "%s/wireroom.yaml", dir);
    *ret_conf = NULL;
    return conf_load(path, dir, ret_conf, err);
}

static struct conf *loaded(const char *text)
{
    struct error err = {0};
    struct conf *conf;

    if (load(text, &conf, &err) != OK)
        fail_msg("%s", err.text);
    return conf;
}

static void makes_the_lines_that_are_sent(void **state)
{
    const struct conf_access *entry;
    struct conf *conf;

    (void)state;
    put("pw", "open sesame\r\n");
    put("more", "X-One: 1\n\nX-Two: 2\n");
    conf = loaded("access:\n"
                  "  \"https://a.example/feed\":\n"
                  "    user: Aladdin\n"
                  "    password_file: pw\n"
                  "    cookie: \"a=b; c=d\"\n"
                  "    headers: [\"X-Zero: 0\"]\n"
                  "    headers_file: more\n"
                  "    certificate: me.pem\n"
                  "    proxy: socks5h://127.0.0.1:9050\n");
    entry = access_find(conf, "https://a.example/feed");
    assert_string_equal(entry->lines[0], "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assert_string_equal(entry->lines[1], "Cookie: a=b; c=d");
    assert_string_equal(entry->lines[2], "X-Zero: 0");
    assert_string_equal(entry->lines[3], "X-One: 1");
    assert_string_equal(entry->lines[4], "X-Two: 2");
    assert_null(entry->lines[5]);
    assert_true(entry->certificate[0] == '/');
    assert_string_equal(entry->key, entry->certificate);
    assert_string_equal(entry->proxy, "socks5h://127.0.0.1:9050");
    conf_free(conf);
}

static void finds_the_entry_of_an_address_or_of_what_it_begins_with(void **state)
{
    struct conf *conf = loaded("access:\n"
                               "  \"https://a.example/\": { cookie: site }\n"
                               "  \"https://a.example/x/\": { cookie: part }\n"
                               "  \"https://a.example/x/feed\": { cookie: feed }\n"
                               "  \"https://b.example/feed\": { cookie: other }\n");

    (void)state;
    assert_string_equal(access_find(conf, "https://a.example/x/feed")->lines[0], "Cookie: feed");
    assert_string_equal(access_find(conf, "https://a.example/x/feed2")->lines[0], "Cookie: part");
    assert_string_equal(access_find(conf, "https://a.example/xy")->lines[0], "Cookie: site");
    assert_string_equal(access_find(conf, "https://a.example/")->lines[0], "Cookie: site");
    assert_null(access_find(conf, "https://b.example/feed/2"));
    assert_null(access_find(conf, "https://a.example.net/"));
    assert_null(access_find(conf, "http://a.example/"));
    assert_null(access_find(conf, ""));
    conf_free(conf);
}

static void tells_what_is_wrong_and_no_secret(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"{ usr: s3cret }", "usr: no such option of access"},
        {"{ user: news }", "user and password go together"},
        {"{ user: \"ne:ws\", password: s3cret }", "cannot be sent"},
        {"{ user: news, password: s3cret, password_file: pw }", "exclude each other"},
        {"{ user: news, password_file: absent }", "absent: No such file"},
        {"{ headers: [\"s3cret\"] }", "no 'Name: value'"},
        {"{ headers: [\"Host: s3cret\"] }", "Host: this header is not for you"},
        {"{ headers: [\"A: s3cret\\r\\nB: c\"] }", "control characters"},
        {"{ cookie: \"s3cret\\n\" }", "control characters"},
        {"{ key: k.pem }", "a key without a certificate"},
        {"{ proxy: \"ftp://s3cret@x\" }", "expected a proxy"},
        {"s3cret", "expected options"},
    };

    (void)state;
    put("pw", "x");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = {0};
        struct conf *conf;
        char text[300];

        snprintf(text, sizeof(text), "access: { \"https://a.example/\": %s }\n", cases[i].text);
        assert_int_equal(load(text, &conf, &err), E_USAGE);
        if (strstr(err.text, cases[i].said) == NULL || strstr(err.text, "s3cret") != NULL)
            fail_msg("%s: said '%s'", cases[i].text, err.text);
    }
}

static void takes_addresses_of_feeds_only(void **state)
{
    static const char *const wrong[] = {
        "a.example", "ftp://a.example/", "https://", "https:///feed", "https://me:pw@a.example/"};

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct error err = {0};
        struct conf *conf;
        char text[300];

        snprintf(text, sizeof(text), "access: { \"%s\": { cookie: a } }\n", wrong[i]);
        if (load(text, &conf, &err) != E_USAGE)
            fail_msg("%s was taken", wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_the_lines_that_are_sent),
        cmocka_unit_test(finds_the_entry_of_an_address_or_of_what_it_begins_with),
        cmocka_unit_test(tells_what_is_wrong_and_no_secret),
        cmocka_unit_test(takes_addresses_of_feeds_only),
    };
    static const char *const names[] = {"wireroom.yaml", "pw", "more", ""};
    char path[128];
    int failed;

    if (mkdtemp(dir) == NULL)
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        remove(path);
    }
    return failed;
}
