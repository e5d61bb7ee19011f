/* explain.c - writes down what the other files decided. */
#include "explain.h"

#include "base/json.h"
#include "clean.h"
#include "judge.h"

enum { TEXT_BYTES = 200, ELEMENTS = 4 };

static struct bytes beginning(struct bytes text)
{
    size_t len = text.len < TEXT_BYTES ? text.len : TEXT_BYTES;

    while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
        len--;
    return bytes_slice(text, 0, len);
}

/* "div.article-body" */
static struct bytes name_of(const struct page *page, uint32_t node)
{
    struct bytes names = beginning(tree_attr(page->tree, node, ATTR_CLASS));

    return bytes_format(page->arena, "%s%s%.*s", tag_name((enum tag)page->tree->nodes[node].tag),
        names.len > 0 ? "." : "", FMT(names));
}

static void write_said(struct json_writer *w, const char *key, const struct said_list *list)
{
    static const char *const places[] = {
        "json-ld", "meta", "itemprop", "json-ld of something else"};

    json_begin_array(w, key);
    for (size_t i = 0; i < list->count; i++) {
        json_begin_object(w, NULL);
        json_string(w, "text", beginning(list->items[i].text));
        json_cstr(w, "in", places[list->items[i].in]);
        json_cstr(w, "as", list->items[i].name);
        json_int(w, "rank", list->items[i].rank);
        json_end_object(w);
    }
    json_end_array(w);
}

static void write_line(struct json_writer *w, const struct page *page, const struct line *line)
{
    uint32_t node = line->block;

    json_begin_object(w, NULL);
    json_cstr(w, "rule", rule_name((enum rule)line->cut));
    json_begin_array(w, "in");
    for (int i = 0; i < ELEMENTS && node != 0; i++, node = page->tree->nodes[node].parent)
        json_string(w, NULL, name_of(page, node));
    json_end_array(w);
    json_int(w, "chars", line->n.chars);
    json_int(w, "linked", line->n.link_chars);
    json_bool(w, "good", line->good);
    json_bool(w, "teaser", line->teaser);
    if (page->copy)
        json_int(w, "in_copy", line->said);
    json_string(w, "text", beginning(line->text));
    json_end_object(w);
}

void explain_write(const struct page *page, struct buf *out)
{
    struct json_writer w = {.out = out};

    json_begin_object(&w, NULL);
    json_cstr(&w, "page", page_kind_name(judge_kind(page)));
    if (page->title != 0)
        json_string(&w, "headline", name_of(page, page->title));
    if (page->root != 0)
        json_string(&w, "body", name_of(page, page->root));
    json_bool(&w, "has_copy", page->copy);
    write_said(&w, "titles", &page->said->titles);
    write_said(&w, "authors", &page->said->authors);
    write_said(&w, "published", &page->said->published);
    write_said(&w, "sites", &page->said->sites);
    json_begin_array(&w, "lines");
    for (uint32_t i = 0; i < page->line_count && i < EXPLAIN_LINES; i++)
        write_line(&w, page, &page->lines[i]);
    json_end_array(&w);
    json_end_object(&w);
}
