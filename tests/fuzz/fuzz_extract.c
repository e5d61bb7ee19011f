/* fuzz_extract.c - any bytes as a page, through the whole stage; the first byte picks the parser.
 */
#include <stdint.h>
#include <stdlib.h>

#include "extract_open.h"
#include "record/record.h"
#include "text/text.h"

enum { RECORD_BYTES = 64 << 20 };

static void check(const struct wr_record *rec)
{
    static const int fields[] = {
        WR_TITLE, WR_TEXT, WR_HTML, WR_PUBLISHED, WR_IMAGE, WR_STANDFIRST, WR_BYLINE};

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (!text_is_utf8(record_get(rec, fields[i])))
            abort();
    if (record_get(rec, WR_STATUS).len == 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct extract *parsers[2];
    size_t parser = size > 0 && data[0] % 2 == 1 && tree_fillers[1] != NULL;
    struct arena *arena = arena_new(RECORD_BYTES);
    struct wr_record *rec = record_new(arena);

    if (parsers[parser] == NULL)
        parsers[parser] = open_with(parser);
    if (size > 1)
        record_lend(rec, WR_PAGE, (struct bytes){(const char *)data + 1, size - 1});
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/2025/03/a-story"));
    record_set(rec, WR_FEED_CONTENT, LIT("<p>What the feed has to say of it.</p>"));
    extract_article(parsers[parser], rec);
    check(rec);
    arena_free(arena);
    return 0;
}
