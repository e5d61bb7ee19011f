/* hint.c - splits names into words and looks them up. */
#include "hint.h"

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

static uint32_t hash_word(const char *word, size_t len)
{
    uint32_t hash = 2166136261U;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)word[i]) * 16777619U;
    return hash ^ hash >> 15;
}

void hinter_init(struct hinter *hinter)
{
    *hinter = (struct hinter){0};
    for (const struct hint_word *word = hint_words; word->word != NULL; word++) {
        uint32_t slot = hash_word(word->word, strlen(word->word)) % HINT_SLOTS;

        while (hinter->slots[slot] != NULL)
            slot = (slot + 1) % HINT_SLOTS;
        hinter->slots[slot] = word;
    }
}

static uint64_t find(const struct hinter *hinter, const char *word, size_t len)
{
    uint32_t slot = hash_word(word, len) % HINT_SLOTS;

    for (; hinter->slots[slot] != NULL; slot = (slot + 1) % HINT_SLOTS) {
        const struct hint_word *entry = hinter->slots[slot];

        if (strncmp(entry->word, word, len) == 0 && entry->word[len] == '\0')
            return entry->hints;
    }
    return 0;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* The next word of names in lower case, without what stands before it; its length, 0 at the end. */
static size_t next_word(struct bytes *names, char word[WORD_MAX])
{
    const char *p = names->ptr;
    const char *end = p + names->len;
    size_t len = 0;

    while (p < end && !is_alpha(*p) && !is_digit(*p))
        p++;
    while (p < end && (is_alpha(*p) || is_digit(*p))) {
        if (len > 0 && is_upper(*p) && !is_upper(p[-1]))
            break;
        if (len < WORD_MAX)
            word[len++] = to_lower(*p);
        p++;
    }
    *names = (struct bytes){p, (size_t)(end - p)};
    return len;
}

/* A name as a whole, "=hidden" in the table: what is said of it is not said of "label-hidden" or
 * "hidden-xs". */
static uint64_t find_whole(const struct hinter *hinter, struct bytes names)
{
    uint64_t hints = 0;
    bool other = false;

    while (names.len > 0) {
        struct bytes name = bytes_cut(&names, ' ');
        char whole[WORD_MAX + 1] = "=";
        size_t len = 1;

        for (size_t i = 0; i < name.len && len < sizeof(whole); i++) {
            other |= name.ptr[i] == ':'; /* "md:block": hidden on some screens only */
            if (is_alpha(name.ptr[i]))
                whole[len++] = to_lower(name.ptr[i]);
        }
        hints |= find(hinter, whole, len);
    }
    return other ? 0 : hints;
}

static uint64_t look_up(const struct hinter *hinter, struct bytes names)
{
    char pair[2 * WORD_MAX];
    size_t before = 0;
    uint64_t hints = 0;
    char word[WORD_MAX];
    size_t len;

    if (names.len > NAMES_MAX)
        names.len = NAMES_MAX;
    hints = find_whole(hinter, names);
    while ((len = next_word(&names, word)) > 0) {
        hints |= find(hinter, word, len);
        if (before > 0) {
            memcpy(pair + before, word, len);
            hints |= find(hinter, pair, before + len);
        }
        memcpy(pair, word, len);
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
