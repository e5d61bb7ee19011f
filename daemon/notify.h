/* notify.h - systemd: readiness, status line, watchdog fed from the loop. Does nothing elsewhere.
 */
#ifndef WIREROOM_NOTIFY_H
#define WIREROOM_NOTIFY_H

#include <uv.h>

struct notify;

/* Feeds the watchdog at half its interval for as long as the loop turns. */
struct notify *notify_open(uv_loop_t *loop);
void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);

/* One line for `systemctl status`. */
void notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
void notify_close(struct notify *notify); /* NULL is allowed */

#endif
