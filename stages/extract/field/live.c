/* live.c - what becomes of the posts of a live blog: the record's extra live.posts. */
#include "field/live.h"

#include "base/json.h"
#include "field/fields.h"

static void write_post(struct json_writer *w, const struct page *page, const struct post *post)
{
    json_begin_object(w, NULL);
    json_string_if(w, "headline", post->headline);
    json_string(w, "published", date_format(page->arena, &post->published));
    json_string(w, "text", post->text);
    if (post->author_count > 0) {
        json_begin_array(w, "authors");
        for (size_t i = 0; i < post->author_count; i++) {
            json_begin_object(w, NULL);
            json_string(w, "name", post->authors[i]);
            json_end_object(w);
        }
        json_end_array(w);
    }
    json_string_if(w, "url", post->url);
    json_end_object(w);
}

static void set_posts(const struct page *page, wr_record *rec, const struct posts *posts)
{
    struct buf out = {.limit = POSTS_BYTES};
    struct json_writer w = {.out = &out};

    json_begin_array(&w, NULL);
    for (size_t i = 0; i < posts->count; i++) {
        size_t size = posts->items[i].text.len + posts->items[i].headline.len;

        if (out.len + 2 * size + POST_BYTES > POSTS_BYTES)
            break;
        write_post(&w, page, &posts->items[i]);
    }
    json_end_array(&w);
    wr_set_extra(rec, "live.posts", lend(buf_bytes(&out)));
    buf_done(&out);
}

/* The page is filled by a script: its posts are all there is to read. */
static void set_text(wr_record *rec, const struct posts *posts)
{
    struct buf out = {.limit = POSTS_BYTES};

    for (size_t i = 0; i < posts->count; i++) {
        if (posts->items[i].headline.len > 0) {
            buf_add(&out, posts->items[i].headline);
            buf_add_byte(&out, '\n');
        }
        buf_add(&out, posts->items[i].text);
        buf_add_byte(&out, '\n');
    }
    wr_set(rec, WR_TEXT, lend(bytes_trim(buf_bytes(&out))));
    wr_set(rec, WR_HTML, lend(LIT("")));
    buf_done(&out);
}

void live_set(const struct page *page, wr_record *rec, int64_t least_text)
{
    struct posts *posts;

    if (page->said->live == NULL && page->tree->tags[TAG_TIME] == 0)
        return;
    posts = arena_alloc(page->arena, sizeof(*posts));
    if (page->said->live != NULL)
        live_read_said(page, posts);
    if (posts->count == 0)
        live_read_blocks(page, posts);
    if (posts->count == 0)
        return;
    set_posts(page, rec, posts);
    if ((int64_t)wr_get(rec, WR_TEXT).len < least_text)
        set_text(rec, posts);
}
