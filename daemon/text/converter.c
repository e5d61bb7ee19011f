/* converter.c - knows how ICU decodes a large document without holding it twice as UTF-16. */
#include "text/converter.h"

#include <unicode/ucnv.h>
#include <unicode/udata.h>
#include <unicode/utf16.h>

#include "base/eight.h"
#include "text/text.h"

enum { PIECE = 4096 };

struct output {
    char *out; /* NULL to count only */
    size_t len, characters, bad;
    UChar lead; /* of a pair that two pieces share */
};

/* ICU looks for files first unless it is told that its linked data are all there is. */
static UConverter *open_converter(const char *name, UErrorCode *status)
{
    static bool told;

    if (!told)
        udata_setFileAccess(UDATA_NO_FILES, status);
    told = true;
    return ucnv_open(name, status);
}

/* Encodings of one byte a character, ASCII in their first half; what ICU makes of the second is
 * laid out once: its own way to that is 700 KiB of code and data in each process. */
static struct single {
    struct code_page page;
    bool ready;
} singles[] = {{.page = {.name = "windows-1252"}}, {.page = {.name = "windows-1250"}},
    {.page = {.name = "windows-1251"}}, {.page = {.name = "windows-1253"}},
    {.page = {.name = "windows-1254"}}, {.page = {.name = "windows-1255"}},
    {.page = {.name = "windows-1256"}}, {.page = {.name = "windows-1257"}},
    {.page = {.name = "windows-1258"}}, {.page = {.name = "windows-874"}},
    {.page = {.name = "iso-8859-2"}}, {.page = {.name = "iso-8859-5"}},
    {.page = {.name = "iso-8859-7"}}, {.page = {.name = "iso-8859-15"}},
    {.page = {.name = "koi8-r"}}, {.page = {.name = NULL}}};

static void read_single(struct single *single)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = open_converter(single->page.name, &status);

    for (int i = 0; i < 128 && U_SUCCESS(status); i++) {
        const char byte = (char)(0x80 + i);
        UChar units[4];

        if (ucnv_toUChars(converter, units, 4, &byte, 1, &status) == 1)
            single->page.high[i] = units[0];
    }
    ucnv_close(converter);
    single->ready = true;
}

/* NULL for what is no such encoding. */
static const struct code_page *single_of(const char *name)
{
    struct single *single = singles;

    for (int i = 0; i < CODE_PAGES; i++)
        if (strcmp(code_pages[i].name, name) == 0)
            return &code_pages[i];
    while (single->page.name != NULL && strcmp(single->page.name, name) != 0)
        single++;
    if (single->page.name == NULL)
        return NULL;
    if (!single->ready)
        read_single(single);
    return &single->page;
}

void converter_init(void)
{
    for (const struct single *single = singles; single->page.name != NULL; single++)
        single_of(single->page.name);
}

static void put(struct output *o, uint32_t c)
{
    char utf8[4];

    o->len += text_put_char(o->out == NULL ? utf8 : o->out + o->len, c);
}

static void put_units(struct output *o, const UChar *units, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        o->characters++;
        o->bad += units[i] == 0xfffd;
        if (o->lead != 0 && U16_IS_TRAIL(units[i])) {
            put(o, (uint32_t)U16_GET_SUPPLEMENTARY(o->lead, units[i]));
            o->lead = 0;
            continue;
        }
        if (o->lead != 0)
            put(o, 0xfffd);
        o->lead = U16_IS_LEAD(units[i]) ? units[i] : 0;
        if (o->lead == 0)
            put(o, units[i]);
    }
}

/* true when the whole document was decoded. */
static bool decode(UConverter *converter, struct bytes document, struct output *o)
{
    const char *source = document.ptr, *end = document.ptr + document.len;
    UChar piece[PIECE] = {0};
    UErrorCode status;

    ucnv_reset(converter);
    do {
        UChar *target = piece;

        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &target, piece + PIECE, &source, end, NULL, true, &status);
        put_units(o, piece, (size_t)(target - piece));
    } while (status == U_BUFFER_OVERFLOW_ERROR);
    if (o->lead != 0)
        put(o, 0xfffd);
    return U_SUCCESS(status);
}

/* The first bytes of text that are ASCII. */
static size_t ascii_length(struct bytes text)
{
    size_t i = 0;

    while (i + 8 <= text.len && eight_is_ascii(eight_load(text.ptr + i)))
        i += 8;
    while (i < text.len && (unsigned char)text.ptr[i] < 0x80)
        i++;
    return i;
}

static void decode_single(const struct code_page *single, struct bytes document, struct output *o)
{
    o->characters = document.len;
    while (document.len > 0) {
        size_t plain = ascii_length(document);

        if (o->out != NULL && plain > 0)
            memcpy(o->out + o->len, document.ptr, plain);
        o->len += plain;
        document = bytes_from(document, plain);
        if (document.len == 0)
            break;
        o->bad += single->high[document.ptr[0] & 0x7F] == 0xfffd;
        put(o, single->high[document.ptr[0] & 0x7F]);
        document = bytes_from(document, 1);
    }
}

static bool is_too_bad(const struct output *o)
{
    return o->bad > 2 + o->characters / 50;
}

static bool single_to_utf8(struct arena *arena, struct bytes document,
    const struct code_page *single, bool strict, struct converted *ret)
{
    struct output count = {.out = NULL}, output = {.out = NULL};

    decode_single(single, document, &count);
    if (strict && is_too_bad(&count))
        return false;
    output.out = arena_alloc(arena, count.len + 1);
    decode_single(single, document, &output);
    *ret = (struct converted){{output.out, output.len}, output.characters, output.bad};
    return true;
}

bool converter_to_utf8(struct arena *arena, struct bytes document, const char *name, bool strict,
    struct converted *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    const struct code_page *single = single_of(name);
    struct output count = {.out = NULL}, output = {.out = NULL};
    UConverter *converter;
    bool ok;

    if (single != NULL)
        return single_to_utf8(arena, document, single, strict, ret);
    converter = open_converter(name, &status);
    if (U_FAILURE(status))
        return false;
    if (document.len == 0)
        document = LIT("");
    ok = decode(converter, document, &count) && !(strict && is_too_bad(&count));
    if (ok) {
        output.out = arena_alloc(arena, count.len + 1);
        decode(converter, document, &output);
        *ret = (struct converted){{output.out, output.len}, output.characters, output.bad};
    }
    ucnv_close(converter);
    return ok;
}
