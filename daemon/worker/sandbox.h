/* sandbox.h - what a worker may still do once its stages are open. */
#ifndef WIREROOM_WORKER_SANDBOX_H
#define WIREROOM_WORKER_SANDBOX_H

#include <stddef.h>

#include "base/error.h"

/* Before modules are loaded: die with the parent, no core files, no new privileges, no descriptors
 * but 0 to 4, at most memory bytes of private memory (not in sanitized builds, whose shadow memory
 * counts). */
int sandbox_limit(size_t memory, struct error *err);

/* Give up all system calls but those for memory, for reading and writing what is open, and for
 * ending; any other kills the process with SIGSYS. Cannot be undone. */
int sandbox_close(struct error *err);

#endif
