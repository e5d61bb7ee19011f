/* normal.h - what two texts must share to be the same text. */
#ifndef NEARDUP_NORMAL_H
#define NEARDUP_NORMAL_H

#include "base/str.h"
#include "wireroom/stage.h"

/* Add the letters and digits of text to out, each folded to its one common case (Unicode simple
 * case folding); everything else (spaces, punctuation, marks of markup) is left out, so that
 * typography does not tell texts apart. */
void normal_add(struct buf *out, wr_str text);

#endif
