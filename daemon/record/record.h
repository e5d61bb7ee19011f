/* record.h - an article on its way: the fields of include/wireroom/stage.h and those that only the
 * daemon and its workers know, with the encoding in which both exchange them. */
#ifndef WIREROOM_RECORD_RECORD_H
#define WIREROOM_RECORD_RECORD_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "wireroom/stage.h"

/* A field has RECORD_LIST values at most, more than any article has keywords; extras count as one
 * field. */
enum { RECORD_LIMIT = 16 << 20, RECORD_VALUES = 65536, RECORD_LIST = 1024, RECORD_NAME = 64 };

/* Fields that stages do not see by name. Numbers may change with every release: nothing keeps
 * them but pending records, which are read by number and dropped when unknown. */
enum record_field {
    /* identity and origin, set by feed/ in the worker and by admission */
    REC_HASH_GUID = 1000, /* 8 bytes: hash of the guid; absent without one */
    REC_HASH_URL,         /* 8 bytes: hash of WR_URL; absent without one */
    REC_HASH_CONTENT,     /* 8 bytes: hash of what makes a version: title, summary, content */
    REC_LINK,             /* the entry's link exactly as the feed gave it, made absolute */
    REC_POSITION,         /* in the document, from 0 */
    REC_UPDATED,          /* the entry's updated date, RFC 3339 */
    REC_FEED_ID,          /* "f0000001" */
    REC_FEED_URL,
    REC_FEED_TAG,     /* list */
    REC_SEEN_IN,      /* list: "feed id<TAB>RFC 3339" */
    REC_FIRST_SEEN,   /* microseconds since 1970 */
    REC_VERSION,      /* 1, 2, ... */
    REC_PENDING,      /* row of the pending entry */
    REC_TITLE_BEFORE, /* headline of the version before */
    REC_VERSION_SEEN, /* microseconds since 1970: when this version was first seen */

    /* what happened on the way */
    REC_NOTE,        /* list: "stage<TAB>text" */
    REC_TRACE,       /* list: "stage<TAB>microseconds<TAB>ok|skipped|timeout|error" */
    REC_PAGE_STATUS, /* HTTP status of the page */
    REC_PAGE_BYTES,  /* of the page, decoded */
    REC_PAGE_ERROR,  /* why there is no page */
    REC_PAGE_HEADER, /* list: "Name: value" */

    /* jobs and answers (worker/job.h) */
    REC_BODY,      /* bytes as they came from the network */
    REC_URL,       /* of the body */
    REC_HEADER,    /* list: "Name: value" */
    REC_CODE,      /* enum code, decimal */
    REC_TEXT,      /* of an error, or the answer as JSON */
    REC_STAGE,     /* name of a stage */
    REC_DIAGNOSIS, /* list: "line<TAB>column<TAB>what is wrong" */
    REC_FEED_NAME,
    REC_FEED_LINK,
    REC_FEED_HUB, /* list */
    REC_FEED_SELF,
    REC_FEED_HINT, /* list: "ttl=60", "skip_hours=1,2", ... */
    REC_ENTRIES,   /* number of entries in the document */
    REC_FORMAT,    /* rss20 atom10 ... */
    REC_OPTION,    /* list: "name=value" */
    REC_SEQUENCE,
    REC_DROPPED, /* "true": a stage said WR_DROP */
    REC_SKIP,    /* list: stages that are not run on this record */

    /* 8 bytes: hash of the entry unread (struct entry's raw); absent when there is none */
    REC_HASH_RAW,
    /* such hashes one after the other: of a document's entries, or of those that are known */
    REC_RAW_HASHES,

    REC_AGENT,        /* product token of our User-Agent */
    REC_RULES,        /* of a robots.txt: text/robots.h */
    REC_CRAWL_DELAY,  /* microseconds */
    REC_PAGE_REFUSED, /* "robots": the page was not asked for */
    REC_CAUSE, /* of a version: "page" when its page came later than its entry, else absent */
    REC_VIA,   /* how the entry came: "poll", "websub" or "sitemap" */

    REC_STAGE_DIR, /* list: directories of modules */
    REC_SAVES,     /* list: "stage<TAB>how many of its last saves it needs" */
    /* asked, what time it is when no article comes; answered, when to ask so next, or 0; wall time
     */
    REC_DUE,
    /* list, of a start: "place<TAB>length<TAB>path" of a file that a stage's option names, in the
     * one that holds all of them, or "<TAB><TAB>path" when there is none; of its answer:
     * "plain<TAB>ordered<TAB>hash<TAB>path" with 0 or 1 for stages of which kind have it */
    REC_FILE,

    REC_SEVERITY, /* of a version, as its event says it */
};

struct record_value {
    int field;
    const char *name; /* of an extra, else NULL */
    struct bytes value;
    bool lent; /* by record_lend(): not counted in total */
};

/* The struct behind wr_record. */
struct wr_record {
    struct arena *arena; /* not owned */
    struct record_value *values;
    size_t count, cap;
    size_t total; /* bytes in values */
    void *host;   /* the chain's own */
    /* what was first wrong with what wr_set(), wr_add() or wr_set_extra() was asked for; NULL */
    const char *refused;
};

struct wr_record *record_new(struct arena *arena);

/* Text a record may still take, in bytes. */
size_t record_room(const struct wr_record *rec);

/* wr_get(), wr_count(), wr_get_at() and wr_alloc() of stage.h work on any field here too; wr_set()
 * and wr_add() on those of stage.h alone. Setting an empty value removes the field. A value that
 * would take the record over RECORD_LIMIT is not set. */
void record_remove(struct wr_record *rec, int field);
void record_set_int(struct wr_record *rec, int field, int64_t value);
int64_t record_get_int(const struct wr_record *rec, int field, int64_t otherwise);
const char *record_get_cstr(struct wr_record *rec, int field); /* "" when absent */

/* The values of a list one after the other: *at is 0 before the first; false behind the last. */
bool record_next(const struct wr_record *rec, int field, size_t *at, struct bytes *ret_value);

/* No field of a record that was decoded has over RECORD_LIST values. */
bool record_is_short(const struct wr_record *rec);

struct bytes record_get(const struct wr_record *rec, int field);
struct bytes record_get_at(const struct wr_record *rec, int field, size_t i);
void record_set(struct wr_record *rec, int field, struct bytes value);
void record_add(struct wr_record *rec, int field, struct bytes value);

/* Let values point into lent memory instead of copying it: for large bodies whose owner outlives
 * the record. They do not count towards RECORD_LIMIT. */
void record_lend(struct wr_record *rec, int field, struct bytes value);
/* one more of a list */
void record_lend_more(struct wr_record *rec, int field, struct bytes value);

/* [u16 field][u8 name length][name][u32 length][value] ..., little endian. */
void record_encode(const struct wr_record *rec, struct buf *out);

/* One value more at the end of an encoded record; nothing when it is empty. */
void record_put(struct buf *out, int field, struct bytes value);
void record_put_int(struct buf *out, int field, int64_t value);

/* The values of an encoded record, but for those of count fields, at the end of another, without
 * decoding it. E_FORMAT as record_decode(). */
int record_put_rest(
    struct buf *out, struct bytes data, const int *fields, size_t count, struct error *err);

/* Values point into data, which must outlive the record and may be over RECORD_LIMIT. E_FORMAT when
 * data is not a record. */
int record_decode(
    struct arena *arena, struct bytes data, struct wr_record **ret_rec, struct error *err);

/* The first value of each of count fields in an encoded record, without decoding it; empty where
 * there is none. Values point into data. E_FORMAT as record_decode(). */
int record_peek(struct bytes data, const int *fields, size_t count, struct bytes *ret_values,
    struct error *err);

#endif
