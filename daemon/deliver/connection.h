/* connection.h - connections of libzmq, which it tells the number of: one that has ended, and whose
 * number another has since, is told apart by its inode. */
#ifndef WIREROOM_DELIVER_CONNECTION_H
#define WIREROOM_DELIVER_CONNECTION_H

#include <stdbool.h>
#include <sys/types.h>

struct connection_id {
    int fd;
    ino_t ino; /* 0: there is none */
};

struct connection_id connection_of(int fd); /* below 0 is allowed */
bool connection_is_open(struct connection_id id);

/* libzmq sees its end, and gives back what it held of it. One that has ended is left alone. */
void connection_cut(struct connection_id id);

#endif
