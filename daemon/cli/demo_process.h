/* demo_process.h - child processes of the demo, and the directory that goes with it. */
#ifndef WIREROOM_CLI_DEMO_PROCESS_H
#define WIREROOM_CLI_DEMO_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* Start a program that ends with this one. output: file for its standard error, NULL to share ours.
 * own_group: a Ctrl-C of the terminal does not reach it. */
int demo_spawn(const char *const argv[], const char *output, bool own_group, pid_t *ret_pid,
    struct error *err);

/* End a child (0: none) with SIGTERM, and with SIGKILL after five seconds. */
void demo_end(pid_t pid);

/* A new directory for the state of one demo. */
int demo_make_dir(char path[256], struct error *err);
void demo_remove_dir(const char *path);

#endif
