/* site_use.c - puts the operator's selectors to use on a page. */
#include "field/fields.h"
#include "html/shadow.h"
#include "page/clean.h"
#include "page/names.h"
#include "site/site.h"
#include "text/date.h"

enum { TEXT_BYTES = 400 };

/* Selectors go stale when sites change: told once, and again when they are back. */
static void count_misses(struct site *site, enum site_part part, bool matched)
{
    int *misses = &site->parts[part].misses;

    if (matched && *misses >= SITE_MISSES)
        wr_log(WR_INFO, "site rule matches again: site=%.*s part=%s", FMT(site->host),
            site_part_name(part));
    if (!matched && *misses + 1 == SITE_MISSES)
        wr_log(WR_WARNING,
            "site rule matches nothing on %d pages in a row and is ignored: "
            "site=%.*s part=%s selector=%.*s",
            SITE_MISSES, FMT(site->host), site_part_name(part), FMT(site->parts[part].text));
    *misses = matched ? 0 : *misses < SITE_MISSES ? *misses + 1 : *misses;
}

static size_t find(const struct sites *sites, struct site *site, const struct page *page,
    enum site_part part, uint32_t nodes[SITE_NODES])
{
    size_t count;

    if (site->parts[part].selector == NULL)
        return 0;
    count = sites->filler->select(sites->parser, site->parts[part].selector, nodes, SITE_NODES);
    count = shadow_follow(page->tree, nodes, count);
    if (part != SITE_STRIP)
        count_misses(site, part, count > 0);
    return count;
}

void site_mark(const struct sites *sites, struct site *site, struct page *page)
{
    uint32_t nodes[SITE_NODES];
    size_t count = find(sites, site, page, SITE_STRIP, nodes);

    for (size_t i = 0; i < count; i++)
        clean_cut(page, nodes[i], RULE_SITE);
    if (find(sites, site, page, SITE_TITLE, nodes) == 0)
        return;
    page->title = nodes[0];
    page->title_text = tree_text(page->tree, page->arena, nodes[0], TEXT_BYTES);
    page->title_sure = true;
}

uint32_t site_body(const struct sites *sites, struct site *site, struct page *page)
{
    uint32_t nodes[SITE_NODES];
    size_t count = find(sites, site, page, SITE_BODY, nodes);
    uint32_t root = count == 0 ? 0 : nodes[0];
    size_t at = 0;

    if (count == 0)
        return 0;
    for (size_t i = 1; i < count; i++)
        root = tree_common(page->tree, root, nodes[i]);
    for (uint32_t i = 0; i < page->line_count; i++) {
        struct line *line = &page->lines[i];

        while (at < count && page->tree->nodes[nodes[at]].end <= line->from)
            at++;
        if (line->cut == RULE_NONE && (at == count || line->from < nodes[at]))
            line->cut = tree_within(page->tree, line->from, root) ? RULE_SITE : RULE_OUTSIDE;
    }
    return root;
}

static void set_authors(struct page *page, wr_record *rec, const uint32_t *nodes, size_t count)
{
    struct names names = {0};

    for (size_t i = 0; i < count; i++)
        names_add(&names, page, tree_text(page->tree, page->arena, nodes[i], TEXT_BYTES), true);
    wr_set(rec, WR_BYLINE, lend(tree_text(page->tree, page->arena, nodes[0], TEXT_BYTES)));
    if (names_count(&names, NAME_PERSON) == 0)
        return;
    wr_set(rec, WR_AUTHOR, (wr_str){NULL, 0});
    for (size_t i = 0; i < names.count; i++)
        if (names.kinds[i] == NAME_PERSON)
            wr_add(rec, WR_AUTHOR, lend(names.items[i]));
}

/* What the element says for machines, or else for readers. */
static struct bytes date_text(const struct page *page, uint32_t node)
{
    struct bytes text = tree_attr(page->tree, node, ATTR_DATETIME);

    if (text.len == 0)
        text = tree_attr(page->tree, node, ATTR_CONTENT);
    return text.len > 0 ? text : tree_text(page->tree, page->arena, node, DATE_TEXT);
}

static void set_date(struct page *page, wr_record *rec, uint32_t node)
{
    struct bytes text = date_text(page, node);
    struct date date;

    if (!date_parse(text, date_order_of(borrow(wr_get(rec, WR_LANGUAGE))), &date))
        return;
    wr_set(rec, WR_PUBLISHED, lend(date_format(page->arena, &date)));
    wr_set(rec, WR_PUBLISHED_RAW, lend(text));
    wr_set(rec, WR_PUBLISHED_SOURCE, lend(LIT("site-rule")));
    wr_set(rec, WR_PUBLISHED_PRECISION, lend(bytes_of(date_precision_name(date.precision))));
}

void site_set(const struct sites *sites, struct site *site, struct page *page, wr_record *rec)
{
    uint32_t nodes[SITE_NODES];
    size_t count;

    if (site->parts[SITE_TITLE].selector != NULL && site->parts[SITE_TITLE].misses == 0)
        wr_set(rec, WR_TITLE, lend(page->title_text));
    count = find(sites, site, page, SITE_BYLINE, nodes);
    if (count > 0)
        set_authors(page, rec, nodes, count);
    if (find(sites, site, page, SITE_DATE, nodes) > 0)
        set_date(page, rec, nodes[0]);
}
