/* language.h - which tags name a language. */
#ifndef WIREROOM_TEXT_LANGUAGE_H
#define WIREROOM_TEXT_LANGUAGE_H

#include "base/str.h"

enum { LANGUAGE_TEXT = 4 };

/* The primary language of a BCP 47 tag as ISO 639 writes it in lower case, two letters where there
 * are two ("de" of "DE-at" and of "deu"); "und" when there is no such language. */
void language_primary(struct bytes tag, char ret_language[LANGUAGE_TEXT]);

#endif
