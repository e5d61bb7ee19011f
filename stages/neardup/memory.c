/* memory.c - a ring in the order of arrival, with chains of equal hash remainders through it. */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

enum { FIRST = 1024, NONE = 0, URN = 45, UUID = 16, SAVED_HEAD = 8 };

static const char saved_head[] = "NEARDUP1";

struct text {
    uint64_t hash;
    int64_t seen;
    union {
        uint8_t uuid[UUID];
        char *other; /* when is_other */
    } id;
    uint32_t older; /* in its chain: place in the ring + 1, or NONE */
    bool is_other;
};

struct memory {
    struct text *ring;
    uint32_t *chains; /* newest of each: place in the ring + 1, or NONE */
    size_t cap;       /* of the ring and of chains, a power of two */
    size_t first, count;
    size_t most;
    int64_t window, now;
};

static void *need(void *memory, size_t size)
{
    if (memory == NULL)
        arena_out_of_memory(size);
    return memory;
}

struct memory *memory_new(size_t texts, int64_t window)
{
    struct memory *memory = need(calloc(1, sizeof(*memory)), sizeof(*memory));

    memory->most = texts < MEMORY_TEXTS ? texts : MEMORY_TEXTS;
    memory->window = window;
    return memory;
}

static uint32_t *chain_of(const struct memory *memory, uint64_t hash)
{
    return &memory->chains[hash & (memory->cap - 1)];
}

static struct text *text_at(const struct memory *memory, size_t i)
{
    return &memory->ring[(memory->first + i) & (memory->cap - 1)];
}

/* The oldest is the last of its chain. */
static void forget_first(struct memory *memory)
{
    struct text *text = text_at(memory, 0);
    uint32_t place = (uint32_t)memory->first + 1;
    uint32_t *link = chain_of(memory, text->hash);

    while (*link != place)
        link = &memory->ring[*link - 1].older;
    *link = NONE;
    if (text->is_other)
        free(text->id.other);
    memory->first = (memory->first + 1) & (memory->cap - 1);
    memory->count--;
}

static void forget_all(struct memory *memory)
{
    while (memory->count > 0)
        forget_first(memory);
}

void memory_free(struct memory *memory)
{
    if (memory == NULL)
        return;
    forget_all(memory);
    free(memory->ring);
    free(memory->chains);
    free(memory);
}

void memory_forget(struct memory *memory, int64_t now)
{
    if (now > memory->now)
        memory->now = now;
    while (memory->count > 0 && text_at(memory, 0)->seen < memory->now - memory->window)
        forget_first(memory);
}

static const struct text *find(const struct memory *memory, uint64_t hash)
{
    uint32_t place = memory->cap == 0 ? NONE : *chain_of(memory, hash);

    while (place != NONE && memory->ring[place - 1].hash != hash)
        place = memory->ring[place - 1].older;
    return place == NONE ? NULL : &memory->ring[place - 1];
}

static void write_urn(const uint8_t uuid[UUID], char ret_id[MEMORY_ID])
{
    char *at = ret_id + sprintf(ret_id, "urn:uuid:");

    for (int i = 0; i < UUID; i++)
        at += sprintf(at, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
}

static int hex_digit(char c)
{
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Only the spelling that write_urn() gives back. */
static bool read_urn(struct bytes id, uint8_t ret_uuid[UUID])
{
    char again[MEMORY_ID];
    const char *at;

    if (id.len != URN || !bytes_starts(id, LIT("urn:uuid:")))
        return false;
    at = id.ptr + strlen("urn:uuid:");
    for (int i = 0; i < UUID; i++) {
        if (*at == '-')
            at++;
        if (at + 2 > id.ptr + id.len || hex_digit(at[0]) < 0 || hex_digit(at[1]) < 0)
            return false;
        ret_uuid[i] = (uint8_t)((unsigned)hex_digit(at[0]) << 4 | (unsigned)hex_digit(at[1]));
        at += 2;
    }
    write_urn(ret_uuid, again);
    return bytes_is(id, again);
}

bool memory_find(const struct memory *memory, uint64_t hash, char ret_id[MEMORY_ID])
{
    const struct text *text = find(memory, hash);

    if (text == NULL)
        return false;
    if (text->is_other)
        snprintf(ret_id, MEMORY_ID, "%s", text->id.other);
    else
        write_urn(text->id.uuid, ret_id);
    return true;
}

static void link_text(struct memory *memory, size_t i)
{
    struct text *text = text_at(memory, i);
    uint32_t *chain = chain_of(memory, text->hash);

    text->older = *chain;
    *chain = (uint32_t)(text - memory->ring) + 1;
}

static void grow(struct memory *memory)
{
    size_t cap = memory->cap == 0 ? FIRST : memory->cap * 2;
    struct text *ring = need(calloc(cap, sizeof(*ring)), cap * sizeof(*ring));

    for (size_t i = 0; i < memory->count; i++)
        ring[i] = *text_at(memory, i);
    free(memory->ring);
    free(memory->chains);
    memory->ring = ring;
    memory->chains = need(calloc(cap, sizeof(*memory->chains)), cap * sizeof(*memory->chains));
    memory->cap = cap;
    memory->first = 0;
    for (size_t i = 0; i < memory->count; i++)
        link_text(memory, i);
}

static void add_at(struct memory *memory, uint64_t hash, int64_t seen, struct bytes id)
{
    struct text *text;

    if (id.len == 0 || id.len >= MEMORY_ID || memory->most == 0)
        return;
    if (memory->count == memory->most)
        forget_first(memory);
    if (memory->count == memory->cap)
        grow(memory);
    text = text_at(memory, memory->count);
    *text = (struct text){.hash = hash, .seen = seen};
    if (!read_urn(id, text->id.uuid)) {
        text->is_other = true;
        text->id.other = need(strndup(id.ptr, id.len), id.len);
    }
    link_text(memory, memory->count++);
}

void memory_add(struct memory *memory, uint64_t hash, struct bytes id)
{
    add_at(memory, hash, memory->now, id);
}

size_t memory_count(const struct memory *memory)
{
    return memory->count;
}

/* Head, then for each text: hash, time, length of the id (0: sixteen bytes of a UUID follow), id.
 * The save is read by the machine that wrote it: numbers are as it keeps them. */
void memory_save(const struct memory *memory, struct buf *out)
{
    buf_add(out, (struct bytes){saved_head, SAVED_HEAD});
    for (size_t i = 0; i < memory->count; i++) {
        const struct text *text = text_at(memory, i);
        struct bytes id = {(const char *)text->id.uuid, UUID};

        if (text->is_other)
            id = bytes_of(text->id.other);
        buf_add(out, (struct bytes){(const char *)&text->hash, sizeof(text->hash)});
        buf_add(out, (struct bytes){(const char *)&text->seen, sizeof(text->seen)});
        buf_add_byte(out, (char)(text->is_other ? id.len : 0));
        buf_add(out, id);
    }
}

static bool load_text(struct memory *memory, struct bytes *rest)
{
    enum { HEAD = 8 + 8 + 1 };
    char id[MEMORY_ID];
    uint64_t hash;
    int64_t seen;
    size_t len;

    if (rest->len < HEAD + 1)
        return false;
    memcpy(&hash, rest->ptr, sizeof(hash));
    memcpy(&seen, rest->ptr + 8, sizeof(seen));
    len = (unsigned char)rest->ptr[16];
    *rest = bytes_from(*rest, HEAD);
    if (rest->len < (len == 0 ? UUID : len))
        return false;
    if (len == 0)
        write_urn((const uint8_t *)rest->ptr, id);
    else
        snprintf(id, sizeof(id), "%.*s", FMT(bytes_slice(*rest, 0, len)));
    *rest = bytes_from(*rest, len == 0 ? UUID : len);
    add_at(memory, hash, seen, bytes_of(id));
    memory->now = seen > memory->now ? seen : memory->now;
    return true;
}

int memory_load(struct memory *memory, struct bytes saved)
{
    struct bytes rest = bytes_from(saved, SAVED_HEAD);

    forget_all(memory);
    memory->now = 0;
    if (!bytes_starts(saved, (struct bytes){saved_head, SAVED_HEAD}))
        return -1;
    while (rest.len > 0) {
        if (!load_text(memory, &rest)) {
            forget_all(memory);
            return -1;
        }
    }
    return 0;
}
