/* error.h - what went wrong: a code for the program, a sentence for the reader. */
#ifndef WIREROOM_BASE_ERROR_H
#define WIREROOM_BASE_ERROR_H

enum code {
    OK = 0,
    E_SYSTEM = -1,    /* a system call failed */
    E_LIMIT = -2,     /* over a stated limit */
    E_FORMAT = -3,    /* input that cannot be read */
    E_REFUSED = -4,   /* not allowed: address guard, permissions, another ABI */
    E_TIMEOUT = -5,   /* a deadline passed */
    E_NETWORK = -6,   /* no connection, reset, cut, TLS */
    E_USAGE = -7,     /* what the caller or operator wrote makes no sense */
    E_NOT_FOUND = -8, /* nothing there under this name */
    E_STOPPED = -9,   /* the daemon or a worker is going down */
    E_CRASH = -10,    /* a worker died over this job */
};

/* Zeroed before use; text is empty as long as nothing failed. */
struct error {
    int code;
    char text[500];
};

/* Fill err (may be NULL) and return code. */
int fail(struct error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put "prefix: " before the text of an error that is passed on; returns its code. */
int fail_in(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "limit", "timeout", ...: one word for logs, counters and --json. */
const char *code_name(int code);

#endif
