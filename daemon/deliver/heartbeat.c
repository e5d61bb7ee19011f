/* heartbeat.c - what there is to miss, told each second: how far the log goes, and each topic. */
#include "deliver/heartbeat.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"

enum { TOPICS_MOST = 2048 /* listed: languages of ISO 639 times our types are fewer */ };

struct topic {
    char *name;
    uint64_t sequence;
};

struct topics {
    struct topic *list;
    size_t count, cap;
};

static int on_topic(void *ctx, const char *name, uint64_t sequence)
{
    struct topics *topics = ctx;

    if (topics->count == topics->cap) {
        topics->cap = topics->cap == 0 ? 64 : 2 * topics->cap;
        topics->list = realloc(topics->list, topics->cap * sizeof(*topics->list));
        if (topics->list == NULL)
            arena_out_of_memory(topics->cap * sizeof(*topics->list));
    }
    topics->list[topics->count++] = (struct topic){new_text(name), sequence};
    return 0;
}

static int newest_first(const void *a, const void *b)
{
    uint64_t x = ((const struct topic *)a)->sequence;
    uint64_t y = ((const struct topic *)b)->sequence;

    return x > y ? -1 : x < y;
}

/* All topics, or the newest of too many and how many are left out: a heartbeat has a bound, and
 * there is always one. */
static void format_topics(struct store *store, struct json_writer *w)
{
    struct topics topics = {0};

    store_topics(store, on_topic, &topics, NULL);
    if (topics.count > TOPICS_MOST)
        qsort(topics.list, topics.count, sizeof(*topics.list), newest_first);
    json_begin_object(w, "topics");
    for (size_t i = 0; i < topics.count && i < TOPICS_MOST; i++)
        json_int(w, topics.list[i].name, (int64_t)topics.list[i].sequence);
    json_end_object(w);
    if (topics.count > TOPICS_MOST)
        json_int(w, "topicsLeftOut", (int64_t)(topics.count - TOPICS_MOST));
    for (size_t i = 0; i < topics.count; i++)
        free(topics.list[i].name);
    free(topics.list);
}

void heartbeat_format(struct store *store, struct buf *out)
{
    struct store_log log = store_log_state(store);
    struct json_writer w = {.out = out};
    char now[CLOCK_TEXT];
    char due[CLOCK_TEXT];

    buf_clear(out);
    buf_add_cstr(out, HEARTBEAT_TOPIC);
    json_begin_object(&w, NULL);
    json_cstr(&w, "epoch", store_epoch(store));
    json_int(&w, "head", (int64_t)log.head);
    json_int(&w, "first", (int64_t)log.first);
    json_cstr(&w, "time", clock_format(clock_wall(), now));
    json_cstr(&w, "due", clock_format(clock_wall() + HEARTBEAT_MS * INT64_C(1000), due));
    format_topics(store, &w);
    json_end_object(&w);
}
