/* notify.c - sd_notify(3), from the loop's own turn, so that a loop that hangs is found out. */
#include "notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/arena.h"

struct notify {
    uv_timer_t watchdog;
};

static void on_watchdog(uv_timer_t *timer)
{
    (void)timer;
    sd_notify(0, "WATCHDOG=1");
}

struct notify *notify_open(uv_loop_t *loop)
{
    struct notify *notify = calloc(1, sizeof(*notify));
    uint64_t interval = 0;

    if (notify == NULL)
        arena_out_of_memory(sizeof(*notify));
    uv_timer_init(loop, &notify->watchdog);
    if (sd_watchdog_enabled(0, &interval) > 0)
        uv_timer_start(&notify->watchdog, on_watchdog, 0, interval / 2000);
    uv_unref((uv_handle_t *)&notify->watchdog);
    return notify;
}

void notify_ready(void)
{
    sd_notify(0, "READY=1");
}

void notify_reloading(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
        (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

void notify_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}

void notify_status(const char *format, ...)
{
    char line[256];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    sd_notifyf(0, "STATUS=%s", line);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void notify_close(struct notify *notify)
{
    if (notify == NULL)
        return;
    notify->watchdog.data = notify;
    uv_close((uv_handle_t *)&notify->watchdog, on_closed);
}
