/* top_show.c - two looks at the daemon: what happens between them, as JSON, lines or a screen. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/client.h"
#include "cli/format.h"
#include "cli/line.h"
#include "cli/top.h"

enum { ROWS = 24 /* of a terminal that does not say */, NAME = 14, NAME_WIDE = 32 };

static int64_t number(const struct json *object, const char *group, const char *name)
{
    return json_get_int(json_get(object, group), name, 0);
}

/* How many a second; 0 for one look. */
static double rate(int64_t now, int64_t before, const struct top_look *a, const struct top_look *b)
{
    double span = (double)(a->mono - b->mono) / SECOND;

    return span <= 0 || now < before ? 0 : (double)(now - before) / span;
}

static double polls_rate(const struct top_look *now, const struct top_look *before)
{
    return rate(number(now->status, "polls", "total"), number(before->status, "polls", "total"),
        now, before);
}

static double events_rate(const struct top_look *now, const struct top_look *before)
{
    return rate(
        number(now->status, "log", "head"), number(before->status, "log", "head"), now, before);
}

/* The same stage in the look before; a reload may have changed them. */
static const struct json *find_stage(const struct json *stages, struct bytes name)
{
    const struct json *stage = stages == NULL ? NULL : stages->first;

    while (stage != NULL && !bytes_equal(json_get_text(stage, "name"), name))
        stage = stage->next;
    return stage;
}

struct stage_rates {
    double records; /* a second */
    int64_t each;   /* microseconds a record, over all time when there was none between */
};

static struct stage_rates stage_rates(
    const struct json *stage, const struct top_look *now, const struct top_look *before)
{
    const struct json *old = find_stage(before->stages, json_get_text(stage, "name"));
    int64_t records = json_get_int(stage, "records", 0);
    int64_t count = records - json_get_int(old, "records", 0);
    int64_t time = client_seconds(stage, "seconds") - client_seconds(old, "seconds");

    if (count <= 0) {
        count = records;
        time = client_seconds(stage, "seconds");
    }
    return (struct stage_rates){
        .records = rate(records, json_get_int(old, "records", 0), now, before),
        .each = count <= 0 ? 0 : time / count};
}

/* ---- JSON ---------------------------------------------------------------------------- */

static void write_stages(
    struct json_writer *w, const struct top_look *now, const struct top_look *before)
{
    const struct json *stage = now->stages == NULL ? NULL : now->stages->first;

    json_begin_array(w, "stages");
    for (; stage != NULL; stage = stage->next) {
        struct stage_rates rates = stage_rates(stage, now, before);

        json_begin_object(w, NULL);
        json_string(w, "name", json_get_text(stage, "name"));
        json_real(w, "recordsPerSecond", rates.records, 1);
        json_real(w, "secondsPerRecord", (double)rates.each / SECOND, 6);
        json_int(w, "failed", json_get_int(stage, "failed", 0));
        json_int(w, "killed", json_get_int(stage, "killed", 0));
        json_bool(w, "setAside", json_get_bool(stage, "setAside", false));
        json_end_object(w);
    }
    json_end_array(w);
}

static void write_latency(struct json_writer *w, const struct json *records)
{
    static const char *const members[][2] = {
        {"p50", "latencyP50"}, {"p95", "latencyP95"}, {"p99", "latencyP99"}};

    json_begin_object(w, "latency");
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        json_real(w, members[i][0], (double)client_seconds(records, members[i][1]) / SECOND, 3);
    json_end_object(w);
}

/* As the daemon told it. */
static void write_part(struct json_writer *w, const struct json *status, const char *name)
{
    if (json_get(status, name) != NULL)
        json_value(w, name, json_get(status, name));
}

void top_json(const struct top_look *now, const struct top_look *before)
{
    static const char *const outputs[] = {"pub", "pull"};
    struct buf text = {0};
    struct json_writer w = {.out = &text};
    char at[CLOCK_TEXT];

    json_begin_object(&w, NULL);
    json_cstr(&w, "at", clock_format(now->at, at));
    json_real(&w, "pollsPerSecond", polls_rate(now, before), 1);
    write_part(&w, now->status, "feeds");
    write_part(&w, now->status, "polls");
    write_latency(&w, json_get(now->status, "records"));
    write_part(&w, now->status, "workers");
    write_stages(&w, now, before);
    json_begin_object(&w, "outputs");
    json_real(&w, "eventsPerSecond", events_rate(now, before), 1);
    for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
        write_part(&w, now->status, outputs[i]);
    json_end_object(&w);
    json_end_object(&w);
    printf("%s\n", buf_cstr(&text));
    buf_done(&text);
}

/* ---- for people ------------------------------------------------------------------------- */

static void add_latency(struct buf *out, const struct json *records)
{
    char p50[FORMAT_TEXT];
    char p99[FORMAT_TEXT];

    buf_printf(out, "latency p50 %s p99 %s",
        format_span(client_seconds(records, "latencyP50"), p50),
        format_span(client_seconds(records, "latencyP99"), p99));
}

static void add_feeds(struct buf *out, const struct json *feeds)
{
    static const char *const states[] = {
        "new", "slow", "silent", "failing", "blocked", "moved", "gone", "parked", "unparsable"};
    char text[FORMAT_TEXT];

    buf_printf(out, "feeds %s ok", format_count(json_get_int(feeds, "ok", 0), text));
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (json_get_int(feeds, states[i], 0) > 0)
            buf_printf(
                out, "  %s %s", format_count(json_get_int(feeds, states[i], 0), text), states[i]);
}

static void add_outputs(struct buf *out, const struct top_look *now, const struct top_look *before)
{
    char sent[FORMAT_TEXT];
    char asked[FORMAT_TEXT];

    buf_printf(out, "outputs %.1f/s  %s sent  %s subscribed  %lld consumers",
        events_rate(now, before), format_count(number(now->status, "pub", "sent"), sent),
        format_count(number(now->status, "pub", "subscriptions"), asked),
        (long long)number(now->status, "pull", "consumers"));
}

static void add_workers(struct buf *out, const struct json *status)
{
    buf_printf(out, "workers %lld of %lld busy  %lld jobs",
        (long long)number(status, "workers", "busy"), (long long)number(status, "workers", "count"),
        (long long)number(status, "workers", "jobs"));
}

void top_line(const struct top_look *now, const struct top_look *before)
{
    struct buf out = {0};
    char text[FORMAT_TEXT];

    buf_printf(&out, "%s  %.1f polls/s  ", format_clock(now->at, text), polls_rate(now, before));
    add_latency(&out, json_get(now->status, "records"));
    buf_add_cstr(&out, "  ");
    add_feeds(&out, json_get(now->status, "feeds"));
    buf_add_cstr(&out, "  ");
    add_workers(&out, now->status);
    buf_add_cstr(&out, "  ");
    add_outputs(&out, now, before);
    printf("%s\n", buf_cstr(&out));
    buf_done(&out);
}

/* A row of the screen, of which there are *left; what stood there before goes. */
static void row(int *left, enum cli_colour colour, struct buf *text)
{
    struct line line = line_begin(stdout);

    if (*left > 0) {
        line_put(&line, colour, buf_bytes(text), SIZE_MAX, false);
        fputs(--*left > 0 ? "\033[K\r\n" : "\033[K", stdout);
    }
    buf_clear(text);
}

static void stage_rows(
    int *left, struct buf *out, const struct top_look *now, const struct top_look *before)
{
    const struct json *stage = now->stages == NULL ? NULL : now->stages->first;
    int wide = line_begin(stdout).columns < LINE_NARROW ? NAME : NAME_WIDE;

    buf_printf(
        out, "%-*s %9s %12s %7s %7s", wide, "STAGE", "records/s", "each", "failed", "killed");
    row(left, CLI_DIM, out);
    for (; stage != NULL; stage = stage->next) {
        struct stage_rates rates = stage_rates(stage, now, before);
        bool bad = json_get_bool(stage, "setAside", false);

        buf_printf(out, "%-*.*s %9.1f %9.3f ms %7lld %7lld%s", wide,
            FMT(bytes_slice(json_get_text(stage, "name"), 0, (size_t)wide)), rates.records,
            (double)rates.each / 1000, (long long)json_get_int(stage, "failed", 0),
            (long long)json_get_int(stage, "killed", 0), bad ? "  rests" : "");
        row(left, bad ? CLI_RED : CLI_PLAIN, out);
    }
}

void top_screen(const struct top_look *now, const struct top_look *before, const char *trouble)
{
    struct winsize size = {0};
    struct buf out = {0};
    char text[FORMAT_TEXT];
    int left = ROWS;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
        left = size.ws_row;
    fputs("\033[H", stdout);
    buf_printf(&out, "wireroomd %.*s  up %s   q ends", FMT(json_get_text(now->status, "version")),
        format_span(client_seconds(now->status, "uptime"), text));
    row(&left, CLI_BOLD, &out);
    if (trouble != NULL) {
        buf_printf(&out, "%s since %s; waiting for it", trouble, format_clock(now->at, text));
        row(&left, CLI_RED, &out);
    }
    add_feeds(&out, json_get(now->status, "feeds"));
    row(&left, CLI_PLAIN, &out);
    buf_printf(&out, "polls %.1f/s  %s due in the next minute", polls_rate(now, before),
        format_count(number(now->status, "feeds", "dueNextMinute"), text));
    row(&left, CLI_PLAIN, &out);
    add_latency(&out, json_get(now->status, "records"));
    row(&left, CLI_PLAIN, &out);
    add_workers(&out, now->status);
    row(&left, CLI_PLAIN, &out);
    add_outputs(&out, now, before);
    row(&left, CLI_PLAIN, &out);
    row(&left, CLI_PLAIN, &out);
    stage_rows(&left, &out, now, before);
    fputs("\033[J", stdout);
    buf_done(&out);
}
