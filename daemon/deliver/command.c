/* command.c - what clients of the pull socket ask for, one function a command. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "deliver/filter.h"
#include "deliver/private.h"
#include "wireroom/pull.h"

enum { CHECK_EVENTS = 1000 };

static bool read_number(struct client *client, struct bytes text, uint64_t *ret_number)
{
    int64_t number = 0;

    if (!bytes_to_int(text, &number) || number < 0) {
        client_error(client, "bad", "a number was expected", 0, 0);
        return false;
    }
    *ret_number = (uint64_t)number;
    return true;
}

static void tell(struct client *client, const struct error *err)
{
    const char *code = err->code == E_LIMIT || err->code == E_REFUSED ? "busy" : "bad";

    client_error(client, code, err->text, 0, 0);
}

void command_welcome(struct client *client)
{
    struct consumer *consumer = client->consumer;
    struct store_log log = store_log_state(client->pull->store);
    char first[INT_TEXT], head[INT_TEXT], acked[INT_TEXT];
    const struct bytes frames[] = {LIT("WELCOME"), bytes_of(store_epoch(client->pull->store)),
        bytes_of_int((int64_t)log.first, first), bytes_of_int((int64_t)log.head, head),
        bytes_of_int((int64_t)consumer->acked, acked)};

    client->is_welcome = true;
    client_send(client, frames, 5);
    consumer->sent = consumer->acked;
    client_read(client, consumer->filter, consumer->acked, READER_ENDLESS);
}

/* The consumer of that name, made if there is none. */
static int get_consumer(struct client *client, struct bytes name, struct bytes filter,
    struct bytes start, struct consumer **ret_consumer, struct error *err)
{
    struct pull *pull = client->pull;
    uint64_t acked = 0;
    int code;

    *ret_consumer = consumers_find(pull->consumers, name);
    if (*ret_consumer != NULL)
        return filter.len == 0 ? OK : consumer_filter(*ret_consumer, filter, err);
    code = consumer_start(pull->store, start, &acked, err);
    return code == OK ? consumer_add(pull->consumers, name, filter, acked, false, ret_consumer, err)
                      : code;
}

/* What happened to the name of one that goes on while nobody heard it. False: it is told. */
static bool may_go_on(struct client *client, struct bytes name, struct bytes epoch)
{
    struct consumer *consumer = consumers_find(client->pull->consumers, name);
    bool is_lost = consumer == NULL && bytes_is(epoch, store_epoch(client->pull->store));

    if (is_lost)
        client_error(client, "lost", CONSUMER_REMOVED, 0, 0);
    else if (consumer != NULL && consumer->holder != NULL)
        client_error(client, "fenced", CONSUMER_TAKEN, 0, 0);
    else
        return true;
    return false;
}

static void hello(struct client *client, const struct bytes *arguments)
{
    struct consumer *consumer = NULL;
    struct bytes start = arguments[2];
    struct error err = {0};

    if (client_reads(client)) {
        client_error(client, "busy", "this client reads already", 0, 0);
        return;
    }
    if (bytes_starts(start, LIT("again "))) {
        bytes_cut(&start, ' ');
        if (!may_go_on(client, arguments[0], start))
            return;
        start = LIT("first");
    }
    if (get_consumer(client, arguments[0], arguments[1], start, &consumer, &err) != OK) {
        tell(client, &err);
        return;
    }
    consumer_take(consumer, client);
    client->consumer = consumer;
    if (consumer->is_kept)
        command_welcome(client);
}

static int64_t at_most(int64_t value, int64_t most)
{
    return value < most ? value : most;
}

static void credit(struct client *client, const struct bytes *arguments)
{
    struct reader *reader = &client->reader;
    uint64_t records = 0;
    uint64_t bytes = 0;

    if (!read_number(client, arguments[0], &records) || !read_number(client, arguments[1], &bytes))
        return;
    reader->records =
        at_most(reader->records + at_most((int64_t)records, PULL_RECORDS), PULL_RECORDS);
    reader->bytes = at_most(reader->bytes + at_most((int64_t)bytes, PULL_BYTES), PULL_BYTES);
    reader_resume(reader);
}

static void ack(struct client *client, const struct bytes *arguments)
{
    struct consumer *consumer = client->consumer;
    uint64_t sequence = 0;
    char text[INT_TEXT];

    if (consumer == NULL || !client->is_welcome) {
        client_error(client, "bad", "ACK without a name: HELLO comes first", 0, 0);
    } else if (read_number(client, arguments[0], &sequence)) {
        const struct bytes frames[] = {LIT("ACKED"), bytes_of_int((int64_t)consumer->acked, text)};

        if (sequence > client->reader.cursor)
            client_error(client, "bad", "ACK of what was not sent", 0, 0);
        else if (sequence <= consumer->acked)
            client_send(client, frames, 2);
        else
            consumer_ack(consumer, sequence);
    }
}

static void tell_log(struct client *client, const struct store_log *log)
{
    char first[INT_TEXT], head[INT_TEXT];

    client_send(client,
        (const struct bytes[]){LIT("LOG"), bytes_of(store_epoch(client->pull->store)),
            bytes_of_int((int64_t)log->first, first), bytes_of_int((int64_t)log->head, head)},
        4);
}

/* A sequence, an event's id, or a time, which stands for the newest event that is older. False:
 * told what is wrong. */
static bool read_bound(
    struct client *client, struct bytes text, uint64_t *ret_sequence, bool *ret_is_time)
{
    struct store *store = client->pull->store;
    struct bytes number = text;
    struct bytes epoch = bytes_cut(&number, '-');
    struct error err = {0};
    int64_t value = 0;

    *ret_is_time = false;
    if (epoch.len == strlen(store_epoch(store)) && number.len > 0) {
        if (!bytes_is(epoch, store_epoch(store))) {
            client_error(
                client, "epoch", "the log was made anew: sequences of before mean nothing", 0, 0);
            return false;
        }
        text = number;
    } else if (clock_parse(text, &value)) {
        *ret_is_time = true;
        if (store_sequence_at(store, value, ret_sequence, &err) == OK)
            return true;
        tell(client, &err);
        return false;
    }
    if (!bytes_to_int(text, &value) || value < 0) {
        client_error(client, "bad", "a sequence, an event's id or a time was expected", 0, 0);
        return false;
    }
    *ret_sequence = (uint64_t)value;
    return true;
}

static void range(struct client *client, const struct bytes *arguments)
{
    struct store_log log = store_log_state(client->pull->store);
    struct error err = {0};
    uint64_t from = 0;
    uint64_t to = log.head;
    uint64_t before;
    bool is_time = false;

    if (client_reads(client)) {
        client_error(client, "busy", "this client reads already", 0, 0);
        return;
    }
    if (arguments[1].len > 0 && !read_bound(client, arguments[1], &to, &is_time))
        return;
    if (is_time && to + 1 < log.first)
        to = log.first - 1; /* some that left the log may be older: that is told */
    if (!read_bound(client, arguments[0], &from, &is_time))
        return;
    from += is_time;
    if (filter_check(arguments[2], &err) != OK) {
        tell(client, &err);
        return;
    }
    reader_remove(&client->reader);
    free(client->filter);
    client->filter = strndup(arguments[2].len == 0 ? "" : arguments[2].ptr, arguments[2].len);
    tell_log(client, &log);
    to = to < log.head ? to : log.head;
    before = from == 0 ? 0 : from - 1;
    before = before < log.head ? before : log.head;
    /* Nothing to read: an end that is reached already, and is none of what comes later. */
    client_read(client, client->filter, before, to > before ? to : before);
}

struct counting {
    const char *filter;
    uint64_t found, last;
};

static int count_event(void *ctx, const struct committed *event)
{
    struct counting *counting = ctx;
    const uint64_t *previous;

    counting->found += filter_match(counting->filter, event, &previous) != NULL;
    counting->last = event->sequence;
    return 0;
}

static void check(struct client *client, const struct bytes *arguments)
{
    struct store *store = client->pull->store;
    char filter[FILTER_MOST + 1], found[INT_TEXT];
    struct counting counting = {.filter = filter};
    struct error err = {0};

    if (filter_check(arguments[0], &err) != OK) {
        tell(client, &err);
        return;
    }
    if (!read_number(client, arguments[1], &counting.last))
        return;
    snprintf(filter, sizeof(filter), "%.*s", FMT(arguments[0]));
    if (store_events(store, counting.last, CHECK_EVENTS, count_event, &counting, &err) != OK) {
        tell(client, &err);
        return;
    }
    client_send(client,
        (const struct bytes[]){LIT("COUNT"), bytes_of_int((int64_t)counting.found, found),
            counting.last < store_log_state(store).head ? LIT("1") : LIT("0")},
        3);
}

static void state(struct client *client, const struct bytes *arguments)
{
    const struct consumer *consumer = client->consumer;
    const struct reader *reader = &client->reader;
    const int64_t numbers[] = {(int64_t)(consumer == NULL ? 0 : consumer->acked),
        (int64_t)reader->cursor, (int64_t)store_log_state(client->pull->store).head,
        reader->records, reader->bytes};
    char texts[5][INT_TEXT];
    struct bytes frames[6] = {LIT("STATE")};

    (void)arguments;
    for (size_t i = 0; i < 5; i++)
        frames[i + 1] = bytes_of_int(numbers[i], texts[i]);
    client_send(client, frames, 6);
}

static void ping(struct client *client, const struct bytes *arguments)
{
    char head[INT_TEXT];

    (void)arguments;
    client_send(client,
        (const struct bytes[]){
            LIT("PONG"), bytes_of_int((int64_t)store_log_state(client->pull->store).head, head)},
        2);
}

static void bye(struct client *client, const struct bytes *arguments)
{
    (void)arguments;
    client_forget(client);
}

static const struct {
    const char *name;
    size_t arguments;
    bool begins; /* asked by one of whom nothing is known */
    void (*run)(struct client *client, const struct bytes *arguments);
} commands[] = {
    {"HELLO", 3, true, hello},
    {"CREDIT", 2, false, credit},
    {"ACK", 1, false, ack},
    {"RANGE", 3, true, range},
    {"CHECK", 2, true, check},
    {"STAT", 0, true, state},
    {"PING", 0, false, ping},
    {"BYE", 0, false, bye},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

void command_run(
    struct client *client, struct bytes name, const struct bytes *arguments, size_t count)
{
    bool is_known = client->consumer != NULL || client->reader.readers != NULL;
    size_t i = 0;

    while (i < COMMANDS && !bytes_is(name, commands[i].name))
        i++;
    if (i == COMMANDS)
        client_error(client, "bad", "no such command", 0, 0);
    else if (count != commands[i].arguments)
        client_error(client, "bad", "another number of arguments was expected", 0, 0);
    else if (!is_known && !commands[i].begins)
        client_error(client, "unknown", "HELLO or RANGE comes first", 0, 0);
    else
        commands[i].run(client, arguments);
}
