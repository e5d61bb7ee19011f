/* record_json.c - which field of a record is which member of a published article. */
#include "record/record_json.h"

#include "base/clock.h"
#include "base/hash.h"
#include "record/fields.h"
#include "record/learned_json.h"
#include "record/story_json.h"

/* Of the tree of RECORD_POSTS: some 600,000 values. What has more is not written. */
enum { POSTS_LIMIT = 64 << 20 };

/* A date that is not one is left out: subscribers rely on date-time. */
static void write_date(struct json_writer *w, const char *member, struct bytes date)
{
    char text[CLOCK_TEXT];
    int64_t wall;

    if (clock_parse(date, &wall))
        json_cstr(w, member, clock_format(wall, text));
}

static void write_dates(const struct wr_record *rec, struct json_writer *w)
{
    int64_t seen = record_get_int(rec, REC_FIRST_SEEN, 0);
    struct bytes precision = record_get(rec, WR_PUBLISHED_PRECISION);
    char text[CLOCK_TEXT];
    int64_t published;

    write_date(w, "published", record_get(rec, WR_PUBLISHED));
    write_date(w, "modified", record_get(rec, WR_MODIFIED));
    if (seen > 0)
        json_cstr(w, "firstSeen", clock_format(seen, text));
    if (seen > 0 && clock_parse(record_get(rec, WR_PUBLISHED), &published) &&
        (bytes_is(precision, "second") || bytes_is(precision, "minute")))
        json_real(w, "seenLatency", (double)(seen - published) / SECOND, 1);
    seen = record_get_int(rec, REC_VERSION_SEEN, seen);
    if (seen > 0)
        json_cstr(w, "versionCreated", clock_format(seen, text));
}

static void write_names(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes feed = record_get(rec, WR_FEED_TITLE);
    struct bytes author;
    size_t at = 0;

    if (feed.len > 0) {
        json_begin_object(w, "headlines");
        json_string(w, "feed", feed);
        json_string_if(w, "page", record_get(rec, WR_PAGE_TITLE));
        json_end_object(w);
    }
    if (wr_count(rec, WR_AUTHOR) == 0)
        return;
    json_begin_array(w, "authors");
    while (record_next(rec, WR_AUTHOR, &at, &author)) {
        json_begin_object(w, NULL);
        json_string(w, "name", author);
        json_end_object(w);
    }
    json_end_array(w);
}

static size_t count_words(struct bytes text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += !is_space(text.ptr[i]) && (i == 0 || is_space(text.ptr[i - 1])) ? 1 : 0;
    return count;
}

static void write_measures(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes text = record_get(rec, WR_TEXT);
    char hex[65];
    int64_t chars = 0;

    if (text.len == 0)
        return;
    for (size_t i = 0; i < text.len; i++)
        chars += ((unsigned char)text.ptr[i] & 0xc0) != 0x80 ? 1 : 0;
    hash_sha256_hex(text, hex);
    json_int(w, "wordCount", (int64_t)count_words(text));
    json_int(w, "charCount", chars);
    json_cstr(w, "contentHash", hex);
}

static void write_images(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes image = record_get(rec, WR_IMAGE);

    if (image.len == 0)
        return;
    json_begin_array(w, "images");
    json_begin_object(w, NULL);
    json_string(w, "url", image);
    json_string_if(w, "caption", record_get(rec, WR_CAPTION));
    json_bool(w, "main", true);
    json_end_object(w);
    json_end_array(w);
}

static void write_enclosures(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes size;
    size_t at = 0;

    if (wr_count(rec, WR_ENCLOSURE) == 0)
        return;
    json_begin_array(w, "enclosures");
    while (record_next(rec, WR_ENCLOSURE, &at, &size)) {
        struct bytes url = bytes_cut(&size, '\t');
        struct bytes type = bytes_cut(&size, '\t');
        int64_t length;

        json_begin_object(w, NULL);
        json_string(w, "url", url);
        json_string_if(w, "contentType", type);
        if (bytes_to_int(size, &length) && length >= 0)
            json_int(w, "sizeInBytes", length);
        json_end_object(w);
    }
    json_end_array(w);
}

static void write_relation(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes same_as = record_get(rec, WR_SAME_AS);
    struct bytes relation = record_get(rec, WR_RELATION);

    if (same_as.len == 0)
        return;
    json_begin_object(w, "duplicateOf");
    json_string(w, "uri", same_as);
    json_string(w, "relation", relation.len > 0 ? relation : LIT("near"));
    json_share(w, "similarity", record_get(rec, WR_SIMILARITY));
    json_end_object(w);
}

/* The extra live.posts, a JSON array that only its own stage vouches for. */
static struct json *posts_of(struct arena *arena, wr_str text)
{
    struct json *posts = NULL;
    struct error err = {0};

    if (json_parse(arena, (struct bytes){text.ptr, text.len}, &posts, &err) != OK ||
        posts->type != JSON_ARRAY)
        return NULL;
    return posts;
}

static void write_kind(const struct wr_record *rec, struct json_writer *w)
{
    wr_str text = wr_get_extra(rec, RECORD_POSTS);
    struct arena *arena = text.len == 0 ? NULL : arena_new(POSTS_LIMIT);
    const struct json *posts = arena == NULL ? NULL : posts_of(arena, text);

    json_cstr(w, "kind", posts == NULL ? "article" : "liveblog");
    if (posts != NULL)
        json_value(w, "posts", posts);
    arena_free(arena);
}

/* An extra "stage.name" becomes ext.stage.name; extras of one stage stand together. */
static void write_extras(const struct wr_record *rec, struct json_writer *w)
{
    bool open = false;

    for (size_t i = 0; i < rec->count; i++) {
        const struct record_value *v = &rec->values[i];

        if (v->name == NULL || strcmp(v->name, RECORD_POSTS) == 0)
            continue;
        if (!open)
            json_begin_object(w, "ext");
        open = true;
        json_string(w, v->name, v->value);
    }
    if (open)
        json_end_object(w);
}

void record_to_json(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes free_to_read = record_get(rec, WR_FREE);

    for (size_t i = 0; i < record_property_count; i++) {
        const struct record_property *p = &record_properties[i];

        if (p->member != NULL && p->field == WR_TITLE)
            json_string(w, p->member, record_get(rec, p->field));
        else if (p->member != NULL)
            json_string_if(w, p->member, record_get(rec, p->field));
    }
    json_int(w, "version", record_get_int(rec, REC_VERSION, 1));
    write_kind(rec, w);
    json_cstr(w, "pubStatus", "usable");
    write_dates(rec, w);
    write_names(rec, w);
    json_share(w, "languageConfidence", record_get(rec, WR_LANGUAGE_CONFIDENCE));
    write_measures(rec, w);
    if (free_to_read.len > 0)
        json_bool(w, "isAccessibleForFree", bytes_is(free_to_read, "true"));
    write_images(rec, w);
    learned_to_json(rec, w);
    story_to_json(rec, w);
    write_enclosures(rec, w);
    write_relation(rec, w);
    write_extras(rec, w);
}

static void read_list(const struct json *list, const char *member, struct wr_record *rec, int field)
{
    if (list == NULL || list->type != JSON_ARRAY)
        return;
    for (const struct json *item = list->first; item != NULL; item = item->next) {
        struct bytes text = json_text(item);

        record_add(rec, field, text.len > 0 ? text : json_get_text(item, member));
    }
}

static void read_posts(const struct json *posts, struct wr_record *rec)
{
    struct buf text = {0};
    struct json_writer w = {.out = &text};

    if (posts == NULL || posts->type != JSON_ARRAY)
        return;
    json_value(&w, NULL, posts);
    wr_set_extra(rec, RECORD_POSTS, (wr_str){text.ptr, text.len});
    buf_done(&text);
}

static void read_extras(const struct json *ext, struct wr_record *rec)
{
    if (ext == NULL || ext->type != JSON_OBJECT)
        return;
    for (const struct json *m = ext->first; m != NULL; m = m->next) {
        struct bytes text = json_text(m);

        wr_set_extra(rec, m->key.ptr, (wr_str){text.ptr, text.len});
    }
}

void record_from_json(const struct json *article, struct wr_record *rec)
{
    const struct json *same_as = json_get(article, "duplicateOf");
    int64_t seen;

    for (size_t i = 0; i < record_property_count; i++)
        if (record_properties[i].member != NULL)
            record_set(rec, record_properties[i].field,
                json_get_text(article, record_properties[i].member));
    record_set_int(rec, REC_VERSION, json_get_int(article, "version", 1));
    record_set(rec, WR_PUBLISHED, json_get_text(article, "published"));
    record_set(rec, WR_MODIFIED, json_get_text(article, "modified"));
    if (clock_parse(json_get_text(article, "firstSeen"), &seen))
        record_set_int(rec, REC_FIRST_SEEN, seen);
    record_set(rec, WR_LANGUAGE_CONFIDENCE, json_get_text(article, "languageConfidence"));
    record_set(rec, WR_FREE, json_get_text(article, "isAccessibleForFree"));
    read_list(json_get(article, "authors"), "name", rec, WR_AUTHOR);
    learned_from_json(article, rec);
    story_from_json(article, rec);
    record_set(rec, WR_FEED_TITLE, json_get_text(json_get(article, "headlines"), "feed"));
    record_set(rec, WR_PAGE_TITLE, json_get_text(json_get(article, "headlines"), "page"));
    record_set(rec, WR_SITE, json_get_text(json_get(article, "source"), "name"));
    record_set(rec, WR_SAME_AS, json_get_text(same_as, "uri"));
    record_set(rec, WR_RELATION, json_get_text(same_as, "relation"));
    record_set(rec, WR_SIMILARITY, json_get_text(same_as, "similarity"));
    read_posts(json_get(article, "posts"), rec);
    read_extras(json_get(article, "ext"), rec);
}
