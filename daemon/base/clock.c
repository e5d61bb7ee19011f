/* clock.c - the system's clocks, or a test's. */
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const volatile struct clock_test *test;

enum { STILL_APART = 365 * 24 * 3600 }; /* seconds: who takes one clock for the other is seen */

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    if (test != NULL && test->still != 0)
        return test->still + test->passed -
               (id == CLOCK_REALTIME ? 0 : STILL_APART * (int64_t)SECOND);
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000 + (test == NULL ? 0 : test->passed);
}

int64_t clock_mono(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_wall(void)
{
    return read_clock(CLOCK_REALTIME) + (test == NULL ? 0 : test->stepped);
}

/* From the time since boot, sleep included, to clock_steady(); 0: nobody watches. */
static _Atomic int64_t believed;

static bool is_step(int64_t micros)
{
    return micros > CLOCK_STEP * (int64_t)SECOND || micros < -CLOCK_STEP * (int64_t)SECOND;
}

int64_t clock_steady(void)
{
    int64_t offset = atomic_load(&believed);
    int64_t wall = clock_wall();
    int64_t steady = read_clock(CLOCK_BOOTTIME) + offset;

    return offset == 0 || !is_step(wall - steady) ? wall : steady;
}

int64_t clock_watch(void)
{
    static int64_t since, by;
    int64_t boot = read_clock(CLOCK_BOOTTIME);
    int64_t offset = atomic_load(&believed);
    int64_t away = offset == 0 ? 0 : clock_wall() - boot - offset;

    if (!is_step(away)) {
        atomic_store(&believed, clock_wall() - boot);
        since = 0;
        return 0;
    }
    if (since == 0 || is_step(away - by)) {
        since = boot;
        by = away;
    }
    if (boot - since < CLOCK_BELIEVED * (int64_t)SECOND)
        return away;
    atomic_store(&believed, offset + away);
    since = 0;
    return 0;
}

int clock_open_test(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *page;

    if (fd < 0)
        return fail(err, E_SYSTEM, "open %s: %s", path, strerror(errno));
    page = mmap(NULL, sizeof(*test), PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (page == MAP_FAILED)
        return fail(err, E_SYSTEM, "map %s: %s", path, strerror(errno));
    test = page;
    return OK;
}

bool clock_is_test(void)
{
    return test != NULL;
}

uint64_t clock_sleep(uint64_t wait)
{
    return test != NULL && wait > CLOCK_TEST_TICK ? CLOCK_TEST_TICK : wait;
}

/* A number in so many digits, and what stands behind it. */
static char *put_number(char *at, int digits, int number, char mark)
{
    for (int i = digits - 1; i >= 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
    at[digits] = mark;
    return at + digits + 1;
}

const char *clock_format(int64_t wall, char text[CLOCK_TEXT])
{
    int64_t rest = wall % SECOND + (wall % SECOND < 0 ? SECOND : 0);
    int64_t seconds = wall / SECOND - (wall % SECOND < 0 ? 1 : 0);
    int millis = (int)(rest / 1000);
    time_t when = (time_t)seconds;
    char *at = text;
    struct tm tm;

    if (gmtime_r(&when, &tm) == NULL || tm.tm_year < -1899 || tm.tm_year > 8099)
        return strcpy(text, "1970-01-01T00:00:00.000Z");
    at = put_number(at, 4, (tm.tm_year + 1900) % 10000, '-');
    at = put_number(at, 2, tm.tm_mon + 1, '-');
    at = put_number(at, 2, tm.tm_mday, 'T');
    at = put_number(at, 2, tm.tm_hour, ':');
    at = put_number(at, 2, tm.tm_min, ':');
    at = put_number(at, 2, tm.tm_sec, '.');
    at = put_number(at, 3, millis % 1000, 'Z');
    *at = '\0';
    return text;
}

/* "%2d" of sscanf would take blanks and signs. */
static bool digits(struct bytes *rest, int count, int *ret_value)
{
    int64_t value;

    if ((int)rest->len < count || rest->ptr[0] == '-' ||
        !bytes_to_int(bytes_slice(*rest, 0, (size_t)count), &value))
        return false;
    *rest = bytes_from(*rest, (size_t)count);
    *ret_value = (int)value;
    return true;
}

static bool skip(struct bytes *rest, const char *one_of)
{
    if (rest->len == 0 || strchr(one_of, rest->ptr[0]) == NULL)
        return false;
    *rest = bytes_from(*rest, 1);
    return true;
}

static bool parse_time(struct bytes *rest, struct tm *tm, int64_t *ret_micros)
{
    int64_t unit = SECOND / 10;

    *ret_micros = 0;
    if (!digits(rest, 2, &tm->tm_hour) || !skip(rest, ":") || !digits(rest, 2, &tm->tm_min))
        return false;
    if (skip(rest, ":") && !digits(rest, 2, &tm->tm_sec))
        return false;
    if (!skip(rest, "."))
        return true;
    while (rest->len > 0 && is_digit(rest->ptr[0])) {
        *ret_micros += (rest->ptr[0] - '0') * unit;
        unit /= 10;
        *rest = bytes_from(*rest, 1);
    }
    return true;
}

static bool parse_offset(struct bytes *rest, int64_t *ret_offset)
{
    int sign = rest->len > 0 && rest->ptr[0] == '-' ? -1 : 1;
    int hours;
    int minutes = 0;

    *ret_offset = 0;
    if (rest->len == 0 || skip(rest, "Zz"))
        return rest->len == 0;
    if (!skip(rest, "+-") || !digits(rest, 2, &hours))
        return false;
    skip(rest, ":");
    if (!digits(rest, 2, &minutes))
        return false;
    *ret_offset = sign * (int64_t)(hours * 3600 + minutes * 60) * SECOND;
    return rest->len == 0;
}

bool clock_parse(struct bytes text, int64_t *ret_wall)
{
    struct tm tm = {0};
    int64_t micros = 0;
    int64_t offset = 0;

    if (!digits(&text, 4, &tm.tm_year) || !skip(&text, "-") || !digits(&text, 2, &tm.tm_mon) ||
        !skip(&text, "-") || !digits(&text, 2, &tm.tm_mday))
        return false;
    if (text.len > 0 &&
        (!skip(&text, "Tt ") || !parse_time(&text, &tm, &micros) || !parse_offset(&text, &offset)))
        return false;
    if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 || tm.tm_hour > 24 ||
        tm.tm_min > 59 || tm.tm_sec > 60)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    *ret_wall = (int64_t)timegm(&tm) * SECOND + micros - offset;
    return true;
}
