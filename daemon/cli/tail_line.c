/* tail_line.c - an event as one line: when, how late, what, by whom, headline, language, length,
 * copy of whom. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "cli/format.h"
#include "cli/tail.h"

enum {
    NAMES = 4096,
    NAME_MOST = 40,
    SOURCE_WIDTH = 18,
    HEADLINE_LEAST = 24,
    HEADLINE_MOST = 66,
    OTHER_COLUMNS = 78
};

/* The newest articles by hash of their uri: a later one takes the place of an earlier one. */
struct tail_names {
    struct {
        uint64_t uri;
        char source[NAME_MOST + 1];
    } slots[NAMES];
};

struct tail_names *tail_names_new(void)
{
    struct tail_names *names = new_zeroed(sizeof(*names));

    return names;
}

void tail_names_free(struct tail_names *names)
{
    free(names);
}

/* bytes cut to at most len, not within a letter. */
static struct bytes cut_text(struct bytes text, size_t len)
{
    if (text.len <= len)
        return text;
    while (len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
        len--;
    return bytes_slice(text, 0, len);
}

static void remember(struct tail_names *names, struct bytes uri, struct bytes source)
{
    uint64_t hash = hash64(uri);

    names->slots[hash % NAMES].uri = hash;
    snprintf(
        names->slots[hash % NAMES].source, NAME_MOST + 1, "%.*s", FMT(cut_text(source, NAME_MOST)));
}

static struct bytes recall(const struct tail_names *names, struct bytes uri)
{
    uint64_t hash = hash64(uri);

    return names->slots[hash % NAMES].uri == hash ? bytes_of(names->slots[hash % NAMES].source)
                                                  : (struct bytes){NULL, 0};
}

/* Columns for a headline, so that a line fits the terminal as long as that is possible. */
static size_t headline_width(FILE *file)
{
    struct winsize size = {0};

    if (!isatty(fileno(file)) || ioctl(fileno(file), TIOCGWINSZ, &size) != 0 ||
        size.ws_col > HEADLINE_MOST + OTHER_COLUMNS)
        return HEADLINE_MOST;
    return size.ws_col < HEADLINE_LEAST + OTHER_COLUMNS ? HEADLINE_LEAST
                                                        : (size_t)(size.ws_col - OTHER_COLUMNS);
}

static struct bytes source_of(const struct json *data)
{
    struct bytes name = json_get_text(json_get(data, "source"), "name");

    if (name.len == 0)
        name = json_get_text(json_get(data, "source"), "domain");
    return name.len > 0 ? name : json_get_text(json_get(data, "feed"), "title");
}

/* Local time of the record, and seconds since publication where they are known. */
static void print_when(FILE *file, const struct json *event, const struct json *data)
{
    int64_t recorded = 0;
    int64_t published = 0;
    char clock[FORMAT_TEXT] = "--:--:--";
    char after[FORMAT_TEXT] = "";

    if (clock_parse(json_get_text(event, "recordedtime"), &recorded) ||
        clock_parse(json_get_text(event, "time"), &recorded))
        format_clock(recorded, clock);
    if (recorded != 0 && json_get_text(data, "published").len > 10 &&
        clock_parse(json_get_text(data, "published"), &published))
        format_after(recorded - published, after);
    fprintf(
        file, "%s%s%s %6s  ", cli_colour(file, CLI_DIM), clock, cli_colour(file, CLI_PLAIN), after);
}

static void print_kind(FILE *file, const char *kind, enum cli_colour colour)
{
    fprintf(file, "%s%-5s%s ", cli_colour(file, colour), kind, cli_colour(file, CLI_PLAIN));
}

/* Whose report it is, where it is another's as a whole: "with AFP" has half the confidence
 * (wireroom-origin(7)). */
static struct bytes carried(const struct json *data)
{
    const struct json *origin = json_get(data, "origin");
    struct bytes confidence = json_get_text(origin, "confidence");
    char text[FORMAT_TEXT];

    snprintf(text, sizeof(text), "%.*s", FMT(bytes_slice(confidence, 0, sizeof(text) - 1)));
    return strtod(text, NULL) < .7 ? (struct bytes){NULL, 0} : json_get_text(origin, "provider");
}

/* The report that others were seen to carry before it was seen itself: no copy of theirs. */
static bool is_original(const struct json *data)
{
    struct bytes role = json_get_text(json_get(data, "story"), "role");

    return bytes_is(role, "first") || bytes_is(role, "follow");
}

static void print_carried(FILE *file, struct bytes provider)
{
    fprintf(file, "  %scarries ", cli_colour(file, CLI_CYAN));
    cli_print(file, provider, SOURCE_WIDTH, false);
    fputs(cli_colour(file, CLI_PLAIN), file);
}

static void print_copy(FILE *file, const struct json *copied, const struct tail_names *names)
{
    struct bytes uri = json_get_text(copied, "uri");
    struct bytes source = recall(names, uri);
    struct bytes relation = json_get_text(copied, "relation");

    if (uri.len == 0)
        return;
    fprintf(file, "  %scopy of ", cli_colour(file, CLI_CYAN));
    cli_print(file, source.len > 0 ? source : uri, source.len > 0 ? SOURCE_WIDTH : 24, false);
    if (relation.len > 0 && !bytes_is(relation, "exact")) {
        fputs(" (", file);
        cli_print(file, relation, 20, false);
        fputc(')', file);
    }
    fputs(cli_colour(file, CLI_PLAIN), file);
}

/* "story 7/5/2": articles, publishers, independent. One article alone is none. */
static void print_in_story(FILE *file, const struct json *story)
{
    if (json_get_int(story, "articles", 0) < 2)
        return;
    fprintf(file, "  story %lld/%lld/%lld", (long long)json_get_int(story, "articles", 0),
        (long long)json_get_int(story, "publishers", 0),
        (long long)json_get_int(story, "independent", 0));
}

static void print_article(
    FILE *file, const struct json *data, const char *kind, struct tail_names *names)
{
    const struct json *copied = is_original(data) ? NULL : json_get(data, "duplicateOf");
    struct bytes provider = carried(data);
    bool is_edit = kind[0] == 'e';

    print_kind(
        file, kind[0] == 'n' && copied != NULL ? "copy" : kind, is_edit ? CLI_YELLOW : CLI_GREEN);
    cli_print(file, source_of(data), SOURCE_WIDTH, true);
    fprintf(file, "  %s", cli_colour(file, CLI_BOLD));
    cli_print(file, json_get_text(data, "headline"), headline_width(file), true);
    fprintf(file, "%s  ", cli_colour(file, CLI_PLAIN));
    cli_print(file, json_get_text(data, "language"), 5, true);
    fprintf(file, " %5lldw", (long long)json_get_int(data, "wordCount", 0));
    if (provider.len > 0)
        print_carried(file, provider);
    else
        print_copy(file, copied, names);
    print_in_story(file, json_get(data, "story"));
    if (is_edit && json_get_text(json_get(data, "change"), "headlineBefore").len > 0) {
        fputs("  was \"", file);
        cli_print(
            file, json_get_text(json_get(data, "change"), "headlineBefore"), HEADLINE_MOST, false);
        fputc('"', file);
    }
    remember(names, json_get_text(data, "uri"), source_of(data));
}

static const struct {
    const char *state;
    enum cli_colour colour;
} story_colours[] = {{"new", CLI_GREEN}, {"developing", CLI_GREEN}, {"peaking", CLI_RED},
    {"fading", CLI_DIM}, {"closed", CLI_DIM}};

const char *tail_story_colour(FILE *file, struct bytes state)
{
    for (size_t i = 0; i < sizeof(story_colours) / sizeof(story_colours[0]); i++)
        if (bytes_is(state, story_colours[i].state))
            return cli_colour(file, story_colours[i].colour);
    return "";
}

static void print_counts(FILE *file, const struct json *story, const char *member, const char *one)
{
    int64_t count = json_get_int(story, member, 0);

    fprintf(file, "%lld %s%s", (long long)count, one, count == 1 ? "" : "s");
}

static void print_story(FILE *file, const struct json *data)
{
    struct bytes state = json_get_text(data, "state");

    print_kind(file, "story", CLI_CYAN);
    fputs(cli_colour(file, CLI_BOLD), file);
    cli_print(file, json_get_text(data, "headline"), headline_width(file), true);
    fprintf(file, "%s  %s", cli_colour(file, CLI_PLAIN), tail_story_colour(file, state));
    cli_print(file, state, 10, true);
    fprintf(file, "%s  ", cli_colour(file, CLI_PLAIN));
    print_counts(file, data, "articles", "article");
    fputs(", ", file);
    print_counts(file, data, "publishers", "publisher");
    fprintf(file, ", %lld independent", (long long)json_get_int(data, "independent", 0));
    if (json_get_text(data, "reason").len > 0) {
        fputs("  ", file);
        cli_print(file, json_get_text(data, "reason"), 120, false);
    }
}

static void print_feed(FILE *file, const struct json *data)
{
    struct bytes title = json_get_text(data, "title");
    struct bytes error = client_feed_error(data);
    bool ok = bytes_is(json_get_text(data, "state"), "ok");

    print_kind(file, "feed", ok ? CLI_GREEN : CLI_RED);
    cli_print(file, title.len > 0 ? title : json_get_text(data, "url"), SOURCE_WIDTH, true);
    fputs("  ", file);
    cli_print(file, json_get_text(data, "id"), 9, false);
    fprintf(file, " %s", cli_colour(file, ok ? CLI_GREEN : CLI_RED));
    cli_print(file, json_get_text(data, "state"), 12, false);
    fprintf(file, "%s (was ", cli_colour(file, CLI_PLAIN));
    cli_print(file, json_get_text(data, "previousState"), 12, false);
    fputc(')', file);
    if (error.len > 0) {
        fputs("  ", file);
        cli_print(file, error, 120, false);
    }
}

static void print_site(FILE *file, const struct json *data)
{
    bool ok = bytes_is(json_get_text(data, "state"), "ok");
    const struct json *reasons = json_get(data, "reasons");

    print_kind(file, "site", ok ? CLI_GREEN : CLI_RED);
    cli_print(file, json_get_text(data, "domain"), SOURCE_WIDTH, true);
    fprintf(file, "  %s", cli_colour(file, ok ? CLI_GREEN : CLI_RED));
    cli_print(file, json_get_text(data, "state"), 12, false);
    fputs(cli_colour(file, CLI_PLAIN), file);
    for (reasons = reasons == NULL ? NULL : reasons->first; reasons != NULL;
         reasons = reasons->next) {
        fputs(" ", file);
        cli_print(file, json_text(reasons), 12, false);
    }
}

static void print_daemon(FILE *file, const struct json *data)
{
    bool ok = bytes_is(json_get_text(data, "state"), "ok");

    print_kind(file, "self", ok ? CLI_GREEN : CLI_RED);
    cli_print(file, json_get_text(data, "id"), SOURCE_WIDTH, true);
    fprintf(file, "  %s", cli_colour(file, ok ? CLI_GREEN : CLI_RED));
    cli_print(file, json_get_text(data, "text"), 200, false);
    fputs(cli_colour(file, CLI_PLAIN), file);
}

void tail_print(FILE *file, const struct json *event, struct tail_names *names)
{
    const struct json *data = json_get(event, "data");
    struct bytes type = json_get_text(event, "type");

    print_when(file, event, data);
    if (bytes_find(type, LIT("feed.state")) != SIZE_MAX)
        print_feed(file, data);
    else if (bytes_find(type, LIT("daemon.state")) != SIZE_MAX)
        print_daemon(file, data);
    else if (bytes_find(type, LIT("site.state")) != SIZE_MAX)
        print_site(file, data);
    else if (bytes_find(type, LIT("wireroom.story.")) != SIZE_MAX)
        print_story(file, data);
    else if (bytes_find(type, LIT("article.updated")) != SIZE_MAX)
        print_article(file, data, "edit", names);
    else if (bytes_find(type, LIT("article.gone")) != SIZE_MAX)
        print_article(file, data, "gone", names);
    else
        print_article(file, data, "new", names);
    fputc('\n', file);
}
