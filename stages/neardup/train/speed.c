/* speed.c - what one article costs the duplicates' memory when there are 10,000, and when there are
 * millions; the slowest article (among them those that end a window), and the slowest save.
 *
 * Articles are made as sketches, which cost a few microseconds: runs as rare as hashes are, words
 * as rare as those of a language; one in COPIES repeats an earlier one, and each has a few runs
 * that many have. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/space.h"
#include "memory.h"

enum {
    RUNS_LEAST = 49, /* of an article of 390 words, the mean of the stream bench: 49 to 96 */
    LEVEL = 2,
    PHRASES = 500, /* runs that many have, and how many of them an article has */
    PHRASES_EACH = 4,
    WORDS = 200,
    TITLE = 8,
    COPIES = 10,   /* one of so many repeats one of the last TEXTS with a tenth of other runs */
    TEXTS = 20000, /* kept to be repeated: what comes later than that is rare */
    SAVE = 1000,   /* articles between saves: the daemon's (flow/ordered.c) */
    PART = 10000,  /* articles measured at a time, by the tenth that was disturbed least */
    TENTH = PART / 10,
    BYTES = 2000, /* of the file for an article, with room to spare */
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

/* Of the seeds of an article everything else follows. */
struct text {
    uint64_t seed;
};

static struct text texts[TEXTS];
static uint16_t zipf[1 << 16]; /* a word by its chance */
static uint16_t words[WORDS], names[SKETCH_NAMES], numbers[SKETCH_NUMBERS], title[TITLE];

/* Zipf's law: the n-th word comes 1 / n as often as the first, here by halves. */
static void make_words(void)
{
    for (size_t i = 0; i < sizeof(zipf) / sizeof(zipf[0]); i++) {
        unsigned octave = (unsigned)(roll() % 16);

        zipf[i] = (uint16_t)((((1U << octave) + roll() % (1U << octave)) * 40503U) & 0xfffeU);
    }
}

static void make_set(struct sketch_set *set, uint16_t *terms, size_t count, uint16_t flag)
{
    static uint32_t met[SKETCH_TERMS], now;

    now++;
    *set = (struct sketch_set){terms, 0};
    for (size_t tries = 0; tries < 2 * count && set->count < count; tries++) {
        uint16_t term = zipf[roll() & 0xffff] | flag;

        if (met[term] != now)
            terms[set->count++] = term;
        met[term] = now;
    }
}

/* Names, figures and headlines are nearly all rare. */
static void make_any(struct sketch_set *set, uint16_t *terms, size_t count, uint16_t flag)
{
    for (size_t i = 0; i < count; i++)
        terms[i] = (uint16_t)(roll() & 0xfffeU) | flag;
    *set = (struct sketch_set){terms, count};
}

static int rising(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* Ascending, with LEVEL zero bits before them. */
static void make_runs(struct sketch *sketch, bool differs)
{
    const uint64_t range = UINT64_MAX >> LEVEL;
    size_t count = RUNS_LEAST + roll() % (SKETCH_SHINGLES + 1 - RUNS_LEAST);
    uint64_t step = range / SKETCH_SHINGLES * 2, at = 0;

    sketch->shingle_count = 0;
    for (size_t i = 0; i < count; i++) {
        at += roll() % (step - step / 2 * (i % 2));
        sketch->shingles[sketch->shingle_count++] = i % 16 == 5 && differs ? at + 1 : at;
        if (at > range - step)
            break;
    }
    for (int i = 0; i < PHRASES_EACH; i++)
        sketch->shingles[(size_t)i * 7] = (roll() % PHRASES + 1) * 0x9e3779b97f4a7c15ULL >> LEVEL;
    qsort(sketch->shingles, sketch->shingle_count, sizeof(uint64_t), rising);
    sketch->level = LEVEL;
}

static void make(struct sketch *sketch, uint64_t number)
{
    struct text *text = &texts[number % TEXTS];
    bool is_copy = number % COPIES == 0 && number > TEXTS;
    uint64_t kept;

    text->seed = is_copy ? texts[roll() % TEXTS].seed : roll();
    kept = dice;
    dice = text->seed;
    make_runs(sketch, is_copy);
    make_set(&sketch->distinct, words, WORDS, 0);
    make_any(&sketch->names, names, SKETCH_NAMES, 0);
    make_any(&sketch->numbers, numbers, SKETCH_NUMBERS, 1);
    make_any(&sketch->title, title, TITLE, 0);
    sketch->words = 390;
    sketch->letters = 2000;
    sketch->whole = number;
    dice = kept;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct cost {
    double tenth, least;  /* seconds of so many articles, and of the least */
    double slowest, save; /* seconds */
    size_t copies;
};

static void raise(double *most, double value)
{
    *most = value > *most ? value : *most;
}

static void take_one(
    struct memory *memory, const struct sketch *sketch, uint64_t number, struct cost *cost)
{
    struct candidate candidates[MEMORY_CANDIDATES];
    struct arrival arrival = {.seen = (uint32_t)(number * 86400 / DAY_ARTICLES), .sketch = sketch};
    const struct candidate *best;
    double p = 0, start;
    char id[60];

    snprintf(
        id, sizeof(id), "urn:uuid:5f0c1c1e-6a63-5b0e-9d3e-%012llu", (unsigned long long)number);
    arrival.id = bytes_of(id);
    start = seconds();
    best = candidate_best(candidates, memory_compare(memory, &arrival, candidates), &p);
    memory_add(memory, &arrival, p >= .5 ? best->article : 0);
    start = seconds() - start;
    cost->copies += p >= .5;
    cost->tenth += start;
    raise(&cost->slowest, start);
}

static void save(struct memory *memory, struct buf *saved, struct cost *cost)
{
    double start = seconds();

    buf_clear(saved);
    memory_save(memory, saved);
    memory_parts(memory);
    raise(&cost->save, seconds() - start);
}

static void report(const struct memory *memory, uint64_t total, const struct cost *cost)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    printf("{\"articles\":%llu,\"kept\":%zu,\"copies\":%zu,\"indexUs\":%.2f,\"slowestMs\":%.2f,"
           "\"saveMs\":%.2f,\"bytesPerArticle\":%.0f,\"mapped\":%.0f,\"residentKiB\":%ld}\n",
        (unsigned long long)total, memory_count(memory), cost->copies, cost->least / TENTH * 1e6,
        cost->slowest * 1e3, cost->save * 1e3,
        (double)memory_bytes(memory) / (double)memory_count(memory),
        (double)memory_mapped(memory) / (double)memory_count(memory), usage.ru_maxrss);
    fflush(stdout);
}

/* usage: neardup_speed [ARTICLES [WINDOW [SECONDS]]]   SECONDS: in which all of an article is
 * known, of 86,400 for a million articles; $TMPDIR has the file   at 10,000, 100,000, ... and
 * ARTICLES */
int main(int argc, char **argv)
{
    uint64_t total = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    size_t window = argc > 2 ? strtoull(argv[2], NULL, 10) : total;
    struct space *space = space_open(getenv("TMPDIR"), window * BYTES);
    struct memory *memory = memory_new(&(struct memory_options){.articles = window,
        .window = UINT32_MAX,
        .whole = argc > 3 ? (uint32_t)strtoull(argv[3], NULL, 10) : UINT32_MAX,
        .space = space});
    struct buf saved = {0};
    struct sketch sketch;
    struct cost cost = {0};
    uint64_t next = PART;

    make_words();
    for (uint64_t i = 1; i <= total; i++) {
        make(&sketch, i);
        if (i == next + 1 - PART) {
            cost.least = 1;
            cost.copies = 0;
        }
        take_one(memory, &sketch, i, &cost);
        if (i % TENTH == 0) {
            cost.least = cost.tenth < cost.least ? cost.tenth : cost.least;
            cost.tenth = 0;
        }
        if (i % SAVE == 0)
            save(memory, &saved, &cost);
        if (i == next) {
            report(memory, i, &cost);
            next = i * 10 > total && i < total ? total : i * 10;
        }
    }
    buf_done(&saved);
    memory_free(memory);
    space_close(space);
    return EXIT_SUCCESS;
}
