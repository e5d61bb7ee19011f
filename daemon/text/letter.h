/* letter.h - what a character is: letter, digit, blank. Unicode's answers, from ICU's tables. */
#ifndef WIREROOM_TEXT_LETTER_H
#define WIREROOM_TEXT_LETTER_H

#include <stdbool.h>
#include <stdint.h>

/* Lay ICU's answers out for what follows, 24 KiB; the first question does it too. ICU's own tables
 * are spread over half a megabyte, and each process would have them in its memory. */
void letters_init(void);

bool letter_is(uint32_t c);       /* a letter or a mark on one */
bool letter_is_blank(uint32_t c); /* White_Space; of ASCII what is_space() says */
int letter_digit(uint32_t c);     /* 0 to 9 in any script, else -1 */
uint32_t letter_fold(uint32_t c); /* without case */

#endif
