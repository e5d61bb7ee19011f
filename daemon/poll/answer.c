/* answer.c - what an answer, or none, means for its feed. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "poll/hint.h"
#include "poll/private.h"

/* A feed that got nothing so often in a row, while its host answers others, is in trouble itself.
 */
enum { LIMITED_MOST = 5 };

static const uint64_t skip_spread = 600 * (uint64_t)SECOND;

uint64_t poll_chance(struct poll *poll)
{
    /* xorshift64*: spread, not secrecy */
    poll->chance ^= poll->chance >> 12;
    poll->chance ^= poll->chance << 25;
    poll->chance ^= poll->chance >> 27;
    return poll->chance * UINT64_C(0x2545f4914f6cdd1d) >> 16;
}

void asking_free(struct asking *asking)
{
    free(asking->etag);
    free(asking->last_modified);
    free(asking->validated);
    free(asking);
}

static void asking_end(struct poll *poll, struct feed *feed)
{
    asking_free(feed->asking);
    feed->asking = NULL;
    poll->asking--;
}

static void log_state(const struct feed *feed, const struct store_feed *view, int previous)
{
    const struct log_about about = {
        .message = MESSAGE_FEED_STATE, .feed = feed->id, .url = bytes_of(view->url)};
    int state = feed->state;

    if (state == FEED_PARKED || previous == FEED_PARKED)
        log_about(LOG_LEVEL_INFO, &about, "feed is %s: feed=f%07lld url=%s",
            state == FEED_PARKED ? "paused" : "followed again", (long long)feed->id, view->url);
    else if (state == FEED_OK && previous != FEED_MOVED)
        log_about(LOG_LEVEL_INFO, &about, "feed is well again: feed=f%07lld url=%s",
            (long long)feed->id, view->url);
    else if (state == FEED_SLOW || state == FEED_SILENT)
        log_about(LOG_LEVEL_WARNING, &about,
            "feed is %s: feed=f%07lld answer_ms=%u usual_gap_s=%lld url=%s",
            state == FEED_SLOW ? "slow" : "silent", (long long)feed->id, feed->answer_ms,
            (long long)(view->usual_gap / SECOND), view->url);
    else if (state != FEED_OK && state != FEED_MOVED)
        log_about(LOG_LEVEL_WARNING, &about,
            "feed is in trouble: feed=f%07lld failures=%d error=\"%s\"", (long long)feed->id,
            feed->failures, view->error == NULL ? "" : view->error);
}

static void change_state(struct poll *poll, struct feed *feed, int state, const char *new_url)
{
    int previous = feed->state;
    struct store_feed view;

    poll->counters.by_state[previous]--;
    poll->counters.by_state[state]++;
    feed->state = (uint8_t)state;
    feed->state_since = clock_steady();
    view = feed_view(feed);
    view.new_url = new_url;
    poll_cadence_show(feed, &view);
    log_state(feed, &view, previous);
    if (poll->hooks.on_state != NULL)
        poll->hooks.on_state(poll->hooks.ctx, &view, previous);
}

/* What is paused stays so, whatever a hub or a last answer says of it. */
static void set_state(struct poll *poll, struct feed *feed, int state)
{
    if (state != feed->state && feed->state != FEED_PARKED)
        change_state(poll, feed, state, NULL);
}

void poll_set_moved(struct poll *poll, struct feed *feed, const char *url)
{
    change_state(poll, feed, FEED_MOVED, url);
}

void poll_set_paused(struct poll *poll, struct feed *feed, bool paused)
{
    change_state(poll, feed, paused ? FEED_PARKED : FEED_OK, NULL);
}

/* Kept over a restart: its server does not want to be asked sooner. */
static void keep_wish(struct feed *feed, int64_t retry_after)
{
    const int64_t most = RULE_RETRY_DAYS * (int64_t)86400 * SECOND;

    feed->not_before =
        retry_after <= 0 ? 0 : clock_steady() + (retry_after < most ? retry_after : most);
}

static int64_t longer(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Out of the hours and days that the feed asks to leave out: to their end, which many feeds share,
 * and up to ten minutes on. */
static int64_t past_skipped(struct poll *poll, const struct feed *feed, int64_t delay)
{
    int64_t wait = feed->skip == 0 ? 0 : hints_wait(feed->skip, clock_steady() + delay);

    return wait == 0 ? delay : delay + wait + (int64_t)(poll_chance(poll) % skip_spread);
}

/* A poll that went well, with news or without. */
static void succeed(struct poll *poll, struct feed *feed, bool news, bool first)
{
    const struct asking *asking = feed->asking;
    int64_t asked = longer(asking->max_age, feed->asked);
    int64_t delay;
    int state;

    poll_remember(poll, feed);
    if (!first)
        poll_cadence_learn(poll, feed, news || asking->also, asking->published);
    feed->failures = 0;
    feed->limited = 0;
    feed->http_status = (int16_t)asking->status;
    feed->last_success = clock_steady();
    if (news || asking->also)
        feed->last_new = feed->last_success;
    if (!first && !feed->pushed)
        feed->interval = rule_interval(&poll->rule, feed->interval, news);
    if (feed_text(feed, FEED_ERROR)[0] != '\0')
        feed_set_texts(&poll->feeds, feed, (const char *const[FEED_TEXTS]){[FEED_ERROR] = ""});
    state = poll_well_state(poll, feed);
    delay = rule_delay(&poll->rule, poll_cadence_interval(poll, feed), asked, asking->retry_after,
        poll_chance(poll));
    if (feed->pushed)
        delay = poll_push_delay(poll, feed, delay);
    delay = past_skipped(poll, feed, delay);
    keep_wish(feed, asking->retry_after);
    asking_end(poll, feed);
    poll_schedule(poll, feed, delay);
    poll_note(poll, feed);
    set_state(poll, feed, state);
    if (feed->moving)
        poll_move_settle(poll, feed); /* the feed may be gone now */
}

/* For how long it has not been well; of one that never was, since it is in this state. */
static int64_t unwell_for(const struct feed *feed)
{
    int64_t wall = clock_steady();
    int64_t since = feed->last_success != 0 ? feed->last_success : feed->state_since;

    return since == 0 ? 0 : wall - since;
}

static void fail_feed(struct poll *poll, struct feed *feed, bool unreadable, const char *error)
{
    const struct asking *asking = feed->asking;
    int64_t since = unwell_for(feed);
    int64_t delay;
    char text[ERROR_LIMIT];
    int state;

    poll->counters.failed++;
    poll_remember(poll, feed);
    snprintf(text, sizeof(text), "%s", error);
    feed_set_texts(&poll->feeds, feed, (const char *const[FEED_TEXTS]){[FEED_ERROR] = text});
    feed->failures++;
    feed->http_status = (int16_t)asking->status;
    state = rule_state(feed->state, asking->status, unreadable, feed->failures, since);
    delay = rule_back_off(
        &poll->rule, feed->interval, feed->failures, asking->retry_after, poll_chance(poll));
    if (state == FEED_GONE)
        delay = rule_undead(poll_chance(poll));
    keep_wish(feed, asking->retry_after);
    log_debug("feed not polled: feed=f%07lld failures=%d error=\"%s\"", (long long)feed->id,
        feed->failures, text);
    asking_end(poll, feed);
    poll_schedule(poll, feed, delay);
    poll_note(poll, feed);
    set_state(poll, feed, state);
}

/* Lost while nobody came through: it may be no fault of the feed. Twice is counted, so that it is
 * told at once when it turns out to be; it is asked again as often as ever, at least every
 * LOST_AGAIN seconds, which troubles no server that is not reached. */
enum { LOST_AGAIN = 600 };

static void lose(struct poll *poll, struct feed *feed, const char *error)
{
    int64_t delay = feed->interval < LOST_AGAIN * (int64_t)SECOND ? feed->interval
                                                                  : LOST_AGAIN * (int64_t)SECOND;
    char text[ERROR_LIMIT];

    poll->counters.failed++;
    poll_remember(poll, feed);
    snprintf(text, sizeof(text), "%s", error);
    feed_set_texts(&poll->feeds, feed, (const char *const[FEED_TEXTS]){[FEED_ERROR] = text});
    if (feed->failures < RULE_FAILING - 1)
        feed->failures++;
    feed->http_status = 0;
    asking_end(poll, feed);
    poll_schedule(poll, feed, rule_delay(&poll->rule, delay, 0, -1, poll_chance(poll)));
    poll_note(poll, feed);
}

/* Not the feed's fault: ask again at the usual time. */
static void postpone(struct poll *poll, struct feed *feed)
{
    asking_end(poll, feed);
    poll_schedule(poll, feed, rule_delay(&poll->rule, poll->rule.min, 0, -1, poll_chance(poll)));
}

/* Its host wants less of us: it waits, and stays as it is but for the error that says so. */
static void hold_back(struct poll *poll, struct feed *feed, int64_t retry_after, const char *error)
{
    feed_set_texts(&poll->feeds, feed, (const char *const[FEED_TEXTS]){[FEED_ERROR] = error});
    keep_wish(feed, retry_after);
    asking_end(poll, feed);
    poll_schedule(
        poll, feed, rule_delay(&poll->rule, poll->rule.min, 0, retry_after, poll_chance(poll)));
    poll_note(poll, feed);
    poll_wake(poll);
}

/* Its host grants all of its feeds only so much: it asks again in its turn. */
static void take_turns(struct poll *poll, struct feed *feed, const struct fetch_result *result)
{
    char text[ERROR_LIMIT];
    int64_t spacing;

    poll_remember(poll, feed);
    feed->limited++;
    feed->http_status = (int16_t)result->status;
    fetch_host_waiting(poll->fetcher, result->url, &spacing);
    if (spacing > poll->conf->http.spacing)
        snprintf(text, sizeof(text),
            "%.160s: status %d: the host grants us some %lld requests a minute, for all of its "
            "feeds",
            result->url, result->status, (long long)(60 * (int64_t)SECOND / spacing));
    else
        snprintf(text, sizeof(text), "%.160s: status %d, as others of its host had", result->url,
            result->status);
    hold_back(poll, feed, feed->asking->retry_after, text);
}

static void set_diagnosed(struct poll *poll, struct feed *feed, bool diagnosed)
{
    poll->counters.diagnosed += diagnosed;
    poll->counters.diagnosed -= feed->diagnosed;
    feed->diagnosed = diagnosed;
}

static bool is_same(const char *stored, const char *came)
{
    return came != NULL && stored[0] != '\0' && strcmp(stored, came) == 0;
}

static void keep_answer(struct asking *asking, const struct fetch_result *result)
{
    const struct feed *feed = asking->feed;

    asking->body_hash = hash64_add(hash64(fetch_header(result, "content-encoding")), result->body);
    if (result->status == 226) /* RFC 3229: only what is new; no next answer can equal it */
        asking->body_hash = 0;
    asking->same_validators = result->etag != NULL
                                  ? is_same(feed_text(feed, FEED_ETAG), result->etag)
                                  : is_same(feed_text(feed, FEED_MODIFIED), result->last_modified);
    asking->etag = new_text(result->etag);
    asking->last_modified = new_text(result->last_modified);
    if (strcmp(result->url, feed_text(feed, FEED_URL)) != 0) /* a signature is not kept */
        asking->validated = strndup(result->url, strcspn(result->url, "?#"));
}

/* The validators of an answer that is known to be whole become the feed's own. */
static void take_validators(struct poll *poll, struct feed *feed)
{
    const struct asking *asking = feed->asking;
    const char *etag = asking->etag == NULL || feed->distrusted ? "" : asking->etag;
    const char *modified =
        asking->last_modified == NULL || feed->distrusted ? "" : asking->last_modified;
    const char *from = asking->validated == NULL || (etag[0] == '\0' && modified[0] == '\0')
                           ? ""
                           : asking->validated;

    feed_set_texts(&poll->feeds, feed,
        (const char *const[FEED_TEXTS]){
            [FEED_ETAG] = etag, [FEED_MODIFIED] = modified, [FEED_VALIDATED] = from});
    feed->body_hash = asking->body_hash;
}

static void forget_validators(struct poll *poll, struct feed *feed)
{
    feed_set_texts(&poll->feeds, feed,
        (const char *const[FEED_TEXTS]){
            [FEED_ETAG] = "", [FEED_MODIFIED] = "", [FEED_VALIDATED] = ""});
    feed->body_hash = 0;
}

/* RFC 9111 section 4.3.4: a 304 renews the stored headers of the answer it confirms, and of no
 * other. */
static void renew_validators(
    struct poll *poll, struct feed *feed, const struct fetch_result *result)
{
    if (result->last_modified == NULL ||
        is_same(feed_text(feed, FEED_MODIFIED), result->last_modified) ||
        (result->etag != NULL && !is_same(feed_text(feed, FEED_ETAG), result->etag)))
        return;
    feed_set_texts(&poll->feeds, feed,
        (const char *const[FEED_TEXTS]){[FEED_MODIFIED] = result->last_modified});
}

/* Its server answers as it should; news or the lack of it will tell the rest. */
static bool is_well(const struct feed *feed)
{
    return feed->state == FEED_OK || feed->state == FEED_SLOW || feed->state == FEED_SILENT;
}

static void tell_unchanged(
    struct poll *poll, const struct feed *feed, const struct fetch_result *result)
{
    poll->counters.unchanged++;
    if (poll->hooks.on_unchanged != NULL)
        poll->hooks.on_unchanged(poll->hooks.ctx, feed->id, result);
}

static void on_body(struct poll *poll, struct feed *feed, const struct fetch_result *result)
{
    struct asking *asking = feed->asking;
    struct store_feed view;
    struct poll_answer answer = {.feed = &view, .result = result, .first = feed->last_success == 0};

    keep_answer(asking, result);
    if (!answer.first && asking->body_hash != 0 && asking->body_hash == feed->body_hash) {
        tell_unchanged(poll, feed, result);
        poll_move_read(poll, feed, true, 0);
        take_validators(poll, feed);
        succeed(poll, feed, false, false);
        return;
    }
    poll->counters.changed++;
    keep_wish(feed, asking->retry_after);
    view = feed_view(feed);
    view.etag = feed->distrusted ? NULL : asking->etag;
    view.last_modified = feed->distrusted ? NULL : asking->last_modified;
    view.validated = asking->validated;
    view.body_hash = asking->body_hash;
    view.next_poll = clock_steady() + feed->interval;
    view.state = is_well(feed) ? feed->state : FEED_OK;
    view.state_since = is_well(feed) ? feed->state_since : clock_steady();
    view.last_success = clock_steady();
    view.failures = 0;
    view.http_status = result->status;
    view.moving = poll_move_before(poll, feed);
    view.error = NULL;
    view.partial = result->status == 226;
    poll_reads(poll, 1);
    poll->hooks.on_body(poll->hooks.ctx, &answer);
}

/* What the operator can do about it; known: it was a feed once. */
static const char *advice(int status, bool known)
{
    switch (status) {
    case 404:
        return known ? ": it may have moved; feeds discover lists the feeds of a site"
                     : ": nothing was ever there; feeds discover lists the feeds of a site";
    case 401:
        return ": it wants a name and password, which access sets";
    case 403:
        return ": it refuses us; http.contact says who asks, and access what else it may want";
    case 202:
        return ": a bot check stands before it; ask the publisher to let our address through";
    case 429:
        return ": the host limits us; raise http.spacing or poll.min_interval";
    case 451:
        return ": for legal reasons it is not to be had from here";
    default:
        return "";
    }
}

/* Its document could not be read. With 202 come the pages of firewalls (AWS WAF, Cloudflare). */
static void fail_unread(struct poll *poll, struct feed *feed, const char *error)
{
    char text[ERROR_LIMIT];

    if (feed->asking->status == 202) {
        snprintf(text, sizeof(text), "status 202%s", advice(202, true));
        fail_feed(poll, feed, false, text);
    } else {
        fail_feed(poll, feed, true, error == NULL ? "not read" : error);
    }
}

static void on_status(struct poll *poll, struct feed *feed, const struct fetch_result *result)
{
    char text[ERROR_LIMIT];

    if (result->status == 304 && result->conditional) {
        tell_unchanged(poll, feed, result);
        renew_validators(poll, feed, result);
        succeed(poll, feed, false, false);
        return;
    }
    if (result->status == 304)
        snprintf(
            text, sizeof(text), "%.200s: status 304 to a question without validators", result->url);
    else
        snprintf(text, sizeof(text), "%.160s: status %d%s", result->url, result->status,
            advice(result->status, feed->last_success != 0));
    fail_feed(poll, feed, false, text);
}

void poll_on_result(void *ctx, const struct fetch_result *result)
{
    struct asking *asking = ctx;
    struct feed *feed = asking->feed;
    struct poll *poll = asking->poll;
    bool doubtful;

    asking->ticket = 0;
    if (result->code == E_STOPPED) {
        asking_end(poll, feed);
        return;
    }
    if (result->held) {
        hold_back(poll, feed, result->retry_after, result->error);
        return;
    }
    poll->counters.polls++;
    doubtful = poll_trouble_note(poll, feed, result);
    feed->lost = (uint8_t)(outage_way_of(result) == OUTAGE_WAYS ? 0 : outage_way_of(result) + 1);
    asking->status = result->status;
    asking->code = result->code;
    asking->wire_bytes = (int64_t)result->body.len;
    asking->elapsed = result->elapsed;
    asking->max_age = result->max_age;
    asking->retry_after = result->retry_after;
    if (asking->retry_after < 0 && (result->status == 429 || result->status == 503))
        asking->retry_after = result->max_age;
    if (result->code == OK && (result->status < 300 || result->status == 304) &&
        (feed->moving || result->moved_to != NULL))
        poll_move_see(poll, feed, result->moved_to);
    if (result->code == OK && result->limited && feed->limited < LIMITED_MOST) {
        take_turns(poll, feed, result);
        return;
    }
    if (doubtful)
        lose(poll, feed, result->error);
    else if (result->code != OK)
        fail_feed(poll, feed, false, result->error);
    else if (rule_is_document(result->status))
        on_body(poll, feed, result);
    else
        on_status(poll, feed, result);
    poll_wake(poll);
}

void poll_parsed(struct poll *poll, int64_t id, const struct poll_outcome *outcome)
{
    struct feed *feed = feed_table_get(&poll->feeds, id);
    bool first;

    if (feed == NULL || feed->asking == NULL || feed->asking->ticket != 0)
        return; /* removed meanwhile */
    poll_reads(poll, -1);
    if (outcome->code == E_STOPPED || outcome->code == E_SYSTEM) {
        postpone(poll, feed);
    } else if (outcome->code != OK) {
        fail_unread(poll, feed, outcome->error);
    } else {
        first = feed->last_success == 0;
        if (!first && outcome->fresh > 0 && feed->asking->same_validators)
            feed->distrusted = true;
        feed->asking->entries = outcome->entries;
        feed->asking->fresh = outcome->fresh;
        feed->asking->also = outcome->also > 0;
        feed->asking->published = outcome->published;
        set_diagnosed(poll, feed, outcome->diagnosed);
        poll_move_read(poll, feed, false, outcome->common);
        if (outcome->unsettled)
            forget_validators(poll, feed);
        else
            take_validators(poll, feed);
        feed->asked = outcome->min_interval;
        feed->skip = outcome->skip;
        if (outcome->title != NULL && feed_text(feed, FEED_TITLE)[0] == '\0')
            feed_set_texts(
                &poll->feeds, feed, (const char *const[FEED_TEXTS]){[FEED_TITLE] = outcome->title});
        succeed(poll, feed, outcome->fresh > 0, first);
    }
    poll_wake(poll);
}
