/* consumer.c - a consumer of the log, as it is told of. */
#include "view/view.h"

void view_consumer(const struct view *view, const struct consumer *consumer, struct json_writer *w)
{
    struct store_log log = store_log_state(view->store);
    uint64_t next = consumer->acked + 1;

    json_cstr(w, "name", consumer->name);
    json_cstr(w, "filter", consumer->filter);
    json_int(w, "acknowledged", (int64_t)consumer->acked);
    json_int(w, "sent", (int64_t)consumer->sent);
    json_int(w, "lag", (int64_t)(log.head > consumer->acked ? log.head - consumer->acked : 0));
    json_int(w, "trimmed", (int64_t)(log.first > next ? log.first - next : 0));
    json_bool(w, "hold", consumer->hold);
    json_bool(w, "connected", consumer->holder != NULL);
    view_time(w, "since", consumer->since);
    view_time(w, "heard", consumer->heard);
}
