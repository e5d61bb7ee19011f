/* told.h - what an event tells, as a line of words that scripts name. */
#ifndef WIREROOM_TESTS_REPLAY_TOLD_H
#define WIREROOM_TESTS_REPLAY_TOLD_H

#include "base/arena.h"
#include "base/json.h"
#include "replay/web.h"

enum { TOLD_LIMIT = 16 << 20 };

/* One event of the log. */
struct told {
    uint64_t sequence; /* 0: there is none */
    struct buf body;
    struct buf words; /* " new a full v1 from=127.0.0.1 seen=1 via=poll " */
};

static inline void told_done(struct told *told)
{
    buf_done(&told->body);
    buf_done(&told->words);
}

static inline void add_word(struct buf *out, const char *name, struct bytes value)
{
    if (value.len > 0)
        buf_printf(out, "%s%.*s ", name, FMT(value));
}

static inline size_t json_count(const struct json *array)
{
    size_t count = 0;

    for (const struct json *at = array == NULL ? NULL : array->first; at != NULL; at = at->next)
        count++;
    return count;
}

/* An article is named by the second word of its headline: "Report a". */
static inline void add_article(const struct json *data, const char *kind, struct buf *out)
{
    const struct json *change = json_get(data, "change");
    const struct json *kinds = json_get(change, "kinds");
    struct bytes headline = json_get_text(data, "headline");

    bytes_cut(&headline, ' ');
    buf_printf(out, " %s ", kind);
    add_word(out, "", bytes_cut(&headline, ' '));
    add_word(out, "", json_get_text(json_get(data, "extraction"), "status"));
    add_word(out, "v", json_get_text(data, "version"));
    for (const struct json *at = kinds == NULL ? NULL : kinds->first; at != NULL; at = at->next)
        add_word(out, "", json_text(at));
    add_word(out, "by=", json_get_text(change, "cause"));
    add_word(out, "from=", json_get_text(json_get(data, "source"), "domain"));
    buf_printf(out, "seen=%zu ", json_count(json_get(data, "seenIn")));
    add_word(out, "via=", json_get_text(json_get(data, "feed"), "via"));
    add_word(out, "role=", json_get_text(json_get(data, "story"), "role"));
}

/* Likewise a story, with its articles, publishers and independent reports, and what came. */
static inline void add_story(const struct json *data, struct bytes type, struct buf *out)
{
    struct bytes headline = json_get_text(data, "headline");

    bytes_cut(&headline, ' ');
    add_word(out, " ", type);
    add_word(out, "", bytes_cut(&headline, ' '));
    add_word(out, "", json_get_text(data, "state"));
    buf_printf(out, "%d/%d/%d ", (int)json_get_int(data, "articles", 0),
        (int)json_get_int(data, "publishers", 0), (int)json_get_int(data, "independent", 0));
    buf_printf(out, "members=%zu ", json_count(json_get(data, "members")));
}

static inline void add_event(const struct web *web, const struct json *event, struct buf *out)
{
    const struct json *data = json_get(event, "data");
    struct bytes type = json_get_text(event, "type");

    if (bytes_is(type, "wireroom.article.new.v1")) {
        add_article(data, "new", out);
    } else if (bytes_is(type, "wireroom.article.updated.v1")) {
        add_article(data, "updated", out);
    } else if (bytes_starts(type, LIT("wireroom.story."))) {
        type = bytes_from(type, strlen("wireroom."));
        add_story(data, bytes_slice(type, 0, type.len - strlen(".v1")), out);
    } else if (bytes_is(type, "wireroom.feed.state.v1")) {
        buf_add_cstr(out, " feed ");
        web_name(web, json_get_text(data, "url"), out);
        add_word(out, " ", json_get_text(data, "state"));
        add_word(out, "was=", json_get_text(data, "previousState"));
    } else {
        add_word(out, " ", type);
        add_word(out, "", json_get_text(data, "id"));
        add_word(out, "", json_get_text(data, "state"));
    }
}

/* The event in body, as words. */
static inline void told_read(struct told *told, const struct web *web)
{
    struct arena *arena = arena_new(TOLD_LIMIT);
    struct error err = {0};
    struct json *event;

    buf_clear(&told->words);
    if (json_parse(arena, buf_bytes(&told->body), &event, &err) != OK)
        buf_printf(&told->words, "no JSON: %s", err.text);
    else
        add_event(web, event, &told->words);
    arena_free(arena);
}

/* Whether it holds that word; "~words" are looked for in the event itself. */
static inline bool told_has(struct told *told, const char *word)
{
    char wanted[300];

    if (word[0] == '~')
        return strstr(buf_cstr(&told->body), word + 1) != NULL;
    snprintf(wanted, sizeof(wanted), " %s ", word);
    return strstr(buf_cstr(&told->words), wanted) != NULL;
}

#endif
