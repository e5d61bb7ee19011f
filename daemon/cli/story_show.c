/* story_show.c - what a story's events told, article by article: each under the hour it came, with
 * who carries it below. */
#include "cli/story_show.h"

#include <stdlib.h>

#include "base/clock.h"
#include "cli/format.h"
#include "cli/stories.h"
#include "cli/tail.h"

enum {
    EVENT_ARENA = 1 << 30, /* of all events of a story, which has some thousand articles at most */
    CARRIERS_SHOWN = 8,
    SITE_WIDTH = 24,
    ID_SHOWN = 8,
};

static void print_clock(struct bytes time)
{
    char text[FORMAT_TEXT] = "";
    int64_t wall;

    if (clock_parse(time, &wall))
        format_clock(wall, text);
    printf("%s%s%s  ", cli_colour(stdout, CLI_DIM), text, cli_colour(stdout, CLI_PLAIN));
}

/* Whose report a copy is: the article it repeats, or the provider it names. */
static bool is_copy(const struct json *member)
{
    return bytes_is(json_get_text(member, "role"), "copy");
}

static bool carries(const struct json *copy, const struct json *of)
{
    struct bytes uri = json_get_text(copy, "copyOf");
    struct bytes provider = json_get_text(copy, "carries");

    if (!is_copy(copy))
        return false;
    if (uri.len > 0)
        return bytes_equal(uri, json_get_text(of, "uri"));
    return provider.len > 0 && bytes_equal_nocase(provider, json_get_text(of, "carries"));
}

/* The members of all events, one after the other. */
struct walk {
    struct json *const *lines;
    size_t count, at;
    const struct json *member;
};

static const struct json *next_member(struct walk *walk)
{
    walk->member = walk->member == NULL ? NULL : walk->member->next;
    while (walk->member == NULL && walk->at < walk->count) {
        const struct json *data = json_get(json_get(walk->lines[walk->at++], "event"), "data");
        const struct json *members = json_get(data, "members");

        walk->member = members == NULL ? NULL : members->first;
    }
    return walk->member;
}

static bool has_original(struct json *const *lines, size_t count, const struct json *copy)
{
    struct walk walk = {.lines = lines, .count = count};
    const struct json *member;

    while ((member = next_member(&walk)) != NULL)
        if (!is_copy(member) && carries(copy, member))
            return true;
    return false;
}

static void print_carriers(struct json *const *lines, size_t count, const struct json *of)
{
    struct walk walk = {.lines = lines, .count = count};
    const struct json *member;
    size_t carriers = 0;

    while ((member = next_member(&walk)) != NULL)
        carriers += carries(member, of) ? 1 : 0;
    if (carriers == 0)
        return;
    printf("%12s%s%zu carr%s it: ", "", cli_colour(stdout, CLI_CYAN), carriers,
        carriers == 1 ? "ies" : "y");
    walk = (struct walk){.lines = lines, .count = count};
    carriers = 0;
    while ((member = next_member(&walk)) != NULL && carriers < CARRIERS_SHOWN) {
        if (!carries(member, of))
            continue;
        fputs(carriers++ > 0 ? ", " : "", stdout);
        cli_print(stdout, json_get_text(member, "publisher"), SITE_WIDTH, false);
    }
    printf("%s%s\n", carriers == CARRIERS_SHOWN ? ", ..." : "", cli_colour(stdout, CLI_PLAIN));
}

static void print_member(const struct json *member)
{
    struct bytes role = json_get_text(member, "role");
    bool is_edit = bytes_is(role, "update") || bytes_is(role, "correction");

    print_clock(json_get_text(member, "at"));
    fputs(cli_colour(stdout, is_edit ? CLI_YELLOW : CLI_GREEN), stdout);
    cli_print(stdout, role, 10, true);
    printf("%s  ", cli_colour(stdout, CLI_PLAIN));
    cli_print(stdout, json_get_text(member, "publisher"), SITE_WIDTH, true);
    fputs("  ", stdout);
    cli_print(stdout, json_get_text(member, "headline"), 100, false);
    if (json_get_text(member, "carries").len > 0) {
        fputs("  (", stdout);
        cli_print(stdout, json_get_text(member, "carries"), SITE_WIDTH, false);
        putchar(')');
    }
    putchar('\n');
    if (json_get_text(member, "news").len > 0) {
        printf("%12s+ ", "");
        cli_print(stdout, json_get_text(member, "news"), 1000, false);
        putchar('\n');
    }
}

/* Members that are in another story from now on: the id is what `story show` takes. */
static void print_gone(const struct json *member)
{
    print_clock(json_get_text(member, "at"));
    printf("%s%-10s%s  ", cli_colour(stdout, CLI_YELLOW), "gone", cli_colour(stdout, CLI_PLAIN));
    cli_print(stdout, json_get_text(member, "publisher"), SITE_WIDTH, true);
    fputs("  ", stdout);
    cli_print(stdout, json_get_text(member, "headline"), 100, false);
    fputs("  -> story ", stdout);
    cli_print(stdout, bytes_slice(stories_id(json_get_text(member, "story")), 0, ID_SHOWN),
        ID_SHOWN, false);
    putchar('\n');
}

/* A state that came with an event is told behind what the event brought. */
static void print_turn(const struct json *event, struct bytes *state)
{
    const struct json *data = json_get(event, "data");
    struct bytes now = json_get_text(data, "state");

    if (bytes_equal(now, *state) || bytes_is(now, "new")) {
        *state = now;
        return;
    }
    *state = now;
    print_clock(json_get_text(event, "recordedtime"));
    printf("%s", tail_story_colour(stdout, now));
    cli_print(stdout, now, 10, true);
    printf("%s  ", cli_colour(stdout, CLI_PLAIN));
    cli_print(stdout, json_get_text(data, "reason"), 200, false);
    putchar('\n');
}

static void print_head(const struct json *event)
{
    const struct json *data = json_get(event, "data");

    printf("%s", cli_colour(stdout, CLI_BOLD));
    cli_print(stdout, json_get_text(data, "headline"), 1000, false);
    printf("%s\n", cli_colour(stdout, CLI_PLAIN));
    cli_print(stdout, json_get_text(data, "state"), 10, false);
    if (json_get_text(data, "mergedInto").len > 0) {
        fputs(", merged into ", stdout);
        cli_print(stdout, json_get_text(data, "mergedInto"), 60, false);
    }
    printf(", %lld articles, %lld publishers, %lld independent\n",
        (long long)json_get_int(data, "articles", 0),
        (long long)json_get_int(data, "publishers", 0),
        (long long)json_get_int(data, "independent", 0));
    cli_print(stdout, json_get_text(data, "uri"), 60, false);
    fputs("  topic ", stdout);
    cli_print(stdout, json_get_text(json_get(data, "topic"), "uri"), 60, false);
    fputs("\n\n", stdout);
}

static void print_timeline(struct json *const *lines, size_t count)
{
    struct bytes state = {NULL, 0};

    print_head(json_get(lines[count - 1], "event"));
    for (size_t i = 0; i < count; i++) {
        const struct json *event = json_get(lines[i], "event");
        struct walk walk = {.lines = &lines[i], .count = 1};
        const struct json *member;

        while ((member = next_member(&walk)) != NULL) {
            if (json_get_text(member, "story").len > 0) {
                print_gone(member);
                continue;
            }
            if (is_copy(member) && has_original(lines, count, member))
                continue;
            print_member(member);
            if (!is_copy(member))
                print_carriers(lines, count, member);
        }
        print_turn(event, &state);
    }
}

int story_show(struct client *client, const char *uri, bool json, struct error *err)
{
    struct arena *arena = arena_new(EVENT_ARENA);
    struct client_events events = {.of = uri};
    struct json **lines = NULL;
    struct json *line = NULL;
    size_t count = 0, cap = 0;
    int code;

    while ((code = client_next_event(client, &events, arena, &line, err)) == 1) {
        if (json) {
            client_print_json(json_get(line, "event"));
            arena_reset(arena);
            continue;
        }
        if (count == cap)
            lines = arena_grow(arena, lines, &cap, sizeof(*lines));
        lines[count++] = line;
    }
    if (code == OK && count > 0)
        print_timeline(lines, count);
    arena_free(arena);
    return code;
}
