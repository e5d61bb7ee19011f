/* agency.c - the table of agencies, and how their names are compared. */
#include "text/agency.h"

#include "base/hash.h"
#include "text/site.h"
#include "text/text.h"

/* A spelling this short is also a word, or somebody's initials: its case must be right. */
enum { SHORT_SPELLING = 4 };

/* Of the table of spellings, some 420; the longest has 48 bytes. */
enum { SLOTS = 2048, LONGEST = 64 };

/* Of that of their sites, some 170. */
enum { SITES = 1024 };

static const struct agency agencies[] = {
#define AGENCY(name_, sites_, spellings_)                                                          \
    {.name = (name_), .sites = (sites_), .spellings = (spellings_)},
#include "text/agencies.def"
#undef AGENCY
};

enum { AGENCIES = sizeof(agencies) / sizeof(agencies[0]) };

/* A word of a list, with its length: these lists are gone through for each part of each line. */
#define WORD(text_)                                                                                \
    {                                                                                              \
        (text_), sizeof(text_) - 1                                                                 \
    }

/* What stands before or behind an agency's name and is no part of it. */
static const struct bytes articles[] = {WORD("the "), WORD("die "), WORD("der "), WORD("la "),
    WORD("l'"), WORD("agencia "), WORD("agence "), WORD("agenzia "), WORD("agentur "),
    WORD("agencja "), WORD("agência "), WORD("agenturen "), WORD("from "), {NULL, 0}};
static const struct bytes additions[] = {WORD(" news agency"), WORD(" news service"),
    WORD(" agency"), WORD(" staff writers"), WORD(" staff writer"), WORD(" staff reporter"),
    WORD(" staff"), WORD(" writers"), WORD(" writer"), WORD(" reporters"), WORD(" reporter"),
    WORD(" correspondent"), WORD(" newswire"), WORD(" wire"), WORD(" bureau"),
    WORD(" wire service"), WORD(" international"), WORD(" national writer"), WORD(" sports writer"),
    WORD(" political writer"), WORD(" business writer"), {NULL, 0}};

static const struct bytes edges[] = {WORD("\""), WORD("'"), WORD("."), WORD("*"), WORD("_"),
    WORD(":"), WORD("“"), WORD("”"), WORD("’"), WORD("‘"), WORD("«"), WORD("»"), WORD("„"),
    WORD("("), WORD(")"), WORD("["), WORD("]"), WORD("（"), WORD("）"), WORD("【"), WORD("】"),
    WORD("©"), WORD("/"), WORD("-"), WORD("–"), WORD("—"), WORD(","), WORD(";"), WORD("|"),
    {NULL, 0}};

static size_t edge_before(struct bytes text)
{
    size_t blank;

    if (text.len == 0 || is_alpha(text.ptr[0]) || is_digit(text.ptr[0]))
        return 0;
    blank = text_blank(text);
    for (size_t i = 0; blank == 0 && edges[i].len > 0; i++)
        if (text.ptr[0] == edges[i].ptr[0] && bytes_starts(text, edges[i]))
            return edges[i].len;
    return blank;
}

static size_t edge_behind(struct bytes text)
{
    if (text.len == 0 || is_alpha(text.ptr[text.len - 1]) || is_digit(text.ptr[text.len - 1]))
        return 0;
    if (is_space(text.ptr[text.len - 1]))
        return 1;
    if (bytes_ends(text, LIT("\xc2\xa0")))
        return 2;
    for (size_t i = 0; edges[i].len > 0; i++)
        if (bytes_ends(text, edges[i]))
            return edges[i].len;
    return 0;
}

struct bytes agency_trim(struct bytes text)
{
    size_t n;

    while ((n = edge_before(text)) > 0)
        text = bytes_from(text, n);
    while ((n = edge_behind(text)) > 0)
        text.len -= n;
    return text;
}

/* Spellings by their hash, in lower case; filled by agencies_open(), read only after that. */
static struct {
    struct bytes spelling;
    const struct agency *agency;
} slots[SLOTS];

static size_t slot_of(struct bytes text)
{
    char lower[LONGEST];

    for (size_t i = 0; i < text.len; i++)
        lower[i] = to_lower(text.ptr[i]);
    return hash64((struct bytes){lower, text.len}) % SLOTS;
}

static struct {
    struct bytes site;
    const struct agency *agency;
} homes[SITES];

static void add_spellings(const struct agency *agency)
{
    struct bytes spellings = bytes_of(agency->spellings);

    while (spellings.len > 0) {
        struct bytes spelling = agency_trim(bytes_cut(&spellings, '|')); /* as what is looked for */
        size_t at = slot_of(spelling);

        while (slots[at].agency != NULL && !bytes_equal(slots[at].spelling, spelling))
            at = (at + 1) % SLOTS;
        slots[at].spelling = spelling;
        slots[at].agency = agency;
    }
}

static void add_sites(const struct agency *agency)
{
    struct bytes sites = bytes_of(agency->sites);

    while (sites.len > 0) {
        struct bytes site = bytes_cut(&sites, ' ');
        size_t at = hash64(site) % SITES;

        while (homes[at].agency != NULL)
            at = (at + 1) % SITES;
        homes[at].site = site;
        homes[at].agency = agency;
    }
}

void agencies_open(void)
{
    static bool is_open;

    for (size_t i = 0; i < AGENCIES && !is_open; i++) {
        add_spellings(&agencies[i]);
        add_sites(&agencies[i]);
    }
    is_open = true;
}

static bool is_spelled(struct bytes text, struct bytes spelling)
{
    if (spelling.len > SHORT_SPELLING || bytes_equal(text, spelling))
        return bytes_equal_nocase(text, spelling);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
            return false;
    return bytes_equal_nocase(text, spelling);
}

static const struct agency *find(struct bytes text)
{
    if (text.len == 0 || text.len > LONGEST)
        return NULL;
    for (size_t at = slot_of(text); slots[at].agency != NULL; at = (at + 1) % SLOTS)
        if (is_spelled(text, slots[at].spelling))
            return slots[at].agency;
    return NULL;
}

static const struct agency *find_behind_article(struct bytes text)
{
    const struct agency *found = find(text);

    for (size_t i = 0; found == NULL && articles[i].len > 0; i++)
        if (bytes_starts_nocase(text, articles[i]))
            found = find(bytes_from(text, articles[i].len));
    return found;
}

/* Bytes of what text ends with and is no part of an agency's name. */
static size_t addition(struct bytes text)
{
    for (size_t i = 0; additions[i].len > 0; i++) {
        size_t len = additions[i].len;

        if (text.len > len && bytes_equal_nocase(bytes_from(text, text.len - len), additions[i]))
            return len;
    }
    return 0;
}

const struct agency *agency_named(struct bytes text)
{
    const struct agency *found;
    size_t more;

    text = agency_trim(text);
    found = find_behind_article(text);
    /* "Reuters News Staff" */
    for (int i = 0; found == NULL && i < 2 && (more = addition(text)) > 0; i++) {
        text.len -= more;
        found = find_behind_article(agency_trim(text));
    }
    return found;
}

static const struct agency *at_home(struct bytes site)
{
    for (size_t at = hash64(site) % SITES; homes[at].agency != NULL; at = (at + 1) % SITES)
        if (bytes_equal(homes[at].site, site))
            return homes[at].agency;
    return NULL;
}

const struct agency *agency_at(struct bytes url)
{
    struct bytes site = site_of(url);
    const struct agency *found = site.len == 0 ? NULL : at_home(site);

    return found != NULL || site.len == 0 ? found : at_home(site_host(url));
}

uint16_t agency_key(const struct agency *agency)
{
    uint16_t key = agency == NULL ? 0 : (uint16_t)hash64(bytes_of(agency->name));

    return agency != NULL && key == 0 ? 1 : key;
}

const struct agency *agency_of(uint16_t key)
{
    for (size_t i = 0; key != 0 && i < AGENCIES; i++)
        if (agency_key(&agencies[i]) == key)
            return &agencies[i];
    return NULL;
}
