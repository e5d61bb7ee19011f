/* lock.h - files that one process has to itself. */
#ifndef WIREROOM_BASE_LOCK_H
#define WIREROOM_BASE_LOCK_H

/* flock(2) of an open file for this process alone: 0, or an errno, EWOULDBLOCK where another keeps
 * it for a second. A killed process may have been about to start another, which holds its files
 * until it is on its own. */
int lock_take(int fd);

#endif
