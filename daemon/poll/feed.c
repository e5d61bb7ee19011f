/* feed.c - feeds at rest: their texts packed, found by id and by URL. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "poll/cadence.h"
#include "poll/private.h"
#include "text/site.h"

const char *feed_text(const struct feed *feed, enum feed_text which)
{
    const char *text = feed->text;

    for (int i = 0; i < (int)which; i++)
        text += strlen(text) + 1;
    return text;
}

static size_t text_size(const struct feed *feed)
{
    const char *last;

    if (feed->text == NULL)
        return 0;
    last = feed_text(feed, FEED_TEXTS - 1);
    return (size_t)(last - feed->text) + strlen(last) + 1;
}

/* As much of it as the store keeps. */
static struct bytes bounded(enum feed_text which, const char *text)
{
    static const size_t most[FEED_TEXTS] = {[FEED_URL] = STORE_URL,
        [FEED_VALIDATED] = STORE_URL,
        [FEED_TITLE] = STORE_TITLE,
        [FEED_TAGS] = STORE_TAGS,
        [FEED_ORIGIN] = STORE_ORIGIN,
        [FEED_LINK] = STORE_URL,
        [FEED_ETAG] = STORE_VALIDATOR,
        [FEED_MODIFIED] = STORE_VALIDATOR,
        [FEED_ERROR] = STORE_REASON};
    struct bytes all = bytes_of(text);

    if ((which == FEED_ETAG || which == FEED_MODIFIED) && all.len > most[which])
        return LIT("");
    return bytes_clip(all, most[which]);
}

void feed_set_texts(
    struct feed_table *feeds, struct feed *feed, const char *const texts[FEED_TEXTS])
{
    struct bytes kept[FEED_TEXTS];
    char *packed, *at;
    size_t len = 0;
    bool same = feed->text != NULL;

    for (int i = 0; i < FEED_TEXTS; i++) {
        const char *old = feed->text == NULL ? "" : feed_text(feed, i);

        kept[i] = texts[i] == NULL ? bytes_of(old) : bounded(i, texts[i]);
        len += kept[i].len + 1;
        same = same && bytes_is(kept[i], old);
    }
    if (same)
        return;
    packed = slab_alloc(&feeds->slab, len);
    at = packed;
    for (int i = 0; i < FEED_TEXTS; i++) {
        memcpy(at, kept[i].ptr, kept[i].len);
        at[kept[i].len] = '\0';
        at += kept[i].len + 1;
    }
    slab_free(&feeds->slab, feed->text, text_size(feed));
    feed->text = packed;
}

static const char *or_none(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

struct store_feed feed_view(const struct feed *feed)
{
    const char *text[FEED_TEXTS];

    text[0] = feed->text;
    for (int i = 1; i < FEED_TEXTS; i++)
        text[i] = text[i - 1] + strlen(text[i - 1]) + 1;
    return (struct store_feed){.id = feed->id,
        .url = text[FEED_URL],
        .title = text[FEED_TITLE],
        .tags = text[FEED_TAGS],
        .origin = text[FEED_ORIGIN],
        .link = or_none(text[FEED_LINK]),
        .etag = or_none(text[FEED_ETAG]),
        .last_modified = or_none(text[FEED_MODIFIED]),
        .validated = or_none(text[FEED_VALIDATED]),
        .body_hash = feed->body_hash,
        .next_poll = clock_steady() + feed->due_at - clock_mono(),
        .interval = feed->interval,
        .state = feed->state,
        .state_since = feed->state_since,
        .last_success = feed->last_success,
        .last_new = feed->last_new,
        .not_before = feed->not_before,
        .failures = feed->failures,
        .http_status = feed->http_status,
        .error = or_none(text[FEED_ERROR]),
        .asked = feed->asked,
        .skip = feed->skip,
        .distrusted = feed->distrusted,
        .diagnosed = feed->diagnosed};
}

/* Where id is, or would be. */
static size_t position(const struct feed_table *feeds, int64_t id)
{
    size_t low = 0;
    size_t high = feeds->count;

    if (high > 0 && feeds->items[high - 1]->id < id)
        return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (feeds->items[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct feed *feed_table_get(const struct feed_table *feeds, int64_t id)
{
    size_t at = position(feeds, id);

    return at < feeds->count && feeds->items[at]->id == id ? feeds->items[at] : NULL;
}

static bool has_url(const void *item, const void *key)
{
    const struct feed *feed = item;

    return strcmp(feed->text, key) == 0;
}

struct feed *feed_table_find(const struct feed_table *feeds, const char *url)
{
    return table_find(&feeds->by_url, hash64(bytes_of(url)), has_url, url);
}

static const char *none_if_null(const char *text)
{
    return text == NULL ? "" : text;
}

struct feed *feed_table_add(struct feed_table *feeds, const struct store_feed *from)
{
    const char *const texts[FEED_TEXTS] = {[FEED_URL] = none_if_null(from->url),
        [FEED_ERROR] = none_if_null(from->error),
        [FEED_ETAG] = none_if_null(from->etag),
        [FEED_MODIFIED] = none_if_null(from->last_modified),
        [FEED_VALIDATED] = none_if_null(from->validated),
        [FEED_TITLE] = none_if_null(from->title),
        [FEED_TAGS] = none_if_null(from->tags),
        [FEED_ORIGIN] = none_if_null(from->origin),
        [FEED_LINK] = none_if_null(from->link)};
    struct feed *feed = slab_alloc(&feeds->slab, sizeof(*feed));
    size_t at = position(feeds, from->id);

    *feed = (struct feed){.id = from->id};
    feed->interval = from->interval;
    feed->body_hash = from->body_hash;
    feed->state = (uint8_t)from->state;
    feed->state_since = from->state_since;
    feed->last_success = from->last_success;
    feed->last_new = from->last_new;
    feed->not_before = from->not_before;
    feed->failures = from->failures;
    feed->http_status = (int16_t)from->http_status;
    feed->asked = from->asked;
    feed->skip = from->skip;
    feed->distrusted = from->distrusted;
    feed_set_texts(feeds, feed, texts);
    if (feeds->count == feeds->cap) {
        feeds->cap = feeds->cap == 0 ? 64 : feeds->cap * 2;
        feeds->items = realloc(feeds->items, feeds->cap * sizeof(struct feed *));
        if (feeds->items == NULL)
            arena_out_of_memory(feeds->cap * sizeof(struct feed *));
    }
    memmove(feeds->items + at + 1, feeds->items + at, (feeds->count - at) * sizeof(struct feed *));
    feeds->items[at] = feed;
    feeds->count++;
    feed->provider = site_provider_key(bytes_of(feed->text));
    table_add(&feeds->by_url, hash64(bytes_of(feed->text)), feed);
    return feed;
}

void feed_table_rename(struct feed_table *feeds, struct feed *feed, const char *url)
{
    const char *old = feed_text(feed, FEED_URL);
    const char *validated = feed_text(feed, FEED_VALIDATED);

    if (validated[0] == '\0')
        validated = old;
    if (strcmp(validated, url) == 0)
        validated = "";
    table_remove(&feeds->by_url, hash64(bytes_of(feed->text)), feed);
    feed_set_texts(feeds, feed,
        (const char *const[FEED_TEXTS]){[FEED_URL] = url, [FEED_VALIDATED] = validated});
    feed->provider = site_provider_key(bytes_of(feed->text));
    table_add(&feeds->by_url, hash64(bytes_of(feed->text)), feed);
}

static void feed_free(struct feed_table *feeds, struct feed *feed)
{
    slab_free(&feeds->slab, feed->text, text_size(feed));
    slab_free(&feeds->slab, feed->cadence, sizeof(*feed->cadence));
    slab_free(&feeds->slab, feed->history, sizeof(*feed->history));
    slab_free(&feeds->slab, feed, sizeof(*feed));
}

void feed_table_remove(struct feed_table *feeds, struct feed *feed)
{
    size_t at = position(feeds, feed->id);

    table_remove(&feeds->by_url, hash64(bytes_of(feed->text)), feed);
    feeds->count--;
    memmove(feeds->items + at, feeds->items + at + 1, (feeds->count - at) * sizeof(struct feed *));
    feed_free(feeds, feed);
}

void feed_table_done(struct feed_table *feeds)
{
    for (size_t i = 0; i < feeds->count; i++)
        feed_free(feeds, feeds->items[i]);
    slab_done(&feeds->slab);
    free(feeds->items);
    table_done(&feeds->by_url);
}
