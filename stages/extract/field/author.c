/* author.c - who wrote it: what the page says, what it shows and what the feed said, weighed. */
#include "field/byline.h"
#include "field/fields.h"
#include "page/clean.h"
#include "page/name_kind.h"
#include "text/url.h"

enum {
    /* points of byline.c: */
    SURE = 26,              /* of a byline or signer that counts against an organization's name */
    SURE_OF_MORE = 36,      /* of one that outweighs the people said for machines */
    NEWSROOM_BYTES = 40,    /* of the name of a newsroom, or of a link to an author */
    RANKS = 16,             /* evidence.h's, of which those from here on */
    LOOSE_RANK = 9,         /* name whoever wrote the file */
    CREDITS = 2,            /* names in one meta; more are everybody who had a hand in it */
    LOOKED_FOR = 6,         /* names that are looked for on the page, */
    LOOKED_BYTES = 1 << 20, /* and in how much of it */
    COPYRIGHT_BYTES = 120,  /* of a line that says whose the page is */
    YEAR = 4,               /* digits */
    LEAST_PART = 5,         /* bytes of an author's page's name: "/en/" is none */
};

/* A name may be read there; not in what is hidden, what others write, or the page's last lines. */
static bool may_show(const struct page *page, const struct line *line)
{
    if (byline_is_hidden(page, line->block))
        return false;
    switch (line->cut) {
    case RULE_HIDDEN:
    case RULE_COPYRIGHT:
    case RULE_SECOND_ARTICLE:
        return false;
    case RULE_COMMENT: /* in front of the text it is a byline beside a count of comments */
        return line->from < page->root;
    case RULE_FOOTER:
        return !byline_is_in_page_footer(page, line);
    default:
        return true;
    }
}

/* "W. Tastenfeld": at is where the family name begins. */
static bool has_initial(struct bytes text, size_t at, struct bytes name)
{
    return at >= 3 && text.ptr[at - 1] == ' ' && text.ptr[at - 2] == '.' &&
           to_lower(text.ptr[at - 3]) == to_lower(name.ptr[0]);
}

/* text has the name: its only word, two of its words, or the last one behind an initial. */
static bool has_name(struct bytes text, struct bytes name)
{
    struct bytes rest = name;
    int words = 0;
    int found = 0;

    while (rest.len > 0) {
        struct bytes word = bytes_cut(&rest, ' ');
        size_t at = bytes_find_nocase(text, word);

        words++;
        found += word.len > 1 && at != SIZE_MAX;
        if (rest.len == 0 && at != SIZE_MAX && has_initial(text, at, name))
            return true;
    }
    return found >= (words > 1 ? 2 : 1);
}

static int digits_in(struct bytes text)
{
    int digits = 0;

    for (size_t i = 0; i < text.len; i++)
        digits += is_digit(text.ptr[i]);
    return digits;
}

/* "© 2024 Anna Berg": the person whose site it is. */
static bool is_owner(const struct line *line, struct bytes name)
{
    return name_looks_personal(name) && line->text.len <= COPYRIGHT_BYTES &&
           (bytes_find(line->text, LIT("\xC2\xA9")) != SIZE_MAX || digits_in(line->text) >= YEAR);
}

/* A reader of the page sees the name. */
static bool is_shown(const struct page *page, struct bytes name)
{
    size_t looked = 0;

    for (uint32_t i = 0; i < page->line_count && looked < LOOKED_BYTES; i++) {
        if (has_name(page->lines[i].text, name) &&
            (may_show(page, &page->lines[i]) || is_owner(&page->lines[i], name)))
            return true;
        looked += page->lines[i].text.len;
    }
    return looked >= LOOKED_BYTES;
}

/* What content systems write into a page for machines is often the account that posted it. Where
 * the article stands on the page and none of the names does, they are taken for such. */
static bool are_shown(const struct page *page, const struct names *names)
{
    if (page->root == 0 || page->copy_alone)
        return true;
    for (size_t i = 0; i < names->count && i < LOOKED_FOR; i++)
        if (is_shown(page, names->items[i]))
            return true;
    return false;
}

/* More than a couple of names, all in one meta: everybody who had a hand in it. */
static bool is_credits(const struct page *page, const struct names *said)
{
    const struct said_list *list = &page->said->authors;

    return list->count == 1 && list->items[0].in != SAID_JSONLD &&
           names_count(said, NAME_PERSON) > CREDITS;
}

/* The names in the best founded of the said that has people in it. */
static void read_said(const struct page *page, struct names *ret_people, struct names *ret_others)
{
    const struct said_list *list = &page->said->authors;

    for (int rank = 0; rank < RANKS && ret_people->count == 0; rank++) {
        struct names here = {0};

        for (size_t i = 0; i < list->count; i++)
            if (list->items[i].rank == rank) {
                if (list->items[i].is_organization)
                    names_add(ret_others, page, list->items[i].text, true);
                else
                    names_add(&here, page, list->items[i].text, true);
            }
        if ((names_count(&here, NAME_PERSON) > 0 ||
                (rank < LOOSE_RANK && names_count(&here, NAME_HANDLE) > 0)) &&
            are_shown(page, &here))
            *ret_people = here;
    }
}

/* The page says where the author's page is: the links that go there have the name. */
static void read_linked(const struct page *page, struct bytes url, struct names *ret_people)
{
    const struct tree *tree = page->tree;
    struct bytes part = byline_last_part(url);
    struct bytes host = url_host(page->arena, page->url);

    if (!url_is_http(url) || part.len < LEAST_PART || host.len == 0 ||
        !bytes_equal(url_host(page->arena, url), host))
        return;
    for (uint32_t i = tree->body; i < tree->count; i++) {
        if (tree->nodes[i].tag != TAG_A || tree->nodes[i].n.chars == 0 ||
            !bytes_equal_nocase(byline_last_part(tree_attr(tree, i, ATTR_HREF)), part))
            continue;
        names_add(ret_people, page, tree_text(tree, page->arena, i, NEWSROOM_BYTES), true);
        if (ret_people->count > 0)
            return;
    }
}

static void read_links(const struct page *page, struct names *ret_people)
{
    const struct said_list *list = &page->said->authors;

    for (size_t i = 0; i < list->count; i++)
        if (names_count(ret_people, NAME_PERSON) == 0)
            read_linked(page, list->items[i].text, ret_people);
}

static void set_names(wr_record *rec, const struct names *names, bool handles)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->kinds[i] == NAME_PERSON || (handles && names->kinds[i] == NAME_HANDLE))
            wr_add(rec, WR_AUTHOR, lend(names->items[i]));
}

static void read_feed(const struct page *page, const wr_record *rec, struct names *ret_names)
{
    for (size_t i = 0; i < wr_count(rec, WR_FEED_AUTHOR); i++)
        names_add(ret_names, page, borrow(wr_get_at(rec, WR_FEED_AUTHOR, i)), true);
}

/* One of the names of the site or of who publishes it. */
static bool is_publisher(const struct page *page, struct bytes name)
{
    const struct said_list *sites = &page->said->sites;

    for (size_t i = 0; i < sites->count; i++)
        if (bytes_equal_nocase(sites->items[i].text, name))
            return true;
    return false;
}

/* Nobody is named, and the article's own data names the newsroom or agency that signs for it; some
 * call it a person. A site that is stated as a person, or by what is no news, has to sign where
 * bylines stand. */
static void set_newsroom(const struct page *page, wr_record *rec)
{
    const struct said_list *list = &page->said->authors;

    for (size_t i = 0; i < list->count; i++) {
        const struct said *one = &list->items[i];
        bool by_words = names_is_newsroom(page, one->text, false);
        bool is_publishers = page->said->is_news && is_publisher(page, one->text);
        bool is_stated = page->said->is_news && one->is_organization;

        if (one->in != SAID_JSONLD || one->rank > 0 || one->text.len > NEWSROOM_BYTES ||
            !names_is_newsroom(page, one->text, one->is_organization || is_publishers) ||
            !(is_stated || by_words || byline_is_signed(page, one->text)))
            continue;
        wr_add(rec, WR_AUTHOR, lend(one->text));
    }
}

static bool has_organization_word(struct bytes name)
{
    while (name.len > 0)
        if (name_is_organization_word(bytes_cut(&name, ' ')))
            return true;
    return false;
}

/* Initials, nicknames, a site that is named after who writes it: machines are told, and the page
 * shows it where bylines stand. */
static void set_agreed(const struct page *page, wr_record *rec)
{
    const struct said_list *list = &page->said->authors;

    for (size_t i = 0; i < list->count; i++) {
        const struct said *one = &list->items[i];

        bool is_brand = !name_looks_personal(one->text) &&
                        (names_is_site(page, one->text) || has_organization_word(one->text));

        if (!one->is_organization && !is_brand && !name_is_nobody(one->text) &&
            one->text.len <= NEWSROOM_BYTES && byline_is_signed(page, one->text)) {
            wr_add(rec, WR_AUTHOR, lend(one->text));
            return;
        }
    }
}

/* An agency beside the people whom the article's own data names: it wrote with them. The site is
 * none. */
static void add_agencies(const struct page *page, wr_record *rec)
{
    const struct said_list *list = &page->said->authors;

    for (size_t i = 0; i < list->count; i++) {
        const struct said *one = &list->items[i];

        if (one->in == SAID_JSONLD && one->rank == 0 && one->is_organization &&
            one->text.len <= NEWSROOM_BYTES && !names_is_site(page, one->text) &&
            !name_has_any(one->text, ",@(/"))
            wr_add(rec, WR_AUTHOR, lend(one->text));
    }
}

/* Nobody is named: who signs, by a nickname or as a newsroom. */
static void set_others(const struct page *page, wr_record *rec, const struct names *said,
    const struct names *feed, const struct byline *byline)
{
    bool is_signed = byline->signer_score >= SURE;

    if (!is_signed || !byline->signer_cued)
        set_newsroom(page, rec);
    if (wr_count(rec, WR_AUTHOR) == 0)
        set_agreed(page, rec);
    if (wr_count(rec, WR_AUTHOR) > 0)
        return;
    if (is_signed)
        wr_add(rec, WR_AUTHOR, lend(byline->signer));
    else if (feed->count > 0)
        set_names(rec, feed, true);
    else if (said->count > 0)
        set_names(rec, said, true);
    else if (byline->score >= SURE)
        set_names(rec, &byline->names, true);
}

/* The article's own data says that no person, but an organization wrote it. */
static bool is_signed_by_newsroom(const struct page *page)
{
    const struct said_list *list = &page->said->authors;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].in == SAID_JSONLD && list->items[i].rank == 0 &&
            list->items[i].is_organization)
            return true;
    return false;
}

void author_set(struct page *page, wr_record *rec)
{
    struct names said = {0};
    struct names others = {0};
    struct names feed = {0};
    struct byline byline;
    size_t shown;

    wr_set(rec, WR_AUTHOR, (wr_str){NULL, 0}); /* the feed's are evidence now: WR_FEED_AUTHOR */
    read_said(page, &said, &others);
    read_feed(page, rec, &feed);
    byline_find(page, &byline);
    if (names_count(&said, NAME_PERSON) + names_count(&byline.names, NAME_PERSON) == 0)
        read_links(page, &said);
    shown = names_count(&byline.names, NAME_PERSON);
    if (byline.text.len > 0)
        wr_set(rec, WR_BYLINE, lend(byline.text));
    if (names_count(&said, NAME_PERSON) > 0) {
        bool fewer = byline.score >= SURE_OF_MORE && shown > 0 && is_credits(page, &said) &&
                     names_within(&byline.names, &said);
        bool more = byline.score >= SURE_OF_MORE && shown > names_count(&said, NAME_PERSON) &&
                    names_within(&said, &byline.names);

        set_names(rec, more || fewer ? &byline.names : &said, false);
        add_agencies(page, rec);
    } else if (shown > 0 && byline.score >= byline.signer_score &&
               (byline.score >= SURE || !is_signed_by_newsroom(page))) {
        set_names(rec, &byline.names, false);
    } else if (names_count(&feed, NAME_PERSON) > 0) {
        set_names(rec, &feed, false);
    } else {
        set_others(page, rec, &said, &feed, &byline);
    }
}
