/* bench_extract.c - the extract stage without workers: `--batch` answers the scorer's questions
 * line by line,
 * `--speed DIR` measures pages per CPU-second beside a bare parse of the same bytes,
 * `--memory DIR` the memory that a page takes while it is read,
 * `--same DIR` where html and text of an article do not say the same. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "extract.h"
#include "page/clean.h"
#include "record/record.h"
#include "text/text.h"

enum { FILE_LIMIT = 32 << 20, PAGES = 20000, RECORD_ARENA = 256 << 20, MOST_TIMES = 16 };

static struct bytes file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct bytes data = {NULL, 0};
    char *ptr;
    long size;

    if (file == NULL)
        return data;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && size < FILE_LIMIT) {
        rewind(file);
        ptr = malloc((size_t)size + 1);
        if (ptr != NULL && fread(ptr, 1, (size_t)size, file) == (size_t)size)
            data = (struct bytes){ptr, (size_t)size};
        else
            free(ptr);
    }
    fclose(file);
    return data;
}

static void write_value(struct json_writer *w, const char *key, const wr_record *rec, int field)
{
    json_string_if(w, key, record_get(rec, field));
}

static void write_answer(struct json_writer *w, const wr_record *rec)
{
    json_begin_object(w, NULL);
    write_value(w, "title", rec, WR_TITLE);
    json_begin_array(w, "authors");
    for (size_t i = 0; i < wr_count(rec, WR_AUTHOR); i++)
        json_string(w, NULL, record_get_at(rec, WR_AUTHOR, i));
    json_end_array(w);
    write_value(w, "published", rec, WR_PUBLISHED);
    write_value(w, "language", rec, WR_LANGUAGE);
    write_value(w, "text", rec, WR_TEXT);
    write_value(w, "image", rec, WR_IMAGE);
    write_value(w, "canonical", rec, WR_CANONICAL);
    write_value(w, "standfirst", rec, WR_STANDFIRST);
    write_value(w, "source", rec, WR_PUBLISHED_SOURCE);
    write_value(w, "status", rec, WR_STATUS);
    write_value(w, "method", rec, WR_METHOD);
    write_value(w, "confidence", rec, WR_CONFIDENCE);
    json_end_object(w);
}

/* Every line of the page with the rule that cut it: how rules get better. */
static void print_lines(const struct extract *extract)
{
    const struct page *page = &extract->page;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        uint32_t up = line->block;

        printf("%-22s %d%c %4u/%-4u ", rule_name((enum rule)line->cut), line->kind,
            line->good ? '+' : ' ', line->n.chars, line->n.link_chars);
        for (int n = 0; n < 3 && up != 0; n++, up = page->tree->nodes[up].parent) {
            struct bytes names = tree_attr(page->tree, up, ATTR_CLASS);

            printf("<%s.%.*s", tag_name((enum tag)page->tree->nodes[up].tag),
                names.len > 30 ? 30 : FMT(names));
        }
        printf("  %.*s\n", line->text.len > 160 ? 160 : FMT(line->text));
    }
}

static void answer(struct extract *extract, struct bytes line, struct buf *out, bool trace)
{
    struct arena *arena = arena_new(RECORD_ARENA);
    struct json_writer w = {.out = out};
    struct json *question;
    struct error err = {0};
    struct wr_record *rec = record_new(arena);

    if (json_parse(arena, line, &question, &err) == OK) {
        struct bytes data = file_read(bytes_cstr(arena, json_get_text(question, "file")));

        record_lend(rec, WR_PAGE, data);
        record_set(rec, WR_PAGE_URL, json_get_text(question, "url"));
        extract_article(extract, rec);
        if (trace)
            print_lines(extract);
        write_answer(&w, rec);
        free((char *)data.ptr);
    }
    buf_add_byte(out, '\n');
    arena_free(arena);
}

static int run_batch(struct extract *extract, bool trace)
{
    struct buf out = {0};
    char *line = NULL;
    size_t size = 0;
    ssize_t len;

    while ((len = getline(&line, &size, stdin)) > 0) {
        buf_clear(&out);
        answer(extract, bytes_trim((struct bytes){line, (size_t)len}), &out, trace);
        fwrite(out.ptr, 1, out.len, stdout);
        fflush(stdout);
    }
    free(line);
    buf_done(&out);
    return 0;
}

static double cpu_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static void report(const char *what, double *times, size_t count, double bytes)
{
    double total = 0;

    for (size_t i = 0; i < count; i++)
        total += times[i];
    qsort(times, count, sizeof(*times), by_value);
    printf("%-8s %8.0f pages/CPU-s %7.1f MB/s   p50 %6.3f ms   p99 %6.3f ms   max %6.3f ms\n", what,
        (double)count / total, bytes / 1e6 / total, times[count / 2] * 1e3,
        times[count * 99 / 100] * 1e3, times[count - 1] * 1e3);
}

static double extract_once(struct extract *extract, struct bytes data)
{
    struct arena *arena = arena_new(RECORD_ARENA);
    struct wr_record *rec = record_new(arena);
    double start;

    record_lend(rec, WR_PAGE, data);
    start = cpu_now();
    extract_article(extract, rec);
    start = cpu_now() - start;
    arena_free(arena);
    return start;
}

static double parse_once(const struct extract *extract, struct bytes data)
{
    double start = cpu_now();

    extract->filler->parse(extract->parser, data);
    return cpu_now() - start;
}

static int run_speed(struct extract *extract, const char *path)
{
    static double extracting[PAGES];
    static double parsing[PAGES];
    DIR *dir = opendir(path);
    struct dirent *entry;
    double bytes = 0;
    size_t count = 0;

    if (dir == NULL) {
        fprintf(stderr, "no such folder: %s\n", path);
        return 1;
    }
    while ((entry = readdir(dir)) != NULL && count < PAGES) {
        char name[4096];
        struct bytes data;

        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || (data = file_read(name)).len == 0)
            continue;
        parsing[count] = parse_once(extract, data);
        extracting[count] = extract_once(extract, data);
        bytes += (double)data.len;
        count++;
        free((char *)data.ptr);
    }
    closedir(dir);
    if (count == 0)
        return 1;
    printf("%zu pages, %.1f MB, parser %s\n", count, bytes / 1e6, extract->filler->name);
    report("extract", extracting, count, bytes);
    report("parse", parsing, count, bytes);
    return 0;
}

static long peak_of(int who)
{
    struct rusage usage;

    getrusage(who, &usage);
    return usage.ru_maxrss * 1024;
}

/* Bytes by which the peak of a fresh process grows over one page, or over the bare parse of it; -1
 * when it dies. */
static long memory_of(struct extract *extract, struct bytes data, bool parse)
{
    long grown = -1;
    int ends[2];
    pid_t pid;

    if (pipe(ends) != 0 || (pid = fork()) < 0)
        return -1;
    if (pid == 0) {
        long before = peak_of(RUSAGE_SELF);

        if (parse)
            parse_once(extract, data);
        else
            extract_once(extract, data);
        grown = peak_of(RUSAGE_SELF) - before;
        _exit(write(ends[1], &grown, sizeof(grown)) == sizeof(grown) ? 0 : 1);
    }
    close(ends[1]);
    if (read(ends[0], &grown, sizeof(grown)) != sizeof(grown))
        grown = -1;
    close(ends[0]);
    waitpid(pid, NULL, 0);
    return grown;
}

/* Sizes of pages that are reported together: up to so many bytes. */
static struct size_class {
    size_t most;
    double times[2][PAGES]; /* the page's size: read, and only parsed */
    size_t count;
    long peak;
} classes[] = {{.most = 64 << 10}, {.most = 256 << 10}, {.most = 1 << 20}, {.most = SIZE_MAX}};

static void report_memory(struct size_class *c)
{
    char name[32] = "larger";
    size_t over = 0;

    if (c->most < SIZE_MAX)
        snprintf(name, sizeof(name), "to %zu KiB", c->most >> 10);
    for (int i = 0; i < 2; i++)
        qsort(c->times[i], c->count, sizeof(c->times[i][0]), by_value);
    while (over < c->count && c->times[0][c->count - 1 - over] > MOST_TIMES)
        over++;
    printf("memory   %-11s %4zu pages   p50 %4.1f   p99 %4.1f   max %4.1f times the page (parse "
           "%4.1f, %4.1f, %4.1f)   peak %.1f MiB   %zu over %d\n",
        name, c->count, c->times[0][c->count / 2], c->times[0][c->count * 99 / 100],
        c->times[0][c->count - 1], c->times[1][c->count / 2], c->times[1][c->count * 99 / 100],
        c->times[1][c->count - 1], (double)c->peak / (1 << 20), over, MOST_TIMES);
}

/* What any page takes: code and tables that are touched for the first time in the process. */
static long floor_of(struct extract *extract, bool parse)
{
    return memory_of(extract,
        LIT("<html><head><title>Three ships</title></head><body><h1>Three ships</h1><p>The keeper "
            "counted the ships again that morning, and again there were three.</p></body></html>"),
        parse);
}

static void note_memory(struct extract *extract, struct bytes data, const long floor[2])
{
    struct size_class *c = classes;

    while (data.len > c->most)
        c++;
    for (int i = 0; i < 2; i++) {
        long grown = memory_of(extract, data, i == 1) - floor[i];

        c->times[i][c->count] = (double)grown / (double)data.len;
        c->peak = i == 0 && grown > c->peak ? grown : c->peak;
    }
    c->count++;
}

static int run_memory(struct extract *extract, const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    const long floor[2] = {floor_of(extract, false), floor_of(extract, true)};
    size_t count = 0;

    while (dir != NULL && (entry = readdir(dir)) != NULL && count < PAGES) {
        char name[4096];
        struct bytes data;

        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || (data = file_read(name)).len == 0)
            continue;
        note_memory(extract, data, floor);
        count++;
        free((char *)data.ptr);
    }
    if (dir != NULL)
        closedir(dir);
    printf("memory   any page takes %.1f MiB, which is left out below\n",
        (double)floor[0] / (1 << 20));
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (classes[i].count > 0)
            report_memory(&classes[i]);
    return count == 0;
}

/* The text without white space of any kind, which has tags in its place in html. */
static struct bytes squeezed(struct arena *arena, struct bytes text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len;) {
        size_t blank = text_blank(bytes_from(text, i));

        if (blank == 0 && (unsigned char)text.ptr[i] > ' ')
            out[len++] = text.ptr[i];
        i += blank == 0 ? 1 : blank;
    }
    return (struct bytes){out, len};
}

static bool says_the_same(const char *name, struct arena *arena, const wr_record *rec)
{
    struct bytes text = squeezed(arena, record_get(rec, WR_TEXT));
    struct bytes html = squeezed(arena, text_from_html(arena, record_get(rec, WR_HTML), true));
    size_t at = 0;

    if (record_get(rec, WR_HTML).len == 0 || bytes_equal(text, html))
        return true;
    while (at < text.len && at < html.len && text.ptr[at] == html.ptr[at])
        at++;
    at -= at < 20 ? at : 20;
    printf("%s: text %zu, html %zu bytes: \"%.*s\" and \"%.*s\"\n", name, text.len, html.len,
        FMT(bytes_slice(text, at, 80)), FMT(bytes_slice(html, at, 80)));
    return false;
}

static int run_same(struct extract *extract, const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    size_t count = 0;
    size_t differ = 0;

    while (dir != NULL && (entry = readdir(dir)) != NULL && count < PAGES) {
        struct arena *arena = arena_new(RECORD_ARENA);
        struct wr_record *rec = record_new(arena);
        char name[4096];
        struct bytes data = {NULL, 0};

        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && (data = file_read(name)).len > 0) {
            record_lend(rec, WR_PAGE, data);
            extract_article(extract, rec);
            differ += !says_the_same(entry->d_name, arena, rec);
            count++;
        }
        arena_free(arena);
        free((char *)data.ptr);
    }
    if (dir != NULL)
        closedir(dir);
    printf("html and text differ on %zu of %zu pages\n", differ, count);
    return count == 0;
}

int main(int argc, char **argv)
{
    static struct extract extract = {.least_text = 200, .with_standfirst = true};
    int code = 2;

    if (getenv("EXTRACT_PARSER") != NULL)
        for (int i = 0; tree_fillers[i] != NULL; i++)
            if (strcmp(tree_fillers[i]->name, getenv("EXTRACT_PARSER")) == 0)
                extract.filler = tree_fillers[i];
    if (extract_open(&extract) != 0)
        return 1;
    if (argc == 2 && strcmp(argv[1], "--batch") == 0)
        code = run_batch(&extract, false);
    else if (argc == 2 && strcmp(argv[1], "--lines") == 0)
        code = run_batch(&extract, true);
    else if (argc == 3 && strcmp(argv[1], "--speed") == 0)
        code = run_speed(&extract, argv[2]);
    else if (argc == 3 && strcmp(argv[1], "--memory") == 0)
        code = run_memory(&extract, argv[2]);
    else if (argc == 3 && strcmp(argv[1], "--same") == 0)
        code = run_same(&extract, argv[2]);
    else
        fprintf(stderr,
            "usage: bench_extract --batch | --lines | --speed DIR | --memory DIR | --same DIR\n");
    extract_close(&extract);
    return code;
}
