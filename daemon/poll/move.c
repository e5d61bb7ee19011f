/* move.c - permanent redirects: seen often enough and leading to the same feed, the new
 * address becomes the feed's own. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "conf/conf_access.h"
#include "poll/private.h"
#include "text/url.h"

enum { MOVE_URL = 4096, MOVE_TAGS = 1024 };

/* RFC 9110 sections 15.4.2 and 15.4.9 let a client relink; servers say 301 by mistake, for hours,
 * and lapsed domains say it to advertising. */
struct move {
    struct store_moving moving;
    bool read;    /* a document from there was read since it was first seen */
    bool spoiled; /* the feed led elsewhere since */
    char url[];
};

static bool is_of(const void *item, const void *key)
{
    return ((const struct move *)item)->moving.feed == *(const int64_t *)key;
}

static uint64_t key_of(int64_t feed)
{
    return hash64((struct bytes){(const char *)&feed, sizeof(feed)});
}

static struct move *move_find(const struct poll *poll, const struct feed *feed)
{
    return feed->moving ? table_find(&poll->moves, key_of(feed->id), is_of, &feed->id) : NULL;
}

static struct move *move_add(struct poll *poll, struct feed *feed, const char *url)
{
    size_t len = strlen(url) + 1;
    struct move *move = new_zeroed(sizeof(*move) + len);

    memcpy(move->url, url, len);
    move->moving.feed = feed->id;
    move->moving.url = move->url;
    feed->moving = true;
    table_add(&poll->moves, key_of(feed->id), move);
    return move;
}

void poll_move_drop(struct poll *poll, struct feed *feed)
{
    struct move *move = move_find(poll, feed);

    if (move == NULL)
        return;
    feed->moving = false;
    table_remove(&poll->moves, key_of(feed->id), move);
    free(move);
}

static void forget(struct poll *poll, struct feed *feed)
{
    const struct store_moving none = {.feed = feed->id};

    if (!feed->moving)
        return;
    poll_move_drop(poll, feed);
    store_moving_put(poll->store, &none);
}

void poll_move_load(void *ctx, const struct store_moving *moving)
{
    struct poll *poll = ctx;
    struct feed *feed = feed_table_get(&poll->feeds, moving->feed);
    struct move *move = feed == NULL ? NULL : move_add(poll, feed, moving->url);

    if (move == NULL)
        return;
    move->moving = *moving;
    move->moving.url = move->url;
    move->read = true;
}

/* What may become the feed's address: nothing less safe, and nothing that loses what the operator
 * set for it. */
static bool may_move(const struct poll *poll, const struct feed *feed, const char *url)
{
    const char *from = feed_text(feed, FEED_URL);

    if (bytes_starts(bytes_of(from), LIT("https:")) && bytes_starts(bytes_of(url), LIT("http:")))
        return false;
    return strlen(url) < MOVE_URL && strcmp(from, url) != 0 &&
           access_find(poll->conf, from) == access_find(poll->conf, url);
}

/* It has led elsewhere, or nowhere, within a day: what was counted counts no more, and one that
 * leads here today and there tomorrow is not written down at every poll. */
static void spoil(struct poll *poll, struct move *move)
{
    if (move->spoiled)
        return;
    move->spoiled = move->read = true;
    move->moving.count = 0;
    move->moving.common = false;
    store_moving_put(poll->store, &move->moving);
}

void poll_move_see(struct poll *poll, struct feed *feed, const char *url)
{
    struct move *move = move_find(poll, feed);
    int64_t now = clock_steady();
    bool leads = url != NULL && may_move(poll, feed, url);
    bool other = move != NULL && (!leads || move->spoiled || strcmp(move->url, url) != 0);
    bool recent =
        move != NULL && now - move->moving.last < 3600 * (int64_t)SECOND * RULE_SIGHTING_HOURS;

    if (recent) {
        if (other)
            spoil(poll, move);
        return;
    }
    if (other) {
        forget(poll, feed);
        move = NULL;
    }
    if (!leads)
        return;
    if (move == NULL) {
        move = move_add(poll, feed, url);
        move->moving.first = now;
        /* A feed that was never anything else is what its redirect leads to. */
        move->moving.before = feed->last_success == 0 ? INT64_MAX : now;
    }
    move->moving.last = now;
    move->moving.count++;
    store_moving_put(poll->store, &move->moving);
}

bool poll_move_wants_body(const struct poll *poll, const struct feed *feed)
{
    const struct move *move = move_find(poll, feed);

    return move != NULL && !move->moving.common && !move->read;
}

int64_t poll_move_before(const struct poll *poll, const struct feed *feed)
{
    const struct move *move = move_find(poll, feed);

    return move == NULL ? 0 : move->read ? move->moving.before : INT64_MAX;
}

void poll_move_read(struct poll *poll, struct feed *feed, bool same, uint64_t common)
{
    struct move *move = move_find(poll, feed);
    bool proves;

    if (move == NULL)
        return;
    /* The document it had before, or entries of it */
    proves = same ? !move->read || move->moving.before == INT64_MAX : common > 0;
    move->read = move->read || !same;
    if (!proves || move->moving.common)
        return;
    move->moving.common = true;
    store_moving_put(poll->store, &move->moving);
}

/* The feed is followed at its new address already: this one is one too many, and its tags go over.
 */
static void merge(struct poll *poll, struct feed *feed, struct feed *other)
{
    const char *tags = feed_text(feed, FEED_TAGS);
    const char *has = feed_text(other, FEED_TAGS);
    struct store_feed view;
    int64_t id = feed->id;
    char both[MOVE_TAGS];
    bool added;

    if (strcmp(tags, has) != 0 && strlen(tags) + strlen(has) + 2 <= sizeof(both)) {
        snprintf(
            both, sizeof(both), "%s%s%s", has, tags[0] != '\0' && has[0] != '\0' ? "," : "", tags);
        feed_set_texts(&poll->feeds, other, (const char *const[FEED_TEXTS]){[FEED_TAGS] = both});
        view = feed_view(other);
        store_feed_put(poll->store, &view, &view.id, &added, NULL);
    }
    poll_remove(poll, id);
    if (poll->hooks.on_merged != NULL)
        poll->hooks.on_merged(poll->hooks.ctx, id);
}

void poll_move_settle(struct poll *poll, struct feed *feed)
{
    struct move *move = move_find(poll, feed);
    struct store_feed view;
    struct feed *other;
    char url[MOVE_URL];

    if (move == NULL || !move->moving.common ||
        !rule_is_moved(move->moving.count, clock_steady() - move->moving.first))
        return;
    snprintf(url, sizeof(url), "%s", move->url);
    other = feed_table_find(&poll->feeds, url);
    view = feed_view(feed);
    log_about(LOG_LEVEL_INFO,
        &(struct log_about){
            .message = MESSAGE_FEED_MOVED, .feed = feed->id, .url = bytes_of(view.url)},
        "feed has moved: feed=f%07lld from=%s to=%s%s", (long long)feed->id, view.url, url,
        other == NULL ? "" : ", where it is followed already");
    poll_set_moved(poll, feed, url);
    view = feed_view(feed);
    store_feed_move(poll->store, &view, url);
    poll_move_drop(poll, feed);
    if (other != NULL) {
        merge(poll, feed, other);
        return;
    }
    feed_table_rename(&poll->feeds, feed, url);
    poll_note(poll, feed);
}

/* Whether the feed is still there. */
static bool tidy(struct poll *poll, struct feed *feed, struct arena *scratch)
{
    struct bytes old = bytes_of(feed_text(feed, FEED_URL));
    struct bytes url = url_public(scratch, old);
    bool login = url.len != old.len;
    struct store_feed view;
    struct feed *other;

    if (url_feed(scratch, url, &url, NULL) != OK && !login)
        return true; /* it fails, and says why */
    if (bytes_equal(url, old))
        return true;
    url.ptr = bytes_cstr(scratch, url);
    other = feed_table_find(&poll->feeds, url.ptr);
    if (login)
        log_about(LOG_LEVEL_WARNING,
            &(struct log_about){.message = MESSAGE_NONE, .feed = feed->id, .url = url},
            "name and password in an address are used no more, put them under access:"
            " feed=f%07lld url=%s",
            (long long)feed->id, url.ptr);
    if (other != NULL) {
        if (login)
            poll_remove(poll, feed->id);
        return !login;
    }
    view = feed_view(feed);
    store_feed_move(poll->store, &view, url.ptr);
    feed_table_rename(&poll->feeds, feed, url.ptr);
    feed_set_texts(&poll->feeds, feed,
        (const char *const[FEED_TEXTS]){[FEED_VALIDATED] = "", [FEED_ERROR] = ""});
    poll_note(poll, feed);
    return true;
}

void poll_move_tidy(struct poll *poll)
{
    struct arena *scratch = arena_new(1 << 20);

    for (size_t i = 0; i < poll->feeds.count; arena_reset(scratch))
        i += tidy(poll, poll->feeds.items[i], scratch);
    arena_free(scratch);
}
