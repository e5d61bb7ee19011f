/* topic.c - `wireroom topic`: subjects that go on for months, and their stories. */
#include <stdlib.h>

#include "base/clock.h"
#include "cli/format.h"
#include "cli/line.h"
#include "cli/stories.h"
#include "cli/verbs.h"

/* Topics told apart in one list: those with the newest events; as many stories are in a page. */
enum { TOPICS_MOST = 500, HEADLINE = 200 };

static const struct cli_option options[] = {CLIENT_OPTIONS};

struct topics {
    size_t count;
    struct topic {
        char uri[STORIES_URI], headline[HEADLINE], last[CLOCK_TEXT];
        int64_t stories, articles;
    } at[TOPICS_MOST];
};

static int count_one(void *ctx, const struct json *event)
{
    struct topics *topics = ctx;
    const struct json *data = json_get(event, "data");
    struct bytes uri = json_get_text(json_get(data, "topic"), "uri");
    size_t i = 0;

    while (i < topics->count && !bytes_is(uri, topics->at[i].uri))
        i++;
    if (uri.len == 0 || uri.len >= STORIES_URI || i == TOPICS_MOST)
        return 0;
    if (i == topics->count) {
        struct topic *topic = &topics->at[topics->count++];

        snprintf(topic->uri, sizeof(topic->uri), "%.*s", FMT(uri));
        snprintf(topic->headline, sizeof(topic->headline), "%.*s",
            FMT(bytes_clip(json_get_text(data, "headline"), HEADLINE - 1)));
        snprintf(topic->last, sizeof(topic->last), "%.*s",
            FMT(bytes_clip(json_get_text(data, "lastSeen"), CLOCK_TEXT - 1)));
    }
    topics->at[i].stories++;
    topics->at[i].articles += json_get_int(data, "articles", 0);
    return 0;
}

static void print_json(const struct topic *topic)
{
    struct buf line = {0};
    struct json_writer w = {.out = &line};

    json_begin_object(&w, NULL);
    json_cstr(&w, "uri", topic->uri);
    json_int(&w, "stories", topic->stories);
    json_int(&w, "articles", topic->articles);
    json_cstr(&w, "lastSeen", topic->last);
    json_cstr(&w, "headline", topic->headline);
    json_end_object(&w);
    puts(buf_cstr(&line));
    buf_done(&line);
}

static void print_topic(const struct topic *topic, bool is_first)
{
    struct line line = line_begin(stdout);
    char last[FORMAT_TEXT];
    char text[FORMAT_TEXT + 100];

    if (is_first)
        line_head(stdout, "ID        STORIES       ARTICLES        LAST              HEADLINE");
    snprintf(text, sizeof(text), "  %4lld stor%s  %5lld articles  last %-11s  ",
        (long long)topic->stories, topic->stories == 1 ? "y  " : "ies", (long long)topic->articles,
        format_ago_text(bytes_of(topic->last), clock_wall(), last));
    line_put(&line, CLI_PLAIN, bytes_slice(stories_id(bytes_of(topic->uri)), 0, 8), 8, true);
    line_text(&line, text);
    line_put(&line, CLI_PLAIN, bytes_of(topic->headline), 100, false);
    putchar('\n');
}

static int run_list(const struct cli_args *args)
{
    struct topics *topics = NULL;
    struct error err = {0};
    int result;
    struct client *client = client_open(args, &result);
    int code;

    if (client == NULL)
        return result;
    topics = new_zeroed(sizeof(*topics));
    code = stories_each(client, count_one, topics, &err);
    client_close(client);
    for (size_t i = 0; code == OK && i < topics->count; i++) {
        if (cli_option(args, "json") != NULL)
            print_json(&topics->at[i]);
        else
            print_topic(&topics->at[i], i == 0);
    }
    free(topics);
    return code == OK ? EXIT_OK : client_trouble(&err);
}

static const struct cli_verb list_verb = {
    .name = "list",
    .summary = "List the topics of the stories in the log, the one with the newest event first.",
    .text = "A line is: id, stories, articles, how long ago the last one came, headline of the "
            "newest story.",
    .examples = "wireroom topic list\n",
    .options = options,
    .run = run_list,
};

struct showing {
    const char *uri;
    bool json;
};

static int show_one(void *ctx, const struct json *event)
{
    const struct showing *showing = ctx;

    if (!bytes_is(json_get_text(json_get(json_get(event, "data"), "topic"), "uri"), showing->uri))
        return 0;
    if (showing->json)
        client_print_json(event);
    else
        stories_print(event);
    return 0;
}

static int run_show(const struct cli_args *args)
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);

    if (client == NULL)
        return result;
    for (size_t i = 0; i < args->words_count && result != EXIT_NO_DAEMON; i++) {
        char uri[STORIES_URI];
        struct showing showing = {.uri = uri, .json = cli_option(args, "json") != NULL};
        struct error err = {0};
        int code = stories_find(client, args->words[i], true, uri, &err);

        if (code == OK)
            code = stories_each(client, show_one, &showing, &err);
        if (code != OK)
            result = client_trouble(&err);
    }
    client_close(client);
    return result;
}

static const struct cli_verb show_verb = {
    .name = "show",
    .words = "ID ...",
    .summary = "List the stories of a topic, as story list does.",
    .examples = "wireroom topic show 3f0b1c22\n",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_TOPICS,
    .run = run_show,
};

static const struct cli_verb *const verbs[] = {&list_verb, &show_verb, NULL};

const struct cli_verb cli_topic_verb = {
    .name = "topic",
    .summary = "Look at subjects that go on over many stories.",
    .examples = "wireroom topic list\n",
    .verbs = verbs,
};
