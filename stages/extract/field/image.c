/* image.c - the article's picture: the one that readers see at its head.
 *
 * What a page offers to social networks (og:image) is the same picture cropped, shrunk or branded,
 * or another one; it is what is left when no picture is shown. */
#include "field/fields.h"
#include "page/clean.h"
#include "text/url.h"

enum {
    LEAST_WIDTH = 200, /* a picture that says it is smaller is an icon */
    PICTURES = 200,    /* looked at */
    ANCESTORS = 8,
    SOURCES = 32,
    ENOUGH_WIDTH = 2000, /* larger variants are for printing */
    LEAST_STEM = 10,
    LEAST_CODE = 6,
    HEAD_LINES = 4,
    NEAR_NODES = 200 /* of a <picture> or <figure> that are looked at */
};

struct variant {
    struct bytes url; /* as it is written */
    int64_t width;    /* 0 when not said */
};

struct bytes image_absolute(const struct page *page, struct bytes url)
{
    if (url.len == 0 || bytes_starts_nocase(url, LIT("data:")))
        return (struct bytes){NULL, 0};
    url = url_resolve(page->arena, page->base, url);
    return url_is_http(url) ? url : (struct bytes){NULL, 0};
}

static bool has_word(struct bytes url, const char *const *words)
{
    for (; *words != NULL; words++)
        if (bytes_find_nocase(url, bytes_of(*words)) != SIZE_MAX)
            return true;
    return false;
}

/* Nothing is on it: drawn before the picture is there. */
static bool is_blank(struct bytes url)
{
    static const char *const words[] = {"placeholder", "blank.", "spacer", "pixel", "1x1", "dummy",
        "loading", "lazyload", "transparent", NULL};

    return url.len == 0 || bytes_starts_nocase(url, LIT("data:")) || has_word(url, words);
}

/* Blank, or never meant to be a picture of anything. */
static bool is_stand_in(struct bytes url)
{
    static const char *const words[] = {"logo", "avatar", ".svg", "gravatar", "default-image",
        "icon", "qrcode", "doubleclick", "pubads", "adserver", NULL};

    return is_blank(url) || has_word(url, words);
}

static void take_better(struct variant *best, struct variant one)
{
    if (is_stand_in(one.url))
        return;
    if (best->url.len == 0 || (one.width > best->width && one.width <= ENOUGH_WIDTH))
        *best = one;
}

/* "a.jpg 320w, b.jpg 640w": an address may have commas, what separates has white space. */
static void take_srcset(struct variant *best, struct bytes srcset)
{
    for (int i = 0; i < SOURCES && (srcset = bytes_trim(srcset)).len > 0; i++) {
        struct variant one = {.url = bytes_cut(&srcset, ' ')};
        struct bytes size = bytes_trim(bytes_cut(&srcset, ','));

        if (one.url.len > 0 && one.url.ptr[one.url.len - 1] == ',') {
            one.url.len--;
            size.len = 0;
        }
        if (size.len > 1 && size.ptr[size.len - 1] == 'w' &&
            !bytes_to_int(bytes_slice(size, 0, size.len - 1), &one.width))
            one.width = 0;
        take_better(best, one);
    }
}

/* The <picture> around; some parsers take the sources in it for its ancestors. 0 without. */
static uint32_t picture_around(const struct tree *tree, uint32_t node)
{
    for (int up = 0; up < ANCESTORS && node != 0; up++, node = tree->nodes[node].parent)
        if (tree->nodes[node].tag == TAG_PICTURE)
            return node;
    return 0;
}

/* The best variant of what an element and, within <picture>, those beside it offer. */
static struct bytes source_of(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;
    uint32_t picture = picture_around(tree, node);
    struct variant best = {0};

    take_srcset(&best, tree_attr(tree, node, ATTR_SRCSET));
    take_srcset(&best, tree_attr(tree, node, ATTR_DATA_SRCSET));
    take_better(&best, (struct variant){bytes_trim(tree_attr(tree, node, ATTR_DATA_SRC)), 0});
    take_better(&best, (struct variant){bytes_trim(tree_attr(tree, node, ATTR_SRC)), 0});
    if (picture == 0)
        return image_absolute(page, best.url);
    for (uint32_t i = picture;
         best.url.len == 0 && i < tree->nodes[picture].end && i < picture + NEAR_NODES; i++)
        if (tree->nodes[i].tag == TAG_SOURCE) {
            take_srcset(&best, tree_attr(tree, i, ATTR_SRCSET));
            take_srcset(&best, tree_attr(tree, i, ATTR_DATA_SRCSET));
        }
    return image_absolute(page, best.url);
}

static bool is_small(const struct tree *tree, uint32_t node)
{
    int64_t width;

    return bytes_to_int(bytes_trim(tree_attr(tree, node, ATTR_WIDTH)), &width) &&
           width < LEAST_WIDTH;
}

static bool stands_apart(uint8_t rule)
{
    switch (rule) {
    case RULE_NAV:
    case RULE_FOOTER:
    case RULE_SIDEBAR:
    case RULE_RELATED:
    case RULE_SHARE:
    case RULE_NEWSLETTER:
    case RULE_AD:
    case RULE_PROMO:
    case RULE_COMMENT:
    case RULE_BIO:
    case RULE_SECOND_ARTICLE:
    case RULE_WIDGET:
        return true;
    default:
        return false;
    }
}

/* The picture of whoever wrote it, with the name below. */
static bool shows_author(const struct tree *tree, uint32_t figure)
{
    for (uint32_t i = figure; i < tree->nodes[figure].end && i < figure + NEAR_NODES; i++)
        if (tree->nodes[i].tag == TAG_ADDRESS)
            return true;
    return false;
}

/* In something that is not about this article. */
static bool is_elsewhere(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;

    for (int up = 0; up < ANCESTORS && node != 0; up++, node = tree->nodes[node].parent) {
        const struct node *one = &tree->nodes[node];

        if (stands_apart(one->cut) ||
            one->hints & (HINT(AD) | HINT(BYLINE) | HINT(BIO) | HINT(SHARE) | HINT(RELATED) |
                             HINT(TEASER) | HINT(NAV) | HINT(COMMENT) | HINT(NEWSLETTER)))
            return !tree_within(tree, page->root, node);
        if (one->tag == TAG_FIGURE && shows_author(tree, node))
            return true;
        if (one->tag == TAG_ASIDE || one->tag == TAG_NAV || one->tag == TAG_FOOTER)
            return true;
    }
    return false;
}

/* A link from a picture leads to the picture, or to another article. */
static bool leads_away(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;
    struct bytes href;

    for (int up = 0; up < ANCESTORS && tree->nodes[node].tag != TAG_A; up++)
        node = tree->nodes[node].parent;
    href = tree_attr(tree, node, ATTR_HREF);
    return tree->nodes[node].tag == TAG_A && tree->nodes[node].n.chars > 0 && href.len > 0 &&
           href.ptr[0] != '#';
}

/* The address is one of a picture by its ending. */
static bool names_picture(struct bytes url)
{
    static const char *const endings[] = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", NULL};

    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] == '?' || url.ptr[i] == '#')
            url.len = i;
    for (int i = 0; endings[i] != NULL; i++)
        if (url.len > strlen(endings[i]) &&
            bytes_equal_nocase(bytes_from(url, url.len - strlen(endings[i])), bytes_of(endings[i])))
            return true;
    return false;
}

/* An image, or an element of the page's own making that is or becomes one: <amp-img>. */
static bool is_picture(const struct tree *tree, uint32_t node)
{
    const struct node *one = &tree->nodes[node];

    return one->tag == TAG_IMG || one->tag == TAG_AMP_IMG ||
           (one->tag == TAG_OTHER && one->attrs > 0 &&
               (tree_has_attr(tree, node, ATTR_DATA_SRCSET) ||
                   names_picture(tree_attr(tree, node, ATTR_SRC))));
}

/* The name of a picture's file, without its ending. */
static struct bytes stem_of(struct bytes url)
{
    size_t start;

    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] == '?' || url.ptr[i] == '#')
            url.len = i;
    for (start = url.len; start > 0 && url.ptr[start - 1] != '/';)
        start--;
    url = bytes_from(url, start);
    return bytes_cut(&url, '.');
}

static bool has_digit(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_digit(text.ptr[i]))
            return true;
    return false;
}

/* Both are made of one picture: a file's name, or a number or code, is in both. */
static bool is_same_picture(struct bytes a, struct bytes b)
{
    struct bytes stem = stem_of(a);
    size_t path = bytes_find_byte(bytes_from(a, 8), '/');
    size_t start = 0;
    bool digit = false;

    if (stem.len >= (has_digit(stem) ? LEAST_CODE : LEAST_STEM) && bytes_find(b, stem) != SIZE_MAX)
        return true;
    for (size_t i = path == SIZE_MAX ? a.len : path + 8; i <= a.len; i++) {
        if (i < a.len && (is_alpha(a.ptr[i]) || is_digit(a.ptr[i]))) {
            start = start == 0 ? i : start;
            digit |= is_digit(a.ptr[i]);
            continue;
        }
        if (start > 0 && digit && i - start >= LEAST_CODE &&
            bytes_find(b, bytes_slice(a, start, i - start)) != SIZE_MAX)
            return true;
        start = 0;
        digit = false;
    }
    return false;
}

struct search {
    const struct page *page;
    struct bytes offered; /* og:image and the like */
    struct bytes hinted;  /* shown, and the page asks for it before all else */
    struct bytes same;    /* shown, and made of the picture that is offered */
    struct bytes any;     /* shown with the text */
    struct bytes first;   /* shown between the headline and the text, or near its beginning */
    uint32_t text;        /* line of the text up to which is the head */
};

static bool is_preloaded(const struct page *page, struct bytes url)
{
    const struct said_list *list = &page->said->preloads;

    for (size_t i = 0; i < list->count; i++)
        if (is_same_picture(image_absolute(page, list->items[i].text), url))
            return true;
    return false;
}

static bool is_shown_large(const struct page *page, uint32_t node)
{
    return !is_small(page->tree, node) && !stands_apart(page->tree->nodes[node].cut);
}

/* A picture that is a button: the whole of a link to what is no picture, and in no figure. */
static bool is_button(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;
    uint32_t link = tree->nodes[node].parent;
    struct bytes href = tree_attr(tree, link, ATTR_HREF);

    if (tree->nodes[link].tag != TAG_A || href.len == 0 || href.ptr[0] == '#' ||
        names_picture(href))
        return false;
    for (int up = 0; up < ANCESTORS && link != 0; up++, link = tree->nodes[link].parent)
        if (tree->nodes[link].tag == TAG_FIGURE || tree_within(tree, page->title, link))
            return tree->nodes[link].tag != TAG_FIGURE;
    return true;
}

/* No photograph is a GIF: where another picture is offered it stands in for that. */
static bool is_drawn_before(const struct search *search, struct bytes url)
{
    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] == '?')
            url.len = i;
    return search->offered.len > 0 && bytes_ends(url, LIT(".gif"));
}

static void consider(struct search *search, uint32_t node, bool is_behind_title)
{
    const struct page *page = search->page;
    bool is_at_head;
    bool elsewhere;
    struct bytes url;

    if (!is_shown_large(page, node))
        return;
    url = source_of(page, node);
    if (is_stand_in(url))
        return;
    if (search->same.len == 0 && is_same_picture(search->offered, url))
        search->same = url;
    if (!is_behind_title)
        return;
    is_at_head = page->first_line[node] <= search->text;
    elsewhere = is_elsewhere(page, node);
    if (search->hinted.len == 0 && (is_at_head || !elsewhere) && is_preloaded(page, url))
        search->hinted = url;
    if (search->any.len > 0 || elsewhere || leads_away(page, node) || is_button(page, node) ||
        is_drawn_before(search, url))
        return;
    search->any = url;
    if (is_at_head)
        search->first = url;
}

/* Nothing better can be found. */
static bool is_found(const struct search *search, bool behind_title)
{
    const struct evidence *said = search->page->said;

    if (search->hinted.len > 0)
        return true;
    if (behind_title && said->preloads.count > 0)
        return false;
    if (said->is_news)
        return search->same.len > 0 && (!behind_title || search->any.len > 0);
    return search->offered.len > 0 || search->any.len > 0;
}

static void look_from(struct search *search, uint32_t from, uint32_t to, bool behind_title)
{
    const struct tree *tree = search->page->tree;
    int seen = 0;

    for (uint32_t i = from; i < to && seen < PICTURES && !is_found(search, behind_title); i++)
        if (is_picture(tree, i)) {
            consider(search, i, behind_title);
            seen++;
        }
}

static void look(struct search *search)
{
    const struct page *page = search->page;
    uint32_t from = page->title != 0 && page->title < page->root ? page->title : page->root;
    uint32_t to = page->root != 0 ? page->tree->nodes[page->root].end : 0;

    look_from(search, from, to, true);
    if (page->said->is_news && search->offered.len > 0)
        look_from(search, page->tree->body, from, false);
}

static bool is_in_player(const struct tree *tree, uint32_t node)
{
    bool player = false;

    for (int up = 0; up < ANCESTORS && node != 0; up++, node = tree->nodes[node].parent) {
        struct bytes names = tree_attr(tree, node, ATTR_CLASS);

        if (tree->nodes[node].hints & HINT(HEADER) || tree->nodes[node].tag == TAG_HEADER)
            return false;
        player |= bytes_find_nocase(names, LIT("player")) != SIZE_MAX ||
                  bytes_find_nocase(names, LIT("artwork")) != SIZE_MAX;
    }
    return player;
}

/* The artwork of a player, where nothing else is shown or offered. */
static struct bytes find_artwork(const struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t end = page->root != 0 ? page->root : tree->count;

    for (uint32_t i = tree->body; i < end; i++) {
        struct bytes url;

        if (!is_picture(tree, i) || !is_in_player(tree, i) || !is_shown_large(page, i) ||
            is_elsewhere(page, i) || leads_away(page, i))
            continue;
        url = source_of(page, i);
        if (!is_stand_in(url))
            return url;
    }
    return (struct bytes){NULL, 0};
}

static struct bytes best_offer(const struct page *page)
{
    const struct said_list *list = &page->said->images;
    struct bytes best = {NULL, 0};
    uint8_t rank = 255;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].rank < rank && !is_blank(list->items[i].text)) {
            rank = list->items[i].rank;
            best = list->items[i].text;
        }
    return image_absolute(page, best);
}

/* News show their picture at their head; what other pages show there may be any of many. */
static struct bytes choose(const struct search *search)
{
    if (search->hinted.len > 0)
        return search->hinted;
    if (search->page->said->is_news && search->same.len > 0)
        return search->same;
    if (search->page->said->is_news && search->first.len > 0)
        return search->first;
    return search->offered.len > 0 ? search->offered : search->any;
}

static bool is_of_text(const struct line *line)
{
    return line->cut == RULE_NONE && line->good;
}

/* The line up to which the head is: the first of the text and some more, but never behind its last.
 * A section, a date or what leads to other pages before the first paragraph is not the text yet. */
static uint32_t head_end(const struct page *page)
{
    uint32_t first = 0;
    uint32_t last = page->line_count;

    if (last == 0) /* of the feed alone, or of a page without text */
        return 0;
    first = page->first_line[page->title];
    while (first < page->line_count && !is_of_text(&page->lines[first]))
        first++;
    while (last > first && !is_of_text(&page->lines[last - 1]))
        last--;
    if (last > first)
        last--;
    return first + HEAD_LINES < last ? first + HEAD_LINES : last;
}

void image_set(const struct page *page, wr_record *rec)
{
    struct search search = {.page = page, .offered = best_offer(page)};
    struct bytes url;

    search.text = head_end(page);
    look(&search);
    url = choose(&search);
    if (url.len == 0)
        url = find_artwork(page);
    if (url.len > 0)
        wr_set(rec, WR_IMAGE, lend(url));
}
