/* stage.h - the interface between wireroomd and its stage modules.
 *
 * A stage module is a shared object exporting one symbol, wireroom_stage. The
 * daemon never calls module code in its own process: a worker loads the
 * module, fills its options, calls open(), closes the sandbox behind it, and
 * then calls process() once per record. A stage that crashes or overruns its
 * time costs that one record its fields, nothing more.
 *
 * Ownership, whole and complete:
 *   - A record and everything reached from it live until the record leaves
 *     the worker. Strings a stage reads are lent; strings it sets are copied.
 *   - A stage's self is allocated, filled and freed by the host.
 *   - Allocation does not fail: a worker over its limit ends, the record is
 *     marked, and the next record gets a new worker.
 *
 * Text is limited: a record holds at most 16 MiB in all, a list 1,024 values, an extra's name 64
 * bytes of [a-z0-9_.-]. What is beyond that is not set, and noted on the record.
 *
 * Compatibility: members are only ever added at the end of a struct, values at
 * the end of an enum, functions under a new symbol version. WR_STAGE_ABI
 * changes only when a module compiled against an older header must not run.
 */
#ifndef WIREROOM_STAGE_H
#define WIREROOM_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WR_STAGE_ABI 1U
#define WR_EXPORT __attribute__((visibility("default")))
#define WR_PRINTF(f, a) __attribute__((format(printf, f, a)))

typedef struct wr_record wr_record; /* one article on its way through */

/* A string lent by its owner; not NUL-terminated, never NULL when len > 0. */
typedef struct wr_str {
    const char *ptr;
    size_t len;
} wr_str;

/* Fields every stage may count on; the numbers are part of the ABI. Text is UTF-8. "list" fields
 * hold any number of values (wr_count, wr_get_at, wr_add), all others at most one. */
enum wr_field {
    WR_ID = 1,   /* stable identity of the article: urn:uuid */
    WR_URL,      /* canonical address */
    WR_TITLE,    /* headline, plain text */
    WR_SUMMARY,  /* the feed's own summary, plain text */
    WR_TEXT,     /* clean body text, paragraphs separated by one newline */
    WR_LANGUAGE, /* BCP 47 tag */
    WR_PAGE,     /* article page as fetched and decoded, only with WR_NEEDS_PAGE */
    WR_AUTHOR,   /* list: names of people */
    WR_STORY,    /* identity of the developing story */
    WR_SAME_AS,  /* identity of the record this one repeats */

    WR_HTML, /* body as allow-listed HTML, no active content */
    /* RFC 3339, with the offset the source gave; a bare date when no more is known */
    WR_PUBLISHED,
    WR_PUBLISHED_SOURCE, /* feed sitemap json-ld meta time-element url http first-seen site-rule */
    WR_PUBLISHED_RAW,    /* as found */
    WR_PUBLISHED_PRECISION, /* second minute hour day none */
    WR_MODIFIED,            /* RFC 3339 */
    WR_IMAGE,               /* address of the lead image */
    WR_CANONICAL,           /* address the page claims for itself */
    WR_BYLINE,              /* as printed */
    WR_SECTION,
    WR_STANDFIRST,
    WR_CAPTION,    /* list */
    WR_KEYWORD,    /* list: the feed's categories, then the page's */
    WR_NOTICE,     /* list: correction and editor's notices */
    WR_FREE,       /* "true" or "false": isAccessibleForFree */
    WR_STATUS,     /* of extraction: full partial feed-only paywalled blocked failed skipped */
    WR_METHOD,     /* of extraction, for its reader */
    WR_CONFIDENCE, /* of extraction, "0.00" to "1.00" */
    WR_LANGUAGE_CONFIDENCE, /* "0.00" to "1.00" */
    WR_RELATION,            /* to WR_SAME_AS: exact reprint update rewrite, or a stage's own */
    WR_SIMILARITY,          /* to WR_SAME_AS, "0.00" to "1.00" */

    WR_FEED_TITLE,    /* the entry's title as the feed gave it, plain text */
    WR_FEED_CONTENT,  /* the entry's body as the feed gave it, HTML */
    WR_FEED_AUTHOR,   /* list: the entry's authors as the feed gave them */
    WR_FEED_DATE,     /* the entry's date from the feed, RFC 3339 */
    WR_FEED_LANGUAGE, /* of the entry or its feed, BCP 47 */
    WR_GUID,          /* the entry's guid */
    WR_SITE,          /* title of the feed */
    WR_ENCLOSURE,     /* list: "url<TAB>type<TAB>length" */
    WR_PAGE_URL,      /* where WR_PAGE came from, redirects followed */
    WR_PAGE_TYPE,     /* Content-Type of WR_PAGE */
    WR_PAGE_TITLE,    /* headline as the page gives it */
    /* when the daemon first saw the article, RFC 3339; stages read it, the daemon sets it */
    WR_FIRST_SEEN,
    /* how many other entries of the feed led to WR_PAGE_URL, or to the same bytes; absent: none */
    WR_PAGE_SHARED,

    WR_RIGHTS,      /* the entry's rights as the feed gave them, plain text */
    WR_FEED_SOURCE, /* where the entry says it is from (RSS source): "url<TAB>title" */

    /* what stages read out of the text; "start" and "end" count characters of WR_TEXT */
    WR_ORIGIN,       /* who wrote it first, when it is not the publisher: "Reuters" */
    WR_ORIGIN_BASIS, /* credit-line byline dateline rss-source canonical-link text-match link */
    WR_ORIGIN_CONFIDENCE, /* "0.00" to "1.00" */
    WR_DATELINE,          /* as printed: "BEIRUT (Reuters)" */
    WR_LEAD,              /* the first sentence that tells something */
    WR_NAME,              /* list: "person|organisation|place|other<TAB>count<TAB>name" */
    WR_QUOTE,             /* list: "start<TAB>end<TAB>speaker<TAB>text" */
    WR_TERM,              /* list: "weight<TAB>term": the words it is about, the best first */
    WR_DATE,              /* list: "2026-03-14<TAB>as written", or "2026-03", "2026" */

    /* of the story WR_STORY, as far as it had come with this article */
    WR_STORY_HEADLINE,
    WR_STORY_STATE,       /* new developing peaking fading closed */
    WR_STORY_ROLE,        /* of this article in it: first follow copy update correction */
    WR_STORY_FIRST,       /* identity of the article that began it */
    WR_STORY_SINCE,       /* when that was seen, RFC 3339 */
    WR_STORY_ARTICLES,    /* how many */
    WR_STORY_PUBLISHERS,  /* by how many sites */
    WR_STORY_INDEPENDENT, /* how many that carry nobody else's report */
    WR_TOPIC,             /* identity of the long-running subject the story belongs to */
    WR_NEWS,              /* list: sentences that say what no earlier article of the story does */

    /* A record of wr_emit() by an ordered stage is published as an event of its own when it says
     * of which kind: "story.new", "story.updated", "story.closed", "story.merged" (WR_STORY is no
     * more), "story.split" (WR_STORY is the one its members left). It has WR_STORY and what is
     * above, WR_LANGUAGE, and: */
    WR_EVENT,
    WR_STORY_LAST,   /* when its newest article was seen, RFC 3339 */
    WR_STORY_RATE,   /* independent reports in the last hour */
    WR_STORY_REASON, /* why this is told, for its reader */
    /* list, what came since the last event of it:
     * "identity<TAB>seen<TAB>site<TAB>role<TAB>whose it carries<TAB>headline<TAB>what is new" */
    WR_STORY_MEMBER,
    WR_STORY_INTO, /* of "story.merged" and "story.split": identity of the story its members are in
                      from now on */

    /* Lines that several articles of the page's host have, of what the daemon learned from all, and
     * lines of this one to learn from: hashes in the daemon's own form. */
    WR_SITE_LINES,
    WR_PAGE_LINES,

    WR_REASON, /* list, of extraction: what speaks against WR_CONFIDENCE, the worst first */

    /* list, of those of WR_NAME that stand in a list of the operator's: "name<TAB>country, or
     * nothing<TAB>what the list calls it" */
    WR_LISTED,
};

/* What process() returns. */
enum wr_verdict {
    WR_FAILED = -1, /* this stage could not do its work; the note says why */
    WR_NEXT = 0,    /* done, on to the next stage */
    WR_DROP = 1,    /* done, and nobody needs to see this record */
    WR_WAIT = 2,    /* a wr_fetch() is under way; call again with its event */
};

/* Why process() is called. */
enum wr_cause {
    WR_ARRIVED = 0,   /* first call for this record */
    WR_FETCHED = 1,   /* the reply to wr_fetch() is in event->body */
    WR_UNFETCHED = 2, /* no reply: refused, failed or too late */
    /* what due() said has come: the record is nobody's, it has WR_FIRST_SEEN, and what counts is
     * what wr_emit() makes of it */
    WR_DUE = 3,
};

typedef struct wr_event {
    size_t size; /* of this struct, as the host knows it */
    int cause;   /* enum wr_cause */
    int status;  /* HTTP status of a fetch */
    wr_str body;
} wr_event;

/* One option of a stage; the host parses, checks and documents it. */
enum wr_option_type { WR_BOOL = 1, WR_INT, WR_REAL, WR_TEXT_OPTION, WR_FILE };

/* Of WR_FILE: a file the operator names by its absolute path, at most 64 MiB. The host reads it
 * before open(), once for all workers, which share its bytes; when it has changed the stage is
 * opened anew with what it holds then, and if open() refuses that, workers go on with what they
 * had. */
typedef struct wr_file {
    const char *path; /* "" when none is named */
    wr_str text;      /* lent until close(); ptr is NULL when none is named, or there is none */
} wr_file;

typedef struct wr_option {
    const char *name;
    int type;            /* of the member: bool, int64_t, double, const char *, wr_file */
    size_t offset;       /* of the member in the stage's self */
    const char *initial; /* value when the configuration is silent */
    const char *help;    /* one line for the manual page */
} wr_option;

/* What a stage needs, and how it may be run. */
enum wr_stage_flag {
    WR_NEEDS_PAGE = 1 << 0, /* fetch the article page before process() */
    WR_ORDERED = 1 << 1,    /* one instance sees every record, in order */
};

typedef struct wr_stage {
    uint32_t abi;  /* WR_STAGE_ABI */
    uint32_t size; /* sizeof(wr_stage) */
    const char *name;
    const char *version;
    uint32_t flags;
    size_t self_size;
    const wr_option *options; /* ends with a NULL name; may be NULL */

    /* Prepare self for work, before the sandbox closes: read models and word
     * lists here. Return 0, or -1 after wr_log(). */
    int (*open)(void *self);
    void (*close)(void *self);

    /* Work on one record, or go on with it; returns enum wr_verdict. */
    int (*process)(void *self, wr_record *rec, const wr_event *event);

    /* Forget a record this stage left in WR_WAIT. May be NULL. */
    void (*cancel)(void *self, wr_record *rec);

    /* WR_ORDERED only: write self's memory, and read it back after a restart.
     * save() hands over bytes that stay valid until the next call. */
    wr_str (*save)(void *self);
    int (*load)(void *self, wr_str saved);

    /* WR_ORDERED only, may be NULL: how many of the last saves load() is given after a restart,
     * each by a call, the oldest first; asked after save(), which then may save what was learned
     * since the last one. NULL: the last one only. */
    size_t (*saves)(void *self);

    /* WR_ORDERED only, may be NULL: when it has something to tell though no record comes, in
     * seconds since 1970; 0: never. process() is then called with WR_DUE, and once after each
     * start. A call that emits nothing must leave no trace: after a restart only those that did are
     * repeated. */
    int64_t (*due)(void *self);
} wr_stage;

/* The one symbol a module exports. */
WR_EXPORT extern const wr_stage wireroom_stage;

/* Records. Absent fields read as an empty string. */
WR_EXPORT wr_str wr_get(const wr_record *rec, int field);
WR_EXPORT void wr_set(wr_record *rec, int field, wr_str value);
WR_EXPORT size_t wr_count(const wr_record *rec, int field);
WR_EXPORT wr_str wr_get_at(const wr_record *rec, int field, size_t i);
WR_EXPORT void wr_add(wr_record *rec, int field, wr_str value);
WR_EXPORT wr_str wr_get_extra(const wr_record *rec, const char *name);
WR_EXPORT void wr_set_extra(wr_record *rec, const char *name, wr_str value);

/* Zeroed memory that lives as long as the record. */
WR_EXPORT void *wr_alloc(wr_record *rec, size_t size);

/* This stage's own pointer on this record, NULL at first; survives WR_WAIT. */
WR_EXPORT void **wr_slot(wr_record *rec);

/* A new record that enters the pipeline after this stage (a story update). */
WR_EXPORT wr_record *wr_emit(wr_record *parent);

/* Ask the daemon for url; return WR_WAIT from process() after this. */
WR_EXPORT void wr_fetch(wr_record *rec, wr_str url);

/* A remark published with the record, for its reader. */
WR_EXPORT void wr_note(wr_record *rec, const char *format, ...) WR_PRINTF(2, 3);

/* A line in the daemon's log, for its operator: with the stage's name and the record, which a
 * line of printf() has not. */
enum wr_level { WR_ERROR = 3, WR_WARNING = 4, WR_INFO = 6, WR_DEBUG = 7 };
WR_EXPORT void wr_log(int level, const char *format, ...) WR_PRINTF(2, 3);

#ifdef __cplusplus
}
#endif
#endif
