/* tag.h - language tags: BCP 47 (RFC 5646) in its usual spelling. */
#ifndef LANGUAGE_TAG_H
#define LANGUAGE_TAG_H

#include <stdbool.h>
#include <stddef.h>

#include "wireroom/stage.h"

enum { TAG = 36 };

/* Write what is declared as a tag: "EN_us" is "en-US", "iw" is "he" (the registry's preferred
 * value). False when it is no tag, or one that says nothing ("und", "mul", "x-default"). */
bool tag_read(wr_str declared, char ret_tag[TAG]);

/* Length of the first subtag. */
size_t tag_primary(const char *tag);

/* Whether the languages are the same, or so near that a guess from the text does not tell them
 * apart: Bosnian, Croatian and Serbian; Norwegian's two; Malay and Indonesian; Czech and Slovak are
 * not. */
bool tag_is_same(const char *a, const char *b);
bool tag_is_near(const char *a, const char *b);

#endif
