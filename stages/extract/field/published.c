/* published.c - when the article was published, and where that is known from. */
#include "base/clock.h"
#include "field/date_span.h"
#include "field/published_search.h"

enum {
    EARLIEST_YEAR = 1995, /* the first newspapers on the web */
    SCRIPT_BYTES = 1 << 20,
    DAY_SECONDS = 86400,
    SOON_DAYS = 2,  /* that a date may lie ahead: zones, and clocks that are wrong */
    VAGUE_RANK = 5, /* metas named "date": many systems write the day of the last change there */
};

/* A day between the beginnings of the web and tomorrow. */
static bool is_plausible(const struct date *date)
{
    return date->precision >= DATE_DAY &&
           date->instant >= date_from_civil(EARLIEST_YEAR, 1, 1) * SECOND &&
           date->instant <= clock_wall() + INT64_C(86400) * SOON_DAYS * SECOND;
}

int64_t published_day(const struct date *date)
{
    return (date->instant / SECOND + date->offset) / 86400;
}

/* "08/03/2021 06:10 pm" on a page in a language that writes the day first: the hour of twelve does
 * not make it American. */
static void put_day_first(struct bytes text, struct date *date)
{
    struct date day;
    size_t space = bytes_find_byte(text, ' ');

    if (space != SIZE_MAX && bytes_find_byte(bytes_slice(text, 0, space), '/') != SIZE_MAX &&
        date_parse(bytes_slice(text, 0, space), DATE_DAY_FIRST, &day) && day.precision == DATE_DAY)
        date->instant += (published_day(&day) - published_day(date)) * DAY_SECONDS * SECOND;
}

bool published_read(const struct search *search, struct bytes text, struct date *ret_date)
{
    if (text.len < LEAST_BYTES || text.len > LINE_BYTES ||
        !date_parse(text, search->order, ret_date))
        return false;
    if (search->order == DATE_DAY_FIRST && ret_date->precision > DATE_DAY)
        put_day_first(text, ret_date);
    return is_plausible(ret_date);
}

void published_consider(struct search *search, struct bytes text, struct bytes source, int score)
{
    struct date date;

    if (score <= search->best.score || !published_read(search, text, &date))
        return;
    if (search->best.score >= VAGUE && date.precision < search->best.date.precision &&
        published_day(&date) == published_day(&search->best.date)) {
        search->best.score = score; /* the same day, and the time of day besides */
        return;
    }
    search->best = (struct contender){date, text, source, score};
}

static void consider_said(struct search *search, const struct said_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct said *one = &list->items[i];

        published_consider(search, one->text, one->in == SAID_JSONLD ? LIT("json-ld") : LIT("meta"),
            one->in == SAID_META && one->rank >= VAGUE_RANK ? VAGUE : SAID - one->rank);
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

/* JSON-LD speaks for the page, unless it said that it does not. */
static bool is_data_script(const struct page *page, uint32_t node)
{
    struct bytes type = tree_attr(page->tree, node, ATTR_TYPE);

    return page->tree->nodes[node].tag == TAG_SCRIPT &&
           !(page->said->is_of_another && bytes_find_nocase(type, LIT("ld+json")) != SIZE_MAX);
}

/* "published_at":"2024-05-17T..." in data for scripts. */
static void consider_scripts(struct search *search)
{
    const struct tree *tree = search->page->tree;

    for (uint32_t i = 0; i < tree->count; i++) {
        struct bytes text = tree->nodes[i].text;
        size_t at[SCRIPT_KEYS];

        if (text.len < 40 || text.len > SCRIPT_BYTES || !is_data_script(search->page, i))
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
            published_consider(
                search, bytes_slice(rest, 0, bytes_find_byte(rest, '"')), LIT("meta"), 19 - k);
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
        if (date_span_digits((struct bytes){text, 10}, 10) != 8 ||
            (rest.len > 8 + 2 * step && is_digit(rest.ptr[8 + 2 * step])))
            continue;
        published_consider(
            search, bytes_format(search->page->arena, "%.10s", text), LIT("url"), 58);
    }
}

/* /14-09-2020 in the address: the day first, where nothing else can be meant or the language does
 * not write the month first. */
static void consider_url_backwards(struct search *search, struct bytes url)
{
    for (size_t i = 1; i + 10 <= url.len; i++) {
        struct bytes text = bytes_slice(url, i, 10);
        char mark = text.ptr[2];

        if (is_digit(url.ptr[i - 1]) || strchr("-_./", mark) == NULL || text.ptr[5] != mark ||
            date_span_digits(text, 10) != 8 || (i + 10 < url.len && is_digit(url.ptr[i + 10])))
            continue;
        published_consider(search,
            bytes_format(
                search->page->arena, "%.2s/%.2s/%.4s", text.ptr, text.ptr + 3, text.ptr + 6),
            LIT("url"), 50);
    }
}

/* The feed's date stands behind what the page states for machines and before what must be guessed.
 */
static void consider_feed(struct search *search, const wr_record *rec)
{
    published_consider(search, borrow(wr_get(rec, WR_FEED_DATE)), LIT("feed"), 95);
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
    published_consider_shown(search);
    consider_url(search, page->url);
    consider_url_backwards(search, page->url);
    for (size_t i = 0; i < page->said->canonicals.count; i++)
        consider_url(search, page->said->canonicals.items[i].text);
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
    search.first_line = search.last_line = UINT32_MAX;
    for (uint32_t i = 0; i < page->line_count; i++) {
        if (page->lines[i].cut != RULE_NONE)
            continue;
        if (search.first_line == UINT32_MAX)
            search.first_line = i;
        search.last_line = i;
    }
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
