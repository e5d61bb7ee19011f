/* why.c - `wireroom why`: each step of an entry, and how it ended. */
#include <stdlib.h>

#include "base/clock.h"
#include "cli/client.h"
#include "cli/format.h"
#include "cli/line.h"
#include "cli/verbs.h"

enum { WHY_ARENA = 64 << 20, STEPS_MOST = 4096, MINUTE = 60 * SECOND };

static const struct cli_option options[] = {CLIENT_OPTIONS};

struct step {
    int64_t at, after; /* wall; what is known to the minute comes behind the rest of that */
    size_t order;      /* as it was told */
    const struct json *value;
};

struct why {
    struct step steps[STEPS_MOST];
    size_t count;
    const struct json *article; /* the first answer: "uri", "title", "end" */
};

static void take_steps(struct why *why, const struct json *steps)
{
    for (const struct json *s = steps == NULL ? NULL : steps->first; s != NULL; s = s->next) {
        struct step *step = &why->steps[why->count];

        if (why->count == STEPS_MOST)
            return;
        *step = (struct step){.order = why->count, .value = s};
        clock_parse(json_get_text(s, "at"), &step->at);
        step->after = step->at + (bytes_is(json_get_text(s, "step"), "held") ? MINUTE : 0);
        why->count++;
    }
}

static int by_time(const void *a, const void *b)
{
    const struct step *x = a;
    const struct step *y = b;

    if (x->after != y->after)
        return x->after < y->after ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

/* The article's steps, then, page by page, those of the feeds that hold it. */
static int ask(struct client *client, struct arena *arena, const char *entry, struct why *why,
    struct error *err)
{
    struct json *line = NULL;
    bool first = true;
    int code = OK;

    do {
        struct json_writer *w = client_begin(client, "why");

        json_cstr(w, "entry", entry);
        if (!first)
            json_int(w, "after", json_get_int(line, "next", 0));
        code = client_ask(client, arena, &line, err);
        if (code != OK)
            return code;
        if (first)
            why->article = line;
        first = false;
        take_steps(why, json_get(line, "steps"));
    } while (json_get_bool(line, "more", false));
    qsort(why->steps, why->count, sizeof(why->steps[0]), by_time);
    return OK;
}

/* ---- how it ended ---------------------------------------------------------------- */

/* Of an entry that no article is known of: what a feed holds is marked, or no more than that. */
static const char *how_without_article(const struct why *why)
{
    for (size_t i = 0; i < why->count; i++)
        if (bytes_is(json_get_text(why->steps[i].value, "step"), "marked"))
            return "marked";
    return why->count > 0 ? "known" : "unknown";
}

static struct bytes how_of(const struct why *why)
{
    const struct json *end = json_get(why->article, "end");

    return end != NULL ? json_get_text(end, "how") : bytes_of(how_without_article(why));
}

/* ---- as JSON ---------------------------------------------------------------------- */

static void print_json(const char *entry, const struct why *why)
{
    static const char *const members[] = {"uri", "title"};
    struct buf out = {0};
    struct json_writer w = {.out = &out};

    json_begin_object(&w, NULL);
    json_cstr(&w, "entry", entry);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        json_string_if(&w, members[i], json_get_text(why->article, members[i]));
    if (json_get(why->article, "end") != NULL) {
        json_value(&w, "end", json_get(why->article, "end"));
    } else {
        json_begin_object(&w, "end");
        json_string(&w, "how", how_of(why));
        json_end_object(&w);
    }
    json_begin_array(&w, "steps");
    for (size_t i = 0; i < why->count; i++)
        json_value(&w, NULL, why->steps[i].value);
    json_end_array(&w);
    json_end_object(&w);
    printf("%s\n", buf_cstr(&out));
    buf_done(&out);
}

/* ---- for people --------------------------------------------------------------------- */

static void say_page(const struct json *step)
{
    char text[FORMAT_TEXT];
    struct bytes error = json_get_text(step, "text");

    if (json_get_int(step, "httpStatus", 0) > 0)
        printf("HTTP %lld, %s  ", (long long)json_get_int(step, "httpStatus", 0),
            format_size(json_get_int(step, "bytes", 0), text));
    printf("took %s", format_span(client_seconds(step, "seconds"), text));
    if (error.len > 0)
        fputs("  no page: ", stdout);
    cli_print(stdout, error, 300, false);
}

static void say_stage(const struct json *step)
{
    cli_print(stdout, json_get_text(step, "name"), 12, true);
    printf(" %10.3f ms  ", (double)client_seconds(step, "seconds") / 1000);
    cli_print(stdout, json_get_text(step, "status"), 60, false);
}

static void say_held(const struct json *step)
{
    int64_t ago = json_get_int(step, "documentsAgo", 0);

    fputs("last in a document of ", stdout);
    cli_print(stdout, json_get_text(step, "feed"), 40, false);
    if (ago > 0)
        printf(", %lld documents ago", (long long)ago);
}

static void say_marked(const struct json *step)
{
    say_held(step);
    fputs("; it was there before the first fetch (poll.first_fetch), and is not published", stdout);
}

static void say_duplicate(const struct json *step)
{
    fputs("in ", stdout);
    cli_print(stdout, json_get_text(step, "feed"), 40, false);
    fputs(", too", stdout);
}

static void say_quarantined(const struct json *step)
{
    cli_print(stdout, json_get_text(step, "text"), 300, false);
    printf("  (wireroom quarantine show %lld)", (long long)json_get_int(step, "id", 0));
}

static void say_recheck(const struct json *step)
{
    printf(
        "its page is asked for again, after %lld tries", (long long)json_get_int(step, "tries", 0));
}

/* Members that say what there is to say, each with the word before it. */
static void say_members(const struct json *step)
{
    static const char *const members[][2] = {{"feed", "in "}, {"version", "version "},
        {"sequence", "event "}, {"topic", "as "}, {"text", "at "}};
    bool any = false;

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        struct bytes value = json_get_text(step, members[i][0]);

        if (value.len == 0)
            continue;
        printf("%s%s", any ? ", " : "", members[i][1]);
        cli_print(stdout, value, 200, false);
        any = true;
    }
}

static void print_step(const struct step *step)
{
    static const struct {
        const char *step;
        void (*say)(const struct json *step);
    } said[] = {{"page", say_page}, {"stage", say_stage}, {"held", say_held},
        {"marked", say_marked}, {"duplicate", say_duplicate}, {"quarantined", say_quarantined},
        {"recheck", say_recheck}};
    struct bytes name = json_get_text(step->value, "step");
    void (*say)(const struct json *step) = say_members;
    char text[FORMAT_TEXT];

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        if (bytes_is(name, said[i].step))
            say = said[i].say;
    printf("%s", cli_colour(stdout, CLI_BOLD));
    cli_print(stdout, name, 12, true);
    format_clock(step->at, text);
    if (step->after != step->at) /* known to the minute */
        printf("%s %-12.5s  ", cli_colour(stdout, CLI_PLAIN), text);
    else
        printf("%s %s.%03d  ", cli_colour(stdout, CLI_PLAIN), text, (int)(step->at / 1000 % 1000));
    say(step->value);
    putchar('\n');
}

static void print_end(const struct why *why)
{
    const struct json *end = json_get(why->article, "end");
    struct bytes how = how_of(why);
    struct bytes cause = json_get_text(end, "cause");

    printf("%send%s          %.*s", cli_colour(stdout, CLI_BOLD), cli_colour(stdout, CLI_PLAIN),
        FMT(how));
    if (cause.len > 0)
        fputs(": ", stdout);
    cli_print(stdout, cause, 200, false);
    if (bytes_is(how, "published"))
        printf(", version %lld, event %lld", (long long)json_get_int(end, "version", 1),
            (long long)json_get_int(end, "sequence", 0));
    putchar('\n');
}

static void print_steps(const struct why *why)
{
    char day[FORMAT_TEXT] = "";
    char text[FORMAT_TEXT];

    for (size_t i = 0; i < why->count; i++) {
        if (strcmp(format_day(why->steps[i].at, text), day) != 0)
            printf("%s\n", strcpy(day, text));
        print_step(&why->steps[i]);
    }
    print_end(why);
}

static int tell(struct client *client, const char *entry, bool json)
{
    struct arena *arena = arena_new(WHY_ARENA);
    struct why *why = new_zeroed(sizeof(*why));
    struct error err = {0};
    int result = EXIT_OK;

    if (ask(client, arena, entry, why, &err) != OK)
        result = client_trouble(&err);
    else if (bytes_is(how_of(why), "unknown"))
        result = cli_fail(code_name(E_NOT_FOUND),
            "%s: no feed is known to have had it, or it is long forgotten", entry);
    else if (json)
        print_json(entry, why);
    else
        print_steps(why);
    free(why);
    arena_free(arena);
    return result;
}

static int run(const struct cli_args *args)
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);

    for (size_t i = 0; client != NULL && i < args->words_count; i++) {
        int one = tell(client, args->words[i], cli_option(args, "json") != NULL);

        result = one != EXIT_OK ? one : result;
    }
    client_close(client);
    return result;
}

const struct cli_verb cli_why_verb = {
    .name = "why",
    .words = "URL|ID ...",
    .summary = "Tell each step of an entry, with times, and how it ended.",
    .text =
        "An entry is named by an address, by the uri of its article, or by its guid. It ends in "
        "one\n"
        "counted way: published, dropped (by which stage), quarantined, or, when it is none that "
        "is\n"
        "new, marked (there before the first fetch), duplicate or known. Until then it is pending.",
    .examples = "wireroom why https://www.example.org/news/1.html\n",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run,
};
