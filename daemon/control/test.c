/* test.c - an address tried as a feed: how it answers, what would be read, how often it
 * would be asked, and all that is odd about it. Nothing is kept. */
#include <stdio.h>
#include <stdlib.h>

#include "control/private.h"
#include "fetch/fetch.h"
#include "poll/hint.h"
#include "poll/hubs.h"
#include "poll/poll.h"
#include "poll/rule.h"
#include "pool/pool.h"
#include "text/url.h"

enum { TEST_LIMIT = 256 << 20, ODDITIES = 16, PLAIN_BYTES = 4 << 10 };

struct test {
    struct control_client *client; /* NULL when it is gone */
    const struct view *view;
    struct arena *arena;
    const char *url;           /* as it was given */
    const char *final;         /* where it was answered */
    struct json_writer writer; /* of the answer */
    struct buf answer;
    struct bytes body, headers;
    const char *etag, *last_modified;
    int64_t max_age;
    struct bytes oddities[ODDITIES];
    size_t oddity_count;
};

static void abandon(void *under_way)
{
    ((struct test *)under_way)->client = NULL;
}

__attribute__((format(printf, 2, 3))) static void odd(struct test *t, const char *format, ...)
{
    char text[600];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (t->oddity_count < ODDITIES)
        t->oddities[t->oddity_count++] = bytes_copy(t->arena, bytes_of(text));
}

/* The answer is complete: hand it over and end. */
static void finish(struct test *t)
{
    struct control_client *client = t->client;

    json_begin_array(&t->writer, "oddities");
    for (size_t i = 0; i < t->oddity_count; i++)
        json_string(&t->writer, NULL, t->oddities[i]);
    json_end_array(&t->writer);
    json_end_object(&t->writer);
    if (client != NULL) {
        struct json_writer w = control_line(client);

        client->under_way = NULL;
        json_raw(&w, "test", buf_bytes(&t->answer));
        json_bool(&w, "done", true);
        control_line_end(client, &w);
        control_finish(client);
    }
    buf_done(&t->answer);
    arena_free(t->arena);
    free(t);
}

/* ---- what HTTP says */

static void write_http(struct test *t, const struct fetch_result *result)
{
    struct json_writer *w = &t->writer;

    json_begin_object(w, "http");
    json_cstr(w, "final", result->url);
    json_int(w, "redirects", result->redirects);
    json_bool(w, "permanent", result->moved_to != NULL);
    json_int(w, "status", result->status);
    json_real(w, "seconds", (double)result->elapsed / SECOND, 3);
    json_int(w, "bytes", (int64_t)result->body.len);
    json_cstr(w, "address", result->address);
    json_string_if(w, "type", fetch_header(result, "content-type"));
    json_string_if(w, "coding", fetch_header(result, "content-encoding"));
    json_string_if(w, "etag", bytes_of(result->etag));
    json_string_if(w, "lastModified", bytes_of(result->last_modified));
    json_string_if(w, "cacheControl", fetch_header(result, "cache-control"));
    if (result->max_age >= 0)
        json_int(w, "maxAge", result->max_age / SECOND);
    if (result->retry_after >= 0)
        json_int(w, "retryAfter", result->retry_after / SECOND);
    json_end_object(w);
}

static void note_http(struct test *t, const struct fetch_result *result)
{
    if (result->moved_to != NULL)
        odd(t, "it has moved for good: follow %.400s instead", result->moved_to);
    else if (result->redirects > 0)
        odd(t,
            "it is answered from elsewhere, but not for good, so that each poll takes %d requests",
            result->redirects + 1);
    if (result->status == 200 && result->etag == NULL && result->last_modified == NULL)
        odd(t, "neither ETag nor Last-Modified: each poll brings the whole document");
    if (result->status == 200 && fetch_header(result, "content-encoding").len == 0 &&
        result->body.len > PLAIN_BYTES)
        odd(t, "it is sent uncompressed, though gzip is asked for");
    if (fetch_header(result, "set-cookie").len > 0)
        odd(t, "it sets a cookie, which is not sent back");
}

static void note_status(struct test *t, int status)
{
    if (status == 401 || status == 403 || status == 451)
        odd(t, "the publisher does not let it be read (%d): ask them, and name http.contact",
            status);
    else if (status == 404 || status == 410)
        odd(t, "there is no such document (%d)", status);
    else if (status == 429 || status == 503)
        odd(t, "the server asks not to be asked now (%d)", status);
    else if (status >= 500)
        odd(t, "the server has trouble of its own (%d)", status);
    else
        odd(t, "status %d is no answer with a feed", status);
}

/* ---- what the document says */

/* How often it would be asked at first, and who says so. */
static void write_schedule(struct test *t, const struct wr_record *report)
{
    const struct rule rule = rule_of(t->view->conf);
    struct json_writer *w = &t->writer;
    int64_t asked = t->max_age > 0 ? t->max_age : 0;
    const char *by = asked > rule.first ? "max-age" : "default";
    struct hints hints;
    int64_t every;

    hints_read(report, &hints);
    if (hints.interval > asked) {
        asked = hints.interval;
        by = asked > rule.first ? "document" : by;
    }
    every = asked > rule.first ? asked : rule.first;
    json_begin_object(w, "poll");
    json_real(w, "every", (double)(every < rule.max ? every : rule.max) / SECOND, 3);
    json_cstr(w, "becauseOf", by);
    json_real(w, "least", (double)rule.min / SECOND, 3);
    json_real(w, "most", (double)rule.max / SECOND, 3);
    json_bool(w, "skips", hints.skip != 0);
    json_end_object(w);
    if (every > rule.max)
        odd(t, "it asks for more time between polls than poll.max_interval, which is kept to");
}

static void write_hubs(struct test *t, const struct wr_record *report, struct bytes headers)
{
    struct hub_links links = {0};

    hub_links_read(t->arena, headers, bytes_of(t->final), &links);
    for (size_t i = 0; i < wr_count(report, REC_FEED_HUB); i++)
        hub_links_add(&links, record_get_at(report, REC_FEED_HUB, i));
    json_begin_array(&t->writer, "hubs");
    for (size_t i = 0; i < links.count; i++)
        json_string(&t->writer, NULL, links.hubs[i]);
    json_end_array(&t->writer);
}

static void on_report(void *ctx, int kind, struct wr_record *answer)
{
    struct test *t = ctx;
    struct json_writer *w = &t->writer;

    if (kind != ANSWER_TEXT)
        return;
    json_raw(w, "report", record_get(answer, REC_TEXT));
    json_begin_array(w, "diagnosis");
    for (size_t i = 0; i < wr_count(answer, REC_DIAGNOSIS); i++)
        view_diagnosis(record_get_at(answer, REC_DIAGNOSIS, i), w);
    json_end_array(w);
    write_hubs(t, answer, t->headers);
    write_schedule(t, answer);
}

/* ---- the second question: does the server keep what its validators promise? */

static void on_asked_again(void *ctx, const struct fetch_result *result)
{
    struct test *t = ctx;

    if (result->code == OK && !result->conditional)
        odd(t,
            "its redirect leads elsewhere each time, so that each poll brings the whole document");
    else if (result->code == OK && result->status == 200 && bytes_equal(result->body, t->body))
        odd(t, "its validators are not honoured: asked with them it sends the same document again");
    else if (result->code == OK && result->status != 304 && !rule_is_document(result->status))
        odd(t, "asked with its validators it answers %d", result->status);
    if (result->code == OK)
        json_int(&t->writer, "statusAgain", result->status);
    finish(t);
}

static void on_reported(void *ctx, const struct error *err)
{
    struct test *t = ctx;
    const struct fetch_request again = {.url = t->url,
        .etag = t->etag,
        .last_modified = t->last_modified,
        .validated = t->final,
        .accept = poll_accept};

    if (err != NULL)
        json_cstr(&t->writer, "unread", err->text);
    if (err != NULL || (t->etag == NULL && t->last_modified == NULL) ||
        fetch_start(t->view->fetcher, &again, on_asked_again, t) == 0)
        finish(t);
}

static void ask_worker(struct test *t, const struct fetch_result *result)
{
    struct wr_record *request = job_of_answer(t->arena, result->url, t->headers, t->body);

    pool_submit(t->view->pool, &(struct pool_job){.kind = JOB_FEED_REPORT,
                                   .request = request,
                                   .on_answer = on_report,
                                   .on_done = on_reported,
                                   .ctx = t});
}

static const char *keep(struct test *t, const char *text)
{
    return text == NULL ? NULL : bytes_cstr(t->arena, bytes_of(text));
}

static void on_fetched(void *ctx, const struct fetch_result *result)
{
    struct test *t = ctx;

    if (result->code != OK) {
        json_cstr(
            &t->writer, "unread", result->error == NULL ? code_name(result->code) : result->error);
        finish(t);
        return;
    }
    t->final = keep(t, result->url);
    t->etag = keep(t, result->etag);
    t->last_modified = keep(t, result->last_modified);
    t->max_age = result->max_age;
    t->body = bytes_copy(t->arena, result->body);
    t->headers = bytes_copy(t->arena, result->headers);
    write_http(t, result);
    note_http(t, result);
    if (rule_is_document(result->status)) {
        ask_worker(t, result);
    } else {
        note_status(t, result->status);
        finish(t);
    }
}

/* {"url"}: {"test": {"url", "followed", "http": {...}, "report": {...}, "diagnosis": [...],
 * "hubs": [...], "poll": {...}, "unread": "why there is no report", "oddities": [...]}} */
void control_feeds_test(struct control_client *client, const struct json *request)
{
    struct arena *arena = arena_new(TEST_LIMIT);
    struct bytes url;
    struct error err = {0};
    struct test *t;
    int64_t id;

    if (url_feed(arena, json_get_text(request, "url"), &url, &err) != OK) {
        control_fail(client, &err);
        arena_free(arena);
        return;
    }
    t = new_zeroed(sizeof(*t));
    t->client = client;
    t->view = client->view;
    t->arena = arena;
    t->url = bytes_cstr(t->arena, url);
    t->writer.out = &t->answer;
    json_begin_object(&t->writer, NULL);
    json_cstr(&t->writer, "url", t->url);
    id = poll_find(client->view->poll, t->url);
    if (id != 0) {
        char name[32];

        snprintf(name, sizeof(name), "f%07lld", (long long)id);
        json_cstr(&t->writer, "followed", name);
    }
    client->under_way = t;
    client->abandon = abandon;
    client->busy = true;
    fetch_start(client->view->fetcher,
        &(struct fetch_request){.url = t->url, .accept = poll_accept}, on_fetched, t);
}
