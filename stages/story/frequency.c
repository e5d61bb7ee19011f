/* frequency.c - two rows of counters, each found by another part of the hash. */
#include "frequency.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "sketch.h"

enum {
    BITS = 21,
    CELLS = 1 << BITS,
    LINE = 16, /* cells of one line of the cache */
    ROWS = 2,
    LANGUAGES = 256
};

/* A stream that begins has no idea of what is rare: as if so many articles had been seen. */
enum { PRIOR = 100 };

/* Said by a quarter of all articles: a word of grammar. It still counts a little, so that two
 * texts without any other word can be alike. */
static const float common = 0.25F, least = 0.05F;

struct age {
    uint32_t all;                 /* articles */
    uint32_t articles[LANGUAGES]; /* by a hash of the language; 0: unknown */
};

struct frequency {
    struct age now, before;
    uint32_t most;    /* articles of an age */
    uint8_t language; /* that is asked about */
    /* A line is turned to this age when something is added to it: turning all at once takes longer
     * than an article may. Nothing stays as it is for all 65,536 ages. */
    uint16_t number, turned[ROWS][CELLS / LINE];
    struct cell {
        uint16_t now, before;
    } cells[ROWS][CELLS];
};

struct frequency *frequency_new(uint32_t age)
{
    struct frequency *frequency = new_zeroed(sizeof(*frequency));

    frequency->most = age == 0 || age > FREQUENCY_ARTICLES ? FREQUENCY_ARTICLES : age;
    return frequency;
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

uint8_t frequency_language(struct bytes language)
{
    struct bytes first = bytes_cut(&language, '-'); /* "en-GB" is "en" */

    return first.len == 0 ? 0 : (uint8_t)(1 + hash64(first) % (LANGUAGES - 1));
}

void frequency_ask(struct frequency *frequency, uint8_t language)
{
    frequency->language = language;
}

uint8_t frequency_asked(const struct frequency *frequency)
{
    return frequency->language;
}

void frequency_article(struct frequency *frequency, uint8_t language)
{
    frequency->now.articles[language]++;
    frequency->now.all++;
}

bool frequency_is_full(const struct frequency *frequency)
{
    return frequency->now.all >= frequency->most;
}

void frequency_rotate(struct frequency *frequency)
{
    frequency->before = frequency->now;
    memset(&frequency->now, 0, sizeof(frequency->now));
    frequency->number++;
}

void frequency_clear(struct frequency *frequency)
{
    uint32_t most = frequency->most;

    memset(frequency, 0, sizeof(*frequency));
    frequency->most = most;
}

static uint16_t ages_behind(const struct frequency *frequency, int row, size_t cell)
{
    return (uint16_t)(frequency->number - frequency->turned[row][cell / LINE]);
}

static void turn(struct frequency *frequency, int row, size_t cell)
{
    struct cell *line = &frequency->cells[row][cell / LINE * LINE];
    bool is_next = ages_behind(frequency, row, cell) == 1;

    for (int i = 0; i < LINE; i++)
        line[i] = (struct cell){0, is_next ? line[i].now : 0};
    frequency->turned[row][cell / LINE] = frequency->number;
}

static void add(struct frequency *frequency, uint32_t term, uint32_t count)
{
    for (int row = 0; row < ROWS; row++) {
        size_t number = cell_of(term, row);
        uint16_t *cell = &frequency->cells[row][number].now;

        if (ages_behind(frequency, row, number) != 0)
            turn(frequency, row, number);
        *cell = (uint16_t)(*cell + count < UINT16_MAX ? *cell + count : UINT16_MAX);
    }
}

void frequency_expect(const struct frequency *frequency, uint32_t term)
{
    for (int row = 0; row < ROWS; row++)
        __builtin_prefetch(&frequency->cells[row][cell_of(term, row)], 1);
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
    frequency->now.articles[frequency_language(tag)] += (uint32_t)count;
    frequency->now.all += (uint32_t)count;
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

static uint32_t count_in(const struct frequency *frequency, int row, uint32_t term)
{
    size_t number = cell_of(term, row);
    struct cell cell = frequency->cells[row][number];
    uint16_t behind = ages_behind(frequency, row, number);

    return behind == 0 ? (uint32_t)cell.now + cell.before : behind == 1 ? cell.now : 0;
}

uint32_t frequency_of(const struct frequency *frequency, uint32_t term)
{
    uint32_t first = count_in(frequency, 0, term), second = count_in(frequency, 1, term);

    return first < second ? first : second;
}

/* Whoever does not know the language compares with all. */
uint32_t frequency_articles(const struct frequency *frequency)
{
    uint8_t language = frequency->language;

    if (language == 0)
        return frequency->now.all + frequency->before.all;
    return frequency->now.articles[language] + frequency->before.articles[language];
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
