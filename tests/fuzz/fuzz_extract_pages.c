/* fuzz_extract_pages.c - any addresses as pages of one article, and any pages joined to one.
 *
 * The first byte picks the parser; then come, each ended by a line break, the address of the first
 * page and that of the next; the rest is two pages with a form feed between them. */
#include <stdint.h>
#include <stdlib.h>

#include "extract_open.h"
#include "follow.h"
#include "page/pages.h"
#include "page/render.h"
#include "record/record.h"
#include "text/text.h"

enum { RECORD_BYTES = 64 << 20, LAST_NUMBER = 12 };

/* A page has one number, and is not its own next one; fragments make no difference. */
static void check_addresses(struct arena *arena, struct bytes first, struct bytes next)
{
    int numbers = 0;

    for (int number = 2; number <= LAST_NUMBER; number++) {
        bool is_next = pages_is_next(first, next, number);
        struct bytes marked = bytes_format(arena, "%.*s#top", FMT(next));

        numbers += is_next;
        if (bytes_find_byte(next, '#') == SIZE_MAX && bytes_find_byte(next, '\0') == SIZE_MAX &&
            pages_is_next(first, marked, number) != is_next)
            abort();
        if (pages_is_next(first, first, number))
            abort();
    }
    if (numbers > 1)
        abort();
}

static void join(struct extract *extract, struct wr_record *rec, struct bytes html)
{
    struct bytes next = pages_next(&extract->page, record_get(rec, WR_PAGE_URL), 2);
    struct bytes url = next.len > 0 ? bytes_copy(rec->arena, next) : record_get(rec, WR_PAGE_URL);
    struct bytes before = record_get(rec, WR_TEXT);
    bool joined = follow_join(extract, rec, html, url);
    struct bytes after = record_get(rec, WR_TEXT);

    if (!bytes_starts(after, before) || (!joined && after.len != before.len) ||
        !text_is_utf8(after) || !text_is_utf8(record_get(rec, WR_HTML)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct extract *parsers[2];
    struct bytes rest = {(const char *)data, size};
    size_t parser = size > 0 && data[0] % 2 == 1 && tree_fillers[1] != NULL;
    struct arena *arena = arena_new(RECORD_BYTES);
    struct wr_record *rec = record_new(arena);
    struct bytes first, next;

    if (parsers[parser] == NULL)
        parsers[parser] = open_with(parser);
    rest = bytes_from(rest, 1);
    first = bytes_cut(&rest, '\n');
    next = bytes_cut(&rest, '\n');
    check_addresses(arena, first, next);
    record_set(rec, WR_PAGE_URL, first);
    record_lend(rec, WR_PAGE, bytes_cut(&rest, '\f'));
    extract_article(parsers[parser], rec);
    join(parsers[parser], rec, rest);
    arena_free(arena);
    return 0;
}
