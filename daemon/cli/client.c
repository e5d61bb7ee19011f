/* client.c - finding the daemon, and lines there and back. */
#include "cli/client.h"

#include <errno.h>
#include <grp.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

/* A daemon's loop answers within milliseconds; what asks servers has their deadlines, redirects and
 * a second address before its answer. */
enum { LINE_LIMIT = 80 << 20, PATH_ROOM = 4096, PATIENCE = 600, SOON = 10, LOG_ARENA = 256 << 20 };

struct client {
    int fd;
    struct buf in, out;
    size_t taken; /* of in, handed over already */
    int patience; /* seconds */
    struct json_writer w;
    char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
};

const char *cli_option(const struct cli_args *args, const char *name)
{
    for (size_t i = 0; args->verb->options != NULL && args->verb->options[i].name != NULL; i++)
        if (strcmp(args->verb->options[i].name, name) == 0)
            return cli_value(args, i);
    return NULL;
}

static void set_patience(int fd, int seconds)
{
    const struct timeval limit = {.tv_sec = seconds};

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

void client_patience(struct client *client, int seconds)
{
    client->patience = seconds;
    set_patience(client->fd, seconds);
}

struct client *client_open_path(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct client *client;
    int fd;

    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return NULL;
    set_patience(fd, PATIENCE);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        int saved = errno;

        close(fd);
        errno = saved;
        return NULL;
    }
    client = new_zeroed(sizeof(*client));
    client->fd = fd;
    client->patience = PATIENCE;
    client->in.limit = LINE_LIMIT;
    strcpy(client->path, path);
    return client;
}

const char *client_path(const struct client *client)
{
    return client->path;
}

int client_fd(const struct client *client)
{
    return client->fd;
}

/* The group that may use the socket, or enter its folder when that is all that can be seen. */
static const char *group_of(const char *path)
{
    const struct group *group = NULL;
    char room[PATH_ROOM];
    struct stat st;

    snprintf(room, sizeof(room), "%s", path);
    if (stat(path, &st) == 0 || stat(dirname(room), &st) == 0)
        group = getgrgid(st.st_gid);
    return group == NULL ? "wireroom" : group->gr_name;
}

static int refused_by(const char *path, struct error *err)
{
    return fail(err, E_REFUSED,
        "you may not use %s: join the group %s (sudo usermod -aG %s NAME) and log in "
        "again, or ask as another user",
        path, group_of(path), group_of(path));
}

static struct client *open_named(const char *path, struct error *err)
{
    struct client *client = client_open_path(path);

    if (client != NULL)
        return client;
    if (errno == EACCES || errno == EPERM)
        refused_by(path, err);
    else
        fail(err, E_NOT_FOUND, "no daemon at %s: %s", path, strerror(errno));
    return NULL;
}

static struct client *open_usual(struct error *err)
{
    static const char *const usual[] = {"/run/wireroom/control.sock", "var/control.sock"};
    const char *refused = NULL;

    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        struct client *client = client_open_path(usual[i]);

        if (client != NULL)
            return client;
        if (refused == NULL && (errno == EACCES || errno == EPERM))
            refused = usual[i];
    }
    if (refused != NULL)
        refused_by(refused, err);
    else
        fail(err, E_NOT_FOUND,
            "no daemon at %s or %s; name it with --dir or --socket, or start one with "
            "'systemctl start wireroomd' or 'wireroom run'",
            usual[0], usual[1]);
    return NULL;
}

struct client *client_find(const struct cli_args *args, struct error *err)
{
    const char *named = cli_option(args, "socket");
    const char *dir = cli_option(args, "dir");
    const char *told = getenv("WIREROOM_SOCKET");
    char path[PATH_ROOM];

    if (dir == NULL && (told == NULL || told[0] == '\0'))
        dir = getenv("WIREROOM_DIR");
    if (named == NULL && dir != NULL && dir[0] != '\0') {
        snprintf(path, sizeof(path), "%s/control.sock", dir);
        named = path;
    }
    if (named == NULL && told != NULL && told[0] != '\0')
        named = told;
    return named != NULL ? open_named(named, err) : open_usual(err);
}

struct client *client_open(const struct cli_args *args, int *ret_exit)
{
    struct error err = {0};
    struct client *client = client_find(args, &err);

    if (client == NULL) {
        cli_fail(code_name(err.code == E_NOT_FOUND ? E_STOPPED : err.code), "%s", err.text);
        *ret_exit = err.code == E_REFUSED ? EXIT_TROUBLE : EXIT_NO_DAEMON;
    }
    return client;
}

void client_close(struct client *client)
{
    if (client == NULL)
        return;
    close(client->fd);
    buf_done(&client->in);
    buf_done(&client->out);
    free(client);
}

/* Commands whose first line waits for servers, for modules to be tried, or for many feeds to be on
 * the disk. The others are answered from what the daemon has, however busy it is. */
static bool takes_long(const char *command)
{
    static const char *const long_ones[] = {
        "feeds.add", "feeds.discover", "feeds.test", "reload", "quarantine.retry", NULL};
    size_t i = 0;

    while (long_ones[i] != NULL && strcmp(long_ones[i], command) != 0)
        i++;
    return long_ones[i] != NULL;
}

struct json_writer *client_begin(struct client *client, const char *command)
{
    if (client->patience > SOON && !takes_long(command))
        client_patience(client, SOON);
    else if (client->patience == SOON && takes_long(command))
        client_patience(client, PATIENCE);
    buf_clear(&client->out);
    client->w = (struct json_writer){.out = &client->out};
    json_begin_object(&client->w, NULL);
    json_cstr(&client->w, "cmd", command);
    json_cstr(&client->w, "names", "new"); /* control/old.c */
    return &client->w;
}

/* What send() or recv() said: silence is no end. */
static int broken(const struct client *client, struct error *err)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return fail(err, E_TIMEOUT, "the daemon at %s does not answer (waited for %d s)",
            client->path, client->patience);
    return fail(err, E_STOPPED, "the daemon went away: %s", strerror(errno));
}

int client_send(struct client *client, struct error *err)
{
    size_t sent = 0;

    json_end_object(&client->w);
    buf_add_byte(&client->out, '\n');
    while (sent < client->out.len) {
        ssize_t did =
            send(client->fd, client->out.ptr + sent, client->out.len - sent, MSG_NOSIGNAL);

        if (did < 0 && errno == EINTR)
            continue;
        if (did < 0)
            return broken(client, err);
        sent += (size_t)did;
    }
    return OK;
}

/* One line off the connection. */
static int read_line(struct client *client, struct bytes *ret_line, struct error *err)
{
    size_t looked = 0;

    buf_drop(&client->in, client->taken);
    client->taken = 0;
    for (;;) {
        struct bytes rest = bytes_from(buf_bytes(&client->in), looked);
        size_t end = bytes_find_byte(rest, '\n');
        char *room;
        ssize_t got;

        if (end != SIZE_MAX) {
            *ret_line = bytes_slice(buf_bytes(&client->in), 0, looked + end);
            client->taken = looked + end + 1;
            return OK;
        }
        looked = client->in.len;
        room = buf_reserve(&client->in, 65536);
        if (room == NULL)
            return fail(err, E_LIMIT, "an answer of the daemon is over %d bytes", LINE_LIMIT);
        got = recv(client->fd, room, 65536, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return broken(client, err);
        if (got == 0)
            return fail(err, E_STOPPED, "the daemon went away");
        client->in.len += (size_t)got;
    }
}

static int code_of(struct bytes name)
{
    for (int code = OK; code >= E_CRASH; code--)
        if (bytes_is(name, code_name(code)))
            return code;
    return E_SYSTEM;
}

int client_next(
    struct client *client, struct arena *arena, struct json **ret_line, struct error *err)
{
    const struct json *failed;
    struct bytes line = {NULL, 0};
    struct json *value = NULL;
    int code = read_line(client, &line, err);

    if (code == OK)
        code = json_parse(arena, line, &value, err);
    if (code != OK)
        return code;
    failed = json_get(value, "error");
    if (failed != NULL && failed->type == JSON_OBJECT) {
        struct bytes text = json_get_text(failed, "text");

        return fail(err, code_of(json_get_text(failed, "code")), "%.*s", FMT(text));
    }
    *ret_line = value;
    return json_get_bool(value, "done", false) ? 0 : 1;
}

int client_each_logged(struct client *client, uint64_t since,
    int (*on_line)(void *ctx, const struct json *line), void *ctx, struct error *err)
{
    struct arena *arena = arena_new(LOG_ARENA);
    bool more = true;
    int code = OK;

    while (more && code >= 0) {
        struct json *line = NULL;

        json_int(client_begin(client, "events"), "since", (int64_t)since);
        code = client_send(client, err);
        while (code >= 0) {
            arena_reset(arena);
            code = client_next(client, arena, &line, err);
            if (code != 1)
                break;
            more = more && on_line(ctx, line) == 0; /* the page is read to its end */
        }
        if (code == OK) {
            since = (uint64_t)json_get_int(line, "next", 0);
            more = more && json_get_bool(line, "more", false);
        }
    }
    arena_free(arena);
    return code < 0 ? code : OK;
}

int client_next_event(struct client *client, struct client_events *events, struct arena *arena,
    struct json **ret_line, struct error *err)
{
    int code = OK;
    bool more = true;

    while (more && code == OK) {
        if (!events->asked) {
            struct json_writer *w = client_begin(client, "article");

            json_cstr(w, "article", events->of);
            json_int(w, "since", events->since);
            code = client_send(client, err);
            events->asked = true;
        }
        if (code == OK)
            code = client_next(client, arena, ret_line, err);
        if (code != 0)
            return code;
        more = json_get_bool(*ret_line, "more", false);
        events->since = json_get_int(*ret_line, "next", 0);
        events->asked = false;
    }
    return code;
}

int client_ask(
    struct client *client, struct arena *arena, struct json **ret_line, struct error *err)
{
    int code = client_send(client, err);

    if (code == OK)
        code = client_next(client, arena, ret_line, err);
    return code < 0 ? code : OK;
}

void client_write_members(struct json_writer *w, const struct json *line)
{
    for (const struct json *m = line->first; m != NULL; m = m->next) {
        char key[CLIENT_KEY];

        if (bytes_is(m->key, "done")) /* the last line of an answer, and no news */
            continue;
        snprintf(key, sizeof(key), "%.*s", FMT(m->key));
        json_value(w, key, m);
    }
}

void client_print_json(const struct json *value)
{
    struct buf text = {0};
    struct json_writer w = {.out = &text};

    if (value == NULL) {
        json_null(&w, NULL);
    } else if (value->type == JSON_OBJECT) {
        json_begin_object(&w, NULL);
        client_write_members(&w, value);
        json_end_object(&w);
    } else {
        json_value(&w, NULL, value);
    }
    buf_add_byte(&text, '\n');
    fwrite(text.ptr, 1, text.len, stdout);
    buf_done(&text);
}

int64_t client_seconds(const struct json *value, const char *name)
{
    struct bytes fraction = json_get_text(value, name);
    struct bytes whole = bytes_cut(&fraction, '.');
    int64_t seconds = 0;
    int64_t part = 0;
    int64_t scale = SECOND;

    bytes_to_int(whole, &seconds);
    fraction = bytes_slice(fraction, 0, 6);
    if (!bytes_to_int(fraction, &part))
        return seconds * SECOND;
    for (size_t i = 0; i < fraction.len; i++)
        scale /= 10;
    return seconds * SECOND + part * scale;
}

struct bytes client_feed_error(const struct json *feed)
{
    struct bytes error = json_get_text(feed, "error");
    struct bytes url = json_get_text(feed, "url");

    if (url.len > 0 && bytes_starts(error, url) &&
        bytes_starts(bytes_from(error, url.len), LIT(": ")))
        error = bytes_from(error, url.len + 2);
    return error;
}

int client_trouble(const struct error *err)
{
    cli_fail(code_name(err->code), "%s", err->text);
    return err->code == E_STOPPED ? EXIT_NO_DAEMON
           : err->code == E_USAGE ? EXIT_USAGE
                                  : EXIT_TROUBLE;
}
