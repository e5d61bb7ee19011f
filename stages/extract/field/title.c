/* title.c - the headline: what the page shows, what it says, and what the feed said, agreeing. */
#include "cue/cue.h"
#include "field/byline.h"
#include "field/fields.h"
#include "text/text.h"
#include "text/url.h"

enum {
    TITLE_LIMIT = 400,
    PARTS = 6,        /* elements of a heading */
    ANCHOR_BYTES = 3, /* "¶", "#" */
    DATE_BYTES = 40,
    LINK_UP = 3,           /* elements above a heading that may be a link around it */
    HEADLINE_LIMIT = 1000, /* bytes of what is published; no page of the bench has over 320 */
    CANDIDATES = 16,
    SURE = 50,
    SITE_PARTS = 3,
    TITLE_LINES = 300,
    TITLE_WORDS = 3,
    SHORT_BYTES = 12, /* a heading of fewer is a section's */
    NAV_UP = 6,       /* blocks above a heading that are looked at for navigation */
    AGREE_PART = 40,  /* percent: a title that begins another and is shorter is none of it */
};

/* Points of a heading, chosen by hand on the pages of `./dev bench extract`, of which 85.7 percent
 * of the headlines are exact with them. Two matter, and to the text as well: IS_H1 (82.9 percent
 * with 15, 83.6 with 60) and LEAST (84.4 with 14, 82.4 with 58). Half or twice of SAID_SAME,
 * IS_DOCUMENT or ENDS_DOCUMENT, changed alone, is a matter of three pages in either direction. */
enum {
    IS_H1 = 30,
    IS_H2 = 10,
    NAMED_TITLE = 10,
    SAID_SAME = 40, /* for each title said to machines that is it, */
    SAID_LIKE = 25, /* or begins like it */
    IS_DOCUMENT = 30,
    ENDS_DOCUMENT = 25, /* more than half of it; less is a site's name */
    IS_FEED = 40,
    IS_SITE = -60,
    IS_SHORT = -15,
    IS_CUE = -20, /* "Related articles" */
    IS_LINK = -10,
    IS_SELF = 20, /* a link to this page: as much as an h1, in an h2 */
    IS_HIDDEN = -60,
    LEAST = 29, /* no better than this is none: less than an h1 alone */
};

static int words_in(struct bytes text)
{
    int words = 0;

    while (text.len > 0)
        words += bytes_cut(&text, ' ').len > 0;
    return words;
}

/* Letters and digits only, without case: what two spellings of one headline share. */
static struct bytes key_of(struct arena *arena, struct bytes text)
{
    char *key;
    size_t len = 0;
    size_t size;

    if (text.len > TITLE_LIMIT)
        text.len = TITLE_LIMIT;
    key = arena_alloc(arena, text.len + 1);
    size = fold_case(text, key, text.len);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)key[i];

        if (c == 0xE2 && i + 2 < size) {
            i += 2; /* general punctuation */
            continue;
        }
        if (c >= 0x80 || is_alpha((char)c) || is_digit((char)c))
            key[len++] = (char)c;
    }
    return (struct bytes){key, len};
}

static bool agree(struct bytes a, struct bytes b)
{
    return a.len > 0 && b.len > 0 && (bytes_starts(a, b) || bytes_starts(b, a)) &&
           (a.len < b.len ? a.len * 100 >= b.len * AGREE_PART : b.len * 100 >= a.len * AGREE_PART);
}

struct contender {
    struct bytes text;
    struct bytes key;
    uint32_t node;
    int score;
};

static bool is_in_navigation(const struct tree *tree, uint32_t node)
{
    if (tree->nodes[node].hints & (HINT(NAV) | HINT(HIDDEN) | HINT(SIDEBAR)))
        return true;
    for (int up = 0; up < NAV_UP && node != 0; up++, node = tree->nodes[node].parent)
        if (tree->nodes[node].tag == TAG_NAV)
            return true;
    return false;
}

/* An address without what does not tell pages apart: scheme, www, fragment, last slash. */
static struct bytes bare_address(struct bytes url)
{
    size_t at = bytes_find(url, LIT("://"));

    if (at != SIZE_MAX)
        url = bytes_from(url, at + 3);
    if (bytes_starts_nocase(url, LIT("www.")))
        url = bytes_from(url, 4);
    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] == '#')
            url.len = i;
    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    return url;
}

/* Points of a heading that is a link: to this page it is its headline, to the front page the site's
 * name, elsewhere another article's. */
static int score_of_link(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;
    uint32_t end = tree->nodes[node].end;
    uint32_t link = node;
    struct bytes own = bare_address(page->url);
    struct bytes to;

    for (int up = 0; up < LINK_UP && link != 0 && tree->nodes[link].tag != TAG_A; up++)
        link = tree->nodes[link].parent;
    if (tree->nodes[link].tag != TAG_A)
        for (link = node; link < end && tree->nodes[link].tag != TAG_A;)
            link++;
    if (link >= end && link > node)
        return 0;
    to = tree_attr(tree, link, ATTR_HREF);
    if (to.len == 0 || to.ptr[0] == '#') /* a switch */
        return IS_LINK;
    to = bare_address(url_resolve(page->arena, page->base, to));
    if (bytes_equal_nocase(to, own))
        return tree->nodes[node].tag == TAG_H1 ? IS_LINK : IS_SELF;
    return bytes_find_byte(to, '/') == SIZE_MAX && bytes_find_byte(own, '/') != SIZE_MAX ? IS_SITE
                                                                                         : IS_LINK;
}

static int score_of(const struct page *page, const struct contender *contender, struct bytes feed)
{
    const struct evidence *said = page->said;
    const struct node *node = &page->tree->nodes[contender->node];
    struct bytes document = key_of(page->arena, said->document_title);
    int score = node->tag == TAG_H1 ? IS_H1 : node->tag == TAG_H2 ? IS_H2 : 0;

    if (node->hints & HINT(TITLE))
        score += NAMED_TITLE;
    for (size_t i = 0; i < said->titles.count; i++)
        if (agree(contender->key, key_of(page->arena, said->titles.items[i].text)))
            score += bytes_equal(contender->key, key_of(page->arena, said->titles.items[i].text))
                         ? SAID_SAME
                         : SAID_LIKE;
    if (agree(contender->key, document))
        score += IS_DOCUMENT;
    else if (contender->key.len > 0 && bytes_ends(document, contender->key))
        score += contender->key.len * 2 > document.len ? ENDS_DOCUMENT : -ENDS_DOCUMENT;
    if (agree(contender->key, feed))
        score += IS_FEED;
    for (size_t i = 0; i < said->sites.count; i++)
        if (bytes_equal(contender->key, key_of(page->arena, said->sites.items[i].text)))
            score += IS_SITE;
    if (contender->text.len < SHORT_BYTES)
        score += IS_SHORT;
    if (is_in_navigation(page->tree, contender->node) ||
        cue_find(contender->text, 1U << CUE_FURNITURE | 1U << CUE_RELATED, NULL) != CUE_NONE)
        score += IS_CUE;
    if (node->n.link_chars * 2 > node->n.chars)
        score += score_of_link(page, contender->node);
    return byline_is_taken_away(page, contender->node) ? score + IS_HIDDEN : score;
}

/* Where no h1 is seen: the first h2 that nothing speaks against. */
static struct contender lone_heading(const struct page *page, struct bytes feed)
{
    const struct tree *tree = page->tree;
    struct contender none = {.score = LEAST};

    for (uint32_t i = tree->body; i < tree->count; i++) {
        struct contender one = {.node = i};

        if (tree->nodes[i].n.chars == 0 || byline_is_taken_away(page, i))
            continue;
        if (tree->nodes[i].tag == TAG_H1)
            return none;
        if (tree->nodes[i].tag != TAG_H2)
            continue;
        one.text = tree_text(tree, page->arena, i, TITLE_LIMIT);
        one.key = key_of(page->arena, one.text);
        one.score = score_of(page, &one, feed);
        return one.score >= IS_H2 ? one : none;
    }
    return none;
}

void title_find(struct page *page, const wr_record *rec)
{
    const struct tree *tree = page->tree;
    struct bytes feed = key_of(page->arena, borrow(wr_get(rec, WR_FEED_TITLE)));
    struct contender best = {.score = LEAST};
    int seen = 0;

    for (uint32_t i = tree->body; i < tree->count && seen < CANDIDATES * 4; i++) {
        struct contender one = {.node = i};
        enum tag tag = (enum tag)tree->nodes[i].tag;

        if (tag != TAG_H1 && (tag != TAG_H2 || seen > CANDIDATES) && tag != TAG_H3)
            continue;
        if (tree->nodes[i].n.chars == 0)
            continue;
        seen++;
        one.text = tree_text(tree, page->arena, i, TITLE_LIMIT);
        one.key = key_of(page->arena, one.text);
        one.score = score_of(page, &one, feed);
        if (one.score > best.score || (one.score == best.score && tag == TAG_H1 &&
                                          tree->nodes[best.node].tag != TAG_H1 && best.node != 0))
            best = one;
    }
    if (best.node == 0 && page->said->titles.count == 0 &&
        words_in(page->said->document_title) < TITLE_WORDS)
        best = lone_heading(page, feed);
    page->title = best.node;
    page->title_text = best.text;
    page->title_sure = best.score >= SURE;
}

static bool is_separator(struct bytes text, size_t at, size_t *ret_len)
{
    static const char *const separators[] = {" | ", " - ", " \xE2\x80\x93 ", " \xE2\x80\x94 ",
        " \xC2\xBB ", " \xC2\xAB ", " \xC2\xB7 ", " \xE2\x80\xA2 ", " :: ", " / ", " > ", NULL};

    for (const char *const *one = separators; *one != NULL; one++)
        if (bytes_starts(bytes_from(text, at), bytes_of(*one))) {
            *ret_len = strlen(*one);
            return true;
        }
    return false;
}

/* What stands before the last separator, behind which sites write their names. */
static struct bytes before_last_separator(struct bytes text)
{
    size_t len = 0;

    for (size_t i = text.len; i-- > 1;)
        if (text.ptr[i] == ' ' && is_separator(text, i, &len))
            return bytes_slice(text, 0, i);
    return text;
}

/* What the page says its title is; where only the document has one, a good part of that. */
static bool is_said_title(const struct page *page, struct bytes key)
{
    struct bytes document = key_of(page->arena, page->said->document_title);

    for (size_t i = 0; i < page->said->titles.count; i++) {
        struct bytes said = page->said->titles.items[i].text;

        if (bytes_equal(key, key_of(page->arena, said)) ||
            bytes_equal(key, key_of(page->arena, before_last_separator(said))))
            return true;
    }
    return page->said->titles.count == 0 &&
           (bytes_starts(document, key) || bytes_ends(document, key)) && key.len * 2 > document.len;
}

void title_find_line(struct page *page)
{
    for (uint32_t i = 0; page->title == 0 && i < page->line_count && i < TITLE_LINES; i++) {
        const struct line *line = &page->lines[i];

        if (line->good)
            return;
        if (line->text.len > TITLE_LIMIT || line->n.words < TITLE_WORDS ||
            line->n.link_chars * 2 > line->n.chars || is_in_navigation(page->tree, line->block) ||
            !is_said_title(page, key_of(page->arena, line->text)))
            continue;
        page->title = line->from;
        page->title_text = line->text;
    }
}

/* part names the site: as it calls itself, or as its address does. */
static bool is_site(const struct page *page, struct bytes part)
{
    struct bytes key = key_of(page->arena, part);
    struct bytes host = key_of(page->arena, url_host(page->arena, page->url));

    if (key.len < 2)
        return false;
    for (size_t s = 0; s < page->said->sites.count; s++) {
        struct bytes site = key_of(page->arena, page->said->sites.items[s].text);

        if (site.len > 1 && (bytes_equal(key, site) || (site.len > 4 && bytes_starts(key, site))))
            return true;
    }
    return key.len > 3 && bytes_find(host, key) != SIZE_MAX;
}

/* The longest part of title that ends or begins at a separator and is not the site's name; title
 * when there is none. */
static struct bytes cut_site_once(const struct page *page, struct bytes title, bool guess)
{
    size_t len = 0;

    for (size_t i = title.len; i-- > 1;) {
        struct bytes head = {title.ptr, i};
        struct bytes tail;

        if (title.ptr[i] != ' ' || !is_separator(title, i, &len))
            continue;
        tail = bytes_from(title, i + len);
        if (is_site(page, tail) || (guess && words_in(tail) <= 4 && words_in(head) >= 3))
            return head;
        if (is_site(page, head) || (guess && words_in(head) <= 3 && words_in(tail) >= 4))
            return tail;
    }
    return title;
}

/* title without the site's name behind or in front of it; what stands behind the last separator
 * goes too when it is short, and guess says that nothing better is known. */
static struct bytes without_site(const struct page *page, struct bytes title, bool guess)
{
    for (int i = 0; i < SITE_PARTS; i++) {
        struct bytes shorter = cut_site_once(page, title, guess && i == 0);

        if (shorter.len == title.len)
            break;
        title = shorter;
    }
    return title;
}

/* The best of what the page says its title is. */
static const struct said *best_said(const struct page *page)
{
    const struct said_list *titles = &page->said->titles;
    const struct said *best = NULL;

    for (size_t i = 0; i < titles->count; i++)
        if (best == NULL || titles->items[i].rank < best->rank)
            best = &titles->items[i];
    return best;
}

/* What stands in front of the headline in its element, a kicker, is not part of it. */
static struct bytes without_kicker(const struct page *page, struct bytes shown)
{
    struct bytes key = key_of(page->arena, shown);

    for (size_t i = 0; i < page->said->titles.count; i++) {
        struct bytes text = without_site(page, page->said->titles.items[i].text, false);
        struct bytes other = key_of(page->arena, text);

        if (other.len < key.len && other.len * 100 >= key.len * AGREE_PART &&
            bytes_ends(key, other))
            return text;
    }
    return shown;
}

/* A part of the heading that is no part of the headline: a date, an anchor's mark, the bare link to
 * itself. */
static bool is_aside(const struct tree *tree, uint32_t node, struct bytes text)
{
    struct date date;

    return (tree->nodes[node].tag == TAG_A && text.len <= ANCHOR_BYTES) ||
           (date_parse(text, DATE_DAY_FIRST, &date) && date.precision >= DATE_DAY &&
               text.len <= DATE_BYTES);
}

/* What one calls the page: a title that is said, or the document's, is the same without the site.
 */
static bool is_called(const struct page *page, struct bytes key)
{
    const struct said_list *titles = &page->said->titles;

    for (size_t i = 0; i < titles->count; i++)
        if (bytes_equal(key_of(page->arena, titles->items[i].text), key))
            return true;
    return bytes_equal(
        key_of(page->arena, without_site(page, page->said->document_title, false)), key);
}

/* "Kicker: headline" in the document's title, where the heading has a part for each. */
static bool is_kicker(const struct page *page, struct bytes part)
{
    struct bytes title = page->said->document_title;

    return part.len > 0 && part.len < title.len && bytes_starts_nocase(title, part) &&
           title.ptr[part.len] == ':';
}

struct part {
    struct bytes text;
    bool aside;
};

/* The parts of a heading that has several elements; their number, 0 for any other. */
static size_t read_parts(const struct page *page, struct part parts[PARTS])
{
    const struct tree *tree = page->tree;
    uint32_t end = tree->nodes[page->title].end;
    size_t count = 0;

    for (uint32_t i = page->title + 1; i < end; i = tree->nodes[i].end) {
        struct bytes text = bytes_trim(tree_text(tree, page->arena, i, TITLE_LIMIT));

        if (text.len == 0)
            continue;
        if (count == PARTS)
            return 0;
        parts[count++] =
            (struct part){text, tree->nodes[i].tag != TAG_TEXT && is_aside(tree, i, text)};
    }
    return count > 1 ? count : 0;
}

/* Parts [from, to) as they stand in the whole. */
static struct bytes between(struct bytes shown, const struct part *parts, size_t from, size_t to)
{
    size_t start = bytes_find(shown, parts[from].text);
    size_t end = start;

    for (size_t i = from; i < to && end != SIZE_MAX; i++) {
        size_t at = bytes_find(bytes_from(shown, end), parts[i].text);

        end = at == SIZE_MAX ? SIZE_MAX : end + at + parts[i].text.len;
    }
    return start == SIZE_MAX || end == SIZE_MAX
               ? shown
               : bytes_trim(bytes_slice(shown, start, end - start));
}

/* The headline in a heading of several elements: without dates and marks at its ends, then without
 * a kicker, or what something else calls the page if that is how it begins or ends. */
static struct bytes headline_of_parts(const struct page *page, struct bytes shown)
{
    struct part parts[PARTS];
    size_t to =
        tag_is_heading((enum tag)page->tree->nodes[page->title].tag) ? read_parts(page, parts) : 0;
    size_t from = 0;

    while (from + 1 < to && parts[from].aside)
        from++;
    while (to > from + 1 && parts[to - 1].aside)
        to--;
    if (to == 0)
        return shown;
    if (to > from + 1 && is_kicker(page, parts[from].text) &&
        words_in(parts[from].text) * 2 < words_in(between(shown, parts, from, to)) &&
        bytes_find_byte(shown, ':') == SIZE_MAX)
        return between(shown, parts, from + 1, to);
    for (size_t len = to - from; len > 0; len--) {
        struct bytes first = between(shown, parts, from, from + len);
        struct bytes last = between(shown, parts, to - len, to);

        if (words_in(first) >= TITLE_WORDS && is_called(page, key_of(page->arena, first)))
            return first;
        if (words_in(last) >= TITLE_WORDS && is_called(page, key_of(page->arena, last)))
            return last;
    }
    return between(shown, parts, from, to);
}

/* The article's own data disagrees with the headline and with the document's title: it is what the
 * newsroom wrote, while those were shortened or sharpened for readers who come from elsewhere. */
static bool prefers_said(const struct page *page, const struct said *said, struct bytes shown)
{
    struct bytes key = key_of(page->arena, said->text);
    struct bytes other = key_of(page->arena, shown);

    for (size_t i = 0; i < page->said->titles.count; i++) /* its name, and the headline a summary */
        if (page->said->titles.items[i].in == SAID_JSONLD &&
            bytes_equal(key_of(page->arena, page->said->titles.items[i].text), other))
            return false;

    return said->in == SAID_JSONLD && said->rank == 0 && !agree(key, other) &&
           bytes_find(key, other) == SIZE_MAX && bytes_find(other, key) == SIZE_MAX &&
           !bytes_starts(key_of(page->arena, page->said->document_title), key) &&
           words_in(said->text) >= 4;
}

/* The page calls itself so somewhere else than in its article's data. */
static bool is_offered(const struct page *page, struct bytes key)
{
    const struct said_list *titles = &page->said->titles;

    for (size_t i = 0; i < titles->count; i++)
        if (titles->items[i].in != SAID_JSONLD &&
            bytes_equal(key_of(page->arena, titles->items[i].text), key))
            return true;
    return false;
}

/* The article's data and the document's title have a kicker in front of the headline, and nothing
 * but the page's own headline goes without it. */
static bool has_kicker(const struct page *page, const struct said *said, struct bytes shown)
{
    struct bytes key = key_of(page->arena, said->text);
    struct bytes other = key_of(page->arena, shown);

    return said->in == SAID_JSONLD && said->rank == 0 && other.len > 0 && key.len > other.len &&
           bytes_ends(key, other) && !is_offered(page, other) &&
           bytes_starts(key_of(page->arena, page->said->document_title), key);
}

/* The document's title; where it holds the feed's at one end, that one: the rest is the site's. */
static struct bytes document_title(const struct page *page, const wr_record *rec)
{
    struct bytes feed = borrow(wr_get(rec, WR_FEED_TITLE));
    struct bytes feed_key = key_of(page->arena, feed);
    struct bytes key = key_of(page->arena, page->said->document_title);

    if (words_in(feed) >= 3 && (bytes_starts(key, feed_key) || bytes_ends(key, feed_key)))
        return feed;
    return without_site(page, page->said->document_title, true);
}

/* The same words, with the marks that styles drew on the page. */
static bool is_same(const struct page *page, const struct said *said, struct bytes shown)
{
    return said->in == SAID_JSONLD && said->rank == 0 &&
           bytes_equal(key_of(page->arena, said->text), key_of(page->arena, shown));
}

void title_set(struct page *page, wr_record *rec)
{
    const struct said *said = best_said(page);
    struct bytes title = {NULL, 0};

    if (page->title != 0) {
        title = without_kicker(page, headline_of_parts(page, page->title_text));
        if (said != NULL && (is_same(page, said, title) || has_kicker(page, said, title) ||
                                prefers_said(page, said, title)))
            title = said->text;
    } else if (said != NULL) {
        title = without_site(page, said->text, said->rank > 2);
    } else {
        title = document_title(page, rec);
    }
    if (title.len == 0)
        title = borrow(wr_get(rec, WR_FEED_TITLE));
    title_publish(page->arena, rec, title);
}

void title_publish(struct arena *arena, wr_record *rec, struct bytes title)
{
    if (title.len > 0)
        wr_set(rec, WR_TITLE, lend(text_repair(arena, said_cut(title, HEADLINE_LIMIT))));
}

bool title_is(const struct page *page, struct bytes title)
{
    struct bytes key = key_of(page->arena, title);

    if (key.len == 0 || agree(key, key_of(page->arena, page->title_text)) ||
        bytes_find(key_of(page->arena, page->said->document_title), key) != SIZE_MAX)
        return key.len > 0;
    for (size_t i = 0; i < page->said->titles.count; i++)
        if (agree(key, key_of(page->arena, page->said->titles.items[i].text)))
            return true;
    return false;
}
