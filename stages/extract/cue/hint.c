/* hint.c - splits names into words and looks them up. */
#include "cue/hint.h"

enum { WORD_MAX = 24, NAMES_MAX = 400 };

static const char *const names_of_hints[HINT_BITS] = {
#define X(name) #name,
    HINTS(X)
#undef X
};

const char *hint_name(enum hint_bit bit)
{
    return names_of_hints[bit];
}

#define HASH_START UINT32_C(2166136261)

/* The hash of what was hashed before, with word behind it. */
static uint32_t hash_more(uint32_t hash, const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)word[i]) * 16777619U;
    return hash;
}

static uint32_t hash_end(uint32_t hash)
{
    return hash ^ hash >> 15;
}

static void learn(struct hinter *hinter, uint16_t index)
{
    const char *word = hint_words[index].word;
    uint32_t hash = hash_end(hash_more(HASH_START, word, strlen(word)));
    uint32_t slot = hash % HINT_SLOTS;

    while (hinter->slots[slot].word != 0)
        slot = (slot + 1) % HINT_SLOTS;
    hinter->slots[slot].hash = hash;
    hinter->slots[slot].word = (uint16_t)(index + 1);
    if (word[0] == '=')
        hinter->wholes |= 1U << (word[1] - 'a');
}

void hinter_init(struct hinter *hinter)
{
    *hinter = (struct hinter){0};
    for (uint16_t i = 0; hint_words[i].word != NULL; i++)
        learn(hinter, i);
}

/* hash is that of word. */
static uint64_t find(const struct hinter *hinter, uint32_t hash, struct bytes word)
{
    uint32_t slot = hash % HINT_SLOTS;

    for (; hinter->slots[slot].word != 0; slot = (slot + 1) % HINT_SLOTS) {
        const struct hint_word *entry = &hint_words[hinter->slots[slot].word - 1];

        if (hinter->slots[slot].hash == hash && bytes_is(word, entry->word))
            return entry->hints;
    }
    return 0;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_name_char(char c)
{
    return is_alpha(c) || is_digit(c);
}

/* The next word of names in lower case, at most WORD_MAX bytes of it, without what stands before
 * it; its length, 0 at the end. */
static size_t next_word(struct bytes *names, char *word)
{
    const char *p = names->ptr;
    const char *end = p + names->len;
    size_t len = 0;

    while (p < end && !is_name_char(*p))
        p++;
    while (p < end && is_name_char(*p)) {
        if (len > 0 && is_upper(*p) && !is_upper(p[-1]))
            break;
        if (len < WORD_MAX)
            word[len++] = to_lower(*p);
        p++;
    }
    *names = (struct bytes){p, (size_t)(end - p)};
    return len;
}

/* The letters of a name in lower case behind "="; *other is set when it holds a colon, as in
 * "md:block": hidden on some screens only. */
static size_t whole_of(struct bytes name, char whole[WORD_MAX + 1], bool *other)
{
    size_t len = 1;

    whole[0] = '=';
    for (size_t i = 0; i < name.len && len < WORD_MAX + 1; i++) {
        *other |= name.ptr[i] == ':';
        if (is_alpha(name.ptr[i]))
            whole[len++] = to_lower(name.ptr[i]);
    }
    return len;
}

/* Nothing in the table that stands for a whole name begins as name does. */
static bool is_no_whole(const struct hinter *hinter, struct bytes name)
{
    size_t i = 0;

    while (i < name.len && !is_alpha(name.ptr[i]))
        i++;
    return i == name.len || !(hinter->wholes >> (to_lower(name.ptr[i]) - 'a') & 1);
}

/* A name as a whole, "=hidden" in the table: what is said of it is not said of "label-hidden" or
 * "hidden-xs". */
static uint64_t find_whole(const struct hinter *hinter, struct bytes names)
{
    char whole[WORD_MAX + 1];
    uint64_t hints = 0;
    bool other = false;

    for (struct bytes rest = names; rest.len > 0;) {
        struct bytes name = bytes_cut(&rest, ' ');
        size_t len;

        if (is_no_whole(hinter, name))
            continue;
        len = whole_of(name, whole, &other);
        hints |=
            find(hinter, hash_end(hash_more(HASH_START, whole, len)), (struct bytes){whole, len});
    }
    while (hints != 0 && names.len > 0)
        whole_of(bytes_cut(&names, ' '), whole, &other);
    return other ? 0 : hints;
}

static uint64_t look_up(const struct hinter *hinter, struct bytes names)
{
    char pair[2 * WORD_MAX]; /* the word before, and this one */
    uint32_t pair_hash = HASH_START;
    size_t before = 0;
    uint64_t hints;
    size_t len;

    if (names.len > NAMES_MAX)
        names.len = NAMES_MAX;
    hints = find_whole(hinter, names);
    while ((len = next_word(&names, pair + before)) > 0) {
        uint32_t hash = hash_more(HASH_START, pair + before, len);

        hints |= find(hinter, hash_end(hash), (struct bytes){pair + before, len});
        if (before > 0)
            hints |= find(hinter, hash_end(hash_more(pair_hash, pair + before, len)),
                (struct bytes){pair, before + len});
        memmove(pair, pair + before, len);
        pair_hash = hash;
        before = len;
    }
    return hints;
}

static uint64_t hash_names(struct bytes names)
{
    uint64_t hash = names.len * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t piece;

    for (; names.len >= 8; names = bytes_from(names, 8)) {
        memcpy(&piece, names.ptr, 8);
        hash = (hash ^ piece) * UINT64_C(0xD6E8FEB86659FD93);
        hash ^= hash >> 32;
    }
    piece = 0;
    if (names.len > 0)
        memcpy(&piece, names.ptr, names.len);
    hash = (hash ^ piece) * UINT64_C(0xD6E8FEB86659FD93);
    return (hash ^ hash >> 29) | 1;
}

uint64_t hinter_get(struct hinter *hinter, struct bytes names)
{
    uint64_t key;
    size_t slot;

    if (names.len < 2)
        return 0;
    key = hash_names(names);
    slot = (key >> 20) % HINT_CACHE;
    if (hinter->cache[slot].key != key) {
        hinter->cache[slot].key = key;
        hinter->cache[slot].hints = look_up(hinter, names);
    }
    return hinter->cache[slot].hints;
}

static bool is_naming(enum attr_name name)
{
    return name == ATTR_CLASS || name == ATTR_ID || name == ATTR_ITEMPROP || name == ATTR_ROLE ||
           name == ATTR_DATA_TESTID || name == ATTR_DATA_COMPONENT;
}

void hinter_mark(struct hinter *hinter, struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        struct node *node = &tree->nodes[i];

        if (node->attrs == 0 ||
            (node->n.chars == 0 && node->n.images == 0 && node->tag != TAG_META))
            continue;
        for (uint32_t a = node->attr; a < node->attr + node->attrs; a++)
            if (is_naming(tree->attrs[a].name))
                node->hints |= hinter_get(hinter, tree->attrs[a].value);
    }
}
