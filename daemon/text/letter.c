/* letter.c - asks ICU about each character of the basic plane once. */
#include "text/letter.h"

#include <unicode/uchar.h>

#include "base/str.h"

enum { PLANE = 0x10000 };

static struct {
    bool ready;
    uint8_t letters[PLANE / 8]; /* a bit for each */
    uint8_t digits[PLANE / 8];
    uint8_t cased[PLANE / 8]; /* another character without case */
} plane;

static bool is_in(const uint8_t bits[PLANE / 8], uint32_t c)
{
    return bits[c / 8] >> c % 8 & 1;
}

static bool asked_is_letter(uint32_t c)
{
    return (U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_M_MASK)) != 0;
}

static uint32_t asked_fold(uint32_t c)
{
    return (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT);
}

void letters_init(void)
{
    if (plane.ready)
        return;
    for (uint32_t c = 0x80; c < PLANE; c++) {
        plane.letters[c / 8] |= (uint8_t)(asked_is_letter(c) << c % 8);
        plane.digits[c / 8] |= (uint8_t)((u_charDigitValue((UChar32)c) >= 0) << c % 8);
        plane.cased[c / 8] |= (uint8_t)((asked_fold(c) != c) << c % 8);
    }
    plane.ready = true;
}

bool letter_is(uint32_t c)
{
    if (c < 0x80)
        return is_alpha((char)c);
    letters_init();
    return c < PLANE ? is_in(plane.letters, c) : asked_is_letter(c);
}

bool letter_is_blank(uint32_t c)
{
    if (c < 0x80)
        return is_space((char)c);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

int letter_digit(uint32_t c)
{
    if (c < 0x80)
        return is_digit((char)c) ? (int)c - '0' : -1;
    letters_init();
    return c < PLANE && !is_in(plane.digits, c) ? -1 : u_charDigitValue((UChar32)c);
}

/* Capitals of Latin-1, and of Greek and Cyrillic as far as they are in the order of the alphabet.
 */
static bool is_plain_capital(uint32_t c)
{
    return (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) ||
           (c >= 0x410 && c <= 0x42F);
}

uint32_t letter_fold(uint32_t c)
{
    if (c < 0x80)
        return (uint32_t)to_lower((char)c);
    letters_init();
    if (c < PLANE && !is_in(plane.cased, c))
        return c;
    return is_plain_capital(c) ? c + 0x20 : asked_fold(c);
}
