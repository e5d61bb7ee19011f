/* follow.c - asks for the pages of an article behind the first, and joins their texts. */
#include "follow.h"

#include "base/clock.h"
#include "base/hash.h"
#include "field/fields.h"
#include "page/clean.h"
#include "page/pages.h"
#include "page/render.h"

enum { LEAST_REPEATED = 20 };

/* On the record while it waits. */
struct follow {
    struct bytes first; /* address of the first page */
    struct bytes next;  /* of the one that was asked for */
    int number;         /* of that one */
    int64_t until;
};

/* The lines of a text, by their hashes. */
struct seen {
    uint64_t *slots; /* 0 is free */
    size_t mask;
};

static uint64_t *slot_of(const struct seen *seen, struct bytes line)
{
    uint64_t hash = hash64(line) | 1;
    size_t at = hash >> 8 & seen->mask;

    while (seen->slots[at] != 0 && seen->slots[at] != hash)
        at = (at + 1) & seen->mask;
    return &seen->slots[at];
}

static struct seen seen_lines(struct arena *arena, struct bytes text)
{
    struct seen seen = {NULL, 15};
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    while (seen.mask < 2 * (count + 1))
        seen.mask = 2 * seen.mask + 1;
    seen.slots = arena_alloc_array(arena, seen.mask + 1, sizeof(*seen.slots));
    while (text.len > 0) {
        struct bytes line = bytes_cut(&text, '\n');

        *slot_of(&seen, line) = hash64(line) | 1;
    }
    return seen;
}

/* Headers that each page begins with: teasers, boxes, the standfirst. */
static void cut_seen(const struct page *page, struct bytes text)
{
    struct seen seen = seen_lines(page->arena, text);
    uint32_t to = page->first_line[page->tree->nodes[page->root].end];

    for (uint32_t i = page->first_line[page->root]; i < to; i++) {
        struct line *line = &page->lines[i];

        if (line->cut == RULE_NONE && line->text.len >= LEAST_REPEATED &&
            *slot_of(&seen, line->text) != 0)
            line->cut = RULE_REPEATED;
    }
}

static void append(wr_record *rec, int field, const struct page *page,
    void (*render)(const struct page *, bool, struct buf *))
{
    struct buf out = {.limit = 2 * FOLLOW_BYTES + RENDER_LIMIT};

    buf_add(&out, borrow(wr_get(rec, field)));
    render(page, false, &out);
    if (!out.over)
        wr_set(rec, field, lend(buf_bytes(&out)));
    buf_done(&out);
}

bool follow_join(struct extract *self, wr_record *rec, struct bytes html, struct bytes url)
{
    struct page *page = &self->page;

    if (extract_read(self, html, (struct bytes){NULL, 0}, url) != OK)
        return false;
    extract_find(self, rec);
    if (page->root == 0 || !title_is(page, borrow(wr_get(rec, WR_TITLE))))
        return false;
    cut_seen(page, borrow(wr_get(rec, WR_TEXT)));
    extract_add_asides(page, rec);
    append(rec, WR_TEXT, page, render_text);
    append(rec, WR_HTML, page, render_html);
    return true;
}

static int ask(struct extract *self, wr_record *rec, struct follow *follow)
{
    struct bytes url = {NULL, 0};

    if (follow->number < self->most_pages && clock_mono() < follow->until &&
        wr_get(rec, WR_TEXT).len + wr_get(rec, WR_HTML).len < FOLLOW_BYTES)
        url = pages_next(&self->page, follow->first, follow->number + 1);
    if (url.len == 0)
        return WR_NEXT;
    follow->number++;
    follow->next.ptr = memcpy(wr_alloc(rec, url.len + 1), url.ptr, url.len);
    follow->next.len = url.len;
    wr_fetch(rec, lend(url));
    return WR_WAIT;
}

int follow_start(struct extract *self, wr_record *rec)
{
    struct follow *follow;
    struct bytes method = borrow(wr_get(rec, WR_METHOD));

    /* Only a text that was read from the page goes on there. */
    if (!bytes_starts(method, LIT("density")) ||
        pages_next(&self->page, self->page.url, 2).len == 0)
        return WR_NEXT;
    follow = wr_alloc(rec, sizeof(*follow));
    follow->first = borrow(wr_get(rec, WR_PAGE_URL));
    follow->number = 1;
    follow->until = clock_mono() + (int64_t)FOLLOW_SECONDS * SECOND;
    *wr_slot(rec) = follow;
    return ask(self, rec, follow);
}

static void set_end(const struct extract *self, wr_record *rec, int pages, bool whole)
{
    if (!whole)
        wr_set(rec, WR_STATUS, lend(LIT("partial")));
    else if ((int64_t)wr_get(rec, WR_TEXT).len >= self->least_text)
        wr_set(rec, WR_STATUS, lend(LIT("full")));
    if (pages > 1)
        wr_set(rec, WR_METHOD,
            lend(bytes_format(
                self->arena, "%.*s, %d pages", FMT(borrow(wr_get(rec, WR_METHOD))), pages)));
}

int follow_go(struct extract *self, wr_record *rec, const wr_event *event)
{
    struct follow *follow = *wr_slot(rec);
    bool came = event->cause == WR_FETCHED && event->status == 200;

    if (came && follow_join(self, rec, borrow(event->body), follow->next)) {
        if (ask(self, rec, follow) == WR_WAIT)
            return WR_WAIT;
        set_end(self, rec, follow->number, true);
        return WR_NEXT;
    }
    if (!came)
        wr_note(rec, "page %d of the article could not be fetched", follow->number);
    set_end(self, rec, follow->number - 1, came);
    return WR_NEXT;
}
