/* filter.c - which events a reader of the log wants. */
#include "deliver/filter.h"

int filter_check(struct bytes filter, struct error *err)
{
    if (filter.len > FILTER_MOST)
        return fail(err, E_USAGE, "filter: longer than %d bytes", FILTER_MOST);
    for (size_t i = 0; i < filter.len; i++)
        if (filter.ptr[i] < ' ' || filter.ptr[i] > '~')
            return fail(err, E_USAGE, "filter: byte %zu is in no topic", i + 1);
    return OK;
}

static bool wants(const char *filter, const char *topic)
{
    struct bytes rest = bytes_of(filter);
    bool any = true;

    while (rest.len > 0) {
        struct bytes prefix = bytes_cut(&rest, ' ');

        if (prefix.len == 0)
            continue;
        if (bytes_starts(bytes_of(topic), prefix))
            return true;
        any = false;
    }
    return any;
}

const char *filter_match(
    const char *filter, const struct committed *event, const uint64_t **ret_previous)
{
    *ret_previous = NULL;
    if (wants(filter, event->topic))
        return event->topic;
    for (size_t i = 0; i < event->further_count; i++)
        if (wants(filter, event->further[i].name)) {
            *ret_previous = &event->further[i].previous;
            return event->further[i].name;
        }
    return NULL;
}
