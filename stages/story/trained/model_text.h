/* model_text.h - what is built in: model.txt and common.words, as they lie beside this file. */
#ifndef STORY_MODEL_TEXT_H
#define STORY_MODEL_TEXT_H

#include "base/str.h"

struct bytes model_text(void);
struct bytes common_text(void); /* for frequency_begin() */

#endif
