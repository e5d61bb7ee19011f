/* log.h - lines for the operator, on standard error. */
#ifndef WIREROOM_BASE_LOG_H
#define WIREROOM_BASE_LOG_H

#include <stdbool.h>

/* syslog's numbers, as sd-daemon(3) reads them from a line's "<N>" prefix. */
enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7
};

/* Lines above level are not written. Default: info. */
void log_set_level(int level);

/* Name put before each line of this process, "worker 3"; lent, NULL for none. */
void log_set_name(const char *name);

/* The time before each line, in RFC 3339, where nobody else writes it: outside the journal.
 * Default: none. */
void log_set_times(bool with_times);

/* `what happened: key=value ...`, one line, no newline at its end. Control characters are shown
 * as \xNN, so that hostile text cannot write lines of its own. Under systemd (JOURNAL_STREAM)
 * lines carry the priority prefix, elsewhere a word. */
void log_line(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
