/* lexicon.c - the word lists, hashed when the stage is opened. */
#include "lexicon.h"

#include <stdlib.h>

#include "base/hash.h"
#include "listed.h"
#include "text/letter.h"
#include "text/text.h"

/* Some 7,500 words and places, and 4,000 words that are towns; a list of one class has at most 8
 * KiB. */
enum {
    SLOTS = 1 << 15,
    LIST_WORDS = 2048,
    COMPOUND_END = 5,
    COMPOUND_HEAD = 3,
    GENITIVE_LETTERS = 5
};

struct slot {
    uint64_t hash;
    uint32_t classes;
};

struct lexicon {
    struct slot slots[SLOTS];
    size_t count;
    const struct listed *listed;
    struct word words[LIST_WORDS];
};

/* Which word class stands for which kind of a list. */
static const uint32_t listed_class[LISTED_KINDS] = {[LISTED_PERSON] = SOMEONE,
    [LISTED_ORGANISATION] = HOUSE,
    [LISTED_PLACE] = PLACE,
    [LISTED_TOWN] = TOWN,
    [LISTED_NONE] = NOBODY};

static const struct {
    uint32_t class;
    const char *words;
} lists[] = {
#define WORDS(class_, words_) {.class = (class_), .words = (words_)},
#include "lexicon.def"
#undef WORDS
#define SMALL_WORDS(words_) {.class = STOP, .words = (words_)},
#include "text/small_words.def"
#undef SMALL_WORDS
#define NOUNS(words_) {.class = NOUN, .words = (words_)},
#define NOUNS_END(words_) {.class = NOUN_END, .words = (words_)},
#include "nouns.def"
#undef NOUNS
#undef NOUNS_END
};

/* Whole names, by semicolons. */
static const struct {
    uint32_t class;
    const char *names;
} known[] = {
#define PLACES(names_) {.class = PLACE, .names = (names_)},
#define HOUSES(names_) {.class = HOUSE, .names = (names_)},
#include "known.def"
#include "places.def"
#undef PLACES
#undef HOUSES
};

/* Words of a language that are also towns' names. */
static const struct {
    const char *language;
    const char *words;
} town_words[] = {
#define TOWN_WORDS(language_, words_) {.language = (language_), .words = (words_)},
#include "town_words.def"
#undef TOWN_WORDS
};

enum {
    TOWN_LANGUAGES = sizeof(town_words) / sizeof(town_words[0]),
    TOWN_WORD = 1 << 27 /* of town_word()'s hashes alone */
};

static struct slot *slot_of(struct lexicon *lexicon, uint64_t hash)
{
    size_t at = hash % SLOTS;

    while (lexicon->slots[at].classes != 0 && lexicon->slots[at].hash != hash)
        at = (at + 1) % SLOTS;
    return &lexicon->slots[at];
}

static void add(struct lexicon *lexicon, uint64_t hash, uint32_t class)
{
    struct slot *slot = slot_of(lexicon, hash);

    /* Full tables would end searches never: half of it stays empty. */
    if (slot->classes == 0 && lexicon->count++ > SLOTS / 2)
        abort();
    slot->hash = hash;
    slot->classes |= class;
}

uint64_t lexicon_hash(const struct word *words, size_t count)
{
    uint64_t hash = words[0].hash;

    for (size_t i = 1; i < count; i++)
        hash = hash * 0x9E3779B97F4A7C15ULL + words[i].hash;
    return hash;
}

static void add_names(struct lexicon *lexicon, struct bytes names, uint32_t class)
{
    while (names.len > 0) {
        struct words words = {.at = lexicon->words};

        words_read_into(bytes_cut(&names, ';'), LIST_WORDS, &words);
        if (words.count > 0)
            add(lexicon, lexicon_hash(words.at, words.count), class);
    }
}

/* A word of one language has a hash of its own. */
static uint64_t town_word(size_t language, uint64_t hash)
{
    return (hash ^ (language + 1)) * 0x9E3779B97F4A7C15ULL;
}

static void add_town_words(struct lexicon *lexicon, size_t language)
{
    struct bytes rest = bytes_of(town_words[language].words);

    while (rest.len > 0) {
        struct words words = {.at = lexicon->words};

        words_read_into(bytes_cut(&rest, ' '), LIST_WORDS, &words);
        if (words.count == 1)
            add(lexicon, town_word(language, words.at[0].hash), TOWN_WORD);
    }
}

bool lexicon_is_town_word(const struct lexicon *lexicon, uint64_t hash, struct bytes language)
{
    for (size_t i = 0; i < TOWN_LANGUAGES; i++)
        if ((language.len == 0 || bytes_starts(language, bytes_of(town_words[i].language))) &&
            (lexicon_classes(lexicon, town_word(i, hash)) & TOWN_WORD) != 0)
            return true;
    return false;
}

bool lexicon_is_town(const struct lexicon *lexicon, const struct word *words, size_t count)
{
    return listed_kind(lexicon->listed, lexicon_hash(words, count), NULL) == LISTED_TOWN;
}

struct lexicon *lexicon_new(const struct listed *listed)
{
    struct lexicon *lexicon = new_zeroed(sizeof(*lexicon));

    lexicon->listed = listed;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct words words = {.at = lexicon->words};

        words_read_into(bytes_of(lists[i].words), LIST_WORDS, &words);
        for (size_t w = 0; w < words.count; w++)
            add(lexicon, words.at[w].hash, lists[i].class);
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        add_names(lexicon, bytes_of(known[i].names), known[i].class);
    for (size_t i = 0; listed != NULL && i < TOWN_LANGUAGES; i++)
        add_town_words(lexicon, i);
    return lexicon;
}

void lexicon_free(struct lexicon *lexicon)
{
    free(lexicon);
}

uint32_t lexicon_classes(const struct lexicon *lexicon, uint64_t hash)
{
    size_t at = hash % SLOTS;

    while (lexicon->slots[at].classes != 0) {
        if (lexicon->slots[at].hash == hash)
            return lexicon->slots[at].classes;
        at = (at + 1) % SLOTS;
    }
    return 0;
}

uint32_t lexicon_capital(const struct lexicon *lexicon, uint64_t hash)
{
    return lexicon_classes(lexicon, hash) | listed_class[listed_kind(lexicon->listed, hash, NULL)];
}

struct folded {
    char text[WORD_LONGEST + 4];
    uint32_t starts[WORD_LONGEST]; /* of its letters */
    int letters;
    size_t len;
};

static void fold(struct bytes word, struct folded *ret_folded)
{
    size_t len = 0;
    int letters = 0;

    for (size_t i = 0; i < word.len && len < WORD_LONGEST;) {
        ret_folded->starts[letters++] = (uint32_t)len;
        len += text_put_char(ret_folded->text + len, letter_fold(text_next(word, &i)));
    }
    ret_folded->letters = letters;
    ret_folded->len = len;
}

bool lexicon_is_compound(const struct lexicon *lexicon, struct bytes word, uint32_t class)
{
    struct folded folded;

    fold(word, &folded);
    for (int at = COMPOUND_HEAD; at < folded.letters - 1; at++) {
        struct bytes end = {folded.text + folded.starts[at], folded.len - folded.starts[at]};
        uint32_t classes = lexicon_classes(lexicon, hash64(end));

        if ((classes & NOUN_END & class) != 0 ||
            ((classes & class) != 0 && folded.letters - at >= COMPOUND_END))
            return true;
    }
    return false;
}

uint32_t lexicon_genitive(const struct lexicon *lexicon, struct bytes word, uint64_t *ret_hash)
{
    struct folded folded;
    uint64_t hash;
    uint32_t classes;

    fold(word, &folded);
    if (folded.letters < GENITIVE_LETTERS || folded.text[folded.len - 1] != 's')
        return 0;
    hash = hash64((struct bytes){folded.text, folded.len - 1});
    classes = lexicon_capital(lexicon, hash);
    if ((classes & (KNOWN | TOWN)) == 0)
        return 0;
    *ret_hash = hash;
    return classes | GENITIVE;
}

uint32_t lexicon_known(const struct lexicon *lexicon, const struct word *words, size_t count)
{
    return lexicon_capital(lexicon, lexicon_hash(words, count)) & (KNOWN | NOBODY);
}
