/* format.c - numbers, times and sizes as people read them. */
#include "cli/format.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"

#define MS INT64_C(1000)
#define MINUTE (60 * (int64_t)SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

const char *format_count(int64_t count, char text[FORMAT_TEXT])
{
    char digits[FORMAT_TEXT];
    size_t len = (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)count);
    size_t first = digits[0] == '-' ? 1 : 0;
    char *out = text;

    for (size_t i = 0; i < len; i++) {
        if (i > first && (len - i) % 3 == 0)
            *out++ = ',';
        *out++ = digits[i];
    }
    *out = '\0';
    return text;
}

const char *format_span(int64_t span, char text[FORMAT_TEXT])
{
    if (span < SECOND)
        snprintf(text, FORMAT_TEXT, "%lld ms", (long long)(span / MS));
    else if (span < 9950 * MS) /* what is rounded to ten has no tenths */
        snprintf(text, FORMAT_TEXT, "%.1f s", (double)span / SECOND);
    else if (span < 2 * MINUTE)
        snprintf(text, FORMAT_TEXT, "%lld s",
            (long long)(span < 10 * (int64_t)SECOND ? 10 : span / SECOND));
    else if (span < HOUR)
        snprintf(text, FORMAT_TEXT, "%lld min", (long long)(span / MINUTE));
    else if (span < 2 * DAY)
        snprintf(text, FORMAT_TEXT, "%lldh%02lldm", (long long)(span / HOUR),
            (long long)(span % HOUR / MINUTE));
    else
        snprintf(text, FORMAT_TEXT, "%lldd", (long long)(span / DAY));
    return text;
}

const char *format_after(int64_t span, char text[FORMAT_TEXT])
{
    if (span < 0)
        text[0] = '\0';
    else if (span < MINUTE)
        snprintf(text, FORMAT_TEXT, "+%llds", (long long)(span / SECOND));
    else if (span < HOUR)
        snprintf(text, FORMAT_TEXT, "+%lldm", (long long)(span / MINUTE));
    else if (span < DAY)
        snprintf(text, FORMAT_TEXT, "+%lldh%02lld", (long long)(span / HOUR),
            (long long)(span % HOUR / MINUTE));
    else if (span < 1000 * DAY)
        snprintf(text, FORMAT_TEXT, "+%lldd", (long long)(span / DAY));
    else
        snprintf(text, FORMAT_TEXT, "old");
    return text;
}

const char *format_size(int64_t bytes, char text[FORMAT_TEXT])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    size_t unit = 0;

    while (value >= 1023.5 && unit < 4) { /* what is rounded to 1024 is one of the next */
        value /= 1024;
        unit++;
    }
    snprintf(
        text, FORMAT_TEXT, value >= 9.95 || unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text;
}

static const char *format_local(int64_t wall, const char *format, char text[FORMAT_TEXT])
{
    time_t seconds = (time_t)(wall / SECOND);
    struct tm parts;

    if (localtime_r(&seconds, &parts) == NULL || strftime(text, FORMAT_TEXT, format, &parts) == 0)
        text[0] = '\0';
    return text;
}

const char *format_clock(int64_t wall, char text[FORMAT_TEXT])
{
    return format_local(wall, "%H:%M:%S", text);
}

const char *format_day(int64_t wall, char text[FORMAT_TEXT])
{
    return format_local(wall, "%A %F", text);
}

const char *format_date(int64_t wall, char text[FORMAT_TEXT])
{
    return format_local(wall, "%Y-%m-%d %H:%M:%S %Z", text);
}

const char *format_since(int64_t wall, int64_t now, char text[FORMAT_TEXT])
{
    char today[FORMAT_TEXT];
    char day[FORMAT_TEXT];

    format_local(now, "%F", today);
    format_local(wall, "%F", day);
    return format_local(wall, strcmp(today, day) == 0 ? "%H:%M" : "%Y-%m-%d %H:%M", text);
}

const char *format_ago(int64_t wall, int64_t now, char text[FORMAT_TEXT])
{
    char span[FORMAT_TEXT];

    if (wall == 0)
        snprintf(text, FORMAT_TEXT, "never");
    else if (now <= wall + SECOND)
        snprintf(text, FORMAT_TEXT, "now");
    else
        snprintf(text, FORMAT_TEXT, "%.30s ago", format_span(now - wall, span));
    return text;
}

const char *format_ago_text(struct bytes time, int64_t now, char text[FORMAT_TEXT])
{
    int64_t wall = 0;

    clock_parse(time, &wall);
    return format_ago(wall, now, text);
}
