/* encoding.h - which character encoding bytes from the network are in, and their conversion to
 * UTF-8. */
#ifndef WIREROOM_TEXT_ENCODING_H
#define WIREROOM_TEXT_ENCODING_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Where to look for a declaration inside the document. */
enum encoding_kind { ENCODING_XML, ENCODING_HTML, ENCODING_NONE };

/* Why the encoding was chosen. */
enum encoding_source {
    ENCODING_FROM_BOM,
    ENCODING_FROM_BYTES,    /* valid UTF-8, or zero bytes where UTF-16 has them */
    ENCODING_FROM_HTTP,     /* charset of Content-Type */
    ENCODING_FROM_DOCUMENT, /* <?xml encoding?> or <meta charset> */
    ENCODING_GUESSED,       /* by statistics and the language told, or windows-1252 */
};

struct encoding_result {
    struct bytes text; /* valid UTF-8 without BOM; the document itself when nothing had to change */
    struct bytes name; /* of the encoding it was in, "utf-8", "windows-1252", ... */
    struct bytes declared; /* what HTTP or the document said, empty when silent */
    enum encoding_source source;
    bool repaired; /* some bytes had no meaning and became U+FFFD */
};

/* content_type is the header's value and may be empty. The order is: byte order mark; bytes that
 * are valid UTF-8 with any non-ASCII in them, whatever is declared; HTTP (RFC 7303 section 3); the
 * document's own declaration; windows-1252. A declared encoding that does not fit the bytes gives
 * way to the next. Labels have the meanings of the WHATWG Encoding Standard (iso-8859-1 is
 * windows-1252, gb2312 is gb18030); UTF-7 is never decoded. E_LIMIT when the result would not fit
 * INT32_MAX bytes. */
int encoding_to_utf8(struct arena *arena, struct bytes document, struct bytes content_type,
    enum encoding_kind kind, struct encoding_result *ret_result, struct error *err);

/* The charset parameter of a Content-Type value, unquoted; empty without one. */
struct bytes encoding_charset_of(struct bytes content_type);

/* Open what a sandboxed process may not open later: ICU is told to use its linked data only, and
 * asks once for the system's time zone. The first encoding_to_utf8() does it too; what comes after
 * is free. */
void encoding_warm_up(void);

#endif
