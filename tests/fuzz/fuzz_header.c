/* fuzz_header.c - header lines as a server may send them: collected, found, read for times. */
#include <assert.h>

#include "fetch/header.h"

static void check_lines(struct bytes headers)
{
    while (headers.len > 0) {
        struct bytes line = bytes_cut(&headers, '\n');

        assert(bytes_find(line, LIT(": ")) != SIZE_MAX);
        assert(bytes_find_byte(line, '\r') == SIZE_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {(const char *)data, size};
    struct buf out = {.limit = HEADER_BYTES};
    struct head head;
    int64_t most = HEADER_SECONDS * (int64_t)1000000;

    while (rest.len > 0)
        header_add(&out, bytes_cut(&rest, '\n'));
    check_lines(buf_bytes(&out));
    head_read(buf_bytes(&out), &head);
    assert(head_retry_after(&head, 0) >= -1 && head_retry_after(&head, 0) <= most);
    assert(head_max_age(&head, 0) >= -1 && head_max_age(&head, 0) <= most);
    assert(bytes_equal(head.etag, header_find(buf_bytes(&out), "etag")));
    assert(!header_is_validator(head.etag) || bytes_find_byte(head.etag, '\0') == SIZE_MAX);
    buf_done(&out);
    return 0;
}
