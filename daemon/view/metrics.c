/* metrics.c - the daemon in numbers for Prometheus: the text form of OpenMetrics 1.0. */
#include <unistd.h>

#include "base/clock.h"
#include "deliver/deliver.h"
#include "flow/flow.h"
#include "poll/state.h"
#include "pool/pool.h"
#include "recheck/recheck.h"
#include "view/view.h"
#include "websub/websub.h"

enum { STAGES_MOST = 64 };

/* A family; the samples of a counter end in _total, as name does not (section 4.2). */
static void begin(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

/* The value of a label, with what would end it written otherwise. */
static void add_value(struct buf *out, struct bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];

        if (c == '"' || c == '\\')
            buf_add_byte(out, '\\');
        if (c == '\n')
            buf_add_cstr(out, "\\n");
        else
            buf_add_byte(out, c);
    }
}

static void sample(
    struct buf *out, const char *name, const char *label, struct bytes value, double number)
{
    buf_add_cstr(out, name);
    if (label != NULL) {
        buf_printf(out, "{%s=\"", label);
        add_value(out, value);
        buf_add_cstr(out, "\"}");
    }
    buf_printf(out, " %.15g\n", number);
}

static void plain(
    struct buf *out, const char *name, const char *type, const char *help, uint64_t number)
{
    bool is_counter = strcmp(type, "counter") == 0;

    begin(out, name, type, help);
    buf_printf(out, "%s%s %llu\n", name, is_counter ? "_total" : "", (unsigned long long)number);
}

static void histogram(
    struct buf *out, const char *name, const char *help, const struct histogram *h)
{
    uint64_t count = 0;

    begin(out, name, "histogram", help);
    for (int i = 0; i <= HISTOGRAM_BOUNDS; i++) {
        count += h->counts[i];
        if (i < HISTOGRAM_BOUNDS)
            buf_printf(out, "%s_bucket{le=\"%.15g\"} %llu\n", name,
                (double)histogram_bounds[i] / SECOND, (unsigned long long)count);
        else
            buf_printf(out, "%s_bucket{le=\"+Inf\"} %llu\n", name, (unsigned long long)count);
    }
    buf_printf(out, "%s_sum %.15g\n%s_count %llu\n", name, (double)h->sum / SECOND, name,
        (unsigned long long)count);
}

static void write_polls(const struct view *view, struct buf *out)
{
    struct poll_counters c = {0};
    uint64_t fresh, failed;

    poll_counters(view->poll, &c);
    poll_count_fresh(view->poll, &fresh, &failed);
    c.by_state[FEED_OK] -= fresh;
    begin(out, "wireroom_feeds", "gauge", "Feeds by their state.");
    sample(out, "wireroom_feeds", "state", bytes_of(feed_state_new), (double)fresh);
    for (int i = 0; i < FEED_STATES; i++)
        sample(out, "wireroom_feeds", "state", bytes_of(feed_state_name(i)), (double)c.by_state[i]);
    plain(out, "wireroom_feeds_diagnosed", "gauge", "Feeds with something wrong in their document.",
        c.diagnosed);
    begin(out, "wireroom_polls", "counter", "Polls by what they brought, since the start.");
    sample(out, "wireroom_polls_total", "result", LIT("unchanged"), (double)c.unchanged);
    sample(out, "wireroom_polls_total", "result", LIT("changed"), (double)c.changed);
    sample(out, "wireroom_polls_total", "result", LIT("failed"), (double)c.failed);
    histogram(out, "wireroom_poll_lateness_seconds", "Polls behind the time that they were due at.",
        &c.lateness);
}

static void write_events(const struct measure *measure, struct buf *out)
{
    static const char *const silent[] = {"false", "true"};

    histogram(out, "wireroom_publish_to_record_seconds",
        "From the date that its publisher gives a new article to its event.",
        &measure->published_to_recorded);
    begin(out, "wireroom_extract_status", "counter", "Events of articles by how their page fared.");
    for (int i = 0; i < MEASURE_STATUSES; i++)
        sample(out, "wireroom_extract_status_total", "status", bytes_of(measure_statuses[i]),
            (double)measure->by_status[i]);
    begin(out, "wireroom_edits", "counter",
        "Changes of articles; silent: the publisher gives no time of the change.");
    for (int i = 0; i < 2 * MEASURE_SEVERITIES; i++)
        buf_printf(out, "wireroom_edits_total{severity=\"%s\",silent=\"%s\"} %llu\n",
            measure_severities[i / 2], silent[i % 2],
            (unsigned long long)measure->edits[i / 2][i % 2]);
}

static void write_records(const struct view *view, struct buf *out)
{
    struct flow_counters c = {0};

    flow_counters(view->flow, &c);
    plain(out, "wireroom_records_in_flight", "gauge", "Records that are worked on.", c.in_flight);
    plain(out, "wireroom_records_waiting", "gauge", "Records that wait for their turn.", c.waiting);
    plain(
        out, "wireroom_pages", "counter", "Pages of articles asked for, since the start.", c.pages);
    plain(
        out, "wireroom_page_failures", "counter", "Pages that could not be had.", c.page_failures);
    begin(out, "wireroom_seen_to_published_seconds", "gauge",
        "From an entry's first sight to its event, of the last thousand.");
    sample(out, "wireroom_seen_to_published_seconds", "quantile", LIT("0.5"),
        (double)c.latency_p50 / SECOND);
    sample(out, "wireroom_seen_to_published_seconds", "quantile", LIT("0.95"),
        (double)c.latency_p95 / SECOND);
    sample(out, "wireroom_seen_to_published_seconds", "quantile", LIT("0.99"),
        (double)c.latency_p99 / SECOND);
    write_events(&c.measure, out);
}

struct family {
    struct buf *out;
    const char *prefix, *name, *label;
};

/* Each under one end: their sum, and what is pending, is what was seen and what was looked at
 * again. */
static void write_items(const struct view_entries *e, struct buf *out)
{
    const struct {
        const char *disposition;
        int64_t count;
    } ends[] = {{"published", e->published}, {"known", e->known}, {"duplicate", e->duplicate},
        {"marked", e->marked}, {"old", e->old}, {"dropped", e->dropped},
        {"quarantined", e->quarantined}};

    begin(out, "wireroom_items", "counter",
        "Items of feeds by how they ended: with wireroom_entries_pending all that were seen.");
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        sample(out, "wireroom_items_total", "disposition", bytes_of(ends[i].disposition),
            (double)ends[i].count);
}

static int add_counter(void *ctx, const char *name, uint64_t value)
{
    const struct family *family = ctx;
    struct bytes rest = bytes_of(name);

    /* what is pending goes up and down */
    if (bytes_starts(rest, bytes_of(family->prefix)) && !bytes_is(rest, "entries.pending"))
        sample(family->out, family->name, family->label, bytes_from(rest, strlen(family->prefix)),
            (double)value);
    return 0;
}

/* Counters of the store, which stand since it was made and add up (store.h). */
static void write_counters(const struct view *view, struct buf *out)
{
    static const struct {
        const char *prefix, *family, *label, *help;
    } families[] = {
        {"entries.", "wireroom_entries", "disposition",
            "Entries: seen = new + changed + known + duplicate + marked + old."
            " new + changed + rechecked = published + dropped + quarantined + pending."},
        {"dropped.", "wireroom_dropped", "cause", "Entries that ended without an event."},
        {"events.", "wireroom_events", "type", "Events of the log."},
        {"trimmed.", "wireroom_trimmed", "what", "What left the log."},
    };

    struct view_entries entries = view_entries(view->store);

    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        char name[64];
        struct family family = {out, families[i].prefix, name, families[i].label};

        snprintf(name, sizeof(name), "%s_total", families[i].family);
        begin(out, families[i].family, "counter", families[i].help);
        store_counters(view->store, add_counter, &family, NULL);
    }
    write_items(&entries, out);
    plain(out, "wireroom_entries_pending", "gauge",
        "Entries that are admitted and have no end yet.", (uint64_t)entries.pending);
    begin(out, "wireroom_entries_unaccounted", "gauge",
        "Entries that were seen and are in none of these counters: 0, or there is a bug.");
    sample(out, "wireroom_entries_unaccounted", NULL, LIT(""), (double)entries.unaccounted);
}

static void write_stories(const struct view *view, struct buf *out)
{
    struct family family = {out, "stories.", "wireroom_stories", "state"};

    begin(out, family.name, "gauge", "Stories by the state that they were told in last.");
    store_counters(view->store, add_counter, &family, NULL);
}

static void write_store(const struct view *view, struct buf *out)
{
    struct store_log log = store_log_state(view->store);
    struct store_disk disk = store_disk(view->store);
    size_t quarantined = 0;

    plain(out, "wireroom_log_first", "gauge", "Sequence of the oldest event kept.", log.first);
    plain(out, "wireroom_log_head", "gauge", "Sequence of the newest event.", log.head);
    plain(out, "wireroom_log_bytes", "gauge", "Bytes of the store's file.", (uint64_t)disk.file);
    plain(out, "wireroom_wal_bytes", "gauge", "Bytes of its write-ahead log.", (uint64_t)disk.wal);
    plain(out, "wireroom_store_ok", "gauge", "1 while it can be written.",
        store_trouble(view->store).err.code == OK);
    if (store_quarantined_count(view->store, &quarantined, NULL) == OK)
        plain(out, "wireroom_quarantined", "gauge", "Records that were put aside.", quarantined);
}

static void write_stages(const struct view *view, struct buf *out)
{
    struct pool_stage_view stages[STAGES_MOST];
    size_t count = pool_stages(view->pool, stages, STAGES_MOST);

    count = count < STAGES_MOST ? count : STAGES_MOST;
    begin(out, "wireroom_stage_records", "counter", "Records that went through a stage.");
    for (size_t i = 0; i < count; i++)
        sample(out, "wireroom_stage_records_total", "stage", bytes_of(stages[i].name),
            (double)stages[i].records);
    begin(out, "wireroom_stage_seconds", "counter", "Time spent in a stage.");
    for (size_t i = 0; i < count; i++)
        sample(out, "wireroom_stage_seconds_total", "stage", bytes_of(stages[i].name),
            (double)stages[i].time / SECOND);
    begin(out, "wireroom_stage_errors", "counter", "Records that failed in a stage.");
    for (size_t i = 0; i < count; i++)
        sample(out, "wireroom_stage_errors_total", "stage", bytes_of(stages[i].name),
            (double)(stages[i].failed + stages[i].killed));
}

struct lag {
    struct buf *out;
    uint64_t head;
};

static void add_lag(void *ctx, struct consumer *consumer)
{
    const struct lag *lag = ctx;

    sample(lag->out, "wireroom_consumer_lag", "consumer", bytes_of(consumer->name),
        (double)(lag->head > consumer->acked ? lag->head - consumer->acked : 0));
}

static void write_outputs(const struct view *view, struct buf *out)
{
    struct push_counters push = {0};
    struct pull_counters pull = {0};
    struct websub_counters hubs = {0};
    struct lag lag = {out, store_log_state(view->store).head};

    deliver_counters(view->deliver, &push);
    pull_counters(deliver_pull(view->deliver), &pull);
    websub_counters(view->websub, &hubs);
    begin(out, "wireroom_out_events", "counter", "Events handed out, by output.");
    sample(out, "wireroom_out_events_total", "output", LIT("pub"), (double)push.sent);
    sample(out, "wireroom_out_events_total", "output", LIT("pull"), (double)pull.sent);
    begin(out, "wireroom_out_dropped", "counter",
        "Events that did not go out: pub, a subscriber had no room (it misses them at least); "
        "pull, "
        "they left the log before they were read.");
    sample(out, "wireroom_out_dropped_total", "output", LIT("pub"), (double)push.dropped);
    sample(out, "wireroom_out_dropped_total", "output", LIT("pull"), (double)pull.trimmed);
    plain(out, "wireroom_connections_refused", "counter",
        "Connections of subscribers that went over a bound, or for which there was no room.",
        push.refused);
    plain(out, "wireroom_subscriptions", "gauge", "Topics subscribed to.", push.subscriptions);
    plain(out, "wireroom_pull_clients", "gauge", "Clients of the pull socket.", pull.clients);
    begin(out, "wireroom_consumer_lag", "gauge", "Events behind what a consumer acknowledged.");
    consumers_each(pull_consumers(deliver_pull(view->deliver)), add_lag, &lag);
    plain(out, "wireroom_hub_leases", "gauge", "Subscriptions at hubs that are live.", hubs.live);
}

void view_metrics(const struct view *view, struct buf *out)
{
    begin(out, "wireroom_build", "info", "What runs.");
    buf_printf(out, "wireroom_build_info{version=\"%s\"} 1\n", WIREROOM_VERSION);
    begin(out, "wireroom_start_time_seconds", "gauge", "When it was started.");
    buf_printf(out, "wireroom_start_time_seconds %.3f\n", (double)view->started / SECOND);
    plain(out, "wireroom_resident_bytes", "gauge", "Memory of the daemon's own process.",
        (uint64_t)view_resident_bytes());
    write_polls(view, out);
    write_records(view, out);
    write_counters(view, out);
    write_stories(view, out);
    write_store(view, out);
    write_stages(view, out);
    write_outputs(view, out);
    buf_add_cstr(out, "# EOF\n");
}
