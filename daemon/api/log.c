/* log.c - events of the log: a page of all, those of an article or a story, the stories, the
 * topics.
 */
#include "api/private.h"
#include "deliver/consumer.h"
#include "deliver/filter.h"
#include "store/envelope.h"

enum { USUAL = 100 };

struct page {
    struct json_writer *w;
    const char *filter;
    uint64_t from, last; /* behind which it began, and up to where it was looked */
    size_t bytes, count;
    bool is_full;
};

static int add_event(void *ctx, const struct committed *event)
{
    struct page *page = ctx;
    const uint64_t *previous;

    page->count++;
    page->last = event->sequence;
    if (filter_match(page->filter, event, &previous) != NULL) {
        json_raw(page->w, NULL, event->body);
        page->bytes += event->body.len;
    }
    page->is_full = page->bytes > API_PAGE_BYTES;
    return page->is_full;
}

static int read_limit(struct api_request *r, int64_t *ret_limit, struct error *err)
{
    struct bytes text = api_parameter(r, "limit");

    *ret_limit = USUAL;
    if (text.len == 0 || (bytes_to_int(text, ret_limit) && *ret_limit > 0))
        return OK;
    return fail(err, E_USAGE, "limit: '%.*s' is no number above 0", FMT(bytes_slice(text, 0, 40)));
}

/* from: as consumer_start(); since: behind a sequence. */
static int read_from(struct api_request *r, uint64_t *ret_before, struct error *err)
{
    struct store *store = r->api->view->store;
    struct bytes since = api_parameter(r, "since");
    struct bytes from = api_parameter(r, "from");
    int64_t number = 0;

    if (since.len == 0)
        return consumer_start(store, from.len == 0 ? LIT("first") : from, ret_before, err);
    if (!bytes_to_int(since, &number) || number < 0)
        return fail(err, E_USAGE, "since: '%.*s' is no sequence", FMT(bytes_slice(since, 0, 40)));
    *ret_before = (uint64_t)number;
    if (*ret_before > store_log_state(store).head)
        return fail(err, E_NOT_FOUND, "the log ends at %llu (epoch %s)",
            (unsigned long long)store_log_state(store).head, store_epoch(store));
    return OK;
}

static void write_log(struct json_writer *w, struct store *store)
{
    struct store_log log = store_log_state(store);

    json_int(w, "first", (int64_t)log.first);
    json_int(w, "head", (int64_t)log.head);
    json_cstr(w, "epoch", store_epoch(store));
}

void api_events(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct store *store = r->api->view->store;
    struct bytes filter = api_parameter(r, "filter");
    struct page page = {.filter = bytes_cstr(r->arena, filter)};
    struct store_log log = store_log_state(store);
    struct error err = {0};
    struct json_writer w = api_begin(r);
    int64_t limit = 0;

    (void)rest;
    page.w = &w;
    json_begin_array(&w, "events");
    if (filter_check(filter, &err) != OK || read_limit(r, &limit, &err) != OK ||
        read_from(r, &page.from, &err) != OK ||
        store_events(store, page.from, (size_t)(limit < API_PAGE ? limit : API_PAGE), add_event,
            &page, &err) != OK) {
        api_fail(r, &err, answer);
        return;
    }
    json_end_array(&w);
    page.last = page.count == 0 ? page.from : page.last;
    json_int(&w, "next", (int64_t)page.last);
    json_bool(&w, "more", page.last < log.head);
    if (page.from + 1 < log.first) {
        json_begin_object(&w, "trimmed");
        json_int(&w, "from", (int64_t)page.from + 1);
        json_int(&w, "to", (int64_t)log.first - 1);
        json_end_object(&w);
    }
    write_log(&w, store);
    api_end(r, &w, answer);
}

/* A list that is told in pages: where one begins is a parameter, and next of the one before. */
struct listing {
    struct page page;
    struct json_writer w;
    uint64_t from;
    size_t limit;
};

static int listing_begin(struct api_request *r, const char *name, const char *from,
    struct listing *listing, struct error *err)
{
    int64_t number = 0;
    int64_t limit = 0;
    int code = read_limit(r, &limit, err);

    bytes_to_int(api_parameter(r, from), &number);
    *listing = (struct listing){.page = {.filter = "", .w = &listing->w},
        .w = api_begin(r),
        .from = number < 0 ? 0 : (uint64_t)number,
        .limit = (size_t)(limit < API_PAGE ? limit : API_PAGE)};
    json_begin_array(&listing->w, name);
    return code;
}

static void listing_end(struct api_request *r, struct listing *listing, int code,
    const struct error *err, struct listener_answer *answer)
{
    if (code != OK) {
        api_fail(r, err, answer);
        return;
    }
    json_end_array(&listing->w);
    json_int(&listing->w, "next", (int64_t)listing->page.last);
    json_bool(&listing->w, "more", listing->page.is_full || listing->page.count == listing->limit);
    api_end(r, &listing->w, answer);
}

void api_articles(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct listing list;
    struct error err = {0};
    int code = listing_begin(r, "events", "since", &list, &err);

    if (code == OK)
        code = store_article(r->api->view->store, bytes_cstr(r->arena, rest), list.from, list.limit,
            add_event, &list.page, &err);
    listing_end(r, &list, code, &err, answer);
}

void api_stories(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct listing list;
    struct error err = {0};
    int code = listing_begin(r, "stories", "before", &list, &err);

    (void)rest;
    if (code == OK)
        code =
            store_stories(r->api->view->store, list.from, list.limit, add_event, &list.page, &err);
    listing_end(r, &list, code, &err, answer);
}

static int add_topic(void *ctx, const char *topic, uint64_t sequence)
{
    json_int(ctx, topic, (int64_t)sequence);
    return 0;
}

void api_topics(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct store *store = r->api->view->store;
    struct json_writer w = api_begin(r);
    struct error err = {0};

    (void)rest;
    json_begin_object(&w, "topics");
    if (store_topics(store, add_topic, &w, &err) != OK) {
        api_fail(r, &err, answer);
        return;
    }
    json_end_object(&w);
    write_log(&w, store);
    api_end(r, &w, answer);
}
