/* test_fetch_post.c - a form sent by POST: as it was given, through those redirects that keep the
 * method, and to no address that the guard refuses. */
#include "unit/fetch_fixture.h"

enum { FORM_MOST = 4000 };

struct heard {
    char form[FORM_MOST];
    int posts, gets;
};

/* Reads what Content-Length announces; /moved/N leads to /end by status N. */
static bool hear(struct server *server, int fd, const char *head, void *ctx)
{
    struct heard *heard = ctx;
    const char *announced = strcasestr(head, "\r\nContent-Length: ");
    const char *end = strstr(head, "\r\n\r\n");
    size_t want = announced == NULL ? 0 : strtoul(announced + 18, NULL, 10);
    size_t have = strlen(end + 4);
    int status = 0;

    (void)server;
    assert_true(want < FORM_MOST);
    memcpy(heard->form, end + 4, have + 1);
    while (have < want) {
        ssize_t got = recv(fd, heard->form + have, want - have, 0);

        if (got <= 0)
            return false;
        have += (size_t)got;
        heard->form[have] = '\0';
    }
    heard->posts += strncmp(head, "POST ", 5) == 0;
    heard->gets += strncmp(head, "GET ", 4) == 0;
    if (sscanf(head, "POST /moved/%d", &status) == 1)
        dprintf(fd, "HTTP/1.1 %d Moved\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n", status);
    else
        dprintf(fd, "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok");
    return true;
}

static void listen_to_forms(struct fixture *f, struct heard *heard)
{
    *heard = (struct heard){0};
    begin(f, NULL);
    f->server->ctx = heard;
    f->server->respond = hear;
}

static void sends_the_form_as_it_is_given(void **state)
{
    struct heard heard;
    struct fixture f;

    (void)state;
    listen_to_forms(&f, &heard);
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/hub"), .form = "a=1&b=%20"});
    assert_int_equal(f.got.status, 202);
    assert_string_equal(f.got.body, "ok");
    assert_string_equal(heard.form, "a=1&b=%20");
    assert_string_equal(
        server_header(f.server, 0, "Content-Type"), "application/x-www-form-urlencoded");
    assert_int_equal(heard.posts, 1);
    finish(&f);
}

static void asks_no_leave_before_a_long_form(void **state)
{
    char form[3001];
    struct heard heard;
    struct fixture f;

    (void)state;
    memset(form, 'a', sizeof(form) - 1);
    form[sizeof(form) - 1] = '\0';
    listen_to_forms(&f, &heard);
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/hub"), .form = form});
    assert_int_equal(f.got.status, 202);
    assert_string_equal(heard.form, form);
    assert_string_equal(server_header(f.server, 0, "Expect"), "");
    finish(&f);
}

static void goes_back_to_get_on_the_same_connection(void **state)
{
    struct heard heard;
    struct fixture f;

    (void)state;
    listen_to_forms(&f, &heard);
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/hub"), .form = ""});
    get(&f, "/feed");
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/hub"), .form = "x=y"});
    get(&f, "/feed");
    assert_int_equal(heard.posts, 2);
    assert_int_equal(heard.gets, 2);
    assert_int_equal(f.server->connections, 1);
    finish(&f);
}

static void follows_only_redirects_that_keep_the_method(void **state)
{
    static const int statuses[] = {301, 302, 303, 307, 308};
    struct heard heard;
    struct fixture f;

    (void)state;
    listen_to_forms(&f, &heard);
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        bool keeps = statuses[i] >= 307;
        char path[20];

        snprintf(path, sizeof(path), "/moved/%d", statuses[i]);
        get_request(&f, (struct fetch_request){.url = url_of(&f, path), .form = "again=1"});
        assert_int_equal(f.got.code, keeps ? OK : E_REFUSED);
        assert_int_equal(f.got.status, keeps ? 202 : statuses[i]);
        assert_string_equal(heard.form, "again=1");
    }
    assert_int_equal(heard.gets, 0);
    finish(&f);
}

static void sends_nothing_to_an_address_that_is_not_public(void **state)
{
    static const char *const elsewhere[] = {"127.0.0.9", NULL};
    struct heard heard = {0};
    struct fixture f;

    (void)state;
    open_with(&f, NULL, elsewhere);
    f.server->ctx = &heard;
    f.server->respond = hear;
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/hub"), .form = "a=1"});
    assert_int_equal(f.got.code, E_REFUSED);
    assert_int_equal(f.server->connections, 0);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_the_form_as_it_is_given),
        cmocka_unit_test(asks_no_leave_before_a_long_form),
        cmocka_unit_test(goes_back_to_get_on_the_same_connection),
        cmocka_unit_test(follows_only_redirects_that_keep_the_method),
        cmocka_unit_test(sends_nothing_to_an_address_that_is_not_public),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
