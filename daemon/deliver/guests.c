/* guests.c - one entry for each connection that came with a key and has said anything. One that has
 * not is sent nothing, and is looked at with its first word. */
#include "deliver/guests.h"

#include <stdlib.h>

#include "base/arena.h"
#include "deliver/connection.h"

struct guest {
    struct connection_id connection;
    unsigned char key[KEY_BYTES];
};

static struct guest *find(const struct guests *guests, struct connection_id id)
{
    for (size_t i = 0; i < guests->count; i++)
        if (guests->list[i].connection.fd == id.fd && guests->list[i].connection.ino == id.ino)
            return &guests->list[i];
    return NULL;
}

static void add(struct guests *guests, const struct guest *guest)
{
    if (guests->count == guests->cap) {
        guests->cap = guests->cap == 0 ? 16 : 2 * guests->cap;
        guests->list = realloc(guests->list, guests->cap * sizeof(*guests->list));
        if (guests->list == NULL)
            arena_out_of_memory(guests->cap * sizeof(*guests->list));
    }
    guests->list[guests->count++] = *guest;
}

bool guests_note(struct guests *guests, const struct keys *keys, zmq_msg_t *message)
{
    const char *user = zmq_msg_gets(message, "User-Id");
    struct guest guest = {0};

    if (user == NULL || strlen(user) != KEY_TEXT || zmq_z85_decode(guest.key, user) == NULL)
        return true; /* of this machine */
    guest.connection = connection_of(zmq_msg_get(message, ZMQ_SRCFD));
    if (!keys_allow(keys, guest.key)) {
        connection_cut(guest.connection);
        return false;
    }
    if (guest.connection.ino != 0 && find(guests, guest.connection) == NULL)
        add(guests, &guest);
    return true;
}

void guests_cut(struct guests *guests, const struct keys *keys)
{
    for (size_t i = 0; i < guests->count; i++)
        if (!keys_allow(keys, guests->list[i].key))
            connection_cut(guests->list[i].connection);
}

void guests_prune(struct guests *guests)
{
    for (size_t i = guests->count; i-- > 0;)
        if (!connection_is_open(guests->list[i].connection))
            guests->list[i] = guests->list[--guests->count];
}

void guests_done(struct guests *guests)
{
    free(guests->list);
    *guests = (struct guests){0};
}
