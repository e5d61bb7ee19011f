/* words.c - one pass over the characters: a word is open or not. */
#include "text/words.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/hash.h"
#include "text/letter.h"

/* The word being read. */
struct reader {
    struct bytes text;
    struct words *words;
    size_t most;
    char folded[WORD_LONGEST + U8_MAX_LENGTH];
    size_t len;  /* of folded; 0: no word is open */
    size_t stem; /* bytes of its first WORD_STEM letters */
    size_t letters;
    size_t start;
    uint8_t kind;
    bool capital;
    bool opens; /* the next word does */
};

struct range {
    uint32_t first, last;
};

/* Unicode's blocks of the scripts that are written without blanks between words (UAX 29, 4.1: a
 * dictionary would be needed). */
static const struct range signs[] = {
    {0x0E00, 0x0EFF},   /* Thai, Lao */
    {0x1000, 0x109F},   /* Burmese */
    {0x1780, 0x17FF},   /* Khmer */
    {0x3040, 0x30FF},   /* kana */
    {0x3400, 0x4DBF},   /* Han, extension A */
    {0x4E00, 0x9FFF},   /* Han */
    {0xF900, 0xFAFF},   /* Han, for compatibility */
    {0x20000, 0x3FFFF}, /* Han, the other planes */
};

static bool is_sign(uint32_t c)
{
    for (size_t i = 0; c >= signs[0].first && i < sizeof(signs) / sizeof(signs[0]); i++)
        if (c >= signs[i].first && c <= signs[i].last)
            return true;
    return false;
}

static void close_word(struct reader *r, size_t end)
{
    struct word *word;

    if (r->len == 0)
        return;
    word = &r->words->at[r->words->count++];
    *word = (struct word){.hash = hash64((struct bytes){r->folded, r->len}),
        .at = (uint32_t)r->start,
        .len = (uint32_t)(end - r->start),
        .kind = r->kind,
        .capital = r->capital,
        .opens = r->opens};
    word->stem = r->stem == r->len ? word->hash : hash64((struct bytes){r->folded, r->stem});
    r->opens = false;
    r->len = 0;
}

static void open_word(struct reader *r, size_t at, uint8_t kind)
{
    r->start = at;
    r->kind = kind;
    r->stem = 0;
    r->letters = 0;
    r->capital = false;
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is that of ICU's macro */
static void add_character(struct reader *r, uint32_t folded)
{
    size_t len = r->len;

    if (folded < 0x80)
        r->folded[len++] = (char)folded;
    else
        U8_APPEND_UNSAFE(r->folded, len, (UChar32)folded);
    r->len = len;
    if (r->letters++ < WORD_STEM)
        r->stem = len;
}

/* A character that is part of a word, at, before next. */
static void take(struct reader *r, uint32_t c, size_t at, size_t next)
{
    uint32_t folded = letter_fold(c);
    int digit = letter_digit(c);
    uint8_t kind = is_sign(c) ? WORD_SIGN : digit >= 0 ? WORD_NUMBER : WORD_LETTERS;

    if (r->len >= WORD_LONGEST || kind == WORD_SIGN || (r->len > 0 && r->kind == WORD_SIGN))
        close_word(r, at);
    if (r->words->count >= r->most)
        return;
    if (r->len == 0) {
        open_word(r, at, kind);
        r->capital = folded != c && u_isUUppercase((UChar32)c);
    }
    add_character(r, digit >= 0 ? (uint32_t)('0' + digit) : folded);
    if (kind == WORD_SIGN)
        close_word(r, next);
}

static size_t digits_at(struct bytes text, size_t at)
{
    size_t n = 0;

    while (at + n < text.len && n < 4 && is_digit(text.ptr[at + n]))
        n++;
    return n;
}

/* '.' or ',' inside a number: dropped before three digits, kept otherwise. */
static bool goes_on(struct reader *r, size_t at)
{
    size_t digits;

    if (r->len == 0 || r->kind != WORD_NUMBER || r->len >= WORD_LONGEST)
        return false;
    digits = digits_at(r->text, at + 1);
    if (digits > 0 && digits != 3)
        add_character(r, '.');
    return digits > 0;
}

/* "J. Smith", "Dr. Smith": a short word with a capital and a dot before a blank is cut short; a
 * sentence seldom ends with one. */
static bool is_abbreviation(const struct words *words)
{
    const struct word *last = words->count > 0 ? &words->at[words->count - 1] : NULL;

    return last != NULL && last->capital && last->len <= 3;
}

static void part(struct reader *r, uint32_t c, size_t at)
{
    if ((c == '.' || c == ',') && goes_on(r, at))
        return;
    close_word(r, at);
    if (c == '\n' || c == '!' || c == '?' || c == ':' || c == 0x2026 || c == 0x3002 ||
        c == 0xFF01 || c == 0xFF1F || (c == '.' && !is_abbreviation(r->words)))
        r->opens = true;
}

/* A sign says little alone: two are compared. */
static void join_signs(struct words *words)
{
    for (size_t i = 0; i + 1 < words->count; i++)
        if (words->at[i].kind == WORD_SIGN && words->at[i + 1].kind == WORD_SIGN)
            words->at[i].stem = words->at[i].hash * 3 + words->at[i + 1].hash;
}

/* ASCII letters and digits from at on go into the word that is open, or begin one; returns where
 * they end. Most of most texts is read here. */
static size_t take_plain(struct reader *r, size_t at)
{
    const char *ptr = r->text.ptr;
    size_t end = at;
    size_t len;

    if (r->len > 0 && r->kind == WORD_SIGN)
        close_word(r, at);
    if (r->len == 0) {
        open_word(r, at, is_digit(ptr[at]) ? WORD_NUMBER : WORD_LETTERS);
        r->capital = ptr[at] >= 'A' && ptr[at] <= 'Z';
    }
    for (len = r->len; end < r->text.len && len < WORD_LONGEST; end++) {
        unsigned char c = (unsigned char)ptr[end], small = c | 0x20U;

        if (small - (unsigned)'a' < 26)
            r->folded[len++] = (char)small;
        else if (c - (unsigned)'0' < 10)
            r->folded[len++] = (char)c;
        else
            break;
    }
    if (r->letters < WORD_STEM)
        r->stem = r->len +
                  (r->letters + (len - r->len) < WORD_STEM ? len - r->len : WORD_STEM - r->letters);
    r->letters += len - r->len;
    r->len = len;
    return end;
}

static bool is_plain(char c)
{
    return is_alpha(c) || is_digit(c);
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is that of ICU's macro */
static size_t take_other(struct reader *r, size_t at)
{
    size_t next = at;
    UChar32 c = (unsigned char)r->text.ptr[at];

    if (c < 0x80)
        next++;
    else
        U8_NEXT(r->text.ptr, next, r->text.len, c);
    if (c >= 0x80 && (letter_is((uint32_t)c) || letter_digit((uint32_t)c) >= 0))
        take(r, (uint32_t)c, at, next);
    else
        part(r, (uint32_t)c, at);
    return next;
}

void words_read_into(struct bytes text, size_t most, struct words *words)
{
    struct reader r = {.text = text, .words = words, .most = most, .opens = true};
    size_t i = 0;

    words->count = 0;
    while (i < text.len && words->count < most) {
        if (r.len >= WORD_LONGEST)
            close_word(&r, i);
        if (words->count < most)
            i = is_plain(text.ptr[i]) ? take_plain(&r, i) : take_other(&r, i);
    }
    if (words->count < most)
        close_word(&r, text.len);
    join_signs(words);
}

void words_read(struct arena *arena, struct bytes text, size_t most, struct words *ret_words)
{
    size_t room = text.len + 1 < most ? text.len + 1 : most;

    *ret_words = (struct words){.at = arena_alloc_array(arena, room, sizeof(struct word))};
    words_read_into(text, room, ret_words);
}
