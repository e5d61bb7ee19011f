/* consumer.c - named consumers, in memory and in the store: one write of each at a time, the next
 * with whatever came meanwhile. */
#include "deliver/consumer.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "deliver/filter.h"

enum {
    HEARD_EVERY = 3600, /* seconds between writes of that alone */
    WARN_SHARE = 4,     /* a warning when the last quarter of the time begins */
};

LIST_HEAD(consumer_list, consumer);

struct consumers {
    struct store *store;
    struct consumer_hooks hooks;
    struct consumer_list list; /* in order of their names */
    size_t count;
    int64_t tended; /* mono */
};

static void forget(struct consumer *c)
{
    LIST_REMOVE(c, entry);
    c->consumers->count--;
    free(c->name);
    free(c->filter);
    free(c);
}

static struct consumer *insert(struct consumers *consumers, const struct store_consumer *row)
{
    struct consumer *c = new_zeroed(sizeof(*c));
    struct consumer *at = LIST_FIRST(&consumers->list);
    struct consumer *before = NULL;

    *c = (struct consumer){.consumers = consumers,
        .name = new_text(row->name),
        .filter = new_text(row->filter),
        .acked = row->acked,
        .wanted = row->acked,
        .sent = row->acked,
        .hold = row->hold,
        .since = row->since,
        .heard = row->heard,
        .unused = row->unused};
    while (at != NULL && strcmp(at->name, c->name) < 0) {
        before = at;
        at = LIST_NEXT(at, entry);
    }
    if (before == NULL)
        LIST_INSERT_HEAD(&consumers->list, c, entry);
    else
        LIST_INSERT_AFTER(before, c, entry);
    consumers->count++;
    return c;
}

static void on_row(void *ctx, const struct store_consumer *row)
{
    insert(ctx, row)->is_kept = true;
}

int consumers_open(struct store *store, const struct consumer_hooks *hooks,
    struct consumers **ret_consumers, struct error *err)
{
    struct consumers *consumers = new_zeroed(sizeof(*consumers));
    int code;

    consumers->store = store;
    consumers->hooks = *hooks;
    LIST_INIT(&consumers->list);
    code = store_consumers(store, on_row, consumers, err);
    if (code != OK) {
        consumers_close(consumers);
        return code;
    }
    *ret_consumers = consumers;
    return OK;
}

void consumers_close(struct consumers *consumers)
{
    if (consumers == NULL)
        return;
    while (!LIST_EMPTY(&consumers->list))
        forget(LIST_FIRST(&consumers->list));
    free(consumers);
}

struct consumer *consumers_find(const struct consumers *consumers, struct bytes name)
{
    struct consumer *c;

    LIST_FOREACH(c, &consumers->list, entry)
    if (!c->is_removed && bytes_is(name, c->name))
        return c;
    return NULL;
}

static int check_name(struct bytes name, struct error *err)
{
    bool is_good = name.len > 0 && name.len <= CONSUMER_NAME;

    for (size_t i = 0; i < name.len && is_good; i++)
        is_good =
            is_alpha(name.ptr[i]) || is_digit(name.ptr[i]) || memchr("._-", name.ptr[i], 3) != NULL;
    return is_good ? OK
                   : fail(err, E_USAGE,
                         "'%.*s' names no consumer: 1 to %d letters, digits, '.', '_' and '-' do",
                         FMT(bytes_slice(name, 0, 80)), CONSUMER_NAME);
}

int consumer_start(struct store *store, struct bytes start, uint64_t *ret_acked, struct error *err)
{
    struct store_log log = store_log_state(store);
    struct bytes word = bytes_trim(start);
    int64_t number = 0;
    int64_t wall = 0;

    if (bytes_starts(word, LIT("seq ")) || bytes_starts(word, LIT("time ")))
        bytes_cut(&word, ' ');
    word = bytes_trim(word);
    if (word.len == 0 || bytes_is(word, "ack") || bytes_is(word, "now"))
        *ret_acked = log.head;
    else if (bytes_is(word, "first"))
        *ret_acked = log.first == 0 ? 0 : log.first - 1;
    else if (bytes_is(word, "last"))
        *ret_acked = log.head == 0 ? 0 : log.head - 1;
    else if (bytes_to_int(word, &number) && number >= 0)
        *ret_acked = number == 0 ? 0 : (uint64_t)number - 1;
    else if (clock_parse(word, &wall))
        return store_sequence_at(store, wall, ret_acked, err);
    else
        return fail(err, E_USAGE,
            "'%.*s' is no start: now, first, last, a sequence or a time such as "
            "2026-11-29T12:00:00Z",
            FMT(bytes_slice(start, 0, 80)));
    return *ret_acked <= log.head
               ? OK
               : fail(err, E_NOT_FOUND, "the log ends at %llu", (unsigned long long)log.head);
}

static void write_row(struct consumer *c);

/* An error is for good: for want of room the store waits by itself. */
static void on_kept(void *ctx, const struct error *err)
{
    struct consumer *c = ctx;

    c->is_writing = false;
    if (err == NULL && c->is_changed)
        write_row(c);
    else if (c->is_removed)
        forget(c);
}

struct written {
    struct consumer *consumer;
    uint64_t acked;
};

static void on_written(void *ctx, const struct error *err)
{
    struct written *written = ctx;
    struct consumer *c = written->consumer;
    bool is_news = written->acked != c->acked || !c->is_kept;

    if (err == NULL) {
        c->acked = written->acked;
        c->is_kept = c->is_kept || !c->is_changed;
    }
    free(written);
    if (err == NULL && is_news && c->is_kept && !c->is_removed)
        c->consumers->hooks.kept(c->consumers->hooks.ctx, c);
    on_kept(c, err);
}

static void write_row(struct consumer *c)
{
    const struct store_consumer row = {.name = c->name,
        .filter = c->filter,
        .acked = c->wanted,
        .hold = c->hold,
        .since = c->since,
        .heard = c->heard,
        .unused = c->unused};
    struct written *written;

    c->is_changed = c->is_writing;
    if (c->is_writing)
        return;
    c->is_writing = true;
    if (c->is_removed) {
        store_consumer_remove(c->consumers->store, c->name, on_kept, c);
        return;
    }
    written = new_zeroed(sizeof(*written));
    *written = (struct written){c, c->wanted};
    store_consumer_put(c->consumers->store, &row, on_written, written);
}

int consumer_add(struct consumers *consumers, struct bytes name, struct bytes filter,
    uint64_t acked, bool hold, struct consumer **ret_consumer, struct error *err)
{
    int64_t now = clock_wall();
    int code = check_name(name, err);
    struct consumer *c;
    char *name_text, *filter_text;

    if (code == OK)
        code = filter_check(filter, err);
    if (code != OK)
        return code;
    LIST_FOREACH(c, &consumers->list, entry)
    if (bytes_is(name, c->name))
        return fail(err, E_REFUSED, "%s a consumer %s%s", c->is_removed ? "removing" : "there is",
            c->name, c->is_removed ? " is not done yet" : " already");
    if (consumers->count == CONSUMERS_MOST)
        return fail(err, E_LIMIT, "there are %d consumers, which is the most", CONSUMERS_MOST);
    name_text = strndup(name.ptr, name.len);
    filter_text = strndup(filter.len == 0 ? "" : filter.ptr, filter.len);
    *ret_consumer = insert(consumers, &(struct store_consumer){.name = name_text,
                                          .filter = filter_text,
                                          .acked = acked,
                                          .hold = hold,
                                          .since = now,
                                          .heard = now});
    free(name_text);
    free(filter_text);
    write_row(*ret_consumer);
    return OK;
}

void consumer_ack(struct consumer *consumer, uint64_t sequence)
{
    if (sequence <= consumer->wanted)
        return;
    consumer->wanted = sequence;
    consumer->heard = clock_wall();
    write_row(consumer);
}

int consumer_filter(struct consumer *consumer, struct bytes filter, struct error *err)
{
    int code = filter_check(filter, err);

    if (code != OK || bytes_is(filter, consumer->filter))
        return code;
    free(consumer->filter);
    consumer->filter = strndup(filter.ptr, filter.len);
    write_row(consumer);
    return OK;
}

void consumer_hear(struct consumer *consumer)
{
    int64_t before = consumer->heard;

    consumer->heard = clock_wall();
    if (consumer->heard - before > HEARD_EVERY * (int64_t)SECOND)
        write_row(consumer);
}

static void lose(struct consumer *c, const char *why)
{
    if (c->holder != NULL)
        c->consumers->hooks.lost(c->consumers->hooks.ctx, c, why);
    c->holder = NULL;
}

void consumer_take(struct consumer *consumer, void *holder)
{
    lose(consumer, CONSUMER_TAKEN);
    consumer->holder = holder;
    consumer_hear(consumer);
}

void consumer_reset(struct consumer *consumer, uint64_t acked)
{
    lose(consumer, "it was set to another place");
    consumer->wanted = consumer->sent = acked;
    consumer->is_kept = false;
    write_row(consumer);
}

void consumer_remove(struct consumer *consumer)
{
    consumer->is_removed = true;
    lose(consumer, CONSUMER_REMOVED);
    write_row(consumer);
}

void consumers_each(const struct consumers *consumers,
    void (*visit)(void *ctx, struct consumer *consumer), void *ctx)
{
    struct consumer *c;

    LIST_FOREACH(c, &consumers->list, entry)
    if (!c->is_removed)
        visit(ctx, c);
}

static void count_unused(struct consumer *c, int64_t passed)
{
    const int64_t hour = HEARD_EVERY * (int64_t)SECOND;
    int64_t before = c->unused;

    c->unused = c->holder != NULL ? 0 : before + passed;
    if (c->unused / hour != before / hour)
        write_row(c);
}

static void tend_one(struct consumer *c, int64_t keep, int64_t passed)
{
    bool was_warned = c->warned;
    int64_t left;

    count_unused(c, passed);
    left = keep - c->unused;
    c->warned = left < keep / WARN_SHARE;
    if (c->is_removed)
        return;
    if (left <= 0) {
        log_warning("consumer %s was not used for so long that it is removed", c->name);
        consumer_remove(c);
    } else if (c->warned && !was_warned) {
        log_warning("consumer %s is not used: it is removed in %lld h", c->name,
            (long long)(left / SECOND / 3600));
    }
}

void consumers_tend(struct consumers *consumers, int64_t keep)
{
    int64_t now = clock_mono();
    int64_t passed = consumers->tended == 0 ? 0 : now - consumers->tended;
    struct consumer *next;

    consumers->tended = now;
    for (struct consumer *c = LIST_FIRST(&consumers->list); c != NULL; c = next) {
        next = LIST_NEXT(c, entry);
        tend_one(c, keep, passed);
    }
}
