/* tail_line.c - an event as one line: when, how late, what, by whom, headline, language, length,
 * copy of whom. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "cli/format.h"
#include "cli/line.h"
#include "cli/tail.h"

/* Below WIDTH_ALL, that of a terminal nobody made wider, language and words are left out. */
enum {
    NAMES = 4096,
    NAME_MOST = 40,
    WIDTH_ALL = 80,
    SOURCE_WIDTH = 18,
    SOURCE_NARROW = 12,
    HEADLINE_LEAST = 22,
    HEADLINE_MOST = 66,
    LANGUAGE_WIDTH = 14, /* and words, with the spaces before them */
    STORY_WIDTH = 28,    /* a story's state and the first of its counts */
    DAY_TEXT = 40
};

/* The newest articles by hash of their uri: a later one takes the place of an earlier one. */
struct tail_names {
    struct {
        uint64_t uri;
        char source[NAME_MOST + 1];
    } slots[NAMES];
    char day[DAY_TEXT]; /* of the line before; "": none yet */
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

static size_t source_width(const struct line *line)
{
    return line->columns < LINE_NARROW ? SOURCE_NARROW : SOURCE_WIDTH;
}

/* What a headline may take when so many columns are to come after it. */
static size_t headline_width(const struct line *line, size_t after)
{
    size_t width = line->left > after ? line->left - after : 0;

    return width < HEADLINE_LEAST ? HEADLINE_LEAST : width > HEADLINE_MOST ? HEADLINE_MOST : width;
}

static struct bytes source_of(const struct json *data)
{
    struct bytes name = json_get_text(json_get(data, "source"), "name");

    if (name.len == 0)
        name = json_get_text(json_get(data, "source"), "domain");
    return name.len > 0 ? name : json_get_text(json_get(data, "feed"), "title");
}

bool tail_names_has(const struct tail_names *names, struct bytes uri)
{
    uint64_t hash = hash64(uri);

    return names->slots[hash % NAMES].uri == hash;
}

void tail_names_put(struct tail_names *names, struct bytes uri, const struct json *data)
{
    remember(names, uri, data == NULL ? (struct bytes){"", 0} : source_of(data));
}

/* The day stands above the first line of another day than today's, and where days change. */
static void print_day(FILE *file, int64_t recorded, struct tail_names *names)
{
    char day[FORMAT_TEXT];
    char today[FORMAT_TEXT];
    const char *before = names->day[0] == '\0' ? format_day(clock_wall(), today) : names->day;

    if (strcmp(format_day(recorded, day), before) != 0)
        fprintf(file, "%s-- %s%s\n", cli_colour(file, CLI_BOLD), day, cli_colour(file, CLI_PLAIN));
    snprintf(names->day, sizeof(names->day), "%s", day);
}

/* Local time of the record, and how long after publication where that is known. */
static void print_when(
    struct line *line, const struct json *event, const struct json *data, struct tail_names *names)
{
    int64_t recorded = 0;
    int64_t published = 0;
    char clock[FORMAT_TEXT] = "--:--:--";
    char after[FORMAT_TEXT] = "";
    char text[FORMAT_TEXT];

    if (clock_parse(json_get_text(event, "recordedtime"), &recorded) ||
        clock_parse(json_get_text(event, "time"), &recorded)) {
        print_day(line->file, recorded, names);
        format_clock(recorded, clock);
    }
    if (recorded != 0 && json_get_text(data, "published").len > 10 &&
        clock_parse(json_get_text(data, "published"), &published))
        format_after(recorded - published, after);
    line_put(line, CLI_DIM, bytes_of(clock), 8, true);
    snprintf(text, sizeof(text), " %6.10s  ", after);
    line_text(line, text);
}

static void print_kind(struct line *line, const char *kind, enum cli_colour colour)
{
    line_put(line, colour, bytes_of(kind), 5, true);
    line_text(line, " ");
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

/* "  carries AFP" or "  copy of Port Ellen Times (rewrite)". */
static void write_relation(struct buf *out, const struct json *data, const struct json *copied,
    const struct tail_names *names)
{
    struct bytes provider = carried(data);
    struct bytes uri = json_get_text(copied, "uri");
    struct bytes source = recall(names, uri);
    struct bytes relation = json_get_text(copied, "relation");

    if (provider.len > 0) {
        buf_printf(out, "  carries %.*s", FMT(cut_text(provider, NAME_MOST)));
        return;
    }
    if (uri.len == 0)
        return;
    buf_printf(out, "  copy of %.*s", FMT(source.len > 0 ? source : cut_text(uri, NAME_MOST)));
    if (relation.len > 0 && !bytes_is(relation, "exact"))
        buf_printf(out, " (%.*s)", FMT(cut_text(relation, NAME_MOST)));
}

/* "story 7/5/2": articles, publishers, independent. One article alone is none. */
static void write_in_story(struct buf *out, const struct json *story)
{
    if (json_get_int(story, "articles", 0) < 2)
        return;
    buf_printf(out, "  story %lld/%lld/%lld", (long long)json_get_int(story, "articles", 0),
        (long long)json_get_int(story, "publishers", 0),
        (long long)json_get_int(story, "independent", 0));
}

static void print_headline(struct line *line, const struct json *data, size_t after)
{
    bool has_language = line->columns >= WIDTH_ALL;
    char words[FORMAT_TEXT];

    line_put(line, CLI_BOLD, json_get_text(data, "headline"),
        headline_width(line, after + (has_language ? LANGUAGE_WIDTH : 0)), true);
    if (!has_language)
        return;
    line_text(line, "  ");
    line_put(line, CLI_PLAIN, json_get_text(data, "language"), 5, true);
    snprintf(words, sizeof(words), " %5lldw", (long long)json_get_int(data, "wordCount", 0));
    line_text(line, words);
}

static void print_article(
    struct line *line, const struct json *data, const char *kind, struct tail_names *names)
{
    const struct json *copied = is_original(data) ? NULL : json_get(data, "duplicateOf");
    struct bytes before = json_get_text(json_get(data, "change"), "headlineBefore");
    bool is_edit = kind[0] == 'e';
    struct buf relation = {0};
    struct buf story = {0};

    write_relation(&relation, data, copied, names);
    write_in_story(&story, json_get(data, "story"));
    print_kind(
        line, kind[0] == 'n' && copied != NULL ? "copy" : kind, is_edit ? CLI_YELLOW : CLI_GREEN);
    line_put(line, CLI_PLAIN, source_of(data), source_width(line), true);
    line_text(line, "  ");
    print_headline(line, data, cli_width(buf_bytes(&relation)) + cli_width(buf_bytes(&story)));
    line_put(line, CLI_CYAN, buf_bytes(&relation), SIZE_MAX, false);
    line_put(line, CLI_PLAIN, buf_bytes(&story), SIZE_MAX, false);
    if (is_edit && before.len > 0) {
        line_text(line, "  was \"");
        line_put(line, CLI_PLAIN, before, HEADLINE_MOST, false);
        line_text(line, "\"");
    }
    remember(names, json_get_text(data, "uri"), source_of(data));
    buf_done(&relation);
    buf_done(&story);
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

static void print_counts(
    struct line *line, const struct json *story, const char *member, const char *one)
{
    int64_t count = json_get_int(story, member, 0);
    char text[FORMAT_TEXT];

    snprintf(text, sizeof(text), "%lld %s%s", (long long)count, one, count == 1 ? "" : "s");
    line_text(line, text);
}

static void print_story(struct line *line, const struct json *data)
{
    struct bytes state = json_get_text(data, "state");
    const char *colour = tail_story_colour(line->file, state);
    char text[FORMAT_TEXT];

    print_kind(line, "story", CLI_CYAN);
    line_put(
        line, CLI_BOLD, json_get_text(data, "headline"), headline_width(line, STORY_WIDTH), true);
    line_text(line, "  ");
    fputs(colour, line->file);
    line_put(line, CLI_PLAIN, state, 10, true);
    fputs(colour[0] == '\0' ? "" : cli_colour(line->file, CLI_PLAIN), line->file);
    line_text(line, "  ");
    print_counts(line, data, "articles", "article");
    line_text(line, ", ");
    print_counts(line, data, "publishers", "publisher");
    snprintf(
        text, sizeof(text), ", %lld independent", (long long)json_get_int(data, "independent", 0));
    line_text(line, text);
    if (json_get_text(data, "reason").len > 0) {
        line_text(line, "  ");
        line_put(line, CLI_PLAIN, json_get_text(data, "reason"), 120, false);
    }
}

static void print_feed(struct line *line, const struct json *data)
{
    struct bytes title = json_get_text(data, "title");
    struct bytes error = client_feed_error(data);
    enum cli_colour colour = bytes_is(json_get_text(data, "state"), "ok") ? CLI_GREEN : CLI_RED;

    print_kind(line, "feed", colour);
    line_put(line, CLI_PLAIN, title.len > 0 ? title : json_get_text(data, "url"),
        source_width(line), true);
    line_text(line, "  ");
    line_put(line, CLI_PLAIN, json_get_text(data, "id"), 9, false);
    line_text(line, " ");
    line_put(line, colour, json_get_text(data, "state"), 12, false);
    line_text(line, " (was ");
    line_put(line, CLI_PLAIN, json_get_text(data, "previousState"), 12, false);
    line_text(line, ")");
    if (error.len > 0) {
        line_text(line, "  ");
        line_put(line, CLI_PLAIN, error, 120, false);
    }
}

static void print_site(struct line *line, const struct json *data)
{
    enum cli_colour colour = bytes_is(json_get_text(data, "state"), "ok") ? CLI_GREEN : CLI_RED;
    const struct json *reasons = json_get(data, "reasons");

    print_kind(line, "site", colour);
    line_put(line, CLI_PLAIN, json_get_text(data, "domain"), source_width(line), true);
    line_text(line, "  ");
    line_put(line, colour, json_get_text(data, "state"), 12, false);
    for (reasons = reasons == NULL ? NULL : reasons->first; reasons != NULL;
         reasons = reasons->next) {
        line_text(line, " ");
        line_put(line, CLI_PLAIN, json_text(reasons), 12, false);
    }
}

static void print_daemon(struct line *line, const struct json *data)
{
    enum cli_colour colour = bytes_is(json_get_text(data, "state"), "ok") ? CLI_GREEN : CLI_RED;

    print_kind(line, "self", colour);
    line_put(line, CLI_PLAIN, json_get_text(data, "id"), source_width(line), true);
    line_text(line, "  ");
    line_put(line, colour, json_get_text(data, "text"), 200, false);
}

void tail_print(FILE *file, const struct json *event, struct tail_names *names)
{
    const struct json *data = json_get(event, "data");
    struct bytes type = json_get_text(event, "type");
    struct line line = line_begin(file);

    print_when(&line, event, data, names);
    if (bytes_find(type, LIT("feed.state")) != SIZE_MAX)
        print_feed(&line, data);
    else if (bytes_find(type, LIT("daemon.state")) != SIZE_MAX)
        print_daemon(&line, data);
    else if (bytes_find(type, LIT("site.state")) != SIZE_MAX)
        print_site(&line, data);
    else if (bytes_find(type, LIT("wireroom.story.")) != SIZE_MAX)
        print_story(&line, data);
    else if (bytes_find(type, LIT("article.updated")) != SIZE_MAX)
        print_article(&line, data, "edit", names);
    else if (bytes_find(type, LIT("article.gone")) != SIZE_MAX)
        print_article(&line, data, "gone", names);
    else
        print_article(&line, data, "new", names);
    fputc('\n', file);
}
