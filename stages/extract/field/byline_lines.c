/* byline_lines.c - bylines that a line gives away by what it says: a cue, a label, a date. */
#include "field/byline_search.h"

enum {
    WIDE = 0xE3,       /* the first byte of East Asian characters */
    LEAST_AGREED = 3,  /* letters of a name that are in an address */
    LABEL_BYTES = 24,  /* "Author:" in a line of its own */
    NEAR_BEFORE = 8,   /* lines above the headline or the text, */
    MARK_BYTES = 1,    /* behind a cue that is all of its line */
    UNCLEAR_WORDS = 4, /* of a line whose cue may be a word of the sentence */
    SIGNED_WORDS = 24, /* of a line that may be signed, */
    CUED_WORDS = 16,   /* of one that begins with a cue, */
    BLOCK_CHARS = 200, /* and of a block whose links may be names */
};

/* Cues that are also ordinary words start many a line that is no byline. */
static bool is_clear(struct bytes cue)
{
    static const char *const ordinary[] = {"de", "di", "av", "af", "from", "aus", "per", "text",
        "\xD0\xBE\xD1\x82", "autor", "about", "über", "more from", "theo",
        "\xCF\x84\xCE\xBF\xCF\x85", "\xCF\x84\xCE\xB7\xCF\x82", "på", "interview", "wywiad",
        "interview:", NULL};

    char folded[32];
    struct bytes lower = {folded, fold_case(cue, folded, sizeof(folded))};

    for (int i = 0; ordinary[i] != NULL; i++)
        if (bytes_is(lower, ordinary[i]))
            return false;
    return true;
}

/* "May 2, 2024 by anna", "Posted in Harbour by anna": from the cue on; empty when there is none. */
static struct bytes from_inner_cue(struct bytes text)
{
    for (size_t i = 1; i < text.len; i++) {
        struct bytes rest = bytes_from(text, i);
        size_t len = 0;

        if (text.ptr[i] == ' ' || is_alpha(text.ptr[i - 1]) ||
            (unsigned char)text.ptr[i - 1] >= 0x80 || is_digit(text.ptr[i]))
            continue;
        if (cue_find(rest, KIND(BYLINE), &len) != CUE_NONE &&
            is_clear((struct bytes){rest.ptr, len}))
            return rest;
    }
    return (struct bytes){NULL, 0};
}

static bool is_about_the_article(const struct page *page, const struct line *line)
{
    uint64_t hints = page->tree->nodes[line->block].hints;
    int digits = 0;

    for (size_t i = 0; i < line->text.len; i++)
        digits += is_digit(line->text.ptr[i]);
    if (cue_find(line->text, KIND(DATE), NULL) != CUE_NONE)
        return true;
    return line->cut != RULE_CUE &&
           (digits >= 3 || hints & (HINT(META) | HINT(DATE) | HINT(BYLINE) | HINT(TIME)));
}

static bool may_be_signed(const struct page *page, const struct line *line)
{
    switch (line->cut) {
    case RULE_TAGS:
    case RULE_LABEL:
    case RULE_TITLE:
        return false;
    default:
        return line->n.words <= SIGNED_WORDS && line->text.len <= TEXT_BYTES &&
               line->kind != LINE_HEADING && line->kind != LINE_CELL && !line->good &&
               byline_region(line) >= IN_SIDEBAR &&
               bytes_find(line->text, LIT("\xC2\xA9")) == SIZE_MAX &&
               bytes_find_nocase(line->text, LIT("copyright")) == SIZE_MAX &&
               bytes_find(page->title_text, line->text) == SIZE_MAX &&
               bytes_find(page->said->document_title, line->text) == SIZE_MAX;
    }
}

static struct bytes without_dashes(struct bytes text)
{
    while (text.len > 0 && strchr("-* ", text.ptr[0]) != NULL)
        text = bytes_from(text, 1);
    return text;
}

/* "Author:" alone: who it is stands in the next line. A colon makes a label of an ordinary word. */
static bool is_label(struct bytes text, size_t cue)
{
    return bytes_trim(bytes_from(text, cue)).len <= MARK_BYTES;
}

static bool ends_with_colon(struct bytes text)
{
    return text.len > 0 && text.ptr[text.len - 1] == ':';
}

/* away: points that are lost for where it stands. */
static void consider_signed_line(struct search *search, uint32_t index, int away)
{
    const struct page *page = search->page;
    const struct line *line = &page->lines[index];
    struct bytes text = without_dashes(line->text);
    size_t len = 0;
    int score = SIGNED - away;
    bool is_cued =
        cue_find(text, KIND(BYLINE), &len) != CUE_NONE && is_clear((struct bytes){text.ptr, len});

    if (byline_is_of_another(page, line->block) || byline_is_hidden(page, line->block) ||
        byline_is_in_page_footer(page, line) ||
        (len > 0 && text.ptr[len - 1] == ':' && byline_is_of_thing(page, index)))
        return;
    if (is_cued && is_label(text, len) && index + 1 < page->line_count &&
        may_be_signed(page, &line[1]))
        text = line[1].text;
    else if (!is_cued)
        text = is_about_the_article(page, line) ? from_inner_cue(text) : (struct bytes){NULL, 0};
    if (text.len == 0 || text.len > TEXT_BYTES)
        return;
    byline_consider(search, text, is_cued ? SIGNED : INNER, index);
    byline_consider_signer(search, text, score, true);
}

/* "Author:" in a heading or another element of its own, and the name in the next line. */
static void consider_label(struct search *search, uint32_t index)
{
    const struct page *page = search->page;
    const struct line *line = &page->lines[index];
    size_t len = 0;

    if (index + 1 < page->line_count && line->text.len <= LABEL_BYTES &&
        cue_find(line->text, KIND(BYLINE), &len) != CUE_NONE && is_label(line->text, len) &&
        ends_with_colon(line->text) && may_be_signed(page, &line[1]) &&
        !byline_is_of_thing(page, index))
        byline_consider(search, line[1].text, SIGNED, index + 1);
}

/* The last part of the address of the only link to an author in the block, or empty. */
static struct bytes only_author(const struct page *page, uint32_t block, uint32_t *ret_link)
{
    const struct tree *tree = page->tree;
    struct bytes slug = {NULL, 0};

    for (uint32_t i = block; i < tree->nodes[block].end; i++) {
        struct bytes href = tree_attr(tree, i, ATTR_HREF);

        if (tree->nodes[i].tag != TAG_A || tree->nodes[i].n.chars == 0 ||
            !byline_leads_to_author(href))
            continue;
        if (slug.len > 0)
            return (struct bytes){NULL, 0};
        slug = byline_last_part(href);
        *ret_link = i;
    }
    return slug;
}

/* "anna-berg" and "Anna Berg": the letters agree, up to the first that addresses write otherwise.
 */
static bool is_slug_of(struct bytes slug, struct bytes name)
{
    size_t at = 0;
    size_t agreed = 0;

    for (size_t i = 0; i < name.len && (unsigned char)name.ptr[i] < 0x80; i++) {
        if (!is_alpha(name.ptr[i]))
            continue;
        while (at < slug.len && !is_alpha(slug.ptr[at]))
            at++;
        if (at == slug.len || to_lower(slug.ptr[at]) != to_lower(name.ptr[i]))
            return false;
        at++;
        agreed++;
    }
    return agreed >= LEAST_AGREED;
}

/* "by anna", wherever it stands, where it links to the page of the author of that name, and no
 * other author is named so. */
void byline_consider_linked_line(struct search *search)
{
    const struct page *page = search->page;
    struct bytes name = {NULL, 0};
    uint32_t found = 0;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        uint32_t link = 0;
        size_t len = 0;
        struct bytes text;

        if (line->n.words > UNCLEAR_WORDS || line->n.link_chars == 0 ||
            cue_find(line->text, KIND(BYLINE), &len) == CUE_NONE)
            continue;
        text = bytes_trim(bytes_from(line->text, len));
        if (byline_region(line) < IN_SIDEBAR || byline_is_of_another(page, line->block) ||
            byline_is_in_page_footer(page, line) ||
            !is_slug_of(only_author(page, line->block, &link), text))
            continue;
        if (name.len > 0 && !bytes_equal_nocase(name, text))
            return;
        name = text;
        found = i;
    }
    if (name.len == 0)
        return;
    byline_consider(search, name, SIGNED - AWAY_END, found);
    byline_consider_signer(search, name, SIGNED - AWAY_END, true);
}

/* Behind the text, where nobody else is named: "责任编辑：林雨桐". In the scripts that write so the
 * editor is the one who answers for a report. */
void byline_consider_editors(struct search *search)
{
    const struct page *page = search->page;

    for (uint32_t i = search->last_line; i < page->line_count && byline_is_at_end(search, i); i++) {
        struct bytes text = page->lines[i].text;
        size_t len = 0;

        while (text.len > 0 && strchr("([", text.ptr[0]) != NULL)
            text = bytes_from(text, 1);
        if (bytes_starts(text, LIT("\xEF\xBC\x88")) || bytes_starts(text, LIT("\xE3\x80\x90")))
            text = bytes_from(text, 3);
        if (cue_find(text, KIND(ROLE), &len) == CUE_NONE)
            continue;
        text = bytes_from(text, len);
        if (!(bytes_starts(text, LIT(":")) || bytes_starts(text, LIT("\xEF\xBC\x9A"))))
            continue;
        text = bytes_trim(bytes_from(text, text.ptr[0] == ':' ? 1 : 3));
        if (text.len > 0 && (unsigned char)text.ptr[0] >= WIDE)
            byline_consider(search, text, BARE, i);
    }
}

/* Short lines around the headline and behind the text that say who posted this, among other things.
 */
void byline_consider_signed_lines(struct search *search)
{
    const struct page *page = search->page;
    uint32_t from = search->title_line != UINT32_MAX ? search->title_line : search->first_line;

    for (uint32_t i = from < NEAR_BEFORE || from == UINT32_MAX ? 0 : from - NEAR_BEFORE;
         i < page->line_count; i++) {
        if (!byline_is_close(search, i))
            continue;
        if (may_be_signed(page, &page->lines[i]))
            consider_signed_line(search, i, i > from ? (int)(i - from) : AWAY_ABOVE);
        else
            consider_label(search, i);
    }
    if (search->last_line == 0)
        return;
    for (uint32_t i = search->last_line + 1; i < page->line_count && byline_is_at_end(search, i);
         i++)
        if (may_be_signed(page, &page->lines[i]))
            consider_signed_line(search, i, AWAY_END);
}

void byline_consider_lines(struct search *search)
{
    const struct page *page = search->page;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        struct bytes rest;
        size_t len = 0;
        int score;

        if (line->n.words > CUED_WORDS || line->text.len > TEXT_BYTES ||
            cue_find(line->text, KIND(BYLINE), &len) == CUE_NONE ||
            byline_is_of_another(page, line->block) ||
            (line->text.ptr[len - 1] == ':' && byline_is_of_thing(page, i)))
            continue;
        score = CUED + byline_nearness(search, i) + byline_region(line) - (int)line->n.words / 3;
        if (byline_nearness(search, i) == 0)
            score -= line->text.ptr[len - 1] == ':' ? FAR_COLON : FAR;
        if (!is_clear((struct bytes){line->text.ptr, len}))
            score -= line->n.words > UNCLEAR_WORDS ? UNCLEAR_LONG : UNCLEAR;
        rest = byline_linked_names(page, line->block);
        byline_consider(search,
            rest.len > 0 && page->tree->nodes[line->block].n.chars < BLOCK_CHARS ? rest
                                                                                 : line->text,
            score, i);
    }
}
