/* fuzz_encoding.c - any bytes, the first line as their Content-Type: what comes out is UTF-8. */
#include "text/encoding.h"
#include "text/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(256 << 20);
    struct bytes document = {(const char *)data, size};
    struct bytes type = bytes_cut(&document, '\n');
    struct encoding_result result;
    struct error err = {0};

    for (int kind = ENCODING_XML; kind <= ENCODING_NONE; kind++)
        if (encoding_to_utf8(arena, document, type, (enum encoding_kind)kind, &result, &err) ==
            OK) {
            assert(text_is_utf8(result.text));
            assert(text_is_utf8(text_repair(arena, result.text)));
            text_from_html(arena, result.text, true);
            text_decode(arena, result.text);
            text_fold(arena, result.text);
        }
    arena_free(arena);
    return 0;
}
