/* copy.c - finds the article's own copy, which some pages carry in JSON-LD, again among the lines.
 */
#include "page/page.h"

/* A copy shorter than this says nothing; one much shorter than the page's text is only its
 * beginning. */
enum {
    COPY_LEAST = 300,
    COPY_SLOTS = 1 << 15, /* bytes of a set of runs: 32 bits for each run of 8,000 words */
    RUN = 3,              /* words: two are found in any text */
    LINE_SAID = 80,       /* percent of a line's runs that make it one of the copy */
    PAGE_SAID = 80,       /* percent of the copy that has to be found on the page */
};

/* The prime of FNV-1a (Fowler, Noll, Vo) for 64 bits, from a basis of our own, and the golden ratio
 * to mix runs with. */
static const uint64_t fnv_basis = UINT64_C(1469598103934665603);
static const uint64_t fnv_prime = UINT64_C(1099511628211);
static const uint64_t golden = UINT64_C(0x9E3779B97F4A7C15);

struct words {
    uint64_t last[RUN];
    size_t count;
};

static bool is_word_byte(unsigned char c)
{
    return is_alpha((char)c) || is_digit((char)c) || c >= 0xC3;
}

/* The next word's hash; scripts without spaces count as one character a word. 0 at the end. */
static uint64_t next_word(struct bytes *text)
{
    const unsigned char *p = (const unsigned char *)text->ptr;
    const unsigned char *end = p + text->len;
    uint64_t hash = fnv_basis;
    const unsigned char *start;

    while (p < end && (!is_word_byte(*p) || *p == 0xE2)) {
        if (*p >= 0xC0)
            p += *p >= 0xE0 ? 2 : 1;
        p++;
    }
    start = p;
    while (p < end && (is_word_byte(*p) || (*p & 0xC0) == 0x80) && *p != 0xE2) {
        if (*p >= 0xE3 && p > start)
            break;
        hash = (hash ^ (unsigned char)to_lower((char)*p)) * fnv_prime;
        if (*p++ < 0xE3)
            continue;
        for (; p < end && (*p & 0xC0) == 0x80; p++)
            hash = (hash ^ *p) * fnv_prime;
        break;
    }
    if (p > end)
        p = end;
    *text = (struct bytes){(const char *)p, (size_t)(end - p)};
    return p == start ? 0 : hash | 1;
}

/* The hash of the last RUN words, 0 before there are as many. */
static uint64_t run_of(struct words *words, uint64_t hash)
{
    words->last[words->count++ % RUN] = hash;
    if (words->count < RUN)
        return 0;
    hash = 0;
    for (size_t i = words->count - RUN; i < words->count; i++)
        hash = (hash ^ words->last[i % RUN]) * golden;
    return hash | 1;
}

static size_t fill(uint8_t *seen, struct bytes copy)
{
    struct words words = {0};
    size_t runs = 0;
    uint64_t hash;

    while ((hash = next_word(&copy)) != 0) {
        uint64_t run = run_of(&words, hash);

        if (run == 0)
            continue;
        runs++;
        seen[(run >> 20) % COPY_SLOTS] |= (uint8_t)(1U << (run >> 60 & 7));
    }
    return runs;
}

/* Runs of line that are in the copy, and how many there are. */
static size_t compare(const uint8_t *seen, struct bytes text, size_t *ret_runs)
{
    struct words words = {0};
    size_t found = 0;
    uint64_t hash;

    *ret_runs = 0;
    while ((hash = next_word(&text)) != 0) {
        uint64_t run = run_of(&words, hash);

        if (run == 0)
            continue;
        ++*ret_runs;
        found += (seen[(run >> 20) % COPY_SLOTS] >> (run >> 60 & 7)) & 1;
    }
    return found;
}

void page_compare_copy(struct page *page)
{
    struct bytes copy = page->said->body;
    size_t found = 0;
    uint8_t *seen;
    size_t all;

    if (copy.len < COPY_LEAST)
        return;
    seen = arena_alloc(page->arena, COPY_SLOTS);
    all = fill(seen, said_clean(page->arena, copy));
    for (uint32_t i = 0; i < page->line_count; i++) {
        struct line *line = &page->lines[i];
        size_t runs;
        size_t here = compare(seen, line->text, &runs);

        if (runs == 0)
            continue;
        line->said = (uint8_t)(here * 100 / runs);
        if (line->said >= LINE_SAID)
            found += here;
    }
    page->copy = all > 0 && found * 100 >= all * PAGE_SAID;
}
