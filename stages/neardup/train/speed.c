/* speed.c - what one article costs the duplicates' memory when there are 10,000, and when there are
 * millions: made articles of 390 words whose words are as rare as those of a language. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "memory.h"

enum {
    WORDS = 390, /* mean of the stream bench */
    VOCABULARY = 60000,
    COPIES = 10,  /* one of so many repeats an earlier one */
    PART = 10000, /* articles measured at a time */
    DAY_ARTICLES = 1000000
};

static uint64_t dice = 1;

/* xorshift64 (Marsaglia 2003). */
static uint64_t roll(void)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return dice;
}

/* Zipf's law: the n-th word comes 1 / n as often as the first. */
static unsigned word(void)
{
    double u = (double)(roll() >> 11) / 9007199254740992.0;

    return (unsigned)(exp(u * log(VOCABULARY)) - 1);
}

static void make_text(struct buf *text)
{
    buf_clear(text);
    for (int i = 0; i < WORDS; i++)
        buf_printf(text, "%sw%x%s", i % 15 == 7 ? "W" : "", word(), i % 20 == 19 ? ".\n" : " ");
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct cost {
    double sketch, index, slowest; /* seconds */
};

static void take_one(struct memory *memory, struct sketcher *sketcher, struct bytes text,
    uint64_t number, struct cost *cost)
{
    struct candidate candidates[MEMORY_CANDIDATES];
    struct arrival arrival = {.seen = (uint32_t)(number * 86400 / DAY_ARTICLES)};
    const struct candidate *best;
    double start = seconds();
    double middle, end;
    double p = 0;
    char id[60];

    snprintf(
        id, sizeof(id), "urn:uuid:5f0c1c1e-6a63-5b0e-9d3e-%012llu", (unsigned long long)number);
    arrival.id = bytes_of(id);
    arrival.published = arrival.seen;
    arrival.sketch = sketch_read(sketcher, LIT("A headline of seven words or so"), text);
    middle = seconds();
    best = candidate_best(candidates, memory_compare(memory, &arrival, candidates), &p);
    memory_add(memory, &arrival, p >= .5 ? best->article : 0);
    end = seconds();
    cost->sketch += middle - start;
    cost->index += end - middle;
    cost->slowest = end - middle > cost->slowest ? end - middle : cost->slowest;
}

static void report(const struct memory *memory, uint64_t total, const struct cost *cost)
{
    printf("{\"articles\":%llu,\"kept\":%zu,\"sketchUs\":%.2f,\"indexUs\":%.2f,\"slowestMs\":%.2f,"
           "\"bytesPerArticle\":%.0f}\n",
        (unsigned long long)total, memory_count(memory), cost->sketch / PART * 1e6,
        cost->index / PART * 1e6, cost->slowest * 1e3,
        (double)memory_bytes(memory) / (double)memory_count(memory));
    fflush(stdout);
}

/* usage: neardup_speed [ARTICLES [WINDOW]] */
int main(int argc, char **argv)
{
    uint64_t total = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    size_t window = argc > 2 ? strtoull(argv[2], NULL, 10) : total;
    struct memory *memory = memory_new(window, UINT32_MAX);
    struct sketcher *sketcher = sketcher_new();
    struct buf texts[COPIES] = {{0}};
    struct cost cost = {0};
    uint64_t next = PART;

    for (uint64_t i = 1; i <= total; i++) {
        struct buf *text = &texts[i % COPIES];

        if (i % COPIES != 0 || text->len == 0)
            make_text(text);
        else
            text = &texts[(i / COPIES) % (COPIES - 1) + 1];
        if (i == next + 1 - PART)
            cost = (struct cost){0};
        take_one(memory, sketcher, buf_bytes(text), i, &cost);
        if (i == next) {
            report(memory, i, &cost);
            next = i * 3 > total && i < total ? total : i * 3;
        }
    }
    for (int i = 0; i < COPIES; i++)
        buf_done(&texts[i]);
    memory_free(memory);
    sketcher_free(sketcher);
    return EXIT_SUCCESS;
}
