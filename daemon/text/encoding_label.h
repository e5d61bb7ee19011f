/* encoding_label.h - what a label of an encoding means, for encoding.c and encoding_guess.c. */
#ifndef WIREROOM_TEXT_ENCODING_LABEL_H
#define WIREROOM_TEXT_ENCODING_LABEL_H

#include "base/str.h"

enum { ENCODING_NAME = 40 }; /* bytes of a name, its NUL among them */

/* ICU's name for a label, in out; false for what is not decoded. */
bool encoding_name(struct bytes label, char out[ENCODING_NAME]);

#endif
