/* article.c - `wireroom article show`: the newest version of an article and the story of its
 * versions. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cli/client.h"
#include "cli/format.h"
#include "cli/verbs.h"

enum { EVENT_ARENA = 256 << 20 /* of one event */, TEXT_WIDTH = 96 };

static const struct cli_option options[] = {CLIENT_OPTIONS};

static void show_line(const char *name, struct bytes value)
{
    if (value.len == 0)
        return;
    printf("%s%-10s%s ", cli_colour(stdout, CLI_DIM), name, cli_colour(stdout, CLI_PLAIN));
    cli_print(stdout, value, 2000, false);
    putchar('\n');
}

static void show_authors(const struct json *authors)
{
    const char *name = "by";

    for (const struct json *a = authors == NULL ? NULL : authors->first; a != NULL; a = a->next) {
        show_line(name, json_get_text(a, "name"));
        name = "and";
    }
}

/* One paragraph, broken between words. */
static void show_paragraph(struct bytes text)
{
    size_t column = 0;

    while (text.len > 0) {
        struct bytes word = bytes_cut(&text, ' ');
        size_t width = cli_width(word);

        if (column > 0 && column + 1 + width > TEXT_WIDTH) {
            putchar('\n');
            column = 0;
        } else if (column > 0) {
            putchar(' ');
            column++;
        }
        cli_print(stdout, word, SIZE_MAX / 2, false);
        column += width;
    }
    puts("\n");
}

static void show_date(const char *name, struct bytes date, struct bytes source)
{
    char text[FORMAT_TEXT];
    int64_t wall;

    if (!clock_parse(date, &wall))
        return;
    printf("%s%-10s%s %s", cli_colour(stdout, CLI_DIM), name, cli_colour(stdout, CLI_PLAIN),
        format_date(wall, text));
    if (source.len > 0)
        printf("  (%.*s)", FMT(source));
    putchar('\n');
}

/* "Reuters  (dateline, 0.97)" */
static void show_origin(const struct json *origin)
{
    struct buf line = {0};
    struct bytes confidence = json_get_text(origin, "confidence");

    if (json_get_text(origin, "provider").len > 0)
        buf_printf(&line, "%.*s  (%.*s%s%.*s)", FMT(json_get_text(origin, "provider")),
            FMT(json_get_text(origin, "basis")), confidence.len > 0 ? ", " : "", FMT(confidence));
    show_line("carries", buf_bytes(&line));
    buf_done(&line);
}

/* What stages have to say of it. */
static void show_notes(const struct json *stages)
{
    for (const struct json *s = stages == NULL ? NULL : stages->first; s != NULL; s = s->next)
        show_line("note", json_get_text(s, "note"));
}

static void show_article(const struct json *data)
{
    struct bytes text = json_get_text(data, "text");
    const struct json *copied = json_get(data, "duplicateOf");

    printf("%s", cli_colour(stdout, CLI_BOLD));
    cli_print(stdout, json_get_text(data, "headline"), 1000, false);
    printf("%s\n\n", cli_colour(stdout, CLI_PLAIN));
    show_line("source", json_get_text(json_get(data, "source"), "name"));
    show_authors(json_get(data, "authors"));
    show_line("address", json_get_text(data, "url"));
    show_line("id", json_get_text(data, "uri"));
    show_line("language", json_get_text(data, "language"));
    show_date(
        "published", json_get_text(data, "published"), json_get_text(data, "publishedSource"));
    show_date("seen", json_get_text(data, "firstSeen"), (struct bytes){NULL, 0});
    show_origin(json_get(data, "origin"));
    show_line("copy of", json_get_text(copied, "uri"));
    show_line("text", json_get_text(json_get(data, "extraction"), "status"));
    show_line("", json_get_text(json_get(data, "extraction"), "error"));
    show_notes(json_get(data, "stages"));
    putchar('\n');
    while (text.len > 0)
        show_paragraph(bytes_cut(&text, '\n'));
}

static void write_version(FILE *file, const struct json *line)
{
    const struct json *event = json_get(line, "event");
    const struct json *data = json_get(event, "data");
    const struct json *kinds = json_get(json_get(data, "change"), "kinds");
    char text[FORMAT_TEXT];
    int64_t wall = 0;

    clock_parse(json_get_text(event, "recordedtime"), &wall);
    fprintf(file, "version %lld  %s  event %lld", (long long)json_get_int(data, "version", 1),
        format_date(wall, text), (long long)json_get_int(line, "sequence", 0));
    for (const struct json *k = kinds == NULL ? NULL : kinds->first; k != NULL; k = k->next)
        fprintf(file, "%s%.*s", k == kinds->first ? "  " : ", ", FMT(json_text(k)));
    if (bytes_is(json_get_text(json_get(data, "change"), "cause"), "page"))
        fputs(", its page came later", file);
    if (json_get_text(json_get(data, "change"), "headlineBefore").len > 0) {
        fputs(", was \"", file);
        cli_print(file, json_get_text(json_get(data, "change"), "headlineBefore"), 120, false);
        fputc('"', file);
    }
    fputc('\n', file);
}

/* The newest version, and a line for each. */
struct versions {
    struct arena *arenas[2]; /* the event read last is on the one, that before on the other */
    size_t count;
    FILE *file; /* the lines */
    char *lines;
    size_t size;
};

static int read_versions(struct client *client, const char *name, bool json,
    struct versions *versions, const struct json **ret_newest, struct error *err)
{
    struct client_events events = {.of = name};
    int code;

    do {
        struct arena *arena = versions->arenas[versions->count % 2];
        struct json *line = NULL;

        arena_reset(arena);
        code = client_next_event(client, &events, arena, &line, err);
        if (code != 1)
            break;
        if (json)
            client_print_json(json_get(line, "event"));
        else
            write_version(versions->file, line);
        *ret_newest = json_get(json_get(line, "event"), "data");
        versions->count++;
    } while (code == 1);
    return code;
}

static int show_one(struct client *client, const char *name, bool json)
{
    struct versions versions = {.arenas = {arena_new(EVENT_ARENA), arena_new(EVENT_ARENA)}};
    const struct json *newest = NULL;
    struct error err = {0};
    int result = EXIT_OK;

    versions.file = open_memstream(&versions.lines, &versions.size);
    if (versions.file == NULL)
        fail(&err, E_SYSTEM, "%s: %s", name, strerror(errno));
    else
        read_versions(client, name, json, &versions, &newest, &err);
    if (versions.file != NULL)
        fclose(versions.file);
    if (err.code != OK) {
        result = client_trouble(&err);
    } else if (!json && newest != NULL) {
        show_article(newest);
        fwrite(versions.lines, 1, versions.size, stdout);
    }
    free(versions.lines);
    arena_free(versions.arenas[0]);
    arena_free(versions.arenas[1]);
    return result;
}

static int run_show(const struct cli_args *args)
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);

    if (client == NULL)
        return result;
    for (size_t i = 0; i < args->words_count && result != EXIT_NO_DAEMON; i++) {
        int one = show_one(client, args->words[i], cli_option(args, "json") != NULL);

        result = one != EXIT_OK ? one : result;
    }
    client_close(client);
    return result;
}

static const struct cli_verb show_verb = {
    .name = "show",
    .words = "URL|ID ...",
    .summary = "Show an article, by any address it was seen under or by its id, and its versions.",
    .text = "With --json, the event of each version, the oldest first.",
    .examples = "wireroom article show https://www.example.org/news/1.html\n",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run_show,
};

static const struct cli_verb *const verbs[] = {&show_verb, NULL};

const struct cli_verb cli_article_verb = {
    .name = "article",
    .summary = "Look at an article in the log.",
    .examples = "wireroom article show https://www.example.org/news/1.html\n",
    .verbs = verbs,
};
