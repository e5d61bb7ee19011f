/* test_keys.c - who is let in from other machines, by keys in files, and handshakes on real
 * sockets. */
#include "unit/deliver_fixture.h"

#include <sys/stat.h>

#include "deliver/keys.h"
#include "deliver/zap.h"

struct place {
    char folder[64];
};

static int make_place(void **state)
{
    struct place *p = calloc(1, sizeof(*p));

    snprintf(p->folder, sizeof(p->folder), "/tmp/wireroom-keys-XXXXXX");
    assert_non_null(mkdtemp(p->folder));
    *state = p;
    return 0;
}

static int remove_place(void **state)
{
    static const char *const names[] = {"server.secret", "server.public", "clients"};
    struct place *p = *state;
    char path[100];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", p->folder, names[i]);
        unlink(path);
    }
    rmdir(p->folder);
    free(p);
    return 0;
}

static bool allows(const struct keys *keys, const char *public_key)
{
    unsigned char key[KEY_BYTES];

    assert_non_null(zmq_z85_decode(key, public_key));
    return keys_allow(keys, key);
}

static void a_client_is_allowed_until_it_is_revoked(void **state)
{
    struct place *p = *state;
    char one[KEY_TEXT + 1], other[KEY_TEXT + 1], secret[KEY_TEXT + 1];
    struct keys *keys = NULL;
    struct error err = {0};
    size_t count = 0;

    assert_int_equal(keys_make(p->folder, &err), OK);
    assert_int_equal(keys_make(p->folder, &err), E_REFUSED);
    assert_int_equal(keys_pair(one, secret, &err), OK);
    assert_int_equal(keys_pair(other, secret, &err), OK);
    assert_int_equal(keys_add(p->folder, one, "archive of the desk", &err), OK);
    assert_int_equal(keys_add(p->folder, other, "desk", &err), OK);
    assert_int_equal(keys_read(p->folder, &keys, &err), OK);
    assert_true(allows(keys, one));
    assert_true(allows(keys, other));
    assert_int_equal(keys_remove(p->folder, "archive of the desk", &count, &err), OK);
    assert_int_equal(count, 1);
    assert_true(allows(keys, one));
    assert_int_equal(keys_reload(keys, &err), OK);
    assert_false(allows(keys, one));
    assert_true(allows(keys, other));
    assert_int_equal(keys_remove(p->folder, one, &count, &err), E_NOT_FOUND);
    keys_free(keys);
}

static void write_text(const struct place *p, const char *name, const char *text, mode_t mode)
{
    char path[100];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", p->folder, name);
    file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    chmod(path, mode);
}

static void what_is_wrong_with_the_files_is_named_by_its_line(void **state)
{
    struct place *p = *state;
    struct keys *keys = NULL;
    struct error err = {0};

    assert_int_equal(keys_read(p->folder, &keys, &err), E_SYSTEM);
    assert_non_null(strstr(err.text, "wireroom keys init"));
    assert_int_equal(keys_make(p->folder, &err), OK);
    write_text(p, "clients", "# of the desk\n\nnokey archive\n", 0644);
    assert_int_equal(keys_read(p->folder, &keys, &err), E_USAGE);
    assert_non_null(strstr(err.text, "clients:3:1: no key"));
    assert_null(keys);
    assert_int_equal(keys_add(p->folder, "nokey", "desk", &err), E_USAGE);
    write_text(p, "clients", "", 0666);
    assert_int_equal(keys_read(p->folder, &keys, &err), E_REFUSED);
    assert_non_null(strstr(err.text, "clients: anybody may write it"));
    write_text(p, "clients", "", 0644);
    write_text(p, "server.secret", "x\n", 0644);
    assert_int_equal(keys_read(p->folder, &keys, &err), E_REFUSED);
    assert_non_null(strstr(err.text, "others may read it"));
    write_text(p, "server.secret", "x\n", 0600);
    assert_int_equal(keys_read(p->folder, &keys, &err), E_USAGE);
}

/* A folder in their place can be opened, and not be read: as a file on a disk that fails. */
static void keys_that_cannot_be_read_are_not_taken_for_none(void **state)
{
    struct place *p = *state;
    char one[KEY_TEXT + 1], secret[KEY_TEXT + 1], path[200], aside[200];
    struct keys *keys = NULL;
    struct error err = {0};
    size_t count = 0;

    assert_int_equal(keys_pair(one, secret, &err), OK);
    assert_int_equal(keys_make(p->folder, &err), OK);
    assert_int_equal(keys_add(p->folder, one, "archive", &err), OK);
    assert_int_equal(keys_read(p->folder, &keys, &err), OK);
    snprintf(path, sizeof(path), "%s/clients", p->folder);
    snprintf(aside, sizeof(aside), "%s/aside", p->folder);
    assert_int_equal(rename(path, aside), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(keys_reload(keys, &err), E_SYSTEM);
    assert_non_null(strstr(err.text, "clients: Is a directory"));
    assert_true(allows(keys, one));
    assert_int_equal(keys_remove(p->folder, "desk", &count, &err), E_SYSTEM);
    assert_int_equal(keys_add(p->folder, one, "desk", &err), E_SYSTEM);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rename(aside, path), 0);
    assert_int_equal(keys_reload(keys, &err), OK);
    assert_true(allows(keys, one));
    keys_free(keys);
}

/* What the handler says to a handshake from address with key, by its status. */
static const char *handshake(
    uv_loop_t *loop, void *context, const char *address, const unsigned char key[KEY_BYTES])
{
    static char status[8];
    void *socket = zmq_socket(context, ZMQ_REQ);
    const char *frames[] = {"1.0", "7", "", address, "", "CURVE"};
    int len = -1;

    assert_int_equal(zmq_connect(socket, "inproc://zeromq.zap.01"), 0);
    for (size_t i = 0; i < 6; i++)
        zmq_send(socket, frames[i], strlen(frames[i]), ZMQ_SNDMORE);
    zmq_send(socket, key, KEY_BYTES, 0);
    for (int i = 0; i < 3; i++) {
        do {
            uv_run(loop, UV_RUN_NOWAIT);
            len = zmq_recv(socket, status, sizeof(status) - 1, ZMQ_DONTWAIT);
        } while (len < 0);
        status[len] = '\0';
    }
    zmq_close(socket);
    return status;
}

static void strangers_from_other_machines_are_refused(void **state)
{
    struct place *p = *state;
    char one[KEY_TEXT + 1], secret[KEY_TEXT + 1];
    unsigned char known[KEY_BYTES], unknown[KEY_BYTES] = {1};
    struct keys *keys = NULL;
    struct error err = {0};
    struct zap *zap = NULL;
    void *context = zmq_ctx_new();
    uv_loop_t loop;

    uv_loop_init(&loop);
    assert_int_equal(keys_make(p->folder, &err), OK);
    assert_int_equal(keys_pair(one, secret, &err), OK);
    assert_int_equal(keys_add(p->folder, one, "desk", &err), OK);
    assert_int_equal(keys_read(p->folder, &keys, &err), OK);
    zmq_z85_decode(known, one);
    assert_int_equal(zap_open(&loop, context, keys, &zap, &err), OK);
    assert_string_equal(handshake(&loop, context, "192.0.2.1", known), "200");
    assert_string_equal(handshake(&loop, context, "192.0.2.1", unknown), "400");
    assert_string_equal(handshake(&loop, context, "2001:db8::1", unknown), "400");
    assert_string_equal(handshake(&loop, context, "127.0.0.1", unknown), "200");
    assert_string_equal(handshake(&loop, context, "::1", unknown), "200");
    assert_int_equal(zap_refused(zap), 2);
    zap_close(zap);
    zmq_ctx_term(context);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    keys_free(keys);
}

/* On real sockets: with the daemon's key events come, in the clear nothing does. */
static void a_tcp_socket_speaks_to_nobody_in_the_clear(void **state)
{
    struct place *p = *state;
    char one[KEY_TEXT + 1], secret[KEY_TEXT + 1], endpoint[100] = "";
    struct fixture *store = NULL;
    struct keys *keys = NULL;
    struct push *push = NULL;
    struct error err = {0};
    void *context = zmq_ctx_new();
    void *plain = zmq_socket(context, ZMQ_SUB);
    void *curve = zmq_socket(context, ZMQ_SUB);
    char frame[64];
    int linger = 0;
    int len = -1;

    zmq_setsockopt(plain, ZMQ_LINGER, &linger, sizeof(linger)); /* what it never gets rid of */
    zmq_setsockopt(curve, ZMQ_LINGER, &linger, sizeof(linger));
    fixture_setup((void **)&store);
    assert_int_equal(keys_make(p->folder, &err), OK);
    assert_int_equal(keys_read(p->folder, &keys, &err), OK);
    for (int port = 20000; push == NULL && port < 60000; port += 37) {
        snprintf(endpoint, sizeof(endpoint), "tcp://127.0.0.1:%d", port);
        push_open(&store->loop, endpoint, keys, LIT("welcome"), &push, &err);
    }
    assert_non_null(push);
    assert_int_equal(keys_pair(one, secret, &err), OK);
    zmq_setsockopt(curve, ZMQ_CURVE_SERVERKEY, keys_public(keys), KEY_TEXT + 1);
    zmq_setsockopt(curve, ZMQ_CURVE_PUBLICKEY, one, KEY_TEXT + 1);
    zmq_setsockopt(curve, ZMQ_CURVE_SECRETKEY, secret, KEY_TEXT + 1);
    zmq_setsockopt(plain, ZMQ_SUBSCRIBE, "", 0);
    zmq_setsockopt(curve, ZMQ_SUBSCRIBE, "", 0);
    zmq_connect(plain, endpoint);
    zmq_connect(curve, endpoint);
    for (int64_t end = clock_mono() + 5 * (int64_t)SECOND; len < 0 && clock_mono() < end;) {
        uv_run(&store->loop, UV_RUN_NOWAIT);
        len = zmq_recv(curve, frame, sizeof(frame), ZMQ_DONTWAIT);
    }
    assert_int_equal(len, 7);
    len = -1;
    for (int64_t end = clock_mono() + 5 * (int64_t)SECOND; len != 5 && clock_mono() < end;) {
        /* libzmq welcomes when the connection stands; the subscription comes right behind that. */
        push_send(push, LIT("topic"), LIT("body"));
        uv_run(&store->loop, UV_RUN_NOWAIT);
        len = zmq_recv(curve, frame, sizeof(frame), ZMQ_DONTWAIT);
    }
    assert_int_equal(len, 5);
    assert_int_equal(zmq_recv(plain, frame, sizeof(frame), ZMQ_DONTWAIT), -1);
    zmq_close(plain);
    zmq_close(curve);
    zmq_ctx_term(context);
    push_close(push);
    keys_free(keys);
    fixture_teardown((void **)&store);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_client_is_allowed_until_it_is_revoked),
        TEST(what_is_wrong_with_the_files_is_named_by_its_line),
        TEST(keys_that_cannot_be_read_are_not_taken_for_none),
        TEST(strangers_from_other_machines_are_refused),
        TEST(a_tcp_socket_speaks_to_nobody_in_the_clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
