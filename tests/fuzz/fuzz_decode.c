/* fuzz_decode.c - bodies under each encoding; the first byte picks which. */
#include <assert.h>

#include "worker/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const encodings[] = {
        "gzip", "deflate", "br", "zstd", "", "gzip, br", "deflate, zstd", "exotic"};
    struct decoded decoded;
    struct error err = {0};
    const char *encoding;

    if (size == 0)
        return 0;
    encoding = encodings[data[0] % 8];
    if (decode_body((struct bytes){(const char *)data + 1, size - 1}, bytes_of(encoding), 1 << 20,
            &decoded, &err) != OK) {
        assert(err.text[0] != '\0');
        return 0;
    }
    assert(decoded.body.len <= 1 << 20);
    decoded_done(&decoded);
    return 0;
}
