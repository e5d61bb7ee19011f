/* commit.c - T4: a pending entry ends, with an event or without. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "store/envelope.h"
#include "store/private.h"

static const char *const *copy_further(struct arena *arena, const char *const *further)
{
    const char **copy;
    size_t count = 0;

    if (further == NULL)
        return NULL;
    copy = arena_alloc_array(arena, STORE_FURTHER + 1, sizeof(*copy));
    for (; further[count] != NULL; count++) {
        assert(count < STORE_FURTHER);
        copy[count] = bytes_cstr(arena, bytes_of(further[count]));
    }
    return copy;
}

enum { CAUSE_MOST = 48 /* bytes of a cause in a counter's name */ };

static void copy_event(
    struct arena *arena, const struct store_event *event, struct store_event *ret_copy)
{
    *ret_copy = *event;
    ret_copy->type = bytes_cstr(arena, bytes_of(event->type));
    ret_copy->topic = bytes_cstr(arena, bytes_of(event->topic));
    ret_copy->further = copy_further(arena, event->further);
    ret_copy->subject = bytes_cstr(arena, bytes_of(event->subject));
    ret_copy->partition =
        event->partition == NULL ? NULL : bytes_cstr(arena, bytes_of(event->partition));
    ret_copy->data = bytes_copy(arena, event->data);
    ret_copy->lines = bytes_copy(arena, event->lines);
    ret_copy->way = bytes_copy(arena, event->way);
}

static size_t size_of(const struct store_event *event)
{
    return event->data.len + bytes_of(event->subject).len + bytes_of(event->partition).len +
           event->way.len;
}

/* Of one event beside its data, as it is asked for and as it is written. */
enum { ALSO_MEMORY = 8192 };

void store_commit(struct store *store, const struct store_event *event,
    void (*on_committed)(void *ctx, const struct error *err, const struct committed *committed),
    void *ctx)
{
    size_t large = size_of(event);
    struct request *request;
    struct arena *arena;

    for (size_t i = 0; i < event->also_count; i++)
        large += 2 * size_of(&event->also[i]) + ALSO_MEMORY;
    request = request_new(REQUEST_COMMIT, large + REQUEST_MEMORY);
    arena = request->arena;
    copy_event(arena, event, &request->as.commit.event);
    if (event->also_count > 0) {
        request->as.commit.also =
            arena_alloc_array(arena, event->also_count, sizeof(struct store_event));
        request->as.commit.also_committed =
            arena_alloc_array(arena, event->also_count, sizeof(struct committed));
    }
    for (size_t i = 0; i < event->also_count; i++)
        copy_event(arena, &event->also[i], &request->as.commit.also[i]);
    request->as.commit.told =
        event->told == NULL ? (struct bytes){NULL, 0} : told_encode(arena, event->told);
    request->as.commit.on_committed = on_committed;
    request->ctx = ctx;
    store_ask(store, request);
}

void ask_about_pending(struct store *store, int kind, int64_t pending, const char *cause)
{
    struct request *request = request_new(kind, REQUEST_MEMORY);
    struct bytes text = bytes_slice(bytes_of(cause), 0, 1000);

    request->as.pending.row = pending;
    request->as.pending.cause = bytes_cstr(request->arena, text);
    store_ask(store, request);
}

void store_drop(struct store *store, int64_t pending, const char *cause, struct bytes way)
{
    struct request *request = request_new(REQUEST_DROP, REQUEST_MEMORY + way.len);

    request->as.pending.row = pending;
    request->as.pending.cause = bytes_cstr(request->arena, bytes_slice(bytes_of(cause), 0, 1000));
    request->as.pending.way = bytes_copy(request->arena, way);
    store_ask(store, request);
}

int pending_get(struct writer *writer, int64_t row, struct pending *ret_pending, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_PENDING_GET, err);
    struct sql_value values[3];
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, row);
    code = sql_one(&writer->sql, stmt, NULL, values, 3, err);
    if (code > 0)
        *ret_pending = (struct pending){values[0].number, values[1].number, values[2].number};
    if (code == 0)
        return fail(err, E_NOT_FOUND, "store: entry %" PRId64 " is not pending", row);
    return code < 0 ? code : OK;
}

int pending_remove(struct writer *writer, int64_t row, int64_t feed, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_PENDING_REMOVE, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, row);
    weight_pend(writer, feed, -1);
    return sql_run(&writer->sql, stmt, err);
}

/* 1 when an earlier version of the article is still on its way, 0 when not. */
static int is_too_early(struct writer *writer, int64_t article, int64_t version, struct error *err)
{
    sqlite3_stmt *stmt;

    if (version <= 1)
        return 0;
    stmt = sql_use(&writer->sql, SQL_PENDING_BEFORE, err);
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, article);
    sqlite3_bind_int64(stmt, 2, version);
    return sql_one(&writer->sql, stmt, NULL, NULL, 0, err);
}

static int mark_published(struct writer *writer, struct request *request, const struct pending *of)
{
    struct error *err = &request->err;
    struct buf *way = &writer->scratch;
    char version[INT_TEXT];
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_ARTICLE_PUBLISHED, err);

    if (stmt == NULL)
        return err->code;
    buf_clear(way);
    buf_add(way, bytes_of_int(of->version, version));
    way_put(way, "published", request->as.commit.event.way);
    sqlite3_bind_int64(stmt, 1, of->article);
    sqlite3_bind_int64(stmt, 2, of->version);
    sqlite3_bind_int64(stmt, 3, (int64_t)writer->head);
    sql_bind_blob(stmt, 4, request->as.commit.told);
    sql_bind_blob(stmt, 5, buf_bytes(way));
    return sql_run(&writer->sql, stmt, err);
}

static int add_topic(
    struct writer *writer, uint64_t sequence, int64_t topic, uint64_t previous, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_EVENT_TOPIC_ADD, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, (int64_t)sequence);
    sqlite3_bind_int64(stmt, 2, topic);
    sqlite3_bind_int64(stmt, 3, (int64_t)previous);
    return sql_run(&writer->sql, stmt, err);
}

/* The further topics of the event that was just added. */
static int add_topics(struct writer *writer, struct request *request,
    const struct store_event *event, struct committed *committed)
{
    const char *const *name = event->further;
    struct committed_topic *further;
    int code = OK;

    if (name == NULL)
        return OK;
    further = arena_alloc_array(request->arena, STORE_FURTHER, sizeof(*further));
    committed->further = further;
    for (; code == OK && *name != NULL; name++) {
        struct committed_topic *to = &further[committed->further_count];
        int64_t topic = tally_topic(writer, *name, committed->sequence, &to->previous);

        if (to->previous == committed->sequence)
            continue; /* it was named before */
        to->name = *name;
        committed->further_count++;
        code = add_topic(writer, committed->sequence, topic, to->previous, &request->err);
    }
    return code;
}

/* It is one more, or one less, of those in the state it is in. */
static int count_story(struct writer *writer, int64_t subject, int by, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_STORY_STATE, err);
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, subject);
    while ((code = sql_row(&writer->sql, stmt, err)) > 0)
        tally_count(writer, sql_text(stmt, 1), (uint64_t)(int64_t)by);
    return code;
}

static int put_story(
    struct writer *writer, const struct store_event *event, uint64_t sequence, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_STORY_PUT, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, subject_key(event->subject));
    sqlite3_bind_int64(stmt, 2, (int64_t)sequence);
    if (strcmp(event->type, "story.merged") == 0)
        sqlite3_bind_null(stmt, 3); /* it is in none any more */
    else
        sqlite3_bind_text(stmt, 3, event->data.ptr, (int)event->data.len, SQLITE_STATIC);
    return sql_run(&writer->sql, stmt, err);
}

/* The newest event of a story is found without its log. */
static int note_story(
    struct writer *writer, const struct store_event *event, uint64_t sequence, struct error *err)
{
    int64_t subject;
    int code;

    if (!bytes_starts(bytes_of(event->type), LIT("story.")))
        return OK;
    subject = subject_key(event->subject);
    code = count_story(writer, subject, -1, err);
    if (code == OK)
        code = put_story(writer, event, sequence, err);
    return code == OK ? count_story(writer, subject, 1, err) : code;
}

/* out gets its body, which ret_committed lends. */
static int add_event(struct writer *writer, struct request *request,
    const struct store_event *event, int64_t feed, struct buf *out, struct committed *ret_committed)
{
    struct envelope envelope = {.epoch = writer->store->epoch,
        .source = writer->store->source,
        .sequence = writer->head + 1,
        .recorded = clock_wall()};
    struct error *err = &request->err;
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_EVENT_ADD, err);
    int64_t topic;
    int code;

    if (stmt == NULL)
        return err->code;
    code = tally_topics_fit(writer, event, err);
    if (code != OK)
        return code;
    topic = tally_topic(writer, event->topic, envelope.sequence, &envelope.previous);
    buf_reserve(out, event->data.len + 1024);
    envelope_format(&envelope, event, out);
    sqlite3_bind_int64(stmt, 1, (int64_t)envelope.sequence);
    sqlite3_bind_int64(stmt, 2, topic);
    sqlite3_bind_int64(stmt, 3, subject_key(event->subject));
    sqlite3_bind_int64(stmt, 4, age_now(writer));
    sqlite3_bind_int64(stmt, 5, feed);
    sql_bind_blob(stmt, 6, buf_bytes(out));
    writer->written += (int64_t)out->len;
    code = sql_run(&writer->sql, stmt, err);
    if (code != OK)
        return code;
    weight_add(writer, feed, (int64_t)out->len);
    writer->head++;
    if (writer->log_first == 0)
        writer->log_first = writer->head;
    *ret_committed = (struct committed){
        .sequence = envelope.sequence, .topic = event->topic, .body = buf_bytes(out)};
    code = note_story(writer, event, envelope.sequence, err);
    return code == OK ? add_topics(writer, request, event, ret_committed) : code;
}

static void count_event(struct writer *writer, const struct store_event *event)
{
    char name[80];

    snprintf(name, sizeof(name), "events.%.64s", event->type);
    tally_count(writer, name, 1);
    if (event->pending != 0)
        tally_count(writer, "entries.published", 1);
}

/* Those that come behind it. One for whose topic there is no room is left out: what is written
 * already is not taken back for it. */
static int add_also(struct writer *writer, struct request *request, int64_t feed)
{
    size_t *made = &request->as.commit.also_count;
    int code = OK;

    *made = 0;
    for (size_t i = 0; code == OK && i < request->as.commit.event.also_count; i++) {
        const struct store_event *event = &request->as.commit.also[i];
        struct committed *committed = &request->as.commit.also_committed[*made];
        struct error ignored = {0};
        struct buf body = {0};

        if (tally_topics_fit(writer, event, &ignored) != OK) {
            tally_count(writer, "events.left_out", 1);
            continue;
        }
        code = add_event(writer, request, event, feed, &body, committed);
        committed->body = bytes_copy(request->arena, buf_bytes(&body));
        buf_done(&body);
        if (code != OK)
            break;
        count_event(writer, event);
        ++*made;
    }
    return code;
}

int commit_apply(struct writer *writer, struct request *request)
{
    const struct store_event *event = &request->as.commit.event;
    struct error *err = &request->err;
    struct pending of = {0};
    int code = OK;

    if (event->pending != 0) {
        code = pending_get(writer, event->pending, &of, err);
        if (code == OK)
            code = is_too_early(writer, of.article, of.version, err);
        if (code != OK)
            return code > 0 ? REQUEST_HELD : code;
    }
    code = add_event(writer, request, event, of.feed, &request->buf, &request->as.commit.committed);
    if (code == OK && event->recheck.subject != 0)
        code = recheck_commit(writer, event, err);
    if (code == OK && event->pending != 0)
        code = pending_remove(writer, event->pending, of.feed, err);
    if (code == OK && event->pending != 0)
        code = mark_published(writer, request, &of);
    if (code == OK)
        code = familiar_commit(writer, event, err);
    if (code == OK)
        count_event(writer, event);
    return code == OK ? add_also(writer, request, of.feed) : code;
}

/* The number of a version that nobody was told of, unless a newer one has the next. */
static int give_back(struct writer *writer, int64_t article, int64_t version, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_ARTICLE_UNREVISE, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, article);
    sqlite3_bind_int64(stmt, 2, version);
    return sql_run(&writer->sql, stmt, err);
}

int drop_apply(struct writer *writer, struct request *request)
{
    struct pending of = {0};
    char name[80];
    int code = pending_get(writer, request->as.pending.row, &of, &request->err);

    snprintf(name, sizeof(name), "dropped.%.*s", CAUSE_MOST, request->as.pending.cause);
    if (code == OK && !request->as.pending.undo)
        code = way_ended(
            writer, request->as.pending.row, false, name, request->as.pending.way, &request->err);
    if (code == OK)
        code = pending_remove(writer, request->as.pending.row, of.feed, &request->err);
    if (code == OK && request->as.pending.undo)
        code = give_back(writer, of.article, of.version, &request->err);
    if (code != OK)
        return code;
    tally_count(writer, name, 1);
    tally_count(writer, "entries.dropped", 1);
    return OK;
}
