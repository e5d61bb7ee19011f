/* features.c - articles, one JSON object a line, as the features of the pairs that the stage
 * compares: "new old feature ..." a line, for train.py. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "memory.h"

enum { LINE = 64 << 20, DAYS = 30, ARTICLES = 1 << 20 };

static uint32_t seconds(struct bytes text)
{
    int64_t wall = 0;

    clock_parse(text, &wall);
    return (uint32_t)(wall / SECOND);
}

/* The model decides what becomes of each article, and so what later ones are compared with: that of
 * a file like weights.def, or the one that is built in. */
struct weights {
    bool given;
    double bias, at[PAIR_FEATURE_COUNT];
};

static void read_weights(const char *path, struct weights *ret)
{
    FILE *file = fopen(path, "r");
    char line[200];
    char name[100];
    double value;

    if (file == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    ret->given = true;
    while (fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "BIAS(%lf)", &value) == 1)
            ret->bias = value;
        if (sscanf(line, "WEIGHT(%99[a-z], %lf)", name, &value) != 2)
            continue;
        for (size_t i = 0; i < PAIR_FEATURE_COUNT; i++)
            if (strcmp(pair_names[i], name) == 0)
                ret->at[i] = value;
    }
    fclose(file);
}

static double probability(const struct weights *weights, const struct pair *pair)
{
    double sum = weights->bias;

    if (!weights->given)
        return pair_probability(pair);
    for (size_t i = 0; i < PAIR_FEATURE_COUNT; i++)
        sum += weights->at[i] * (double)pair->at[i];
    return pair_judge(pair, 1 / (1 + exp(-sum)));
}

static void print_pair(const struct memory *memory, struct bytes id, const struct candidate *c)
{
    char other[IDENTITY_TEXT];

    identity_write(memory_identity(memory, c->article), other);
    printf("%.*s %s", FMT(id), other);
    for (size_t i = 0; i < PAIR_FEATURE_COUNT; i++)
        printf(" %.5g", (double)c->pair.at[i]);
    printf("\n");
}

static void read_article(struct memory *memory, struct sketcher *sketcher,
    const struct weights *weights, const struct json *doc, size_t cut)
{
    struct candidate candidates[MEMORY_CANDIDATES];
    uint32_t when = seconds(json_get_text(doc, "published"));
    struct bytes text = json_get_text(doc, "text");
    struct arrival arrival = {.id = json_get_text(doc, "id"),
        .seen = when,
        .sketch =
            sketch_read(sketcher, json_get_text(doc, "title"), cut ? bytes_clip(text, cut) : text)};
    size_t count = memory_compare(memory, &arrival, candidates);
    double best = 0;
    uint32_t of = 0;

    printf("%.*s\n", FMT(arrival.id));
    for (size_t i = 0; i < count; i++) {
        double p = probability(weights, &candidates[i].pair);

        print_pair(memory, arrival.id, &candidates[i]);
        if (p >= PAIR_ACCEPT && p > best) {
            best = p;
            of = candidates[i].article;
        }
    }
    memory_add(memory, &arrival, of);
}

/* usage: neardup_features [CUT [WEIGHTS]]; CUT: bytes of a text that are read, 0 for all */
int main(int argc, char **argv)
{
    size_t cut = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    struct weights weights = {.given = false};
    struct memory *memory = memory_new(&(struct memory_options){
        .articles = ARTICLES, .window = DAYS * 86400, .whole = DAYS * 86400});
    struct sketcher *sketcher = sketcher_new();
    struct arena *arena = arena_new(1 << 30);
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    if (argc > 2)
        read_weights(argv[2], &weights);
    for (size_t i = 0; i < PAIR_FEATURE_COUNT; i++)
        printf("%s%s", i > 0 ? " " : "# ", pair_names[i]);
    printf("\n");
    while ((len = getline(&line, &room, stdin)) > 0) {
        struct error err = {0};
        struct json *doc;

        arena_reset(arena);
        if (json_parse(arena, (struct bytes){line, (size_t)len}, &doc, &err) != OK) {
            fprintf(stderr, "%s\n", err.text);
            return EXIT_FAILURE;
        }
        read_article(memory, sketcher, &weights, doc, cut);
    }
    fprintf(stderr, "%zu articles, %zu bytes\n", memory_count(memory), memory_bytes(memory));
    memory_free(memory);
    sketcher_free(sketcher);
    arena_free(arena);
    free(line);
    return EXIT_SUCCESS;
}
