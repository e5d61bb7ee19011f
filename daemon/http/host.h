/* host.h - whether who asks calls this machine by its own names. */
#ifndef WIREROOM_HTTP_HOST_H
#define WIREROOM_HTTP_HOST_H

#include <stdbool.h>

#include "base/str.h"

/* Of a Host header, "" where there is none: localhost, 127.0.0.1 (and its like) or [::1], and maybe
 * a port; nothing that begins so only. */
bool host_is_local(struct bytes host);

#endif
