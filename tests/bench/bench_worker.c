/* bench_worker.c - what isolation costs: the same records through a sandboxed worker and inline;
 * how soon a new worker answers.
 *
 * bench_worker [WIREROOMD STAGE_DIR [RECORDS]]: by default of build/, from the top of the tree; the
 * chain is headline and language, and a page goes along with each record. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "pool/pool.h"

enum { PAGE = 60000, AHEAD = 64 };

struct bench {
    uv_loop_t loop;
    struct conf conf;
    struct pool *pool;
    struct arena *arena;
    struct wr_record *record;
    size_t total, sent, done, failed;
};

static double cpu(void)
{
    static const int who[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    double seconds = 0;

    for (size_t i = 0; i < 2; i++) {
        struct rusage use;

        getrusage(who[i], &use);
        seconds += (double)use.ru_utime.tv_sec + (double)use.ru_stime.tv_sec +
                   (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
    }
    return seconds;
}

static void send_more(struct bench *b);

static void on_done(void *ctx, const struct error *err)
{
    struct bench *b = ctx;

    b->done++;
    b->failed += err != NULL ? 1 : 0;
    if (b->done == b->total)
        pool_close(b->pool, NULL, NULL);
    else
        send_more(b);
}

static void send_more(struct bench *b)
{
    for (; b->sent < b->total && b->sent - b->done < AHEAD; b->sent++)
        pool_submit(
            b->pool, &(struct pool_job){
                         .kind = JOB_RECORD, .request = b->record, .on_done = on_done, .ctx = b});
}

/* An article among as much again of menus and teasers. */
static struct bytes make_page(struct bench *b)
{
    struct buf page = {0};
    struct bytes copy;

    buf_add_cstr(&page, "<!doctype html><html lang=en><head><title>Harbour bridge closed - Example "
                        "Times</title></head><body>");
    for (int i = 0; page.len < PAGE / 2; i++)
        buf_printf(
            &page, "<li class=menu><a href=\"/section/%d\">Section number %d</a></li>\n", i, i);
    buf_add_cstr(&page, "<article><h1>Harbour bridge closed</h1>");
    for (int i = 0; page.len < PAGE; i++)
        buf_printf(&page,
            "<p>The harbour bridge was closed on Saturday after a ferry struck pier %d, the port "
            "authority said. Nobody was "
            "hurt, and traffic is sent through the tunnel until engineers have looked at it.</p>\n",
            i);
    buf_add_cstr(&page, "</article></body></html>");
    copy = bytes_copy(b->arena, buf_bytes(&page));
    buf_done(&page);
    return copy;
}

static void make_record(struct bench *b)
{
    b->record = record_new(b->arena);
    record_set(b->record, WR_URL, LIT("https://www.example-times.com/world/1"));
    record_set(b->record, WR_SITE, LIT("The Example Times"));
    record_set(
        b->record, WR_TITLE, LIT("Harbour bridge closed after ferry strikes pier - Example Times"));
    record_set(b->record, WR_SUMMARY,
        LIT("Police closed the bridge shortly after nine; nobody was hurt, the port authority "
            "said."));
    record_set(b->record, WR_PAGE_URL, LIT("https://www.example-times.com/world/1"));
    record_lend(b->record, REC_BODY, make_page(b));
}

/* CPU seconds of the whole run, workers included; *ret_first is the time to the first answer. */
static int run(const char *program, const char *dir, size_t total, bool run_inline, double *ret_cpu,
    double *ret_wall)
{
    struct bench b = {.arena = arena_new(16 << 20), .total = total};
    const struct pool_options options = {
        .program = program, .conf = &b.conf, .run_inline = run_inline};
    double before = cpu();
    int64_t began = clock_mono();
    struct error err = {0};

    b.conf.workers.count = 1;
    b.conf.workers.memory = 256 << 20;
    b.conf.workers.deadline = 10 * (int64_t)SECOND;
    b.conf.workers.max_decoded = 16 << 20;
    b.conf.workers.sandbox = true;
    b.conf.stages.dirs = (const char *const[]){dir, NULL};
    b.conf.stages.names = (const char *const[]){"extract", "headline", "language", NULL};
    make_record(&b);
    uv_loop_init(&b.loop);
    if (pool_open(&b.loop, &options, &b.pool, &err) != OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    send_more(&b);
    uv_run(&b.loop, UV_RUN_DEFAULT);
    uv_loop_close(&b.loop);
    arena_free(b.arena);
    *ret_cpu = cpu() - before;
    *ret_wall = (double)(clock_mono() - began) / SECOND;
    return b.failed > 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    size_t total = argc > 3 ? (size_t)atoi(argv[3]) : 2000;
    const char *program = argc > 2 ? argv[1] : "build/bin/wireroomd";
    const char *stages = argc > 2 ? argv[2] : "build/lib/wireroom/stages";
    double one_cpu, one_wall, cpu_worker, wall_worker, cpu_inline, wall_inline;

    if (argc == 2) {
        fprintf(stderr, "usage: bench_worker [WIREROOMD STAGE_DIR [RECORDS]]\n");
        return 2;
    }
    if (run(program, stages, 1, false, &one_cpu, &one_wall) != 0 ||
        run(program, stages, total, false, &cpu_worker, &wall_worker) != 0 ||
        run(program, stages, total, true, &cpu_inline, &wall_inline) != 0)
        return 1;
    printf(
        "from nothing to the first answer: %.1f ms, %.1f ms CPU (the chain is tried in one worker, "
        "then run in another)\n",
        one_wall * 1e3, one_cpu * 1e3);
    printf("a record with a page of %d KB: %.1f us CPU in a worker, %.1f us inline: %.2fx\n",
        PAGE / 1000, (cpu_worker - one_cpu) / (double)total * 1e6, cpu_inline / (double)total * 1e6,
        (cpu_worker - one_cpu) / cpu_inline);
    printf("records a second: %.0f in a worker, %.0f inline\n",
        (double)total / (wall_worker - one_wall), (double)total / wall_inline);
    return 0;
}
