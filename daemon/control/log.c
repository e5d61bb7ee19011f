/* log.c - published events read back, a page at a time. */
#include "control/private.h"

#include <inttypes.h>

#include "store/envelope.h"

enum { ARTICLE_PAGE = 1000 /* events of an article: seldom more than a page */ };

struct page {
    struct control_client *client;
    size_t bytes, count;
    uint64_t last;
};

static void write_line(struct page *page, uint64_t sequence, const char *topic, struct bytes body)
{
    struct json_writer w = control_line(page->client);

    json_int(&w, "sequence", (int64_t)sequence);
    json_cstr(&w, "topic", topic);
    json_raw(&w, "event", body);
    control_line_end(page->client, &w);
    page->bytes += body.len;
}

/* Once, under its own topic. */
static int write_event(void *ctx, const struct committed *event)
{
    struct page *page = ctx;

    write_line(page, event->sequence, event->topic, event->body);
    page->count++;
    page->last = event->sequence;
    return page->bytes > CONTROL_PAGE_BYTES;
}

/* Under each of its topics, as it was pushed. */
static int write_topics(void *ctx, const struct committed *event)
{
    struct page *page = ctx;
    struct buf body = {.limit = event->body.len};
    int full = write_event(page, event);

    for (size_t i = 0; i < event->further_count; i++) {
        buf_clear(&body);
        if (envelope_of_topic(event->body, event->further[i].previous, &body))
            write_line(page, event->sequence, event->further[i].name, buf_bytes(&body));
    }
    buf_done(&body);
    return full || page->bytes > CONTROL_PAGE_BYTES;
}

/* A sequence as it is printed, digits or a number; absent is the log's begin. */
static int read_since(const struct json *request, uint64_t *ret_since, struct error *err)
{
    const struct json *member = json_get(request, "since");
    int64_t since = 0;

    if (member != NULL && (!bytes_to_int(json_text(member), &since) || since < 0))
        return fail(err, E_USAGE, "since: '%.*s' is no sequence",
            FMT(bytes_slice(json_text(member), 0, 40)));
    *ret_since = (uint64_t)since;
    return OK;
}

/* {"since": SEQ, "limit": N}: events after since; "next" is the since of the next page. What is
 * trimmed shows as a gap between since and the first event. */
void control_events(struct control_client *client, const struct json *request)
{
    int64_t limit = json_get_int(request, "limit", CONTROL_PAGE);
    struct page page = {.client = client};
    struct store_log log = store_log_state(client->view->store);
    struct error err = {0};
    struct json_writer w;

    if (read_since(request, &page.last, &err) == OK && page.last > log.head)
        fail(&err, E_NOT_FOUND, "the log ends at %" PRIu64 " (epoch %s)", log.head,
            store_epoch(client->view->store));
    if (err.code != OK) {
        control_fail(client, &err);
        return;
    }
    limit = limit < 1 || limit > CONTROL_PAGE ? CONTROL_PAGE : limit;
    if (store_events(client->view->store, page.last, (size_t)limit, write_topics, &page, &err) !=
        OK) {
        control_fail(client, &err);
        return;
    }
    w = control_line(client);
    json_bool(&w, "done", true);
    json_int(&w, "next", (int64_t)page.last);
    json_bool(&w, "more", page.count > 0 && page.last < log.head);
    json_int(&w, "first", (int64_t)log.first);
    json_int(&w, "head", (int64_t)log.head);
    json_cstr(&w, "epoch", store_epoch(client->view->store));
    control_line_end(client, &w);
}

/* {"before": SEQ, "limit": N}: the newest event of each story, the newest first; "next" is the
 * before of the next page. */
void control_stories(struct control_client *client, const struct json *request)
{
    int64_t limit = json_get_int(request, "limit", CONTROL_PAGE);
    int64_t before = json_get_int(request, "before", 0);
    struct page page = {.client = client};
    struct error err = {0};
    struct json_writer w;

    limit = limit < 1 || limit > CONTROL_PAGE ? CONTROL_PAGE : limit;
    before = before < 0 ? 0 : before;
    if (store_stories(
            client->view->store, (uint64_t)before, (size_t)limit, write_event, &page, &err) != OK) {
        control_fail(client, &err);
        return;
    }
    w = control_line(client);
    json_bool(&w, "done", true);
    json_int(&w, "next", (int64_t)page.last);
    json_bool(&w, "more", page.count > 0 && page.last > 1);
    control_line_end(client, &w);
}

/* {"article": URI or URL, "since": SEQ}: its events after since; "next" is the since of the next
 * page. */
void control_article(struct control_client *client, const struct json *request)
{
    struct page page = {.client = client};
    struct arena *arena = arena_new(1 << 20);
    struct error err = {0};
    const char *name = bytes_cstr(arena, bytes_trim(json_get_text(request, "article")));
    int code = read_since(request, &page.last, &err);
    struct json_writer w;

    if (code == OK)
        code = store_article(
            client->view->store, name, page.last, ARTICLE_PAGE, write_event, &page, &err);
    if (code == E_NOT_FOUND)
        code = fail(&err, E_NOT_FOUND, "no article %.300s", name);
    if (code != OK) {
        control_fail(client, &err);
    } else {
        w = control_line(client);
        json_bool(&w, "done", true);
        json_int(&w, "next", (int64_t)page.last);
        json_bool(&w, "more", page.count == ARTICLE_PAGE || page.bytes > CONTROL_PAGE_BYTES);
        control_line_end(client, &w);
    }
    arena_free(arena);
}
