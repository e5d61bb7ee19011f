/* dump.c - runs the stage's own code over articles whose stories are known, and writes down what
 * each decision was made from: see README.md. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "threads.h"

enum { FOLDS = 5, MOST_ARTICLES = 1 << 20, COLUMNS = 4, LINE = 64 << 20 };

/* What the truth says of an article. */
struct known {
    uint64_t id, story; /* hashes; story 0: unknown */
    uint32_t fold;
    char *near; /* stories that may be the same one, separated by blanks */
};

struct dump {
    struct threads *threads;
    struct model *models[FOLDS + 1];
    struct table {
        struct known at[2 * MOST_ARTICLES];
    } * table;
    struct known *now; /* the article that is being placed */
    size_t number;
    bool teacher, plain;
    float threshold;
    bool has_threshold;
    FILE *rows;
    int64_t spent; /* microseconds in threads_place() */
    struct bytes common;
    struct topic_limits topics;
};

static struct known *known_of(struct dump *d, uint64_t id)
{
    size_t i = id & (2 * MOST_ARTICLES - 1);

    while (d->table->at[i].id != 0 && d->table->at[i].id != id)
        i = (i + 1) & (2 * MOST_ARTICLES - 1);
    return &d->table->at[i];
}

static bool is_near(const struct known *a, const struct known *b)
{
    struct bytes rest = bytes_of(a->near);

    while (rest.len > 0)
        if (hash64(bytes_cut(&rest, ' ')) == b->story)
            return true;
    return false;
}

struct label {
    float same, near; /* parts of the members */
    uint32_t folds;
};

static struct label label_of(struct dump *d, uint32_t number)
{
    const struct article *members[STORY_COMPARED];
    size_t count = archive_members(threads_archive(d->threads), number, members);
    struct label label = {0, 0, 0};

    for (size_t i = 0; i < count; i++) {
        const struct known *known = known_of(d, members[i]->id);

        if (known->story == 0)
            continue;
        label.same += known->story == d->now->story ? 1 : 0;
        label.near += is_near(d->now, known) ? 1 : 0;
        label.folds |= 1U << known->fold;
    }
    label.same /= (float)count;
    label.near /= (float)count;
    return label;
}

static void write_row(struct dump *d, const struct candidate *candidate, const struct label *label)
{
    float head[COLUMNS] = {(float)d->number, label->same, label->near, (float)label->folds};

    if (d->rows == NULL || d->now->story == 0)
        return;
    fwrite(head, sizeof(head), 1, d->rows);
    fwrite(candidate->features, sizeof(candidate->features), 1, d->rows);
}

/* Without a model: more alike than two reports of one event mostly are. */
static const float plain_limit = 1.05F;

static int by_model(struct dump *d, const struct candidate *candidates, size_t count)
{
    const struct model *model = d->models[d->now->fold];
    float best = model == NULL ? plain_limit : model_threshold(model);
    int chosen = -1;

    if (model != NULL && d->has_threshold)
        best = d->threshold;
    for (size_t i = 0; i < count; i++) {
        const float *f = candidates[i].features;
        float score = model == NULL ? f[ALL] : model_score(model, f);

        if (score > best && evidence_suffices(f)) {
            best = score;
            chosen = (int)i;
        }
    }
    return chosen;
}

static int decide(void *ctx, struct candidate *candidates, size_t count, int chosen)
{
    struct dump *d = ctx;
    int best = -1;
    float most = 0;

    (void)chosen;
    for (size_t i = 0; i < count; i++) {
        struct label label = label_of(d, candidates[i].story);

        write_row(d, &candidates[i], &label);
        if (label.same > most) {
            most = label.same;
            best = (int)i;
        }
    }
    return d->teacher && d->now->story != 0 ? best : by_model(d, candidates, count);
}

static void place(struct dump *d, struct json *doc)
{
    struct thread_source source = {.id = json_get_text(doc, "id"),
        .same_as = json_get_text(doc, "copy_of"),
        .text = {json_get_text(doc, "title"), json_get_text(doc, "text"), json_get_text(doc, "url"),
            json_get_text(doc, "language")}};
    struct bytes story = json_get_text(doc, "story"), fold = json_get_text(doc, "fold");
    struct bytes near = json_get_text(doc, "near");
    struct placed placed;
    int64_t wall = 0, began;

    clock_parse(json_get_text(doc, "published"), &wall);
    source.time = wall / SECOND;
    d->now = known_of(d, hash64(source.id));
    *d->now = (struct known){.id = hash64(source.id),
        .story = story.len == 0 ? 0 : hash64(story),
        .fold = fold.len == 0 ? 0 : (uint32_t)(fold.ptr[0] - '0') % FOLDS,
        .near = near.len == 0 ? NULL : strndup(near.ptr, near.len)};
    began = clock_mono();
    threads_place(d->threads, &source, &placed);
    d->spent += clock_mono() - began;
    printf("{\"id\": \"%.*s\", \"duplicate_of\": null, \"story\": \"%s\", \"topic\": \"%s\"}\n",
        FMT(source.id), placed.urn, placed.topic);
    d->number++;
}

static struct bytes read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(LINE);
    size_t len;

    if (file == NULL || text == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    len = fread(text, 1, LINE, file);
    fclose(file);
    return (struct bytes){text, len};
}

static void read_model(struct dump *d, const char *path, int fold)
{
    struct error err = {0};

    d->models[fold] = model_read(read_file(path), feature_names, FEATURES, &err);
    if (d->models[fold] == NULL) {
        fprintf(stderr, "%s: %s\n", path, err.text);
        exit(1);
    }
}

/* teacher | plain (nothing but the stage, for its cost) | rows=FILE | common=FILE | likeness=NUMBER
 * | names=NUMBER (of topics) | threshold=NUMBER | model=FILE (for all) | modelN=FILE (for fold N)
 */
static void read_argument(struct dump *d, const char *arg)
{
    if (strcmp(arg, "teacher") == 0)
        d->teacher = true;
    else if (strcmp(arg, "plain") == 0)
        d->plain = true;
    else if (strncmp(arg, "rows=", 5) == 0)
        d->rows = fopen(arg + 5, "wb");
    else if (strncmp(arg, "common=", 7) == 0)
        d->common = read_file(arg + 7);
    else if (strncmp(arg, "likeness=", 9) == 0)
        d->topics.likeness = strtof(arg + 9, NULL);
    else if (strncmp(arg, "names=", 6) == 0)
        d->topics.names = strtof(arg + 6, NULL);
    else if (strncmp(arg, "threshold=", 10) == 0) {
        d->threshold = strtof(arg + 10, NULL);
        d->has_threshold = true;
    } else if (strncmp(arg, "model=", 6) == 0)
        for (int fold = 0; fold < FOLDS; fold++)
            read_model(d, arg + 6, fold);
    else if (strncmp(arg, "model", 5) == 0 && arg[5] >= '0' && arg[5] < '0' + FOLDS)
        read_model(d, arg + 7, arg[5] - '0');
    else {
        fprintf(stderr, "unknown: %s\n", arg);
        exit(2);
    }
}

static void tell_cost(const struct dump *d)
{
    size_t kept = archive_count(threads_archive(d->threads));

    fprintf(stderr, "%zu articles, %.0f a second; %zu remembered, %zu bytes each\n", d->number,
        (double)d->number * SECOND / (double)(d->spent + 1), kept,
        kept == 0 ? 0 : threads_bytes(d->threads) / kept);
}

int main(int argc, char **argv)
{
    struct dump d = {.table = calloc(1, sizeof(*d.table))};
    struct arena *arena = arena_new(LINE);
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;

    for (int i = 1; i < argc; i++)
        read_argument(&d, argv[i]);
    d.threads = threads_new(&(struct threads_options){.articles = MOST_ARTICLES,
        .model = d.plain ? d.models[0] : NULL,
        .common = d.common,
        .topics = &d.topics});
    if (!d.plain)
        threads_on_decision(d.threads, decide, &d);
    while ((len = getline(&line, &cap, stdin)) > 0) {
        struct error err = {0};
        struct json *doc;

        arena_reset(arena);
        if (json_parse(arena, (struct bytes){line, (size_t)len}, &doc, &err) == OK)
            place(&d, doc);
    }
    tell_cost(&d);
    for (int i = 0; i < FEATURES && d.rows != NULL; i++)
        fprintf(stderr, "%s%c", feature_names[i], i + 1 < FEATURES ? ' ' : '\n');
    if (d.rows != NULL)
        fclose(d.rows);
    return 0;
}
