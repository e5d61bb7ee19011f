/* test_fetch_end.c - a fetcher that ends while names are looked up and connections are made:
 * sockets that libcurl does not say the end of are closed with the rest. */
#include "unit/fetch_fixture.h"

#include <netdb.h>
#include <pthread.h>

enum { NAMES = 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int asked, answered;
static bool held;

/* In place of the system's: what it answers waits while held is set, then no name is known. */
__attribute__((visibility("default"))) int getaddrinfo(const char *restrict name,
    const char *restrict service, const struct addrinfo *restrict hints,
    struct addrinfo **restrict ret_list)
{
    (void)name;
    (void)service;
    (void)hints;
    (void)ret_list;
    pthread_mutex_lock(&lock);
    asked++;
    pthread_cond_broadcast(&changed);
    while (held)
        pthread_cond_wait(&changed, &lock);
    answered++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return EAI_NONAME;
}

static void hold(bool value)
{
    pthread_mutex_lock(&lock);
    held = value;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static int count_of(const int *count)
{
    int value;

    pthread_mutex_lock(&lock);
    value = *count;
    pthread_mutex_unlock(&lock);
    return value;
}

static void wait_for_count(const int *count, int wanted)
{
    pthread_mutex_lock(&lock);
    while (*count < wanted)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static void ends_while_names_are_being_resolved(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    hold(true);
    asked = answered = 0;
    for (int i = 0; i < NAMES; i++) {
        char url[100];

        snprintf(url, sizeof(url), "http://name-%d.example/", i);
        fetch_start(f.fetcher, &(struct fetch_request){.url = url}, on_result, &f.got);
    }
    while (count_of(&asked) < NAMES)
        uv_run(&f.loop, UV_RUN_NOWAIT);
    f.got.loop = NULL;
    finish(&f);
    assert_int_equal(f.got.calls, NAMES);
    assert_int_equal(f.got.code, E_STOPPED);
    assert_int_equal(answered, 0); /* it did not wait for them */
    hold(false);
    wait_for_count(&answered, NAMES);
}

/* A port at which nobody answers: the one connection that may wait to be accepted waits. */
struct silent {
    int listening, waiting;
    int port;
};

static struct silent silent_open(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    struct silent s = {.listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
        .waiting = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(s.listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(s.listening, 0), 0);
    assert_int_equal(getsockname(s.listening, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(connect(s.waiting, (struct sockaddr *)&address, size), 0);
    s.port = ntohs(address.sin_port);
    return s;
}

static void silent_close(struct silent *s)
{
    close(s->waiting);
    close(s->listening);
}

static void ends_while_connections_are_being_made(void **state)
{
    struct silent silent = silent_open();
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.got.loop = NULL;
    for (int i = 0; i < NAMES; i++) {
        char url[100];

        snprintf(url, sizeof(url), "http://127.0.0.1:%d/%d", silent.port, i);
        fetch_start(f.fetcher, &(struct fetch_request){.url = url}, on_result, &f.got);
    }
    for (int i = 0; i < 10; i++) /* each opens what may be opened */
        uv_run(&f.loop, UV_RUN_NOWAIT);
    assert_int_equal(fetch_in_flight(f.fetcher), 2);
    finish(&f);
    assert_int_equal(f.got.calls, NAMES);
    assert_int_equal(f.got.code, E_STOPPED);
    silent_close(&silent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_while_names_are_being_resolved),
        cmocka_unit_test(ends_while_connections_are_being_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
