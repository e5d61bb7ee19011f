/* live_said.c - the updates of a LiveBlogPosting in JSON-LD (schema.org/LiveBlogPosting). */
#include "base/json.h"
#include "field/live.h"
#include "said/evidence.h"
#include "text/text.h"
#include "text/url.h"

static void add_author(const struct page *page, struct post *post, const struct json *who)
{
    struct bytes name = who->type == JSON_STRING ? who->text : json_get_text(who, "name");

    name = said_clean(page->arena, name);
    if (name.len > 0 && post->author_count < POST_AUTHORS)
        post->authors[post->author_count++] = name;
}

static void add_authors(const struct page *page, struct post *post, const struct json *value)
{
    if (value == NULL)
        return;
    if (value->type != JSON_ARRAY) {
        add_author(page, post, value);
        return;
    }
    for (const struct json *who = value->first; who != NULL; who = who->next)
        add_author(page, post, who);
}

static struct bytes url_of(const struct page *page, const struct json *update)
{
    struct bytes url = json_get_text(update, "url");

    if (url.len == 0)
        url = json_get_text(update, "@id");
    if (url.len == 0)
        url = json_get_text(json_get(update, "mainEntityOfPage"), "@id");
    url = url_resolve(page->arena, page->base, url);
    return url_is_http(url) ? url : (struct bytes){NULL, 0};
}

static struct bytes first_text(const struct json *object, const char *const *names)
{
    struct bytes text = {NULL, 0};

    for (; *names != NULL && text.len == 0; names++)
        text = json_get_text(object, *names);
    return text;
}

/* A post without a text or a time is none. */
static void add_update(const struct page *page, struct posts *posts, const struct json *update)
{
    static const char *const texts[] = {"articleBody", "text", "description", NULL};
    static const char *const times[] = {"datePublished", "dateCreated", "dateModified", NULL};
    struct post post = {.headline = said_clean(page->arena, json_get_text(update, "headline")),
        .url = url_of(page, update)};

    post.text =
        text_from_html(page->arena, bytes_slice(first_text(update, texts), 0, POST_BYTES), true);
    if (post.text.len == 0 ||
        !date_parse(first_text(update, times), DATE_ORDER_UNKNOWN, &post.published) ||
        post.published.precision < DATE_HOUR)
        return;
    add_authors(page, &post, json_get(update, "author"));
    posts->items[posts->count++] = post;
}

void live_read_said(const struct page *page, struct posts *posts)
{
    const struct json *update = json_get(page->said->live, "liveBlogUpdate");

    if (update != NULL && update->type == JSON_ARRAY)
        update = update->first;
    for (; update != NULL && posts->count < POSTS_MAX; update = update->next)
        if (update->type == JSON_OBJECT)
            add_update(page, posts, update);
}
