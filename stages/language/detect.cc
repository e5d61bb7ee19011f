/* detect.cc - one call of CLD2's. */
#include "detect.h"

#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

static CLD2::Language look(
    const char *text, size_t len, const char *declared, struct detected *found, int *ret_valid)
{
    CLD2::CLDHints hints = {declared[0] == '\0' ? nullptr : declared, nullptr,
        CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    /* All of them are left alone when the text is not valid. */
    CLD2::Language languages[3] = {
        CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE};
    int percents[3] = {};
    double scores[3] = {};

    CLD2::ExtDetectLanguageSummaryCheckUTF8(text, static_cast<int>(len), true, &hints, 0, languages,
        percents, scores, nullptr, &found->letters, &found->reliable, ret_valid);
    found->percent = percents[0];
    return languages[0];
}

extern "C" void detect(
    const char *text, size_t len, const char *declared, struct detected *ret_detected)
{
    struct detected found = {};
    int valid = 0;
    CLD2::Language language = look(text, len, declared, &found, &valid);

    if (static_cast<size_t>(valid) < len) {
        found = {};
        language = look(text, static_cast<size_t>(valid), declared, &found, &valid);
    }
    if (language != CLD2::UNKNOWN_LANGUAGE)
        std::snprintf(found.code, sizeof(found.code), "%s", CLD2::LanguageCode(language));
    *ret_detected = found;
}
