/* api.h - the HTTP interface: what is told of the daemon and its log, as JSON, as a stream, and as
 * metrics. It changes nothing. */
#ifndef WIREROOM_API_API_H
#define WIREROOM_API_API_H

#include <uv.h>

#include "view/view.h"

struct api;

/* Listen at listen.http of view->conf, or on the socket that systemd hands over
 * (sd_listen_fds(3)); with neither *ret_api is NULL. view is lent until api_close(). */
int api_open(uv_loop_t *loop, const struct view *view, struct api **ret_api, struct error *err);

/* The tokens are read again; with an error those of before hold. NULL is allowed, as below. */
void api_reload(struct api *api);
void api_close(struct api *api);

#endif
