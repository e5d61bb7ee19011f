/* connection.c - libzmq owns its descriptors; from outside they are looked at and shut down. */
#include "deliver/connection.h"

#include <sys/socket.h>
#include <sys/stat.h>

struct connection_id connection_of(int fd)
{
    struct stat st;

    return (struct connection_id){
        fd, fd >= 0 && fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode) ? st.st_ino : 0};
}

bool connection_is_open(struct connection_id id)
{
    return id.ino != 0 && connection_of(id.fd).ino == id.ino;
}

void connection_cut(struct connection_id id)
{
    if (connection_is_open(id))
        shutdown(id.fd, SHUT_RDWR);
}
