/* subscribers.c - one entry for each connection that has subscribed to anything. */
#include "deliver/subscribers.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "deliver/connection.h"

struct subscriber {
    struct connection_id connection;
    uint64_t *topics;
    size_t count, cap, noise;
    size_t bytes; /* of its topics */
};

static void *grow(void *items, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return items;
    *cap = *cap == 0 ? 8 : 2 * *cap;
    items = realloc(items, *cap * size);
    if (items == NULL)
        arena_out_of_memory(*cap * size);
    return items;
}

static void forget(struct subscribers *s, struct subscriber *gone)
{
    s->topics -= gone->count;
    s->bytes -= gone->bytes;
    free(gone->topics);
    *gone = s->list[--s->count];
}

static struct subscriber *find(struct subscribers *s, struct connection_id id)
{
    for (size_t i = s->count; i-- > 0;) {
        if (s->list[i].connection.fd == id.fd && s->list[i].connection.ino == id.ino)
            return &s->list[i];
        if (s->list[i].connection.fd == id.fd)
            forget(s, &s->list[i]);
    }
    s->list = grow(s->list, s->count, &s->cap, sizeof(*s->list));
    s->list[s->count] = (struct subscriber){.connection = id};
    return &s->list[s->count++];
}

static void cut(struct subscribers *s, struct subscriber *who)
{
    connection_cut(who->connection);
    forget(s, who);
    s->cut++;
}

/* What it takes of both bounds. */
static size_t weight(const struct subscriber *who)
{
    return who->count * (SUBSCRIPTIONS_BYTES / SUBSCRIPTIONS_MOST) + who->bytes;
}

static struct subscriber *largest(const struct subscribers *s)
{
    struct subscriber *most = &s->list[0];

    for (size_t i = 1; i < s->count; i++)
        if (weight(&s->list[i]) > weight(most))
            most = &s->list[i];
    return most;
}

static size_t find_topic(const struct subscriber *who, uint64_t topic)
{
    size_t i = 0;

    while (i < who->count && who->topics[i] != topic)
        i++;
    return i;
}

/* By how many, and how many bytes, the topics of a connection are more. */
static void count(struct subscribers *s, struct subscriber *who, int topics, size_t len)
{
    who->count += (size_t)topics;
    who->bytes += (size_t)topics * len;
    s->topics += (size_t)topics;
    s->bytes += (size_t)topics * len;
}

static void take(struct subscribers *s, struct subscriber *who, struct bytes message)
{
    struct bytes name = bytes_from(message, 1);
    uint64_t topic = message.len == 0 ? 0 : hash64(name);
    size_t at = find_topic(who, topic);

    if (message.len > 0 && message.ptr[0] == 1 && at == who->count) {
        who->topics = grow(who->topics, who->count, &who->cap, sizeof(*who->topics));
        who->topics[at] = topic;
        count(s, who, 1, name.len);
    } else if (message.len > 0 && message.ptr[0] == 0 && at < who->count) {
        who->topics[at] = who->topics[who->count - 1];
        count(s, who, -1, name.len);
    } else {
        who->noise++;
    }
}

void subscribers_note(struct subscribers *s, int fd, struct bytes message)
{
    struct connection_id id = connection_of(fd);
    struct subscriber *who;

    if (id.ino == 0)
        return;
    who = find(s, id);
    take(s, who, message);
    if (who->count > SUBSCRIBER_MOST || who->bytes > SUBSCRIBER_BYTES ||
        who->noise > SUBSCRIBER_NOISE)
        cut(s, who);
    else if (s->topics > SUBSCRIPTIONS_MOST || s->bytes > SUBSCRIPTIONS_BYTES)
        cut(s, largest(s));
}

void subscribers_prune(struct subscribers *s)
{
    for (size_t i = s->count; i-- > 0;)
        if (!connection_is_open(s->list[i].connection))
            forget(s, &s->list[i]);
}

void subscribers_done(struct subscribers *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->list[i].topics);
    free(s->list);
    *s = (struct subscribers){0};
}
