/* speed.c - what one article costs the stories' memory when there are 10,000, and when there are a
 * million; the slowest article, the slowest save, and bytes an article.
 *
 * Articles are of made words, as rare as those of a language and with a few as rare as names are;
 * one in FOLLOWS tells on of one of the last EVENTS. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/error.h"
#include "base/space.h"
#include "report.h"
#include "threads.h"
#include "trained/model_text.h"

enum {
    MADE = 200,   /* of an article: as many different ones as 390 of the stream bench have */
    NAMES = 12,   /* of them */
    TITLE = 8,    /* words in front */
    FOLLOWS = 4,  /* one of so many */
    EVENTS = 500, /* which are told on: what comes later than that is rare */
    RARE = 1 << 20,
    ALONE = 1 << 30, /* words, when no article has one of another */
    SAVE = 1000,     /* articles between saves: the daemon's (flow/ordered.c) */
    PART = 10000,    /* articles measured at a time, by the tenth that was disturbed least */
    TENTH = PART / 10,
    BYTES = 1024, /* of the file for an article (story.c) */
    DAY_ARTICLES = 1000000,
    SINCE = 1770000000
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

/* Terms are words by their first seven letters (sketch.c): all of a number is in these. */
static void add_word(struct buf *out, uint64_t number, bool is_name)
{
    char word[16];
    size_t len = 0;

    for (number += 26 * 26; number > 0; number /= 26)
        word[len++] = (char)('a' + number % 26);
    word[0] = (char)(is_name ? word[0] - 'a' + 'A' : word[0]);
    buf_add(out, (struct bytes){word, len});
    buf_add(out, LIT(" "));
}

/* Zipf's law: the n-th word comes 1 / n as often as the first, here by halves. */
static uint64_t common_word(void)
{
    unsigned octave = (unsigned)(roll() % 16);

    return ((uint64_t)1 << octave) + roll() % ((uint64_t)1 << octave);
}

struct article_text {
    struct buf title, text;
};

/* What is said of an event: its names, and of its other words most, as all of it follows from the
 * seed; the rest is the reporter's. */
static void make(struct article_text *out, uint64_t event, int words, bool alone)
{
    uint64_t kept = dice;

    buf_clear(&out->title);
    buf_clear(&out->text);
    for (int i = 0; i < words; i++) {
        bool is_name = i % (words / NAMES) == 0, is_own = i % 3 == 2 && !is_name && !alone;
        uint64_t word;

        if (i == 0)
            dice = event * 0x9e3779b97f4a7c15ULL | 1; /* not the dice of the next articles */
        word = is_name || alone ? (1 << 16) + roll() % (alone ? ALONE : RARE) : common_word();
        if (is_own) {
            uint64_t of_event = dice;

            dice = kept;
            word = common_word();
            kept = dice;
            dice = of_event;
        }
        add_word(i < TITLE ? &out->title : &out->text, word, is_name);
        if (i % 12 == 11)
            buf_add(&out->text, LIT(". "));
    }
    dice = kept;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct cost {
    double tenth, least; /* seconds of so many articles, and of the least */
    double slowest[3];   /* seconds of the slowest articles */
    double save;
    size_t stories;
};

static void note_slow(double slowest[3], double value)
{
    for (int i = 0; i < 3; i++)
        if (value > slowest[i]) {
            double was = slowest[i];

            slowest[i] = value;
            value = was;
        }
}

struct speed {
    struct threads *threads;
    struct reports reports;
    struct cost cost;
};

/* As the stage does, but for the record. */
static void take_one(struct speed *s, const struct article_text *made, uint64_t number)
{
    struct thread_source source = {
        .text = {buf_bytes(&made->title), buf_bytes(&made->text), LIT(""), LIT("en")},
        .time = SINCE + (int64_t)(number * 86400 / DAY_ARTICLES)};
    struct arrival arrival = {.headline = source.text.title,
        .seen = LIT("2026-03-14T09:00:00Z"),
        .language = source.text.language,
        .time = source.time};
    struct telling telling;
    struct placed placed;
    const char *role;
    char id[60], url[60];
    double start;

    snprintf(
        id, sizeof(id), "urn:uuid:5f0c1c1e-6a63-5b0e-9d3e-%012llu", (unsigned long long)number);
    snprintf(url, sizeof(url), "https://news%llu.example/a", (unsigned long long)number % 900);
    source.id = arrival.uri = bytes_of(id);
    arrival.url = bytes_of(url);
    start = seconds();
    threads_place(s->threads, &source, &placed);
    reports_pass(&s->reports, source.time);
    arrival.is_first = placed.is_new;
    reports_add(&s->reports, placed.is->uuid, &arrival, &role);
    while (reports_next(&s->reports, 256, &telling))
        reports_told(&s->reports, &telling);
    start = seconds() - start;
    s->cost.stories += placed.is_new;
    s->cost.tenth += start;
    note_slow(s->cost.slowest, start);
}

static void save(struct speed *s, struct buf *saved)
{
    double start = seconds();

    buf_clear(saved);
    threads_save(s->threads, saved);
    reports_save(&s->reports, saved);
    start = seconds() - start;
    s->cost.save = start > s->cost.save ? start : s->cost.save;
}

static void report(struct speed *s, uint64_t total)
{
    const struct archive *archive = threads_archive(s->threads);
    double kept = (double)archive_count(archive);
    const struct cost *cost = &s->cost;
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    printf("{\"articles\":%llu,\"kept\":%.0f,\"stories\":%zu,\"articleUs\":%.2f,"
           "\"slowestMs\":[%.2f,%.2f,%.2f],\"saveMs\":%.2f,\"bytesPerArticle\":%.0f,"
           "\"mapped\":%.0f,\"residentKiB\":%ld}\n",
        (unsigned long long)total, kept, cost->stories, cost->least / TENTH * 1e6,
        cost->slowest[0] * 1e3, cost->slowest[1] * 1e3, cost->slowest[2] * 1e3, cost->save * 1e3,
        (double)threads_bytes(s->threads) / kept, (double)archive_mapped(archive) / kept,
        usage.ru_maxrss);
    fflush(stdout);
}

static void run(struct speed *s, uint64_t total, int words, bool alone)
{
    static uint64_t events[EVENTS];
    struct article_text made = {{0}, {0}};
    struct buf saved = {0};
    uint64_t next = PART;

    for (uint64_t i = 1; i <= total; i++) {
        uint64_t *event = &events[roll() % EVENTS];

        if (alone || i % FOLLOWS != 0 || *event == 0)
            *event = roll();
        make(&made, *event, words, alone);
        if (i == next + 1 - PART)
            s->cost.least = 1;
        take_one(s, &made, i);
        if (i % TENTH == 0) {
            s->cost.least = s->cost.tenth < s->cost.least ? s->cost.tenth : s->cost.least;
            s->cost.tenth = 0;
        }
        if (i % SAVE == 0)
            save(s, &saved);
        if (i == next) {
            report(s, i);
            next = i * 10 > total && i < total ? total : i * 10;
        }
    }
    buf_done(&made.title);
    buf_done(&made.text);
    buf_done(&saved);
}

/* usage: story_speed [ARTICLES [WINDOW [WORDS [alone]]]]   $TMPDIR has the file   at 10,000,
 * 100,000, ... and ARTICLES */
int main(int argc, char **argv)
{
    uint64_t total = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    size_t window = argc > 2 ? strtoull(argv[2], NULL, 10) : total;
    int words = argc > 3 ? (int)strtol(argv[3], NULL, 10) : MADE;
    struct space *space = space_open(getenv("TMPDIR"), window * BYTES);
    struct error err = {0};
    struct model *model = model_read(model_text(), feature_names, FEATURES, &err);
    struct speed s = {
        .threads = threads_new(&(struct threads_options){
            .articles = window, .space = space, .model = model, .common = common_text()})};

    if (model == NULL) {
        fprintf(stderr, "%s\n", err.text);
        return EXIT_FAILURE;
    }
    run(&s, total, words, argc > 4);
    threads_free(s.threads);
    reports_done(&s.reports);
    model_free(model);
    space_close(space);
    return EXIT_SUCCESS;
}
