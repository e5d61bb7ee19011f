/* bench_thread.c - articles of a file, one JSON object a line, through ordered stages in this
 * process: CPU time an article without reading the JSON, and memory at the end.
 *
 * usage: bench_thread FILE STAGE,... [ROUNDS]   each round has the articles of the file again, with
 * ids of its own and later by its length in time */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "record/record.h"
#include "worker/chain.h"

enum { ARTICLES = 100000, MEMORY = 1 << 30, STAGES = 8 };

struct article {
    struct bytes id, title, text, url, language;
    int64_t published;
};

static struct article articles[ARTICLES];
static size_t count;

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void read_articles(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    if (file == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    while (count < ARTICLES && (len = getline(&line, &room, file)) > 0) {
        struct error err = {0};
        struct article *a = &articles[count++];
        struct json *doc;

        if (json_parse(arena, bytes_copy(arena, (struct bytes){line, (size_t)len}), &doc, &err) !=
            OK) {
            fprintf(stderr, "%s:%zu: %s\n", path, count, err.text);
            exit(EXIT_FAILURE);
        }
        *a = (struct article){json_get_text(doc, "id"), json_get_text(doc, "title"),
            json_get_text(doc, "text"), json_get_text(doc, "url"), json_get_text(doc, "language"),
            0};
        clock_parse(json_get_text(doc, "published"), &a->published);
    }
    free(line);
    fclose(file);
}

static void go(
    struct chain *chain, struct arena *arena, const struct article *a, int round, int64_t later)
{
    char when[CLOCK_TEXT];
    struct wr_record *rec;

    arena_reset(arena);
    rec = record_new(arena);
    clock_format(a->published + later, when);
    record_set(rec, WR_ID, bytes_format(arena, "%d-%.*s", round, FMT(a->id)));
    record_lend(rec, WR_TITLE, a->title);
    record_lend(rec, WR_TEXT, a->text);
    record_set(rec, WR_URL, bytes_format(arena, "%.*s?%d", FMT(a->url), round));
    record_lend(rec, WR_LANGUAGE, a->language);
    record_set(rec, WR_PUBLISHED, bytes_of(when));
    chain_go(chain_start(chain, rec), NULL);
}

static struct chain *open_chain(char *names)
{
    const char *dirs[] = {getenv("WIREROOM_STAGES"), NULL};
    struct chain *chain = chain_new(NULL);
    struct error err = {0};

    for (char *name = strtok(names, ","); name != NULL; name = strtok(NULL, ","))
        if (chain_load(chain, dirs, name, NULL, 0, &err) != OK) {
            fprintf(stderr, "%s\n", err.text);
            exit(EXIT_FAILURE);
        }
    if (chain_open(chain, CHAIN_ORDERED, &err) != OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(EXIT_FAILURE);
    }
    return chain;
}

int main(int argc, char **argv)
{
    struct arena *all = arena_new(MEMORY);
    struct arena *arena = arena_new(MEMORY);
    int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1;
    struct chain *chain;
    struct rusage before, after;
    double start;
    int64_t span;

    if (argc < 3 || getenv("WIREROOM_STAGES") == NULL) {
        fprintf(stderr, "usage: WIREROOM_STAGES=DIR bench_thread FILE STAGE,... [ROUNDS]\n");
        return EXIT_FAILURE;
    }
    read_articles(all, argv[1]);
    span = count > 0 ? articles[count - 1].published - articles[0].published : 0;
    getrusage(RUSAGE_SELF, &before);
    chain = open_chain(argv[2]);
    start = seconds();
    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++)
            go(chain, arena, &articles[i], round, round * span);
    start = seconds() - start;
    getrusage(RUSAGE_SELF, &after);
    printf("{\"articles\":%zu,\"cpuSeconds\":%.4f,\"memoryKiB\":%ld}\n", count * (size_t)rounds,
        start, after.ru_maxrss - before.ru_maxrss);
    chain_free(chain);
    arena_free(arena);
    arena_free(all);
    return EXIT_SUCCESS;
}
