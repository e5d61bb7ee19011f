/* thread_log.c - what the ordered stages make of all that a store's log holds, and how much of it
 * the log tells otherwise. */
#include "cli/thread_log.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/table.h"
#include "cli/format.h"
#include "cli/offline.h"
#include "cli/stories.h"
#include "record/record_json.h"
#include "store/reader.h"

enum {
    HEADLINE = 200,    /* bytes: more than a line shows */
    STATE = 16,        /* "developing" */
    STEP = SECOND / 5, /* between two looks at how far it is */
    STORIES = 1000000, /* told apart: ten times what the stage remembers by default */
};

struct found_story {
    struct found_story *next; /* was found before it */
    char uri[STORIES_URI], headline[HEADLINE], state[STATE];
    int64_t articles, publishers, independent, first, last;
};

struct rebuild {
    struct store_reader *reader;
    struct store_log log;
    uint64_t at; /* sequence read last */
    bool json, progress;
    int64_t began, shown; /* monotonic */
    int64_t articles, copies, differs, failed;
    struct found_story *last; /* found */
    struct table by_uri;      /* all of them */
};

/* One event on its way, on its document's arena. */
struct told {
    struct rebuild *rebuild;
    uint64_t sequence;
    struct bytes id, same_as, story; /* as the log has them */
};

/* ---- out of the log ---------------------------------------------------------- */

static int next_event(const struct offline *offline, struct buf *source, struct error *err)
{
    struct rebuild *rebuild = offline->ctx;
    struct committed event;
    int code = store_reader_next(rebuild->reader, LIT("all/article."), &event, err);

    if (code != 1)
        return code;
    rebuild->at = event.sequence;
    buf_add(source, event.body);
    return 1;
}

/* What the ordered stages set the last time is not to be taken for what they set now. */
static void forget_learned(struct wr_record *rec)
{
    static const int learned[] = {WR_SAME_AS, WR_RELATION, WR_SIMILARITY, WR_STORY, WR_TOPIC,
        WR_STORY_HEADLINE, WR_STORY_STATE, WR_STORY_ROLE, WR_STORY_FIRST, WR_STORY_SINCE,
        WR_STORY_ARTICLES, WR_STORY_PUBLISHERS, WR_STORY_INDEPENDENT, WR_NEWS};

    for (size_t i = 0; i < sizeof(learned) / sizeof(learned[0]); i++)
        record_remove(rec, learned[i]);
}

static int read_event(const struct offline *offline, struct bytes source,
    struct offline_request *request, struct error *err)
{
    struct rebuild *rebuild = offline->ctx;
    struct told *told = arena_alloc(request->arena, sizeof(*told));
    struct json *event;
    const struct json *data;
    int code = json_parse(request->arena, source, &event, err);

    if (code != OK)
        return code;
    data = json_get(event, "data");
    *told = (struct told){.rebuild = rebuild,
        .sequence = rebuild->at,
        .id = json_get_text(data, "uri"),
        .same_as = json_get_text(json_get(data, "duplicateOf"), "uri"),
        .story = json_get_text(json_get(data, "story"), "uri")};
    record_from_json(data, request->record);
    forget_learned(request->record);
    request->ctx = told;
    return OK;
}

/* ---- what comes of it -------------------------------------------------------- */

static bool story_is(const void *item, const void *key)
{
    return strcmp(((const struct found_story *)item)->uri, key) == 0;
}

static struct found_story *find_story(struct rebuild *rebuild, struct bytes uri)
{
    char name[STORIES_URI];
    struct found_story *story;

    snprintf(name, sizeof(name), "%.*s", FMT(bytes_slice(uri, 0, STORIES_URI - 1)));
    story = table_find(&rebuild->by_uri, hash64(bytes_of(name)), story_is, name);
    if (story != NULL || rebuild->by_uri.count == STORIES)
        return story;
    story = new_zeroed(sizeof(*story));
    memcpy(story->uri, name, sizeof(name));
    story->next = rebuild->last;
    rebuild->last = story;
    table_add(&rebuild->by_uri, hash64(bytes_of(name)), story);
    return story;
}

static void note_text(char *room, size_t size, struct bytes text)
{
    snprintf(room, size, "%.*s", FMT(bytes_clip(text, size - 1)));
}

static void note_story(struct rebuild *rebuild, const struct wr_record *answer)
{
    struct bytes uri = record_get(answer, WR_STORY);
    struct found_story *story = uri.len == 0 ? NULL : find_story(rebuild, uri);
    int64_t seen = record_get_int(answer, REC_FIRST_SEEN, 0);

    if (story == NULL)
        return;
    note_text(story->headline, HEADLINE, record_get(answer, WR_STORY_HEADLINE));
    note_text(story->state, STATE, record_get(answer, WR_STORY_STATE));
    story->articles = record_get_int(answer, WR_STORY_ARTICLES, 0);
    story->publishers = record_get_int(answer, WR_STORY_PUBLISHERS, 0);
    story->independent = record_get_int(answer, WR_STORY_INDEPENDENT, 0);
    clock_parse(record_get(answer, WR_STORY_SINCE), &story->first);
    story->last = seen > story->last ? seen : story->last;
}

static void show_progress(struct rebuild *rebuild, uint64_t sequence)
{
    uint64_t all = rebuild->log.head - rebuild->log.first + 1;
    uint64_t done = sequence - rebuild->log.first + 1;
    int64_t now = clock_mono();
    char text[2][FORMAT_TEXT];

    if (!rebuild->progress || now - rebuild->shown < STEP)
        return;
    rebuild->shown = now;
    fprintf(stderr, "\r%3d %%  articles: %s, %s a second\033[K", (int)(done * 100 / all),
        format_count(rebuild->articles, text[0]),
        format_count(rebuild->articles * SECOND / (now - rebuild->began + 1), text[1]));
}

static int write_answer(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    struct told *told = ctx;
    struct rebuild *rebuild = told->rebuild;
    struct json_writer w = {.out = out};
    bool differs = !bytes_equal(told->same_as, record_get(answer, WR_SAME_AS)) ||
                   !bytes_equal(told->story, record_get(answer, WR_STORY));

    (void)err;
    rebuild->articles++;
    rebuild->copies += record_get(answer, WR_SAME_AS).len > 0 ? 1 : 0;
    rebuild->differs += differs ? 1 : 0;
    note_story(rebuild, answer);
    show_progress(rebuild, told->sequence);
    if (!rebuild->json)
        return OK;
    json_begin_object(&w, NULL);
    thread_write_answer(&w, told->id, answer);
    json_bool(&w, "differs", differs);
    json_end_object(&w);
    return OK;
}

/* A story that became part of another is none, and one that lost articles has fewer. */
static void write_emitted(void *ctx, const struct wr_record *emitted, struct buf *out)
{
    struct told *told = ctx;
    bool is_gone = bytes_is(record_get(emitted, WR_EVENT), "story.merged");
    struct found_story *story;

    if (record_get(emitted, WR_STORY_INTO).len == 0)
        return;
    story = find_story(told->rebuild, record_get(emitted, WR_STORY));
    if (story != NULL)
        story->articles = is_gone ? 0 : record_get_int(emitted, WR_STORY_ARTICLES, 0);
    if (told->rebuild->json)
        thread_write_moved(emitted, out);
}

static void write_failure(void *ctx, const struct error *err, struct buf *out)
{
    struct told *told = ctx;
    struct json_writer w = {.out = out};

    if (told == NULL) { /* an event that is no JSON: the store is damaged */
        cli_trouble("an event of the log cannot be read: %s", err->text);
        return;
    }
    told->rebuild->failed++;
    if (!told->rebuild->json) {
        cli_trouble("%.*s: %s", FMT(told->id), err->text);
        return;
    }
    json_begin_object(&w, NULL);
    json_string(&w, "id", told->id);
    json_cstr(&w, "error", err->text);
    json_end_object(&w);
}

/* ---- told -------------------------------------------------------------------- */

static int by_last(const void *a, const void *b)
{
    const struct found_story *left = *(const struct found_story *const *)a;
    const struct found_story *right = *(const struct found_story *const *)b;

    return left->last != right->last ? (left->last < right->last ? 1 : -1)
                                     : strcmp(left->uri, right->uri);
}

/* Those of several articles, the one with the newest first; freed by the caller. */
static struct found_story **several(const struct rebuild *rebuild, size_t *ret_count)
{
    struct found_story **stories = new_zeroed((rebuild->by_uri.count + 1) * sizeof(*stories));
    size_t count = 0;

    for (struct found_story *story = rebuild->last; story != NULL; story = story->next)
        if (story->articles > 1)
            stories[count++] = story;
    qsort(stories, count, sizeof(*stories), by_last);
    *ret_count = count;
    return stories;
}

static void print_found(const struct rebuild *rebuild)
{
    char text[3][FORMAT_TEXT];
    size_t count;
    struct found_story **stories = several(rebuild, &count);

    printf("%s versions of articles in %s\n", format_count(rebuild->articles, text[0]),
        format_span(clock_mono() - rebuild->began, text[1]));
    printf("copies: %s, stories of several articles: %s, told otherwise in the log: %s\n",
        format_count(rebuild->copies, text[0]), format_count((int64_t)count, text[1]),
        format_count(rebuild->differs, text[2]));
    for (size_t i = 0; i < count; i++) {
        const struct found_story *story = stories[i];

        stories_print_line(&(struct story_line){.uri = bytes_of(story->uri),
            .state = bytes_of(story->state),
            .headline = bytes_of(story->headline),
            .articles = story->articles,
            .publishers = story->publishers,
            .independent = story->independent,
            .first = story->first,
            .last = story->last});
    }
    free(stories);
}

static int tell(const struct rebuild *rebuild, const char *path, int result)
{
    if (rebuild->progress)
        fputs("\r\033[K", stderr);
    if (result == EXIT_OK && rebuild->articles + rebuild->failed == 0)
        return cli_trouble("%s: no article in its log", path);
    if (!rebuild->json && rebuild->articles > 0)
        print_found(rebuild);
    return rebuild->failed > 0 ? EXIT_TROUBLE : result;
}

int thread_log(
    const struct cli_args *args, const struct store_file *file, const char *stages, bool json)
{
    struct rebuild rebuild = {
        .json = json, .progress = isatty(STDERR_FILENO), .began = clock_mono()};
    const struct offline offline = {.job = JOB_ORDERED,
        .ordered = true,
        .config = file->config,
        .stages = stages,
        .workers = 1,
        .one_line = true,
        .args = args,
        .ctx = &rebuild,
        .next = next_event,
        .read = read_event,
        .write_answer = write_answer,
        .write_emitted = write_emitted,
        .write_failure = write_failure};
    struct error err = {0};
    int result;

    if (store_reader_open(file->path, &rebuild.reader, &rebuild.log, &err) != OK)
        return cli_trouble("%s", err.text);
    result = tell(&rebuild, file->path, offline_run(&offline));
    store_reader_close(rebuild.reader);
    while (rebuild.last != NULL) {
        struct found_story *story = rebuild.last;

        rebuild.last = story->next;
        free(story);
    }
    table_done(&rebuild.by_uri);
    return result;
}
