/* byline.c - looks for the byline where bylines stand. */
#include "field/byline.h"

#include "cue/cue.h"
#include "page/clean.h"
#include "text/date.h"

enum {
    TEXT_BYTES = 200,   /* of a byline */
    NEAR_BEFORE = 8,    /* lines above the headline or the text, */
    NEAR_BEHIND = 25,   /* below the headline, */
    CLOSE_BEHIND = 12,  /* below it where a byline is expected, */
    END_BEHIND = 4,     /* and behind the text */
    NODES_MAX = 400,    /* elements that are looked at */
    NAME_GAP = 8,       /* bytes between a cue and the first name, */
    LABEL_GAP = 24,     /* or in front of it where there is no cue: "Photo and text" */
    MARK_BYTES = 1,     /* behind a cue that is all of its line */
    JOINER_BYTES = 5,   /* " und " */
    UNCLEAR_WORDS = 4,  /* of a line whose cue may be a word of the sentence */
    ABOVE_TITLE = 4,    /* lines */
    BELOW_OPENING = 3,  /* lines of the text that a byline may stand in */
    SAME_PLACE = 4,     /* lines between two elements of one byline */
    SAME_SCORE = 3,     /* points between them, and what a linked name is worth more */
    SIGNED_WORDS = 24,  /* of a line that may be signed, */
    CUED_WORDS = 16,    /* of one that begins with a cue, */
    BARE_WORDS = 5,     /* of one that is nothing but a name: "Anna van den Berg" */
    LINK_WORDS = 4,     /* of a link to an author's page */
    NODE_CHARS = 400,   /* of an element that is looked at */
    BYLINE_CHARS = 120, /* of one whose text may be a byline, */
    BLOCK_CHARS = 200,  /* and of a block whose links may be names */
};

/* Points, chosen by hand on the pages of `./dev bench extract`, which has authors F1 .835 with
 * them, and a name on 18.2 percent of the pages without one. Changed alone, these cost most: SIGNED
 * (.821 with 17), CUED (.826, and 20.6 percent, with 44), INNER (.826 with 56), NAMED (22.4 percent
 * with 36) and LEAST (20.0 percent with 4). Half or twice of ITEMPROP, REL_AUTHOR, LINKED, BARE and
 * AT_TITLE costs less than .003.
 *
 * By what says that it is a byline: */
enum {
    ITEMPROP = 32,
    REL_AUTHOR = 25,
    NAMED = 18,
    LINKED = 12, /* to an author's page, and nothing more */
    SIGNED = 34, /* by a cue beside the headline, */
    INNER = 28,  /* in the middle of a line there */
    CUED = 22,   /* by a cue elsewhere */
    BARE = 26,   /* a name alone at an end of the text */
    LEAST = 8,   /* none is better than less */
};

/* by where it stands: */
enum {
    AT_TITLE = 20,
    AT_OPENING = 15,
    AT_END = 12,
    IN_COMMENT = -60,
    IN_OTHERS = -25, /* lists of articles, pictures */
    IN_SIDEBAR = -10,
    IN_TEASER = -30,
    IN_BIO = -6,
    AWAY_ABOVE = 4, /* lost where a signed line stands above the headline, */
    AWAY_END = 6,   /* or behind the text; below the headline a point a line */
};

/* and what is lost for a cue that may be something else. */
enum { FAR_COLON = 4, FAR = 12, UNCLEAR = 12, UNCLEAR_LONG = 40 };

#define KIND(name) (1U << CUE_##name)

struct search {
    const struct page *page;
    struct byline *best;
    uint32_t best_line;
    uint32_t title_line, first_line;
    uint32_t last_line; /* of the text; 0 without */
};

/* The line that a node stands in or, when it holds several, its first one. */
static uint32_t line_of(const struct page *page, uint32_t node)
{
    uint32_t line = page->first_line[node];

    return line > 0 && page->lines[line - 1].to > node ? line - 1 : line;
}

/* The last lines of the text, and those behind it. */
static bool is_at_end(const struct search *search, uint32_t line)
{
    return search->last_line > 0 && line + 1 >= search->last_line &&
           line <= search->last_line + END_BEHIND;
}

static int nearness(const struct search *search, uint32_t line)
{
    int points = 0;

    if (search->title_line != UINT32_MAX && line + NEAR_BEFORE >= search->title_line &&
        line <= search->title_line + NEAR_BEHIND)
        points = AT_TITLE;
    if (search->first_line != UINT32_MAX && line + NEAR_BEFORE >= search->first_line &&
        line <= search->first_line + BELOW_OPENING)
        points = points > AT_OPENING ? points : AT_OPENING;
    return points > 0 || !is_at_end(search, line) ? points : AT_END;
}

/* Between the headline and the beginning of the text, or nearly; without a headline, in front of
 * the text. */
static bool is_close(const struct search *search, uint32_t line)
{
    if (search->title_line == UINT32_MAX)
        return search->first_line != UINT32_MAX && line < search->first_line &&
               line + NEAR_BEFORE >= search->first_line;
    return line + ABOVE_TITLE >= search->title_line && line <= search->title_line + CLOSE_BEHIND;
}

static int region(const struct line *line)
{
    switch (line->cut) {
    case RULE_COMMENT:
    case RULE_SECOND_ARTICLE:
        return IN_COMMENT;
    case RULE_RELATED:
    case RULE_NAV:
    case RULE_CAPTION:
    case RULE_CREDIT:
    case RULE_MEDIA:
        return IN_OTHERS;
    case RULE_SIDEBAR:
        return IN_SIDEBAR;
    default:
        return line->teaser ? IN_TEASER : 0;
    }
}

/* A second author often has an element of his own beside the first. */
static bool stands_beside_best(const struct search *search, uint32_t line, int score)
{
    return search->best->text.len > 0 && score + SAME_SCORE >= search->best->score &&
           score <= search->best->score && line <= search->best_line + SAME_PLACE &&
           line + SAME_PLACE >= search->best_line;
}

/* Where a byline is expected anybody may sign. */
static void consider_signer(struct search *search, struct bytes text, int score, bool cued)
{
    if (score <= search->best->signer_score)
        return;
    text = names_signature(text);
    if (text.len == 0)
        return;
    search->best->signer = text;
    search->best->signer_score = score;
    search->best->signer_cued = cued;
}

/* The first name stands where the cue ends: what follows is no sentence. */
static bool begins_with_name(struct bytes text, const struct names *names)
{
    size_t len = 0;

    if (names->count == 0)
        return true;
    if (cue_find(text, KIND(BYLINE), &len) == CUE_NONE)
        len = LABEL_GAP;
    return names->items[0].ptr <= text.ptr + len + NAME_GAP;
}

static void consider(struct search *search, struct bytes text, int score, uint32_t line)
{
    struct byline one = {.text = text,
        .score = score,
        .signer = search->best->signer,
        .signer_score = search->best->signer_score,
        .signer_cued = search->best->signer_cued};

    if (text.len > 0 && stands_beside_best(search, line, score)) {
        names_add(&search->best->names, search->page, text, false);
        return;
    }
    if (score <= search->best->score || text.len == 0)
        return;
    names_add(&one.names, search->page, text, false);
    if (names_count(&one.names, NAME_PERSON) + names_count(&one.names, NAME_HANDLE) == 0 ||
        !begins_with_name(text, &one.names))
        return;
    if (names_count(&one.names, NAME_PERSON) == 0)
        one.score -= 8;
    if (one.score > search->best->score) {
        *search->best = one;
        search->best_line = line;
    }
}

static bool leads_to_author(struct bytes href)
{
    static const char *const paths[] = {"/author", "/autor", "/auteur", "/staff", "/people",
        "/profile", "/redakt", "/by/", "/journalist", "/contributor", "/user/", "/team/", "/writer",
        "/reporter", "author=", "/person", "/editors/", "/columnist", "/correspondent", NULL};

    for (size_t at = 0; at < href.len; at++) {
        char first = to_lower(href.ptr[at]);

        for (int i = 0; (first == '/' || first == 'a') && paths[i] != NULL; i++)
            if (paths[i][0] == first &&
                bytes_starts_nocase(bytes_from(href, at), bytes_of(paths[i])))
                return true;
    }
    return false;
}

/* The texts of the links to authors in a subtree, joined. */
static struct bytes linked_names(const struct page *page, uint32_t node)
{
    struct buf out = {.limit = TEXT_BYTES};
    struct bytes names;

    for (uint32_t i = node; i < page->tree->nodes[node].end; i++) {
        struct bytes text;

        if (page->tree->nodes[i].tag != TAG_A ||
            !leads_to_author(tree_attr(page->tree, i, ATTR_HREF)))
            continue;
        text = tree_text(page->tree, page->arena, i, TEXT_BYTES);
        if (text.len == 0)
            continue;
        if (out.len > 0)
            buf_add_byte(&out, '\n');
        buf_add(&out, text);
    }
    names = bytes_copy(page->arena, buf_bytes(&out));
    buf_done(&out);
    return names;
}

/* The text of the first element below node that is said to be a name. */
static struct bytes named_name(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;

    for (uint32_t i = node; i < tree->nodes[node].end; i++)
        if (tree_attr_has_word(tree, i, ATTR_ITEMPROP, "name") ||
            tree_attr_has_word(tree, i, ATTR_CLASS, "fn") ||
            (i > node && (tree->nodes[i].hints & HINT(NAME)) && tree->nodes[i].n.chars > 0))
            return tree->nodes[i].tag == TAG_META ? tree_attr(tree, i, ATTR_CONTENT)
                                                  : tree_text(tree, page->arena, i, TEXT_BYTES);
    return (struct bytes){NULL, 0};
}

/* Between the headline and the text, and the whole of its line: that one goes to the author's page.
 */
static bool is_authors_link(const struct search *search, uint32_t node, uint32_t index)
{
    const struct page *page = search->page;
    const struct node *n = &page->tree->nodes[node];
    const struct line *line = &page->lines[index];

    return n->tag == TAG_A && index < page->line_count && is_close(search, index) && !line->good &&
           line->kind != LINE_HEADING && n->n.words >= 2 && n->n.words <= LINK_WORDS &&
           line->n.link_chars * 10 >= line->n.chars * 8 &&
           leads_to_author(tree_attr(page->tree, node, ATTR_HREF));
}

static int score_of_node(const struct search *search, uint32_t node)
{
    const struct tree *tree = search->page->tree;
    const struct node *n = &tree->nodes[node];
    uint32_t line = line_of(search->page, node);
    int score = 0;

    if (tree_attr_has_word(tree, node, ATTR_REL, "author"))
        score = REL_AUTHOR;
    if (bytes_find_nocase(tree_attr(tree, node, ATTR_ITEMPROP), LIT("author")) != SIZE_MAX)
        score = ITEMPROP;
    else if (n->hints & HINT(BYLINE) && score == 0)
        score = NAMED;
    else if (score == 0 && is_authors_link(search, node, line))
        score = LINKED;
    if (score == 0 || line >= search->page->line_count)
        return 0;
    return score + nearness(search, line) + region(&search->page->lines[line]) +
           (n->hints & HINT(BIO) ? IN_BIO : 0);
}

static void consider_nodes(struct search *search)
{
    const struct page *page = search->page;
    const struct tree *tree = page->tree;
    int seen = 0;

    for (uint32_t i = tree->body; i < tree->count && seen < NODES_MAX; i++) {
        const struct node *node = &tree->nodes[i];
        struct bytes text;
        int score;

        if (node->attrs == 0 || node->n.chars > NODE_CHARS)
            continue;
        score = score_of_node(search, i);
        if (score + SAME_SCORE < search->best->score || score == 0)
            continue;
        seen++;
        text = named_name(page, i);
        if (text.len == 0)
            text = linked_names(page, i);
        if (text.len > 0)
            score += SAME_SCORE;
        else if (node->n.chars <= BYLINE_CHARS)
            text = tree_text(tree, page->arena, i, TEXT_BYTES);
        consider(search, text, score, line_of(page, i));
        if (is_close(search, line_of(page, i)) && !(node->hints & HINT(BIO)) &&
            (node->tag != TAG_A || node->hints & HINT(BYLINE) ||
                tree_attr_has_word(tree, i, ATTR_REL, "author")))
            consider_signer(search, text, score, cue_find(text, KIND(BYLINE), NULL) != CUE_NONE);
    }
}

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
               region(line) >= IN_SIDEBAR && bytes_find(line->text, LIT("\xC2\xA9")) == SIZE_MAX &&
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

/* "Author:" alone: who it is stands in the next line. */
static bool is_label(struct bytes text, size_t cue)
{
    return bytes_trim(bytes_from(text, cue)).len <= MARK_BYTES;
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

    if (is_cued && is_label(text, len) && index + 1 < page->line_count &&
        may_be_signed(page, &line[1]))
        text = line[1].text;
    else if (!is_cued)
        text = is_about_the_article(page, line) ? from_inner_cue(text) : (struct bytes){NULL, 0};
    if (text.len == 0 || text.len > TEXT_BYTES)
        return;
    consider(search, text, is_cued ? SIGNED : INNER, index);
    consider_signer(search, text, score, true);
}

/* Short lines around the headline and behind the text that say who posted this, among other things.
 */
static void consider_signed_lines(struct search *search)
{
    const struct page *page = search->page;
    uint32_t from = search->title_line != UINT32_MAX ? search->title_line : search->first_line;

    for (uint32_t i = from < NEAR_BEFORE || from == UINT32_MAX ? 0 : from - NEAR_BEFORE;
         i < page->line_count; i++)
        if (is_close(search, i) && may_be_signed(page, &page->lines[i]))
            consider_signed_line(search, i, i > from ? (int)(i - from) : AWAY_ABOVE);
    if (search->last_line == 0)
        return;
    for (uint32_t i = search->last_line + 1; i < page->line_count && is_at_end(search, i); i++)
        if (may_be_signed(page, &page->lines[i]))
            consider_signed_line(search, i, AWAY_END);
}

static void consider_lines(struct search *search)
{
    const struct page *page = search->page;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        struct bytes rest;
        size_t len = 0;
        int score;

        if (line->n.words > CUED_WORDS || line->text.len > TEXT_BYTES ||
            cue_find(line->text, KIND(BYLINE), &len) == CUE_NONE)
            continue;
        score = CUED + nearness(search, i) + region(line) - (int)line->n.words / 3;
        if (nearness(search, i) == 0)
            score -= line->text.ptr[len - 1] == ':' ? FAR_COLON : FAR;
        if (!is_clear((struct bytes){line->text.ptr, len}))
            score -= line->n.words > UNCLEAR_WORDS ? UNCLEAR_LONG : UNCLEAR;
        rest = linked_names(page, line->block);
        consider(search,
            rest.len > 0 && page->tree->nodes[line->block].n.chars < BLOCK_CHARS ? rest
                                                                                 : line->text,
            score, i);
    }
}

/* Nothing but names, and set off: bold, slanted or to the right. */
static bool is_bare_name(const struct page *page, const struct line *line, struct names *ret_names)
{
    const struct tree *tree = page->tree;
    struct bytes style = tree_attr(tree, line->block, ATTR_STYLE);
    bool set_off = bytes_find_nocase(style, LIT("right")) != SIZE_MAX;
    size_t len = 0;

    if (line->kind == LINE_HEADING || line->kind == LINE_CELL || line->n.words < 2 ||
        line->n.words > BARE_WORDS || line->text.len > NAME_BYTES || line->n.commas > 0 ||
        line->n.link_chars > 0)
        return false;
    for (uint32_t up = tree->nodes[line->from].parent; up != line->block && !set_off;
         up = tree->nodes[up].parent)
        set_off = tree->nodes[up].tag == TAG_STRONG || tree->nodes[up].tag == TAG_B ||
                  tree->nodes[up].tag == TAG_EM || tree->nodes[up].tag == TAG_I;
    *ret_names = (struct names){0};
    names_add(ret_names, page, line->text, false);
    for (size_t i = 0; i < ret_names->count; i++)
        len += ret_names->kinds[i] == NAME_PERSON ? ret_names->items[i].len + JOINER_BYTES : 0;
    return set_off && ret_names->count > 0 && len >= line->text.len &&
           line->n.words <= 3 * ret_names->count;
}

static bool take_bare_name(struct search *search, uint32_t index)
{
    const struct line *line = &search->page->lines[index];
    struct byline one = {.text = line->text, .score = BARE};

    if ((line->cut != RULE_NONE && line->cut != RULE_BYLINE) ||
        !is_bare_name(search->page, line, &one.names))
        return false;
    *search->best = one;
    return true;
}

/* "... beside the harbour. (Anna Berg)": behind the last sentence. */
static bool take_bracketed_name(struct search *search)
{
    struct bytes text = search->page->lines[search->last_line].text;
    struct byline one = {.score = BARE};
    struct bytes before;
    size_t open;

    while (text.len > 0 && strchr("+*. ", text.ptr[text.len - 1]) != NULL)
        text.len--;
    if (text.len == 0 || text.ptr[text.len - 1] != ')')
        return false;
    for (open = text.len; open > 0 && text.ptr[open - 1] != '(';)
        open--;
    before = bytes_trim(bytes_slice(text, 0, open > 0 ? open - 1 : 0));
    one.text = bytes_slice(text, open, text.len - open - 1);
    if (before.len == 0 || strchr(".!?\"'", before.ptr[before.len - 1]) == NULL ||
        one.text.len > NAME_BYTES)
        return false;
    names_add(&one.names, search->page, one.text, false);
    if (names_count(&one.names, NAME_PERSON) != one.names.count || one.names.count == 0)
        return false;
    *search->best = one;
    return true;
}

/* A line that is a name opens or ends the text. */
static void consider_bare_names(struct search *search)
{
    if (search->last_line < search->first_line + 2 || search->first_line == UINT32_MAX)
        return;
    if (!take_bare_name(search, search->first_line) &&
        !take_bare_name(search, search->first_line + 1) &&
        !take_bare_name(search, search->last_line) &&
        !take_bare_name(search, search->last_line - 1))
        take_bracketed_name(search);
}

void byline_find(const struct page *page, struct byline *ret_byline)
{
    struct search search = {page, ret_byline, 0, UINT32_MAX, UINT32_MAX, 0};

    *ret_byline = (struct byline){.score = LEAST};
    if (page->title != 0)
        search.title_line = page->first_line[page->title];
    for (uint32_t i = 0; i < page->line_count; i++) {
        if (page->lines[i].cut != RULE_NONE)
            continue;
        if (search.first_line == UINT32_MAX)
            search.first_line = i;
        search.last_line = i;
    }
    consider_nodes(&search);
    consider_lines(&search);
    consider_signed_lines(&search);
    if (ret_byline->text.len == 0 &&
        (ret_byline->signer.len == 0 || names_is_site(page, ret_byline->signer)))
        consider_bare_names(&search);
    if (ret_byline->text.len == 0)
        ret_byline->score = 0;
}
