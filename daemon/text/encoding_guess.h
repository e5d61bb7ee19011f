/* encoding_guess.h - the encoding of bytes about which nobody says anything true, for encoding.c.
 */
#ifndef WIREROOM_TEXT_ENCODING_GUESS_H
#define WIREROOM_TEXT_ENCODING_GUESS_H

#include "base/arena.h"
#include "text/encoding_label.h"

/* By statistics, and by the language that the document says it is in; false when both say too
 * little. The text is on arena. */
bool encoding_guess(struct arena *arena, struct bytes document, char ret_name[ENCODING_NAME],
    struct bytes *ret_text);

#endif
