/* explain.c - writes down what the other files decided. */
#include "explain.h"

#include "judge.h"
#include "page/clean.h"

enum {
    ELEMENTS = 4,
    NAMES = 2,
    NAME_BYTES = 40,
    SHORT_CHARS = 80,
    LEAST_SAID = 40,
    WELL_SAID = 80
};

struct bytes explain_beginning(struct bytes text)
{
    size_t len = text.len < EXPLAIN_TEXT ? text.len : EXPLAIN_TEXT;

    while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
        len--;
    return bytes_slice(text, 0, len);
}

/* Few enough to be read: frameworks put dozens of them. */
static struct bytes first_names(struct bytes names)
{
    struct bytes rest = names;

    for (int i = 0; i < NAMES && rest.len > 0; i++)
        bytes_cut(&rest, ' ');
    names.len -= rest.len;
    return bytes_trim(names.len <= NAME_BYTES ? names : bytes_cut(&names, ' '));
}

struct bytes explain_name(const struct page *page, uint32_t node)
{
    struct bytes names;

    while (page->tree->nodes[node].tag == TAG_TEXT)
        node = page->tree->nodes[node].parent;
    names = first_names(bytes_trim(tree_attr(page->tree, node, ATTR_CLASS)));
    return bytes_format(page->arena, "%s%s%.*s", tag_name((enum tag)page->tree->nodes[node].tag),
        names.len > 0 ? "." : "", FMT(names));
}

const char *explain_place(const struct said *said)
{
    static const char *const places[] = {
        "json-ld", "meta", "itemprop", "json-ld of something else"};

    return places[said->in];
}

static void write_said(struct json_writer *w, const char *key, const struct said_list *list)
{
    json_begin_array(w, key);
    for (size_t i = 0; i < list->count; i++) {
        json_begin_object(w, NULL);
        json_string(w, "text", explain_beginning(list->items[i].text));
        json_cstr(w, "in", explain_place(&list->items[i]));
        json_cstr(w, "as", list->items[i].name);
        json_int(w, "rank", list->items[i].rank);
        json_end_object(w);
    }
    json_end_array(w);
}

static void write_candidates(struct json_writer *w, const struct page *page)
{
    json_begin_array(w, "candidates");
    for (size_t i = 0; i < page->candidate_count; i++) {
        const struct candidate *one = &page->candidates[i];

        json_begin_object(w, NULL);
        json_string(w, "in", explain_name(page, one->in));
        json_string(w, "element", explain_name(page, one->node));
        json_int(w, "score", one->score);
        json_int(w, "percent", one->percent);
        json_int(w, "needs", one->needs);
        json_bool(w, "taken", one->why_not == NULL);
        if (one->why_not != NULL)
            json_cstr(w, "why", one->why_not);
        json_end_object(w);
    }
    json_end_array(w);
}

static bool ends_sentence(struct bytes text)
{
    unsigned char last = text.len == 0 ? 0 : (unsigned char)text.ptr[text.len - 1];

    return last >= 0x80 || (last != 0 && strchr(".!?:;\"')", last) != NULL);
}

/* What was kept looks little like text, or the article's own copy does not have it. */
static bool is_kept_in_doubt(const struct page *page, const struct line *line)
{
    if (line->n.link_chars * 3 > line->n.chars && line->kind != LINE_CELL)
        return true;
    if (page->copy)
        return line->said < LEAST_SAID && line->n.chars >= SHORT_CHARS / 2;
    return line->n.chars < SHORT_CHARS && !ends_sentence(line->text) &&
           (line->kind == LINE_TEXT || line->kind == LINE_PARAGRAPH);
}

/* What was cut looks like text, and nothing but a name or its place spoke against it; or the
 * article's own copy has it. */
static bool is_cut_in_doubt(const struct page *page, const struct line *line, enum rule rule)
{
    switch (rule) {
    case RULE_TITLE:
    case RULE_STANDFIRST:
    case RULE_NOTICE:
    case RULE_REPEATED:
    case RULE_CAPTION:
    case RULE_COMMENT:
    case RULE_HIDDEN:
    case RULE_SECOND_ARTICLE:
        return false;
    default:
        return page->copy ? line->said >= WELL_SAID && line->n.chars >= SHORT_CHARS / 2
                          : line->good;
    }
}

/* The headline stands in a field of its own, wherever it stands on the page. */
static enum rule rule_of_line(const struct page *page, const struct line *line)
{
    if (page->title != 0 && tree_within(page->tree, line->from, page->title))
        return RULE_TITLE;
    return (enum rule)line->cut;
}

/* The element that the rule was about: the outermost that was cut by it; 0 when it was the line. */
static uint32_t cut_element(const struct page *page, const struct line *line)
{
    const struct node *nodes = page->tree->nodes;
    uint32_t found = 0;

    for (uint32_t node = line->block; node != 0; node = nodes[node].parent)
        if (line->cut != RULE_NONE && nodes[node].cut == line->cut)
            found = node;
    return found;
}

static void write_line(struct json_writer *w, const struct page *page, const struct line *line)
{
    enum rule rule = rule_of_line(page, line);
    uint32_t node = line->block;
    uint32_t cut = cut_element(page, line);

    json_begin_object(w, NULL);
    json_cstr(w, "rule", rule_name(rule));
    json_bool(w, "doubt",
        rule == RULE_NONE ? is_kept_in_doubt(page, line) : is_cut_in_doubt(page, line, rule));
    if (cut != 0)
        json_string(w, "cut", explain_name(page, cut));
    json_begin_array(w, "in");
    for (int i = 0; i < ELEMENTS && node != 0; i++, node = page->tree->nodes[node].parent)
        json_string(w, NULL, explain_name(page, node));
    json_end_array(w);
    json_int(w, "chars", line->n.chars);
    json_int(w, "linked", line->n.link_chars);
    json_bool(w, "good", line->good);
    json_bool(w, "teaser", line->teaser);
    if (page->copy)
        json_int(w, "in_copy", line->said);
    json_string(w, "text", explain_beginning(line->text));
    json_end_object(w);
}

void explain_write(const struct page *page, const wr_record *rec, struct buf *out)
{
    struct json_writer w = {.out = out};

    json_begin_object(&w, NULL);
    json_cstr(&w, "page", page_kind_name(judge_kind(page, rec)));
    if (page->title != 0)
        json_string(&w, "headline", explain_name(page, page->title));
    if (page->root != 0)
        json_string(&w, "body", explain_name(page, page->root));
    json_bool(&w, "has_copy", page->copy);
    write_candidates(&w, page);
    explain_fields(page, rec, &w);
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
