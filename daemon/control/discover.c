/* discover.c - an address as people know it, and the feeds that stand behind it: the
 * document itself, those that a page names, where none is named the usual places, and sitemaps. */
#include <stdio.h>
#include <stdlib.h>

#include "control/private.h"
#include "fetch/fetch.h"
#include "poll/hubs.h"
#include "poll/poll.h"
#include "pool/pool.h"
#include "text/date.h"
#include "text/url.h"

/* Requests for one discovery: the address, what its page names, the usual places, robots.txt and
 * the sitemaps in it. */
enum { NAMED_MOST = 12, USUAL_MOST = 13, SITEMAPS_MOST = 4 };
enum { CANDIDATES = NAMED_MOST + USUAL_MOST + SITEMAPS_MOST };

enum { DISCOVER_LIMIT = 256 << 20 };

/* Tried in this order on the site's host when its page names no feed, and the first ones also
 * beside the page, where a site has many blogs. */
static const char *const usual_places[] = {"feed", "rss.xml", "atom.xml", "feed.xml", "index.xml",
    "rss", "feed.json", "feeds/posts/default", NULL};
enum { USUAL_BESIDE = 5 };

/* Where sitemaps are when robots.txt names none. */
static const char *const usual_sitemaps[] = {
    "/news-sitemap.xml", "/sitemap.xml", "/sitemap_index.xml", NULL};

struct candidate {
    struct discover *discover;
    const char *url, *title, *type;
    const char *final; /* where it was answered from, NULL before */
    bool is_feed, hub;
    int64_t items, titled, newest; /* newest: wall, 0 unknown */
};

/* What is looked at; each comes after the one before. */
enum phase { AT_PAGE, AT_USUAL, AT_ROBOTS };

struct discover {
    struct control_client *client; /* NULL when it is gone */
    const struct view *view;
    struct arena *arena;
    struct candidate self, candidates[CANDIDATES];
    size_t count, waiting;
    size_t tried; /* candidates of earlier phases */
    enum phase phase;
    int refused; /* the status with which the page was, else 0 */
    bool all;    /* sitemaps are asked for though there are feeds */
    struct bytes page, headers;
    const char *url;    /* of the page, redirects followed */
    const char *unread; /* why that is no feed, NULL where it could not be had */
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
    view_time(&w, "newest", c->newest);
    json_bool(&w, "hub", c->hub);
    json_end_object(&w);
    control_line_end(client, &w);
}

static void try_usual_places(struct discover *d);
static void ask_robots(struct discover *d);

/* The same feed behind an address that was looked at before. */
static bool is_known(const struct discover *d, size_t i)
{
    for (size_t n = 0; n < i; n++)
        if (d->candidates[n].is_feed && d->candidates[n].final != NULL &&
            d->candidates[i].final != NULL &&
            strcmp(d->candidates[n].final, d->candidates[i].final) == 0)
            return true;
    return false;
}

/* All candidates so far have been looked at. As deep as there are phases, which only go forward.
 * NOLINTNEXTLINE(misc-no-recursion) */
static void conclude(struct discover *d)
{
    struct error err = {0};
    size_t found = 0;

    for (size_t i = 0; i < d->count; i++) {
        d->candidates[i].is_feed = d->candidates[i].is_feed && !is_known(d, i);
        found += d->candidates[i].is_feed ? 1 : 0;
    }
    d->tried = d->count;
    if (found == 0 && d->phase == AT_PAGE) {
        try_usual_places(d);
        return;
    }
    if ((found == 0 || d->all) && d->phase < AT_ROBOTS && !d->self.is_feed) {
        ask_robots(d);
        return;
    }
    for (size_t i = 0; i < d->count && d->client != NULL; i++)
        if (d->candidates[i].is_feed)
            write_found(d->client, &d->candidates[i]);
    if (found == 0 && d->refused != 0)
        fail(&err, E_NETWORK,
            "%.300s: the server answers %d, and there is no feed in the usual places, and no "
            "sitemap",
            d->url, d->refused);
    else if (found == 0)
        fail(&err, E_NOT_FOUND,
            "no feed at %.300s%s%.200s%s none named there, none in the usual places, and no "
            "sitemap",
            d->url, d->unread == NULL ? "" : ": ", d->unread == NULL ? "" : d->unread,
            d->unread == NULL ? "," : ";");
    finish(d, found == 0 ? &err : NULL);
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
        c->titled += record_get(answer, WR_TITLE).len > 0;
        if (date_parse(record_get(answer, WR_FEED_DATE), DATE_ORDER_UNKNOWN, &date) &&
            date.instant > c->newest && date.instant <= clock_wall())
            c->newest = date.instant;
    } else if (kind == ANSWER_FEED) {
        c->is_feed = true;
        c->type = bytes_cstr(c->discover->arena, record_get(answer, REC_FORMAT));
        if (strcmp(c->type, "sitemap") == 0 && c->titled > 0)
            c->type = "news-sitemap";
        c->hub = c->hub || record_get(answer, REC_FEED_HUB).len > 0;
        if (name.len > 0)
            c->title = bytes_cstr(c->discover->arena, name);
    }
}

/* Hubs are named by documents, and by headers of their answers. */
static void look_for_hub(struct candidate *c, const struct fetch_result *result)
{
    struct arena *arena = arena_new(1 << 20);
    struct hub_links links = {0};

    hub_links_read(arena, result->headers, bytes_of(result->url), &links);
    c->hub = links.count > 0;
    arena_free(arena);
}

static void ask_worker(struct discover *d, int kind, const struct wr_record *request,
    pool_on_answer *on_answer, pool_on_done *on_done, void *ctx)
{
    const struct pool_job job = {
        .kind = kind, .request = request, .on_answer = on_answer, .on_done = on_done, .ctx = ctx};

    pool_submit(d->view->pool, &job);
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
    c->final = bytes_cstr(c->discover->arena, bytes_of(result->url));
    if (result->moved_to != NULL)
        c->url = bytes_cstr(c->discover->arena, bytes_of(result->moved_to));
    look_for_hub(c, result);
    arena = arena_new(8 << 20);
    ask_worker(c->discover, JOB_FEED,
        job_of_answer(arena, result->url, result->headers, result->body), on_feed_answer,
        on_candidate_parsed, c);
    arena_free(arena);
}

static void add_candidate(struct discover *d, const char *url, const char *title, size_t most)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->candidates[i].url, url) == 0)
            return;
    if (d->count < d->tried + most)
        d->candidates[d->count++] = (struct candidate){.discover = d, .url = url, .title = title};
}

/* Their answers come later, never from within. NOLINTNEXTLINE(misc-no-recursion) */
static void fetch_candidates(struct discover *d)
{
    if (d->count == d->tried) {
        conclude(d);
        return;
    }
    d->waiting = d->count - d->tried;
    for (size_t i = d->tried; i < d->count; i++) {
        const struct fetch_request request = {.url = d->candidates[i].url, .accept = poll_accept};

        fetch_start(d->view->fetcher, &request, on_candidate_fetched, &d->candidates[i]);
    }
}

static const char *resolve(struct discover *d, const char *place)
{
    return bytes_cstr(d->arena, url_resolve(d->arena, bytes_of(d->url), bytes_of(place)));
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static void try_usual_places(struct discover *d)
{
    d->phase = AT_USUAL;
    for (size_t i = 0; i < USUAL_BESIDE; i++)
        add_candidate(d, resolve(d, usual_places[i]), "", USUAL_MOST);
    for (size_t i = 0; usual_places[i] != NULL; i++)
        add_candidate(
            d, resolve(d, bytes_format(d->arena, "/%s", usual_places[i]).ptr), "", USUAL_MOST);
    fetch_candidates(d);
}

/* ---- robots.txt: sitemaps, those of news before all others */

static void take_sitemaps(struct discover *d, const struct json *list, bool news)
{
    for (const struct json *f = list == NULL ? NULL : list->first; f != NULL; f = f->next) {
        struct bytes url = json_get_text(f, "url");

        if (bytes_is(json_get_text(f, "type"), "sitemap") && url.len <= URL_LIMIT &&
            (bytes_find_nocase(url, LIT("news")) != SIZE_MAX) == news)
            add_candidate(d, bytes_cstr(d->arena, url), "", SITEMAPS_MOST);
    }
}

static void on_robots_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct discover *d = ctx;
    struct json *found = NULL;

    if (kind != ANSWER_TEXT ||
        json_parse(d->arena, record_get(answer, REC_TEXT), &found, NULL) != OK)
        return;
    take_sitemaps(d, json_get(found, "feeds"), true);
    take_sitemaps(d, json_get(found, "feeds"), false);
}

static void on_robots_read(void *ctx, const struct error *err)
{
    const char *usual[SITEMAPS_MOST + 1] = {NULL};
    struct discover *d = ctx;

    (void)err; /* nothing in it: the usual names are tried */
    for (size_t i = 0; d->count == d->tried && usual_sitemaps[i] != NULL; i++)
        usual[i] = resolve(d, usual_sitemaps[i]);
    for (size_t i = 0; usual[i] != NULL; i++)
        add_candidate(d, usual[i], "", SITEMAPS_MOST);
    fetch_candidates(d);
}

static void on_robots(void *ctx, const struct fetch_result *result)
{
    struct discover *d = ctx;
    struct arena *arena;

    if (result->code != OK || result->status != 200) {
        on_robots_read(d, NULL);
        return;
    }
    arena = arena_new(8 << 20);
    ask_worker(d, JOB_DISCOVER_JSON,
        job_of_answer(arena, resolve(d, "/robots.txt"), result->headers, result->body),
        on_robots_answer, on_robots_read, d);
    arena_free(arena);
}

static void ask_robots(struct discover *d)
{
    const struct fetch_request request = {.url = resolve(d, "/robots.txt")};

    d->phase = AT_ROBOTS;
    fetch_start(d->view->fetcher, &request, on_robots, d);
}

/* ---- the address itself */

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
            add_candidate(d, bytes_cstr(d->arena, url),
                bytes_cstr(d->arena, json_get_text(f, "title")), NAMED_MOST);
    }
}

static void on_discovered(void *ctx, const struct error *err)
{
    struct discover *d = ctx;

    (void)err; /* no page: no candidate, so the usual places are tried */
    fetch_candidates(d);
}

/* What was said of the document; whose address is told once. */
static struct bytes without_address(const struct discover *d, struct bytes said)
{
    size_t len = strlen(d->url);

    return bytes_starts(said, bytes_of(d->url)) && bytes_starts(bytes_from(said, len), LIT(": "))
               ? bytes_from(said, len + 2)
               : said;
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
    if (err != NULL)
        d->unread = bytes_cstr(d->arena, without_address(d, bytes_of(err->text)));
    ask_worker(d, JOB_DISCOVER_JSON, job_of_answer(d->arena, d->url, d->headers, d->page),
        on_discover_answer, on_discovered, d);
}

/* Pages are guarded against robots more often than feeds; what is not there, or wants to be left
 * alone, is no such page. */
static bool is_refused(int status)
{
    return status >= 400 && status != 404 && status != 410 && status != 429;
}

/* With the address, and with it once. */
static void fail_fetch(struct error *err, const struct fetch_result *result, const char *url)
{
    const char *said = result->error == NULL ? code_name(result->code) : result->error;

    if (bytes_starts(bytes_of(said), bytes_of(url)))
        fail(err, result->code, "%.450s", said);
    else
        fail(err, result->code, "%.300s: %.150s", url, said);
}

static void on_self_fetched(void *ctx, const struct fetch_result *result)
{
    struct discover *d = ctx;
    struct error err = {0};

    if (result->code == OK && is_refused(result->status)) {
        d->refused = result->status;
        d->url = bytes_cstr(d->arena, bytes_of(result->url));
        try_usual_places(d);
        return;
    }
    if (result->code != OK || result->status != 200) {
        if (result->code != OK)
            fail_fetch(&err, result, d->url);
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
    look_for_hub(&d->self, result);
    ask_worker(d, JOB_FEED, job_of_answer(d->arena, d->url, d->headers, d->page), on_feed_answer,
        on_self_parsed, &d->self);
}

/* {"url", "all"}: {"found": {...}} lines; all: sitemaps too, though there are feeds. */
void control_feeds_discover(struct control_client *client, const struct json *request)
{
    struct arena *arena = arena_new(DISCOVER_LIMIT);
    struct bytes url;
    struct fetch_request get = {0};
    struct error err = {0};
    struct discover *d;

    if (url_feed(arena, json_get_text(request, "url"), &url, &err) != OK) {
        control_fail(client, &err);
        arena_free(arena);
        return;
    }
    d = new_zeroed(sizeof(*d));
    d->client = client;
    d->view = client->view;
    d->arena = arena;
    d->all = json_get_bool(request, "all", false);
    d->url = bytes_cstr(d->arena, url);
    d->self = (struct candidate){.discover = d, .url = d->url, .title = ""};
    client->under_way = d;
    client->abandon = abandon;
    client->busy = true;
    get.url = d->url;
    get.accept = poll_accept;
    fetch_start(client->view->fetcher, &get, on_self_fetched, d);
}
