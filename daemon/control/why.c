/* why.c - what became of an entry: its article, its events, and, some feeds at a time, which of
 * them hold it. */
#include "control/private.h"

enum {
    FEEDS_AT_ONCE = 500, /* some 3 MB of what feeds were seen to hold: 3 ms of the loop */
    EVENTS = 200,        /* of one article that are told */
};

static int write_event(void *ctx, const struct committed *event)
{
    view_why_event(event, ctx);
    return 0;
}

static void write_held(void *ctx, const struct why_held *held)
{
    view_why_held(held, ctx);
}

/* An event's uri has no key: its address does, which any event of it tells. */
struct address {
    struct arena *arena;
    struct bytes url;
};

static int take_address(void *ctx, const struct committed *event)
{
    struct address *address = ctx;
    struct json *body = NULL;

    if (json_parse(address->arena, event->body, &body, NULL) == OK)
        address->url = json_get_text(json_get(body, "data"), "url");
    return 1;
}

static struct bytes address_of(struct store *store, struct arena *arena, struct bytes entry)
{
    struct address address = {.arena = arena, .url = entry};

    if (bytes_starts(entry, LIT("urn:")))
        store_article_last(store, bytes_cstr(arena, entry), take_address, &address, NULL);
    return address.url;
}

/* The article, and what is in the log of it. */
static int write_article(struct control_client *client, struct arena *arena, struct bytes entry,
    struct why_key key, struct json_writer *w, struct error *err)
{
    struct store *store = client->view->store;
    struct why_article why = {0};
    struct json_writer line = *w;
    int code = store_why(store, arena, key, &why, err);
    const char *uri = code == OK ? why.uri : bytes_cstr(arena, entry);

    json_begin_array(&line, "steps");
    if (code == OK)
        view_why_steps(client->view, &why, &line);
    if (code == OK || code == E_NOT_FOUND)
        code = store_article(store, uri, 0, EVENTS, write_event, &line, NULL);
    json_end_array(&line);
    if (why.uri[0] != '\0') {
        json_cstr(&line, "uri", why.uri);
        json_string(&line, "title", why.title);
        view_why_end(&why, &line);
    }
    *w = line;
    return code == E_NOT_FOUND ? OK : code;
}

/* {"entry": address, uri or guid, "after": FEED}: {"steps": [...], "end": {...}} of its article
 * without after; then, page by page of feeds, {"steps": [...]} of those that hold it. */
void control_why(struct control_client *client, const struct json *request)
{
    struct arena *arena = arena_new(64 << 20);
    struct bytes entry = bytes_trim(json_get_text(request, "entry"));
    struct bytes address = address_of(client->view->store, arena, entry);
    struct why_key key = why_key(arena, address);
    int64_t after = json_get_int(request, "after", -1);
    struct json_writer w = control_line(client);
    struct error err = {0};
    bool more = true;
    int code = OK;

    if (after < 0) {
        code = write_article(client, arena, entry, key, &w, &err);
        after = 0;
    } else {
        json_begin_array(&w, "steps");
        code = store_why_held(
            client->view->store, key, &after, FEEDS_AT_ONCE, write_held, &w, &more, &err);
        json_end_array(&w);
    }
    json_bool(&w, "done", true);
    json_int(&w, "next", after);
    json_bool(&w, "more", more);
    control_line_end(client, &w);
    if (code != OK) {
        buf_clear(&client->out);
        control_fail(client, &err);
    }
    arena_free(arena);
}
