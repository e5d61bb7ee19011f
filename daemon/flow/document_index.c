/* document_index.c - an index of sitemaps stands for what they list: the newest ones are read, one
 * after the other, as parts of one document. */
#include <stdlib.h>

#include "base/log.h"
#include "flow/document_parts.h"
#include "text/date.h"
#include "text/url.h"

/* Sitemaps read for one poll of their index. */
enum { INDEX_MOST = 8 };

struct child {
    const char *url;
    int64_t changed; /* wall, 0 when the index does not say */
    size_t position;
};

struct index {
    struct child *children;
    size_t count, next;
    size_t kept, kept_total; /* of the document, before this sitemap */
    int64_t announced;
    bool nested; /* the sitemap that is read is an index itself */
};

static void take_next(struct document *d);

/* sitemaps.org/protocol.html, "Using Sitemap index files": loc and lastmod. */
static bool read_child(struct document *d, struct bytes entry, struct child *ret_child)
{
    static const int fields[] = {REC_LINK, WR_FEED_DATE};
    struct bytes values[2];
    struct error err;
    struct date date;

    if (record_peek(entry, fields, 2, values, &err) != OK || !url_is_http(values[0]) ||
        values[0].len > URL_LIMIT)
        return false;
    ret_child->url = bytes_cstr(d->arena, values[0]);
    ret_child->changed =
        date_parse(values[1], DATE_ORDER_UNKNOWN, &date) && date.instant > 0 ? date.instant : 0;
    return true;
}

/* The newest first; those without a date come last, the last one of them first: sites number their
 * sitemaps as they grow. */
static int compare(const void *left, const void *right)
{
    const struct child *a = left;
    const struct child *b = right;

    if (a->changed != b->changed)
        return a->changed > b->changed ? -1 : 1;
    return a->position > b->position ? -1 : a->position < b->position;
}

static struct index *index_new(struct document *d)
{
    struct index *index = arena_alloc(d->arena, sizeof(*index));

    *index = (struct index){
        .children = arena_alloc_array(d->arena, d->count + 1, sizeof(*index->children))};
    for (size_t i = 0; i < d->count; i++) {
        index->children[index->count].position = i;
        if (d->entries[i].len != STORE_UNREAD &&
            read_child(d, d->entries[i], &index->children[index->count]))
            index->count++;
    }
    qsort(index->children, index->count, sizeof(*index->children), compare);
    if (index->count > INDEX_MOST)
        index->count = INDEX_MOST;
    for (size_t i = 0; i < index->count; i++)
        d->unsettled = d->unsettled || index->children[i].changed == 0;
    return index;
}

static void leave_out(struct document *d, const char *why)
{
    log_debug("sitemap not read: feed=%s sitemap=%s cause=\"%s\"", d->feed.url,
        d->index->children[d->index->next - 1].url, why);
    d->count = d->index->kept;
    d->total = d->index->kept_total;
    take_next(d);
}

/* The sitemap cannot be had: it is asked for again with the next poll, whatever the index says. */
static void pass_over(struct document *d, const char *why)
{
    d->unsettled = true;
    leave_out(d, why);
}

static void on_child_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct document *d = ctx;

    if (kind == ANSWER_ENTRY && (int64_t)d->count < d->flow->parts.conf->poll.max_entries)
        document_keep(d, answer);
    else if (kind == ANSWER_ENTRY)
        d->unsettled = true;
    else if (kind == ANSWER_FEED && bytes_is(record_get(answer, REC_FORMAT), "sitemap-index"))
        d->index->nested = true;
    else if (kind == ANSWER_FEED)
        d->index->announced += record_get_int(answer, REC_ENTRIES, 0);
}

static void on_child_done(void *ctx, const struct error *err)
{
    struct document *d = ctx;

    if (d->flow->stopping || d->err.code != OK)
        document_end(d, d->err.code != OK ? &d->err : err, 0, 0);
    else if (err != NULL)
        pass_over(d, err->text);
    else if (d->index->nested) /* an index may name sitemaps alone; what it lists are no articles */
        leave_out(d, "it is an index itself");
    else
        take_next(d);
}

static void on_child(void *ctx, const struct fetch_result *result)
{
    struct document *d = ctx;
    struct arena *scratch;
    struct wr_record *request;

    if (result->code == E_STOPPED) {
        document_end(d, &(struct error){.code = E_STOPPED}, 0, 0);
        return;
    }
    if (result->code != OK || result->status != 200) {
        pass_over(d, result->code != OK ? result->error : "its status");
        return;
    }
    scratch = arena_new(1 << 20);
    request = job_of_answer(scratch, result->url, result->headers, result->body);
    pool_submit(d->flow->parts.pool, &(struct pool_job){.kind = JOB_FEED,
                                         .feed = d->feed.id,
                                         .request = request,
                                         .on_answer = on_child_answer,
                                         .on_done = on_child_done,
                                         .ctx = d});
    arena_free(scratch);
}

static void take_next(struct document *d)
{
    struct index *index = d->index;
    struct fetch_request request = {0};

    if (index->next == index->count) {
        d->announced = index->announced;
        document_admit(d);
        return;
    }
    index->kept = d->count;
    index->kept_total = d->total;
    index->nested = false;
    request.url = index->children[index->next++].url;
    if (fetch_start(d->flow->parts.fetcher, &request, on_child, d) == 0)
        document_end(d, &(struct error){.code = E_STOPPED}, 0, 0);
}

void index_follow(struct document *d)
{
    d->index = index_new(d);
    d->entries = NULL;
    d->count = d->cap = d->total = 0;
    if (d->index->count == 0)
        document_admit(d);
    else
        take_next(d);
}
