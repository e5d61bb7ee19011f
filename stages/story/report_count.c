/* report_count.c - what one article adds to its story's figures, or takes away when it goes.
 *
 * Who is independent: a report that repeats no member and carries nobody whose report the story has
 * already. An origin is known by its name and by its site: "Newswire" is newswire.example, so that
 * the agency's own report and all who carry it count once, in whatever order they come.
 *
 * Names are counted by how many have them, and an article is kept as a line of what it was counted
 * by: a decision that is taken back leaves no trace. */
#include "report_private.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "text/agency.h"
#include "text/site.h"

enum { TEXT_MOST = 400 /* bytes of each text in a member's line */ };

/* ---- names ---------------------------------------------------------------------- */

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

/* A row of names: 48 bits of each, and how many have it. */
enum { TALLY = 16, TALLY_MOST = (1 << TALLY) - 1 };

static uint64_t *tally_find(const struct numbers *names, uint64_t name)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (names->at[i] >> TALLY == name << TALLY >> TALLY)
            return &names->at[i];
    return NULL;
}

/* False when it is there already. What is beyond the limit is not told apart any more. */
static bool tally_note(struct numbers *names, uint64_t name)
{
    uint64_t *was = name == 0 ? NULL : tally_find(names, name);

    if (was != NULL)
        *was += (*was & TALLY_MOST) < TALLY_MOST ? 1 : 0;
    if (name == 0 || was != NULL || names->count >= REPORT_SITES)
        return false;
    numbers_add(names, name << TALLY | 1);
    return true;
}

/* One less; whether others have it. */
static bool tally_drop(struct numbers *names, uint64_t name)
{
    uint64_t *was = name == 0 ? NULL : tally_find(names, name);

    if (was == NULL || (--*was & TALLY_MOST) > 0)
        return was != NULL;
    memmove(was, was + 1, (char *)(names->at + names->count) - (char *)(was + 1));
    names->count--;
    return false;
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
    return key != 0 && tally_find(&report->origins, name_as(key, kind)) != NULL;
}

/* Whether it is a report of its own. */
static bool note_origin(struct report *report, const struct arrival *arrival)
{
    uint64_t site = house_key(arrival->url), title = title_key(arrival->site);
    uint64_t provider = name_key(arrival->origin);
    bool is_known;

    if (provider != 0) {
        is_known = is_named(report, provider, BY_SITE) || is_named(report, provider, BY_TITLE);
        return tally_note(&report->origins, name_as(provider, BY_PROVIDER)) && !is_known;
    }
    site = site != 0 ? site : title;
    is_known = is_named(report, site, BY_PROVIDER) || is_named(report, title, BY_PROVIDER);
    tally_note(&report->origins, name_as(title, BY_TITLE));
    return tally_note(&report->origins, name_as(site, BY_SITE)) && !is_known;
}

/* It repeats a member, but somebody of the story carries this very house: then it is the report
 * that was carried, which came later for being polled later. */
static bool is_original(const struct report *report, const struct arrival *arrival)
{
    return arrival->copy_of.len > 0 && arrival->origin.len == 0 && !arrival->is_update &&
           (is_named(report, house_key(arrival->url), BY_PROVIDER) ||
               is_named(report, title_key(arrival->site), BY_PROVIDER));
}

/* Whether others are left by whom it counted. */
static bool drop_origin(struct report *report, const struct arrival *arrival)
{
    uint64_t site = house_key(arrival->url), title = title_key(arrival->site);
    uint64_t provider = name_key(arrival->origin);

    if (provider != 0)
        return tally_drop(&report->origins, name_as(provider, BY_PROVIDER));
    tally_drop(&report->origins, name_as(title, BY_TITLE));
    return tally_drop(&report->origins, name_as(site != 0 ? site : title, BY_SITE));
}

static uint64_t publisher_of(const struct arrival *arrival)
{
    uint64_t site = site_key(arrival->url);

    return site != 0 ? site : name_key(arrival->site);
}

static void note_time(struct report *report, int64_t time)
{
    struct numbers *times = &report->times;

    report->independent++;
    report->heard = time > report->heard ? time : report->heard;
    if (times->count == REPORT_TIMES)
        memmove(times->at, times->at + 1, --times->count * sizeof(*times->at));
    numbers_add(times, (uint64_t)time);
}

static void drop_time(struct report *report, int64_t time)
{
    struct numbers *times = &report->times;
    uint32_t i = 0;

    report->independent--;
    while (i < times->count && times->at[i] != (uint64_t)time)
        i++;
    if (i == times->count)
        return;
    times->count--;
    memmove(&times->at[i], &times->at[i + 1], (times->count - i) * sizeof(*times->at));
}

/* ---- an article as a line ------------------------------------------------------ */

/* How it was counted stands in front of what is told of it. */
enum { IS_OWN = 'o', IS_OTHERS = 'n', IS_COPY = 'c', IS_LATER = 'v' };

static void add_part(struct buf *out, struct bytes text)
{
    text = bytes_clip(text, TEXT_MOST);
    for (size_t i = 0; i < text.len; i++)
        buf_add_byte(out, (char)((unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]));
}

static void add_member(struct report *report, const struct arrival *arrival, int64_t time,
    bool is_own, const char *role)
{
    char number[INT_TEXT];
    const char how = (char)(arrival->is_later          ? IS_LATER
                            : arrival->copy_of.len > 0 ? IS_COPY
                            : is_own                   ? IS_OWN
                                                       : IS_OTHERS);
    const struct bytes parts[] = {bytes_of_int(time, number), {&how, 1}, arrival->site,
        arrival->origin, arrival->uri, arrival->seen, site_host(arrival->url), bytes_of(role),
        arrival->copy_of.len > 0 ? arrival->copy_of : arrival->origin, arrival->headline,
        arrival->news};

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

struct bytes member_shown(struct bytes line)
{
    for (int i = 0; i < 4; i++)
        bytes_cut(&line, '\t');
    return line;
}

int64_t member_time(struct bytes line)
{
    int64_t time = 0;

    bytes_to_int(bytes_cut(&line, '\t'), &time);
    return time;
}

struct bytes member_uri(struct bytes line)
{
    line = member_shown(line);
    return bytes_cut(&line, '\t');
}

/* The arrival it was; its address has the host alone. */
static struct arrival read_member(struct bytes line, struct buf *address, bool *ret_is_own)
{
    struct arrival a = {.time = member_time(line)};
    struct bytes how, host, role, carries;

    bytes_cut(&line, '\t');
    how = bytes_cut(&line, '\t');
    a.site = bytes_cut(&line, '\t');
    a.origin = bytes_cut(&line, '\t');
    a.uri = bytes_cut(&line, '\t');
    a.seen = bytes_cut(&line, '\t');
    host = bytes_cut(&line, '\t');
    role = bytes_cut(&line, '\t');
    carries = bytes_cut(&line, '\t');
    a.headline = bytes_cut(&line, '\t');
    a.news = line;
    a.is_later = bytes_starts(how, (struct bytes){(const char[]){IS_LATER}, 1});
    if (bytes_starts(how, (struct bytes){(const char[]){IS_COPY}, 1}))
        a.copy_of = carries;
    a.is_update = bytes_is(role, "update");
    a.is_correction = bytes_is(role, "correction");
    *ret_is_own = bytes_starts(how, (struct bytes){(const char[]){IS_OWN}, 1});
    if (host.len > 0) {
        buf_add(address, LIT("https://"));
        buf_add(address, host);
        buf_add_byte(address, '/');
    }
    a.url = buf_bytes(address);
    return a;
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

/* ---- counted, and taken away --------------------------------------------------- */

const char *report_count(struct report *report, const struct arrival *came, int64_t time)
{
    struct arrival arrival = *came;
    bool is_own = false;
    const char *role;

    if (is_original(report, came))
        arrival.copy_of = (struct bytes){NULL, 0};
    if (!arrival.is_later) {
        report->articles++;
        tally_note(&report->sites, publisher_of(&arrival));
        if (arrival.copy_of.len == 0)
            is_own = note_origin(report, &arrival);
        else
            tally_note(&report->origins, name_as(name_key(arrival.origin), BY_PROVIDER));
    }
    if (is_own)
        note_time(report, time);
    role = role_of(&arrival, is_own);
    add_member(report, &arrival, time, is_own, role);
    return role;
}

void report_count_again(struct report *report, struct bytes line, bool is_first)
{
    struct buf address = {0};
    bool was_own;
    struct arrival arrival = read_member(line, &address, &was_own);

    arrival.is_first = is_first;
    report_count(report, &arrival, arrival.time);
    buf_done(&address);
}

void report_uncount(struct report *report, struct bytes line)
{
    struct buf address = {0};
    bool was_own;
    const struct arrival arrival = read_member(line, &address, &was_own);

    report->articles--;
    tally_drop(&report->sites, publisher_of(&arrival));
    if (!drop_origin(report, &arrival) && was_own)
        drop_time(report, arrival.time);
    buf_done(&address);
}
