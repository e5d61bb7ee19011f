/* date_zone.c - knows what the names of time zones mean. */
#include <stdlib.h>
#include <unicode/ucal.h>

#include "text/date.h"
#include "text/date_scan.h"

struct zone {
    const char *name;
    int minutes;
    const char *place; /* IANA name when the abbreviation follows the summer time of the USA */
};

/* RFC 822 section 5 for the first; the others as the world's feeds use them. Abbreviations that
 * several countries claim (IST, CST, BST, AST) go to the one with most feeds. Sorted. */
static const struct zone zones[] = {
    {"acdt", 630, NULL},
    {"acst", 570, NULL},
    {"adt", -180, NULL},
    {"aedt", 660, NULL},
    {"aest", 600, NULL},
    {"akdt", -480, NULL},
    {"akst", -540, NULL},
    {"almt", 360, NULL},
    {"amt", -240, NULL},
    {"art", -180, NULL},
    {"ast", -240, NULL},
    {"at", -240, "America/Halifax"},
    {"awst", 480, NULL},
    {"azt", 240, NULL},
    {"bdt", 360, NULL},
    {"bot", -240, NULL},
    {"brst", -120, NULL},
    {"brt", -180, NULL},
    {"bst", 60, NULL},
    {"cat", 120, NULL},
    {"cdt", -300, NULL},
    {"cedt", 120, NULL},
    {"cest", 120, NULL},
    {"cet", 60, NULL},
    {"clst", -180, NULL},
    {"clt", -240, NULL},
    {"cot", -300, NULL},
    {"cst", -360, NULL},
    {"ct", -360, "America/Chicago"},
    {"eat", 180, NULL},
    {"ect", -300, NULL},
    {"edt", -240, NULL},
    {"eedt", 180, NULL},
    {"eest", 180, NULL},
    {"eet", 120, NULL},
    {"est", -300, NULL},
    {"et", -300, "America/New_York"},
    {"get", 240, NULL},
    {"gmt", 0, NULL},
    {"gst", 240, NULL},
    {"hkt", 480, NULL},
    {"hst", -600, NULL},
    {"ict", 420, NULL},
    {"idt", 180, NULL},
    {"irst", 210, NULL},
    {"ist", 330, NULL},
    {"jst", 540, NULL},
    {"kst", 540, NULL},
    {"mdt", -360, NULL},
    {"mest", 120, NULL},
    {"mesz", 120, NULL},
    {"met", 60, NULL},
    {"mez", 60, NULL},
    {"mmt", 390, NULL},
    {"msd", 240, NULL},
    {"msk", 180, NULL},
    {"mst", -420, NULL},
    {"mt", -420, "America/Denver"},
    {"myt", 480, NULL},
    {"ndt", -150, NULL},
    {"npt", 345, NULL},
    {"nst", -210, NULL},
    {"nzdt", 780, NULL},
    {"nzst", 720, NULL},
    {"pdt", -420, NULL},
    {"pet", -300, NULL},
    {"pht", 480, NULL},
    {"pkt", 300, NULL},
    {"pst", -480, NULL},
    {"pt", -480, "America/Los_Angeles"},
    {"pyt", -240, NULL},
    {"sast", 120, NULL},
    {"sgt", 480, NULL},
    {"sst", -660, NULL},
    {"trt", 180, NULL},
    {"uct", 0, NULL},
    {"ut", 0, NULL},
    {"utc", 0, NULL},
    {"uyt", -180, NULL},
    {"uzt", 300, NULL},
    {"vet", -240, NULL},
    {"wat", 60, NULL},
    {"west", 60, NULL},
    {"wet", 0, NULL},
    {"wib", 420, NULL},
    {"wit", 540, NULL},
    {"wita", 480, NULL},
};

static int compare(const void *name, const void *zone)
{
    return strcmp(name, ((const struct zone *)zone)->name);
}

/* Since 2007 summer time in North America begins on the second Sunday of March and ends on the
 * first of November, at two o'clock (15 U.S.C. 260a); the hour that comes twice is taken for the
 * second. */
static bool is_summer(const struct date_civil *at)
{
    int64_t days = date_from_civil(at->year, at->month, 1) / 86400; /* since a Thursday */
    int sunday = 1 + (int)(6 - (days + 3) % 7);                     /* the month's first */

    if (at->month == 3)
        return at->day > sunday + 7 || (at->day == sunday + 7 && at->hour >= 2);
    if (at->month == 11)
        return at->day < sunday || (at->day == sunday && at->hour < 1);
    return at->month > 3 && at->month < 11;
}

bool date_zone_by_abbreviation(const char *name, const struct date_civil *at, int *ret_offset)
{
    const struct zone *zone;

    /* RFC 2822 section 4.3: the military letters were specified wrongly and mean an unknown zone.
     */
    if (is_alpha(name[0]) && name[1] == '\0' && name[0] != 'j') {
        *ret_offset = 0;
        return true;
    }
    zone = bsearch(name, zones, sizeof(zones) / sizeof(zones[0]), sizeof(zones[0]), compare);
    if (zone == NULL)
        return false;
    *ret_offset = zone->minutes * 60;
    if (zone->place != NULL && at->year >= 2007)
        *ret_offset += is_summer(at) ? 3600 : 0;
    else if (zone->place != NULL)
        date_zone_by_name(bytes_of(zone->place), at, ret_offset);
    return true;
}

/* A place in the tz database is one in a part of the world. */
static bool is_of_the_world(struct bytes name)
{
    static const char *const parts[] = {"Africa", "America", "Antarctica", "Arctic", "Asia",
        "Atlantic", "Australia", "Brazil", "Canada", "Chile", "Etc", "Europe", "Indian", "Mexico",
        "Pacific", "US", NULL};
    struct bytes rest = name;
    struct bytes first = bytes_cut(&rest, '/');

    for (size_t i = 0; i < name.len; i++)
        if (!is_alpha(name.ptr[i]) && !is_digit(name.ptr[i]) &&
            (name.ptr[i] == '\0' || strchr("/_-+", name.ptr[i]) == NULL))
            return false;
    for (int i = 0; parts[i] != NULL; i++)
        if (bytes_equal_nocase(first, bytes_of(parts[i])))
            return rest.len > 0;
    return false;
}

bool date_zone_by_name(struct bytes name, const struct date_civil *at, int *ret_offset)
{
    static const UChar unknown[] = u"Etc/Unknown";
    UChar id[48], found[48];
    UErrorCode status = U_ZERO_ERROR;
    UCalendar *calendar;
    int32_t len;

    /* Opening a calendar takes more memory than most pages. */
    if (name.len == 0 || name.len >= sizeof(id) / sizeof(id[0]) || !is_of_the_world(name))
        return false;
    for (size_t i = 0; i < name.len; i++)
        id[i] = (UChar)(unsigned char)name.ptr[i];
    calendar = ucal_open(id, (int32_t)name.len, "en_US", UCAL_GREGORIAN, &status);
    if (U_FAILURE(status))
        return false;
    len = ucal_getTimeZoneID(calendar, found, sizeof(found) / sizeof(found[0]), &status);
    if (U_FAILURE(status) || (len == 11 && memcmp(found, unknown, 11 * sizeof(UChar)) == 0)) {
        ucal_close(calendar);
        return false;
    }
    ucal_setDateTime(
        calendar, at->year, at->month - 1, at->day, at->hour, at->minute, at->second, &status);
    *ret_offset = (ucal_get(calendar, UCAL_ZONE_OFFSET, &status) +
                      ucal_get(calendar, UCAL_DST_OFFSET, &status)) /
                  1000;
    ucal_close(calendar);
    return U_SUCCESS(status);
}
