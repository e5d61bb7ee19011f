/* log.c - events of the log: a page of all, those of an article or a story, the stories, the
 * topics.
 */
#include "api/private.h"
#include "deliver/consumer.h"
#include "deliver/filter.h"
#include "store/envelope.h"

enum { USUAL = 100, EPOCH_DIGITS = 32 };

struct page {
    struct json_writer *w;
    const char *filter;
    uint64_t from, first, last; /* behind which it began; the first that is there; up to where it
                                 * was looked */
    size_t bytes, count, found; /* looked at; of these wanted by the filter */
    bool is_full;
};

static int add_event(void *ctx, const struct committed *event)
{
    struct page *page = ctx;
    const uint64_t *previous;

    page->first = page->count++ == 0 ? event->sequence : page->first;
    page->last = event->sequence;
    if (filter_match(page->filter, event, &previous) != NULL) {
        json_raw(page->w, NULL, event->body);
        page->found++;
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

static bool is_epoch(struct bytes text)
{
    bool is_good = text.len == EPOCH_DIGITS;

    for (size_t i = 0; i < text.len && is_good; i++)
        is_good = is_digit(text.ptr[i]) || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f');
    return is_good;
}

int api_read_sequence(const struct api_request *r, const char *name, struct bytes text,
    uint64_t *ret_sequence, bool *ret_is_other, struct error *err)
{
    struct bytes number = text;
    struct bytes epoch = bytes_cut(&number, '-');
    bool is_id = epoch.len < text.len;
    int64_t sequence = 0;

    if ((is_id && !is_epoch(epoch)) || !bytes_to_int(is_id ? number : text, &sequence) ||
        sequence < 0)
        return fail(err, E_USAGE, "%s: '%.*s' is neither a sequence nor an event's id", name,
            FMT(bytes_slice(text, 0, 80)));
    *ret_sequence = (uint64_t)sequence;
    *ret_is_other = is_id && !bytes_is(epoch, store_epoch(r->api->view->store));
    return OK;
}

/* A parameter that is a sequence of this log, or 0 for one that is not there. */
static int read_sequence(
    struct api_request *r, const char *name, uint64_t *ret_sequence, struct error *err)
{
    struct store *store = r->api->view->store;
    struct bytes text = api_parameter(r, name);
    bool is_other = false;

    *ret_sequence = 0;
    if (text.len == 0)
        return OK;
    if (api_read_sequence(r, name, text, ret_sequence, &is_other, err) != OK)
        return err->code;
    return is_other || *ret_sequence > store_log_state(store).head
               ? fail(err, E_NOT_FOUND, "the log ends at %llu (epoch %s)",
                     (unsigned long long)store_log_state(store).head, store_epoch(store))
               : OK;
}

/* from: as consumer_start(); since: behind a sequence. */
static int read_from(struct api_request *r, uint64_t *ret_before, struct error *err)
{
    struct bytes from = api_parameter(r, "from");

    return api_parameter(r, "since").len > 0
               ? read_sequence(r, "since", ret_before, err)
               : consumer_start(
                     r->api->view->store, from.len == 0 ? LIT("first") : from, ret_before, err);
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
    if (page.from + 1 < page.first) {
        json_begin_object(&w, "trimmed");
        json_int(&w, "from", (int64_t)page.from + 1);
        json_int(&w, "to", (int64_t)page.first - 1);
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
    const char *filter, struct listing *listing, struct error *err)
{
    uint64_t number = 0;
    int64_t limit = 0;
    int code = read_limit(r, &limit, err);

    if (code == OK)
        code = read_sequence(r, from, &number, err);
    *listing = (struct listing){.page = {.filter = filter, .last = number, .w = &listing->w},
        .w = api_begin(r),
        .from = number,
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

/* All events of one thing that the filter wants: an id of another kind of thing is none. */
static void write_history(
    struct api_request *r, struct bytes id, const char *filter, struct listener_answer *answer)
{
    struct listing list;
    struct error err = {0};
    int code = listing_begin(r, "events", "since", filter, &list, &err);

    if (code == OK)
        code = store_article(r->api->view->store, bytes_cstr(r->arena, id), list.from, list.limit,
            add_event, &list.page, &err);
    if (code == E_NOT_FOUND || (code == OK && list.page.found == 0 && list.from == 0))
        code = fail(&err, E_NOT_FOUND, "there is no event of %.*s", FMT(bytes_slice(id, 0, 300)));
    listing_end(r, &list, code, &err, answer);
}

void api_articles(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    write_history(r, rest, "all/article.", answer);
}

void api_story(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    write_history(r, rest, "all/story.", answer);
}

void api_stories(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct listing list;
    struct error err = {0};
    int code = listing_begin(r, "stories", "before", "", &list, &err);

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
