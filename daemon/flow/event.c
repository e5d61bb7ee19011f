/* event.c - the published event's data: a record's own members, then what the daemon knows of it.
 */
#include "flow/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "poll/state.h"
#include "record/record_json.h"
#include "record/story_json.h"
#include "text/language.h"
#include "text/site.h"
#include "text/url.h"

/* ---- what changed ----------------------------------------------------------- */

/* For told of the store: some numbers and a headline of STORE_HEADLINE bytes at the most. */
enum { BEFORE_MEMORY = 64 << 10 };

static size_t words(struct bytes text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += !is_space(text.ptr[i]) && (i == 0 || is_space(text.ptr[i - 1])) ? 1 : 0;
    return count;
}

/* What is remembered of a version, and the arena its headline lies on. */
struct before {
    struct arena *arena;
    struct store_told told;
};

static void on_member(void *ctx, struct bytes key, struct bytes value)
{
    struct before *before = ctx;
    struct store_told *told = &before->told;

    if (bytes_is(key, "text")) {
        told->text = hash64(value);
        told->words = words(value);
    } else if (bytes_is(key, "summary")) {
        told->summary = hash64(value);
    } else if (bytes_is(key, "byline")) {
        told->byline = hash64(value);
    } else if (bytes_is(key, "headline")) {
        told->headline = bytes_copy(before->arena, bytes_clip(value, STORE_HEADLINE));
    }
}

/* A store of an earlier schema has the versions in its log alone. */
static int on_version(void *ctx, const struct committed *event)
{
    json_scan(event->body, "data", on_member, ctx, NULL);
    return 0;
}

static struct store_told told_of(const struct wr_record *rec)
{
    return (struct store_told){.text = hash64(record_get(rec, WR_TEXT)),
        .summary = hash64(record_get(rec, WR_SUMMARY)),
        .byline = hash64(record_get(rec, WR_BYLINE)),
        .words = words(record_get(rec, WR_TEXT)),
        .headline = bytes_clip(record_get(rec, WR_TITLE), STORE_HEADLINE)};
}

static void kind_if(struct json_writer *w, bool changed, const char *kind)
{
    if (changed)
        json_cstr(w, NULL, kind);
}

static void write_change(struct json_writer *w, struct wr_record *rec, const struct store_told *old,
    const struct store_told *new)
{
    bool title_changed = !bytes_equal(old->headline, new->headline);
    bool text_changed = old->text != new->text;
    const char *severity = title_changed ? "major" : text_changed ? "minor" : "trivial";

    json_begin_object(w, "change");
    json_begin_array(w, "kinds");
    kind_if(w, title_changed, "headline");
    kind_if(w, text_changed, "text");
    kind_if(w, old->summary != new->summary, "summary");
    kind_if(w, old->byline != new->byline, "byline");
    json_end_array(w);
    json_cstr(w, "cause", bytes_is(record_get(rec, REC_CAUSE), "page") ? "page" : "feed");
    json_cstr(w, "severity", severity);
    record_set(rec, REC_SEVERITY, bytes_of(severity));
    json_int(w, "previousVersion", record_get_int(rec, REC_VERSION, 2) - 1);
    if (title_changed)
        json_string_if(w, "headlineBefore", old->headline);
    json_int(w, "wordsAdded", new->words > old->words ? (int64_t)(new->words - old->words) : 0);
    json_int(w, "wordsRemoved", old->words > new->words ? (int64_t)(old->words - new->words) : 0);
    json_end_object(w);
}

/* Of the version before hashes are at hand, not its texts: those of an article with many large
 * versions filled the memory of the loop. */
static void write_change_since(struct store *store, struct wr_record *rec,
    const struct store_event *event, struct json_writer *w)
{
    struct before before = {.arena = arena_new(BEFORE_MEMORY)};

    before.told =
        (struct store_told){hash64(LIT("")), hash64(LIT("")), hash64(LIT("")), 0, LIT("")};
    if (store_told(store, before.arena, event->pending, &before.told, NULL) != OK)
        store_article_last(store, record_get_cstr(rec, WR_ID), on_version, &before, NULL);
    write_change(w, rec, &before.told, event->told);
    arena_free(before.arena);
}

/* ---- where it came from ----------------------------------------------------- */

/* Whose words the event holds: the page's where there was one to read. */
static bool is_of_page(const struct wr_record *rec)
{
    struct bytes status = record_get(rec, WR_STATUS);

    return bytes_is(status, "full") || bytes_is(status, "partial") || bytes_is(status, "paywalled");
}

/* Most entries lead to their feed's own host; the others are looked up in the list of suffixes. */
static bool is_foreign(struct bytes link, struct bytes feed)
{
    return !bytes_equal(site_host(link), site_host(feed)) &&
           !bytes_equal(site_of(link), site_of(feed)) && site_of(feed).len > 0;
}

/* A feed's words are its own, whatever site its entry leads to. */
static struct bytes source_of(const struct wr_record *rec)
{
    struct bytes link = record_get(rec, WR_URL);
    struct bytes feed = record_get(rec, REC_FEED_URL);

    return site_host(link).len == 0 || (is_foreign(link, feed) && !is_of_page(rec)) ? feed : link;
}

static void write_source(struct json_writer *w, const struct wr_record *rec)
{
    struct bytes domain = site_host(source_of(rec));

    json_begin_object(w, "source");
    json_string(w, "id", domain);
    json_string_if(w, "name", record_get(rec, WR_SITE));
    json_string(w, "domain", domain);
    json_end_object(w);
}

static void write_feed(struct json_writer *w, const struct wr_record *rec)
{
    struct bytes via = record_get(rec, REC_VIA);

    json_begin_object(w, "feed");
    json_string(w, "id", record_get(rec, REC_FEED_ID));
    json_string(w, "url", url_public(rec->arena, record_get(rec, REC_FEED_URL)));
    json_string_if(w, "title", record_get(rec, WR_SITE));
    json_string_if(w, "guid", record_get(rec, WR_GUID));
    json_int(w, "position", record_get_int(rec, REC_POSITION, 0));
    json_string(w, "via", via.len > 0 ? via : LIT("poll"));
    json_end_object(w);
}

static void write_seen_in(struct json_writer *w, const struct wr_record *rec)
{
    struct bytes at;
    size_t i = 0;

    json_begin_array(w, "seenIn");
    while (record_next(rec, REC_SEEN_IN, &i, &at)) {
        struct bytes feed = bytes_cut(&at, '\t');

        json_begin_object(w, NULL);
        json_string(w, "feedId", feed);
        json_string(w, "at", at);
        json_end_object(w);
    }
    json_end_array(w);
}

/* ---- how it was made -------------------------------------------------------- */

/* What speaks against the text. */
static void write_reasons(struct json_writer *w, const struct wr_record *rec)
{
    struct bytes reason;
    size_t at = 0;

    if (record_get(rec, WR_REASON).len == 0)
        return;
    json_begin_array(w, "reasons");
    while (record_next(rec, WR_REASON, &at, &reason))
        json_string(w, NULL, reason);
    json_end_array(w);
}

struct bytes event_status(const struct wr_record *rec)
{
    struct bytes status = record_get(rec, WR_STATUS);

    if (record_get(rec, REC_PAGE_REFUSED).len > 0)
        return LIT("disallowed");
    if (status.len > 0)
        return status;
    return record_get(rec, REC_PAGE_ERROR).len > 0 ? LIT("failed") : LIT("skipped");
}

static void write_extraction(struct json_writer *w, const struct wr_record *rec)
{
    struct bytes error = record_get(rec, REC_PAGE_ERROR);

    json_begin_object(w, "extraction");
    json_string(w, "status", event_status(rec));
    json_string_if(w, "method", record_get(rec, WR_METHOD));
    if (record_get(rec, WR_CONFIDENCE).len > 0)
        json_real(w, "confidence",
            strtod(bytes_cstr(rec->arena, record_get(rec, WR_CONFIDENCE)), NULL), 2);
    write_reasons(w, rec);
    if (record_get_int(rec, REC_PAGE_STATUS, 0) > 0)
        json_int(w, "httpStatus", record_get_int(rec, REC_PAGE_STATUS, 0));
    if (record_get_int(rec, REC_PAGE_BYTES, 0) > 0)
        json_int(w, "bytes", record_get_int(rec, REC_PAGE_BYTES, 0));
    json_string_if(w, "error", error);
    json_end_object(w);
}

/* The note a stage left, if any: "stage<TAB>text". */
static struct bytes note_of(const struct wr_record *rec, struct bytes stage)
{
    struct bytes text;
    size_t at = 0;

    while (record_next(rec, REC_NOTE, &at, &text))
        if (bytes_equal(bytes_cut(&text, '\t'), stage))
            return text;
    return (struct bytes){NULL, 0};
}

static void write_stages(struct json_writer *w, const struct wr_record *rec)
{
    struct bytes status;
    size_t at = 0;

    json_begin_array(w, "stages");
    while (record_next(rec, REC_TRACE, &at, &status)) {
        struct bytes name = bytes_cut(&status, '\t');
        struct bytes time = bytes_cut(&status, '\t');
        int64_t micros = 0;

        bytes_to_int(time, &micros);
        json_begin_object(w, NULL);
        json_string(w, "name", name);
        json_real(w, "ms", (double)micros / 1000, 3);
        json_string(w, "status", status);
        json_string_if(w, "note", note_of(rec, name));
        json_end_object(w);
    }
    json_end_array(w);
}

bool event_of_record(
    struct store *store, struct wr_record *rec, struct store_event *event, struct buf *data)
{
    struct json_writer w = {.out = data};
    bool updated = record_get_int(rec, REC_VERSION, 1) > 1;
    struct store_told *told = arena_alloc(rec->arena, sizeof(*told));
    char language[LANGUAGE_TEXT];

    *told = told_of(rec);
    event->told = told;
    json_begin_object(&w, NULL);
    record_to_json(rec, &w);
    write_source(&w, rec);
    write_feed(&w, rec);
    write_seen_in(&w, rec);
    write_extraction(&w, rec);
    write_stages(&w, rec);
    if (updated)
        write_change_since(store, rec, event, &w);
    json_end_object(&w);
    event->type = updated ? "article.updated" : "article.new";
    event->subject = record_get_cstr(rec, WR_ID);
    language_primary(record_get(rec, WR_LANGUAGE), language);
    event->topic = bytes_format(rec->arena, "all/%s/%s/", event->type, language).ptr;
    event->data = buf_bytes(data);
    return !data->over;
}

/* ---- what stages make ------------------------------------------------------- */

bool event_of_emitted(struct wr_record *rec, struct store_event *event, struct buf *data)
{
    static const char *const types[] = {
        "story.new", "story.updated", "story.closed", "story.merged", "story.split", NULL};
    struct bytes type = record_get(rec, WR_EVENT);
    struct json_writer w = {.out = data};
    char language[LANGUAGE_TEXT];
    int64_t articles = 0;

    event->type = NULL;
    for (size_t i = 0; types[i] != NULL; i++)
        if (bytes_is(type, types[i]))
            event->type = types[i];
    if (event->type == NULL || !story_is_told(rec) || !story_leads_on(rec, bytes_of(event->type)) ||
        !bytes_to_int(record_get(rec, WR_STORY_ARTICLES), &articles) || articles < 1)
        return false;
    json_begin_object(&w, NULL);
    story_event_to_json(rec, &w);
    json_end_object(&w);
    event->subject = record_get_cstr(rec, WR_STORY);
    language_primary(record_get(rec, WR_LANGUAGE), language);
    event->topic = bytes_format(rec->arena, "all/%s/%s/", event->type, language).ptr;
    event->data = buf_bytes(data);
    return !data->over;
}

/* ---- feeds ------------------------------------------------------------------ */

static void time_if(struct json_writer *w, const char *key, int64_t wall)
{
    char text[CLOCK_TEXT];

    if (wall > 0)
        json_cstr(w, key, clock_format(wall, text));
}

void event_of_feed(
    const struct store_feed *feed, int previous, struct store_event *event, struct buf *data)
{
    struct json_writer w = {.out = data};

    json_begin_object(&w, NULL);
    json_cstr(&w, "id", event->subject);
    json_cstr(&w, "url", feed->url);
    json_string_if(&w, "title", bytes_of(feed->title));
    json_cstr(&w, "state", feed_state_name(feed->state));
    json_cstr(&w, "previousState", feed_state_name(previous));
    time_if(&w, "since", feed->state_since);
    json_int(&w, "httpStatus", feed->http_status);
    json_string_if(&w, "error", bytes_of(feed->error));
    json_int(&w, "consecutiveFailures", feed->failures);
    time_if(&w, "lastSuccess", feed->last_success);
    time_if(&w, "lastNewItem", feed->last_new);
    if (feed->mean_gap > 0)
        json_int(&w, "expectedInterval", feed->mean_gap / SECOND);
    if (feed->state == FEED_SILENT && feed->last_new > 0)
        json_int(&w, "silentFor", (feed->state_since - feed->last_new) / SECOND);
    time_if(&w, "nextPoll", feed->next_poll);
    json_string_if(&w, "newUrl", bytes_of(feed->new_url));
    json_end_object(&w);
    event->type = "feed.state";
    event->topic = "all/feed.state/und/";
    event->data = buf_bytes(data);
}

/* ---- sites ------------------------------------------------------------------ */

void event_of_site(const struct health_site *site, struct store_event *event, struct buf *data)
{
    struct json_writer w = {.out = data};

    json_begin_object(&w, NULL);
    json_cstr(&w, "id", site->name);
    health_write_site(site, &w);
    json_end_object(&w);
    event->subject = site->name;
    event->type = "site.state";
    event->topic = "all/site.state/und/";
    event->data = buf_bytes(data);
}

/* ---- what is wrong for many feeds at once ----------------------------------- */

void event_write_trouble(struct json_writer *w, const struct poll_trouble *trouble)
{
    static const char *const parts[] = {[POLL_NAMES] = "names",
        [POLL_ANSWERS] = "network",
        [POLL_TRUST] = "certificates",
        [POLL_CLOCK] = "clock",
        [POLL_HOST] = "host"};

    json_cstr(w, "id", trouble->id);
    json_cstr(w, "part", parts[trouble->kind]);
    json_cstr(w, "state", trouble->over ? "ok" : "trouble");
    time_if(w, "since", trouble->since);
    json_cstr(w, "text", trouble->text);
    if (trouble->kind == POLL_HOST && !trouble->over)
        json_int(w, "requestsPerMinute", trouble->per_minute);
}

void event_of_trouble(
    const struct poll_trouble *trouble, struct store_event *event, struct buf *data)
{
    struct json_writer w = {.out = data};

    json_begin_object(&w, NULL);
    event_write_trouble(&w, trouble);
    json_end_object(&w);
    event->subject = trouble->id;
    event->type = "daemon.state";
    event->topic = "all/daemon.state/und/";
    event->data = buf_bytes(data);
}
