/* tail.c - a subscriber that loses nothing: it queues what is pushed, knows by prevsequence what it
 * missed, and reads that from the log (docs: DELIVERY section 3, "joining"). */
#include "cli/tail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <zmq.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/table.h"

enum {
    TOPICS = 65536, /* the daemon's log has no more */
    TOPIC_MOST = 128,
    EVENT_ARENA = 256 << 20,
    SILENCE = 5 * SECOND,
    ASKING = 2, /* seconds, for a name */
    QUEUE = 100000
};

/* The greatest sequence printed of each topic. */
struct topic {
    char name[TOPIC_MOST + 1];
    uint64_t last;
};

struct tail {
    struct tail_options options;
    struct client *client;
    struct client *asking; /* of articles that came before; NULL until one is met */
    void *context, *socket;
    struct arena *arena;
    struct tail_names *names;
    struct topic topics[TOPICS];
    size_t topics_count;
    struct table topics_by_name;
    uint64_t start;   /* nothing up to here is printed */
    uint64_t printed; /* how many were */
    uint64_t lost;    /* no longer in the log */
    char epoch[40];
    bool ended;
    int64_t heard; /* mono: when the last message came */
};

static bool is_topic(const void *item, const void *key)
{
    const struct topic *topic = item;
    const struct bytes *name = key;

    return bytes_is(*name, topic->name);
}

/* NULL when there are too many; then events of that topic are printed without looking for gaps. */
static struct topic *find_topic(struct tail *tail, struct bytes name)
{
    uint64_t hash = hash64(name);
    struct topic *topic = table_find(&tail->topics_by_name, hash, is_topic, &name);

    if (topic != NULL)
        return topic;
    if (tail->topics_count == TOPICS || name.len > TOPIC_MOST)
        return NULL;
    topic = &tail->topics[tail->topics_count++];
    memcpy(topic->name, name.ptr, name.len);
    topic->name[name.len] = '\0';
    topic->last = tail->start;
    table_add(&tail->topics_by_name, hash, topic);
    return topic;
}

/* Whose report is copied, where that was not printed: the log has it. One that cannot be asked for
 * is asked for no more. */
static void find_original(struct tail *tail, const struct json *event)
{
    const struct json *copied = json_get(json_get(event, "data"), "duplicateOf");
    struct bytes uri = json_get_text(copied, "uri");
    struct arena *arena;
    struct json *line = NULL;

    if (uri.len == 0 || tail_names_has(tail->names, uri))
        return;
    if (tail->asking == NULL)
        tail->asking = client_open_path(client_path(tail->client));
    tail_names_put(tail->names, uri, NULL);
    if (tail->asking == NULL)
        return;
    arena = arena_new(EVENT_ARENA);
    client_patience(tail->asking, ASKING);
    json_string(client_begin(tail->asking, "article"), "article", uri);
    if (client_ask(tail->asking, arena, &line, NULL) == OK && json_get(line, "event") != NULL)
        tail_names_put(tail->names, uri, json_get(json_get(line, "event"), "data"));
    client_close(tail->asking); /* with the lines that are left */
    tail->asking = NULL;
    arena_free(arena);
}

static void print_event(struct tail *tail, const struct json *event, struct bytes body)
{
    if (tail->ended)
        return;
    if (tail->options.json) {
        fwrite(body.ptr, 1, body.len, stdout);
        putchar('\n');
    } else {
        find_original(tail, event);
        tail_print(stdout, event, tail->names);
    }
    tail->printed++;
    if (fflush(stdout) != 0 ||
        (tail->options.count > 0 && tail->printed == (uint64_t)tail->options.count))
        tail->ended = true;
}

/* An event of the log or pushed: printed unless its topic is past it already. */
static void take_event(struct tail *tail, struct bytes topic_name, uint64_t sequence,
    const struct json *event, struct bytes body)
{
    struct topic *topic = find_topic(tail, topic_name);

    if (sequence <= tail->start || (topic != NULL && sequence <= topic->last))
        return;
    if ((tail->options.topic == NULL || bytes_starts(topic_name, bytes_of(tail->options.topic))) &&
        tail_wants(&tail->options.wanted, event))
        print_event(tail, event, body);
    if (topic != NULL)
        topic->last = sequence;
}

static void take_logged(struct tail *tail, const struct json *line)
{
    const struct json *event = json_get(line, "event");
    struct buf body = {0};
    struct json_writer w = {.out = &body};

    if (tail->options.json)
        json_value(&w, NULL, event);
    take_event(tail, json_get_text(line, "topic"), (uint64_t)json_get_int(line, "sequence", 0),
        event, buf_bytes(&body));
    buf_done(&body);
}

/* The log holds every sequence but those that were trimmed. */
static void tell_lost(struct tail *tail, uint64_t from, uint64_t to)
{
    fflush(stdout);
    if (from == 1 && tail->options.since == 0) {
        fprintf(stderr, "wireroom: the log begins at %" PRIu64 "\n", to + 1);
        return;
    }
    tail->lost += to - from + 1;
    fprintf(
        stderr, "wireroom: events %" PRIu64 " to %" PRIu64 " are no longer in the log\n", from, to);
}

struct reading {
    struct tail *tail;
    uint64_t before, until;
};

static int on_logged(void *ctx, const struct json *line)
{
    struct reading *r = ctx;
    uint64_t sequence = (uint64_t)json_get_int(line, "sequence", 0);

    if (sequence > r->before + 1 && !r->tail->ended)
        tell_lost(r->tail, r->before + 1, sequence - 1);
    r->before = sequence;
    if (r->until == 0 || sequence <= r->until)
        take_logged(r->tail, line);
    return r->tail->ended || (r->until != 0 && sequence >= r->until);
}

/* Read the log from after `since` up to and including `until` (0: its end). */
static int read_log(struct tail *tail, uint64_t since, uint64_t until, struct error *err)
{
    struct reading reading = {tail, since, until};

    return tail->ended ? OK : client_each_logged(tail->client, since, on_logged, &reading, err);
}

/* The publisher starts anew (another store): what was known about its numbers is void. */
static void take_epoch(struct tail *tail, struct bytes epoch)
{
    if (tail->epoch[0] != '\0' && !bytes_is(epoch, tail->epoch)) {
        tail->topics_count = 0;
        table_done(&tail->topics_by_name);
        tail->start = 0;
    }
    snprintf(tail->epoch, sizeof(tail->epoch), "%.*s",
        FMT(bytes_slice(epoch, 0, sizeof(tail->epoch) - 1)));
}

/* A new connection to the same socket; E_STOPPED when nobody is there. */
static int reopen(struct tail *tail, struct error *err)
{
    struct client *client = client_open_path(client_path(tail->client));

    if (client == NULL)
        return fail(err, E_STOPPED, "the daemon went away");
    client_close(tail->client);
    tail->client = client;
    return OK;
}

/* read_log(), also from a daemon that was started again meanwhile. */
static int catch_up(struct tail *tail, uint64_t since, uint64_t until, struct error *err)
{
    int code = read_log(tail, since, until, err);

    if (code == E_STOPPED && reopen(tail, err) == OK)
        code = read_log(tail, since, until, err);
    return code;
}

/* A heartbeat names the last sequence of each topic: what is missing at its end is known without a
 * further event. */
static int take_beat(struct tail *tail, struct bytes body, struct error *err)
{
    const struct json *topics;
    struct json *beat;
    uint64_t from = UINT64_MAX;

    if (json_parse(tail->arena, body, &beat, NULL) != OK)
        return OK;
    take_epoch(tail, json_get_text(beat, "epoch"));
    topics = json_get(beat, "topics");
    for (const struct json *t = topics == NULL ? NULL : topics->first; t != NULL; t = t->next) {
        const struct topic *topic = find_topic(tail, t->key);
        int64_t last = 0;

        if (topic != NULL && bytes_to_int(json_text(t), &last) && (uint64_t)last > topic->last &&
            topic->last < from)
            from = topic->last;
    }
    return from == UINT64_MAX ? OK : catch_up(tail, from, 0, err);
}

static uint64_t sequence_of(const struct json *event, const char *name)
{
    return (uint64_t)json_get_int(event, name, 0);
}

static int take_pushed(struct tail *tail, struct bytes name, struct bytes body, struct error *err)
{
    struct topic *topic;
    struct json *event;
    int code = OK;

    if (bytes_starts(name, LIT("heartbeat/")))
        return take_beat(tail, body, err);
    if (json_parse(tail->arena, body, &event, NULL) != OK)
        return OK;
    topic = find_topic(tail, name);
    if (topic != NULL && sequence_of(event, "prevsequence") > topic->last) {
        uint64_t sequence = sequence_of(event, "sequence");

        return catch_up(
            tail, topic->last, sequence, err); /* resets the arena: event is printed from the log */
    }
    if (json_get(json_get(event, "data"), "shortened") != NULL) {
        uint64_t sequence = sequence_of(event, "sequence");

        return catch_up(tail, sequence - 1, sequence, err);
    }
    take_event(tail, name, sequence_of(event, "sequence"), event, body);
    return code;
}

/* One message of the publisher, if there is one within the time. */
static int receive(struct tail *tail, int timeout, struct error *err)
{
    zmq_pollitem_t item = {.socket = tail->socket, .events = ZMQ_POLLIN};
    zmq_msg_t frames[2];
    int code = 1;

    if (zmq_poll(&item, 1, timeout) < 0)
        return errno == EINTR ? 0 : fail(err, E_SYSTEM, "subscriber: %s", zmq_strerror(errno));
    if ((item.revents & ZMQ_POLLIN) == 0)
        return 0;
    zmq_msg_init(&frames[0]);
    zmq_msg_init(&frames[1]);
    if (zmq_msg_recv(&frames[0], tail->socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&frames[0]) &&
        zmq_msg_recv(&frames[1], tail->socket, ZMQ_DONTWAIT) >= 0) {
        arena_reset(tail->arena);
        if (take_pushed(tail, (struct bytes){zmq_msg_data(&frames[0]), zmq_msg_size(&frames[0])},
                (struct bytes){zmq_msg_data(&frames[1]), zmq_msg_size(&frames[1])}, err) < 0)
            code = err->code;
    }
    zmq_msg_close(&frames[0]);
    zmq_msg_close(&frames[1]);
    return code;
}

/* From this machine itself any key pair will do, of who knows the daemon's. */
static void bring_key(void *socket, const char *daemon_key)
{
    char public_key[41], secret[41];

    if (daemon_key[0] == '\0' || zmq_curve_keypair(public_key, secret) != 0)
        return;
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, daemon_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, public_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, 41);
}

static int subscribe(
    struct tail *tail, const char *endpoint, const char *daemon_key, struct error *err)
{
    int queue = QUEUE;
    int linger = 0;

    tail->context = zmq_ctx_new();
    tail->socket = zmq_socket(tail->context, ZMQ_SUB);
    zmq_setsockopt(tail->socket, ZMQ_RCVHWM, &queue, sizeof(queue));
    zmq_setsockopt(tail->socket, ZMQ_LINGER, &linger, sizeof(linger));
    if (bytes_starts(bytes_of(endpoint), LIT("tcp://")))
        bring_key(tail->socket, daemon_key);
    if (zmq_connect(tail->socket, endpoint) != 0)
        return fail(err, E_SYSTEM, "connect %s: %s", endpoint, zmq_strerror(errno));
    zmq_setsockopt(tail->socket, ZMQ_SUBSCRIBE, "heartbeat/", 10);
    zmq_setsockopt(tail->socket, ZMQ_SUBSCRIBE, "all/", 4);
    return OK;
}

/* A sequence of another log, or one that is still to come, has nothing after it to read. */
static int check_since(const struct tail *tail, const struct json *log, struct error *err)
{
    const struct tail_options *wanted = &tail->options;
    struct bytes epoch = json_get_text(log, "epoch");

    if (wanted->epoch.len > 0 && !bytes_equal(wanted->epoch, epoch))
        return fail(err, E_NOT_FOUND,
            "%.*s is the epoch of another log, this one has %.*s: begin anew with --since 0",
            FMT(wanted->epoch), FMT(epoch));
    if (wanted->since > json_get_int(log, "head", 0))
        return fail(err, E_NOT_FOUND, "the log ends at %" PRIi64 " (epoch %.*s)",
            json_get_int(log, "head", 0), FMT(epoch));
    return OK;
}

/* Where the newest of what is wanted begin: their sequences, the last `most` of them. */
struct newest {
    const struct tail_options *options;
    uint64_t *sequences;
    uint64_t found, until;
};

static int count_logged(void *ctx, const struct json *line)
{
    struct newest *n = ctx;
    const struct json *event = json_get(line, "event");
    uint64_t sequence = (uint64_t)json_get_int(line, "sequence", 0);

    if (sequence <= n->until && tail_wants(&n->options->wanted, event))
        n->sequences[n->found++ % (uint64_t)n->options->last] = sequence;
    return sequence >= n->until;
}

/* Ever longer pieces of the log's end are read until they hold as many as are wanted: each is four
 * times the one before, so that all together are no more than a third over the last. */
static int find_last(struct tail *tail, uint64_t head, struct error *err)
{
    struct newest newest = {.options = &tail->options, .until = head};
    uint64_t most = (uint64_t)tail->options.last;
    uint64_t floor = tail->start;
    uint64_t since = head;
    int code = OK;

    newest.sequences = new_zeroed((size_t)most * sizeof(*newest.sequences));
    for (uint64_t piece = most; code == OK && newest.found < most && since > floor; piece *= 4) {
        since = head - floor > piece ? head - piece : floor;
        newest.found = 0;
        code = client_each_logged(tail->client, since, count_logged, &newest, err);
    }
    if (newest.found == 0)
        tail->start = head;
    else
        tail->start = newest.sequences[newest.found < most ? 0 : newest.found % most] - 1;
    free(newest.sequences);
    return code;
}

/* The sequence before what was recorded at that time: a replay of nothing says where it begins. */
static int find_time(struct tail *tail, const struct json *log, struct error *err)
{
    char time[CLOCK_TEXT];
    struct json *line = NULL;
    struct json_writer *w = client_begin(tail->client, "replay");
    uint64_t first = (uint64_t)json_get_int(log, "first", 0);
    int code;

    json_cstr(w, "from", clock_format(tail->options.since_time, time));
    json_cstr(w, "to", time);
    code = client_ask(tail->client, tail->arena, &line, err);
    if (code != OK)
        return code;
    tail->start = (uint64_t)json_get_int(line, "next", 0);
    if (first > 1 && tail->start < first)
        fprintf(stderr, "wireroom: the log begins at %" PRIu64 "\n", first);
    return OK;
}

static int find_start(struct tail *tail, const struct json *log, struct error *err)
{
    const struct tail_options *wanted = &tail->options;
    uint64_t head = (uint64_t)json_get_int(log, "head", 0);
    uint64_t first = (uint64_t)json_get_int(log, "first", 0);
    int code = OK;

    tail->start = wanted->since >= 0 ? (uint64_t)wanted->since : head;
    if (wanted->since_time != 0)
        code = find_time(tail, log, err);
    if (code != OK || wanted->last == 0)
        return code;
    if (wanted->since < 0 && wanted->since_time == 0)
        tail->start = first > 0 ? first - 1 : 0;
    return find_last(tail, head, err);
}

/* Subscribe, then read the log up to here: what is pushed meanwhile waits in the queue. */
static int join(struct tail *tail, struct error *err)
{
    struct json *line = NULL;
    const struct json *status;
    char endpoint[512], key[64];
    int code;

    client_begin(tail->client, "status");
    code = client_ask(tail->client, tail->arena, &line, err);
    if (code != OK)
        return code;
    status = json_get(line, "status");
    code = check_since(tail, json_get(status, "log"), err);
    if (code != OK)
        return code;
    snprintf(endpoint, sizeof(endpoint), "%.*s", FMT(json_get_text(status, "endpoint")));
    snprintf(key, sizeof(key), "%.*s", FMT(json_get_text(status, "publicKey")));
    take_epoch(tail, json_get_text(json_get(status, "log"), "epoch"));
    code = find_start(tail, json_get(status, "log"), err);
    if (code == OK && !tail->options.no_follow)
        code = subscribe(tail, endpoint, key, err);
    if (code == OK)
        code = read_log(tail, tail->start, 0, err);
    return code;
}

int tail_open(struct client *client, const struct tail_options *options, struct tail **ret_tail,
    struct error *err)
{
    struct tail *tail = new_zeroed(sizeof(*tail));
    int code;

    tail->options = *options;
    tail->client = client;
    tail->arena = arena_new(EVENT_ARENA);
    tail->names = tail_names_new();
    tail->heard = clock_mono();
    code = join(tail, err);
    if (code != OK) {
        tail_close(tail);
        return code;
    }
    *ret_tail = tail;
    return OK;
}

int tail_step(struct tail *tail, int timeout, struct error *err)
{
    int code = 1;

    if (tail->ended || tail->options.no_follow)
        return 0;
    code = receive(tail, timeout, err);
    if (code == 1)
        tail->heard = clock_mono();
    while (code == 1 && !tail->ended)
        code = receive(tail, 0, err);
    if (code == 0 && clock_mono() - tail->heard > SILENCE) { /* five heartbeats left out */
        code = reopen(tail, err);
        tail->heard = clock_mono();
    }
    return code < 0 ? code : !tail->ended;
}

uint64_t tail_lost(const struct tail *tail)
{
    return tail->lost;
}

void tail_close(struct tail *tail)
{
    if (tail == NULL)
        return;
    if (tail->socket != NULL)
        zmq_close(tail->socket);
    if (tail->context != NULL)
        zmq_ctx_term(tail->context);
    client_close(tail->client);
    tail_names_free(tail->names);
    table_done(&tail->topics_by_name);
    arena_free(tail->arena);
    free(tail);
}
