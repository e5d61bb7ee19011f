/* option.h - values as an operator writes them, and what was meant when a name is not known. */
#ifndef WIREROOM_CONF_OPTION_H
#define WIREROOM_CONF_OPTION_H

#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "wireroom/stage.h"

/* Types of values: those of a stage's options (enum wr_option_type), and the configuration's own.
 */
enum option_type {
    OPTION_BOOL = WR_BOOL, /* bool: true false yes no on off */
    OPTION_INT = WR_INT,   /* int64_t: a whole number, at most 18 digits */
    OPTION_REAL = WR_REAL, /* double: digits and one point, no exponent, nothing of the locale */
    OPTION_TEXT = WR_TEXT_OPTION, /* const char * on the arena */
    OPTION_FILE = WR_FILE,        /* wr_file: an absolute path or ""; its text is read by others */
    OPTION_DURATION = 64, /* int64_t microseconds: numbers with units, "30s", "1h30m", "0" */
    OPTION_SIZE,          /* int64_t bytes: a number with a unit, "64KiB", "10MB", "0" */
};

/* Parse text as type and write it to member, which points to the C type named above. E_USAGE, with
 * a text that begins with the value in quotes, leaves *member untouched. */
int option_parse(struct arena *arena, int type, const char *text, void *member, struct error *err);

int option_parse_bool(const char *text, bool *ret_value, struct error *err);
int option_parse_int(const char *text, int64_t *ret_value, struct error *err);
int option_parse_real(const char *text, double *ret_value, struct error *err);
int option_parse_duration(const char *text, int64_t *ret_value, struct error *err);
int option_parse_size(const char *text, int64_t *ret_value, struct error *err);

/* "127.0.0.1:8080", "[::1]:8080": an address in numbers and a port. */
int option_parse_address(
    const char *text, struct sockaddr_storage *ret_at, socklen_t *ret_len, struct error *err);
bool option_is_loopback(const struct sockaddr_storage *at);

/* "whole number", "duration (30s, 5m, 2h, 1d)", ...: what a value of type looks like, for manuals.
 */
const char *option_type_name(int type);

/* The name most like the one given (letters swapped, left out, changed or too many; '-' and '_' are
 * the same), or NULL when none is near. names ends with NULL. */
const char *option_suggest(const char *name, const char *const *names);

#endif
