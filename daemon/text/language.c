/* language.c - the languages there are: ISO 639 as ICU has it. */
#include "text/language.h"

#include <unicode/uloc.h>

static bool is_listed(const char *language)
{
    for (const char *const *at = uloc_getISOLanguages(); *at != NULL; at++)
        if (strcmp(*at, language) == 0)
            return true;
    return false;
}

void language_primary(struct bytes tag, char ret_language[LANGUAGE_TEXT])
{
    char tagged[LANGUAGE_TEXT] = "";
    char name[LANGUAGE_TEXT] = "";
    struct bytes primary = bytes_cut(&tag, '-');
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;

    memcpy(ret_language, "und", LANGUAGE_TEXT);
    if (primary.len < 2 || primary.len > 3)
        return;
    for (size_t i = 0; i < primary.len; i++) {
        if (!is_alpha(primary.ptr[i]))
            return;
        tagged[i] = to_lower(primary.ptr[i]);
    }
    len = uloc_getLanguage(tagged, name, LANGUAGE_TEXT, &status);
    if (U_SUCCESS(status) && len >= 2 && len < LANGUAGE_TEXT && is_listed(name))
        memcpy(ret_language, name, (size_t)len + 1);
}
