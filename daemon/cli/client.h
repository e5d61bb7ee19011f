/* client.h - a connection to the daemon's control socket. */
#ifndef WIREROOM_CLI_CLIENT_H
#define WIREROOM_CLI_CLIENT_H

#include "base/arena.h"
#include "base/json.h"
#include "cli/cli.h"

struct client;

/* Options that every verb with a daemon has; their rows stand at the end of the verb's table, in
 * this order. */
#define CLIENT_OPTIONS                                                                             \
    {"socket", "PATH", CLI_TAKES_FILE, "control socket of the daemon"},                            \
        {"dir", "DIR", CLI_TAKES_DIR, "state directory of the daemon"},                            \
        {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},                                              \
    {                                                                                              \
        NULL, NULL, CLI_TAKES_NOTHING, NULL                                                        \
    }

/* Value of an option by name, NULL when it was not given. */
const char *cli_option(const struct cli_args *args, const char *name);

/* Connect to --socket, $WIREROOM_SOCKET, --dir's control.sock, /run/wireroom/control.sock,
 * ./var/control.sock: the first that is named, else the first that answers. NULL after saying what
 * is wrong; the verb then returns *ret_exit. */
struct client *client_open(const struct cli_args *args, int *ret_exit);

/* The same, quietly: E_REFUSED when the socket is there and not for us, else E_NOT_FOUND. */
struct client *client_find(const struct cli_args *args, struct error *err);

/* The same for one path, quietly. */
struct client *client_open_path(const char *path);
const char *client_path(const struct client *client);
/* Can be read when an answer to what was sent is here. */
int client_fd(const struct client *client);
void client_close(struct client *client);

/* A command: its line is begun with {"cmd": name; the caller adds members to the writer and sends
 * it. */
struct json_writer *client_begin(struct client *client, const char *command);
int client_send(struct client *client, struct error *err);

/* The next line of the answer on arena: 1 and *ret_line, 0 when it was the last one (the line with
 * "done", which is handed over too), a negative code for an error of the daemon or of the
 * connection. */
int client_next(
    struct client *client, struct arena *arena, struct json **ret_line, struct error *err);

/* All events of an article or a story, by its uri or an address, the oldest first and page by page:
 * the rest is zeroed at first. client_next_event() is client_next() over all pages. */
struct client_events {
    const char *of;
    int64_t since;
    bool asked; /* for a page, which is not yet read to its end */
};
int client_next_event(struct client *client, struct client_events *events, struct arena *arena,
    struct json **ret_line, struct error *err);

/* The log after `since`, page by page, until on_line returns other than 0. Lines are lent and have
 * "sequence", "topic" and "event". OK or a negative code. */
int client_each_logged(struct client *client, uint64_t since,
    int (*on_line)(void *ctx, const struct json *line), void *ctx, struct error *err);

/* Wait no longer than so many seconds for each line from now on; then it is E_TIMEOUT. */
void client_patience(struct client *client, int seconds);

/* Send a command that was begun and wait for its one line. */
int client_ask(
    struct client *client, struct arena *arena, struct json **ret_line, struct error *err);

/* Members of a line of an answer, without the protocol's own. */
enum { CLIENT_KEY = 256 };
void client_write_members(struct json_writer *w, const struct json *line);

/* A value as one line on standard output; null for NULL. Of an object, as the members are. */
void client_print_json(const struct json *value);

/* A member that is a number of seconds with a fraction, as microseconds; 0 when absent. */
int64_t client_seconds(const struct json *value, const char *name);

/* The error of a feed, without the feed's own address before it. */
struct bytes client_feed_error(const struct json *feed);

/* Say an error of client_next(); the exit code for it. */
int client_trouble(const struct error *err);

#endif
