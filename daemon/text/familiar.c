/* familiar.c - counts in how many articles of a host a line stood, lately.
 *
 * The model is the number of articles (4 bytes) and lines of 14 bytes, all little endian: hash,
 * number of the article it first stood in and of the last one (16 bits each, compared by their
 * difference), in how many, in how many at an edge. Lines of the newest article come first; when
 * there are too many those go that stood in one article, the oldest first. */
#include "text/familiar.h"

#include <endian.h>
#include <stdlib.h>

enum {
    HEAD = 4,
    ENTRY = 14,
    SLOTS = 512,       /* two for each line that is kept */
    WINDOW = 64,       /* articles that count: older sightings are halved until they fit */
    YOUNG = 8,         /* a line is judged as if it had been looked for in so many, if there were */
    OWN_CHARS = 80,    /* of a line that may be an article's own, */
    OWN_PART = 3,      /* and of its text one part in so many has to be new */
    SHARE_PART = 4,    /* of the articles lately: one of so many is often, all but one is mostly */
    ANYWHERE_SEEN = 6, /* articles in which a line stood that is cut out of the middle */
    GRADES = 31,       /* bits of a hash that give way to its grade */
};

struct entry {
    uint64_t hash;
    uint16_t first, last;
    uint8_t seen, edge;
};

struct model {
    uint32_t articles;
    size_t count;
    struct entry entries[FAMILIAR_KEPT];
};

/* Where the entries of a model are: place plus one, 0 free. */
struct places {
    uint16_t slots[SLOTS];
};

/* ---- bytes ------------------------------------------------------------------------ */

static uint64_t get64(const char *at)
{
    uint64_t value;

    memcpy(&value, at, sizeof(value));
    return le64toh(value);
}

static uint16_t get16(const char *at)
{
    uint16_t value;

    memcpy(&value, at, sizeof(value));
    return le16toh(value);
}

static char *put64(char *at, uint64_t value)
{
    value = htole64(value);
    memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
}

static char *put16(char *at, uint16_t value)
{
    value = htole16(value);
    memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
}

void familiar_tell(struct buf *out, const struct familiar_line *line)
{
    char bytes[FAMILIAR_LINE];
    char *at = put16(put64(bytes, line->hash), line->chars);

    *at = (char)line->edge;
    buf_add(out, (struct bytes){bytes, sizeof(bytes)});
}

static struct familiar_line line_at(struct bytes told, size_t i)
{
    const char *at = told.ptr + i * FAMILIAR_LINE;

    return (struct familiar_line){get64(at), get16(at + 8), at[10] != 0};
}

static void add(struct model *model, const struct entry *entry)
{
    if (model->count < FAMILIAR_KEPT)
        model->entries[model->count++] = *entry;
}

/* What no model can be is read as none. */
static void read_model(struct bytes bytes, struct model *model)
{
    model->articles = 0;
    model->count = 0;
    if (bytes.len < HEAD || bytes.len > FAMILIAR_MODEL || (bytes.len - HEAD) % ENTRY != 0)
        return;
    model->articles = familiar_articles(bytes);
    for (const char *at = bytes.ptr + HEAD; at < bytes.ptr + bytes.len; at += ENTRY) {
        const struct entry entry = {
            get64(at), get16(at + 8), get16(at + 10), (uint8_t)at[12], (uint8_t)at[13]};

        add(model, &entry);
    }
}

static void write_model(const struct model *model, struct buf *out)
{
    char bytes[FAMILIAR_MODEL];
    char *at = put16(put16(bytes, (uint16_t)model->articles), (uint16_t)(model->articles >> 16));

    for (size_t i = 0; i < model->count; i++) {
        const struct entry *entry = &model->entries[i];

        at = put16(put16(put64(at, entry->hash), entry->first), entry->last);
        *at++ = (char)entry->seen;
        *at++ = (char)entry->edge;
    }
    buf_clear(out);
    buf_add(out, (struct bytes){bytes, (size_t)(at - bytes)});
}

uint32_t familiar_articles(struct bytes model)
{
    return model.len < HEAD ? 0 : get16(model.ptr) | (uint32_t)get16(model.ptr + 2) << 16;
}

/* ---- learning --------------------------------------------------------------------- */

/* The slot of a hash, or the free one where it would be: half of them are. */
static uint16_t *slot_of(struct places *places, const struct model *model, uint64_t hash)
{
    size_t at = hash >> 8 & (SLOTS - 1);

    while (places->slots[at] != 0 && model->entries[places->slots[at] - 1].hash != hash)
        at = (at + 1) & (SLOTS - 1);
    return &places->slots[at];
}

static void find_places(const struct model *model, struct places *places)
{
    memset(places, 0, sizeof(*places));
    for (size_t i = 0; i < model->count; i++)
        *slot_of(places, model, model->entries[i].hash) = (uint16_t)(i + 1);
}

/* A text of which little is new is another's. What several have is no sign of that: a short article
 * may have more furniture than text. */
static bool has_own(
    const struct model *model, struct places *places, struct bytes told, size_t count)
{
    uint64_t chars = 0;
    uint64_t own = 0;
    bool good = false;

    for (size_t i = 0; i < count; i++) {
        struct familiar_line line = line_at(told, i);
        uint16_t slot = *slot_of(places, model, line.hash);

        if (slot != 0 && model->entries[slot - 1].seen >= FAMILIAR_SEEN)
            continue;
        chars += line.chars;
        own += slot == 0 ? line.chars : 0;
        good |= slot == 0 && line.chars >= OWN_CHARS;
    }
    return good && own * OWN_PART >= chars;
}

/* Articles since the first with the line, the newest included. */
static unsigned articles_of(const struct model *model, const struct entry *entry)
{
    return (uint16_t)((uint16_t)model->articles - entry->first) + 1U;
}

static void see(const struct model *model, struct entry *entry, bool edge)
{
    unsigned articles = articles_of(model, entry);

    while (articles > WINDOW) {
        articles /= 2;
        entry->seen /= 2;
        entry->edge /= 2;
    }
    entry->first = (uint16_t)(model->articles - articles + 1);
    entry->last = (uint16_t)model->articles;
    entry->seen++;
    entry->edge = (uint8_t)(entry->edge + edge);
}

static bool is_among(const struct model *model, uint64_t hash)
{
    for (size_t i = 0; i < model->count; i++)
        if (model->entries[i].hash == hash)
            return true;
    return false;
}

/* The lines of the newest article, with what was known of them: each once, however often it stands
 * there. */
static void add_told(struct model *out, const struct model *before, struct places *places,
    struct bytes told, size_t count, bool *ret_is_told)
{
    for (size_t i = 0; i < count; i++) {
        struct familiar_line line = line_at(told, i);
        uint16_t slot = *slot_of(places, before, line.hash);
        struct entry entry = {.hash = line.hash, .first = (uint16_t)out->articles};

        if (is_among(out, line.hash))
            continue;
        if (slot != 0) {
            entry = before->entries[slot - 1];
            ret_is_told[slot - 1] = true;
        }
        see(out, &entry, line.edge);
        add(out, &entry);
    }
}

static void add_rest(struct model *out, const struct model *before, const bool *told, bool often)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct entry *entry = &before->entries[i];
        bool lately = (uint16_t)((uint16_t)out->articles - entry->last) < WINDOW;

        if (!told[i] && (entry->seen > 1 && lately) == often)
            add(out, entry);
    }
}

bool familiar_learn(struct bytes told, struct buf *model)
{
    size_t count = told.len / FAMILIAR_LINE;
    bool is_told[FAMILIAR_KEPT] = {false};
    struct places places;
    struct model before;
    struct model out = {0};

    if (count == 0 || count > FAMILIAR_TOLD || told.len % FAMILIAR_LINE != 0)
        return false;
    read_model(buf_bytes(model), &before);
    find_places(&before, &places);
    if (!has_own(&before, &places, told, count))
        return false;
    out.articles = before.articles + 1;
    add_told(&out, &before, &places, told, count, is_told);
    add_rest(&out, &before, is_told, true);
    add_rest(&out, &before, is_told, false);
    write_model(&out, model);
    return true;
}

/* ---- judging ---------------------------------------------------------------------- */

/* A young line counts as one that was looked for in some articles before: three in a row may be of
 * one series. */
static unsigned grade_of(const struct model *model, const struct entry *entry)
{
    unsigned young = model->articles < YOUNG ? model->articles : YOUNG;
    unsigned articles = articles_of(model, entry);
    unsigned seen = entry->seen;
    unsigned edge = entry->edge;
    unsigned grade = FAMILIAR_OFTEN;

    for (; articles > WINDOW; articles /= 2, seen /= 2, edge /= 2)
        continue;
    articles = articles < young ? young : articles;
    if (seen < FAMILIAR_SEEN || seen * SHARE_PART < articles)
        return 0;
    if (edge >= FAMILIAR_SEEN && edge * SHARE_PART >= articles)
        grade |= FAMILIAR_EDGE;
    if (seen * 2 >= articles)
        grade |= FAMILIAR_HALF;
    if (seen * SHARE_PART >= articles * (SHARE_PART - 1))
        grade |= FAMILIAR_MOSTLY | (seen >= ANYWHERE_SEEN ? FAMILIAR_ANYWHERE : 0);
    return grade;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;

    return (*x > *y) - (*x < *y);
}

void familiar_list(struct bytes model, struct buf *out)
{
    uint64_t known[FAMILIAR_KNOWN];
    char said[FAMILIAR_LIST];
    struct model has;
    size_t count = 0;

    read_model(model, &has);
    for (size_t i = 0; i < has.count && count < FAMILIAR_KNOWN; i++) {
        unsigned grade = grade_of(&has, &has.entries[i]);

        if (grade != 0)
            known[count++] = (has.entries[i].hash & ~(uint64_t)GRADES) | grade;
    }
    qsort(known, count, sizeof(known[0]), by_value);
    for (size_t i = 0; i < count; i++)
        put64(said + i * FAMILIAR_GRADE, known[i]);
    buf_add(out, (struct bytes){said, count * FAMILIAR_GRADE});
}

unsigned familiar_grade(struct bytes list, uint64_t hash)
{
    size_t low = 0;
    size_t high = list.len / FAMILIAR_GRADE;

    while (low < high) {
        size_t middle = (low + high) / 2;
        uint64_t known = get64(list.ptr + middle * FAMILIAR_GRADE);

        if (((known ^ hash) & ~(uint64_t)GRADES) == 0)
            return (unsigned)(known & GRADES);
        if (known < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}
