/* story_json.c - stories: numbers are numbers, times are times, identities are identities, whatever
 * a stage set. */
#include "record/story_json.h"

#include "base/clock.h"

enum {
    HEADLINE = 1000,     /* bytes of a headline, a sentence and a reason */
    SITE = 253,          /* of a name of a site: the longest host */
    NEWS_MOST = 16,      /* sentences; the stage of ours tells two */
    MEMBERS_MOST = 1000, /* a record's list has hardly more */
};

static const struct count_member {
    int field;
    const char *member;
} counts[] = {
    {WR_STORY_ARTICLES, "articles"},
    {WR_STORY_PUBLISHERS, "publishers"},
    {WR_STORY_INDEPENDENT, "independent"},
};

static bool is_one_of(struct bytes value, const char *const *names)
{
    for (; *names != NULL; names++)
        if (bytes_is(value, *names))
            return true;
    return false;
}

static bool is_state(struct bytes value)
{
    static const char *const states[] = {"new", "developing", "peaking", "fading", "closed", NULL};

    return is_one_of(value, states);
}

static bool is_role(struct bytes value)
{
    static const char *const roles[] = {"first", "follow", "copy", "update", "correction", NULL};

    return is_one_of(value, roles);
}

/* "urn:uuid:" and 36 digits and dashes */
static bool is_uri(struct bytes value)
{
    if (!bytes_starts(value, LIT("urn:uuid:")) || value.len != 45)
        return false;
    for (size_t i = 9; i < value.len; i++)
        if (!is_digit(value.ptr[i]) && !(value.ptr[i] >= 'a' && value.ptr[i] <= 'f') &&
            value.ptr[i] != '-')
            return false;
    return true;
}

static void write_uri(struct json_writer *w, const char *member, struct bytes value)
{
    if (is_uri(value))
        json_string(w, member, value);
}

static void write_time(struct json_writer *w, const char *member, struct bytes value)
{
    char text[CLOCK_TEXT];
    int64_t wall;

    if (clock_parse(value, &wall))
        json_cstr(w, member, clock_format(wall, text));
}

static void write_text(struct json_writer *w, const char *member, struct bytes value)
{
    json_string_if(w, member, bytes_clip(value, HEADLINE));
}

/* What an article and a story's event tell alike. */
static void write_common(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes state = record_get(rec, WR_STORY_STATE);
    int64_t count;

    write_uri(w, "uri", record_get(rec, WR_STORY));
    write_text(w, "headline", record_get(rec, WR_STORY_HEADLINE));
    if (is_state(state))
        json_string(w, "state", state);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        if (bytes_to_int(record_get(rec, counts[i].field), &count) && count >= 0)
            json_int(w, counts[i].member, count);
    write_uri(w, "firstUri", record_get(rec, WR_STORY_FIRST));
    write_time(w, "firstSeen", record_get(rec, WR_STORY_SINCE));
}

static void write_topic(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes topic = record_get(rec, WR_TOPIC);

    if (!is_uri(topic))
        return;
    json_begin_object(w, "topic");
    write_uri(w, "uri", topic);
    json_end_object(w);
}

void story_to_json(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes role = record_get(rec, WR_STORY_ROLE), sentence;
    size_t at = 0;

    if (!is_uri(record_get(rec, WR_STORY)))
        return;
    json_begin_object(w, "story");
    write_common(rec, w);
    if (is_role(role))
        json_string(w, "role", role);
    if (wr_count(rec, WR_NEWS) > 0) {
        json_begin_array(w, "news");
        for (size_t i = 0; i < NEWS_MOST && record_next(rec, WR_NEWS, &at, &sentence); i++)
            write_text(w, NULL, sentence);
        json_end_array(w);
    }
    json_end_object(w);
    write_topic(rec, w);
}

static void write_member(struct json_writer *w, struct bytes member, struct bytes into)
{
    struct bytes uri = bytes_cut(&member, '\t'), at = bytes_cut(&member, '\t');
    struct bytes site = bytes_cut(&member, '\t'), role = bytes_cut(&member, '\t');
    struct bytes carries = bytes_cut(&member, '\t'), headline = bytes_cut(&member, '\t');
    int64_t wall;

    if (!is_uri(uri) || !clock_parse(at, &wall))
        return;
    json_begin_object(w, NULL);
    write_uri(w, "uri", uri);
    write_time(w, "at", at);
    json_string_if(w, "publisher", bytes_clip(site, SITE));
    if (is_role(role))
        json_string(w, "role", role);
    if (bytes_starts(carries, LIT("urn:uuid:")))
        write_uri(w, "copyOf", carries);
    else
        json_string_if(w, "carries", bytes_clip(carries, SITE));
    write_text(w, "headline", headline);
    write_text(w, "news", member);
    write_uri(w, "story", into);
    json_end_object(w);
}

bool story_is_told(const struct wr_record *rec)
{
    struct bytes uri = record_get(rec, WR_STORY);
    int64_t wall;

    return is_uri(uri) && is_state(record_get(rec, WR_STORY_STATE)) &&
           clock_parse(record_get(rec, WR_STORY_SINCE), &wall);
}

bool story_leads_on(const struct wr_record *rec, struct bytes type)
{
    bool is_needed = bytes_is(type, "story.merged") || bytes_is(type, "story.split");

    return !is_needed || is_uri(record_get(rec, WR_STORY_INTO));
}

void story_event_to_json(const struct wr_record *rec, struct json_writer *w)
{
    struct bytes member, into = record_get(rec, WR_STORY_INTO);
    char text[CLOCK_TEXT];
    size_t at = 0;
    int64_t rate;

    write_common(rec, w);
    json_string_if(w, "language", bytes_clip(record_get(rec, WR_LANGUAGE), SITE));
    write_time(w, "lastSeen", record_get(rec, WR_STORY_LAST));
    if (bytes_to_int(record_get(rec, WR_STORY_RATE), &rate) && rate >= 0)
        json_int(w, "rate", rate);
    write_text(w, "reason", record_get(rec, WR_STORY_REASON));
    if (record_get_int(rec, REC_DUE, 0) > 0)
        json_cstr(w, "asOf", clock_format(record_get_int(rec, REC_DUE, 0), text));
    if (bytes_is(record_get(rec, WR_EVENT), "story.merged"))
        write_uri(w, "mergedInto", into);
    write_topic(rec, w);
    json_begin_array(w, "members");
    for (size_t i = 0; i < MEMBERS_MOST && record_next(rec, WR_STORY_MEMBER, &at, &member); i++)
        write_member(w, member, into);
    json_end_array(w);
}

void story_from_json(const struct json *article, struct wr_record *rec)
{
    const struct json *story = json_get(article, "story"), *news = json_get(story, "news");

    record_set(rec, WR_STORY, json_get_text(story, "uri"));
    record_set(rec, WR_STORY_HEADLINE, json_get_text(story, "headline"));
    record_set(rec, WR_STORY_STATE, json_get_text(story, "state"));
    record_set(rec, WR_STORY_ROLE, json_get_text(story, "role"));
    record_set(rec, WR_STORY_FIRST, json_get_text(story, "firstUri"));
    record_set(rec, WR_STORY_SINCE, json_get_text(story, "firstSeen"));
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        record_set(rec, counts[i].field, json_get_text(story, counts[i].member));
    record_set(rec, WR_TOPIC, json_get_text(json_get(article, "topic"), "uri"));
    if (news != NULL && news->type == JSON_ARRAY)
        for (news = news->first; news != NULL; news = news->next)
            record_add(rec, WR_NEWS, json_text(news));
}
