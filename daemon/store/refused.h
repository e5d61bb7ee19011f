/* refused.h - what the system refuses on the store's files, told as what it is: that says nothing
 * of what the store holds. */
#ifndef WIREROOM_STORE_REFUSED_H
#define WIREROOM_STORE_REFUSED_H

#include "base/error.h"

/* The system refused a call ("open") on path with number (errno). Text: these, in its words, and
 * what an operator does. */
int refused_fail(int code, const char *call, const char *path, int number, struct error *err);

#endif
