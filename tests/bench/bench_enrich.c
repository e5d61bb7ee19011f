/* bench_enrich.c - stages that read texts, without workers. `bench_enrich DIR STAGES` answers JSON
 * lines (an article's members) with what the chain makes of them; with `--speed N` it runs them N
 * times and tells the CPU time of each stage for one article (0: it answers). PLACES is a list for
 * the names stage. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "record/record_json.h"
#include "worker/chain.h"

enum { LINE_ARENA = 256 << 20 };

static double cpu_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct wr_record *read_record(struct arena *arena, struct bytes line)
{
    struct wr_record *rec = record_new(arena);
    struct json *json = NULL;
    struct error err = {0};

    if (json_parse(arena, line, &json, &err) != OK) {
        fprintf(stderr, "bench_enrich: %s\n", err.text);
        exit(1);
    }
    record_from_json(json, rec);
    return rec;
}

static struct chain *open_chain(const char *dir, const char *names, const char *places)
{
    const struct given_option given = {.stage = "names", .name = "places", .value = places};
    const char *const dirs[] = {dir, NULL};
    struct chain *chain = chain_new(NULL);
    struct bytes rest = bytes_of(names);
    struct error err = {0};

    while (rest.len > 0) {
        struct bytes name = bytes_cut(&rest, ',');
        char text[64];

        snprintf(text, sizeof(text), "%.*s", FMT(name));
        if (chain_load(chain, dirs, text, &given, places == NULL ? 0 : 1, &err) != OK) {
            fprintf(stderr, "bench_enrich: %s\n", err.text);
            exit(1);
        }
    }
    if (chain_open(chain, CHAIN_PLAIN, &err) != OK) {
        fprintf(stderr, "bench_enrich: %s\n", err.text);
        exit(1);
    }
    return chain;
}

static void answer(struct chain *chain, struct arena *arena, struct bytes line)
{
    struct wr_record *rec = read_record(arena, line);
    struct buf out = {0};
    struct json_writer w = {.out = &out};

    chain_go(chain_start(chain, rec), NULL);
    json_begin_object(&w, NULL);
    record_to_json(rec, &w);
    json_end_object(&w);
    fwrite(out.ptr, 1, out.len, stdout);
    putchar('\n');
    buf_done(&out);
}

/* The time of reading the record is left out. */
static double run_times(struct chain *chain, struct arena *arena, struct bytes line, int times)
{
    double seconds = 0;

    for (int i = 0; i < times; i++) {
        struct wr_record *rec = read_record(arena, line);
        double began = cpu_now();

        chain_go(chain_start(chain, rec), NULL);
        seconds += cpu_now() - began;
        arena_reset(arena);
    }
    return seconds;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new(LINE_ARENA);
    struct chain *chain;
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    int times = argc > 4 ? atoi(argv[4]) : 0;
    double seconds = 0;
    size_t articles = 0;

    if (argc < 3 || argc > 6 || argc == 4) {
        fprintf(stderr, "usage: bench_enrich DIR STAGES [--speed N [PLACES]] <articles.jsonl\n");
        return 2;
    }
    chain = open_chain(argv[1], argv[2], argc > 5 ? argv[5] : NULL);
    while ((len = getline(&line, &room, stdin)) > 0) {
        if (times > 0)
            seconds += run_times(chain, arena, (struct bytes){line, (size_t)len}, times);
        else
            answer(chain, arena, (struct bytes){line, (size_t)len});
        articles++;
        arena_reset(arena);
    }
    if (times > 0 && articles > 0)
        printf("%s: %.1f us an article\n", argv[2], seconds * 1e6 / (double)articles / times);
    free(line);
    chain_free(chain);
    arena_free(arena);
    return 0;
}
