/* report_state.c - whether a story grows, peaks or fades, and when that is told.
 *
 * States go by independent reports. A burst is an hour with twice the rate of what was before, and
 * at least three reports: two is the ratio of neighbouring states in Kleinberg's model (Bursty and
 * hierarchical structure in streams, 2002), three is where two newsrooms are no coincidence any
 * more. A story fades after eight hours, about the width of the peak that Leskovec, Backstrom and
 * Kleinberg found (Meme-tracking and the dynamics of the news cycle, 2009). */
#include "report_private.h"

#include <stdio.h>

enum { DAY = 24 * HOUR };

const char *report_state_name(enum report_state state)
{
    static const char *const names[] = {[REPORT_NEW] = "new",
        [REPORT_GROWS] = "developing",
        [REPORT_PEAKS] = "peaking",
        [REPORT_FADES] = "fading",
        [REPORT_ENDS] = "closed"};

    return names[state];
}

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

void report_has_news(struct reports *reports, struct report *report)
{
    report->has_news = true;
    if (!report->is_public && report->articles < REPORT_PUBLIC)
        report_schedule(reports, report, due_of(report));
    else
        report_schedule(
            reports, report, report->is_public ? report->told + REPORT_UPDATE : reports->now);
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

int64_t reports_due(const struct reports *reports)
{
    return heap_first(&reports->due) == NULL ? 0 : heap_first_key(&reports->due);
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
    report_remember(report, reports->now);
    report_schedule(reports, report, due_of(report));
}
