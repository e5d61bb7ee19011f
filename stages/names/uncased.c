/* uncased.c - the phrases, and which parts of a text are read how. */
#include "uncased.h"

#include <stdlib.h>

#include "listed.h"
#include "text/text.h"

/* Some 5,500 phrases and 9,000 beginnings, a quarter of it; a list has at most 4,000 signs. */
enum { SLOTS = 1 << 16, LIST_WORDS = 4096 };

struct slot {
    uint64_t hash;
    uint32_t classes;
};

struct uncased {
    struct slot slots[SLOTS];
    size_t count;
    const struct listed *listed;
    struct word words[LIST_WORDS];
};

static const struct {
    uint32_t class;
    const char *phrases; /* by semicolons */
} lists[] = {
#define PHRASES(class_, phrases_) {.class = (class_), .phrases = (phrases_)},
#include "uncased.def"
#define PLACES(phrases_) {.class = PH_PLACE, .phrases = (phrases_)},
#include "places_uncased.def"
#undef PLACES
#undef PHRASES
};

/* Signs that are each of the class. */
static const struct {
    uint32_t class;
    const char *signs;
} each[] = {
#define SIGNS(class_, signs_) {.class = (class_), .signs = (signs_)},
#include "uncased_signs.def"
#undef SIGNS
};

static uint64_t hash_on(uint64_t hash, const struct word *word)
{
    return hash * 0x9E3779B97F4A7C15ULL + word->hash;
}

static void add(struct uncased *u, uint64_t hash, uint32_t class)
{
    size_t at = hash % SLOTS;

    while (u->slots[at].classes != 0 && u->slots[at].hash != hash)
        at = (at + 1) % SLOTS;
    /* Full tables would end searches never: half of it stays empty. */
    if (u->slots[at].classes == 0 && u->count++ > SLOTS / 2)
        abort();
    u->slots[at].hash = hash;
    u->slots[at].classes |= class;
}

static uint32_t find_own(const struct uncased *u, uint64_t hash)
{
    for (size_t at = hash % SLOTS; u->slots[at].classes != 0; at = (at + 1) % SLOTS)
        if (u->slots[at].hash == hash)
            return u->slots[at].classes;
    return 0;
}

/* What our own lists say of a phrase comes first: a title or a given name is no town. */
static uint32_t find(const struct uncased *u, uint64_t hash)
{
    static const uint32_t classes[LISTED_KINDS] = {
        [LISTED_ORGANISATION] = PH_HOUSE, [LISTED_PLACE] = PH_PLACE, [LISTED_TOWN] = PH_PLACE};
    uint32_t own = find_own(u, hash);
    bool begins;
    enum listed_kind kind = listed_kind(u->listed, hash, &begins);

    own |= begins ? PH_BEGINS : 0;
    return (own & ~(uint32_t)PH_BEGINS) == 0 || kind != LISTED_TOWN ? own | classes[kind] : own;
}

static void add_phrases(struct uncased *u, struct bytes phrases, uint32_t class)
{
    while (phrases.len > 0) {
        struct words words = {.at = u->words};
        uint64_t hash = 0;

        words_read_into(bytes_cut(&phrases, ';'), LIST_WORDS, &words);
        for (size_t i = 0; i < words.count && words.count <= PHRASE_MOST; i++) {
            hash = hash_on(hash, &words.at[i]);
            add(u, hash, i + 1 < words.count ? PH_BEGINS : class);
        }
    }
}

static void add_each(struct uncased *u, struct bytes signs, uint32_t class)
{
    struct words words = {.at = u->words};

    words_read_into(signs, LIST_WORDS, &words);
    for (size_t i = 0; i < words.count; i++)
        add(u, hash_on(0, &words.at[i]), class);
}

struct uncased *uncased_new(const struct listed *listed)
{
    struct uncased *u = new_zeroed(sizeof(*u));

    u->listed = listed;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        add_phrases(u, bytes_of(lists[i].phrases), lists[i].class);
    for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)
        add_each(u, bytes_of(each[i].signs), each[i].class);
    return u;
}

void uncased_free(struct uncased *u)
{
    free(u);
}

bool uncased_has(const struct uncased *u, uint64_t hash, uint32_t class)
{
    return (find(u, hash_on(0, &(struct word){.hash = hash})) & class) != 0;
}

uint32_t phrase_of(const struct uncased *u, const struct finder *f, size_t word, size_t count)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < count; i++)
        hash = hash_on(hash, &f->words[word + i]);
    return find(u, hash);
}

size_t phrase_at(
    const struct uncased *u, const struct finder *f, size_t word, size_t end, uint32_t *ret_class)
{
    uint64_t hash = 0;
    size_t longest = 0;

    *ret_class = 0;
    for (size_t i = 0; i < PHRASE_MOST && word + i < end; i++) {
        uint32_t classes;

        hash = hash_on(hash, &f->words[word + i]);
        classes = find(u, hash);
        if (classes == 0)
            break;
        if (classes == PH_BEGINS)
            continue;
        longest = i + 1;
        *ret_class = classes;
    }
    return longest;
}

uint32_t word_first(const struct finder *f, size_t word)
{
    size_t at = 0;

    if (word >= f->word_count)
        return 0;
    return text_next(bytes_slice(f->text, f->words[word].at, f->words[word].len), &at);
}

/* Hebrew to Thaana and Arabic's extensions, the scripts of India, Hangul. */
static bool is_worded(const struct finder *f, size_t word)
{
    const struct word *w = &f->words[word];
    uint32_t c;

    if (w->kind != WORD_LETTERS || (unsigned char)f->text.ptr[w->at] < 0xD6)
        return false;
    c = word_first(f, word);
    return (c >= 0x0590 && c < 0x0E00) || (c >= 0xAC00 && c < 0xD7B0);
}

/* One name's parts in Chinese and Japanese. */
static bool is_dot(struct bytes gap)
{
    return bytes_is(gap, "·") || bytes_is(gap, "・") || bytes_is(gap, "‧");
}

static size_t signs_end(const struct finder *f, size_t first)
{
    size_t end = first + 1;

    while (end < f->word_count && f->words[end].kind == WORD_SIGN &&
           (finder_gap(f, end).len == 0 || is_dot(finder_gap(f, end))))
        end++;
    return end;
}

/* A blank, or what marks Hebrew's abbreviations before their last letter. */
static bool is_worded_gap(const struct finder *f, size_t word)
{
    struct bytes gap = finder_gap(f, word);

    return bytes_is(gap, " ") ||
           (f->words[word].len == 2 && (bytes_is(gap, "\"") || bytes_is(gap, "״")));
}

static size_t worded_end(const struct finder *f, size_t first)
{
    size_t end = first + 1;

    while (end < f->word_count && is_worded(f, end) && is_worded_gap(f, end))
        end++;
    return end;
}

/* Kana: no Chinese text has any. */
static bool has_kana(const struct finder *f)
{
    for (size_t i = 0; i < f->word_count; i++)
        if (f->words[i].kind == WORD_SIGN) {
            uint32_t c = word_first(f, i);

            if (c >= 0x3041 && c < 0x3100)
                return true;
        }
    return false;
}

void uncased_read(struct uncased *u, struct finder *f)
{
    bool is_japanese = has_kana(f);

    for (size_t i = 0; i < f->word_count;) {
        size_t end = i + 1;

        if (f->words[i].kind == WORD_SIGN) {
            end = signs_end(f, i);
            signs_read(u, f, i, end, is_japanese);
        } else if (is_worded(f, i)) {
            end = worded_end(f, i);
            for (size_t word = i; word < end; word++)
                worded_strip(u, f, word);
            worded_read(u, f, i, end);
        }
        i = end;
    }
}
