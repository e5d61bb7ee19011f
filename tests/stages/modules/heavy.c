/* heavy.c - a stage that asks the C library for all that a stage may need, at sizes where it turns
 * to the kernel. */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "heavy.h"
#include "wireroom/stage.h"

enum { MIB = 1 << 20, THREADS = 3, ROUNDS = 200 };

/* A pool of threads as libraries for models have them: started in open(), asked in process(). */
struct heavy {
    FILE *kept;
    pthread_t threads[THREADS];
    pthread_mutex_t mutex;
    pthread_cond_t asked, answered;
    unsigned question;
    int busy;
};

static int by_number(const void *a, const void *b)
{
    const int *left = a;
    const int *right = b;

    return (*left > *right) - (*left < *right);
}

static int sort(size_t bytes)
{
    size_t count = bytes / sizeof(int);
    int *numbers = malloc(bytes);
    int ok = numbers != NULL;

    for (size_t i = 0; ok && i < count; i++)
        numbers[i] = (int)((i * 2654435761U) % 1000003U);
    if (ok)
        qsort(numbers, count, sizeof(int), by_number);
    for (size_t i = 1; ok && i < count; i++)
        ok = numbers[i - 1] <= numbers[i];
    free(numbers);
    return ok;
}

static int sort_2_kib(struct heavy *h)
{
    (void)h;
    return sort(2048);
}

static int sort_64_kib(struct heavy *h)
{
    (void)h;
    return sort(65536);
}

static int sort_4_mib(struct heavy *h)
{
    (void)h;
    return sort((size_t)4 * MIB);
}

/* Over the half of what the worker may have: a merge has no room. */
static int sort_in_place(struct heavy *h)
{
    (void)h;
    return sort((size_t)20 * MIB);
}

static int search(struct heavy *h)
{
    enum { MANY = 100000 };
    static int numbers[MANY];
    const int key = MANY / 3;

    (void)h;
    for (int i = 0; i < MANY; i++)
        numbers[i] = i;
    return bsearch(&key, numbers, MANY, sizeof(int), by_number) == &numbers[key];
}

static int memory_mapped(struct heavy *h)
{
    char *large = calloc(32, MIB);
    int ok = large != NULL && large[31 * MIB] == 0;

    (void)h;
    free(large);
    return ok;
}

static int memory_grown(struct heavy *h)
{
    char *grown = NULL;

    (void)h;
    for (size_t size = 1024; size <= (size_t)16 * MIB; size *= 2) {
        char *more = realloc(grown, size);

        if (more == NULL) {
            free(grown);
            return 0;
        }
        grown = more;
        grown[size - 1] = 'x';
    }
    grown = realloc(grown, 100);
    free(grown);
    return grown != NULL;
}

static int memory_aligned(struct heavy *h)
{
    void *aligned = NULL;
    int ok = posix_memalign(&aligned, 65536, (size_t)8 * MIB) == 0;

    (void)h;
    free(aligned);
    return ok;
}

/* The heap grows by brk() and is given back. */
static int memory_many(struct heavy *h)
{
    enum { MANY = 20000 };
    static void *all[MANY];

    (void)h;
    for (size_t i = 0; i < MANY; i++)
        all[i] = malloc(16 + i % 4000);
    for (size_t i = 0; i < MANY; i++)
        free(all[MANY - 1 - i]);
    return 1;
}

static int deeper(int left)
{
    volatile char page[4096];

    page[0] = (char)left;
    return left == 0 ? page[0] : deeper(left - 1) + page[0] * 0;
}

static int stack_deep(struct heavy *h)
{
    (void)h;
    return deeper(500) == 0;
}

static int local_time(struct heavy *h)
{
    time_t when = 1773480417;
    struct tm parts;
    struct tm again = {.tm_year = 126, .tm_mon = 6, .tm_mday = 1, .tm_isdst = -1};
    char text[100];

    (void)h;
    tzset();
    return localtime(&when) != NULL && localtime_r(&when, &parts) != NULL &&
           gmtime(&when) != NULL && mktime(&again) != -1 &&
           strftime(text, sizeof(text), "%c %Z %z", &parts) > 0 && ctime_r(&when, text) != NULL;
}

static int wall_time(struct heavy *h)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME,
        CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_REALTIME_COARSE};
    const struct timespec pause = {.tv_nsec = 1000};
    struct timespec now;
    struct timeval wall;
    struct rusage usage;
    int ok = gettimeofday(&wall, NULL) == 0 && time(NULL) > 0 && clock() >= 0;

    (void)h;
    for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++)
        ok = ok && clock_gettime(clocks[i], &now) == 0;
    ok = ok && clock_getres(CLOCK_PROCESS_CPUTIME_ID, &now) == 0;
    nanosleep(&pause, NULL);
    usleep(1);
    return ok && getrusage(RUSAGE_SELF, &usage) == 0;
}

static int print_out(struct heavy *h)
{
    (void)h;
    return printf("a stage prints: %s %.2f\n", "hello", 0.5) > 0 && puts("and once more") >= 0 &&
           fprintf(stderr, "and to standard error\n") > 0 && fflush(NULL) == 0;
}

static int print_to_memory(struct heavy *h)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    char *line = NULL;

    (void)h;
    for (int i = 0; out != NULL && i < MIB / 4; i++)
        fprintf(out, "%d,", i);
    if (out == NULL || fclose(out) != 0 || asprintf(&line, "%0100000d", 7) != 100000)
        return 0;
    free(text);
    free(line);
    return len > MIB;
}

static int read_from_memory(struct heavy *h)
{
    char lines[] = "one\ntwo\nthree";
    FILE *in = fmemopen(lines, sizeof(lines) - 1, "r");
    char *line = NULL;
    size_t room = 0;
    int count = 0;
    int number = 0;

    (void)h;
    while (in != NULL && getline(&line, &room, in) > 0)
        count++;
    free(line);
    if (in != NULL)
        fclose(in);
    return count == 3 && sscanf("12 apples", "%d", &number) == 1 && number == 12;
}

/* A file that open() opened and began to read. */
static int read_kept_file(struct heavy *h)
{
    char line[200];
    int ok = h->kept != NULL && fseek(h->kept, 0, SEEK_SET) == 0 &&
             fgets(line, sizeof(line), h->kept) != NULL;

    if (h->kept != NULL)
        fclose(h->kept);
    h->kept = NULL;
    return ok;
}

static int match(struct heavy *h)
{
    enum { LONG = 4000 };
    char *text = malloc(LONG + 1);
    regex_t words;
    int ok = regcomp(&words, "([a-z]+ )*end$", REG_EXTENDED | REG_ICASE) == 0;

    (void)h;
    for (int i = 0; i < LONG; i++)
        text[i] = i % 5 == 4 ? ' ' : 'a';
    text[LONG] = '\0';
    ok = ok && regexec(&words, text, 0, NULL, 0) == REG_NOMATCH;
    regfree(&words);
    free(text);
    return ok;
}

static int numbers(struct heavy *h)
{
    char text[400];
    volatile double large = 1e300;

    (void)h;
    snprintf(text, sizeof(text), "%.300f", large / 3);
    return strtod("1.5e-300x", NULL) > 0 && strtoll("0x7f", NULL, 16) == 127 &&
           strtod(text, NULL) > 1e299 && pow(large, 0.5) > 1e149;
}

static int wide(struct heavy *h)
{
    wchar_t to[20];
    char back[20];

    (void)h;
    return mbstowcs(to, "ferry", 20) == 5 && wcstombs(back, to, 20) == 5 && strcoll("a", "b") < 0 &&
           strcasecmp("FERRY", "ferry") == 0;
}

static int random_bytes(struct heavy *h)
{
    char *bytes = malloc(MIB);
    int ok = bytes != NULL && getrandom(bytes, MIB, 0) == MIB && getentropy(bytes, 256) == 0;

    (void)h;
    srandom(7);
    free(bytes);
    return ok && random() >= 0 && rand() >= 0;
}

static int errors(struct heavy *h)
{
    (void)h;
    errno = ENOENT;
    perror("a stage's own error");
    return strerror(EACCES) != NULL && strerror(-5) != NULL && strsignal(SIGSEGV) != NULL &&
           getpid() > 0 && getenv("HOME") == NULL;
}

static int locks(struct heavy *h)
{
    struct rlimit limit;
    cpu_set_t cpus;

    (void)h;
    sched_yield();
    return getrlimit(RLIMIT_DATA, &limit) == 0 && sched_getaffinity(0, sizeof(cpus), &cpus) == 0 &&
           CPU_COUNT(&cpus) > 0;
}

/* One that allocates: with an arena of its own, which grows by mprotect(). */
static void *help(void *self)
{
    struct heavy *h = self;
    unsigned seen = 0;

    pthread_mutex_lock(&h->mutex);
    for (;;) {
        void *all[ROUNDS];

        while (h->question == seen)
            pthread_cond_wait(&h->asked, &h->mutex);
        seen = h->question;
        pthread_mutex_unlock(&h->mutex);
        for (size_t i = 0; i < ROUNDS; i++)
            all[i] = malloc(16000);
        for (size_t i = 0; i < ROUNDS; i++)
            free(all[i]);
        sort(MIB);
        pthread_mutex_lock(&h->mutex);
        if (--h->busy == 0)
            pthread_cond_signal(&h->answered);
    }
    return NULL;
}

static int threads(struct heavy *h)
{
    pthread_mutex_lock(&h->mutex);
    h->question++;
    h->busy = THREADS;
    pthread_cond_broadcast(&h->asked);
    while (h->busy > 0)
        pthread_cond_wait(&h->answered, &h->mutex);
    pthread_mutex_unlock(&h->mutex);
    return 1;
}

static const struct {
    const char *name;
    int (*run)(struct heavy *h);
} cases[] = {
#define CASE(name) {#name, name},
    HEAVY_CASES(CASE)
#undef CASE
};

static int open_heavy(void *self)
{
    struct heavy *h = self;

    pthread_mutex_init(&h->mutex, NULL);
    pthread_cond_init(&h->asked, NULL);
    pthread_cond_init(&h->answered, NULL);
    for (size_t i = 0; i < THREADS; i++)
        if (pthread_create(&h->threads[i], NULL, help, h) != 0)
            return -1;
    h->kept = fopen("/etc/passwd", "r");
    return h->kept == NULL || getc(h->kept) == EOF ? -1 : 0;
}

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);

    (void)event;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (strlen(cases[i].name) == title.len && memcmp(cases[i].name, title.ptr, title.len) == 0)
            return cases[i].run(self) ? WR_NEXT : WR_FAILED;
    return WR_FAILED;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "heavy",
    .version = "1.0",
    .self_size = sizeof(struct heavy),
    .open = open_heavy,
    .process = process,
};
