/* encoding_guess.c - statistics tell scripts apart, and are misled by little text; which encodings
 * a language was written in before Unicode is known. */
#include "text/encoding_guess.h"

#include <unicode/ucsdet.h>

#include "text/converter.h"
#include "text/letter.h"
#include "text/text.h"

enum {
    HEAD = 16 << 10, /* bytes in which the language is told */
    DETECT = 64 << 10,
    CONFIDENT = 30, /* of ICU's hundred */
    NAMES = 3,      /* encodings of a language */
    MATCHES = 40    /* ICU knows 30 */
};

/* What the high bytes of a text are: few among Latin letters; whole words; or half of characters
 * that take two bytes, of which not any two make one. */
enum script { LATIN, WORDS, PAIRS };

/* A language's encodings: those of the Web (HTML Standard, section 13.2.3.2, "suggested default")
 * and what is met beside them. Of two that differ in 0x80 to 0x9f only the one without comes first.
 */
static const struct habit {
    const char *languages;
    enum script script;
    const char *labels[NAMES];
} habits[] = {
    {"ru", WORDS, {"windows-1251", "koi8-r", "iso-8859-5"}},
    {"uk", WORDS, {"windows-1251", "koi8-u"}},
    {"be bg ky mk sr tg tt mn", WORDS, {"windows-1251"}},
    {"kk", WORDS, {"windows-1251", "kz-1048"}},
    {"cs sk pl hu sl hr bs ro sq", LATIN, {"iso-8859-2", "windows-1250"}},
    {"et lt lv", LATIN, {"iso-8859-13", "windows-1257"}},
    {"tr az ku", LATIN, {"windows-1254"}},
    {"vi", LATIN, {"windows-1258"}},
    {"el", WORDS, {"iso-8859-7", "windows-1253"}},
    {"he iw yi", WORDS, {"iso-8859-8", "windows-1255"}},
    {"ar fa ur ps", WORDS, {"iso-8859-6", "windows-1256"}},
    {"th", WORDS, {"windows-874"}},
    {"ja", PAIRS, {"euc-jp", "shift_jis"}},
    {"ko", PAIRS, {"euc-kr"}},
    {"zh-tw zh-hk zh-hant", PAIRS, {"big5"}},
    {"zh", PAIRS, {"gb18030"}},
};

static bool convert(struct arena *arena, struct bytes document, const char *name, bool strict,
    struct bytes *ret_text)
{
    struct converted converted;

    if (!converter_to_utf8(arena, document, name, strict, &converted))
        return false;
    *ret_text = converted.text;
    return true;
}

/* ---- what statistics say ------------------------------------------------------ */

/* A name of ICU's that may be guessed: the bytes would have shown Unicode, and nobody sends seven
 * bits without saying so. */
static bool may_guess(const UCharsetMatch *match, char ret_name[ENCODING_NAME])
{
    UErrorCode status = U_ZERO_ERROR;
    const char *name = ucsdet_getName(match, &status);

    return U_SUCCESS(status) && ucsdet_getConfidence(match, &status) >= CONFIDENT &&
           strncasecmp(name, "utf", 3) != 0 && strstr(name, "2022") == NULL &&
           encoding_name(bytes_of(name), ret_name);
}

struct matches {
    char names[MATCHES][ENCODING_NAME]; /* the likeliest first */
    size_t count;
    bool first; /* the likeliest of all is among them */
};

/* ICU's statistics over the text between the tags: what they hold for likely. */
static void detect(struct bytes document, struct matches *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&status);
    struct bytes sample = bytes_slice(document, 0, DETECT);
    const UCharsetMatch **found;
    int32_t count = 0;

    ret->count = 0;
    ret->first = false;
    if (U_FAILURE(status))
        return;
    ucsdet_enableInputFilter(detector, true);
    ucsdet_setText(detector, sample.ptr, (int32_t)sample.len, &status);
    found = ucsdet_detectAll(detector, &count, &status);
    for (int32_t i = 0; U_SUCCESS(status) && i < count && ret->count < MATCHES; i++)
        if (may_guess(found[i], ret->names[ret->count])) {
            ret->first |= i == 0;
            ret->count++;
        }
    ucsdet_close(detector);
}

/* ---- what the language says --------------------------------------------------- */

static struct bytes word_at(struct bytes text)
{
    size_t end = 0;

    while (end < text.len && (is_alpha(text.ptr[end]) || text.ptr[end] == '-'))
        end++;
    return bytes_slice(text, 0, end);
}

/* <language>, <dc:language>, xml:lang or lang; empty when it is not told. */
static struct bytes language_told(struct bytes document)
{
    static const struct bytes ways[] = {{"language>", 9}, {"lang=\"", 6}, {"lang='", 6}};
    struct bytes head = bytes_slice(document, 0, HEAD);

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        size_t at = bytes_find_nocase(head, ways[i]);
        struct bytes told = at == SIZE_MAX
                                ? (struct bytes){NULL, 0}
                                : word_at(bytes_trim(bytes_from(head, at + ways[i].len)));

        if (told.len > 0)
            return told;
    }
    return (struct bytes){NULL, 0};
}

static bool is_of(const char *languages, struct bytes told)
{
    struct bytes rest = bytes_of(languages);

    while (rest.len > 0) {
        struct bytes language = bytes_cut(&rest, ' ');

        if (bytes_starts_nocase(told, language) &&
            (told.len == language.len || told.ptr[language.len] == '-'))
            return true;
    }
    return false;
}

static const struct habit *habit_of(struct bytes told)
{
    for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
        if (is_of(habits[i].languages, told))
            return &habits[i];
    return NULL;
}

static bool is_among(const struct habit *habit, const char *found)
{
    char name[ENCODING_NAME];

    for (int i = 0; i < NAMES && habit->labels[i] != NULL; i++)
        if (encoding_name(bytes_of(habit->labels[i]), name) && strcmp(name, found) == 0)
            return true;
    return false;
}

/* Whether the high bytes stand as those of the language do, which a feed's template may have wrong;
 * *ret_c1: some are from 0x80 to 0x9f. Of a word's bytes all but the last stand before another:
 * four of five in Russian, half in Czech. */
static bool fits(const struct habit *habit, struct bytes document, bool *ret_c1)
{
    size_t high = 0, beside = 0;

    *ret_c1 = false;
    for (size_t i = 0; i < document.len; i++) {
        unsigned char c = (unsigned char)document.ptr[i];

        if (c < 0x80)
            continue;
        high++;
        beside += i + 1 < document.len && (unsigned char)document.ptr[i + 1] >= 0x80;
        *ret_c1 |= c < 0xa0;
    }
    return habit->script == PAIRS || (habit->script == WORDS) == (3 * beside > 2 * high);
}

/* It prints nothing from 0x80 to 0x9f. */
static bool has_no_c1(const char *label)
{
    return strncmp(label, "iso-8859", 8) == 0 || strcmp(label, "euc-jp") == 0;
}

/* Capitals everywhere are small letters of an encoding that has them the other way round: of KOI8
 * in windows-1251, and of that in KOI8. */
static bool is_shouted(struct bytes text)
{
    size_t capitals = 0, others = 0;

    for (size_t i = 0; i < text.len;) {
        uint32_t c = text_next(text, &i);

        capitals += c >= 0x80 && letter_fold(c) != c;
        others += c >= 0x80 && letter_is(c) && letter_fold(c) == c;
    }
    return capitals > others;
}

static bool guess_by_language(struct arena *arena, struct bytes document, const struct habit *habit,
    const struct matches *matches, char ret_name[ENCODING_NAME], struct bytes *ret_text)
{
    bool has_c1, does_fit = fits(habit, document, &has_c1);

    for (size_t i = 0; i < matches->count; i++) {
        strcpy(ret_name, matches->names[i]);
        if (is_among(habit, ret_name) && convert(arena, document, ret_name, true, ret_text))
            return true;
    }
    for (int i = 0; does_fit && i < NAMES && habit->labels[i] != NULL; i++)
        if (!(has_c1 && has_no_c1(habit->labels[i])) &&
            encoding_name(bytes_of(habit->labels[i]), ret_name) &&
            convert(arena, document, ret_name, true, ret_text) &&
            (i + 1 == NAMES || habit->labels[i + 1] == NULL || !is_shouted(*ret_text)))
            return true;
    return false;
}

bool encoding_guess(struct arena *arena, struct bytes document, char ret_name[ENCODING_NAME],
    struct bytes *ret_text)
{
    const struct habit *habit = habit_of(language_told(document));
    struct matches matches;

    detect(document, &matches);
    if (habit != NULL && guess_by_language(arena, document, habit, &matches, ret_name, ret_text))
        return true;
    /* Of what is likely the first in which every byte has a meaning, else the first. */
    for (size_t i = 0; i < matches.count; i++) {
        strcpy(ret_name, matches.names[i]);
        if (convert(arena, document, ret_name, true, ret_text))
            return true;
    }
    if (!matches.first)
        return false;
    strcpy(ret_name, matches.names[0]);
    return convert(arena, document, ret_name, false, ret_text);
}
