/* control_discover.c - an address as people know it, and the feeds that stand behind it: the
 * document itself, those that a page names, and where none is named the usual places. */
#include <stdio.h>
#include <stdlib.h>

#include "loop/control_private.h"
#include "loop/enrich.h"
#include "loop/fetch.h"
#include "text/date.h"
#include "text/url.h"

enum { CANDIDATES = 12, DISCOVER_LIMIT = 256 << 20 };

/* Tried in this order on the site's host when its page names no feed. */
static const char *const usual_places[] = {"/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml",
    "/index.xml", "/feed.json", "/feeds/posts/default", NULL};

struct candidate {
    struct discover *discover;
    const char *url, *title, *type;
    bool is_feed, hub;
    int64_t items, newest; /* newest: wall, 0 unknown */
};

struct discover {
    struct control_client *client; /* NULL when it is gone */
    struct daemon *daemon;
    struct arena *arena;
    struct candidate self, candidates[CANDIDATES];
    size_t count, waiting;
    bool tried_usual;
    struct bytes page, headers;
    const char *url; /* of the page, redirects followed */
};

static void abandon(void *under_way)
{
    ((struct discover *)under_way)->client = NULL;
}

static void discover_free(struct discover *d)
{
    arena_free(d->arena);
    free(d);
}

/* Hand the command back to its client and end. */
static void finish(struct discover *d, const struct error *err)
{
    struct control_client *client = d->client;

    if (client != NULL) {
        client->under_way = NULL;
        if (err != NULL)
            control_fail(client, err);
        else
            control_done(client);
        control_finish(client);
    }
    discover_free(d);
}

static void write_found(struct control_client *client, const struct candidate *c)
{
    struct json_writer w = control_line(client);

    json_begin_object(&w, "found");
    json_cstr(&w, "url", c->url);
    json_cstr(&w, "title", c->title);
    json_cstr(&w, "type", c->type);
    json_int(&w, "items", c->items);
    control_time(&w, "newest", c->newest);
    json_bool(&w, "hub", c->hub);
    json_end_object(&w);
    control_line_end(client, &w);
}

static void try_usual_places(struct discover *d);

/* All candidates have been looked at. */
static void conclude(struct discover *d)
{
    struct error err = {0};
    size_t found = 0;

    for (size_t i = 0; i < d->count; i++)
        found += d->candidates[i].is_feed ? 1 : 0;
    if (found == 0 && !d->tried_usual) {
        try_usual_places(d);
        return;
    }
    for (size_t i = 0; i < d->count && d->client != NULL; i++)
        if (d->candidates[i].is_feed)
            write_found(d->client, &d->candidates[i]);
    if (found == 0) {
        fail(&err, E_NOT_FOUND, "no feed at %.300s, none named there, and none in the usual places",
            d->url);
        finish(d, &err);
        return;
    }
    finish(d, NULL);
}

static void candidate_done(struct candidate *c)
{
    if (--c->discover->waiting == 0)
        conclude(c->discover);
}

static void on_feed_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct candidate *c = ctx;
    struct bytes name = record_get(answer, REC_FEED_NAME);
    struct date date;

    if (kind == ANSWER_ENTRY) {
        c->items++;
        if (date_parse(record_get(answer, WR_FEED_DATE), DATE_ORDER_UNKNOWN, &date) &&
            date.instant > c->newest && date.instant <= clock_wall())
            c->newest = date.instant;
    } else if (kind == ANSWER_FEED) {
        c->is_feed = true;
        c->type = bytes_cstr(c->discover->arena, record_get(answer, REC_FORMAT));
        c->hub = record_get(answer, REC_FEED_HUB).len > 0;
        if (name.len > 0)
            c->title = bytes_cstr(c->discover->arena, name);
    }
}

static struct wr_record *make_request(
    struct arena *arena, const char *url, struct bytes headers, struct bytes body)
{
    struct wr_record *request = record_new(arena);

    record_set(request, REC_URL, bytes_of(url));
    while (headers.len > 0)
        record_add(request, REC_HEADER, bytes_cut(&headers, '\n'));
    record_lend(request, REC_BODY, body);
    return request;
}

static void ask_worker(struct discover *d, int kind, const struct wr_record *request,
    enrich_on_answer *on_answer, enrich_on_done *on_done, void *ctx)
{
    const struct enrich_job job = {
        .kind = kind, .request = request, .on_answer = on_answer, .on_done = on_done, .ctx = ctx};

    enrich_submit(d->daemon->enrich, &job);
}

static void on_candidate_parsed(void *ctx, const struct error *err)
{
    struct candidate *c = ctx;

    if (err != NULL)
        c->is_feed = false;
    candidate_done(c);
}

static void on_candidate_fetched(void *ctx, const struct fetch_result *result)
{
    struct candidate *c = ctx;
    struct arena *arena;

    if (result->code != OK || result->status != 200) {
        candidate_done(c);
        return;
    }
    arena = arena_new(8 << 20);
    ask_worker(c->discover, JOB_FEED,
        make_request(arena, result->url, result->headers, result->body), on_feed_answer,
        on_candidate_parsed, c);
    arena_free(arena);
}

static void add_candidate(struct discover *d, const char *url, const char *title)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->candidates[i].url, url) == 0)
            return;
    if (d->count < CANDIDATES)
        d->candidates[d->count++] = (struct candidate){.discover = d, .url = url, .title = title};
}

/* Their answers come later, never from within. */
static void fetch_candidates(struct discover *d)
{
    d->waiting = d->count;
    for (size_t i = 0; i < d->count; i++) {
        const struct fetch_request request = {.url = d->candidates[i].url};

        fetch_start(d->daemon->fetcher, &request, on_candidate_fetched, &d->candidates[i]);
    }
}

static void try_usual_places(struct discover *d)
{
    d->tried_usual = true;
    d->count = 0;
    for (size_t i = 0; usual_places[i] != NULL; i++)
        add_candidate(d,
            bytes_cstr(
                d->arena, url_resolve(d->arena, bytes_of(d->url), bytes_of(usual_places[i]))),
            "");
    fetch_candidates(d);
}

static void on_discover_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct discover *d = ctx;
    struct json *found = NULL;
    const struct json *feeds;

    if (kind != ANSWER_TEXT ||
        json_parse(d->arena, record_get(answer, REC_TEXT), &found, NULL) != OK)
        return;
    feeds = json_get(found, "feeds");
    for (const struct json *f = feeds == NULL ? NULL : feeds->first; f != NULL; f = f->next) {
        struct bytes url = json_get_text(f, "url");

        if (url_is_http(url) && url.len <= URL_LIMIT)
            add_candidate(
                d, bytes_cstr(d->arena, url), bytes_cstr(d->arena, json_get_text(f, "title")));
    }
}

static void on_discovered(void *ctx, const struct error *err)
{
    struct discover *d = ctx;

    (void)err; /* no page: no candidate, so the usual places are tried */
    if (d->count > 0)
        fetch_candidates(d);
    else
        conclude(d);
}

static void on_self_parsed(void *ctx, const struct error *err)
{
    struct candidate *self = ctx;
    struct discover *d = self->discover;

    if (err == NULL && self->is_feed) {
        d->candidates[d->count++] = *self;
        conclude(d);
        return;
    }
    ask_worker(d, JOB_DISCOVER_JSON, make_request(d->arena, d->url, d->headers, d->page),
        on_discover_answer, on_discovered, d);
}

static void on_self_fetched(void *ctx, const struct fetch_result *result)
{
    struct discover *d = ctx;
    struct error err = {0};

    if (result->code != OK || result->status != 200) {
        if (result->code != OK)
            fail(&err, result->code, "%.300s: %.150s", d->url,
                result->error == NULL ? code_name(result->code) : result->error);
        else
            fail(&err, E_NETWORK, "%.300s: the server answers %d", d->url, result->status);
        finish(d, &err);
        return;
    }
    if (result->moved_to != NULL)
        d->self.url = bytes_cstr(d->arena, bytes_of(result->moved_to));
    d->url = bytes_cstr(d->arena, bytes_of(result->url));
    d->page = bytes_copy(d->arena, result->body);
    d->headers = bytes_copy(d->arena, result->headers);
    ask_worker(d, JOB_FEED, make_request(d->arena, d->url, d->headers, d->page), on_feed_answer,
        on_self_parsed, &d->self);
}

void control_feeds_discover(struct control_client *client, const struct json *request)
{
    struct bytes url = bytes_trim(json_get_text(request, "url"));
    struct fetch_request get = {0};
    struct error err = {0};
    struct discover *d;

    if (url.len > URL_LIMIT || !url_is_http(url)) {
        fail(&err, E_USAGE, "%.*s: not an http or https address",
            (int)(url.len > 300 ? 300 : url.len), url.len > 0 ? url.ptr : "");
        control_fail(client, &err);
        return;
    }
    d = calloc(1, sizeof(*d));
    if (d == NULL)
        arena_out_of_memory(sizeof(*d));
    d->client = client;
    d->daemon = client->daemon;
    d->arena = arena_new(DISCOVER_LIMIT);
    d->url = bytes_cstr(d->arena, url);
    d->self = (struct candidate){.discover = d, .url = d->url, .title = ""};
    client->under_way = d;
    client->abandon = abandon;
    client->busy = true;
    get.url = d->url;
    fetch_start(client->daemon->fetcher, &get, on_self_fetched, d);
}
