/* json_feed.c - knows the members of JSON Feed, and reads them without holding the whole feed. */
#include "feed/json_feed.h"

#include "base/json.h"
#include "text/text.h"

enum { MEMBER_LIMIT = 8 << 20 };

struct cursor {
    struct reader *r;
    struct bytes text;
    size_t at;
    bool is_feed, complete;
    size_t mended; /* values that were not quite JSON */
    size_t bad;    /* items that are no JSON */
    const char *bad_at;
};

static const struct frame guessed = {.writing = AS_GUESSED};

static void skip_space(struct cursor *c)
{
    while (c->at < c->text.len && (is_space(c->text.ptr[c->at]) || c->text.ptr[c->at] == ','))
        c->at++;
}

static bool skip_string(struct cursor *c)
{
    for (c->at++; c->at < c->text.len; c->at++) {
        if (c->text.ptr[c->at] == '\\')
            c->at++;
        else if (c->text.ptr[c->at] == '"') {
            c->at++;
            return true;
        }
    }
    c->at = c->text.len;
    return false;
}

/* One value, whatever is in it; false when the text stops inside. */
static bool take_value(struct cursor *c, struct bytes *ret_value)
{
    size_t start, depth = 0;

    skip_space(c);
    start = c->at;
    while (c->at < c->text.len) {
        char ch = c->text.ptr[c->at];

        if (ch == '"') {
            if (!skip_string(c))
                return false;
        } else if (depth == 0 && (ch == ',' || ch == ']' || ch == '}')) {
            break;
        } else {
            depth += ch == '{' || ch == '[';
            depth -= (ch == '}' || ch == ']') && depth > 0;
            c->at++;
        }
        if (depth == 0 && (ch == '"' || ch == '}' || ch == ']'))
            break;
    }
    *ret_value = bytes_trim(bytes_slice(c->text, start, c->at - start));
    return c->at < c->text.len && depth == 0;
}

static bool take_key(struct cursor *c, struct bytes *ret_key)
{
    size_t start;

    skip_space(c);
    if (c->at >= c->text.len || c->text.ptr[c->at] != '"')
        return false;
    start = c->at + 1;
    if (!skip_string(c))
        return false;
    *ret_key = bytes_slice(c->text, start, c->at - start - 1);
    skip_space(c);
    if (c->at >= c->text.len || c->text.ptr[c->at] != ':')
        return false;
    c->at++;
    return true;
}

static void add_author(struct reader *r, const struct json *author)
{
    struct arena *arena = reader_arena(r);
    struct feed_person person;

    if (author->type == JSON_STRING) {
        person = person_parse(arena, text_repair(arena, json_text(author)));
    } else {
        person = (struct feed_person){
            .name = bytes_copy(arena, body_plain(arena, json_get_text(author, "name"), AS_GUESSED)),
            .email = json_get_text(author, "email"),
            .url = bytes_copy(arena, value_resolve(r, r->base, json_get_text(author, "url"))),
        };
        if (person.name.len == 0)
            person.name = bytes_trim(json_get_text(author, "_name"));
    }
    person = person_tidy(arena, &person);
    value_person(r, false, &person);
}

static void add_authors(struct reader *r, const struct json *value)
{
    if (value == NULL)
        return;
    if (value->type != JSON_ARRAY) {
        add_author(r, value);
        return;
    }
    for (const struct json *author = value->first; author != NULL; author = author->next)
        add_author(r, author);
}

static void set_body(
    struct reader *r, enum field field, int rank, enum writing writing, struct bytes text)
{
    struct frame frame = {.writing = writing};

    value_body(r, field, rank, &frame, text);
}

static void add_attachments(struct reader *r, const struct json *list)
{
    if (list == NULL || list->type != JSON_ARRAY)
        return;
    for (const struct json *a = list->first; a != NULL; a = a->next) {
        struct feed_link link = {.href = json_get_text(a, "url"),
            .type = json_get_text(a, "mime_type"),
            .title = json_get_text(a, "title"),
            .length = json_get_text(a, "size_in_bytes")};

        value_enclosure(r, (struct bytes){NULL, 0}, &link);
    }
}

static void add_tags(struct reader *r, const struct json *list)
{
    if (list == NULL)
        return;
    if (list->type == JSON_STRING)
        value_category(r, list->text);
    for (const struct json *tag = list->first; tag != NULL; tag = tag->next)
        value_category(r, json_text(tag));
}

static void set_item(struct reader *r, const struct json *item)
{
    const struct bytes none = {NULL, 0};

    value_text(r, F_ID, FROM_OWN, json_get_text(item, "id"));
    value_address(r);
    value_url(r, F_LINK, FROM_OWN, none, json_get_text(item, "url"));
    value_url(r, F_LINK, FROM_FOREIGN, none, json_get_text(item, "external_url"));
    value_plain(r, F_TITLE, FROM_OWN, &guessed, json_get_text(item, "title"));
    value_text(r, F_LANGUAGE, FROM_OWN, json_get_text(item, "language"));
    set_body(r, F_CONTENT, FROM_OWN, AS_HTML, json_get_text(item, "content_html"));
    set_body(r, F_CONTENT, FROM_FOREIGN, AS_TEXT, json_get_text(item, "content_text"));
    set_body(r, F_SUMMARY, FROM_OWN, AS_GUESSED, json_get_text(item, "summary"));
    value_url(r, F_IMAGE, FROM_OWN, none, json_get_text(item, "image"));
    value_url(r, F_IMAGE, FROM_FOREIGN, none, json_get_text(item, "banner_image"));
    value_date(r, F_PUBLISHED, FROM_OWN, json_get_text(item, "date_published"));
    value_date(r, F_UPDATED, FROM_OWN, json_get_text(item, "date_modified"));
    add_authors(r, json_get(item, "authors"));
    add_authors(r, json_get(item, "author"));
    add_tags(r, json_get(item, "tags"));
    add_attachments(r, json_get(item, "attachments"));
}

/* What is not quite JSON is read as it was meant, and taken for what it says from then on. */
static bool parse(struct cursor *c, struct arena *arena, struct bytes text, struct json **ret)
{
    struct error err = {0};
    int code;

    if (text.len > MEMBER_LIMIT)
        return false;
    code = json_parse(arena, text, ret, &err);
    if (code != E_FORMAT)
        return code == OK;
    if (json_parse(arena, json_mend(arena, text), ret, &err) != OK)
        return false;
    c->mended++;
    return true;
}

static int read_item(struct cursor *c, struct bytes text)
{
    size_t mended = c->mended;
    struct json *item;

    c->r->depth = 1;
    c->r->frames[1] = c->r->frames[0];
    if (reader_passes(c->r, text, 0))
        return OK;
    if (!parse(c, c->r->entry_arena, text, &item) || item->type != JSON_OBJECT) {
        if (c->bad++ == 0)
            c->bad_at = text.ptr;
        arena_reset(c->r->entry_arena);
        return OK;
    }
    reader_new_entry(c->r);
    c->r->entry.at = text.ptr;
    if (c->mended > mended)
        c->r->entry.raw = 0; /* read again each time, or the diagnosis would forget it */
    set_item(c->r, item);
    return reader_end_entry(c->r);
}

static int read_items(struct cursor *c, struct bytes list)
{
    struct cursor items = *c;
    struct bytes item;
    int code = OK;

    items.text = list;
    items.at = 1;
    while (code == OK && take_value(&items, &item) && item.len > 0)
        code = read_item(&items, item);
    c->mended = items.mended;
    c->bad = items.bad;
    c->bad_at = items.bad_at;
    return code;
}

/* A hub of a type that says otherwise (rssCloud) is no hub of WebSub. */
static bool is_hub(const struct json *hub)
{
    struct bytes type = json_get_text(hub, "type");

    return json_get_text(hub, "url").len > 0 &&
           (type.len == 0 || bytes_equal_nocase(type, LIT("WebSub")) ||
               bytes_equal_nocase(type, LIT("PubSubHubbub")));
}

static void set_hubs(struct reader *r, const struct json *hubs)
{
    if (hubs == NULL || hubs->type != JSON_ARRAY)
        return;
    for (const struct json *hub = hubs->first; hub != NULL; hub = hub->next)
        if (is_hub(hub))
            list_add_text(
                r->arena, &r->feed->hubs, value_resolve(r, r->base, json_get_text(hub, "url")));
}

static void set_member(struct cursor *c, struct bytes key, const struct json *value)
{
    struct reader *r = c->r;
    const struct bytes none = {NULL, 0};
    struct bytes text = json_text(value);

    if (bytes_is(key, "version"))
        c->is_feed = c->is_feed || bytes_find_nocase(text, LIT("jsonfeed.org")) != SIZE_MAX;
    else if (bytes_is(key, "title"))
        value_plain(r, F_TITLE, FROM_OWN, &guessed, text);
    else if (bytes_is(key, "home_page_url"))
        value_url(r, F_LINK, FROM_OWN, none, text);
    else if (bytes_is(key, "feed_url"))
        value_url(r, F_SELF, FROM_OWN, none, text);
    else if (bytes_is(key, "description"))
        set_body(r, F_DESCRIPTION, FROM_OWN, AS_GUESSED, text);
    else if (bytes_is(key, "language"))
        value_text(r, F_LANGUAGE, FROM_OWN, text);
    else if (bytes_is(key, "icon")) {
        value_url(r, F_IMAGE, FROM_OWN, none, text);
        value_url(r, F_ICON, FROM_FOREIGN, none, text);
    } else if (bytes_is(key, "favicon"))
        value_url(r, F_ICON, FROM_OWN, none, text);
    else if (bytes_is(key, "author") || bytes_is(key, "authors"))
        add_authors(r, value);
    else if (bytes_is(key, "hubs"))
        set_hubs(r, value);
}

/* The members but items, then the items, since these take from the feed what they lack. */
static int read_members(struct cursor *c)
{
    struct bytes key, value, items = {NULL, 0};
    struct json *json;
    bool whole = true;

    c->at = 1;
    while (whole && take_key(c, &key)) {
        size_t start = c->at;

        whole = take_value(c, &value);
        if (bytes_is(key, "items") && c->at > start) {
            items = bytes_trim(bytes_slice(c->text, start, c->at - start));
            c->is_feed = c->is_feed || (items.len > 0 && items.ptr[0] == '[');
            continue;
        }
        if (whole && parse(c, c->r->arena, value, &json))
            set_member(c, key, json);
    }
    skip_space(c);
    c->complete = whole && c->at < c->text.len && c->text.ptr[c->at] == '}';
    return items.len > 0 && items.ptr[0] == '[' ? read_items(c, items) : OK;
}

int json_feed_read(struct reader *r, struct bytes text, struct error *err)
{
    struct cursor c = {.r = r, .text = text};
    int code = read_members(&c);
    size_t line, column;

    if (code != OK)
        return fail(err, code, "reading was stopped");
    if (!c.is_feed)
        return fail(err, E_FORMAT,
            "1:1: this is JSON, but no JSON Feed: neither its version nor items are there");
    r->feed->format = FEED_JSON;
    r->feed->complete = c.complete;
    if (c.bad > 0 && r->feed->entries == 0) {
        feed_place(r->feed, c.bad_at, &line, &column);
        return fail(err, E_FORMAT, "%zu:%zu: none of its %zu items is JSON", line, column, c.bad);
    }
    if (c.mended > 0) {
        r->feed->recovered = true;
        diagnose(r->arena, r->feed, 0, 0,
            bytes_format(r->arena,
                "%zu values are not quite JSON: escape line breaks and tabs in strings, and write "
                "no comma before an end",
                c.mended));
    }
    if (c.bad > 0) {
        feed_place(r->feed, c.bad_at, &line, &column);
        diagnose(r->arena, r->feed, line, column,
            bytes_format(r->arena, "%zu items are not valid JSON and were left out", c.bad));
    }
    if (!c.complete)
        diagnose(r->arena, r->feed, 0, 0, LIT("the document stops before its end"));
    return OK;
}
