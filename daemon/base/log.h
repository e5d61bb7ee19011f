/* log.h - lines for the operator, on standard error. */
#ifndef WIREROOM_BASE_LOG_H
#define WIREROOM_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

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

/* What happened, for readers of the journal that ask by MESSAGE_ID (journal.c, wireroomd(8)). */
enum log_message {
    MESSAGE_NONE,
    MESSAGE_STARTED,
    MESSAGE_STOPPING,
    MESSAGE_RELOADED,
    MESSAGE_NOT_RELOADED,
    MESSAGE_FEED_STATE,
    MESSAGE_FEED_MOVED,
    MESSAGE_SITE_STATE,
    MESSAGE_DAEMON_STATE,
    MESSAGE_STORE_TROUBLE,
    MESSAGE_STORE_WELL,
    MESSAGE_QUARANTINED,
    MESSAGE_WORKER_DIED,
    MESSAGE_STAGE_ASIDE,
    MESSAGE_HUB,
    MESSAGE_LIST,
    MESSAGE_MOST
};

/* What a line is about; what is 0 or empty: nothing of that kind. All is lent. */
struct log_about {
    enum log_message message;
    int64_t feed;
    struct bytes url, site;
    const char *stage; /* or NULL */
};

/* Where lines go in place of standard error, which gets those that it returns false for. */
typedef bool log_sink(int level, const struct log_about *about, const char *text);
void log_set_sink(log_sink *sink); /* NULL: none */

/* Lines go to the journal with what they are about, by a socket that is open from now on, where
 * standard error is the journal; otherwise, and where that cannot be, nothing changes. */
void log_connect_journal(void);

/* Whether standard error is systemd's journal (JOURNAL_STREAM), and was not redirected since. */
bool log_is_journal(void);

/* log_line() of what it is about. */
void log_about(int level, const struct log_about *about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* `what happened: key=value ...`, one line, no newline at its end. Control characters are shown
 * as \xNN, so that hostile text cannot write lines of its own. In the journal
 * lines carry the priority prefix, elsewhere a word. */
void log_line(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
