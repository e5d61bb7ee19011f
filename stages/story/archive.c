/* archive.c - a row of articles in the order of arrival; stories are chains through it. */
#include "archive.h"

#include <stdlib.h>

#include "base/arena.h"
#include "blocks.h"

enum { FIRST = 256 };

struct archive {
    struct blocks articles;
    uint32_t *chains; /* newest ordinal + 1 of each rest of an id, or 0 */
    size_t cap;       /* of chains, a power of two */
    uint32_t first;   /* ordinal of the oldest */
    size_t count, most;
    int64_t window;
    struct story *stories;
    size_t story_cap, story_count;
    uint32_t free; /* number + 1 of a free place; its newest is the next one */
    size_t terms;  /* bytes of all sketches */
};

static void *need(void *memory, size_t size)
{
    if (memory == NULL)
        arena_out_of_memory(size);
    return memory;
}

struct archive *archive_new(size_t articles, int64_t window)
{
    struct archive *m = new_zeroed(sizeof(*m));

    m->most = articles < ARCHIVE_ARTICLES ? articles : ARCHIVE_ARTICLES;
    m->window = window;
    m->articles.item = sizeof(struct article);
    return m;
}

static struct article *place_of(const struct archive *m, uint32_t ordinal)
{
    return blocks_at(&m->articles, ordinal);
}

static bool is_kept(const struct archive *m, uint32_t ordinal)
{
    return ordinal != NO_ARTICLE && ordinal - m->first < m->count;
}

const struct article *archive_at(const struct archive *m, uint32_t ordinal)
{
    return is_kept(m, ordinal) ? place_of(m, ordinal) : NULL;
}

const struct article *archive_nth(const struct archive *m, size_t i)
{
    return place_of(m, m->first + (uint32_t)i);
}

size_t archive_count(const struct archive *m)
{
    return m->count;
}

size_t archive_stories(const struct archive *m)
{
    return m->story_count;
}

struct story *archive_story(struct archive *m, uint32_t number)
{
    return &m->stories[number];
}

bool story_is_live(const struct archive *m, uint32_t number)
{
    return number < m->story_count && m->stories[number].live > 0;
}

size_t archive_bytes(const struct archive *m)
{
    return sizeof(*m) + m->articles.bytes + m->cap * sizeof(*m->chains) + m->terms +
           m->story_cap * sizeof(*m->stories);
}

static void free_story(struct archive *m, uint32_t number)
{
    struct story *story = &m->stories[number];

    free(story->title);
    free(story->first_id);
    *story = (struct story){.newest = m->free};
    m->free = number + 1;
}

static void leave_story(struct archive *m, uint32_t number)
{
    if (--m->stories[number].live == 0)
        free_story(m, number);
}

/* The oldest is the last of its chain. */
static void forget_first(struct archive *m)
{
    struct article *article = place_of(m, m->first);
    uint32_t *link = &m->chains[article->id & (m->cap - 1)];

    while (*link != m->first + 1)
        link = &place_of(m, *link - 1)->chain;
    *link = 0;
    m->terms -= article->sketch.count * 6U;
    free((void *)article->sketch.keys);
    leave_story(m, article->story);
    blocks_drop(&m->articles, m->first);
    m->first++;
    m->count--;
}

/* By when it came, or by its own time when that is near now: in a stream with a gap, now may have
 * been behind when it came. */
static bool is_old(const struct archive *m, const struct article *article, int64_t now)
{
    int64_t time = article->time;

    return article->seen < now - m->window && (time < now - m->window || time > now + m->window);
}

int archive_forget_one(struct archive *m, int64_t now)
{
    int postings;

    if (m->count == 0 || (m->count < m->most && !is_old(m, place_of(m, m->first), now)))
        return -1;
    postings = place_of(m, m->first)->postings;
    forget_first(m);
    return postings;
}

static void forget_all(struct archive *m)
{
    while (m->count > 0)
        forget_first(m);
    for (size_t i = 0; i < m->story_count; i++) {
        free(m->stories[i].title);
        free(m->stories[i].first_id);
    }
    m->story_count = 0;
    m->free = 0;
    if (m->cap > 0)
        memset(m->chains, 0, m->cap * sizeof(*m->chains));
}

void archive_free(struct archive *m)
{
    if (m == NULL)
        return;
    forget_all(m);
    blocks_done(&m->articles);
    free(m->chains);
    free(m->stories);
    free(m);
}

const struct article *archive_find(const struct archive *m, uint64_t id)
{
    uint32_t at = m->cap == 0 ? 0 : m->chains[id & (m->cap - 1)];

    while (at != 0 && is_kept(m, at - 1) && place_of(m, at - 1)->id != id)
        at = place_of(m, at - 1)->chain;
    return at == 0 || !is_kept(m, at - 1) ? NULL : place_of(m, at - 1);
}

static void link_article(struct archive *m, uint32_t ordinal)
{
    struct article *article = place_of(m, ordinal);
    uint32_t *chain = &m->chains[article->id & (m->cap - 1)];

    article->chain = *chain;
    *chain = ordinal + 1;
}

static void grow_chains(struct archive *m)
{
    size_t cap = m->cap == 0 ? FIRST : m->cap * 2;

    free(m->chains);
    m->chains = new_zeroed(cap * sizeof(*m->chains));
    m->cap = cap;
    for (uint32_t i = 0; i < m->count; i++)
        link_article(m, m->first + i);
}

/* Room for one more; its ordinal. */
static uint32_t make_room(struct archive *m)
{
    uint32_t ordinal = m->first + (uint32_t)m->count;

    if (m->count == m->cap)
        grow_chains(m);
    blocks_add(&m->articles, m->first, ordinal);
    return ordinal;
}

static uint32_t take_place(struct archive *m)
{
    uint32_t number;

    if (m->free != 0) {
        number = m->free - 1;
        m->free = m->stories[number].newest;
        return number;
    }
    if (m->story_count == m->story_cap) {
        size_t cap = m->story_cap == 0 ? FIRST : m->story_cap * 2;

        m->stories = need(realloc(m->stories, cap * sizeof(*m->stories)), cap);
        m->story_cap = cap;
    }
    return (uint32_t)m->story_count++;
}

uint32_t archive_new_story(struct archive *m, const uint8_t uuid[UUID], uint32_t born)
{
    uint32_t number = take_place(m);
    struct story *story = &m->stories[number];

    *story = (struct story){.newest = NO_ARTICLE, .born = born};
    for (int i = 0; i < STORY_FIRSTS; i++)
        story->firsts[i] = NO_ARTICLE;
    memcpy(story->uuid, uuid, UUID);
    return number;
}

/* Keys and infos lie in one piece. */
static void keep_terms(struct archive *m, struct sketch *sketch)
{
    size_t keys = sketch->count * sizeof(*sketch->keys), size = keys + sketch->count * 2U;
    char *piece = need(malloc(size + 1), size);

    memcpy(piece, sketch->keys, keys);
    memcpy(piece + keys, sketch->info, sketch->count * 2U);
    sketch->keys = (const uint32_t *)piece;
    sketch->info = (const uint16_t *)(piece + keys);
    m->terms += size;
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

struct article *archive_add(struct archive *m, uint64_t id, int64_t time, int64_t seen,
    const struct sketch *sketch, uint32_t story)
{
    uint32_t ordinal = make_room(m);
    struct article *article = place_of(m, ordinal);

    *article = (struct article){.id = id,
        .time = (uint32_t)time,
        .seen = (uint32_t)seen,
        .story = story,
        .older = NO_ARTICLE,
        .copy = sketch == NULL};
    m->count++;
    if (sketch != NULL) {
        article->sketch = *sketch;
        keep_terms(m, &article->sketch);
    }
    link_article(m, ordinal);
    join_story(&m->stories[story], article, ordinal);
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

size_t archive_members(
    const struct archive *m, uint32_t number, const struct article *ret_members[STORY_COMPARED])
{
    const struct story *story = &m->stories[number];
    const struct article *newest[STORY_COMPARED];
    size_t count = 0, later = 0;

    for (int i = 0; i < STORY_FIRSTS; i++)
        if (is_kept(m, story->firsts[i]))
            ret_members[count++] = place_of(m, story->firsts[i]);
    for (uint32_t at = story->newest; is_kept(m, at) && count + later < STORY_COMPARED;
         at = place_of(m, at)->older)
        if (!is_among(ret_members, count, place_of(m, at)))
            newest[later++] = place_of(m, at);
    while (later > 0)
        ret_members[count++] = newest[--later];
    return count;
}

static void set_text(char **text, struct bytes value)
{
    struct bytes clip = bytes_clip(value, STORY_TITLE);

    free(*text);
    *text = clip.len == 0 ? NULL : need(strndup(clip.ptr, clip.len), clip.len);
}

void story_set_title(struct story *story, struct bytes title)
{
    set_text(&story->title, title);
}

void story_set_first(struct story *story, struct bytes id)
{
    set_text(&story->first_id, id);
}

uint32_t archive_next(const struct archive *m)
{
    return m->first + (uint32_t)m->count;
}

/* Places up to number are there. */
static void reach_story(struct archive *m, uint32_t number)
{
    m->free = 0;
    while (m->story_count <= number) {
        uint32_t place = take_place(m);

        m->stories[place] = (struct story){.newest = NO_ARTICLE};
    }
}

static void restore_story(struct archive *m, uint32_t number, const struct story *saved)
{
    struct story *story = &m->stories[number];
    struct story was = *story;

    *story = *saved;
    story->live = was.live + 1;
    story->title = was.title;
    story->first_id = was.first_id;
}

struct story *archive_restore(
    struct archive *m, uint32_t ordinal, const struct article *article, const struct story *story)
{
    if (m->count == 0)
        m->first = ordinal;
    if (ordinal != archive_next(m) || article->story > ARCHIVE_ARTICLES)
        return NULL;
    make_room(m);
    *place_of(m, ordinal) = *article;
    if (article->copy)
        place_of(m, ordinal)->sketch = (struct sketch){.count = 0};
    else
        keep_terms(m, &place_of(m, ordinal)->sketch);
    m->count++;
    link_article(m, ordinal);
    reach_story(m, article->story);
    restore_story(m, article->story, story);
    return &m->stories[article->story];
}

void archive_restored(struct archive *m)
{
    m->free = 0;
    for (uint32_t i = 0; i < m->story_count; i++)
        if (m->stories[i].live == 0)
            free_story(m, i);
}
