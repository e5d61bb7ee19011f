/* frequency.c - two rows of counters, each found by another part of the hash. */
#include "frequency.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "sketch.h"

enum { BITS = 21, CELLS = 1 << BITS, ROWS = 2, LANGUAGES = 256 };

/* A stream that begins has no idea of what is rare: as if so many articles had been seen. */
enum { PRIOR = 100 };

/* Said by a quarter of all articles: a word of grammar. It still counts a little, so that two
 * texts without any other word can be alike. */
static const float common = 0.25F, least = 0.05F;

struct frequency {
    uint32_t all;                 /* articles */
    uint32_t articles[LANGUAGES]; /* by a hash of the language; 0: unknown */
    uint32_t language;            /* that is asked about */
    uint16_t cells[ROWS][CELLS];
};

struct frequency *frequency_new(void)
{
    return new_zeroed(sizeof(struct frequency));
}

void frequency_free(struct frequency *frequency)
{
    free(frequency);
}

/* The second row takes the bits of another product (Knuth's multiplicative hash). */
static size_t cell_of(uint32_t term, int row)
{
    return (row == 0 ? term : term * 2654435761U >> (32 - BITS)) & (CELLS - 1);
}

static void halve(struct frequency *frequency)
{
    frequency->all /= 2;
    for (int i = 0; i < LANGUAGES; i++)
        frequency->articles[i] /= 2;
    for (int row = 0; row < ROWS; row++)
        for (size_t i = 0; i < CELLS; i++)
            frequency->cells[row][i] /= 2;
}

/* By the first subtag: "en-GB" is "en". */
static uint32_t language_of(struct bytes language)
{
    struct bytes first = bytes_cut(&language, '-');

    return first.len == 0 ? 0 : 1 + (uint32_t)(hash64(first) % (LANGUAGES - 1));
}

void frequency_article(struct frequency *frequency, struct bytes language)
{
    frequency->language = language_of(language);
    frequency->articles[frequency->language]++;
    if (++frequency->all > FREQUENCY_ARTICLES)
        halve(frequency);
}

static void add(struct frequency *frequency, uint32_t term, uint32_t count)
{
    for (int row = 0; row < ROWS; row++) {
        uint16_t *cell = &frequency->cells[row][cell_of(term, row)];

        *cell = (uint16_t)(*cell + count < UINT16_MAX ? *cell + count : UINT16_MAX);
    }
}

void frequency_add(struct frequency *frequency, uint32_t term)
{
    add(frequency, term, 1);
}

static bool begin_language(struct frequency *frequency, struct bytes line)
{
    struct bytes tag = bytes_cut(&line, ' ');
    int64_t count;

    if (!bytes_to_int(line, &count) || count < 0 || count > FREQUENCY_ARTICLES / 4)
        return false;
    frequency->articles[language_of(tag)] += (uint32_t)count;
    frequency->all += (uint32_t)count;
    return true;
}

static bool begin_word(struct frequency *frequency, struct bytes count, struct bytes text)
{
    struct word at[4];
    struct words words = {.at = at};
    int64_t articles;

    if (!bytes_to_int(count, &articles) || articles < 0 || articles > FREQUENCY_ARTICLES / 4)
        return false;
    words_read_into(text, 4, &words);
    for (size_t i = 0; i < words.count; i++)
        add(frequency, term_key(&at[i]), (uint32_t)articles);
    return true;
}

bool frequency_begin(struct frequency *frequency, struct bytes text)
{
    while (text.len > 0) {
        struct bytes line = bytes_cut(&text, '\n'), word = bytes_cut(&line, ' ');

        if (word.len == 0 || word.ptr[0] == '#')
            continue;
        if (!(bytes_is(word, "language") ? begin_language(frequency, line)
                                         : begin_word(frequency, word, line)))
            return false;
    }
    return true;
}

uint32_t frequency_of(const struct frequency *frequency, uint32_t term)
{
    uint32_t a = frequency->cells[0][cell_of(term, 0)], b = frequency->cells[1][cell_of(term, 1)];

    return a < b ? a : b;
}

uint32_t frequency_articles(const struct frequency *frequency)
{
    return frequency->articles[frequency->language];
}

float frequency_idf(const struct frequency *frequency, uint32_t term)
{
    float all = (float)frequency_articles(frequency), with = (float)frequency_of(frequency, term);
    float idf;

    if (all >= PRIOR / 2.0F && with >= common * all)
        return least;
    idf = logf((all + PRIOR) / (with + 1.0F));
    return idf > least ? idf : least;
}

/* Articles, the same by language, number of cells, then row and place, count of each cell that is
 * not empty. */
void frequency_save(const struct frequency *frequency, struct buf *out)
{
    uint32_t used = 0;

    for (size_t i = 0; i < (size_t)ROWS * CELLS; i++)
        used += frequency->cells[i / CELLS][i % CELLS] != 0;
    buf_add(out, (struct bytes){(const char *)&frequency->all, sizeof(frequency->all)});
    buf_add(out, (struct bytes){(const char *)frequency->articles, sizeof(frequency->articles)});
    buf_add(out, (struct bytes){(const char *)&used, sizeof(used)});
    for (uint32_t i = 0; i < ROWS * CELLS; i++) {
        uint16_t count = frequency->cells[i / CELLS][i % CELLS];

        if (count == 0)
            continue;
        buf_add(out, (struct bytes){(const char *)&i, sizeof(i)});
        buf_add(out, (struct bytes){(const char *)&count, sizeof(count)});
    }
}

bool frequency_load(struct frequency *frequency, struct bytes *rest)
{
    enum { HEAD = 4 + sizeof(frequency->articles) + 4, CELL = 6 };
    uint32_t used, at;

    memset(frequency, 0, sizeof(*frequency));
    if (rest->len < HEAD)
        return false;
    memcpy(&frequency->all, rest->ptr, sizeof(frequency->all));
    memcpy(frequency->articles, rest->ptr + 4, sizeof(frequency->articles));
    memcpy(&used, rest->ptr + HEAD - 4, sizeof(used));
    *rest = bytes_from(*rest, HEAD);
    if (used > ROWS * CELLS || rest->len < (size_t)used * CELL)
        return false;
    for (uint32_t i = 0; i < used; i++) {
        const char *cell = rest->ptr + (size_t)i * CELL;

        memcpy(&at, cell, sizeof(at));
        if (at >= ROWS * CELLS)
            return false;
        memcpy(&frequency->cells[at / CELLS][at % CELLS], cell + 4, 2);
    }
    *rest = bytes_from(*rest, (size_t)used * CELL);
    return true;
}
