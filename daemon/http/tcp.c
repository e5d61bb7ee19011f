/* tcp.c - sockets and their options, as Linux has them. */
#include "http/tcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf/option.h"

enum { BACKLOG = 128, SHARE = 8 /* of the descriptors, one in so many */ };

/* A machine that is gone says nothing. Asked when it has been silent for so many seconds, and asked
 * again, it is taken for gone before 15 are over. */
enum { ASK_AFTER = 5, ASK_EVERY = 3, ASK_TIMES = 3, SILENT_MS = 12000 };

int tcp_listen(const char *address, int *ret_fd, struct error *err)
{
    struct sockaddr_storage at;
    socklen_t len;
    int on = 1;
    int fd;
    int code = option_parse_address(address, &at, &len, err);

    if (code != OK)
        return code;
    fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(err, E_SYSTEM, "socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, BACKLOG) != 0) {
        fail(err, E_SYSTEM, "listen on %s: %s", address, strerror(errno));
        close(fd);
        return E_SYSTEM;
    }
    *ret_fd = fd;
    return OK;
}

unsigned tcp_most(unsigned wanted)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur / SHARE < wanted
               ? (unsigned)(limit.rlim_cur / SHARE)
               : wanted;
}

void tcp_ask_now_and_then(int fd)
{
    const int options[][2] = {
        {TCP_KEEPIDLE, ASK_AFTER}, {TCP_KEEPINTVL, ASK_EVERY}, {TCP_KEEPCNT, ASK_TIMES}};
    int on = 1;

    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        setsockopt(fd, IPPROTO_TCP, options[i][0], &options[i][1], sizeof(int));
}

bool tcp_is_gone(int fd)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof(info);

    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && info.tcpi_retransmits > 0 &&
           info.tcpi_last_ack_recv >= SILENT_MS;
}
