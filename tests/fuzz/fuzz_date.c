/* fuzz_date.c - any text as a date: what is read is a day that exists, and is read again from its
 * own form. */
#include "text/date.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 20);
    struct date date, again;

    for (int order = DATE_ORDER_UNKNOWN; order <= DATE_MONTH_FIRST; order++)
        if (date_parse((struct bytes){(const char *)data, size}, (enum date_order)order, &date)) {
            assert(date.precision >= DATE_YEAR && date.precision <= DATE_SECOND);
            assert(date_parse(date_format(arena, &date), DATE_ORDER_UNKNOWN, &again));
            assert(date.instant >= again.instant && date.instant - again.instant < 1000);
        }
    arena_free(arena);
    return 0;
}
