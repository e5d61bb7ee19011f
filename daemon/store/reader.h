/* reader.h - the events of a store's file, one after the other, without a daemon. */
#ifndef WIREROOM_STORE_READER_H
#define WIREROOM_STORE_READER_H

#include "store/store.h"

struct store_reader;

/* Nothing is changed, and a daemon may run beside: between two events nothing of the file is held.
 * ret_log is the log as it is now, in which reading ends. E_FORMAT: no store, or one of another
 * schema. */
int store_reader_open(const char *path, struct store_reader **ret_reader, struct store_log *ret_log,
    struct error *err);
void store_reader_close(struct store_reader *reader);

/* The next event whose topic begins like this, the oldest first: 1, and the event, lent until the
 * next call; 0 behind the last, else a negative code. Of its topics it has only its own. */
int store_reader_next(struct store_reader *reader, struct bytes topic, struct committed *ret_event,
    struct error *err);

#endif
