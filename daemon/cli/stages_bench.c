/* stages_bench.c - `wireroom stages bench`: what stages cost an article: time, memory, failures. */
#include <stdlib.h>

#include "base/clock.h"
#include "cli/format.h"
#include "cli/stages.h"
#include "pool/pool.h"
#include "worker/chain.h"

enum { BENCH_STAGES, BENCH_DIR, BENCH_PAGE, BENCH_TIMES, BENCH_JSON, BENCH_CONFIG };

/* A thousand runs are the fewest of which ten lie over the 99th percentile. A million have 4 MB of
 * times for each stage. */
enum { RUNS_USUAL = 1000, RUNS_MOST = 1000000, NAME = 14, RECORDS_ARENA = 512 << 20 };

static const struct cli_option bench_options[] = {
    {"stages", "NAMES", CLI_TAKES_STAGES,
        "stages to run, separated by commas (default: the configured chain)"},
    {"dir", "DIR", CLI_TAKES_DIR,
        "directory where modules are looked for before the configured ones"},
    {"page", "FILE", CLI_TAKES_FILE, "the articles' page"},
    {"times", "N", CLI_TAKES_OTHER,
        "how often each record is run (-n; default: a thousand runs in all)"},
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {"config", "FILE", CLI_TAKES_FILE, "configuration to take stages and options from"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

/* Times of the runs that went well, and how many did not. */
struct series {
    struct bytes name;
    uint32_t *micros; /* room for all runs */
    size_t count;
    int64_t failed, skipped; /* skipped: it was not run any more */
};

struct bench_record {
    const struct json *value;
    const char *name; /* "file" or "file:line" */
};

struct bench {
    struct offline offline; /* first: read_record() is given this */
    struct arena *arena;
    struct bench_record *records; /* in room for RUNS_MOST at most, doubled as they come */
    size_t count, room, runs, given;
    struct series article, stages[CHAIN_STAGES];
    size_t stage_count;
    int64_t dropped, memory, memory_without;
};

/* Of one run. */
struct bench_run {
    struct bench *bench;
    const char *name;
};

/* ---- the records ---------------------------------------------------------------------- */

static void add_record(struct bench *b, const struct json *value, const char *name)
{
    if (b->count == b->room) {
        struct bench_record *more =
            arena_alloc_array(b->arena, b->room == 0 ? 64 : 2 * b->room, sizeof(*more));

        if (b->count > 0)
            memcpy(more, b->records, b->count * sizeof(*more));
        b->room = b->room == 0 ? 64 : 2 * b->room;
        b->records = more;
    }
    b->records[b->count++] = (struct bench_record){value, name};
}

/* A record a line. */
static int add_lines(struct bench *b, const char *path, struct bytes text, struct error *err)
{
    struct error wrong = {0};
    int line = 0;

    while (text.len > 0 && b->count < RUNS_MOST) {
        struct bytes one = bytes_trim(bytes_cut(&text, '\n'));
        struct json *value = NULL;

        line++;
        if (one.len == 0)
            continue;
        if (json_parse(b->arena, one, &value, &wrong) != OK) /* "1:column: what" */
            return fail(err, E_FORMAT, "%s:%d%s", path, line, wrong.text + 1);
        add_record(b, value, bytes_format(b->arena, "%s:%d", path, line).ptr);
    }
    return OK;
}

/* One record, or one a line: only then a line is a whole value. */
static int add_file(struct bench *b, const char *path, struct error *err)
{
    struct buf text = {0};
    struct json *value = NULL;
    int code = offline_read(path, &text, err);
    struct bytes whole = bytes_trim(buf_bytes(&text));
    struct bytes rest = whole;
    struct bytes first = bytes_cut(&rest, '\n');
    struct error other = {0};

    if (code == OK && rest.len > 0 && json_parse(b->arena, first, &value, &other) == OK)
        code = add_lines(b, path, whole, err);
    else if (code == OK && (code = json_parse(b->arena, whole, &value, &other)) == OK)
        add_record(b, value, path);
    else if (code == E_FORMAT)
        fail(err, E_FORMAT, "%s:%s", path, other.text);
    buf_done(&text);
    return code;
}

static int read_records(struct bench *b, const struct cli_args *args)
{
    struct error err = {0};

    for (size_t i = 0; i < args->words_count; i++)
        if (add_file(b, args->words[i], &err) != OK)
            return cli_trouble("%s", err.text);
    for (size_t i = 0; i < b->count; i++)
        if (b->records[i].value->type != JSON_OBJECT)
            return cli_trouble(
                "%s: a record is an object: {\"headline\": ...}", b->records[i].name);
    return b->count > 0 ? EXIT_OK : cli_trouble("there is no record in what was given");
}

/* ---- the runs --------------------------------------------------------------------------- */

static int next_run(const struct offline *offline, struct buf *source, struct error *err)
{
    struct bench *b = (struct bench *)offline;

    (void)err;
    if (b->given == b->runs)
        return 0;
    buf_printf(source, "%zu", b->given++ % b->count);
    return 1;
}

static int read_record(const struct offline *offline, struct bytes source,
    struct offline_request *request, struct error *err)
{
    struct bench *b = (struct bench *)offline;
    struct bench_run *run = arena_alloc(request->arena, sizeof(*run));
    int64_t at = 0;

    bytes_to_int(source, &at);
    *run = (struct bench_run){b, b->records[at].name};
    request->ctx = run;
    return stages_fill(b->records[at].value, cli_value(offline->args, BENCH_PAGE), request, err);
}

static void add_time(struct bench *b, struct series *series, int64_t micros)
{
    if (series->micros == NULL)
        series->micros = new_zeroed(b->runs * sizeof(*series->micros));
    if (series->count < b->runs)
        series->micros[series->count++] = micros > UINT32_MAX ? UINT32_MAX : (uint32_t)micros;
}

static struct series *series_of(struct bench *b, struct bytes stage)
{
    struct series *series = b->stages;

    while (series < b->stages + b->stage_count && !bytes_equal(series->name, stage))
        series++;
    if (series == b->stages + b->stage_count) {
        if (b->stage_count == CHAIN_STAGES)
            return NULL;
        b->stage_count++;
        series->name = bytes_of(bytes_cstr(b->arena, stage));
    }
    return series;
}

/* The first failure of each stage is told; how many there were, the table tells. */
static int take_answer(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    const struct bench_run *run = ctx;
    struct bench *b = run->bench;
    struct stages_outcome outcome;
    int64_t whole = 0;
    bool failed = false;
    size_t at = 0;

    (void)out;
    (void)err;
    while (stages_next_outcome(answer, &at, &outcome)) {
        struct series *series = series_of(b, outcome.stage);

        if (series == NULL)
            continue;
        whole += outcome.micros;
        if (!stages_failed(&outcome))
            add_time(b, series, outcome.micros);
        else if (stages_skipped(&outcome) ? series->skipped++ == 0 : series->failed++ == 0)
            stages_tell_failure(run->name, answer, &outcome);
        failed = failed || stages_failed(&outcome);
    }
    if (failed)
        b->article.failed++;
    else
        add_time(b, &b->article, whole);
    if (record_get(answer, REC_DROPPED).len > 0)
        b->dropped++;
    return OK;
}

/* The record killed its workers, or could not be made. */
static void take_failure(void *ctx, const struct error *err, struct buf *out)
{
    const struct bench_run *run = ctx;

    (void)out;
    if (run != NULL && run->bench->article.failed++ == 0)
        cli_trouble("%s: %s", run->name, err->text);
}

static void on_end(const struct offline *offline, const struct pool *pool)
{
    ((struct bench *)offline)->memory = pool_memory(pool);
}

/* ---- what is told -------------------------------------------------------------------------- */

static int compare_micros(const void *a, const void *b)
{
    const uint32_t *x = a;
    const uint32_t *y = b;

    return (*x > *y) - (*x < *y);
}

/* The least that so many of a hundred runs were not over; the series is sorted. */
static uint32_t percentile(const struct series *series, size_t share)
{
    return series->micros[(series->count * share + 99) / 100 - 1];
}

static void sort_series(struct bench *b)
{
    b->article.name = LIT("in all");
    for (size_t i = 0; i <= b->stage_count; i++) {
        struct series *series = i < b->stage_count ? &b->stages[i] : &b->article;

        if (series->count > 0)
            qsort(series->micros, series->count, sizeof(*series->micros), compare_micros);
    }
}

static void write_series(struct json_writer *w, const struct series *series)
{
    static const struct {
        const char *name;
        size_t share;
    } members[] = {{"median", 50}, {"p99", 99}, {"max", 100}};

    json_int(w, "runs", (int64_t)series->count + series->failed);
    json_int(w, "failed", series->failed);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (series->count == 0)
            json_null(w, members[i].name);
        else
            json_real(w, members[i].name, (double)percentile(series, members[i].share) / SECOND, 6);
    }
}

static void tell_json(const struct bench *b)
{
    struct buf text = {0};
    struct json_writer w = {.out = &text};

    json_begin_object(&w, NULL);
    json_int(&w, "records", (int64_t)b->count);
    json_int(&w, "times", (int64_t)(b->runs / b->count));
    json_int(&w, "dropped", b->dropped);
    json_begin_object(&w, "article");
    write_series(&w, &b->article);
    json_end_object(&w);
    json_begin_array(&w, "stages");
    for (size_t i = 0; i < b->stage_count; i++) {
        json_begin_object(&w, NULL);
        json_string(&w, "name", b->stages[i].name);
        write_series(&w, &b->stages[i]);
        json_end_object(&w);
    }
    json_end_array(&w);
    json_begin_object(&w, "memory");
    json_int(&w, "most", b->memory);
    json_int(&w, "withoutStages", b->memory_without);
    json_end_object(&w);
    json_end_object(&w);
    printf("%s\n", buf_cstr(&text));
    buf_done(&text);
}

static void print_series(const struct series *series)
{
    char count[FORMAT_TEXT];

    cli_print(stdout, series->name, NAME, true);
    if (series->count == 0)
        printf(" %11s %11s %11s", "-", "-", "-");
    else
        printf(" %8.3f ms %8.3f ms %8.3f ms", (double)percentile(series, 50) / 1000,
            (double)percentile(series, 99) / 1000, (double)percentile(series, 100) / 1000);
    printf("%s %8s%s\n", cli_colour(stdout, series->failed > 0 ? CLI_RED : CLI_PLAIN),
        format_count(series->failed, count), cli_colour(stdout, CLI_PLAIN));
}

static void tell(const struct bench *b)
{
    char text[FORMAT_TEXT];
    char other[FORMAT_TEXT];

    printf("%s %s, ", format_count((int64_t)b->count, text), b->count == 1 ? "record" : "records");
    printf("%s %s each\n", format_count((int64_t)(b->runs / b->count), text),
        b->runs == b->count ? "time" : "times");
    printf("%-*s %11s %11s %11s %8s\n", NAME, "STAGE", "median", "p99", "max", "failed");
    for (size_t i = 0; i < b->stage_count; i++)
        print_series(&b->stages[i]);
    print_series(&b->article);
    if (b->dropped > 0)
        printf("dropped        %s articles\n", format_count(b->dropped, text));
    printf("memory         %s at most in a worker, %s without these stages\n",
        format_size(b->memory, text), format_size(b->memory_without, other));
}

/* ---- the verb ------------------------------------------------------------------------------ */

/* The same without a stage and only once, for the memory that is none of theirs; then with them. */
static int measure(struct bench *b, size_t runs)
{
    const char *stages = b->offline.stages;
    int result;

    b->offline.stages = "";
    b->runs = b->count;
    result = offline_run(&b->offline);
    b->memory_without = b->memory;
    b->offline.stages = stages;
    b->runs = runs;
    b->given = 0;
    free(b->article.micros);
    b->article = (struct series){.count = 0};
    b->dropped = 0;
    return result == EXIT_OK ? offline_run(&b->offline) : result;
}

static int bench_all(struct bench *b, const struct cli_args *args)
{
    int64_t times;
    int result = read_records(b, args);

    if (result != EXIT_OK)
        return result;
    if (!cli_number(args, BENCH_TIMES, 1, RUNS_MOST / (int64_t)b->count,
            (RUNS_USUAL + (int64_t)b->count - 1) / (int64_t)b->count, &times))
        return EXIT_USAGE;
    result = measure(b, b->count * (size_t)times);
    if (result != EXIT_OK)
        return result;
    sort_series(b);
    if (cli_given(args, BENCH_JSON))
        tell_json(b);
    else
        tell(b);
    return b->article.failed > 0 ? EXIT_TROUBLE : EXIT_OK;
}

static int bench(const struct cli_args *args)
{
    struct bench b = {.offline = {.job = JOB_RECORD,
                          .ordered = true,
                          .then_ordered = true,
                          .workers = 1,
                          .config = cli_value(args, BENCH_CONFIG),
                          .stages = cli_value(args, BENCH_STAGES),
                          .stage_dir = cli_value(args, BENCH_DIR),
                          .next = next_run,
                          .args = args,
                          .read = read_record,
                          .write_answer = take_answer,
                          .write_failure = take_failure,
                          .ended = on_end}};
    int result;

    if (stages_refuse_module(args))
        return EXIT_USAGE;
    stages_tell_alone();
    b.arena = arena_new(RECORDS_ARENA);
    result = bench_all(&b, args);
    for (size_t i = 0; i < b.stage_count; i++)
        free(b.stages[i].micros);
    free(b.article.micros);
    arena_free(b.arena);
    return result;
}

const struct cli_verb cli_stages_bench_verb = {
    .name = "bench",
    .words = "FILE ...",
    .summary = "Run stages on records again and again: what an article costs.",
    .text = "A file holds one record as for 'stages run', or one a line, as 'wireroom tail --json' "
            "prints them.\n"
            "Tells of each stage the median, the 99th percentile and the most of its times over "
            "the\nruns that went well, how many failed, and how much memory a worker took.\n"
            "Ends with 1 when a stage failed, crashed or took too long.",
    .examples = "wireroom stages bench --dir ./build --stages mine tests/record.json\n"
                "wireroom tail --last 200 --json --no-follow > some.jsonl; wireroom stages bench "
                "--times 20 some.jsonl\n",
    .options = bench_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FILE,
    .run = bench,
};
