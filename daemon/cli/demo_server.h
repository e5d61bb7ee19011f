/* demo_server.h - the demo world over HTTP, on 127.0.0.1 only, in a thread of its own. */
#ifndef WIREROOM_CLI_DEMO_SERVER_H
#define WIREROOM_CLI_DEMO_SERVER_H

#include "base/error.h"
#include "base/str.h"

struct demo_server;

/* port 0: any free one. interval: microseconds between two articles. Outlets answer as
 * NAME.localhost; 127.0.0.1 itself has /feeds.opml, the list of all feeds, and /truth.json, what
 * should be read. */
int demo_server_start(
    int port, uint64_t seed, int64_t interval, struct demo_server **ret_server, struct error *err);
int demo_server_port(const struct demo_server *server);

/* The same list of feeds as /feeds.opml. */
void demo_server_write_opml(const struct demo_server *server, struct buf *out);
void demo_server_stop(struct demo_server *server);

#endif
