/* accept.h - descriptors: subscribers get no more than leaves enough for the work. */
#ifndef WIREROOM_DELIVER_ACCEPT_H
#define WIREROOM_DELIVER_ACCEPT_H

#include <stdint.h>

/* From now on connections that threads of libraries accept are closed at once while three quarters
 * of our descriptors are in use. Call it after the limit was raised. */
void accept_guard(void);

/* Which connection a descriptor is, among all that had its number: another one of that number has
 * another. 0: not known. */
uint64_t accept_connection(int fd);

/* Connections closed so. */
uint64_t accept_refused(void);

#endif
