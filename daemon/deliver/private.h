/* private.h - what pull.c and command.c share: clients of the pull socket. Nobody else includes it.
 */
#ifndef WIREROOM_DELIVER_PRIVATE_H
#define WIREROOM_DELIVER_PRIVATE_H

#include <stdbool.h>

#include "deliver/pull.h"
#include "deliver/window.h"
#include "deliver/zsocket.h"

enum {
    PULL_ARGUMENTS = 3,
    PULL_CLIENTS = 4096, /* 300 bytes each, and a connection */
};

struct client {
    LIST_ENTRY(client) entry;
    struct pull *pull;
    struct bytes id;     /* as the socket names it; owned */
    uint64_t connection; /* accept_connection() of the last that it came by */
    struct window *window;
    struct reader reader;
    struct consumer *consumer; /* NULL: none, or a range is read */
    char *filter;              /* of a range */
    bool is_welcome;           /* told so; while it is not its name is not yet on the disk */
    int64_t heard;             /* mono */
};

LIST_HEAD(client_list, client);

struct pull {
    struct zsocket socket;
    uv_async_t wake; /* something is to be read, or a window that was full has room */
    struct store *store;
    struct readers *readers;
    struct consumers *consumers;
    struct client_list clients;
    struct pull_counters counters;
    bool is_closing;
};

/* Frames behind PULL_VERSION, count of them. False: it has not read so much that there is no room,
 * or its connection has ended. Answers are dropped then: one that asks for ever and does not read
 * gets no more. */
bool client_send(struct client *client, const struct bytes *frames, size_t count);

/* ERR code text from to; the last two only where from is not 0. */
bool client_error(
    struct client *client, const char *code, const char *text, uint64_t from, uint64_t to);

/* Under a name, or a range that has not ended. */
bool client_reads(const struct client *client);

/* It is told nothing more. */
void client_forget(struct client *client);

/* Start reading behind cursor, up to end or READER_ENDLESS. */
void client_read(struct client *client, const char *filter, uint64_t cursor, uint64_t end);

/* command.c: what a client asks for; it may be forgotten. */
void command_run(
    struct client *client, struct bytes name, const struct bytes *arguments, size_t count);
void command_welcome(struct client *client);

#endif
