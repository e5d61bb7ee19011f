/* published.c - when the article was published, and where that is known from. */
#include "base/clock.h"
#include "cue/cue.h"
#include "field/fields.h"
#include "page/clean.h"
#include "text/date.h"

enum {
    NEAR_LINES = 25,      /* below the headline */
    LINE_BYTES = 160,     /* of a line that has a date */
    EARLIEST_YEAR = 1995, /* the first newspapers on the web */
    ENOUGH = 4,           /* points that a line must have */
    OPENING_BYTES = 60,   /* of a long line, in which its date is looked for */
    FULL_DATE_BYTES = 24, /* from the first digit: a date and a time of day behind it */
    CHANGE_WORDS = 4,     /* in front of a cue of a change */
    SENTENCE_WORDS = 13,  /* more are a sentence with a date in it */
    BESIDE = 23,          /* points of near() up to five lines below the headline */
    SCRIPT_BYTES = 1 << 20,
    LEAST_DIGITS = 3, /* and of a line that has one */
    LEAST_BYTES = 6,  /* of a date: "1.2.26" */
    SHORT_CHARS = 25, /* of a line that is hardly more than a date, */
    LONG_BYTES = 60,  /* and of one that says other things as well */
    HINTS_UP = 3,     /* blocks around a line whose names say that it is a date */
    BEFORE_LINES = 8, /* above the headline, or the text */
    SOON_DAYS = 2,    /* that a date may lie ahead: zones, and clocks that are wrong */
    VAGUE_RANK = 5,   /* metas named "date": many systems write the day of the last change there */
};

/* Points, chosen by hand on the pages of `./dev bench extract`, of which 93.7 percent of the dates
 * are right with them. Half or twice of STAMP or of SHORT, changed alone, costs up to three of some
 * 670 pages, of VAGUE, NAMED_DATE or CUED one, half of PROSE none.
 *
 * For machines: */
enum {
    SAID = 200, /* less its rank: more than all that is shown together */
    VAGUE = 35, /* less than a date beside the headline, more than one elsewhere */
};

/* in an attribute, and what it says it is: */
enum { STAMP = 30, STAMP_PUBLISHED = 60, STAMP_PROPERTY = 50, STAMP_CHANGED = -25 };

/* by how close it stands to the headline, half a point lost a line below and one a line above; the
 * beginning of the text is worth less: */
enum { AT_TITLE = 25, ABOVE_TITLE = 20, AT_TEXT = -5 };

/* by what the block is: */
enum {
    IN_COMMENT = -25,
    IN_SIDEBAR = -15,
    IN_OTHERS = -30, /* lists of articles */
    IN_FOOTER = -10,
    IN_LINKS = -15,
    IN_TEASER = -25,
    IN_DATA = 8,      /* what clean.c took for a date, a byline, data */
    IN_NEWSROOM = 25, /* a comment that is the article gets back what it lost */
};

/* and by what the line says and how long it is. */
enum {
    NAMED_DATE = 15,
    NAMED_DATA = 6,
    CUED = 10,
    CHANGED = -4, /* better than none: of pages that show no other date */
    SHORT = 10,
    LONG = -8, /* characters, and words again */
    TITLE_LINE = 15,
    PROSE = -10,
    TOLD_CHANGE = -15,
};

#define KIND(name) (1U << CUE_##name)

struct contender {
    struct date date;
    struct bytes raw;
    struct bytes source;
    int score;
};

struct search {
    struct page *page;
    enum date_order order;
    uint32_t title_line; /* UINT32_MAX without a headline */
    uint32_t first_line; /* of the text; UINT32_MAX without */
    struct contender best;
};

/* A day between the beginnings of the web and tomorrow. */
static bool is_plausible(const struct date *date)
{
    return date->precision >= DATE_DAY &&
           date->instant >= date_from_civil(EARLIEST_YEAR, 1, 1) * SECOND &&
           date->instant <= clock_wall() + INT64_C(86400) * SOON_DAYS * SECOND;
}

static int64_t local_day(const struct date *date)
{
    return (date->instant / SECOND + date->offset) / 86400;
}

static void consider(struct search *search, struct bytes text, struct bytes source, int score)
{
    struct date date;

    if (score <= search->best.score || text.len < LEAST_BYTES || text.len > LINE_BYTES ||
        !date_parse(text, search->order, &date) || !is_plausible(&date))
        return;
    if (search->best.score >= VAGUE && date.precision < search->best.date.precision &&
        local_day(&date) == local_day(&search->best.date)) {
        search->best.score = score; /* the same day, and the time of day besides */
        return;
    }
    search->best = (struct contender){date, text, source, score};
}

static void consider_said(struct search *search, const struct said_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct said *one = &list->items[i];

        consider(search, one->text, one->in == SAID_JSONLD ? LIT("json-ld") : LIT("meta"),
            one->in == SAID_META && one->rank >= VAGUE_RANK ? VAGUE : SAID - one->rank);
    }
}

static int near(uint32_t anchor, uint32_t line)
{
    if (anchor == UINT32_MAX)
        return 0;
    if (line >= anchor && line <= anchor + NEAR_LINES)
        return AT_TITLE - (int)(line - anchor) / 2;
    if (line < anchor && line + BEFORE_LINES >= anchor)
        return ABOVE_TITLE - (int)(anchor - line);
    return 0;
}

/* Points for standing close to the headline or to where the text begins, the more the closer. */
static int nearness(const struct search *search, uint32_t line)
{
    int title = near(search->title_line, line);
    int text = near(search->first_line, line) + AT_TEXT;

    return title > text ? title : text;
}

/* Points for what the lines around say the block is. */
static int region(const struct line *line)
{
    switch (line->cut) {
    case RULE_COMMENT:
        return IN_COMMENT;
    case RULE_SIDEBAR:
        return IN_SIDEBAR;
    case RULE_RELATED:
    case RULE_NAV:
    case RULE_SECOND_ARTICLE:
        return IN_OTHERS;
    case RULE_FOOTER:
        return IN_FOOTER;
    case RULE_LINKS:
        return IN_LINKS;
    case RULE_DATE:
    case RULE_BYLINE:
    case RULE_META:
        return IN_DATA;
    default:
        return line->teaser ? IN_TEASER : 0;
    }
}

static struct bytes stamp_of(const struct tree *tree, uint32_t node)
{
    struct bytes stamp = tree_attr(tree, node, ATTR_DATETIME);

    if (stamp.len == 0)
        stamp = tree_attr(tree, node, ATTR_CONTENT);
    if (stamp.len == 0)
        stamp = tree_attr(tree, node, ATTR_TITLE);
    return stamp;
}

static bool is_about_change(const struct tree *tree, uint32_t node)
{
    struct bytes names = tree_attr(tree, node, ATTR_CLASS);
    struct bytes prop = tree_attr(tree, node, ATTR_ITEMPROP);

    return bytes_find_nocase(names, LIT("updated")) != SIZE_MAX ||
           bytes_find_nocase(names, LIT("modified")) != SIZE_MAX ||
           bytes_find_nocase(prop, LIT("modified")) != SIZE_MAX;
}

static int score_of_stamp(const struct search *search, uint32_t node)
{
    const struct page *page = search->page;
    const struct tree *tree = page->tree;
    uint32_t line = page->first_line[node];
    int score = STAMP + nearness(search, line);

    if (bytes_find_nocase(tree_attr(tree, node, ATTR_ITEMPROP), LIT("datepublished")) != SIZE_MAX)
        score += STAMP_PUBLISHED;
    else if (bytes_find_nocase(tree_attr(tree, node, ATTR_PROPERTY), LIT("published")) != SIZE_MAX)
        score += STAMP_PROPERTY;
    if (line < page->line_count)
        score += region(&page->lines[line]);
    if (is_about_change(tree, node))
        score += STAMP_CHANGED;
    return score;
}

/* Elements that carry a date in an attribute. */
static void consider_stamps(struct search *search)
{
    const struct tree *tree = search->page->tree;

    for (uint32_t i = tree->body; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        bool is_date;

        if (node->attrs == 0)
            continue;
        is_date = node->tag == TAG_TIME || tree_has_attr(tree, i, ATTR_DATETIME) ||
                  bytes_find_nocase(tree_attr(tree, i, ATTR_ITEMPROP), LIT("date")) != SIZE_MAX ||
                  (node->hints & (HINT(DATE) | HINT(TIME)) && stamp_of(tree, i).len > 0);
        if (is_date)
            consider(search, stamp_of(tree, i), LIT("time-element"), score_of_stamp(search, i));
    }
}

static uint64_t hints_around(const struct tree *tree, uint32_t node)
{
    uint64_t hints = 0;

    for (int up = 0; up < HINTS_UP && node != 0; up++, node = tree->nodes[node].parent)
        hints |= tree->nodes[node].hints;
    return hints;
}

static int digits_in(struct bytes text)
{
    int digits = 0;

    for (size_t i = 0; i < text.len; i++)
        digits += is_digit(text.ptr[i]);
    return digits;
}

/* "Article mis à jour le 7 janvier": a few words in front of the cue. */
static bool tells_of_change(struct bytes text)
{
    int words = 0;

    for (size_t i = 1; i < text.len && words < CHANGE_WORDS; i++) {
        if (text.ptr[i - 1] != ' ')
            continue;
        words++;
        if (cue_find(bytes_from(text, i), KIND(MODIFIED), NULL) != CUE_NONE)
            return true;
    }
    return false;
}

static int score_of_line(const struct search *search, uint32_t index)
{
    const struct line *line = &search->page->lines[index];
    uint64_t hints = hints_around(search->page->tree, line->block);
    int near_title = near(search->title_line, index);
    int score = nearness(search, index) + region(line);

    if (line->cut == RULE_COMMENT && near_title >= BESIDE)
        score += IN_NEWSROOM; /* of a comment by the newsroom: an opinion */
    if (hints & HINT(DATE))
        score += NAMED_DATE;
    if (hints & (HINT(META) | HINT(BYLINE) | HINT(TIME)))
        score += NAMED_DATA;
    if (cue_find(line->text, KIND(DATE), NULL) != CUE_NONE)
        score += CUED;
    if (cue_find(line->text, KIND(MODIFIED), NULL) != CUE_NONE)
        score += CHANGED;
    if (line->text.len > LONG_BYTES && line->cut != RULE_META)
        score += LONG;
    if (line->n.chars < SHORT_CHARS)
        score += SHORT;
    else if (line->n.words > SENTENCE_WORDS && line->cut != RULE_META && !(hints & HINT(DATE)))
        score += LONG;
    if (index == search->title_line)
        score += TITLE_LINE;
    else if (line->kind == LINE_HEADING ||
             (line->kind == LINE_PARAGRAPH && line->cut == 0 && line->good))
        score += PROSE;
    if (score > ENOUGH && tells_of_change(line->text))
        score = score > ENOUGH + 1 - TOLD_CHANGE ? score + TOLD_CHANGE
                                                 : ENOUGH + 1; /* better than none */
    return score;
}

/* The first words of a long line. */
static struct bytes opening(struct bytes text)
{
    size_t len = OPENING_BYTES;

    while (len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
        len--;
    return (struct bytes){text.ptr, len};
}

static size_t digits_at(struct bytes text, size_t at)
{
    size_t count = 0;

    while (at + count < text.len && is_digit(text.ptr[at + count]))
        count++;
    return count;
}

/* The digits from at on are followed by a letter without a space: "2017by Anna". */
static bool glued(struct bytes text, size_t at)
{
    at += digits_at(text, at);
    return at < text.len && is_alpha(text.ptr[at]) && text.ptr[at] != 'T';
}

/* 3.5.2024 or 2024-05-03, written out in a longer line: the line from there on; empty when there is
 * none. */
static struct bytes from_full_date(struct bytes text)
{
    for (size_t i = 0; i + 8 <= text.len; i++) {
        size_t a = digits_at(text, i);
        size_t b = a > 0 && i + a + 1 < text.len ? digits_at(text, i + a + 1) : 0;
        size_t end = i + a + b + 2;
        char mark = (char)(a > 0 && b > 0 ? text.ptr[i + a] : '\0');

        if (a == 0)
            continue;
        if (b > 0 && b <= 2 && end < text.len && text.ptr[end - 1] == mark &&
            strchr("./-", mark) != NULL &&
            ((a <= 2 && digits_at(text, end) == 4) || (a == 4 && digits_at(text, end) <= 2)))
            return bytes_slice(
                text, i, glued(text, end) ? end + digits_at(text, end) - i : FULL_DATE_BYTES);
        i += a - 1;
    }
    return (struct bytes){NULL, 0};
}

/* The part of a line in which its date is looked for. */
static struct bytes dated_part(const struct line *line)
{
    struct bytes full = from_full_date(line->text);

    if (full.len > 0 && line->text.len > FULL_DATE_BYTES)
        return full;
    return line->text.len > LINE_BYTES ? opening(line->text) : line->text;
}

static bool is_about_the_article(const struct line *line)
{
    return line->cut == RULE_FOOTER || line->cut == RULE_META || line->cut == RULE_BYLINE ||
           line->cut == RULE_DATE;
}

/* Dates as the reader sees them: near the headline, or where a name says that it is one. */
static void consider_lines(struct search *search)
{
    const struct page *page = search->page;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        int score;

        if (line->text.len < LEAST_BYTES || digits_in(line->text) < LEAST_DIGITS)
            continue;
        score = score_of_line(search, i);
        if (line->text.len > LINE_BYTES && (nearness(search, i) > 0 || is_about_the_article(line)))
            consider(search, dated_part(line), LIT("time-element"), score > 1 ? score : 1);
        else if (line->text.len <= LINE_BYTES && score > ENOUGH)
            consider(search, dated_part(line), LIT("time-element"), score);
    }
}

static const char *const script_keys[] = {"\"datePublished\"", "\"published_at\"",
    "\"publishedAt\"", "\"publishDate\"", "\"publish_date\"", "\"publicationDate\"",
    "\"publishedDate\"", "\"pubDate\"", "\"firstPublished\"", "\"createdAt\"", "\"created_at\""};

enum { SCRIPT_KEYS = sizeof(script_keys) / sizeof(script_keys[0]) };

/* Where each of the keys stands first in text, or SIZE_MAX. */
static void find_keys(struct bytes text, size_t ret_at[SCRIPT_KEYS])
{
    size_t at = 0;
    size_t step;

    for (int k = 0; k < SCRIPT_KEYS; k++)
        ret_at[k] = SIZE_MAX;
    for (; (step = bytes_find_byte(bytes_from(text, at), '"')) != SIZE_MAX; at++) {
        at += step;
        if (at + 3 >= text.len || strchr("dpfc", text.ptr[at + 1]) == NULL)
            continue;
        for (int k = 0; k < SCRIPT_KEYS; k++)
            if (ret_at[k] == SIZE_MAX && script_keys[k][3] == text.ptr[at + 3] &&
                bytes_starts(bytes_from(text, at), bytes_of(script_keys[k])))
                ret_at[k] = at;
    }
}

/* "published_at":"2024-05-17T..." in data for scripts. */
static void consider_scripts(struct search *search)
{
    const struct tree *tree = search->page->tree;

    for (uint32_t i = 0; i < tree->count; i++) {
        struct bytes text = tree->nodes[i].text;
        size_t at[SCRIPT_KEYS];

        if (tree->nodes[i].tag != TAG_SCRIPT || text.len < 40 || text.len > SCRIPT_BYTES)
            continue;
        find_keys(text, at);
        for (int k = 0; k < SCRIPT_KEYS; k++) {
            struct bytes rest;

            if (at[k] == SIZE_MAX)
                continue;
            rest = bytes_from(text, at[k] + strlen(script_keys[k]));
            if (rest.len < 24 || rest.ptr[0] != ':')
                continue;
            rest = bytes_slice(rest, 1, 40);
            rest = bytes_from(rest, rest.ptr[0] == ' ' ? 1 : 0);
            if (rest.ptr[0] != '"')
                continue;
            rest = bytes_from(rest, 1);
            consider(search, bytes_slice(rest, 0, bytes_find_byte(rest, '"')), LIT("meta"), 19 - k);
        }
    }
}

/* /2024/05/17/ or 2024-05-17 or 20240517 in the address. */
static void consider_url(struct search *search, struct bytes url)
{
    for (size_t i = 0; i + 8 <= url.len; i++) {
        char text[11];
        struct bytes rest = bytes_from(url, i);
        char between = rest.ptr[4];
        size_t step = is_digit(between) ? 0 : 1;

        if ((i > 0 && is_digit(url.ptr[i - 1])) || (rest.ptr[0] != '1' && rest.ptr[0] != '2') ||
            rest.len < 8 + 2 * step || (step == 1 && strchr("/-_.", between) == NULL) ||
            (step == 1 && rest.ptr[7] != between))
            continue;
        memcpy(text, rest.ptr, 4);
        memcpy(text + 5, rest.ptr + 4 + step, 2);
        memcpy(text + 8, rest.ptr + 6 + 2 * step, 2);
        text[4] = text[7] = '-';
        if (digits_in((struct bytes){text, 10}) != 8 ||
            (rest.len > 8 + 2 * step && is_digit(rest.ptr[8 + 2 * step])))
            continue;
        consider(search, bytes_format(search->page->arena, "%.10s", text), LIT("url"), 58);
    }
}

/* The feed's date stands behind what the page states for machines and before what must be guessed.
 */
static void consider_feed(struct search *search, const wr_record *rec)
{
    consider(search, borrow(wr_get(rec, WR_FEED_DATE)), LIT("feed"), 95);
}

static void set_modified(struct page *page, wr_record *rec, const struct date *published)
{
    const struct said_list *list = &page->said->modified;
    uint8_t rank = 255;
    struct date best;

    for (size_t i = 0; i < list->count; i++) {
        struct date date;

        if (list->items[i].rank < rank &&
            date_parse(list->items[i].text, DATE_ORDER_UNKNOWN, &date) && is_plausible(&date)) {
            best = date;
            rank = list->items[i].rank;
        }
    }
    if (rank < 255 && (published == NULL || best.instant >= published->instant))
        wr_set(rec, WR_MODIFIED, lend(date_format(page->arena, &best)));
}

static void find(struct search *search, const wr_record *rec)
{
    struct page *page = search->page;

    consider_said(search, &page->said->published);
    consider_feed(search, rec);
    if (search->best.score >= 95)
        return;
    consider_stamps(search);
    consider_url(search, page->url);
    for (size_t i = 0; i < page->said->canonicals.count; i++)
        consider_url(search, page->said->canonicals.items[i].text);
    consider_lines(search);
    if (search->best.score < 20)
        consider_scripts(search);
    if (search->best.score <= 0)
        consider_said(search, &page->said->modified);
}

void published_set(struct page *page, wr_record *rec)
{
    struct search search = {.page = page, .title_line = UINT32_MAX};
    const struct date *date = &search.best.date;
    struct bytes language = borrow(wr_get(rec, WR_LANGUAGE));

    if (language.len == 0)
        language = borrow(wr_get(rec, WR_FEED_LANGUAGE));
    search.order = date_order_of(language);
    if (page->title != 0)
        search.title_line = page->first_line[page->title];
    search.first_line = UINT32_MAX;
    for (uint32_t i = 0; i < page->line_count && search.first_line == UINT32_MAX; i++)
        if (page->lines[i].cut == RULE_NONE)
            search.first_line = i;
    find(&search, rec);
    if (search.best.score <= 0) {
        set_modified(page, rec, NULL);
        return;
    }
    published_localize(page, search.order, &search.best.date);
    wr_set(rec, WR_PUBLISHED, lend(date_format(page->arena, date)));
    wr_set(rec, WR_PUBLISHED_RAW, lend(search.best.raw));
    wr_set(rec, WR_PUBLISHED_SOURCE, lend(search.best.source));
    wr_set(rec, WR_PUBLISHED_PRECISION, lend(bytes_of(date_precision_name(date->precision))));
    set_modified(page, rec, date);
}
