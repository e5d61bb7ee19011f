/* saved.c - the memory as bytes, and back: the articles in their order with their runs and how
 * common these were; chains and groups are made again from them. The save is read by the machine
 * that wrote it: numbers are as it keeps them. A hash tells one that a disk has spoiled: numbers in
 * it lead to others, and no look at each could tell whether they are the right ones. */
#include <stdlib.h>

#include "base/hash.h"
#include "private.h"

static const char saved_head[8] = "NEARDUP2";

static void add(struct buf *out, const void *from, size_t size)
{
    buf_add(out, (struct bytes){from, size});
}

static void save_article(const struct memory *memory, uint32_t number, struct buf *out)
{
    const struct article *article = article_at(memory, number);
    const struct place *place = place_at(memory, number);
    struct bytes other = bytes_of(article->id.is_other ? article->id.other : "");
    uint8_t len = (uint8_t)other.len; /* of at most IDENTITY_TEXT */

    add(out, article, sizeof(*article));
    add(out, &place->origin, sizeof(place->origin));
    add(out, &len, 1);
    buf_add(out, other);
    for (uint64_t i = 0; i < article->runs; i++) {
        add(out, index_key(&memory->index, place->first + i), sizeof(uint32_t));
        add(out, index_groups(&memory->index, place->first + i), 1);
    }
}

void memory_save(const struct memory *memory, struct buf *out)
{
    uint64_t hash = 0;
    size_t begin;

    add(out, saved_head, sizeof(saved_head));
    add(out, &hash, sizeof(hash)); /* once all is there */
    begin = out->len;
    add(out, &memory->now, sizeof(memory->now));
    add(out, &memory->articles.first, sizeof(memory->articles.first));
    add(out, &memory->words, sizeof(memory->words));
    add(out, &memory->names, sizeof(memory->names));
    for (uint64_t i = memory->articles.first; i < memory->articles.end; i++)
        save_article(memory, (uint32_t)i, out);
    hash = hash64(bytes_from(buf_bytes(out), begin));
    memcpy(out->ptr + begin - sizeof(hash), &hash, sizeof(hash));
}

/* The next size bytes of rest; false when there are fewer. */
static bool take(struct bytes *rest, void *ret, size_t size)
{
    if (rest->len < size)
        return false;
    memcpy(ret, rest->ptr, size);
    *rest = bytes_from(*rest, size);
    return true;
}

/* What no save of ours has: it would lead beyond the article's arrays. */
static bool is_sound(const struct article *article)
{
    bool sound = article->runs <= SKETCH_SHINGLES && article->level < SKETCH_LEVELS &&
                 article->words_level < SKETCH_LEVELS;

    for (enum set set = 0; set < SETS; set++)
        sound = sound && article->counts[set] <= room_of[set];
    for (size_t i = 0; i < SKETCH_LEVELS; i++)
        sound = sound && article->at_level[i] <= article->runs;
    return sound;
}

static bool load_article(struct memory *memory, struct bytes *rest)
{
    uint32_t number = (uint32_t)memory->articles.end;
    struct article article;
    struct place *place;
    uint32_t origin;
    uint8_t len;

    if (!take(rest, &article, sizeof(article)) || !take(rest, &origin, sizeof(origin)) ||
        !take(rest, &len, 1) || rest->len < len || !is_sound(&article) || len >= IDENTITY_TEXT)
        return false;
    if (article.id.is_other)
        identity_set(&article.id, bytes_slice(*rest, 0, len));
    *(struct article *)ring_add(&memory->articles) = article;
    place = ring_add(&memory->places);
    *place = (struct place){.first = memory->index.postings.end, .origin = origin};
    *rest = bytes_from(*rest, len);
    for (uint8_t i = 0; i < article.runs; i++) {
        uint32_t key;
        uint8_t groups;

        if (!take(rest, &key, sizeof(key)) || !take(rest, &groups, 1))
            return false;
        index_add(&memory->index, key, number);
        *index_groups(&memory->index, memory->index.postings.end - 1) = groups;
    }
    return true;
}

static bool load_all(struct memory *memory, struct bytes rest)
{
    char head[sizeof(saved_head)];
    uint64_t hash;
    uint64_t first;
    uint32_t now;

    if (!take(&rest, head, sizeof(head)) || memcmp(head, saved_head, sizeof(head)) != 0 ||
        !take(&rest, &hash, sizeof(hash)) || hash != hash64(rest) ||
        !take(&rest, &now, sizeof(now)) || !take(&rest, &first, sizeof(first)) || first == 0)
        return false;
    memory_clear(memory, first);
    memory->now = now;
    if (!take(&rest, &memory->words, sizeof(memory->words)) ||
        !take(&rest, &memory->names, sizeof(memory->names)))
        return false;
    while (rest.len > 0)
        if (!load_article(memory, &rest))
            return false;
    return true;
}

int memory_load(struct memory *memory, struct bytes saved)
{
    if (load_all(memory, saved))
        return 0;
    memory_clear(memory, 1);
    return -1;
}
