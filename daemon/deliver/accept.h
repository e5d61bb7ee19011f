/* accept.h - descriptors: subscribers get no more than leaves enough for the work. */
#ifndef WIREROOM_DELIVER_ACCEPT_H
#define WIREROOM_DELIVER_ACCEPT_H

#include <stdint.h>

/* From now on connections that threads of libraries accept are closed at once while three quarters
 * of our descriptors are in use. Call it after the limit was raised. */
void accept_guard(void);

/* Connections closed so. */
uint64_t accept_refused(void);

#endif
