/* cue.c - looks phrases up by their first bytes. */
#include "cue/cue.h"

#include <stdlib.h>

#include "base/eight.h"

static struct cue {
    struct bytes text;
    uint16_t next; /* in the bucket, 1 + index */
    uint16_t own;  /* the language it is left to; 0 for all */
    uint8_t kind;
    bool whole;
} cues[CUES_MAX];

static uint16_t spoken; /* the page's language; 0 when not known */

static uint16_t cue_count;

/* Phrases by their first HEAD bytes; shorter ones by all of theirs. */
enum { HEAD = 4, AT_ONCE = 8 }; /* as many as fold_case takes in one step */

static struct bucket {
    uint16_t first; /* 1 + index of a cue, 0 for none */
    uint16_t kinds; /* bits 1 << kind of the cues in it */
} buckets[CUE_BUCKETS];

static uint32_t hash_byte(uint32_t hash, char byte)
{
    return (hash ^ (unsigned char)byte) * 16777619U; /* FNV-1a */
}

static struct bucket *bucket_of(uint32_t hash)
{
    return &buckets[(hash ^ hash >> 15) % CUE_BUCKETS];
}

static struct bucket *bucket_for(struct bytes phrase)
{
    uint32_t hash = 0;

    for (size_t i = 0; i < phrase.len && i < HEAD; i++)
        hash = hash_byte(hash, phrase.ptr[i]);
    return bucket_of(hash);
}

enum { PROMPTS_MAX = 255, PROMPT_WORD = 32 };

static uint8_t prompts_from[256];         /* 1 + last of prompt_words that begins with the byte */
static uint8_t prompts_next[PROMPTS_MAX]; /* the one before it that does, in the same way */
static uint32_t prompts_second[256];      /* their second bytes, by the lowest five bits */

/* A letter of ASCII has the same five bits in both cases; of others only folding can tell. */
static uint32_t second_bits(const char *word)
{
    bool ascii = (unsigned char)word[0] < 0x80 && (unsigned char)word[1] < 0x80;

    return ascii ? UINT32_C(1) << (word[1] & 31) : UINT32_MAX;
}

static void prompts_init(void)
{
    memset(prompts_from, 0, sizeof(prompts_from));
    memset(prompts_second, 0, sizeof(prompts_second));
    for (uint8_t i = 0; prompt_words[i] != NULL; i++) {
        unsigned char first = (unsigned char)prompt_words[i][0];

        if (i == PROMPTS_MAX - 1 || strlen(prompt_words[i]) > PROMPT_WORD)
            abort();
        prompts_next[i] = prompts_from[first];
        prompts_from[first] = (uint8_t)(i + 1);
        prompts_second[first] |= second_bits(prompt_words[i]);
    }
}

static bool begins_prompt(struct bytes text)
{
    char first[8] = {0}; /* a few characters in lower case */
    char folded[PROMPT_WORD];
    struct bytes start = {folded, 0};

    fold_case(text, first, sizeof(first));
    for (uint8_t i = prompts_from[(unsigned char)first[0]]; i > 0; i = prompts_next[i - 1]) {
        const char *word = prompt_words[i - 1];

        if (first[1] != word[1])
            continue;
        if (start.len == 0)
            start.len = fold_case(text, folded, sizeof(folded));
        if (bytes_starts(start, bytes_of(word)))
            return true;
    }
    return false;
}

static bool may_prompt(struct bytes text)
{
    unsigned char first = (unsigned char)to_lower(text.ptr[0]);

    return first >= 0x80 ||
           (text.len > 1 && (prompts_second[first] >> ((unsigned char)text.ptr[1] & 31) & 1));
}

bool cue_is_prompt(struct bytes line)
{
    bool letter = false; /* stands before */

    if (line.len > PROMPT_BYTES)
        return false;
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        bool within = letter;

        letter = is_alpha((char)c);
        if ((within && letter) || !may_prompt(bytes_from(line, i)))
            continue;
        if (begins_prompt(bytes_from(line, i)))
            return true;
    }
    return false;
}

/* The first two letters as a number. Languages that are written alike go by one of their names. */
static uint16_t language_code(struct bytes tag)
{
    static const char *const same[] = {
        "nb", "no", "nn", "no", "bs", "sr", "sh", "sr", "ms", "id", NULL};

    if (tag.len < 2)
        return 0;
    for (int i = 0; same[i] != NULL; i += 2)
        if (bytes_starts(tag, bytes_of(same[i])))
            tag = bytes_of(same[i + 1]);
    return (uint16_t)((unsigned char)tag.ptr[0] << 8 | (unsigned char)tag.ptr[1]);
}

void cues_speak(struct bytes language)
{
    spoken = language_code(language);
}

static void add_rows(const struct cue_row *row)
{
    for (; row->phrases != NULL; row++) {
        struct bytes rest = bytes_of(row->phrases);

        while (rest.len > 0) {
            struct bytes text = bytes_cut(&rest, '|');
            struct bucket *bucket = bucket_for(text);

            if (cue_count == CUES_MAX)
                abort();
            cues[cue_count] = (struct cue){text, bucket->first,
                row->how == OWN ? language_code(bytes_of(row->language)) : 0, row->kind,
                row->how == WHOLE};
            bucket->first = ++cue_count;
            bucket->kinds |= (uint16_t)(1U << row->kind);
        }
    }
}

void cues_init(void)
{
    prompts_init();
    memset(buckets, 0, sizeof(buckets));
    cue_count = 0;
    add_rows(cues_english);
    add_rows(cues_western);
    add_rows(cues_eastern);
    add_rows(cues_world);
    add_rows(cues_counts);
}

/* Two-byte characters: capitals of Latin-1, Latin Extended-A, Greek and Cyrillic. */
static unsigned fold_two(unsigned c)
{
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7)
        return c + 0x20;
    if (c >= 0x100 && c <= 0x137 && c != 0x130)
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c + (c & 1);
    if (c >= 0x14A && c <= 0x177)
        return c | 1;
    if (c >= 0x391 && c <= 0x3A9)
        return c + 0x20;
    if (c >= 0x410 && c <= 0x42F)
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    return c;
}

/* Eight ASCII characters; false when they are others. */
static bool fold_eight(const char *text, char *out)
{
    uint64_t eight = eight_load(text);

    if (!eight_is_ascii(eight))
        return false;
    eight_store(out, eight | (eight_above(eight, 'A' - 1) & ~eight_above(eight, 'Z')) >> 2);
    return true;
}

size_t fold_case(struct bytes text, char *out, size_t size)
{
    size_t i = 0;

    while (i < text.len && i < size) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (i + 8 <= text.len && i + 8 <= size && fold_eight(text.ptr + i, out + i)) {
            i += 8;
        } else if (c < 0x80) {
            out[i++] = to_lower((char)c);
        } else if (c >= 0xC3 && c <= 0xD1 && i + 1 < text.len && i + 1 < size) {
            unsigned folded =
                fold_two((unsigned)(c & 0x1F) << 6 | ((unsigned char)text.ptr[i + 1] & 0x3F));

            out[i++] = (char)(0xC0 | folded >> 6);
            out[i++] = (char)(0x80 | (folded & 0x3F));
        } else {
            out[i++] = (char)c;
        }
    }
    return i;
}

static bool only_punctuation(struct bytes rest)
{
    for (size_t i = 0; i < rest.len; i++) {
        unsigned char c = (unsigned char)rest.ptr[i];

        if (is_alpha((char)c) || is_digit((char)c) || (c >= 0xC3 && c != 0xE2))
            return false;
        if (c == 0xE2)
            i += 2;
    }
    return true;
}

/* A phrase of letters does not end within a word. */
static bool ends_here(struct bytes phrase, struct bytes rest)
{
    char last = phrase.ptr[phrase.len - 1];

    if (rest.len == 0 || (!is_alpha(last) && (unsigned char)last < 0x80))
        return true;
    if ((unsigned char)phrase.ptr[0] >= 0xE3)
        return true; /* scripts without spaces */
    return !is_alpha(rest.ptr[0]) &&
           ((unsigned char)rest.ptr[0] < 0xC3 || (unsigned char)rest.ptr[0] == 0xE2);
}

/* A line and what of it is in lower case by now. */
struct lowered {
    struct bytes line;
    struct bytes start;
    char text[CUE_MAX];
};

/* The cue stands at the start of the line, as one of its page's language. */
static bool applies(const struct cue *cue, struct lowered *low)
{
    struct bytes phrase = cue->text;
    struct bytes rest;

    if (low->start.len <= AT_ONCE)
        low->start.len = fold_case(low->line, low->text, sizeof(low->text));
    if (!bytes_starts(low->start, phrase) || (cue->own != 0 && cue->own != spoken))
        return false;
    rest = bytes_from(low->line, phrase.len);
    return ends_here(phrase, rest) && (!cue->whole || only_punctuation(rest));
}

static const struct cue *longest_in(
    const struct bucket *bucket, unsigned kinds, struct lowered *low)
{
    const struct cue *found = NULL;

    if ((bucket->kinds & kinds) == 0)
        return NULL;
    for (uint16_t i = bucket->first; i > 0; i = cues[i - 1].next) {
        const struct cue *cue = &cues[i - 1];

        if ((kinds & (1U << cue->kind)) && (found == NULL || cue->text.len > found->text.len) &&
            applies(cue, low))
            found = cue;
    }
    return found;
}

enum cue_kind cue_find(struct bytes line, unsigned kinds, size_t *ret_len)
{
    struct lowered low;
    uint32_t hashes[HEAD + 1] = {0};
    size_t len;

    low.line = line;
    low.start = (struct bytes){low.text, fold_case(line, low.text, AT_ONCE)};
    len = low.start.len < HEAD ? low.start.len : HEAD;
    for (size_t i = 0; i < len; i++)
        hashes[i + 1] = hash_byte(hashes[i], low.text[i]);
    for (; len > 0; len--) { /* the longer ones first */
        const struct cue *found = longest_in(bucket_of(hashes[len]), kinds, &low);

        if (found == NULL)
            continue;
        if (ret_len != NULL)
            *ret_len = found->text.len;
        return (enum cue_kind)found->kind;
    }
    return CUE_NONE;
}
