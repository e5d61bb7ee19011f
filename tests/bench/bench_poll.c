/* bench_poll.c - what a poll and a feed at rest cost: fetch, poll and the store, without workers
 * and without a daemon.
 *
 *     bench_poll URLS SECONDS INTERVAL_MS    polls of the URLs of a file, each asked every
 * INTERVAL_MS bench_poll --rest FEEDS                so many feeds loaded and scheduled: time to
 * the first poll, resident memory
 *
 * The last line is JSON. bench_poller is what the first is compared with. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "poll/cadence.h"
#include "poll/poll.h"

struct bench {
    uv_loop_t loop;
    struct conf *conf;
    struct fetcher *fetcher;
    struct store *store;
    struct poll *poll;
    uv_timer_t timer;
    double seconds;
    struct poll_counters from;
    double cpu_from;
    int64_t wall_from, started;
};

static double cpu_now(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* MiB that are ours: private pages, not the libraries'. */
static double resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long size = 0;
    long pages = 0;
    long shared = 0;

    if (file == NULL || fscanf(file, "%ld %ld %ld", &size, &pages, &shared) != 3)
        return 0;
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

static void die(const struct error *err)
{
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

static void on_body(void *ctx, const struct poll_answer *answer)
{
    struct bench *bench = ctx;

    poll_parsed(bench->poll, answer->feed->id, &(struct poll_outcome){.code = OK, .entries = 1});
}

static struct poll_counters count(struct bench *bench)
{
    struct poll_counters counters;

    poll_counters(bench->poll, &counters);
    return counters;
}

static void finish(struct bench *bench)
{
    poll_close(bench->poll);
    fetcher_close(bench->fetcher, NULL, NULL);
    uv_close((uv_handle_t *)&bench->timer, NULL);
    store_close(bench->store, NULL);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
}

static void report(struct bench *bench)
{
    struct poll_counters now = count(bench);
    double polls = (double)(now.polls - bench->from.polls);
    double wall = (double)(clock_mono() - bench->wall_from) / SECOND;

    printf("{\"polls\": %.0f, \"unchanged\": %.0f, \"failed\": %.0f, \"seconds\": %.2f, \"rate\": "
           "%.0f, \"cpu_per_poll\": %.9f, "
           "\"resident_mib\": %.1f}\n",
        polls, (double)(now.unchanged - bench->from.unchanged),
        (double)(now.failed - bench->from.failed), wall, polls / wall,
        (cpu_now() - bench->cpu_from) / polls, resident());
    uv_stop(&bench->loop);
}

/* Begin to count when each feed was asked three times; end after the seconds. */
static void on_tick(uv_timer_t *timer)
{
    struct bench *bench = timer->data;
    struct poll_counters now = count(bench);

    if (bench->wall_from == 0 && now.polls >= 3 * now.feeds) {
        bench->from = now;
        bench->cpu_from = cpu_now();
        bench->wall_from = clock_mono();
    }
    if (bench->wall_from != 0 &&
        (double)(clock_mono() - bench->wall_from) / SECOND >= bench->seconds)
        report(bench);
}

static void on_first_poll(uv_timer_t *timer)
{
    struct bench *bench = timer->data;
    struct poll_counters now = count(bench);

    if (now.polls == 0)
        return;
    printf("{\"feeds\": %llu, \"first_poll_seconds\": %.2f, \"cpu_seconds\": %.2f, "
           "\"resident_mib\": %.1f}\n",
        (unsigned long long)now.feeds, (double)(clock_mono() - bench->started) / SECOND, cpu_now(),
        resident());
    uv_stop(&bench->loop);
}

static void open_all(struct bench *bench, const char *dir, int64_t interval)
{
    static const char *const allow[] = {"127.0.0.0/8", NULL};
    const struct poll_hooks hooks = {.on_body = on_body, .ctx = bench};
    struct error err = {0};

    if (conf_load(NULL, dir, &bench->conf, &err) != OK)
        die(&err);
    bench->conf->http.allow = allow;
    bench->conf->http.spacing = 0;
    bench->conf->poll.min_interval = interval;
    bench->conf->poll.default_interval = interval;
    bench->conf->poll.max_interval = interval;
    uv_loop_init(&bench->loop);
    if (store_open(&bench->loop, bench->conf, &bench->store, &err) != OK ||
        fetcher_open(&bench->loop, bench->conf, &bench->fetcher, &err) != OK)
        die(&err);
    bench->started = clock_mono();
    if (poll_open(&bench->loop, bench->conf, bench->fetcher, bench->store, &hooks, &bench->poll,
            &err) != OK)
        die(&err);
    uv_timer_init(&bench->loop, &bench->timer);
    bench->timer.data = bench;
}

static void put_feed(struct bench *bench, const char *url, const struct store_feed *like)
{
    struct store_feed feed = *like;
    struct error err = {0};
    bool added;

    feed.url = url;
    feed.title = feed.tags = "";
    feed.origin = "bench";
    if (store_feed_put(bench->store, &feed, &feed.id, &added, &err) != OK)
        die(&err);
    poll_add(bench->poll, &feed);
}

static int bench_polls(const char *dir, const char *path, double seconds, int64_t interval)
{
    static struct bench bench;
    FILE *file = fopen(path, "r");
    char line[4096];

    if (file == NULL) {
        perror(path);
        return 2;
    }
    open_all(&bench, dir, interval);
    bench.seconds = seconds;
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\r\n\t ")] = '\0';
        put_feed(&bench, line, &(struct store_feed){0});
    }
    fclose(file);
    uv_timer_start(&bench.timer, on_tick, 100, 100);
    uv_run(&bench.loop, UV_RUN_DEFAULT);
    finish(&bench);
    return 0;
}

/* What is known of a feed with news each four hours after as many weeks. */
static struct bytes rhythm(char stored[CADENCE_STORED])
{
    int64_t hour = 3600 * (int64_t)SECOND;
    int64_t begin = clock_wall() - 28 * 24 * hour;
    struct cadence cadence;

    cadence_init(&cadence, begin);
    for (int i = 1; i < 28 * 24; i++)
        cadence_learn(&cadence, begin + i * hour, i % 4 == 0, 0);
    cadence_encode(&cadence, stored);
    return (struct bytes){stored, CADENCE_STORED};
}

/* Feeds as they lie in the store after a while, due over the next five minutes. */
static int fill(const char *dir, long feeds)
{
    static struct bench bench;
    char url[200];
    char stored[CADENCE_STORED];
    struct bytes model = rhythm(stored);

    open_all(&bench, dir, 300 * (int64_t)SECOND);
    for (long i = 0; i < feeds; i++) {
        snprintf(url, sizeof(url), "http://127.0.0.1:1/section-%ld/of-the-paper/feed.xml", i);
        put_feed(&bench, url,
            &(struct store_feed){.http_status = 200,
                .last_success = clock_wall(),
                .etag = "\"5f3c-61e2b0c7d2a40\"",
                .last_modified = "Sun, 22 Nov 2026 04:00:00 GMT",
                .interval = 300 * (int64_t)SECOND,
                .next_poll = clock_wall() + (1 + i % 300) * SECOND});
        store_cadence_put(bench.store, i + 1, model);
    }
    finish(&bench);
    return 0;
}

static int start(const char *dir)
{
    static struct bench bench;

    open_all(&bench, dir, 300 * (int64_t)SECOND);
    uv_timer_start(&bench.timer, on_first_poll, 20, 20);
    uv_run(&bench.loop, UV_RUN_DEFAULT);
    finish(&bench);
    return 0;
}

/* Each in a process of its own, so that the memory is the start's alone. */
static void run_apart(const char *what, const char *dir, const char *feeds)
{
    pid_t child = fork();

    if (child == 0) {
        execl("/proc/self/exe", "bench_poll", what, dir, feeds, (char *)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

static void remove_dir(const char *dir)
{
    char command[200];

    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    if (system(command) != 0) /* NOLINT(cert-env33-c,bugprone-command-processor) */
        fprintf(stderr, "%s stays\n", dir);
}

int main(int argc, char **argv)
{
    char dir[] = "/tmp/bench-poll-XXXXXX";
    int status = 0;

    log_set_level(LOG_LEVEL_ERROR);
    if (argc == 4 && strcmp(argv[1], "--fill") == 0)
        return fill(argv[2], atol(argv[3]));
    if (argc == 4 && strcmp(argv[1], "--start") == 0)
        return start(argv[2]);
    if (argc < 3 || mkdtemp(dir) == NULL) {
        fprintf(stderr, "usage: bench_poll URLS SECONDS INTERVAL_MS | bench_poll --rest FEEDS\n");
        return 2;
    }
    if (strcmp(argv[1], "--rest") == 0) {
        run_apart("--fill", dir, argv[2]);
        run_apart("--start", dir, argv[2]);
    } else {
        status = bench_polls(dir, argv[1], atof(argv[2]), argc > 3 ? atol(argv[3]) * 1000 : SECOND);
    }
    remove_dir(dir);
    return status;
}
