/* top.h - what `wireroom top` shows of two looks at the daemon. */
#ifndef WIREROOM_CLI_TOP_H
#define WIREROOM_CLI_TOP_H

#include "base/json.h"

/* "status" and "stages" as the control socket tells them, and when. */
struct top_look {
    int64_t at, mono;
    const struct json *status, *stages;
};

/* Rates are over the time since `before`, which may be the same look. On standard output: as JSON,
 * as a line, or as a whole screen of the terminal's size, where `trouble` (or NULL) tells why `now`
 * is not now. */
void top_json(const struct top_look *now, const struct top_look *before);
void top_line(const struct top_look *now, const struct top_look *before);
void top_screen(const struct top_look *now, const struct top_look *before, const char *trouble);

#endif
