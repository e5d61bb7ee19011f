/* origin.c - who wrote an article first, as it tells itself: the best of what its byline, dateline,
 * credit, rights, RSS source and canonical link say. */
#include <stdio.h>

#include "evidence.h"
#include "text/site.h"
#include "wireroom/stage.h"

enum { LABEL_LEAST = 4 /* letters of a site that are no chance */ };

static const char *const names[] = {
    [BASIS_NONE] = "",
    [BASIS_CREDIT_LINE] = "credit-line",
    [BASIS_BYLINE] = "byline",
    [BASIS_DATELINE] = "dateline",
    [BASIS_RSS_SOURCE] = "rss-source",
    [BASIS_CANONICAL_LINK] = "canonical-link",
};

const char *basis_name(enum basis basis)
{
    return names[basis];
}

void evidence_weaken(struct evidence *evidence, const struct agency_credit *credit)
{
    if (!credit->is_known && evidence->confidence > .8)
        evidence->confidence = .8;
}

static struct bytes get(const wr_record *rec, int field)
{
    wr_str value = wr_get(rec, field);

    return (struct bytes){value.ptr, value.len};
}

static void set(wr_record *rec, int field, struct bytes value)
{
    wr_set(rec, field, (wr_str){value.ptr, value.len});
}

/* What two places say alike is surer than either. */
static void weigh(struct evidence *best, struct evidence evidence)
{
    bool agrees = best->basis != BASIS_NONE && evidence.basis != best->basis &&
                  bytes_equal(best->provider, evidence.provider);
    double both = 1 - (1 - best->confidence) * (1 - evidence.confidence);

    if (evidence.confidence > best->confidence)
        *best = evidence;
    if (agrees)
        best->confidence = both < .99 ? both : .99;
}

static bool is_other_site(const wr_record *rec, struct bytes url)
{
    struct bytes page = get(rec, WR_PAGE_URL);
    uint64_t site = site_key(url);

    return site != 0 && site != site_key(get(rec, WR_URL)) &&
           (page.len == 0 || site != site_key(page));
}

/* "bbc.com" and "bbc.co.uk" are one house: the first label tells. */
static bool is_namesake(struct bytes a, struct bytes b)
{
    a = site_of(a);
    b = site_of(b);
    return bytes_equal(
        bytes_slice(a, 0, bytes_find_byte(a, '.')), bytes_slice(b, 0, bytes_find_byte(b, '.')));
}

/* Another site that the article names as its home: an agency's is sure, any other likely. */
static struct evidence of_site(
    const wr_record *rec, enum basis basis, struct bytes url, struct bytes title)
{
    const struct agency *agency = agency_at(url);
    struct evidence evidence = {.basis = basis};

    if (!is_other_site(rec, url) || is_namesake(url, get(rec, WR_URL)))
        return (struct evidence){0};
    if (agency != NULL)
        title = bytes_of(agency->name);
    evidence.provider = title.len > 0 ? title : site_of(url);
    evidence.confidence = agency != NULL ? .9 : .7;
    return evidence;
}

static struct evidence of_source(const wr_record *rec)
{
    struct bytes title = get(rec, WR_FEED_SOURCE);
    struct bytes url = bytes_cut(&title, '\t');
    const struct agency *agency = agency_named(title);

    title = bytes_trim(title);
    if (agency != NULL && url.len == 0)
        return (struct evidence){
            .basis = BASIS_RSS_SOURCE, .provider = bytes_of(agency->name), .confidence = .9};
    return of_site(rec, BASIS_RSS_SOURCE, url, agency != NULL ? bytes_of(agency->name) : title);
}

static struct evidence of_list(const wr_record *rec, int field)
{
    struct evidence best = {0};
    size_t count = wr_count(rec, field);

    for (size_t i = 0; i < count && i < 16; i++) {
        wr_str author = wr_get_at(rec, field, i);
        struct evidence evidence = byline_read((struct bytes){author.ptr, author.len});

        if (evidence.confidence > best.confidence)
            best = evidence;
    }
    /* One author of several: the others are the publisher's own people. */
    if (count > 1 && best.confidence > .7)
        best.confidence = .7;
    return best;
}

/* The best of three fields that tell of one byline. */
static struct evidence of_byline(const wr_record *rec)
{
    struct evidence best = byline_read(get(rec, WR_BYLINE));
    struct evidence author = of_list(rec, WR_AUTHOR);
    struct evidence feed = of_list(rec, WR_FEED_AUTHOR);

    best = author.confidence > best.confidence ? author : best;
    return feed.confidence > best.confidence ? feed : best;
}

/* "Meridian Wire" at meridian.example or meridianwire.example. */
static bool is_named_after(struct bytes url, struct bytes provider)
{
    struct bytes label = site_of(url);
    size_t at = 0;

    label.len = label.len == 0 ? 0 : bytes_slice(label, 0, bytes_find_byte(label, '.')).len;
    for (size_t i = 0; i < provider.len && at < label.len; i++) {
        if (!is_alpha(provider.ptr[i]) && !is_digit(provider.ptr[i]))
            continue;
        if (to_lower(provider.ptr[i]) != label.ptr[at++])
            return false;
    }
    return label.len >= LABEL_LEAST && at == label.len;
}

/* On a site of its own; a house that is in no table is known by its site's name or its feed's. */
static bool is_at_home(const wr_record *rec, struct bytes provider)
{
    const struct agency *at = agency_at(get(rec, WR_URL));
    const struct agency *page = agency_at(get(rec, WR_PAGE_URL));

    if (provider.len == 0)
        return false;
    if (agency_named(provider) == NULL)
        return is_named_after(get(rec, WR_URL), provider) ||
               bytes_starts_nocase(get(rec, WR_SITE), provider);
    return (at != NULL && bytes_is(provider, at->name)) ||
           (page != NULL && bytes_is(provider, page->name));
}

static int origin_process(void *self, wr_record *rec, const wr_event *event)
{
    struct bytes text = get(rec, WR_TEXT);
    struct bytes dateline;
    struct evidence best = {0};
    char confidence[8];

    (void)self;
    (void)event;
    text = text.len > 0 ? text : get(rec, WR_SUMMARY);
    weigh(&best, dateline_read(text, &dateline));
    weigh(&best, of_byline(rec));
    weigh(&best, credit_read(text));
    weigh(&best, of_source(rec));
    weigh(
        &best, of_site(rec, BASIS_CANONICAL_LINK, get(rec, WR_CANONICAL), (struct bytes){NULL, 0}));
    weigh(&best, rights_read(get(rec, WR_RIGHTS)));
    if (is_at_home(rec, best.provider))
        best = (struct evidence){0};
    snprintf(confidence, sizeof(confidence), "%.2f", best.confidence);
    set(rec, WR_DATELINE, dateline);
    set(rec, WR_ORIGIN, best.provider);
    set(rec, WR_ORIGIN_BASIS, bytes_of(basis_name(best.basis)));
    set(rec, WR_ORIGIN_CONFIDENCE, best.basis == BASIS_NONE ? LIT("") : bytes_of(confidence));
    return WR_NEXT;
}

static int origin_open(void *self)
{
    (void)self;
    agencies_open();
    return 0;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "origin",
    .version = "1.0",
    .open = origin_open,
    .process = origin_process,
};
