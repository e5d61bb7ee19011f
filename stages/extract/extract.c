/* extract.c - the stage: an article page and what the feed said in, the article's fields out. */
#include "extract.h"

#include <stdlib.h>

#include "body.h"
#include "clean.h"
#include "cue.h"
#include "fields.h"
#include "text/encoding.h"
#include "text/url.h"

static const wr_option options[] = {
    {"least-text", WR_INT, offsetof(struct extract, least_text), "200",
        "characters below which a page's text gives way to the feed's longer one"},
    {"standfirst", WR_BOOL, offsetof(struct extract, with_standfirst), "true",
        "begin the text with the standfirst where it stands apart from the body"},
    {0},
};

int extract_open(struct extract *self)
{
    encoding_warm_up();
    cues_init();
    if (self->filler == NULL)
        self->filler = tree_fillers[0];
    self->parser = self->filler->open();
    self->hinter = malloc(sizeof(*self->hinter));
    if (self->parser == NULL || self->hinter == NULL)
        arena_out_of_memory(sizeof(*self->hinter));
    hinter_init(self->hinter);
    self->arena = arena_new(EXTRACT_ARENA_LIMIT);
    tree_init(&self->tree);
    return 0;
}

void extract_close(struct extract *self)
{
    if (self->parser != NULL)
        self->filler->close(self->parser);
    free(self->hinter);
    arena_free(self->arena);
    tree_done(&self->tree);
}

static int read_page(struct extract *self, const wr_record *rec)
{
    struct page *page = &self->page;
    struct bytes html = borrow(wr_get(rec, WR_PAGE));
    struct encoding_result encoding = {0};
    struct error err = {0};

    arena_reset(self->arena);
    tree_clear(&self->tree);
    *page = (struct page){.arena = self->arena, .tree = &self->tree, .said = &self->said};
    page->url = borrow(wr_get(rec, WR_PAGE_URL));
    if (html.len == 0 || html.len > EXTRACT_PAGE_LIMIT)
        return E_LIMIT;
    if (encoding_to_utf8(self->arena, html, borrow(wr_get(rec, WR_PAGE_TYPE)), ENCODING_HTML,
            &encoding, &err) != OK ||
        self->filler->fill(self->parser, &self->tree, encoding.text, &err) != OK)
        return err.code;
    tree_finish(&self->tree);
    if (self->tree.body == 0)
        return E_FORMAT;
    hinter_mark(self->hinter, &self->tree);
    evidence_read(&self->said, &self->tree, self->arena);
    page->base = self->said.base.len > 0 ? url_resolve(self->arena, page->url, self->said.base) : page->url;
    return OK;
}

static void add_line(struct buf *out, const struct line *line)
{
    if (line->text.len == 0)
        return;
    if (out->len > 0)
        buf_add_byte(out, '\n');
    buf_add(out, line->text);
}

static void set_text(const struct extract *self, wr_record *rec)
{
    const struct page *page = &self->page;
    struct buf out = {.limit = 8 << 20};
    uint32_t to = page->first_line[page->tree->nodes[page->root].end];

    for (uint32_t i = 0; self->with_standfirst && i < page->standfirst_count; i++)
        if (page->lines[page->standfirst[i]].kind != LINE_HEADING)
            add_line(&out, &page->lines[page->standfirst[i]]);
    for (uint32_t i = page->first_line[page->root]; i < to; i++)
        if (page->lines[i].cut == RULE_NONE)
            add_line(&out, &page->lines[i]);
    wr_set(rec, WR_TEXT, lend(buf_bytes(&out)));
    buf_done(&out);
}

int extract_article(struct extract *self, wr_record *rec)
{
    struct page *page = &self->page;
    uint32_t root;

    if (read_page(self, rec) != OK) {
        wr_set(rec, WR_STATUS, lend(LIT("feed-only")));
        return WR_NEXT;
    }
    title_find(page, rec);
    page_read_lines(page);
    page_compare_copy(page);
    clean_blocks(page, page->tree->body, true);
    clean_second_articles(page);
    root = page->root = body_find(page);
    if (root != 0) {
        clean_blocks(page, root, false);
        clean_lines(page, root);
        standfirst_find(page, rec);
        standfirst_set(page, rec);
        set_text(self, rec);
    }
    title_set(page, rec);
    details_set(page, rec);
    author_set(page, rec);
    published_set(page, rec);
    return WR_NEXT;
}

static int stage_open(void *self)
{
    return extract_open(self);
}

static void stage_close(void *self)
{
    extract_close(self);
}

static int stage_process(void *self, wr_record *rec, const wr_event *event)
{
    (void)event;
    return extract_article(self, rec);
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "extract",
    .version = "1.0",
    .flags = WR_NEEDS_PAGE,
    .self_size = sizeof(struct extract),
    .options = options,
    .open = stage_open,
    .close = stage_close,
    .process = stage_process,
};
