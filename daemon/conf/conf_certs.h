/* conf_certs.h - http.ca_path, looked at before anything is asked with it. */
#ifndef WIREROOM_CONF_CONF_CERTS_H
#define WIREROOM_CONF_CONF_CERTS_H

#include <stdbool.h>

#include "base/error.h"

/* E_USAGE when path is no directory that can be read. */
int conf_certs_check(const char *path, struct error *err);

/* Whether there is one certificate under its hash at least; without, no https address is trusted.
 */
bool conf_certs_any(const char *path);

#define CONF_CERTS_NONE                                                                            \
    "http.ca_path: no certificate under its hash is in %s: no https address will be trusted; "     \
    "`openssl rehash` names those that are there, the package ca-certificates brings some"

#endif
