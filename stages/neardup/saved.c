/* saved.c - the memory as bytes, part by part, and back. A part has the articles that came since
 * the last one, with their runs and how common these were; chains are made again from them. How
 * often words occur is told by the words of those articles, or whole when that is shorter. A part
 * is read by the machine that wrote it: numbers are as it keeps them. A hash tells one that a disk
 * has spoiled: numbers in it are believed. */
#include <stdlib.h>

#include "base/hash.h"
#include "private.h"

static const char part_magic[8] = "NEARDUP6";

enum {
    RUNS_WAIT = 1 << 19, /* 5,000 articles and more; the daemon saves each 2,000 */
    RUN = 5              /* bytes: a key and its groups */
};

struct part_head {
    char magic[sizeof(part_magic)];
    uint64_t hash;  /* of what comes behind it */
    uint64_t first; /* number of its first article */
    uint32_t now;
    uint32_t counts; /* bytes of words' lists; 0: both tables, whole */
};

static void add(struct buf *out, const void *from, size_t size)
{
    buf_add(out, (struct bytes){from, size});
}

static uint64_t hash_of_part(struct bytes part)
{
    return hash64(bytes_from(part, offsetof(struct part_head, first)));
}

/* ---- the parts there are --------------------------------------------------------- */

static void parts_add(struct memory *memory, struct part part)
{
    if (memory->part_count == memory->part_room) {
        size_t room = memory->part_room == 0 ? 64 : memory->part_room * 2;
        struct part *parts = new_zeroed(room * sizeof(*parts));

        if (memory->part_count > 0)
            memcpy(parts, memory->parts, memory->part_count * sizeof(*parts));
        free(memory->parts);
        memory->parts = parts;
        memory->part_room = room;
    }
    memory->parts[memory->part_count++] = part;
}

/* Those from the first that has an article that is still there, and from the last that has the
 * tables. */
size_t memory_parts(struct memory *memory)
{
    size_t first = 0;
    size_t tables = memory->part_count;

    while (first < memory->part_count && memory->parts[first].end <= memory->articles.first)
        first++;
    while (tables > 0 && !memory->parts[tables - 1].has_tables)
        tables--;
    if (first >= tables)
        first = tables > 0 ? tables - 1 : 0;
    memory->part_count -= first;
    if (memory->part_count > 0)
        memmove(memory->parts, memory->parts + first, memory->part_count * sizeof(*memory->parts));
    return memory->part_count;
}

/* ---- saving ---------------------------------------------------------------------- */

static void add_set(struct buf *out, const struct sketch_set *set)
{
    uint16_t count = (uint16_t)set->count;

    add(out, &count, sizeof(count));
    add(out, set->at, set->count * sizeof(*set->at));
}

/* As long as the tables themselves are longer than all lists since they were saved last. */
static bool lists_are_shorter(const struct memory *memory)
{
    return !memory->anew &&
           memory->listed + memory->counts.len < sizeof(memory->words) + sizeof(memory->names);
}

void saved_count(struct memory *memory, const struct sketch *sketch)
{
    if (!lists_are_shorter(memory))
        return;
    add_set(&memory->counts, &sketch->distinct);
    add_set(&memory->counts, &sketch->names);
}

/* Parts begin anew behind it. */
void saved_forget(struct memory *memory)
{
    const struct article *article = article_at(memory, (uint32_t)memory->saved);

    ring_forget(&memory->runs, memory->runs.first + article->runs);
    memory->saved++;
    memory->part_count = 0;
    memory->anew = true;
}

/* Whoever never saves loses what waits longest. */
void saved_run(struct memory *memory, uint32_t key, uint8_t groups)
{
    if (memory->runs.end - memory->runs.first == RUNS_WAIT)
        saved_forget(memory);
    *(struct run *)ring_add(&memory->runs) = (struct run){key, groups};
}

/* Its runs are the next from *run on. */
static void save_article(
    const struct memory *memory, uint32_t number, uint64_t *run, struct buf *out)
{
    const struct article *article = article_at(memory, number);
    struct bytes other = bytes_of(article->id.is_other ? article->id.other : "");
    uint8_t len = (uint8_t)other.len; /* of at most IDENTITY_TEXT */
    char runs[SKETCH_SHINGLES * RUN];

    add(out, article, sizeof(*article));
    add(out, article->terms, term_count(article) * sizeof(*article->terms));
    add(out, &len, 1);
    buf_add(out, other);
    for (size_t i = 0; i < article->runs; i++) {
        const struct run *it = ring_at(&memory->runs, (*run)++);

        memcpy(runs + i * RUN, &it->key, sizeof(it->key));
        runs[i * RUN + sizeof(it->key)] = (char)it->groups;
    }
    add(out, runs, article->runs * (size_t)RUN);
}

void memory_save(struct memory *memory, struct buf *out)
{
    uint64_t run = memory->runs.first;
    bool has_tables = !lists_are_shorter(memory);
    struct part_head head = {.first = memory->saved,
        .now = memory->now,
        .counts = has_tables ? 0 : (uint32_t)memory->counts.len + 1};

    size_t begin = out->len;

    if (memory->saved == memory->articles.end)
        return;
    memcpy(head.magic, part_magic, sizeof(part_magic));
    add(out, &head, sizeof(head));
    if (has_tables) {
        add(out, &memory->words, sizeof(memory->words));
        add(out, &memory->names, sizeof(memory->names));
    } else {
        buf_add(out, buf_bytes(&memory->counts));
    }
    for (uint64_t i = memory->saved; i < memory->articles.end; i++)
        save_article(memory, (uint32_t)i, &run, out);
    if (out->over)
        return;
    head.hash = hash_of_part(bytes_from(buf_bytes(out), begin));
    memcpy(out->ptr + begin, &head, sizeof(head));
    memory->listed = has_tables ? 0 : memory->listed + memory->counts.len;
    buf_clear(&memory->counts);
    ring_forget(&memory->runs, run);
    memory->anew = false;
    memory->saved = memory->articles.end;
    parts_add(memory, (struct part){.end = memory->articles.end, .has_tables = has_tables});
}

/* ---- loading --------------------------------------------------------------------- */

/* The next size bytes of rest; false when there are fewer. */
static bool take(struct bytes *rest, void *ret, size_t size)
{
    if (rest->len < size)
        return false;
    if (size > 0)
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
    uint16_t terms[TERMS];
    char urn[IDENTITY_TEXT];
    const struct article *kept;
    uint8_t len;

    if (!take(rest, &article, sizeof(article)) || !is_sound(&article) ||
        !take(rest, terms, term_count(&article) * sizeof(*terms)) || !take(rest, &len, 1) ||
        rest->len < len || len >= IDENTITY_TEXT)
        return false;
    article.terms = terms;
    memory_forget(memory, article.seen);
    if (!article.id.is_other)
        identity_write(&article.id, urn);
    kept = memory_keep(
        memory, &article, article.id.is_other ? bytes_slice(*rest, 0, len) : bytes_of(urn));
    *rest = bytes_from(*rest, len);
    for (uint8_t i = 0; i < article.runs; i++) {
        uint32_t key;
        uint8_t groups;

        if (!take(rest, &key, sizeof(key)) || !take(rest, &groups, 1) || groups == 0)
            return false;
        index_add(&memory->index, key, number, groups);
        sample_run(kept, i, key, groups);
    }
    return true;
}

static bool take_set(struct bytes *rest, uint16_t terms[SKETCH_DISTINCT], struct sketch_set *ret)
{
    uint16_t count;

    if (!take(rest, &count, sizeof(count)) || count > SKETCH_DISTINCT ||
        !take(rest, terms, count * sizeof(*terms)))
        return false;
    *ret = (struct sketch_set){terms, count};
    return true;
}

static bool load_counts(struct memory *memory, struct bytes counts)
{
    uint16_t terms[SKETCH_DISTINCT];
    struct sketch_set set;

    while (counts.len > 0) {
        if (!take_set(&counts, terms, &set))
            return false;
        frequency_add(&memory->words, &set);
        if (!take_set(&counts, terms, &set))
            return false;
        frequency_add(&memory->names, &set);
    }
    return true;
}

static bool load_words(struct memory *memory, const struct part_head *head, struct bytes *rest)
{
    struct bytes counts = bytes_slice(*rest, 0, head->counts > 0 ? head->counts - 1 : 0);

    if (head->counts == 0)
        return take(rest, &memory->words, sizeof(memory->words)) &&
               take(rest, &memory->names, sizeof(memory->names));
    if (counts.len != head->counts - 1 || !load_counts(memory, counts))
        return false;
    *rest = bytes_from(*rest, counts.len);
    return true;
}

static bool load_part(struct memory *memory, struct bytes part)
{
    struct bytes rest = part;
    struct part_head head;

    if (!take(&rest, &head, sizeof(head)) ||
        memcmp(head.magic, part_magic, sizeof(part_magic)) != 0 || head.first == 0 ||
        head.first > UINT32_MAX / 2 || head.hash != hash_of_part(part))
        return false;
    if (memory->part_count == 0)
        memory_clear(memory, head.first);
    if (head.first != memory->articles.end || !load_words(memory, &head, &rest))
        return false;
    memory->listed = head.counts == 0 ? 0 : memory->listed + head.counts - 1;
    memory->saved = 0; /* what is forgotten on the way was saved */
    while (rest.len > 0)
        if (!load_article(memory, &rest))
            return false;
    memory->now = head.now;
    memory->saved = memory->articles.end;
    parts_add(memory, (struct part){.end = memory->articles.end, .has_tables = head.counts == 0});
    return true;
}

int memory_load(struct memory *memory, struct bytes saved)
{
    if (load_part(memory, saved))
        return 0;
    memory_clear(memory, 1);
    return -1;
}
