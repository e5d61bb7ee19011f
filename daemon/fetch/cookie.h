/* cookie.h - cookies that the hops of one request set and get back (RFC 6265); gone with it. */
#ifndef WIREROOM_FETCH_COOKIE_H
#define WIREROOM_FETCH_COOKIE_H

#include "base/str.h"

/* A browser takes 180 of a host; a redirect that wants one back sets a few. */
enum { COOKIE_BYTES = 4096, COOKIE_JAR = 16 << 10 };

/* Take what url's answer sets, in header lines as of header_add(), into the jar; now is in seconds.
 * The jar is text, so that it can be handed on; its limit is COOKIE_JAR. Returns whether the jar is
 * another now. */
bool cookies_take(struct buf *jar, const char *url, struct bytes headers, int64_t now);

/* "name=value; name=value" of those that go to url; nothing when there is none. */
void cookies_write(struct bytes jar, const char *url, struct buf *out);

#endif
