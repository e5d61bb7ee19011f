/* report.c - each article is counted in its story, and the story is told of when that changed.
 *
 * Who is independent: a report that repeats no member and carries nobody whose report the story has
 * already. An origin is known by its name and by its site: "Newswire" is newswire.example, so that
 * the agency's own report and all who carry it count once, in whatever order they come.
 *
 * States go by independent reports. A burst is an hour with twice the rate of what was before, and
 * at least three reports: two is the ratio of neighbouring states in Kleinberg's model (Bursty and
 * hierarchical structure in streams, 2002), three is where two newsrooms are no coincidence any
 * more. A story fades after eight hours, about the width of the peak that Leskovec, Backstrom and
 * Kleinberg found (Meme-tracking and the dynamics of the news cycle, 2009). */
#include "report_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "text/agency.h"
#include "text/site.h"

enum { DAY = 24 * HOUR, TEXT_MOST = 400 /* bytes of each text in a member's line */ };

const char *report_state_name(enum report_state state)
{
    static const char *const names[] = {[REPORT_NEW] = "new",
        [REPORT_GROWS] = "developing",
        [REPORT_PEAKS] = "peaking",
        [REPORT_FADES] = "fading",
        [REPORT_ENDS] = "closed"};

    return names[state];
}

/* ---- numbers ---------------------------------------------------------------- */

static bool numbers_have(const struct numbers *numbers, uint64_t number)
{
    for (uint32_t i = 0; i < numbers->count; i++)
        if (numbers->at[i] == number)
            return true;
    return false;
}

void numbers_add(struct numbers *numbers, uint64_t number)
{
    if (numbers->count == numbers->cap) {
        numbers->cap = numbers->cap == 0 ? 2 : numbers->cap * 2;
        numbers->at = realloc(numbers->at, numbers->cap * sizeof(*numbers->at));
        if (numbers->at == NULL)
            arena_out_of_memory(numbers->cap * sizeof(*numbers->at));
    }
    numbers->at[numbers->count++] = number;
}

/* False when it is there already. What is beyond the limit is not told apart any more. */
static bool numbers_note(struct numbers *numbers, uint64_t number)
{
    if (number == 0 || numbers_have(numbers, number) || numbers->count >= REPORT_SITES)
        return false;
    numbers_add(numbers, number);
    return true;
}

/* ---- reports ---------------------------------------------------------------- */

static uint64_t hash_of(const uint8_t uuid[UUID])
{
    return hash64((struct bytes){(const char *)uuid, UUID});
}

static bool is_report(const void *item, const void *key)
{
    return memcmp(((const struct report *)item)->uuid, key, UUID) == 0;
}

static void report_free(struct report *report)
{
    free(report->headline);
    free(report->first_uri);
    free(report->sites.at);
    free(report->origins.at);
    free(report->times.at);
    buf_done(&report->members);
    free(report);
}

void report_saved(struct reports *reports, struct report *report)
{
    uint32_t place = report->unsaved;

    if (place == 0)
        return;
    reports->unsaved[place - 1] = reports->unsaved[--reports->unsaved_count];
    reports->unsaved[place - 1]->unsaved = place;
    report->unsaved = 0;
}

static void mark_unsaved(struct reports *reports, struct report *report)
{
    if (report->unsaved != 0)
        return;
    if (reports->unsaved_count == reports->unsaved_cap) {
        size_t cap = reports->unsaved_cap == 0 ? 64 : (size_t)reports->unsaved_cap * 2;

        reports->unsaved = realloc(reports->unsaved, cap * sizeof(struct report *));
        if (reports->unsaved == NULL)
            arena_out_of_memory(cap * sizeof(struct report *));
        reports->unsaved_cap = (uint32_t)cap;
    }
    reports->unsaved[reports->unsaved_count++] = report;
    report->unsaved = reports->unsaved_count;
}

void report_forget(struct reports *reports, struct report *report)
{
    report_saved(reports, report);
    heap_remove(&reports->due, &report->due);
    table_remove(&reports->by_uuid, hash_of(report->uuid), report);
    report_free(report);
}

/* Each of them is in the heap. */
void reports_done(struct reports *reports)
{
    struct heap_node *node;

    while ((node = heap_first(&reports->due)) != NULL)
        report_forget(reports, HEAP_ITEM(node, struct report, due));
    heap_done(&reports->due);
    table_done(&reports->by_uuid);
    free(reports->unsaved);
    *reports = (struct reports){.now = 0};
}

void report_set_text(char **text, struct bytes value)
{
    if (value.len == 0)
        return;
    free(*text);
    *text = new_zeroed(value.len + 1);
    memcpy(*text, value.ptr, value.len);
}

struct report *report_find(const struct reports *reports, const uint8_t uuid[UUID])
{
    return table_find(&reports->by_uuid, hash_of(uuid), is_report, uuid);
}

struct report *report_new(struct reports *reports, const uint8_t uuid[UUID])
{
    struct report *report = new_zeroed(sizeof(*report));

    memcpy(report->uuid, uuid, UUID);
    table_add(&reports->by_uuid, hash_of(uuid), report);
    return report;
}

/* ---- states ----------------------------------------------------------------- */

uint32_t report_rate(const struct report *report, int64_t now)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < report->times.count; i++)
        count += (int64_t)report->times.at[i] > now - HOUR ? 1 : 0;
    return count;
}

/* Reports an hour before the last one. */
static double usual_rate(const struct report *report, int64_t now)
{
    double hours = (double)(now - HOUR - report->first) / HOUR;
    double before = report->independent - report_rate(report, now);

    return before / (hours > 1 ? hours : 1);
}

enum report_state report_state_at(const struct report *report, int64_t now)
{
    uint32_t rate = report_rate(report, now);

    if (now - report->last >= REPORT_CLOSED)
        return REPORT_ENDS;
    if (now - report->heard >= REPORT_FADING)
        return REPORT_FADES;
    if (rate >= REPORT_BURST && rate >= 2 * usual_rate(report, now))
        return REPORT_PEAKS;
    return report->independent < REPORT_DEVELOPING ? REPORT_NEW : REPORT_GROWS;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When it is to be looked at again though nothing comes. */
static int64_t due_of(const struct report *report)
{
    int64_t due = report->last + REPORT_CLOSED;

    if (!report->is_public || report->state == REPORT_ENDS)
        return report->has_news && report->is_public ? report->told + REPORT_UPDATE
                                                     : report->last + REPORT_KEPT;
    if (report->has_news)
        due = earlier(due, report->told + REPORT_UPDATE);
    if (report->state == REPORT_PEAKS)
        due = earlier(due, report->told + HOUR);
    if (report->state != REPORT_FADES)
        due = earlier(due, report->heard + REPORT_FADING);
    return due;
}

void report_schedule(struct reports *reports, struct report *report, int64_t due)
{
    mark_unsaved(reports, report);
    heap_put(&reports->due, &report->due, due);
}

/* ---- time ------------------------------------------------------------------- */

/* One wrong clock moves nothing: a step of over a day needs a second record that says so. */
void reports_pass(struct reports *reports, int64_t time)
{
    bool is_far = reports->now != 0 && (time > reports->now + DAY || time < reports->now - DAY);
    bool is_sure =
        reports->doubt != 0 && time > reports->doubt - DAY && time < reports->doubt + DAY;

    if (time <= 0)
        return;
    if (is_far && !is_sure) {
        reports->doubt = time;
        return;
    }
    if (is_far || time > reports->now)
        reports->now = time;
    reports->doubt = 0;
}

/* ---- who is independent ----------------------------------------------------- */

/* By its letters and digits: "News-Wire" and "newswire" are one. 0 for none. */
static uint64_t name_key(struct bytes name)
{
    char letters[64];
    size_t count = 0;

    for (size_t i = 0; i < name.len && count < sizeof(letters); i++)
        if ((unsigned char)name.ptr[i] >= 0x80 || is_alpha(name.ptr[i]) || is_digit(name.ptr[i]))
            letters[count++] = to_lower(name.ptr[i]);
    return count == 0 ? 0 : hash64((struct bytes){letters, count});
}

/* Whose site it is: an agency's by the agency's name, "apnews.com" is the Associated Press. */
static uint64_t house_key(struct bytes url)
{
    const struct agency *agency = agency_at(url);
    struct bytes site = site_of(url);

    if (agency != NULL)
        return name_key(bytes_of(agency->name));
    return name_key(bytes_slice(site, 0, bytes_find_byte(site, '.')));
}

/* Of a feed's title, "Newswire - Sport", without the section behind it. */
static uint64_t title_key(struct bytes title)
{
    static const char *const parts[] = {" - ", " – ", " — ", " | ", ": ", NULL};

    for (size_t i = 0; parts[i] != NULL; i++)
        title = bytes_slice(title, 0, bytes_find(title, bytes_of(parts[i])));
    return name_key(title);
}

/* Names of three kinds in one row. A feed's title is a name of its site for those who carry that,
 * and no more: the feed may be another's, who lists many sites. */
enum name_kind { BY_PROVIDER = 1, BY_SITE, BY_TITLE };

static uint64_t name_as(uint64_t key, enum name_kind kind)
{
    return key == 0 ? 0 : key * 4 + (uint64_t)kind;
}

static bool is_named(const struct report *report, uint64_t key, enum name_kind kind)
{
    return key != 0 && numbers_have(&report->origins, name_as(key, kind));
}

/* Whether it is a report of its own. */
static bool note_origin(struct report *report, const struct arrival *arrival)
{
    uint64_t site = house_key(arrival->url), title = title_key(arrival->site);
    uint64_t provider = name_key(arrival->origin);
    bool is_known;

    if (provider != 0) {
        is_known = is_named(report, provider, BY_SITE) || is_named(report, provider, BY_TITLE);
        return numbers_note(&report->origins, name_as(provider, BY_PROVIDER)) && !is_known;
    }
    site = site != 0 ? site : title;
    is_known = is_named(report, site, BY_PROVIDER) || is_named(report, title, BY_PROVIDER);
    numbers_note(&report->origins, name_as(title, BY_TITLE));
    return numbers_note(&report->origins, name_as(site, BY_SITE)) && !is_known;
}

/* It repeats a member, but somebody of the story carries this very house: then it is the report
 * that was carried, which came later for being polled later. */
static bool is_original(const struct report *report, const struct arrival *arrival)
{
    return arrival->copy_of.len > 0 && arrival->origin.len == 0 && !arrival->is_update &&
           (is_named(report, house_key(arrival->url), BY_PROVIDER) ||
               is_named(report, title_key(arrival->site), BY_PROVIDER));
}

static void note_time(struct report *report, int64_t now)
{
    struct numbers *times = &report->times;

    report->independent++;
    report->heard = now;
    if (times->count == REPORT_TIMES)
        memmove(times->at, times->at + 1, --times->count * sizeof(*times->at));
    numbers_add(times, (uint64_t)now);
}

/* ---- one more --------------------------------------------------------------- */

static void add_part(struct buf *out, struct bytes text)
{
    text = bytes_clip(text, TEXT_MOST);
    for (size_t i = 0; i < text.len; i++)
        buf_add_byte(out, (char)((unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]));
}

static void add_member(struct report *report, const struct arrival *arrival, const char *role)
{
    const struct bytes parts[] = {arrival->uri, arrival->seen, site_host(arrival->url),
        bytes_of(role), arrival->copy_of.len > 0 ? arrival->copy_of : arrival->origin,
        arrival->headline, arrival->news};

    if (report->member_count >= REPORT_MEMBERS)
        return;
    report->member_count++;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (i > 0)
            buf_add_byte(&report->members, '\t');
        add_part(&report->members, parts[i]);
    }
    buf_add_byte(&report->members, '\n');
}

static const char *role_of(const struct arrival *arrival, bool is_own)
{
    if (arrival->is_later)
        return arrival->is_correction ? "correction" : "update";
    if (arrival->copy_of.len > 0)
        return arrival->is_update ? "update" : "copy";
    if (arrival->is_first)
        return "first";
    return arrival->origin.len > 0 && !is_own ? "copy" : "follow";
}

struct report *reports_add(struct reports *reports, const uint8_t uuid[UUID],
    const struct arrival *came, const char **ret_role)
{
    struct report *report = report_find(reports, uuid);
    struct arrival original = *came;
    const struct arrival *arrival = came;
    bool is_own = false;

    if (report == NULL) {
        report = report_new(reports, uuid);
        report->first = reports->now;
        report->heard = reports->now;
        report_set_text(&report->first_uri, arrival->uri);
    }
    report->last = reports->now;
    if (is_original(report, came)) {
        original.copy_of = (struct bytes){NULL, 0};
        arrival = &original;
    }
    if (!arrival->is_later) {
        uint64_t site = site_key(arrival->url);

        report->articles++;
        numbers_note(&report->sites, site != 0 ? site : name_key(arrival->site));
        if (arrival->copy_of.len == 0)
            is_own = note_origin(report, arrival);
        else
            numbers_note(&report->origins, name_as(name_key(arrival->origin), BY_PROVIDER));
    }
    if (is_own)
        note_time(report, reports->now);
    if (arrival->copy_of.len == 0 && arrival->language.len > 0)
        snprintf(report->language, sizeof(report->language), "%.*s", FMT(arrival->language));
    *ret_role = role_of(arrival, is_own);
    add_member(report, arrival, *ret_role);
    report->has_news = true;
    if (!report->is_public && report->articles < REPORT_PUBLIC)
        report_schedule(reports, report, due_of(report));
    else
        report_schedule(
            reports, report, report->is_public ? report->told + REPORT_UPDATE : reports->now);
    return report;
}

/* ---- what is to be told ----------------------------------------------------- */

static void say_why(
    const struct report *report, enum report_state state, int64_t now, struct telling *telling)
{
    if (state == REPORT_PEAKS && report->state != REPORT_PEAKS)
        snprintf(telling->reason, sizeof(telling->reason),
            "burst: %u independent reports in an hour, %.1f an hour before",
            report_rate(report, now), usual_rate(report, now));
    else if (state == REPORT_FADES && report->state != REPORT_FADES)
        snprintf(telling->reason, sizeof(telling->reason), "no independent report for %d hours",
            REPORT_FADING / HOUR);
    else if (state == REPORT_ENDS)
        snprintf(telling->reason, sizeof(telling->reason), "no article for %d days",
            REPORT_CLOSED / DAY);
    else if (report->is_public && report->state == REPORT_ENDS)
        snprintf(telling->reason, sizeof(telling->reason), "goes on after it was closed");
}

/* False: nothing now; it is in the heap for later, or forgotten. */
static bool has_to_tell(struct reports *reports, struct report *report, struct telling *ret)
{
    enum report_state state = report_state_at(report, reports->now);
    bool is_new = !report->is_public && report->articles >= REPORT_PUBLIC;
    bool is_changed = report->is_public && (report->has_news || state != report->state);

    if (!is_new && !is_changed) {
        if (reports->now - report->last >= REPORT_KEPT)
            report_forget(reports, report);
        else if (due_of(report) <= reports->now) /* it peaks still */
            report_schedule(reports, report, reports->now + HOUR);
        else
            report_schedule(reports, report, due_of(report));
        return false;
    }
    if (is_changed && reports->now - report->told < REPORT_UPDATE) {
        report_schedule(reports, report, report->told + REPORT_UPDATE);
        return false;
    }
    *ret = (struct telling){.report = report,
        .event = is_new                 ? "story.new"
                 : state == REPORT_ENDS ? "story.closed"
                                        : "story.updated"};
    say_why(report, state, reports->now, ret);
    return true;
}

bool reports_next(struct reports *reports, size_t most, struct telling *ret)
{
    for (; most > 0 && heap_first_key(&reports->due) <= reports->now; most--)
        if (has_to_tell(reports, HEAP_ITEM(heap_first(&reports->due), struct report, due), ret))
            return true;
    return false;
}

void reports_told(struct reports *reports, struct telling *telling)
{
    struct report *report = telling->report;

    report->state = (uint8_t)report_state_at(report, reports->now);
    report->is_public = true;
    report->has_news = false;
    report->told = reports->now;
    report->member_count = 0;
    buf_done(&report->members);
    report->members = (struct buf){0};
    report_schedule(reports, report, due_of(report));
}
