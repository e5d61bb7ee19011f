/* when.h - a point in time as people write it on a command line. */
#ifndef WIREROOM_CLI_WHEN_H
#define WIREROOM_CLI_WHEN_H

#include "base/str.h"

/* "10m", "1h30m ago", "-2d"; "now", "today", "yesterday"; "06:00" (the last time it was so late);
 * "2026-11-29", "2026-11-29 06:00" in local time; RFC 3339. False for what is none of these, and
 * for a date that there is not; *ret_wall is untouched then. */
bool when_parse(struct bytes text, int64_t now, int64_t *ret_wall);

/* As the daemon reads it: a time in RFC 3339, anything else as it is. */
enum { WHEN_TEXT = 32 };
const char *when_for_daemon(const char *text, char room[WHEN_TEXT]);

#endif
