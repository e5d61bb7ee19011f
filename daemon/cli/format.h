/* format.h - numbers, times and sizes as people read them. All texts lie in the caller's room. */
#ifndef WIREROOM_CLI_FORMAT_H
#define WIREROOM_CLI_FORMAT_H

#include "base/str.h"

enum { FORMAT_TEXT = 40 };

/* "19,874" */
const char *format_count(int64_t count, char text[FORMAT_TEXT]);

/* "850 ms", "4 s", "12 min", "2h14m", "3d" from microseconds. */
const char *format_span(int64_t span, char text[FORMAT_TEXT]);

/* "+48s", "+14m", "+1h40", "+2d": how long after; "" when it is not after. At most six columns. */
const char *format_after(int64_t span, char text[FORMAT_TEXT]);

/* "212 MiB" */
const char *format_size(int64_t bytes, char text[FORMAT_TEXT]);

/* "Saturday 2026-03-14", local time */
const char *format_day(int64_t wall, char text[FORMAT_TEXT]);

/* "09:26:58", local time, of a wall time; and the whole date, "2026-03-14 09:26:58 UTC". */
const char *format_clock(int64_t wall, char text[FORMAT_TEXT]);
const char *format_date(int64_t wall, char text[FORMAT_TEXT]);

/* "14:13", local time, with the date in front when it is not today's. */
const char *format_since(int64_t wall, int64_t now, char text[FORMAT_TEXT]);

/* "4 min ago", "never" for 0; from an RFC 3339 text, "never" when there is none. */
const char *format_ago(int64_t wall, int64_t now, char text[FORMAT_TEXT]);
const char *format_ago_text(struct bytes time, int64_t now, char text[FORMAT_TEXT]);

#endif
