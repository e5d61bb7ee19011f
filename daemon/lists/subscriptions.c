/* subscriptions.c - knows when a list elsewhere is asked for, and what of its answer is believed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "fetch/fetch.h"
#include "lists/private.h"
#include "poll/rule.h"
#include "pool/pool.h"

enum { BODY_MOST = 64 << 20, ANSWER_MOST = 512 << 20, TICK = 1000, NEXT = 5 };

static const int64_t first_retry = 60 * (int64_t)SECOND;

static void on_timer(uv_timer_t *timer);

static void arm(struct subscriptions *s, uint64_t wait)
{
    if (!s->closing)
        uv_timer_start(&s->timer, on_timer, clock_sleep(wait), 0);
}

static void list_free(struct list *list)
{
    free(list->url);
    free(list->etag);
    free(list->last_modified);
    free(list->validated);
    free(list->new_etag);
    free(list->new_last_modified);
    free(list->new_validated);
    free(list->known);
    arena_free(list->arena);
    free(list);
}

/* Free those that are no longer named and have nothing under way. */
static void sweep(struct subscriptions *s)
{
    struct list **at = &s->lists;

    while (*at != NULL) {
        struct list *list = *at;

        if (list->gone && !list->busy) {
            *at = list->next;
            list_free(list);
        } else {
            at = &list->next;
        }
    }
}

/* ---- one look at a list, and how it ends */

static void end_look(struct list *list, int64_t wait)
{
    int64_t interval = list->all->conf->poll.subscriptions_interval;

    arena_free(list->arena);
    list->arena = NULL;
    list->answer = NULL;
    list->busy = false;
    list->due = clock_mono() + (wait > 0 ? wait : interval);
}

static void succeed(struct list *list, int64_t wait)
{
    if (list->error[0] != '\0')
        log_about(LOG_LEVEL_INFO,
            &(struct log_about){.message = MESSAGE_LIST, .url = bytes_of(list->url)},
            "list can be read again: list=%s", list->url);
    list->error[0] = '\0';
    list->failures = 0;
    list->last_success = clock_wall();
    end_look(list, wait);
}

/* Told when it is another trouble than before; nothing that was followed is touched. */
static void fail_look(struct list *list, const char *why, int64_t retry_after)
{
    int64_t interval = list->all->conf->poll.subscriptions_interval;
    int64_t wait = first_retry << (list->failures > 10 ? 10 : list->failures);

    if (strncmp(list->error, why, sizeof(list->error) - 1) != 0)
        log_about(LOG_LEVEL_WARNING,
            &(struct log_about){.message = MESSAGE_LIST, .url = bytes_of(list->url)},
            "list not read, its feeds stay as they are: list=%s cause=\"%s\"", list->url, why);
    snprintf(list->error, sizeof(list->error), "%s", why);
    list->failures++;
    wait = wait > interval ? interval : wait;
    end_look(list, retry_after > wait ? retry_after : wait);
}

/* What was found is in force: the next question carries its validators. */
static void take_validators(struct list *list)
{
    free(list->etag);
    free(list->last_modified);
    free(list->validated);
    list->etag = list->new_etag;
    list->last_modified = list->new_last_modified;
    list->validated = list->new_validated;
    list->body_hash = list->new_hash;
    list->new_etag = list->new_last_modified = list->new_validated = NULL;
}

static void on_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct list *list = ctx;

    if (kind == ANSWER_TEXT)
        json_parse(list->arena, record_get(answer, REC_TEXT), &list->answer, NULL);
}

static void on_parsed(void *ctx, const struct error *err)
{
    struct list *list = ctx;
    struct bytes refused = json_get_text(list->answer, "error");
    const struct json *feeds = json_get(list->answer, "feeds");
    struct error begun = {0};

    if (list->all->closing || list->gone)
        end_look(list, 0);
    else if (err != NULL)
        fail_look(list, err->text, 0);
    else if (refused.len > 0)
        fail_look(list, bytes_cstr(list->arena, refused), 0);
    else if (!json_get_bool(list->answer, "complete", false))
        fail_look(list, "it ends before its last element is closed", 0);
    else if (feeds == NULL || feeds->first == NULL)
        fail_look(list, "there is no feed in it", 0);
    else if (list_begin(list, feeds, &begun) != OK)
        fail_look(list, begun.text, 0);
    else {
        arm(list->all, 0);
        return;
    }
    sweep(list->all);
}

static void read_answer(struct list *list, const struct fetch_result *result)
{
    struct wr_record *request;

    list->arena = arena_new(ANSWER_MOST);
    request = job_of_answer(list->arena, result->url, result->headers, result->body);
    pool_submit(list->all->parts.pool, &(struct pool_job){.kind = JOB_OPML_JSON,
                                           .request = request,
                                           .on_answer = on_answer,
                                           .on_done = on_parsed,
                                           .ctx = list});
}

static void on_fetched(void *ctx, const struct fetch_result *result)
{
    struct list *list = ctx;
    char text[60];

    list->ticket = 0;
    snprintf(text, sizeof(text), "status %d", result->status);
    if (result->code != OK) {
        fail_look(list, result->error == NULL ? code_name(result->code) : result->error,
            result->retry_after);
    } else if (result->status == 304 && result->conditional) {
        succeed(list, result->max_age);
    } else if (!rule_is_document(result->status)) {
        fail_look(list, text, result->retry_after);
    } else {
        list->new_hash = hash64(result->body);
        list->new_etag = new_text(result->etag);
        list->new_last_modified = new_text(result->last_modified);
        list->new_validated = new_text(result->url);
        if (list->new_hash == list->body_hash && list->known_count > 0) {
            take_validators(list);
            succeed(list, 0);
        } else {
            read_answer(list, result);
        }
    }
    arm(list->all, TICK);
}

static void ask(struct list *list)
{
    const struct fetch_request request = {.url = list->url,
        .etag = list->etag,
        .last_modified = list->last_modified,
        .validated = list->validated,
        .accept = "text/x-opml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
        .max_body = BODY_MOST};

    free(list->new_etag);
    free(list->new_last_modified);
    free(list->new_validated);
    list->new_etag = list->new_last_modified = list->new_validated = NULL;
    list->busy = true;
    list->ticket = fetch_start(list->all->parts.fetcher, &request, on_fetched, list);
    if (list->ticket == 0)
        list->busy = false;
}

/* Take the next step with each list: some feeds of an answer, or the next question. */
static void on_timer(uv_timer_t *timer)
{
    struct subscriptions *s = timer->data;
    struct error err = {0};
    bool more = false;

    for (struct list *list = s->lists; list != NULL; list = list->next) {
        int code = list_is_open(list) ? list_step(list, &err) : OK;

        if (code < 0) {
            fail_look(list, err.text, 0);
        } else if (code == LIST_DONE) {
            take_validators(list);
            succeed(list, 0);
        }
        more = more || list_is_open(list);
        if (!list->busy && !list->gone && list->due <= clock_mono())
            ask(list);
    }
    sweep(s);
    if (s->lists != NULL)
        arm(s, more ? NEXT : TICK);
}

/* ---- coming and going */

static void add_list(struct subscriptions *s, const char *url)
{
    struct list *list = new_zeroed(sizeof(*list));

    list->all = s;
    list->url = new_text(url);
    list->due = clock_mono();
    list->next = s->lists;
    s->lists = list;
}

void subscriptions_reload(struct subscriptions *s, const struct conf *conf)
{
    const char *const *urls = conf->subscriptions;
    struct error err = {0};
    size_t removed = 0;

    s->conf = conf;
    for (struct list *list = s->lists; list != NULL; list = list->next) {
        list->gone = true;
        for (size_t i = 0; urls[i] != NULL; i++)
            list->gone = list->gone && strcmp(urls[i], list->url) != 0;
        if (list->gone && list->ticket != 0) {
            fetch_cancel(s->parts.fetcher, list->ticket);
            list->ticket = 0;
            list->busy = false;
        } else if (list->gone && list_is_open(list)) {
            end_look(list, 0);
        }
    }
    sweep(s);
    for (size_t i = 0; urls[i] != NULL; i++)
        if (list_find(s, urls[i]) == NULL)
            add_list(s, urls[i]);
    if (lists_leave(s, NULL, &removed, &err) != OK)
        log_warning(
            "feeds of lists that are no longer named may come back: cause=\"%s\"", err.text);
    else if (removed > 0)
        log_info("feeds of lists that are no longer named removed: count=%zu", removed);
    if (s->lists != NULL)
        arm(s, 0);
}

void subscriptions_force(struct subscriptions *s)
{
    for (struct list *list = s->lists; list != NULL; list = list->next) {
        list->forced = true;
        list->body_hash = 0;
        free(list->etag);
        free(list->last_modified);
        list->etag = list->last_modified = NULL;
        list->due = 0;
    }
    if (s->lists != NULL)
        arm(s, 0);
}

struct subscriptions *subscriptions_open(
    const struct subscriptions_parts *parts, const struct conf *conf)
{
    struct subscriptions *s = new_zeroed(sizeof(*s));

    s->parts = *parts;
    uv_timer_init(parts->loop, &s->timer);
    s->timer.data = s;
    subscriptions_reload(s, conf);
    return s;
}

void subscriptions_close(struct subscriptions *s)
{
    if (s == NULL)
        return;
    s->closing = true;
    uv_timer_stop(&s->timer);
    for (struct list *list = s->lists; list != NULL; list = list->next)
        if (list->ticket != 0)
            fetch_cancel(s->parts.fetcher, list->ticket);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void subscriptions_free(struct subscriptions *s)
{
    if (s == NULL)
        return;
    while (s->lists != NULL) {
        struct list *list = s->lists;

        s->lists = list->next;
        list_free(list);
    }
    uv_close((uv_handle_t *)&s->timer, on_closed);
}

void subscriptions_write(const struct subscriptions *s, struct json_writer *w)
{
    char text[CLOCK_TEXT];

    json_begin_array(w, "subscriptions");
    for (const struct list *list = s == NULL ? NULL : s->lists; list != NULL; list = list->next) {
        json_begin_object(w, NULL);
        json_cstr(w, "url", list->url);
        json_int(w, "feeds", (int64_t)list->known_count);
        if (list->last_success != 0)
            json_cstr(w, "lastSuccess", clock_format(list->last_success, text));
        if (list->error[0] != '\0')
            json_cstr(w, "error", list->error);
        json_end_object(w);
    }
    json_end_array(w);
}
