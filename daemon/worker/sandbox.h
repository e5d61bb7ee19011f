/* sandbox.h - what a worker may still do once its stages are open. */
#ifndef WIREROOM_WORKER_SANDBOX_H
#define WIREROOM_WORKER_SANDBOX_H

#include <stddef.h>

#include "worker/chain.h"

/* Before modules are loaded: die with the parent, no core files, no new privileges, no descriptors
 * but 0 to 4, at most memory bytes of private memory (not in sanitized builds, whose shadow memory
 * counts). */
int sandbox_limit(size_t memory, struct error *err);

/* Give up all system calls, in all threads, but those for memory, for reading and writing what is
 * open, for waiting and for ending; any other kills the process with SIGSYS, and place (may be
 * NULL) says which. It also says of a crash that memory had been refused. Cannot be undone. */
int sandbox_close(struct chain_place *place, struct error *err);

/* The name of a system call by its number, to be freed; NULL for none. */
char *sandbox_call_name(uint32_t call);

#endif
