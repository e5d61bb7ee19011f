/* fields.c - the table of fields. */
#include "record/fields.h"

#include "record/record.h"

const struct record_property record_properties[] = {
    {.field = WR_ID, .member = "uri", .is_own = true},
    {.field = WR_URL, .member = "url"},
    {.field = REC_LINK, .member = "feedUrl", .is_own = true},
    {.field = WR_TITLE, .member = "headline"},
    {.field = WR_SUMMARY, .member = "summary"},
    {.field = WR_BYLINE, .member = "byline"},
    {.field = WR_SECTION, .member = "section"},
    {.field = WR_LANGUAGE, .member = "language"},
    {.field = WR_PUBLISHED_PRECISION, .member = "publishedPrecision"},
    {.field = WR_PUBLISHED_SOURCE, .member = "publishedSource"},
    {.field = WR_PUBLISHED_RAW, .member = "publishedRaw"},
    {.field = WR_TEXT, .member = "text"},
    {.field = WR_HTML, .member = "html"},
    {.field = WR_STANDFIRST, .member = "standfirst"},
    {.field = WR_DATELINE, .member = "dateline"},
    {.field = WR_LEAD, .member = "lead"},
    {.field = WR_GUID, .is_own = true},
    {.field = REC_FEED_ID, .is_own = true},
    {.field = REC_FEED_URL, .is_own = true},
    {.field = REC_FEED_TAG, .is_own = true},
    {.field = REC_SEEN_IN, .is_own = true},
    {.field = REC_FIRST_SEEN, .is_own = true},
    {.field = REC_VERSION, .is_own = true},
    {.field = REC_VERSION_SEEN, .is_own = true},
    {.field = REC_PENDING, .is_own = true},
    {.field = REC_HASH_GUID, .is_own = true},
    {.field = REC_HASH_URL, .is_own = true},
    {.field = REC_HASH_CONTENT, .is_own = true},
};

const size_t record_property_count = sizeof(record_properties) / sizeof(record_properties[0]);
