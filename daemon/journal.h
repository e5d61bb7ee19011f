/* journal.h - lines of the log in systemd's journal, with fields to ask by. */
#ifndef WIREROOM_JOURNAL_H
#define WIREROOM_JOURNAL_H

#include "base/log.h"

/* From now on lines go to the journal with their fields, if standard error is the journal; else
 * nothing changes. */
void journal_open(void);

/* The MESSAGE_ID of a message, 32 hexadecimal digits; NULL of MESSAGE_NONE. They never change. */
const char *journal_id(enum log_message message);

#endif
