/* spread.h - JSON for a reader: one member a line. */
#ifndef WIREROOM_CLI_SPREAD_H
#define WIREROOM_CLI_SPREAD_H

#include "base/str.h"

/* json, which must be valid, spread over lines with two spaces a level; empty arrays and objects
 * stay on one. */
void json_spread(struct bytes json, struct buf *out);

#endif
