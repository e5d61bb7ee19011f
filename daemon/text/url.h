/* url.h - addresses: made absolute (RFC 3986), and made comparable. */
#ifndef WIREROOM_TEXT_URL_H
#define WIREROOM_TEXT_URL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum { URL_LIMIT = 8192 }; /* longer addresses count as none */

/* ref against base by RFC 3986 section 5.2, both trimmed and without the tabs and newlines that
 * authors leave inside (WHATWG URL, section 4.4). An absolute ref comes back as it is; a relative
 * one without a usable base too. The result may point into ref. What no address may have as it is
 * becomes %XX as in WHATWG URL, section 1.3, and letters beyond ASCII of a host its IDNA name. */
struct bytes url_resolve(struct arena *arena, struct bytes base, struct bytes ref);

/* url with "&" for each "&amp;", "&#38;" and the like before a name and "=": an address that was
 * escaped twice. No server means a parameter "amp;b". */
struct bytes url_unescape(struct arena *arena, struct bytes url);

/* url as it is asked for: trimmed and encoded in the same way. */
struct bytes url_request(struct arena *arena, struct bytes url);

/* The one form of the address of a feed, however people write it: with feed: or pcast: before it or
 * no scheme at all, a byte order mark, white space around or in it, a remark behind it,
 * HTTP://Host:80/a/../b#c. What cannot be an address is refused, as is one with a name and password
 * in it, in words that quote it without these. */
int url_feed(struct arena *arena, struct bytes text, struct bytes *ret_url, struct error *err);

/* Begins like what url_feed() takes. */
bool url_may_be_feed(struct bytes url);

/* url without name and password. */
struct bytes url_public(struct arena *arena, struct bytes url);

/* http or https with a host. */
bool url_is_http(struct bytes url);

/* A scheme that leads to a document and not to code: http https ftp mailto tel news irc magnet and
 * the like, or none (relative). javascript, vbscript, data and their disguises are not. */
bool url_is_safe(struct bytes url);

/* scheme ":" is present. */
bool url_is_absolute(struct bytes url);

/* The form under which two addresses of one article are equal: scheme and host in lower case
 * (IDN as punycode), without default port, user, fragment and tracking parameters (utm_*, fbclid,
 * ...), path dots resolved, an empty path "/"; order of parameters kept. Empty when url is not
 * http(s) or the form is over URL_LIMIT; its own canonical form otherwise. */
struct bytes url_canonical(struct arena *arena, struct bytes url);

/* The same with user left out and all parameters kept. */
struct bytes url_whole(struct arena *arena, struct bytes url);

/* The host of an http(s) address in lower case, without port; empty when there is none. */
struct bytes url_host(struct arena *arena, struct bytes url);

#endif
