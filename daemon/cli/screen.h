/* screen.h - a terminal that is taken for a while, and comes back as it was however that ends. */
#ifndef WIREROOM_CLI_SCREEN_H
#define WIREROOM_CLI_SCREEN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

/* While it is taken, signals come within screen_wait() only. One of them lives at a time. */
struct screen {
    bool on;       /* false: standard output is no terminal, or one that can do nothing */
    bool has_keys; /* standard input is a terminal, which gives each key at once */
    bool is_read;  /* somebody may yet type */
    struct termios before;
    sigset_t waiting; /* blocked while it waits */
};

/* Zeroed at first. Nothing is done, and `on` stays false, where there is no screen to take. */
void screen_take(struct screen *screen);

/* The terminal as it was. A signal that asked the program to end, but for SIGINT, which people
 * type, ends it here. */
void screen_give_back(struct screen *screen);

enum screen_event {
    SCREEN_TIME,   /* it is `until` */
    SCREEN_READY,  /* fd can be read */
    SCREEN_REDRAW, /* it has another size, or was somebody else's meanwhile */
    SCREEN_END     /* q was typed, or a signal came */
};

/* Until a monotonic time, or until fd can be read where it is not -1. */
enum screen_event screen_wait(struct screen *screen, int fd, int64_t until);

#endif
