/* story_show.h - a story as a timeline. */
#ifndef WIREROOM_CLI_STORY_SHOW_H
#define WIREROOM_CLI_STORY_SHOW_H

#include "cli/client.h"

/* From all its events in the log; with json these themselves, one a line. */
int story_show(struct client *client, const char *uri, bool json, struct error *err);

#endif
