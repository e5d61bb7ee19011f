/* state.h - the states of feeds, by their names. */
#ifndef WIREROOM_POLL_STATE_H
#define WIREROOM_POLL_STATE_H

#include "store/store.h"

enum { FEED_STATES = FEED_UNPARSABLE + 1 };

/* As it is published ("ok", "silent" ...); state is of enum feed_state. */
const char *feed_state_name(int state);

#endif
