/* socket.c - what systemd hands over is looked at: it may be anything, and reached by anybody. */
#include "api/socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include "conf/option.h"

bool socket_is_handed_over(void)
{
    return sd_listen_fds(0) > 0;
}

static bool is_far(const struct sockaddr_storage *at)
{
    return at->ss_family != AF_UNIX && !option_is_loopback(at);
}

static int look_at(int fd, bool *ret_is_far, struct error *err)
{
    struct sockaddr_storage at = {0};
    socklen_t len = sizeof(at);

    if (sd_listen_fds(0) > 1)
        return fail(err, E_USAGE, "systemd hands over %d sockets: one is served", sd_listen_fds(0));
    if (sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0)
        return fail(err, E_USAGE, "what systemd hands over is no stream socket that listens");
    if (getsockname(fd, (struct sockaddr *)&at, &len) != 0)
        return fail(err, E_SYSTEM, "what systemd hands over: %s", strerror(errno));
    *ret_is_far = is_far(&at);
    return OK;
}

int socket_listen(uv_loop_t *loop, const char *address, const struct listener_hooks *hooks,
    struct listener **ret_listener, bool *ret_is_far, struct error *err)
{
    struct sockaddr_storage at;
    socklen_t len;
    int code;

    if (socket_is_handed_over()) {
        code = look_at(SD_LISTEN_FDS_START, ret_is_far, err);
        return code == OK ? listener_adopt(loop, SD_LISTEN_FDS_START, hooks, ret_listener, err)
                          : code;
    }
    code = option_parse_address(address, &at, &len, err);
    if (code != OK)
        return code;
    *ret_is_far = is_far(&at);
    return listener_open(loop, address, hooks, ret_listener, err);
}
