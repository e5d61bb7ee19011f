/* report.h - what is told of the stories: how many articles, by whom, how many reports independent
 * of each other, whether the story grows or fades; and its events. */
#ifndef STORY_REPORT_H
#define STORY_REPORT_H

#include "base/heap.h"
#include "base/str.h"
#include "base/table.h"
#include "identity.h"

/* Times are seconds, of the records: a replay tells what the first run did. */
enum {
    HOUR = 3600,
    REPORT_UPDATE = 60,           /* at most one update of a story in so many */
    REPORT_PUBLIC = 2,            /* articles: one alone is no story for anybody */
    REPORT_DEVELOPING = 3,        /* independent reports */
    REPORT_BURST = 3,             /* within an hour, and twice as many as before */
    REPORT_FADING = 8 * HOUR,     /* without an independent report */
    REPORT_CLOSED = 72 * HOUR,    /* without an article */
    REPORT_KEPT = 14 * 24 * HOUR, /* as long as an article may still join (THREADS_DAYS) */
    REPORT_SITES = 512,           /* publishers, and names of origins, told apart */
    REPORT_TIMES = 64,            /* of the last independent reports that are remembered */
    REPORT_MEMBERS = 64,          /* named in one event; what is more is counted */
    REPORT_RECENT = 16,           /* lines that are kept when they were told */
    REPORT_TABLES = 256, /* by the hash's top byte: each grows by itself, of a million 4,000 */
};

enum report_state { REPORT_NEW, REPORT_GROWS, REPORT_PEAKS, REPORT_FADES, REPORT_ENDS };
const char *report_state_name(enum report_state state);

/* A few numbers in the order in which they came. */
struct numbers {
    uint64_t *at;
    uint32_t count, cap;
};

struct report {
    uint8_t uuid[UUID], topic[UUID];
    int64_t first, last; /* when its articles came */
    int64_t heard;       /* the last independent report */
    int64_t told;        /* its last event */
    uint32_t articles, independent;
    uint8_t state; /* as it was told */
    bool is_public, has_news;
    char language[16];
    char *headline, *first_uri;
    struct numbers sites, origins, times;
    struct buf members; /* lines since the last event: see member_shown() */
    uint32_t member_count;
    struct buf recent; /* lines of what was told within the last hour */
    uint32_t unsaved;  /* place + 1 in the list of those that changed since the last save, or 0 */
    struct heap_node due; /* when something is to be decided without a further article */
};

struct reports {
    struct table by_uuid[REPORT_TABLES];
    struct heap due;
    struct report **unsaved;
    uint32_t unsaved_count, unsaved_cap;
    int64_t now, doubt; /* doubt: a time far from now, which a second one must confirm; or 0 */
};

/* An article as far as it is counted. */
struct arrival {
    struct bytes uri, seen, headline, language;
    struct bytes url, site; /* its address, and the name of its site */
    struct bytes origin;    /* whose report it carries, or empty */
    struct bytes copy_of;   /* the member it repeats, or empty */
    struct bytes news;      /* what it says that is new, or empty */
    int64_t time;
    bool is_first, is_later; /* is_later: a version of a member */
    bool is_update;          /* it repeats a member in a later version */
    bool is_correction;
};

void reports_done(struct reports *reports);

/* Count it. *ret_role: first, follow, copy, update or correction. */
struct report *reports_add(struct reports *reports, const uint8_t uuid[UUID],
    const struct arrival *arrival, const char **ret_role);

/* The time is that, too, when an article comes that is of no story. */
void reports_pass(struct reports *reports, int64_t time);

/* When something is to be told or forgotten though nothing comes; 0: never. */
int64_t reports_due(const struct reports *reports);

/* The next story with something to be told now, why and as what ("story.new", ...), or NULL. After
 * it was told: reports_told(). At most most are looked at in a call. */
struct telling {
    struct report *report;
    const char *event;
    char reason[96];
    /* of story.merged and story.split: whose the members are now, and these; else NULL */
    const uint8_t *into;
    struct buf members;
};
bool reports_next(struct reports *reports, size_t most, struct telling *ret_telling);
void reports_told(struct reports *reports, struct telling *telling);

/* All of a story is another's from now on, or one article of it (the hash of its identity). False
 * when there is nothing to be told of it. After it was told: reports_changed(). */
bool reports_merge(struct reports *reports, const uint8_t from[UUID], const uint8_t into[UUID],
    struct telling *ret_telling);
bool reports_move(struct reports *reports, const uint8_t from[UUID], const uint8_t into[UUID],
    uint64_t article, struct telling *ret_telling);
void reports_changed(struct reports *reports, struct telling *telling);

/* What is told of a line of members: a WR_STORY_MEMBER. */
struct bytes member_shown(struct bytes line);

enum report_state report_state_at(const struct report *report, int64_t now);
uint32_t report_rate(const struct report *report, int64_t now); /* independent, in the last hour */

/* What changed since the last save. reports_load() takes the saves back, the oldest first; false
 * when one makes no sense. */
void reports_save(struct reports *reports, struct buf *out);
bool reports_load(struct reports *reports, struct bytes saved);

#endif
