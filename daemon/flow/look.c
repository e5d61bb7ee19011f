/* look.c - an article that was published without its page is looked at again: when the page comes
 * it is admitted as the article's next version, and goes the way of all records with the page in
 * hand. */
#include "flow/look.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"
#include "flow/private.h"
#include "page/page.h"

enum {
    LOOK_LIMIT = 64 << 20, /* of an arena: the entry, and a body of http.max_body */
    LOOKS = -1, /* fetch_request.on_behalf: looks have turns of their own, beside those of feeds, or
                   they would stand behind all that a feed has brought since */
};

/* One page under way, or in hand until its record has taken it. */
struct look {
    struct flow *flow;
    struct store_recheck row;
    struct arena *arena;
    struct page *page; /* under way, or NULL */
    struct fetch_result result;
    bool came; /* result is the page, on arena */
};

static int64_t subject_of(const struct item *item)
{
    return (int64_t)hash64(bytes_of(item->uri));
}

static struct look **place_of(struct flow *flow, const struct look *look)
{
    for (size_t i = 0; i < RECHECK_AT_ONCE; i++)
        if (flow->looks[i] == look)
            return &flow->looks[i];
    return NULL;
}

static void look_free(struct look *look)
{
    *place_of(look->flow, look) = NULL;
    arena_free(look->arena);
    free(look);
}

/* ---- the page comes, or does not --------------------------------------------- */

static void on_admitted(void *ctx, const struct admit_result *result)
{
    struct look *look = ctx;
    struct flow *flow = look->flow;
    struct recheck *recheck = flow->recheck;

    if (result->err != NULL && result->err->code == E_NOT_FOUND)
        recheck_gone(recheck, look->row.subject);
    else /* or a version is on its way, or the disk is full: at its next time */
        recheck_settled(recheck, look->row.subject);
    if (result->err == NULL && !flow->stopping)
        flow_take_at_once(flow, &result->admitted[0]);
    look_free(look);
}

/* The answer outlives the call. */
static void keep(struct look *look, const struct fetch_result *result)
{
    look->result = (struct fetch_result){.code = OK,
        .status = result->status,
        .url = bytes_cstr(look->arena, bytes_of(result->url)),
        .body = bytes_copy(look->arena, result->body),
        .headers = bytes_copy(look->arena, result->headers),
        .retry_after = -1,
        .max_age = -1,
        .address = ""};
    look->came = true;
}

static void on_page(void *ctx, const struct fetch_result *result, bool refused)
{
    struct look *look = ctx;
    struct flow *flow = look->flow;

    (void)refused;
    look->page = NULL;
    if (page_is_there(result)) {
        keep(look, result);
        store_readmit(flow->parts.store, &look->row, on_admitted, look);
        return;
    }
    if (result->code != E_STOPPED) {
        log_debug("page not had again: url=%s status=%d cause=\"%s\"", result->url, result->status,
            result->code == OK ? "" : result->error);
        flow->counters.page_failures++;
        recheck_failed(flow->recheck, look->row.subject, page_fault(result), result->retry_after);
    }
    look_free(look);
}

/* ---- a row is due -------------------------------------------------------------- */

static void ask(struct look *look, struct bytes entry)
{
    static const int fields[] = {REC_LINK, WR_URL, REC_FEED_URL};
    const struct flow_parts *parts = &look->flow->parts;
    struct bytes v[3] = {{NULL, 0}};
    struct page_request request = {.on_behalf = LOOKS,
        .accept = page_accept,
        .robots = parts->conf->page.robots ? parts->robots : NULL};
    struct page *page;

    record_peek(entry, fields, 3, v, NULL);
    request.url = bytes_cstr(look->arena, v[0].len > 0 ? v[0] : v[1]);
    request.feed = bytes_cstr(look->arena, v[2]);
    look->flow->counters.pages++;
    page = page_get(parts->fetcher, &request, on_page, look);
    if (page != NULL) /* else the look is over */
        look->page = page;
}

static bool on_due(void *ctx, const struct store_recheck *row)
{
    struct flow *flow = ctx;
    struct look **place = place_of(flow, NULL);
    struct look *look;
    struct bytes entry;
    int code;

    if (flow->stopping || flow->full || place == NULL || !pool_needs_page(flow->parts.pool))
        return false;
    look = new_zeroed(sizeof(*look));
    *look = (struct look){.flow = flow, .row = *row, .arena = arena_new(LOOK_LIMIT)};
    *place = look;
    code = store_recheck_record(flow->parts.store, look->arena, row->subject, &entry, NULL);
    if (code == OK) {
        ask(look, entry);
        return true;
    }
    look_free(look);
    if (code == E_NOT_FOUND)
        recheck_gone(flow->recheck, row->subject);
    return code == E_NOT_FOUND;
}

struct recheck_hooks look_hooks(struct flow *flow)
{
    return (struct recheck_hooks){on_due, flow};
}

void look_forget(struct flow *flow, int64_t feed)
{
    for (size_t i = 0; i < RECHECK_AT_ONCE; i++) {
        struct look *look = flow->looks[i];

        if (look == NULL || look->row.feed != feed || look->page == NULL)
            continue; /* one that is being admitted finds its row gone */
        page_cancel(look->page);
        look_free(look);
    }
    recheck_forget_feed(flow->recheck, feed);
}

void look_done(struct flow *flow)
{
    for (size_t i = 0; i < RECHECK_AT_ONCE; i++)
        if (flow->looks[i] != NULL)
            look_free(flow->looks[i]);
}

/* ---- on the record's way -------------------------------------------------------- */

const struct fetch_result *look_page(const struct item *item)
{
    if (!item->rechecked)
        return NULL;
    for (size_t i = 0; i < RECHECK_AT_ONCE; i++) {
        const struct look *look = item->flow->looks[i];

        if (look != NULL && look->came && look->row.subject == subject_of(item))
            return &look->result;
    }
    return NULL;
}

bool look_is_void(const struct item *item)
{
    struct bytes status = record_get(item->record, WR_STATUS);

    return item->rechecked && !bytes_is(status, "full") && !bytes_is(status, "partial") &&
           !bytes_is(status, "paywalled");
}

void look_drop(struct item *item)
{
    struct flow *flow = item->flow;

    store_recheck_drop(flow->parts.store, item->pending);
    /* A page without a text is not asked for again; a guard's page in its place is. */
    if (item->fault == PAGE_NONE && !bytes_is(record_get(item->record, WR_STATUS), "blocked"))
        recheck_failed(flow->recheck, subject_of(item), PAGE_NONE, -1);
}

void look_plan(struct item *item)
{
    const struct recheck *recheck = item->flow->recheck;
    bool old = item->fault == PAGE_UNSURE && !page_is_news(item);
    enum page_fault fault = old ? PAGE_NONE : item->fault;
    struct store_recheck *row = &item->recheck;

    *row = (struct store_recheck){.feed = item->feed, .host = item->host, .bytes = item->bytes};
    if (!item->rechecked && item->bytes <= RECHECK_ENTRY &&
        recheck_first(fault, item->retry_after, row))
        row->subject = subject_of(item);
    else if (recheck_count(recheck) > 0 && recheck_has(recheck, subject_of(item)))
        row->subject = subject_of(item); /* its row goes */
}

void look_committed(struct item *item)
{
    struct recheck *recheck = item->flow->recheck;

    item->flow->counters.pages_rechecked += item->rechecked;
    if (item->recheck.due != 0)
        recheck_add(recheck, &item->recheck);
    else if (item->recheck.subject != 0)
        recheck_gone(recheck, item->recheck.subject);
}
