/* tail_wanted.c - which events a reader of the log wants, by what stands in them. */
#include "cli/tail_wanted.h"

#include "cli/stories.h"

const char tail_types[] = "article.new article.updated story.new story.updated story.merged "
                          "story.split story.closed feed.state site.state daemon.state";

/* What the second column of a line says, and what it is called in events. */
static const struct {
    const char *word, *type;
} short_types[] = {{"new", "article.new"}, {"edit", "article.updated"}, {"copy", "article.new"},
    {"self", "daemon.state"}, {"gone", "article.gone"}};

/* "story" is all that begins with "story.". */
static bool is_of(struct bytes type, struct bytes word)
{
    return bytes_equal(type, word) ||
           (bytes_starts(type, word) && type.len > word.len && type.ptr[word.len] == '.');
}

static bool is_type(struct bytes word)
{
    struct bytes rest = bytes_of(tail_types);

    for (size_t i = 0; i < sizeof(short_types) / sizeof(short_types[0]); i++)
        if (bytes_is(word, short_types[i].word))
            return true;
    while (rest.len > 0)
        if (is_of(bytes_cut(&rest, ' '), word))
            return true;
    return false;
}

/* "wireroom.article.new.v1" as "article.new", as topics have it. */
static struct bytes short_type(struct bytes type)
{
    size_t dot = type.len;

    if (bytes_starts(type, LIT("wireroom.")))
        type = bytes_from(type, 9);
    dot = type.len;
    while (dot > 0 && is_digit(type.ptr[dot - 1]))
        dot--;
    if (dot >= 2 && dot < type.len && type.ptr[dot - 1] == 'v' && type.ptr[dot - 2] == '.')
        type = bytes_slice(type, 0, dot - 2);
    return type;
}

struct bytes tail_wanted_bad_type(const struct tail_wanted *wanted)
{
    struct bytes rest = bytes_of(wanted->types);

    while (rest.len > 0) {
        struct bytes word = bytes_trim(bytes_cut(&rest, ','));

        if (!is_type(short_type(word)))
            return word.len > 0 ? word : LIT(" ");
    }
    return (struct bytes){NULL, 0};
}

static bool wants_type(struct bytes words, const struct json *event)
{
    struct bytes type = short_type(json_get_text(event, "type"));
    bool is_copy = json_get(json_get(event, "data"), "duplicateOf") != NULL;

    while (words.len > 0) {
        struct bytes word = short_type(bytes_trim(bytes_cut(&words, ',')));

        if (is_of(type, word))
            return true;
        for (size_t i = 0; i < sizeof(short_types) / sizeof(short_types[0]); i++)
            if (bytes_is(word, short_types[i].word) && bytes_is(type, short_types[i].type) &&
                (is_copy || !bytes_is(word, "copy")))
                return true;
    }
    return false;
}

static bool wants_language(struct bytes words, struct bytes language)
{
    while (words.len > 0) {
        struct bytes word = bytes_trim(bytes_cut(&words, ','));

        if (bytes_starts_nocase(language, word) &&
            (language.len == word.len || language.ptr[word.len] == '-'))
            return word.len > 0;
    }
    return false;
}

/* Is one of the words one of the names? */
static bool wants_name(struct bytes words, struct bytes one, struct bytes other)
{
    while (words.len > 0) {
        struct bytes word = bytes_trim(bytes_cut(&words, ','));

        if (word.len > 0 && (bytes_equal(word, one) || bytes_equal(word, other)))
            return true;
    }
    return false;
}

static bool wants_feed(struct bytes words, const struct json *event)
{
    const struct json *data = json_get(event, "data");
    const struct json *feed = json_get(data, "feed");

    if (bytes_starts(short_type(json_get_text(event, "type")), LIT("feed.")))
        feed = data;
    return wants_name(words, json_get_text(feed, "id"), json_get_text(feed, "url"));
}

/* Its articles, what is told of it, and of those it became one with. */
static bool wants_story(struct bytes words, const struct json *event)
{
    const struct json *data = json_get(event, "data");
    bool is_story = bytes_starts(short_type(json_get_text(event, "type")), LIT("story."));
    struct bytes uri = json_get_text(is_story ? data : json_get(data, "story"), "uri");

    return wants_name(words, uri, json_get_text(data, "mergedInto"));
}

bool tail_wants(const struct tail_wanted *wanted, const struct json *event)
{
    const struct json *data = json_get(event, "data");

    return (wanted->types == NULL || wants_type(bytes_of(wanted->types), event)) &&
           (wanted->languages == NULL ||
               wants_language(bytes_of(wanted->languages), json_get_text(data, "language"))) &&
           (wanted->feeds == NULL || wants_feed(bytes_of(wanted->feeds), event)) &&
           (wanted->stories == NULL || wants_story(bytes_of(wanted->stories), event));
}

/* "f12" and "12" as "f0000012", an address as its feed's id. */
static int find_feed(struct client *client, struct arena *arena, struct bytes word,
    struct bytes *ret_id, struct error *err)
{
    struct json *line = NULL;
    struct error refused = {0};
    int64_t number;
    int code;

    *ret_id = word;
    if (bytes_to_int(bytes_starts(word, LIT("f")) ? bytes_from(word, 1) : word, &number)) {
        *ret_id = bytes_format(arena, "f%07lld", (long long)number);
        return OK;
    }
    json_string(client_begin(client, "feeds.show"), "feed", word);
    code = client_ask(client, arena, &line, &refused);
    if (code == E_STOPPED)
        return fail(err, E_STOPPED, "%s", refused.text);
    if (code == OK)
        *ret_id = json_get_text(json_get(line, "feed"), "id");
    return OK;
}

static int find_story(struct client *client, struct arena *arena, struct bytes word,
    struct bytes *ret_id, struct error *err)
{
    char uri[STORIES_URI];
    int code = stories_find(client, bytes_cstr(arena, word), false, uri, err);

    if (code == OK)
        *ret_id = bytes_copy(arena, bytes_of(uri));
    return code;
}

typedef int find(struct client *client, struct arena *arena, struct bytes word,
    struct bytes *ret_id, struct error *err);

static int resolve(struct client *client, struct arena *arena, find *find_one, const char **words,
    struct error *err)
{
    struct bytes rest = bytes_of(*words);
    struct bytes found = {NULL, 0};

    while (rest.len > 0) {
        struct bytes word = bytes_trim(bytes_cut(&rest, ','));
        struct bytes id;
        int code;

        if (word.len == 0)
            continue;
        code = find_one(client, arena, word, &id, err);
        if (code != OK)
            return code;
        found = bytes_format(arena, "%.*s%.*s,", FMT(found), FMT(id));
    }
    if (*words != NULL)
        *words = bytes_cstr(arena, found);
    return OK;
}

int tail_wanted_resolve(
    struct client *client, struct arena *arena, struct tail_wanted *wanted, struct error *err)
{
    int code = resolve(client, arena, find_feed, &wanted->feeds, err);

    return code != OK ? code : resolve(client, arena, find_story, &wanted->stories, err);
}
