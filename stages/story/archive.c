/* archive.c - a row of articles in the order of arrival; stories are chains through it. */
#include "archive.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/ring.h"
#include "chains.h"

enum {
    TERM = 6,  /* bytes of a key and its info */
    UNIT = 16, /* bytes by which an article's terms are measured */
};

struct archive {
    struct ring articles; /* by their ordinals */
    struct ring pieces;   /* their terms */
    struct space *space;
    struct chains chains; /* of ids */
    size_t most;
    int64_t window;
    struct ring stories;
    uint32_t free; /* number + 1 of a free place; its newest is the next one */
};

struct archive *archive_new(size_t articles, int64_t window, struct space *space)
{
    struct archive *archive = new_zeroed(sizeof(*archive));

    archive->most = articles < ARCHIVE_ARTICLES ? articles : ARCHIVE_ARTICLES;
    archive->window = window;
    archive->space = space;
    ring_init_in(&archive->articles, sizeof(struct article), 0, space);
    ring_init_in(&archive->pieces, UNIT, 0, space);
    ring_init(&archive->stories, sizeof(struct story), 0);
    chains_init(&archive->chains);
    return archive;
}

static struct article *place_of(const struct archive *archive, uint32_t ordinal)
{
    return ring_at(&archive->articles, ordinal);
}

static uint32_t first_of(const struct archive *archive)
{
    return (uint32_t)archive->articles.first;
}

size_t archive_count(const struct archive *archive)
{
    return archive->articles.end - archive->articles.first;
}

static bool is_kept(const struct archive *archive, uint32_t ordinal)
{
    return ordinal != NO_ARTICLE && ordinal - first_of(archive) < archive_count(archive);
}

static struct story *story_at(const struct archive *archive, uint32_t number)
{
    return ring_at(&archive->stories, number);
}

struct story *archive_story(struct archive *archive, uint32_t number)
{
    return story_at(archive, number);
}

bool story_is_live(const struct archive *archive, uint32_t number)
{
    return number < archive->stories.end && story_at(archive, number)->live > 0;
}

size_t archive_bytes(const struct archive *archive)
{
    return sizeof(*archive) + ring_memory(&archive->articles) + chains_memory(&archive->chains) +
           ring_memory(&archive->pieces) + ring_memory(&archive->stories);
}

static void free_story(struct archive *archive, uint32_t number)
{
    struct story *story = story_at(archive, number);

    free(story->title);
    free(story->first_id);
    *story = (struct story){.newest = archive->free};
    archive->free = number + 1;
}

/* A story that was taken in holds its heir. */
static void leave_story(struct archive *archive, uint32_t number)
{
    while (--story_at(archive, number)->live == 0) {
        uint32_t heir = story_at(archive, number)->heir;

        free_story(archive, number);
        if (heir == 0)
            return;
        number = heir - 1;
    }
}

static size_t units_of(const struct sketch *sketch)
{
    return sketch->count * (size_t)TERM / UNIT + 1;
}

/* The oldest is the last of its chain. */
static void forget_first(struct archive *archive)
{
    struct article *article = place_of(archive, first_of(archive));
    uint32_t *link = chains_of(&archive->chains, article->id);

    while (*link != first_of(archive) + 1)
        link = &place_of(archive, *link - 1)->chain;
    *link = 0;
    if (!article->copy)
        ring_forget_run(&archive->pieces, units_of(&article->sketch));
    leave_story(archive, article->story);
    ring_forget(&archive->articles, archive->articles.first + 1);
}

size_t archive_mapped(const struct archive *archive)
{
    return archive->space == NULL ? 0
                                  : ring_memory(&archive->articles) + ring_memory(&archive->pieces);
}

/* By when it came, or by its own time when that is near now: in a stream with a gap, now may have
 * been behind when it came. */
static bool is_old(const struct archive *archive, const struct article *article, int64_t now)
{
    int64_t time = article->time;

    return article->seen < now - archive->window &&
           (time < now - archive->window || time > now + archive->window);
}

int archive_forget_one(struct archive *archive, int64_t now)
{
    int postings;

    if (archive_count(archive) == 0 ||
        (archive_count(archive) < archive->most &&
            !is_old(archive, place_of(archive, first_of(archive)), now)))
        return -1;
    postings = place_of(archive, first_of(archive))->postings;
    forget_first(archive);
    return postings;
}

static void forget_all(struct archive *archive)
{
    while (archive_count(archive) > 0)
        forget_first(archive);
    for (uint32_t i = 0; i < archive->stories.end; i++) {
        free(story_at(archive, i)->title);
        free(story_at(archive, i)->first_id);
    }
}

void archive_free(struct archive *archive)
{
    if (archive == NULL)
        return;
    forget_all(archive);
    ring_done(&archive->articles);
    ring_done(&archive->pieces);
    ring_done(&archive->stories);
    chains_done(&archive->chains);
    free(archive);
}

const struct article *archive_find(const struct archive *archive, uint64_t id)
{
    uint32_t at = *chains_of(&archive->chains, id);

    while (at != 0 && is_kept(archive, at - 1) && place_of(archive, at - 1)->id != id)
        at = place_of(archive, at - 1)->chain;
    return at == 0 || !is_kept(archive, at - 1) ? NULL : place_of(archive, at - 1);
}

static void link_article(struct archive *archive, uint32_t ordinal)
{
    struct article *article = place_of(archive, ordinal);
    uint32_t *chain = chains_of(&archive->chains, article->id);

    article->chain = *chain;
    *chain = ordinal + 1;
}

static uint32_t *item_of(void *owner, uint32_t link, uint64_t *ret_hash)
{
    struct article *article = place_of(owner, link - 1);

    *ret_hash = article->id;
    return &article->chain;
}

/* Room for one more; its ordinal. */
static uint32_t make_room(struct archive *archive)
{
    chains_reach(&archive->chains, archive_count(archive) + 1, item_of, archive);
    ring_add(&archive->articles);
    return archive_next(archive) - 1;
}

static uint32_t take_place(struct archive *archive)
{
    uint32_t number;

    if (archive->free != 0) {
        number = archive->free - 1;
        archive->free = story_at(archive, number)->newest;
        return number;
    }
    ring_add(&archive->stories);
    return (uint32_t)(archive->stories.end - 1);
}

uint32_t archive_new_story(struct archive *archive, const uint8_t uuid[UUID], uint32_t born)
{
    uint32_t number = take_place(archive);
    struct story *story = story_at(archive, number);

    *story = (struct story){.newest = NO_ARTICLE, .born = born};
    for (int i = 0; i < STORY_FIRSTS; i++)
        story->firsts[i] = NO_ARTICLE;
    memcpy(story->uuid, uuid, UUID);
    return number;
}

/* Keys and infos lie in one piece. */
static void keep_terms(struct archive *archive, struct sketch *sketch)
{
    uint32_t *keys = ring_add_run(&archive->pieces, units_of(sketch));
    uint16_t *info = (uint16_t *)(keys + sketch->count);

    if (sketch->count > 0) {
        memcpy(keys, sketch->keys, sketch->count * sizeof(*keys));
        memcpy(info, sketch->info, sketch->count * sizeof(*info));
    }
    sketch->keys = keys;
    sketch->info = info;
}

static void join_story(struct story *story, struct article *article, uint32_t ordinal)
{
    if (story->articles == 0 || article->time < story->first)
        story->first = article->time;
    if (story->articles == 0 || article->time > story->last)
        story->last = article->time;
    story->articles++;
    story->live++;
    if (article->copy)
        return;
    if (story->originals < STORY_FIRSTS)
        story->firsts[story->originals] = ordinal;
    story->originals++;
    article->older = story->newest;
    story->newest = ordinal;
}

struct article *archive_add(struct archive *archive, uint64_t id, int64_t time, int64_t seen,
    const struct sketch *sketch, uint32_t story)
{
    uint32_t ordinal = make_room(archive);
    struct article *article = place_of(archive, ordinal);

    *article = (struct article){.id = id,
        .time = (uint32_t)time,
        .seen = (uint32_t)seen,
        .story = story,
        .older = NO_ARTICLE,
        .copy = sketch == NULL};
    if (sketch != NULL) {
        article->sketch = *sketch;
        keep_terms(archive, &article->sketch);
    }
    link_article(archive, ordinal);
    join_story(story_at(archive, story), article, ordinal);
    return article;
}

static bool is_among(
    const struct article *const *members, size_t count, const struct article *article)
{
    for (size_t i = 0; i < count; i++)
        if (members[i] == article)
            return true;
    return false;
}

size_t archive_members(const struct archive *archive, uint32_t number,
    const struct article *ret_members[STORY_COMPARED])
{
    const struct story *story = story_at(archive, number);
    const struct article *newest[STORY_COMPARED];
    size_t count = 0, later = 0;

    for (int i = 0; i < STORY_FIRSTS; i++)
        if (is_kept(archive, story->firsts[i]))
            ret_members[count++] = place_of(archive, story->firsts[i]);
    for (uint32_t at = story->newest; is_kept(archive, at) && count + later < STORY_COMPARED;
         at = place_of(archive, at)->older)
        if (!is_among(ret_members, count, place_of(archive, at)))
            newest[later++] = place_of(archive, at);
    while (later > 0)
        ret_members[count++] = newest[--later];
    return count;
}

/* ---- second thoughts --------------------------------------------------------- */

uint32_t archive_heir(const struct archive *archive, uint32_t number)
{
    while (story_at(archive, number)->heir != 0)
        number = story_at(archive, number)->heir - 1;
    return number;
}

const struct article *archive_at(const struct archive *archive, uint32_t ordinal)
{
    return is_kept(archive, ordinal) ? place_of(archive, ordinal) : NULL;
}

static bool is_later(const struct archive *archive, uint32_t a, uint32_t b)
{
    return is_kept(archive, a) &&
           (!is_kept(archive, b) || a - first_of(archive) > b - first_of(archive));
}

/* Two chains become one, the newest first. */
static void join_chains(struct archive *archive, struct story *into, uint32_t from)
{
    uint32_t *link = &into->newest, at = into->newest;

    while (is_kept(archive, from)) {
        if (is_later(archive, from, at)) {
            *link = from;
            from = place_of(archive, from)->older;
        } else {
            *link = at;
            at = place_of(archive, at)->older;
        }
        link = &place_of(archive, *link)->older;
    }
    *link = at;
}

/* One more of the first ones, if it is: they stand in order, behind those that are forgotten. */
static void note_first(const struct archive *archive, struct story *story, uint32_t ordinal)
{
    for (int i = 0; i < STORY_FIRSTS && ordinal != NO_ARTICLE; i++) {
        uint32_t was = story->firsts[i];

        if (was != NO_ARTICLE && !is_later(archive, was, ordinal))
            continue;
        story->firsts[i] = ordinal;
        ordinal = was;
    }
}

static void forget_first_of(const struct archive *archive, struct story *story, uint32_t ordinal)
{
    int kept = 0;

    for (int i = 0; i < STORY_FIRSTS; i++)
        if (story->firsts[i] != ordinal)
            story->firsts[kept++] = story->firsts[i];
    if (kept == STORY_FIRSTS)
        return;
    story->firsts[kept] = NO_ARTICLE;
    for (uint32_t at = story->newest; is_kept(archive, at); at = place_of(archive, at)->older) {
        if (kept > 0 && at == story->firsts[kept - 1])
            break;
        story->firsts[kept] = at;
    }
}

static void stretch(struct story *story, int64_t first, int64_t last)
{
    story->first = first < story->first ? first : story->first;
    story->last = last > story->last ? last : story->last;
}

void archive_merge(struct archive *archive, uint32_t into, uint32_t from)
{
    struct story *heir = story_at(archive, into), *gone = story_at(archive, from);

    for (int i = 0; i < STORY_FIRSTS; i++)
        note_first(archive, heir, gone->firsts[i]);
    join_chains(archive, heir, gone->newest);
    stretch(heir, gone->first, gone->last);
    heir->articles += gone->articles;
    heir->originals += gone->originals;
    heir->live++;
    gone->heir = into + 1;
}

void archive_move(struct archive *archive, uint32_t ordinal, uint32_t into)
{
    struct article *article = place_of(archive, ordinal);
    struct story *from = story_at(archive, archive_heir(archive, article->story));
    struct story *to = story_at(archive, into);
    uint32_t *link = &from->newest, was = article->story;

    while (*link != ordinal)
        link = &place_of(archive, *link)->older;
    *link = article->older;
    forget_first_of(archive, from, ordinal);
    from->originals--;
    from->articles--;
    article->older = NO_ARTICLE;
    article->story = into;
    note_first(archive, to, ordinal);
    join_chains(archive, to, ordinal);
    stretch(to, article->time, article->time);
    to->originals++;
    to->articles++;
    to->live++;
    leave_story(archive, was);
}

void archive_lend(struct archive *archive, uint32_t into, struct lent *ret)
{
    uint32_t ordinal = archive_next(archive) - 1;
    const struct article *article = place_of(archive, ordinal);
    uint32_t from = archive_heir(archive, article->story);

    *ret = (struct lent){.from = *story_at(archive, from),
        .into = *story_at(archive, into),
        .from_number = from,
        .into_number = into,
        .ordinal = ordinal,
        .older = article->older,
        .story = article->story};
    archive_move(archive, ordinal, into);
}

void archive_take_back(struct archive *archive, const struct lent *lent)
{
    struct article *article = place_of(archive, lent->ordinal);

    *story_at(archive, lent->from_number) = lent->from;
    *story_at(archive, lent->into_number) = lent->into;
    article->older = lent->older;
    article->story = lent->story;
}

static void set_text(char **text, struct bytes value)
{
    struct bytes clip = bytes_clip(value, STORY_TITLE);

    free(*text);
    *text = NULL;
    if (clip.len == 0)
        return;
    *text = new_zeroed(clip.len + 1);
    memcpy(*text, clip.ptr, clip.len);
}

void story_set_title(struct story *story, struct bytes title)
{
    set_text(&story->title, title);
}

void story_set_first(struct story *story, struct bytes id)
{
    set_text(&story->first_id, id);
}

uint32_t archive_next(const struct archive *archive)
{
    return (uint32_t)archive->articles.end;
}

/* Places up to number are there. */
static void reach_story(struct archive *archive, uint32_t number)
{
    archive->free = 0;
    while (archive->stories.end <= number) {
        uint32_t place = take_place(archive);

        *story_at(archive, place) = (struct story){.newest = NO_ARTICLE};
    }
}

static void restore_story(struct archive *archive, uint32_t number, const struct story *saved)
{
    struct story *story = story_at(archive, number);
    struct story was = *story;

    *story = *saved;
    story->live = was.live + 1;
    story->title = was.title;
    story->first_id = was.first_id;
}

struct story *archive_restore(struct archive *archive, uint32_t ordinal,
    const struct article *article, const struct story *story)
{
    if (archive_count(archive) == 0) {
        ring_done(&archive->articles);
        ring_init_in(&archive->articles, sizeof(struct article), ordinal, archive->space);
    }
    if (ordinal != archive_next(archive) || article->story > ARCHIVE_ARTICLES)
        return NULL;
    make_room(archive);
    *place_of(archive, ordinal) = *article;
    if (article->copy)
        place_of(archive, ordinal)->sketch = (struct sketch){.count = 0};
    else
        keep_terms(archive, &place_of(archive, ordinal)->sketch);
    link_article(archive, ordinal);
    reach_story(archive, article->story);
    restore_story(archive, article->story, story);
    return story_at(archive, article->story);
}

void archive_restore_story(struct archive *archive, uint32_t number, const struct story *story)
{
    reach_story(archive, number);
    *story_at(archive, number) = *story;
    story_at(archive, number)->live = 0;
}

void archive_restored(struct archive *archive)
{
    archive->free = 0;
    for (uint32_t i = 0; i < archive->stories.end; i++)
        if (story_at(archive, i)->live == 0)
            free_story(archive, i);
}
