/* connection.h - one connection after another to the daemon's pull socket: made anew when nothing
 * is heard on it. Of the library alone. */
#ifndef WIREROOM_CONNECTION_H
#define WIREROOM_CONNECTION_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CONNECTION_FRAMES = 8, CONNECTION_KEYS = 3, CONNECTION_KEY = 40 };

/* With a NUL behind it. */
struct frame {
    char *text;
    size_t len;
};

struct connection {
    char *endpoint;
    char keys[CONNECTION_KEYS][CONNECTION_KEY + 1]; /* server, public, secret; "" for none */
    unsigned char id[17];                           /* the daemon's word for us, by any of them */
    pid_t process;                                  /* whose it is */
    void *context, *socket, *watch; /* watch: tells that the connection is no more */
    unsigned opens;
    int64_t opened, pinged, due;            /* milliseconds; when something has to be heard */
    struct frame frames[CONNECTION_FRAMES]; /* of the newest message, behind the version */
    size_t count;
};

enum connection_state {
    CONNECTION_NOTHING, /* the time is over */
    CONNECTION_NEW,     /* it begins: say who you are */
    CONNECTION_MESSAGE,
    CONNECTION_SIGNAL, /* one came */
    CONNECTION_FAILED  /* errno */
};

int64_t connection_now(void); /* milliseconds */

/* 0, or -1 with errno. endpoint is kept; server, public and secret are all NULL or all keys. */
int connection_begin(struct connection *c, char *endpoint, const char *const keys[]);

/* What comes within so many milliseconds, at most. */
enum connection_state connection_receive(struct connection *c, int64_t milliseconds);

/* Frames of text behind the version. Where nobody is there, silence will tell. */
void connection_send(struct connection *c, const char *const *texts, size_t count);

/* What was heard is not of this protocol, or nobody knows us: another one by and by. */
void connection_drop(struct connection *c);
int connection_is_ours(const struct connection *c); /* not of the process that forked this one */
void connection_end(struct connection *c);

#endif
