/* endpoint.c - whose the socket at a path is. */
#include "deliver/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/lock.h"

static int take_lock(const char *path, int *ret_lock, struct error *err)
{
    char name[sizeof(((struct sockaddr_un *)0)->sun_path) + sizeof(".lock")];
    int code;
    int fd;

    snprintf(name, sizeof(name), "%s.lock", path);
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(err, E_SYSTEM, "open %s: %s", name, strerror(errno));
    code = lock_take(fd);
    if (code == 0) {
        *ret_lock = fd;
        return OK;
    }
    close(fd);
    return code == EWOULDBLOCK ? fail(err, E_REFUSED, "%s: another daemon listens there", path)
                               : fail(err, E_SYSTEM, "lock %s: %s", name, strerror(code));
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
    return address;
}

/* A socket that nobody listens at is what a killed process left. A full queue (EAGAIN) and another
 * type of socket (EPROTOTYPE) are signs of life. */
static int clear_path(const char *path, struct error *err)
{
    struct sockaddr_un address = address_of(path);
    struct stat st;
    int code = OK;
    int fd;

    if (lstat(path, &st) != 0)
        return errno == ENOENT ? OK : fail(err, E_SYSTEM, "%s: %s", path, strerror(errno));
    if (!S_ISSOCK(st.st_mode))
        return fail(err, E_REFUSED, "%s is no socket; it is left as it is", path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(err, E_SYSTEM, "socket: %s", strerror(errno));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 || errno != ECONNREFUSED)
        code = fail(err, E_REFUSED, "%s: another daemon listens there", path);
    else if (unlink(path) != 0)
        code = fail(err, E_SYSTEM, "remove %s: %s", path, strerror(errno));
    close(fd);
    return code;
}

int endpoint_open(struct endpoint *endpoint, const char *path, struct error *err)
{
    int lock = -1;
    int code;

    if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
        return fail(err, E_LIMIT, "%s: the path of a socket has at most %zu bytes", path,
            sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
    code = take_lock(path, &lock, err);
    if (code == OK)
        code = clear_path(path, err);
    if (code != OK) {
        if (lock >= 0)
            close(lock);
        return code;
    }
    *endpoint = (struct endpoint){.path = new_text(path), .lock = lock};
    return OK;
}

int endpoint_listen(struct endpoint *endpoint, int backlog, int *ret_fd, struct error *err)
{
    struct sockaddr_un address = address_of(endpoint->path);
    int code = clear_path(endpoint->path, err);
    int fd = code == OK ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;
    struct stat st = {0};
    mode_t mask;

    if (code != OK)
        return code;
    mask = umask(0117); /* never, not even for a moment, open to others */
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(fd, backlog) != 0 || lstat(endpoint->path, &st) != 0)
        code = fail(err, E_SYSTEM, "%s: %s", endpoint->path, strerror(errno));
    umask(mask);
    if (code != OK) {
        if (fd >= 0)
            close(fd);
        return code;
    }
    endpoint->dev = st.st_dev;
    endpoint->ino = st.st_ino;
    *ret_fd = fd;
    return OK;
}

bool endpoint_is_there(const struct endpoint *endpoint)
{
    struct stat st;

    return lstat(endpoint->path, &st) == 0 && st.st_dev == endpoint->dev &&
           st.st_ino == endpoint->ino;
}

void endpoint_close(struct endpoint *endpoint)
{
    if (endpoint->path == NULL)
        return;
    if (endpoint->ino != 0 && endpoint_is_there(endpoint))
        unlink(endpoint->path);
    close(endpoint->lock);
    free(endpoint->path);
    *endpoint = (struct endpoint){0};
}
