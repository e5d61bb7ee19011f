/* trouble.c - what is wrong for many feeds at once is told once, for none of them, and made good
 * when it is over. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "poll/private.h"

static const struct {
    const char *id, *begins, *over;
} ways[OUTAGE_WAYS] = {
    [OUTAGE_NAMES] = {"names", "no host's name is resolved: the resolver or the network is away",
        "names of hosts are resolved again"},
    [OUTAGE_ANSWERS] = {"network", "no host answers: the network is away", "hosts answer again"},
    [OUTAGE_TRUST] = {"certificates",
        "no certificate is trusted: look at http.ca_path and at the clock",
        "certificates are trusted again"},
};

static void tell(struct poll *poll, const struct poll_trouble *trouble)
{
    if (poll->hooks.on_trouble != NULL && !poll->closing)
        poll->hooks.on_trouble(poll->hooks.ctx, trouble);
}

/* ---- outages ---------------------------------------------------------------- */

/* Those that were lost while nobody came through are asked within their interval, as after a start:
 * no burst, and none waits for what it was put off by. */
static void ask_again(struct poll *poll, enum outage_way way)
{
    int64_t now = clock_mono();

    for (size_t i = 0; i < poll->feeds.count; i++) {
        struct feed *feed = poll->feeds.items[i];
        int64_t within = feed->interval < poll->rule.max ? feed->interval : poll->rule.max;

        if (feed->lost != (int)way + 1)
            continue;
        feed->lost = 0;
        if (feed->due.place != 0 && feed->due_at > now + within)
            poll_schedule(poll, feed, (int64_t)(poll_chance(poll) % (uint64_t)within));
    }
}

static void way_begins(struct poll *poll, enum outage_way way)
{
    struct poll_trouble trouble = {
        .kind = (enum poll_trouble_kind)way, .id = ways[way].id, .text = ways[way].begins};

    trouble.since = poll->trouble.since[way] = clock_steady();
    log_about(LOG_LEVEL_ERROR, &(struct log_about){.message = MESSAGE_DAEMON_STATE},
        "%s; no feed is blamed for it", trouble.text);
    tell(poll, &trouble);
}

static void way_ends(struct poll *poll, enum outage_way way)
{
    struct poll_trouble trouble = {.kind = (enum poll_trouble_kind)way,
        .id = ways[way].id,
        .text = ways[way].over,
        .since = poll->trouble.since[way],
        .over = true};

    log_about(LOG_LEVEL_INFO, &(struct log_about){.message = MESSAGE_DAEMON_STATE},
        "%s, after %" PRId64 " s", trouble.text, (clock_steady() - trouble.since) / SECOND);
    tell(poll, &trouble);
    ask_again(poll, way);
}

bool poll_trouble_note(
    struct poll *poll, const struct feed *feed, const struct fetch_result *result)
{
    enum outage_change change[OUTAGE_WAYS];
    enum outage_way lost = outage_way_of(result);

    poll_watch_clock(poll);
    outage_note(&poll->trouble.outage, feed->provider, result, clock_mono(), change);
    for (int i = 0; i < OUTAGE_WAYS; i++)
        if (change[i] == OUTAGE_BEGINS)
            way_begins(poll, (enum outage_way)i);
        else if (change[i] == OUTAGE_ENDS)
            way_ends(poll, (enum outage_way)i);
    return lost != OUTAGE_WAYS && outage_is_doubtful(&poll->trouble.outage, lost);
}

void poll_trouble_expect(struct poll *poll, const struct feed *feed)
{
    bool well = feed->state == FEED_OK || feed->state == FEED_SLOW || feed->state == FEED_SILENT;

    if (well && feed->last_success != 0)
        outage_expect(&poll->trouble.outage, feed->provider,
            bytes_starts_nocase(bytes_of(feed_text(feed, FEED_URL)), LIT("https:")), clock_mono());
}

/* ---- the clock -------------------------------------------------------------- */

static const char *clock_text(const struct poll *poll, char text[TROUBLE_TEXT])
{
    snprintf(text, TROUBLE_TEXT,
        "the clock was stepped by %+" PRId64
        " s: until it has been so for an hour nothing is judged by it",
        poll->trouble.step / SECOND);
    return text;
}

void poll_watch_clock(struct poll *poll)
{
    char text[TROUBLE_TEXT];
    struct poll_trouble trouble = {.kind = POLL_CLOCK, .id = "clock", .text = text};
    int64_t step;

    if (poll->trouble.behind > clock_wall())
        return; /* it is wrong: whoever sets it right is believed */
    poll->trouble.behind = 0;
    step = clock_watch();
    if ((step == 0) == (poll->trouble.step == 0))
        return;
    if (step != 0) {
        poll->trouble.step = step;
        trouble.since = poll->trouble.stepped_at = clock_steady();
        log_about(LOG_LEVEL_WARNING, &(struct log_about){.message = MESSAGE_DAEMON_STATE}, "%s",
            clock_text(poll, text));
    } else {
        trouble.over = true;
        trouble.since = poll->trouble.stepped_at;
        poll->trouble.step = 0;
        snprintf(text, sizeof(text), "the clock is believed again");
        log_about(LOG_LEVEL_INFO, &(struct log_about){.message = MESSAGE_DAEMON_STATE}, "%s", text);
    }
    tell(poll, &trouble);
}

/* ---- hosts that limit us ---------------------------------------------------- */

static const char *limit_text(const struct limit *limit, char text[TROUBLE_TEXT])
{
    snprintf(text, TROUBLE_TEXT,
        "%.150s grants us some %d requests a minute: its feeds take turns, none is blamed",
        limit->origin, limit->per_minute);
    return text;
}

static struct poll_trouble limit_view(const struct limit *limit, char text[TROUBLE_TEXT])
{
    return (struct poll_trouble){.kind = POLL_HOST,
        .id = limit->origin,
        .text = limit_text(limit, text),
        .since = limit->since,
        .per_minute = limit->per_minute};
}

void poll_trouble_limit(void *ctx, const char *origin, int per_minute)
{
    struct poll *poll = ctx;
    struct limit **place = &poll->trouble.limits;
    struct limit *limit;
    struct poll_trouble view;
    char text[TROUBLE_TEXT];

    while (*place != NULL && strcmp((*place)->origin, origin) != 0)
        place = &(*place)->next;
    limit = *place;
    if (limit == NULL && per_minute == 0)
        return;
    if (limit == NULL) {
        limit = *place = calloc(1, sizeof(*limit));
        if (limit == NULL)
            arena_out_of_memory(sizeof(*limit));
        snprintf(limit->origin, sizeof(limit->origin), "%s", origin);
        limit->since = clock_steady();
    }
    limit->per_minute = per_minute > 0 ? per_minute : limit->per_minute;
    view = limit_view(limit, text);
    if (per_minute == 0) {
        *place = limit->next;
        view.over = true;
        snprintf(text, sizeof(text), "%.200s limits us no longer", origin);
    }
    log_about(LOG_LEVEL_INFO,
        &(struct log_about){.message = MESSAGE_DAEMON_STATE, .site = bytes_of(origin)}, "%s", text);
    tell(poll, &view);
    if (per_minute == 0)
        free(limit);
}

/* ---- all of it -------------------------------------------------------------- */

int poll_troubles(
    const struct poll *poll, void (*on_trouble)(void *ctx, const struct poll_trouble *), void *ctx)
{
    char text[TROUBLE_TEXT];
    int count = 0;

    for (int i = 0; i < OUTAGE_WAYS; i++) {
        const struct poll_trouble view = {.kind = (enum poll_trouble_kind)i,
            .id = ways[i].id,
            .text = ways[i].begins,
            .since = poll->trouble.since[i]};

        if (!poll->trouble.outage.ways[i].down)
            continue;
        on_trouble(ctx, &view);
        count++;
    }
    if (poll->trouble.step != 0) {
        on_trouble(ctx, &(struct poll_trouble){.kind = POLL_CLOCK,
                            .id = "clock",
                            .text = clock_text(poll, text),
                            .since = poll->trouble.stepped_at});
        count++;
    }
    for (const struct limit *limit = poll->trouble.limits; limit != NULL; limit = limit->next) {
        const struct poll_trouble view = limit_view(limit, text);

        on_trouble(ctx, &view);
        count++;
    }
    return count;
}

void poll_trouble_close(struct poll *poll)
{
    outage_done(&poll->trouble.outage);
    while (poll->trouble.limits != NULL) {
        struct limit *next = poll->trouble.limits->next;

        free(poll->trouble.limits);
        poll->trouble.limits = next;
    }
}
