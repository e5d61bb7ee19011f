/* check.h - whether a configuration is right, for whoever asks without a daemon. */
#ifndef WIREROOM_CLI_CHECK_H
#define WIREROOM_CLI_CHECK_H

#include "conf/conf.h"

/* The file (NULL: the defaults), then the modules it names and the options it gives them, tried in
 * a worker; into warnings, a line each, what is wrong in its lists of feeds, and what is hardly
 * meant. *ret_conf is for conf_free(), after a failure too, and may be NULL then. */
int check_conf(const char *path, const char *dir, struct buf *warnings, struct conf **ret_conf,
    struct error *err);

#endif
