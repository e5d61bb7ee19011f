/* stories.c - the stories a daemon knows, page by page, and one of them as a line. */
#include "cli/stories.h"

#include "base/clock.h"
#include "cli/format.h"
#include "cli/line.h"
#include "cli/tail.h"

enum {
    ANSWER_ARENA = 256 << 20, /* of a line: an event has 256 KiB at most */
    ID_LEAST = 4,             /* digits that name a story: among hundreds, fewer are a guess */
};

const char *const stories_states[] = {"new", "developing", "peaking", "fading", "closed", NULL};

static int read_page(struct client *client, struct arena *arena, int64_t *before, bool *more,
    int (*on_story)(void *ctx, const struct json *event), void *ctx, struct error *err)
{
    struct json *line = NULL;
    bool wanted = true;
    int code;

    json_int(client_begin(client, "stories"), "before", *before);
    code = client_send(client, err);
    while (code >= 0) {
        arena_reset(arena);
        code = client_next(client, arena, &line, err);
        if (code != 1)
            break;
        wanted = wanted && on_story(ctx, json_get(line, "event")) == 0;
    }
    if (code < 0)
        return code;
    *before = json_get_int(line, "next", 0);
    *more = wanted && json_get_bool(line, "more", false);
    return OK;
}

int stories_each(struct client *client, int (*on_story)(void *ctx, const struct json *event),
    void *ctx, struct error *err)
{
    struct arena *arena = arena_new(ANSWER_ARENA);
    int64_t before = 0;
    bool more = true;
    int code = OK;

    while (code == OK && more)
        code = read_page(client, arena, &before, &more, on_story, ctx, err);
    arena_free(arena);
    return code;
}

struct bytes stories_id(struct bytes uri)
{
    return bytes_starts(uri, LIT("urn:uuid:")) ? bytes_from(uri, strlen("urn:uuid:")) : uri;
}

void stories_print_line(const struct story_line *story)
{
    int64_t now = clock_wall();
    struct line line = line_begin(stdout);
    char counts[64], first[FORMAT_TEXT], last[FORMAT_TEXT], text[2 * FORMAT_TEXT + 100];

    snprintf(counts, sizeof(counts), "%lld/%lld/%lld", (long long)story->articles,
        (long long)story->publishers, (long long)story->independent);
    snprintf(text, sizeof(text), "  %10s  first %s  last %-11s  ", counts,
        format_since(story->first, now, first), format_ago(story->last, now, last));
    line_put(&line, CLI_PLAIN, bytes_slice(stories_id(story->uri), 0, STORIES_SHOWN), STORIES_SHOWN,
        true);
    line_text(&line, "  ");
    fputs(tail_story_colour(stdout, story->state), stdout);
    line_put(&line, CLI_PLAIN, story->state, 10, true);
    fputs(cli_colour(stdout, CLI_PLAIN), stdout);
    line_text(&line, text);
    line_put(&line, CLI_PLAIN, story->headline, 100, false);
    putchar('\n');
}

void stories_print(const struct json *event)
{
    const struct json *data = json_get(event, "data");
    struct story_line story = {.uri = json_get_text(data, "uri"),
        .state = json_get_text(data, "mergedInto").len > 0 ? LIT("merged")
                                                           : json_get_text(data, "state"),
        .headline = json_get_text(data, "headline"),
        .articles = json_get_int(data, "articles", 0),
        .publishers = json_get_int(data, "publishers", 0),
        .independent = json_get_int(data, "independent", 0)};

    clock_parse(json_get_text(data, "firstSeen"), &story.first);
    clock_parse(json_get_text(data, "lastSeen"), &story.last);
    stories_print_line(&story);
}

struct search {
    struct bytes name;
    bool is_topic;
    int found;
    char *uri;
};

static int match(void *ctx, const struct json *event)
{
    struct search *search = ctx;
    const struct json *data = json_get(event, "data");
    struct bytes uri = search->is_topic ? json_get_text(json_get(data, "topic"), "uri")
                                        : json_get_text(data, "uri");

    if (!bytes_starts(stories_id(uri), search->name) || bytes_is(uri, search->uri))
        return 0;
    search->found++;
    snprintf(search->uri, STORIES_URI, "%.*s", FMT(bytes_slice(uri, 0, STORIES_URI - 1)));
    return search->found > 1;
}

int stories_find(struct client *client, const char *name, bool is_topic, char ret_uri[STORIES_URI],
    struct error *err)
{
    struct search search = {
        .name = stories_id(bytes_of(name)), .is_topic = is_topic, .uri = ret_uri};
    const char *what = is_topic ? "topic" : "story";
    int code;

    ret_uri[0] = '\0';
    if (search.name.len < ID_LEAST)
        return fail(err, E_USAGE, "'%s': a %s is named by %d digits or more", name, what, ID_LEAST);
    code = stories_each(client, match, &search, err);
    if (code != OK)
        return code;
    if (search.found == 0)
        return fail(err, E_NOT_FOUND, "no %s %.100s", what, name);
    return search.found == 1 ? OK : fail(err, E_USAGE, "'%s' begins more than one %s", name, what);
}
