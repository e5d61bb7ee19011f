/* feed.h - a feed of any format, read entry by entry.
 *
 * RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed 1.0 and 1.1, and sitemaps. All strings are
 * UTF-8 without control characters, addresses absolute where a base is known. Memory is bounded by
 * the largest entry: an entry is handed over as it ends and forgotten after the call. */
#ifndef WIREROOM_FEED_FEED_H
#define WIREROOM_FEED_FEED_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "record/record.h"
#include "text/date.h"

enum { FEED_ENTRY_LIMIT = 256 << 20, FEED_LIST_LIMIT = 512, FEED_DIAGNOSES = 20 };

enum feed_format {
    FEED_UNKNOWN,
    FEED_RSS091,
    FEED_RSS092,
    FEED_RSS20,
    FEED_RSS10,
    FEED_ATOM03,
    FEED_ATOM10,
    FEED_CDF,
    FEED_JSON,
    FEED_SITEMAP,
    FEED_SITEMAP_INDEX,
};

struct feed_texts {
    struct bytes *at;
    size_t count, cap;
};

struct feed_person {
    struct bytes name, email, url;
};

struct feed_persons {
    struct feed_person *at;
    size_t count, cap;
};

/* Also an enclosure: href, type, length and title. */
struct feed_link {
    struct bytes rel, href, type, title, hreflang, length;
};

struct feed_links {
    struct feed_link *at;
    size_t count, cap;
};

/* How the text of a body is meant; TEXT is shown as it is, HTML is markup. */
enum feed_text_type { FEED_TEXT, FEED_HTML };

struct feed_body {
    struct bytes text;
    enum feed_text_type type;
    struct bytes base; /* of the addresses in it */
};

struct feed_date {
    struct date date;
    bool known;       /* date could be read */
    struct bytes raw; /* as found, also when it could not */
};

struct feed_origin {
    struct bytes title, link, id;
};

struct entry {
    size_t position; /* in the document, from 0 */
    const char *at;  /* where it begins there, see feed_place() */
    struct bytes id; /* guid, atom:id; empty when there is none */
    bool id_is_link; /* guid is the permalink */
    struct bytes title, link, comments, comments_feed, rights, image,
        language;                             /* title, rights: plain text */
    struct feed_body title_body, rights_body; /* as they were written */
    struct feed_body summary, content;
    struct feed_date published, updated;
    struct feed_persons authors, contributors;
    struct feed_texts categories;
    struct feed_links enclosures, links;
    struct feed_origin source;
    bool listed; /* by a sitemap, whose lastmod says nothing about publication */
    /* Hash of the bytes it was read from and of all that it takes from around them: an entry of the
     * same hash reads the same. 0 when the document does not show where it begins and ends. */
    uint64_t raw;
};

/* Something wrong in the document that did not keep it from being read. */
struct feed_diagnosis {
    size_t line, column; /* from 1; 0 when it has no place */
    struct bytes text;   /* what, and what to do about it, for the publisher */
};

struct feed {
    enum feed_format format;
    bool complete;  /* the root element was closed; false when the document was cut */
    bool recovered; /* read by the second pass, which forgives */
    size_t entries;
    struct bytes title, link, self, id, language, rights, generator, image, icon, ttl;
    struct bytes update_period, update_frequency;
    struct feed_body description, title_body, rights_body;
    struct feed_date published, updated;
    struct feed_persons authors, contributors;
    struct feed_texts categories, skip_hours, skip_days, hubs;
    struct feed_links links;
    struct feed_diagnosis diagnoses[FEED_DIAGNOSES];
    size_t diagnosis_count;
    /* As they were read, and what stands in front; they live as long as the document and arena. */
    struct bytes text, before;
    struct bytes encoding; /* it was in, and how that was found out: enum encoding_source */
    int encoding_from;
};

/* Where the document came from; each may be empty. */
struct feed_source {
    struct bytes url;            /* after redirects */
    struct bytes content_type;   /* header's value; looked up in headers when empty */
    const struct bytes *headers; /* "Name: value" */
    size_t header_count;
    /* Wall time: what a sitemap lists as changed before is passed over, uncounted; 0 for nothing.
     */
    int64_t floor;
};

/* Called for each entry as it ends; entry and all it points to live until the call returns. A value
 * other than OK ends the reading with that code. on_raw may be NULL; else it is asked before an
 * entry is read whose hash is known: true passes it over, it then counts but is not handed over. */
struct feed_sink {
    int (*on_entry)(void *ctx, const struct entry *entry);
    void *ctx;
    bool (*on_raw)(void *ctx, size_t position, uint64_t raw);
};

/* Read document. Feed-level strings live on arena. E_FORMAT when it is no feed; a feed that is cut
 * or not well-formed is read as far as it goes, once, and says so in *ret_feed. */
int feed_parse(struct arena *arena, struct bytes document, const struct feed_source *source,
    const struct feed_sink *sink, struct feed *ret_feed, struct error *err);

/* Line and column, from 1 and in characters, of a place in feed->text; 0 when at is none. */
void feed_place(const struct feed *feed, const char *at, size_t *ret_line, size_t *ret_column);

/* The value of a header in source, or empty. */
struct bytes feed_header(const struct feed_source *source, const char *name);

/* "rss20", "atom10", ... */
const char *feed_format_name(enum feed_format format);

/* entry.c: the record fields an entry, or its feed, fills. WR_PUBLISHED is set only between 1990
 * and one day ahead of clock_wall(); what the feed said is in WR_FEED_DATE and WR_PUBLISHED_RAW
 * anyway. */
void entry_to_record(
    const struct entry *entry, const struct feed_source *source, struct wr_record *rec);
void feed_to_record(const struct feed *feed, struct wr_record *rec);

/* write.c: {"entries": [...], "feed": {...}} or {"error": "..."}, one line without its newline.
 * Returns the code of feed_parse(); out is a valid answer in any case. */
int feed_parse_json(struct arena *arena, struct bytes document, const struct feed_source *source,
    struct buf *out, struct error *err);

#endif
