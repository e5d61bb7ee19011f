/* local_time.c - the offset of a publication time that is given in UTC, from what the page shows.
 *
 * Content systems store UTC and show local time: 00:44Z and "3 May 21:44" are one moment at -03:00.
 * The moment stays as it is; its day becomes the one that readers see. */
#include "base/clock.h"
#include "cue/cue.h"
#include "field/fields.h"
#include "page/clean.h"

enum {
    LINES_BEFORE = 8,
    LINES_BEHIND = 12,
    TEXT_BYTES = 120,
    HOUR = 3600,
    DAY = 24 * HOUR,
    EAST = 14 * HOUR, /* the farthest zones */
    WEST = -12 * HOUR
};

struct shown {
    int64_t day; /* since 1970 */
    bool has_day;
    int clock; /* seconds of the day, -1 without */
};

static bool is_digit_at(struct bytes text, size_t at)
{
    return at < text.len && is_digit(text.ptr[at]);
}

/* "9:25pm" at the colon: seconds of the day, -1 when it is no clock. ret_start is where it begins.
 */
static int clock_at(struct bytes text, size_t colon, size_t *ret_start)
{
    size_t start = colon;
    struct bytes behind;
    int hour = 0;

    while (start > 0 && colon - start < 2 && is_digit(text.ptr[start - 1]))
        start--;
    if (start == colon || !is_digit_at(text, colon + 1) || !is_digit_at(text, colon + 2))
        return -1;
    for (size_t i = start; i < colon; i++)
        hour = hour * 10 + (text.ptr[i] - '0');
    behind = bytes_trim(bytes_from(text, colon + 3));
    if (hour <= 12 && bytes_starts_nocase(behind, LIT("pm")))
        hour = hour % 12 + 12;
    else if (hour == 12 && bytes_starts_nocase(behind, LIT("am")))
        hour = 0;
    *ret_start = start;
    if (hour > 23 || text.ptr[colon + 1] > '5')
        return -1;
    return hour * HOUR + ((text.ptr[colon + 1] - '0') * 10 + text.ptr[colon + 2] - '0') * 60;
}

static struct shown read_line(struct bytes text, enum date_order order)
{
    struct shown shown = {.clock = -1};
    struct bytes dated = text;
    struct date date;
    size_t start = 0;

    for (size_t i = 1; i < text.len && shown.clock < 0; i++)
        if (text.ptr[i] == ':' && (shown.clock = clock_at(text, i, &start)) >= 0 && start > 5)
            dated.len = start; /* "3 May 202221:44": a style draws the space */
    if (date_parse(dated, order, &date) && date.precision >= DATE_DAY) {
        shown.day = (date.instant / SECOND + date.offset) / DAY;
        shown.has_day = true;
    }
    return shown;
}

/* Seconds east of UTC at which the moment is what is shown; WEST - 1 when at none. */
static int offset_of(const struct shown *shown, int64_t moment)
{
    int64_t day = moment / DAY;
    int clock = (int)(moment % DAY);
    int offset;

    if (shown->clock < 0) /* a day alone is stored as its midnight */
        return shown->has_day && shown->day == day + 1 && clock % HOUR == 0 && DAY - clock <= EAST
                   ? DAY - clock
                   : WEST - 1;
    if (shown->has_day && (shown->day < day - 1 || shown->day > day + 1))
        return WEST - 1; /* another date */
    offset = shown->clock - clock / 60 * 60;
    if (shown->has_day)
        offset += (int)(shown->day - day) * DAY;
    else if (offset > DAY / 2)
        offset -= DAY;
    else if (offset <= -DAY / 2)
        offset += DAY;
    if (offset % (shown->has_day ? HOUR / 2 : HOUR) != 0 || offset > EAST)
        return WEST - 1;
    return offset;
}

static bool may_be_the_articles(const struct line *line)
{
    return line->text.len <= TEXT_BYTES && !line->teaser && !line->good &&
           line->cut != RULE_COMMENT && line->cut != RULE_RELATED && line->cut != RULE_NAV &&
           line->cut != RULE_SIDEBAR && cue_find(line->text, 1U << CUE_MODIFIED, NULL) == CUE_NONE;
}

void published_localize(const struct page *page, enum date_order order, struct date *date)
{
    uint32_t title = page->title == 0 ? 0 : page->first_line[page->title];

    if (date->precision < DATE_HOUR || !date->has_offset || date->offset != 0 ||
        date->instant < 0 || page->title == 0)
        return;
    for (uint32_t i = title < LINES_BEFORE ? 0 : title - LINES_BEFORE;
         i < page->line_count && i <= title + LINES_BEHIND; i++) {
        struct shown shown;
        int offset;

        if (!may_be_the_articles(&page->lines[i]))
            continue;
        shown = read_line(page->lines[i].text, order);
        if (!shown.has_day && shown.clock < 0)
            continue;
        offset = offset_of(&shown, date->instant / SECOND);
        if (offset >= WEST) {
            date->offset = offset;
            return;
        }
    }
}
