/* state.h - the states of feeds, by their names. */
#ifndef WIREROOM_POLL_STATE_H
#define WIREROOM_POLL_STATE_H

#include "store/store.h"

enum { FEED_STATES = FEED_UNPARSABLE + 1 };

/* As it is published ("ok", "silent" ...); state is of enum feed_state. */
const char *feed_state_name(int state);

/* As operators are told of it: "new" until its first whole answer, and not "ok". */
extern const char feed_state_new[];
const char *feed_state_told(const struct store_feed *feed);

#endif
