/* when.c - a point in time as people write it on a command line. */
#include "cli/when.h"

#include <time.h>

#include "base/clock.h"

enum { TEXT_MOST = 40 };

/* The longest span that is meant: ten years, beyond which no log reaches. */
#define SPAN_MOST (INT64_C(3660) * 86400 * SECOND)

static bool take_unit(struct bytes *rest, int64_t *ret_unit)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {
        {"sec", 1}, {"min", 60}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 7 * 86400}};

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        struct bytes name = bytes_of(units[i].name);

        if (bytes_starts(*rest, name) &&
            (rest->len == name.len || !is_alpha(rest->ptr[name.len]))) {
            *rest = bytes_from(*rest, name.len);
            *ret_unit = units[i].seconds * SECOND;
            return true;
        }
    }
    return false;
}

/* "10m", "1h30m", "2 h", with a dash before it or "ago" behind it. */
static bool parse_span(struct bytes text, int64_t *ret_span)
{
    int64_t span = 0;

    if (bytes_starts(text, LIT("-")))
        text = bytes_from(text, 1);
    if (bytes_ends(text, LIT(" ago")))
        text = bytes_trim(bytes_slice(text, 0, text.len - 4));
    if (text.len == 0)
        return false;
    while (text.len > 0) {
        int64_t number;
        int64_t unit;
        size_t digits = 0;

        while (digits < text.len && is_digit(text.ptr[digits]))
            digits++;
        if (!bytes_to_int(bytes_slice(text, 0, digits), &number) || number > SPAN_MOST / SECOND)
            return false;
        text = bytes_trim(bytes_from(text, digits));
        if (!take_unit(&text, &unit) || number > (SPAN_MOST - span) / unit)
            return false;
        span += number * unit;
        text = bytes_trim(text);
    }
    *ret_span = span;
    return true;
}

static bool from_parts(struct tm parts, int64_t *ret_wall)
{
    const struct tm wanted = parts;
    time_t seconds;

    parts.tm_isdst = -1;
    seconds = mktime(&parts);
    if (seconds == (time_t)-1 || parts.tm_mday != wanted.tm_mday) /* 30 February */
        return false;
    *ret_wall = (int64_t)seconds * SECOND;
    return true;
}

/* Midnight, so many days before today. */
static bool midnight(int64_t now, int days, int64_t *ret_wall)
{
    time_t seconds = (time_t)(now / SECOND);
    struct tm parts;

    if (localtime_r(&seconds, &parts) == NULL)
        return false;
    parts.tm_hour = parts.tm_min = parts.tm_sec = 0;
    parts.tm_mday -= days;
    parts.tm_isdst = -1;
    *ret_wall = (int64_t)mktime(&parts) * SECOND;
    return true;
}

/* Of today, or of yesterday when it is still to come. */
static bool parse_clock(const char *text, int64_t now, int64_t *ret_wall)
{
    static const char *const formats[] = {"%H:%M:%S", "%H:%M"};
    time_t seconds = (time_t)(now / SECOND);

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct tm parts;
        const char *end;

        if (localtime_r(&seconds, &parts) == NULL)
            return false;
        parts.tm_sec = 0;
        end = strptime(text, formats[i], &parts);
        if (end == NULL || *end != '\0')
            continue;
        parts.tm_isdst = -1;
        *ret_wall = (int64_t)mktime(&parts) * SECOND;
        if (*ret_wall > now) {
            parts.tm_mday--;
            parts.tm_isdst = -1;
            *ret_wall = (int64_t)mktime(&parts) * SECOND;
        }
        return true;
    }
    return false;
}

static bool parse_local(const char *text, int64_t *ret_wall)
{
    static const char *const formats[] = {
        "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"};

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct tm parts = {0};
        const char *end = strptime(text, formats[i], &parts);

        if (end != NULL && *end == '\0')
            return from_parts(parts, ret_wall);
    }
    return false;
}

bool when_parse(struct bytes text, int64_t now, int64_t *ret_wall)
{
    char copy[TEXT_MOST + 1];
    int64_t span;

    text = bytes_trim(text);
    if (text.len == 0 || text.len > TEXT_MOST)
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (bytes_is(text, "now"))
        *ret_wall = now;
    else if (bytes_is(text, "today"))
        return midnight(now, 0, ret_wall);
    else if (bytes_is(text, "yesterday"))
        return midnight(now, 1, ret_wall);
    else if (parse_span(text, &span))
        *ret_wall = now - span;
    else
        return parse_clock(copy, now, ret_wall) || parse_local(copy, ret_wall) ||
               (text.len > 10 && clock_parse(text, ret_wall));
    return true;
}

const char *when_for_daemon(const char *text, char room[WHEN_TEXT])
{
    int64_t wall;

    return when_parse(bytes_of(text), clock_wall(), &wall) && strcmp(text, "now") != 0
               ? clock_format(wall, room)
               : text;
}
