/* converter.c - knows how ICU decodes a large document without holding it twice as UTF-16. */
#include "text/converter.h"

#include <unicode/ucnv.h>
#include <unicode/udata.h>
#include <unicode/utf16.h>

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

bool converter_to_utf8(struct arena *arena, struct bytes document, const char *name, bool strict,
    struct converted *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = open_converter(name, &status);
    struct output count = {.out = NULL}, output = {.out = NULL};
    bool ok;

    if (U_FAILURE(status))
        return false;
    if (document.len == 0)
        document = LIT("");
    ok = decode(converter, document, &count) && !(strict && count.bad > 2 + count.characters / 50);
    if (ok) {
        output.out = arena_alloc(arena, count.len + 1);
        decode(converter, document, &output);
        *ret = (struct converted){{output.out, output.len}, output.characters, output.bad};
    }
    ucnv_close(converter);
    return ok;
}
