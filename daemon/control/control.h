/* control.h - commands on a local socket: one JSON object a line asks, one or more answer. */
#ifndef WIREROOM_CONTROL_CONTROL_H
#define WIREROOM_CONTROL_CONTROL_H

#include "daemon.h"

struct control;

int control_open(struct daemon *daemon, struct control **ret_control, struct error *err);
void control_close(struct control *control);

#endif
