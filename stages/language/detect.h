/* detect.h - CLD2 behind a C function. */
#ifndef LANGUAGE_DETECT_H
#define LANGUAGE_DETECT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct detected {
    char code[12]; /* as CLD2 has it, "en", "zh-Hant"; "" when nothing was found */
    int percent;   /* of the text that is in it */
    int letters;   /* bytes of text that counted */
    bool reliable;
};

/* Look at UTF-8 text; what is behind the first invalid byte does not count. declared ("" for none)
 * is a hint. */
void detect(const char *text, size_t len, const char *declared, struct detected *ret_detected);

#ifdef __cplusplus
}
#endif
#endif
