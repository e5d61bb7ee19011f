/* tell.c - the fields of a record, and the records of stories. */
#include "tell.h"

#include "report_private.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "text/agency.h"

/* Events of all stories over one record, and stories looked at: the rest comes with the next. */
enum { EMIT_MOST = 16, LOOK_MOST = 256 };

/* The basis of event.schema.json. */
static const struct bytes text_match = {"text-match", 10};

static struct bytes get(const wr_record *rec, int field)
{
    wr_str value = wr_get(rec, field);

    return (struct bytes){value.ptr, value.len};
}

static void set(wr_record *rec, int field, struct bytes value)
{
    wr_set(rec, field, (wr_str){value.ptr, value.len});
}

static void set_int(wr_record *rec, int field, int64_t value)
{
    char text[INT_TEXT];

    set(rec, field, bytes_of_int(value, text));
}

static void set_time(wr_record *rec, int field, int64_t seconds)
{
    char text[CLOCK_TEXT];

    set(rec, field, bytes_of(clock_format(seconds * SECOND, text)));
}

static void set_uuid(wr_record *rec, int field, const uint8_t uuid[UUID])
{
    char urn[URN];

    uuid_write(uuid, urn);
    set(rec, field, bytes_of(urn));
}

/* "With AFP" has less: a part of the report is AFP's (wireroom-origin(7)). */
static bool is_whole(struct bytes confidence)
{
    static const char least[] = "0.70";

    return confidence.len == strlen(least) && memcmp(confidence.ptr, least, confidence.len) >= 0;
}

/* The similarity is how likely the copy is one (wireroom-neardup(7)), and as likely its origin. */
static const struct agency *match_text(wr_record *rec, struct threads *threads)
{
    const struct article *of = archive_find(threads_archive(threads), hash64(get(rec, WR_SAME_AS)));
    const struct agency *agency = of == NULL ? NULL : agency_of(of->house);

    if (agency == NULL)
        return NULL;
    set(rec, WR_ORIGIN, bytes_of(agency->name));
    set(rec, WR_ORIGIN_BASIS, text_match);
    set(rec, WR_ORIGIN_CONFIDENCE, get(rec, WR_SIMILARITY));
    return agency;
}

uint16_t tell_house(wr_record *rec, struct threads *threads)
{
    const struct agency *agency;

    if (bytes_equal(get(rec, WR_ORIGIN_BASIS), text_match)) {
        set(rec, WR_ORIGIN, (struct bytes){NULL, 0});
        set(rec, WR_ORIGIN_BASIS, (struct bytes){NULL, 0});
        set(rec, WR_ORIGIN_CONFIDENCE, (struct bytes){NULL, 0});
    }
    if (get(rec, WR_ORIGIN).len > 0)
        return is_whole(get(rec, WR_ORIGIN_CONFIDENCE))
                   ? agency_key(agency_named(get(rec, WR_ORIGIN)))
                   : 0;
    agency = agency_at(get(rec, WR_URL));
    if (agency == NULL && get(rec, WR_SAME_AS).len > 0)
        agency = match_text(rec, threads);
    return agency_key(agency);
}

struct arrival tell_arrival(const wr_record *rec, struct threads *threads, int64_t time)
{
    struct bytes id = get(rec, WR_ID), same_as = get(rec, WR_SAME_AS);
    bool is_copy =
        same_as.len > 0 && archive_find(threads_archive(threads), hash64(same_as)) != NULL;

    return (struct arrival){.uri = id,
        .seen = get(rec, WR_FIRST_SEEN),
        .headline = get(rec, WR_TITLE),
        .language = get(rec, WR_LANGUAGE),
        .url = get(rec, WR_URL),
        .site = get(rec, WR_SITE),
        .origin = get(rec, WR_ORIGIN),
        .copy_of = is_copy ? same_as : (struct bytes){NULL, 0},
        .time = time,
        .is_later = archive_find(threads_archive(threads), hash64(id)) != NULL,
        .is_update = bytes_is(get(rec, WR_RELATION), "update"),
        .is_correction = wr_count(rec, WR_NOTICE) > 0};
}

/* What the record of an article and that of a story have alike. */
static void fill(wr_record *rec, const struct report *report, enum report_state state)
{
    set_uuid(rec, WR_STORY, report->uuid);
    set_uuid(rec, WR_TOPIC, report->topic);
    set(rec, WR_STORY_HEADLINE, bytes_of(report->headline));
    set(rec, WR_STORY_STATE, bytes_of(report_state_name(state)));
    set(rec, WR_STORY_FIRST, bytes_of(report->first_uri));
    set_time(rec, WR_STORY_SINCE, report->first);
    set_int(rec, WR_STORY_ARTICLES, report->articles);
    set_int(rec, WR_STORY_PUBLISHERS, report->sites.count);
    set_int(rec, WR_STORY_INDEPENDENT, report->independent);
}

/* False when the record makes no more. */
static bool emit(wr_record *parent, const struct telling *telling, int64_t now)
{
    const struct report *report = telling->report;
    struct bytes members = buf_bytes(telling->into == NULL ? &report->members : &telling->members);
    wr_record *rec = wr_emit(parent);

    if (rec == NULL)
        return false;
    fill(rec, report, report_state_at(report, now));
    set(rec, WR_EVENT, bytes_of(telling->event));
    set(rec, WR_LANGUAGE, bytes_of(report->language));
    set_time(rec, WR_STORY_LAST, report->last);
    set_int(rec, WR_STORY_RATE, report_rate(report, now));
    set(rec, WR_STORY_REASON, bytes_of(telling->reason));
    if (telling->into != NULL)
        set_uuid(rec, WR_STORY_INTO, telling->into);
    while (members.len > 0) {
        struct bytes member = member_shown(bytes_cut(&members, '\n'));

        wr_add(rec, WR_STORY_MEMBER, (wr_str){member.ptr, member.len});
    }
    return true;
}

/* How many were told of. */
static int tell_stories(struct reports *reports, wr_record *rec)
{
    struct telling telling;
    int told = 0;

    while (told < EMIT_MOST && reports_next(reports, LOOK_MOST, &telling)) {
        if (!emit(rec, &telling, reports->now))
            break;
        reports_told(reports, &telling);
        told++;
    }
    return told;
}

void tell_due(struct reports *reports, wr_record *rec, int64_t time)
{
    int64_t was = reports->now;

    if (time > reports->now)
        reports->now = time;
    if (tell_stories(reports, rec) == 0)
        reports->now = was;
}

/* What the article made of earlier decisions is told at once: whoever follows an identity learns
 * where it went before the next article of it comes. */
static void tell_change(struct reports *reports, wr_record *rec, const struct placed *placed)
{
    struct telling telling = {.report = NULL};
    bool is_told = false;

    if (placed->changed == CHANGE_MERGES)
        is_told = reports_merge(reports, placed->from, placed->into, &telling);
    else if (placed->changed == CHANGE_MOVES)
        is_told = reports_move(reports, placed->from, placed->into, placed->moved, &telling);
    if (is_told)
        emit(rec, &telling, reports->now);
    if (placed->changed != CHANGE_NOTHING)
        reports_changed(reports, &telling);
}

static void put_headline(struct report *report, const struct placed *placed)
{
    struct bytes title = bytes_of(placed->is->title);

    if (!bytes_equal(title, bytes_of(report->headline)))
        report_set_text(&report->headline, title);
    memcpy(report->topic, placed->is->topic_uuid, UUID);
}

void tell_record(
    struct reports *reports, wr_record *rec, struct arrival *arrival, const struct placed *placed)
{
    struct buf news = {0};
    const char *role;
    struct report *report;

    /* Of an earlier run, when a record of the log is given back. */
    set(rec, WR_NEWS, (struct bytes){NULL, 0});
    for (size_t i = 0; i < placed->news.count; i++) {
        struct bytes sentence = placed->news.sentences[i];

        wr_add(rec, WR_NEWS, (wr_str){sentence.ptr, sentence.len});
        buf_add(&news, i > 0 ? LIT(" ") : LIT(""));
        buf_add(&news, sentence);
    }
    reports_pass(reports, arrival->time);
    arrival->news = buf_bytes(&news);
    arrival->is_first = placed->is_new;
    tell_change(reports, rec, placed);
    report = reports_add(reports, placed->is->uuid, arrival, &role);
    put_headline(report, placed);
    fill(rec, report, report_state_at(report, reports->now));
    set(rec, WR_STORY_ROLE, bytes_of(role));
    buf_done(&news);
    tell_stories(reports, rec);
}
