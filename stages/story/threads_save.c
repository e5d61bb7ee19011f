/* threads_save.c - a save is what each article since the last one did; loading does it again.
 *
 * Each entry holds what was kept of the article, the terms that were counted, the postings it got,
 * and its story and topic as they were after it, so that nothing is decided anew. What is known
 * follows from the articles of the window, of the last two ages of the counts, and from the topics:
 * saves that hold none of these are no longer needed, and a topic that only such a save holds goes
 * into the next. */
#include <stdlib.h>

#include "base/arena.h"
#include "redecide.h"

static const char magic[8] = "STORIES3";

struct part_head {
    char magic[8];
    uint32_t first, count, carried, part;
    uint32_t told, unused;
    int64_t now;
    int64_t clocks[CLOCKS];
};

static void fill_head(struct threads *t, const struct article *article, bool counted)
{
    struct entry *e = &t->saves.entry;
    const struct story *story = archive_story(t->archive, article->story);

    e->head = (struct entry_head){.id = article->id,
        .time = article->time,
        .seen = article->seen,
        .ordinal = archive_next(t->archive) - 1,
        .story = article->story,
        .topic = article->copy ? NO_TOPIC : story->topic,
        .posting = postings_next(t->postings) - article->postings,
        .words = article->sketch.words,
        .counted = counted ? (uint16_t)sketch_all_keys(t->sketcher, e->counted, ENTRY_COUNTED) : 0,
        .terms = article->sketch.count,
        .posted = article->postings,
        .copy = article->copy,
        .headed = article->sketch.headed,
        .language = counted ? frequency_asked(t->frequency) : 0,
        .rotated = t->saves.rotated,
        .house = article->house,
        .changed = e->change.kind};
}

static uint8_t fill_text(char text[STORY_TITLE], const char *value)
{
    struct bytes bytes = bytes_of(value);

    if (bytes.len > 0)
        memcpy(text, bytes.ptr, bytes.len);
    return (uint8_t)bytes.len;
}

void threads_note(struct threads *t, const struct article *article, bool counted)
{
    struct saves *s = &t->saves;
    struct entry *e = &s->entry;
    const struct story *story = archive_story(t->archive, article->story);
    const struct sketch *sketch = &article->sketch;

    if (s->lost)
        return;
    fill_head(t, article, counted);
    if (sketch->count > 0) {
        memcpy(e->keys, sketch->keys, sketch->count * sizeof(e->keys[0]));
        memcpy(e->info, sketch->info, sketch->count * sizeof(e->info[0]));
    }
    e->story = *story;
    e->story.title = e->story.first_id = NULL;
    e->story.mark = 0;
    e->head.title = fill_text(e->title, story->title);
    e->head.first = fill_text(e->first, story->first_id);
    entry_write(e, &s->entries);
    if (!article->copy)
        topics_write(t->topics, story->topic, s->part, &s->entries);
    s->lost = s->entries.over;
    s->rotated = false;
    s->count++;
}

/* How many articles back anything known follows from. */
static uint32_t needed_back(const struct threads *t)
{
    uint32_t kept = (uint32_t)archive_count(t->archive);
    uint32_t counted = archive_next(t->archive) - t->saves.before;

    return counted > kept ? counted : kept;
}

/* A save is needed unless the one after it begins with the oldest needed article, or before. */
static void drop_parts(struct threads *t)
{
    struct saves *s = &t->saves;
    uint32_t next = archive_next(t->archive), back = needed_back(t);
    size_t gone = 0;

    while (gone + 1 < s->part_count && next - s->parts[gone + 1] >= back)
        gone++;
    memmove(s->parts, s->parts + gone, (s->part_count - gone) * sizeof(*s->parts));
    s->part_count -= gone;
}

static void add_part(struct saves *s, uint32_t first)
{
    if (s->part_count == s->part_cap) {
        s->part_cap = s->part_cap == 0 ? 64 : s->part_cap * 2;
        s->parts = realloc(s->parts, s->part_cap * sizeof(*s->parts));
        if (s->parts == NULL)
            arena_out_of_memory(s->part_cap * sizeof(*s->parts));
    }
    s->parts[s->part_count++] = first;
    s->part++;
}

void threads_want_save(struct threads *t)
{
    t->saves.wanted = true;
}

void threads_save(struct threads *t, struct buf *out)
{
    struct saves *s = &t->saves;
    size_t at = out->len;
    struct part_head head;

    if (s->lost || (s->count == 0 && !s->wanted))
        return;
    s->wanted = false;
    memset(&head, 0, sizeof(head));
    memcpy(head.magic, magic, sizeof(magic));
    head.count = s->count;
    head.first = archive_next(t->archive) - s->count;
    head.part = s->part;
    head.told = t->told;
    head.now = t->now;
    memcpy(head.clocks, t->clocks, sizeof(head.clocks));
    buf_add(out, (struct bytes){(const char *)&head, sizeof(head)});
    add_part(s, head.first);
    drop_parts(t);
    head.carried = topics_carry(t->topics, s->part - (uint32_t)s->part_count, head.part, out);
    buf_add(out, buf_bytes(&s->entries));
    if (!out->over)
        memcpy(out->ptr + at, &head, sizeof(head));
    buf_clear(&s->entries);
    s->count = 0;
}

size_t threads_saves(const struct threads *t)
{
    return t->saves.lost ? 0 : t->saves.part_count;
}

static void count_again(struct threads *t, const struct entry *e)
{
    struct saves *s = &t->saves;

    if (e->head.rotated) {
        if (s->begun)
            frequency_rotate(t->frequency);
        else
            frequency_clear(t->frequency);
        s->before = s->begun ? s->age : e->head.ordinal;
        s->age = e->head.ordinal;
        s->begun = true;
    }
    if (!s->begun || e->head.counted == 0)
        return;
    frequency_article(t->frequency, e->head.language);
    for (size_t i = 0; i < e->head.counted; i++)
        frequency_add(t->frequency, e->counted[i]);
}

static struct article article_of(const struct entry *e)
{
    struct article article = {.id = e->head.id,
        .time = e->head.time,
        .seen = e->head.seen,
        .story = e->head.story,
        .older = NO_ARTICLE,
        .postings = e->head.posted,
        .copy = e->head.copy != 0,
        .house = e->head.house,
        .sketch = {.count = e->head.terms,
            .headed = e->head.headed,
            .words = e->head.words,
            .keys = e->keys,
            .info = e->info}};

    sketch_measure(&article.sketch);
    return article;
}

static bool place_again(struct threads *t, struct entry *e, struct bytes *rest)
{
    struct article article = article_of(e);
    struct story *story;

    t->now = e->head.seen;
    threads_forget(t);
    if (!article.copy && story_is_live(t->archive, article.story))
        article.older = archive_story(t->archive, article.story)->newest;
    story = archive_restore(t->archive, e->head.ordinal, &article, &e->story);
    if (story == NULL)
        return false;
    story_set_title(story, (struct bytes){e->title, e->head.title});
    story_set_first(story, (struct bytes){e->first, e->head.first});
    postings_start(t->postings, e->head.posting);
    for (size_t i = 0; i < e->head.posted; i++)
        postings_put(t->postings, e->posted[i], e->head.story);
    if (e->head.changed != CHANGE_NOTHING)
        change_apply(t->archive, &e->change);
    return article.copy || topics_read(t->topics, t->saves.part, rest);
}

bool threads_load(struct threads *t, struct bytes saved)
{
    struct saves *s = &t->saves;
    struct part_head head;
    bool ok =
        take_bytes(&saved, &head, sizeof(head)) && memcmp(head.magic, magic, sizeof(magic)) == 0;

    if (!ok)
        return false;
    if (s->part_count == 0 && head.first != 0)
        s->begun = false; /* what was built in was forgotten long ago */
    s->part = head.part;
    for (uint32_t i = 0; ok && i < head.carried; i++)
        ok = topics_read(t->topics, head.part, &saved);
    for (uint32_t i = 0; ok && i < head.count; i++) {
        ok = entry_read(&saved, &s->entry);
        if (!ok)
            break;
        count_again(t, &s->entry);
        ok = place_again(t, &s->entry, &saved);
    }
    archive_restored(t->archive);
    add_part(s, head.first);
    t->now = head.now;
    t->told = head.told;
    memcpy(t->clocks, head.clocks, sizeof(t->clocks));
    return ok && saved.len == 0;
}
