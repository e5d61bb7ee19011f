/* status.c - how the daemon is: the numbers of all its parts in one answer. */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "deliver/deliver.h"
#include "flow/event.h"
#include "flow/flow.h"
#include "lists/subscriptions.h"
#include "poll/state.h"
#include "pool/pool.h"
#include "recheck/recheck.h"
#include "store/disk.h"
#include "view/view.h"
#include "websub/websub.h"

enum { STAGES_MOST = 64 };

/* From /proc (proc_pid_statm(5)). */
int64_t view_resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    int64_t pages = 0;
    char line[200];
    struct bytes rest;

    if (file == NULL)
        return 0;
    rest = fgets(line, sizeof(line), file) == NULL ? LIT("") : bytes_of(line);
    fclose(file);
    bytes_cut(&rest, ' '); /* the whole size */
    bytes_to_int(bytes_cut(&rest, ' '), &pages);
    return pages * sysconf(_SC_PAGESIZE);
}

static void write_feeds(struct json_writer *w, const struct poll *poll)
{
    struct poll_counters counters = {0};
    uint64_t fresh, failed;

    poll_counters(poll, &counters);
    poll_count_fresh(poll, &fresh, &failed);
    counters.by_state[FEED_OK] -= fresh;
    json_begin_object(w, "feeds");
    json_int(w, "total", (int64_t)counters.feeds);
    json_int(w, feed_state_new, (int64_t)fresh);
    for (int i = 0; i < FEED_STATES; i++)
        json_int(w, feed_state_name(i), (int64_t)counters.by_state[i]);
    json_int(w, "failedLast", (int64_t)failed);
    json_int(w, "diagnosed", (int64_t)counters.diagnosed);
    json_int(w, "dueNextMinute", (int64_t)counters.due_next_minute);
    json_end_object(w);
    json_begin_object(w, "polls");
    json_int(w, "total", (int64_t)counters.polls);
    json_int(w, "unchanged", (int64_t)counters.unchanged);
    json_int(w, "changed", (int64_t)counters.changed);
    json_int(w, "failed", (int64_t)counters.failed);
    json_end_object(w);
}

static void write_trouble(void *ctx, const struct poll_trouble *trouble)
{
    struct json_writer *w = ctx;

    json_begin_object(w, NULL);
    event_write_trouble(w, trouble);
    json_end_object(w);
}

static void write_flow(struct json_writer *w, const struct flow *flow)
{
    struct flow_counters counters = {0};

    flow_counters(flow, &counters);
    json_begin_object(w, "records");
    json_int(w, "inFlight", (int64_t)counters.in_flight);
    json_int(w, "waiting", (int64_t)counters.waiting);
    json_int(w, "entries", (int64_t)counters.entries);
    json_int(w, "published", (int64_t)counters.published);
    json_int(w, "updated", (int64_t)counters.updated);
    json_int(w, "dropped", (int64_t)counters.dropped);
    json_int(w, "quarantined", (int64_t)counters.quarantined);
    json_int(w, "documents", (int64_t)counters.documents);
    json_int(w, "badDocuments", (int64_t)counters.bad_documents);
    json_int(w, "pages", (int64_t)counters.pages);
    json_int(w, "pageFailures", (int64_t)counters.page_failures);
    json_real(w, "latencyP50", (double)counters.latency_p50 / SECOND, 3);
    json_real(w, "latencyP95", (double)counters.latency_p95 / SECOND, 3);
    json_real(w, "latencyP99", (double)counters.latency_p99 / SECOND, 3);
    json_end_object(w);
}

/* Articles' pages: how many failed, what waits for one, and what came later. */
static void write_pages(struct json_writer *w, const struct view *view)
{
    struct flow_counters flow = {0};
    struct recheck_counters recheck = {0};

    flow_counters(view->flow, &flow);
    recheck_counters(view->recheck, &recheck);
    json_begin_object(w, "pages");
    json_int(w, "asked", (int64_t)flow.pages);
    json_int(w, "failed", (int64_t)flow.page_failures);
    json_int(w, "waiting", (int64_t)flow.pages_waiting);
    json_int(w, "late", (int64_t)flow.pages_late);
    json_int(w, "toRecheck", (int64_t)recheck.waiting);
    json_int(w, "rechecks", (int64_t)recheck.looks);
    json_int(w, "rechecked", (int64_t)flow.pages_rechecked);
    json_int(w, "givenUp", (int64_t)recheck.given_up);
    json_int(w, "crowdedOut", (int64_t)recheck.crowded_out);
    json_end_object(w);
}

static void write_list_warnings(struct json_writer *w, const struct buf *warnings)
{
    json_begin_array(w, "listWarnings");
    for (struct bytes rest = buf_bytes(warnings); rest.len > 0;)
        json_string(w, NULL, bytes_cut(&rest, '\n'));
    json_end_array(w);
}

static void write_rest(void *ctx, const struct pool_rest *rest)
{
    struct json_writer *w = ctx;

    json_begin_object(w, NULL);
    json_cstr(w, "stage", rest->stage);
    if (rest->site != NULL)
        json_cstr(w, "site", rest->site);
    view_time(w, "until", clock_wall() + rest->until - clock_mono());
    json_end_object(w);
}

static void write_workers(struct json_writer *w, const struct pool *pool)
{
    size_t busy = 0;
    size_t count = pool_workers(pool, &busy);

    json_begin_object(w, "workers");
    json_int(w, "count", (int64_t)count);
    json_int(w, "busy", (int64_t)busy);
    json_int(w, "jobs", (int64_t)pool_waiting(pool));
    json_end_object(w);
}

static void write_pub(struct json_writer *w, const struct deliver *deliver)
{
    struct push_counters counters = {0};

    deliver_counters(deliver, &counters);
    json_begin_object(w, "pub");
    json_int(w, "sent", (int64_t)counters.sent);
    json_int(w, "bytes", (int64_t)counters.bytes);
    json_int(w, "subscriptions", (int64_t)counters.subscriptions);
    json_int(w, "refused", (int64_t)counters.refused);
    json_end_object(w);
}

static void count_consumer(void *ctx, struct consumer *consumer)
{
    (void)consumer;
    ++*(int64_t *)ctx;
}

static void write_pull(struct json_writer *w, const struct deliver *deliver)
{
    struct pull_counters counters = {0};
    int64_t consumers = 0;

    pull_counters(deliver_pull(deliver), &counters);
    consumers_each(pull_consumers(deliver_pull(deliver)), count_consumer, &consumers);
    json_begin_object(w, "pull");
    json_int(w, "sent", (int64_t)counters.sent);
    json_int(w, "bytes", (int64_t)counters.bytes);
    json_int(w, "clients", (int64_t)counters.clients);
    json_int(w, "consumers", consumers);
    json_end_object(w);
}

static void write_push(struct json_writer *w, const struct websub *websub)
{
    struct websub_counters counters = {0};

    websub_counters(websub, &counters);
    json_begin_object(w, "push");
    json_bool(w, "listening", websub_is_on(websub));
    json_int(w, "subscriptions", (int64_t)counters.subscriptions);
    json_int(w, "live", (int64_t)counters.live);
    json_int(w, "reliedOn", (int64_t)counters.relied);
    json_int(w, "leaving", (int64_t)counters.leaving);
    json_int(w, "requests", (int64_t)counters.asked);
    json_int(w, "verified", (int64_t)counters.verified);
    json_int(w, "denied", (int64_t)counters.denied);
    json_int(w, "failed", (int64_t)counters.failed);
    json_int(w, "refused", (int64_t)counters.refused);
    json_int(w, "unknown", (int64_t)counters.unknown);
    json_int(w, "taken", (int64_t)counters.pushed);
    json_int(w, "late", (int64_t)counters.late);
    json_int(w, "unsigned", (int64_t)counters.unsigned_);
    json_int(w, "forged", (int64_t)counters.forged);
    json_int(w, "tooLarge", (int64_t)counters.too_large);
    json_int(w, "tooMany", (int64_t)counters.too_many);
    json_end_object(w);
}

static void write_store(struct json_writer *w, const struct view *view)
{
    struct store_log log = store_log_state(view->store);
    size_t quarantined = 0;

    disk_write(view->store, view->conf, w);
    json_begin_object(w, "log");
    json_cstr(w, "epoch", store_epoch(view->store));
    json_int(w, "first", (int64_t)log.first);
    json_int(w, "head", (int64_t)log.head);
    json_end_object(w);
    if (store_quarantined_count(view->store, &quarantined, NULL) == OK)
        json_int(w, "quarantine", (int64_t)quarantined);
    view_entries_write(view->store, w);
    view_counters_write(view->store, w);
}

/* Stories of the log, by the states that they were told in last. */
static const char *const story_states[] = {"new", "developing", "peaking", "fading", "closed"};
enum { STORY_STATES = sizeof(story_states) / sizeof(story_states[0]) };

static int count_state(void *ctx, const char *name, uint64_t value)
{
    static const char family[] = "stories.";
    int64_t *counts = ctx;

    for (size_t i = 0; strncmp(name, family, strlen(family)) == 0 && i < STORY_STATES; i++)
        if (strcmp(name + strlen(family), story_states[i]) == 0)
            counts[i] = (int64_t)value;
    return 0;
}

static void write_stories(struct json_writer *w, struct store *store)
{
    int64_t counts[STORY_STATES] = {0};

    store_counters(store, count_state, counts, NULL);
    json_begin_object(w, "stories");
    for (size_t i = 0; i < STORY_STATES; i++)
        json_int(w, story_states[i], counts[i]);
    json_end_object(w);
}

void view_status(const struct view *view, struct json_writer *w)
{
    json_begin_array(w, "troubles");
    poll_troubles(view->poll, write_trouble, w);
    json_end_array(w);
    json_cstr(w, "version", WIREROOM_VERSION);
    json_cstr(w, "instance", view->conf->instance);
    json_int(w, "pid", getpid());
    view_time(w, "started", view->started);
    json_real(w, "uptime", (double)(clock_wall() - view->started) / SECOND, 1);
    json_cstr(w, "config", view->conf->path);
    view_time(w, "configLoaded", view->conf->loaded);
    json_cstr(w, "endpoint", view->conf->listen.pub);
    json_cstr(w, "publicKey", deliver_public_key(view->deliver));
    json_int(w, "resident", view_resident_bytes());
    write_feeds(w, view->poll);
    write_flow(w, view->flow);
    write_pages(w, view);
    health_write(flow_health(view->flow), w);
    json_begin_array(w, "resting");
    pool_rests(view->pool, write_rest, w);
    json_end_array(w);
    write_workers(w, view->pool);
    write_pub(w, view->deliver);
    write_pull(w, view->deliver);
    write_push(w, view->websub);
    json_int(w, "jobsWaiting", (int64_t)pool_waiting(view->pool));
    json_int(w, "requestsInFlight", (int64_t)fetch_in_flight(view->fetcher));
    json_int(w, "requestsWaiting", (int64_t)fetch_waiting(view->fetcher));
    write_store(w, view);
    write_stories(w, view->store);
    subscriptions_write(view->subscriptions, w);
    write_list_warnings(w, view->list_warnings);
}

void view_stages(const struct view *view, struct json_writer *w)
{
    struct pool_stage_view stages[STAGES_MOST];
    size_t count = pool_stages(view->pool, stages, STAGES_MOST);

    json_begin_array(w, "stages");
    for (size_t i = 0; i < count && i < STAGES_MOST; i++) {
        json_begin_object(w, NULL);
        json_cstr(w, "name", stages[i].name);
        json_cstr(w, "version", stages[i].version);
        json_int(w, "records", (int64_t)stages[i].records);
        json_int(w, "failed", (int64_t)stages[i].failed);
        json_int(w, "killed", (int64_t)stages[i].killed);
        json_real(w, "seconds", (double)stages[i].time / SECOND, 6);
        json_bool(w, "setAside", stages[i].set_aside);
        json_end_object(w);
    }
    json_end_array(w);
}
