/* clock.c - the system's clocks, or a test's. */
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *test_offset;

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000 +
           (test_offset == NULL ? 0 : *test_offset);
}

int64_t clock_mono(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_wall(void)
{
    return read_clock(CLOCK_REALTIME);
}

int clock_open_test(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *page;

    if (fd < 0)
        return fail(err, E_SYSTEM, "open %s: %s", path, strerror(errno));
    page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (page == MAP_FAILED)
        return fail(err, E_SYSTEM, "map %s: %s", path, strerror(errno));
    test_offset = page;
    return OK;
}

bool clock_is_test(void)
{
    return test_offset != NULL;
}

const char *clock_format(int64_t wall, char text[CLOCK_TEXT])
{
    int64_t seconds = wall / SECOND - (wall % SECOND < 0 ? 1 : 0);
    int millis = (int)((wall - seconds * SECOND) / 1000);
    time_t when = (time_t)seconds;
    struct tm tm;

    if (gmtime_r(&when, &tm) == NULL || tm.tm_year < -1899 || tm.tm_year > 8099)
        return strcpy(text, "1970-01-01T00:00:00.000Z");
    snprintf(text, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", (tm.tm_year + 1900) % 10000,
        tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, millis % 1000);
    return text;
}
