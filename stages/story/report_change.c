/* report_change.c - two stories are one, or a member is another's: the figures follow, and what was
 * told stays true.
 *
 * The lines of what was told lately are kept for that: those that may still be decided anew. */
#include "report_private.h"

#include <stdio.h>

#include "base/hash.h"

/* The lines that are not older than it takes, the last ones; member_count lines go to them. */
void report_remember(struct report *report, int64_t now)
{
    struct buf kept = {0};
    struct bytes lines;
    size_t count = 0;

    buf_add(&report->recent, buf_bytes(&report->members));
    lines = buf_bytes(&report->recent);
    for (size_t i = 0; i < lines.len; i++)
        count += lines.ptr[i] == '\n' ? 1 : 0;
    while (lines.len > 0) {
        struct bytes line = bytes_cut(&lines, '\n');

        if (count-- > REPORT_RECENT || member_time(line) < now - HOUR)
            continue;
        buf_add(&kept, line);
        buf_add_byte(&kept, '\n');
    }
    buf_done(&report->recent);
    buf_done(&report->members);
    report->recent = kept;
    report->members = (struct buf){0};
    report->member_count = 0;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- one story of two ---------------------------------------------------------- */

/* All lines of the one that goes, as they are told. */
static void tell_lines(const struct report *report, struct telling *telling)
{
    buf_add(&telling->members, buf_bytes(&report->recent));
    buf_add(&telling->members, buf_bytes(&report->members));
}

bool reports_merge(struct reports *reports, const uint8_t from[UUID], const uint8_t into[UUID],
    struct telling *ret)
{
    struct report *gone = report_find(reports, from), *heir = report_find(reports, into);
    struct bytes lines;
    uint32_t articles;

    *ret = (struct telling){.report = NULL};
    if (gone == NULL)
        return false;
    if (heir == NULL)
        heir = report_begin(reports, into, bytes_of(gone->first_uri), gone->first);
    *ret = (struct telling){.report = gone, .event = "story.merged", .into = heir->uuid};
    snprintf(ret->reason, sizeof(ret->reason), "an article fits both stories");
    tell_lines(gone, ret);
    articles = heir->articles + gone->articles;
    lines = buf_bytes(&ret->members);
    while (lines.len > 0)
        report_count_again(heir, bytes_cut(&lines, '\n'), false);
    heir->articles = articles;
    heir->last = later(heir->last, gone->last);
    report_has_news(reports, heir);
    return true;
}

/* ---- a member that goes -------------------------------------------------------- */

/* Take the line of the article out of lines, into ret_line. */
static bool take_line(struct buf *lines, uint64_t article, struct buf *ret_line)
{
    struct bytes rest = buf_bytes(lines);
    struct buf kept = {0};

    while (rest.len > 0) {
        struct bytes line = bytes_cut(&rest, '\n');
        bool is_it = ret_line->len == 0 && hash64(member_uri(line)) == article;

        buf_add(is_it ? ret_line : &kept, line);
        buf_add_byte(is_it ? ret_line : &kept, '\n');
    }
    buf_done(lines);
    *lines = kept;
    return ret_line->len > 0;
}

bool reports_move(struct reports *reports, const uint8_t from[UUID], const uint8_t into[UUID],
    uint64_t article, struct telling *ret)
{
    struct report *left = report_find(reports, from), *joined = report_find(reports, into);
    struct bytes lines, line;
    bool is_new = joined == NULL;

    *ret = (struct telling){.report = left, .event = "story.split"};
    if (left == NULL)
        return false;
    if (take_line(&left->members, article, &ret->members))
        left->member_count--;
    else if (!take_line(&left->recent, article, &ret->members))
        return false;
    lines = buf_bytes(&ret->members);
    line = bytes_cut(&lines, '\n');
    if (is_new)
        joined = report_begin(reports, into, member_uri(line), member_time(line));
    ret->into = joined->uuid;
    snprintf(ret->reason, sizeof(ret->reason), "a newer article suits it better");
    report_uncount(left, line);
    report_count_again(joined, line, is_new);
    report_has_news(reports, joined);
    report_has_news(reports, left);
    return true;
}

void reports_changed(struct reports *reports, struct telling *telling)
{
    if (telling->report != NULL && bytes_is(bytes_of(telling->event), "story.merged"))
        report_forget(reports, telling->report);
    buf_done(&telling->members);
}
