/* keys.h - who may connect from other machines: the daemon's own key pair and those of clients, as
 * files of one folder, each key in the 40 characters of Z85 (https://rfc.zeromq.org/spec/32/).
 *
 *     server.secret    the daemon's secret key, for its user alone
 *     server.public    what clients are given
 *     clients          a line each: the client's public key, a space, whose it is */
#ifndef WIREROOM_DELIVER_KEYS_H
#define WIREROOM_DELIVER_KEYS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/str.h"

enum { KEY_BYTES = 32, KEY_TEXT = 40, KEYS_MOST = 10000 };

struct keys;

/* Those of folder; NULL in *ret_keys for the folder "". E_USAGE with file:line:column when a key is
 * none, E_REFUSED when the secret may be read by others. */
int keys_read(const char *folder, struct keys **ret_keys, struct error *err);
void keys_free(struct keys *keys); /* NULL is allowed */

/* Read anew; with an error those of before hold. The daemon's own pair stays what it was. */
int keys_reload(struct keys *keys, struct error *err);

/* The daemon's own, with a NUL each. */
const char *keys_secret(const struct keys *keys);
const char *keys_public(const struct keys *keys);

bool keys_allow(const struct keys *keys, const unsigned char key[KEY_BYTES]);

/* For operators: make the folder and the daemon's pair where there is none; a key pair; add a
 * client's key or take all of that key or name out (E_NOT_FOUND). */
int keys_make(const char *folder, struct error *err);
int keys_pair(char ret_public[KEY_TEXT + 1], char ret_secret[KEY_TEXT + 1], struct error *err);
int keys_add(const char *folder, const char *key, const char *name, struct error *err);
int keys_remove(const char *folder, const char *key_or_name, size_t *ret_count, struct error *err);

#endif
