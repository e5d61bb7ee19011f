/* agencies.c - the table of agencies, and how their names are compared. */
#include "agencies.h"

#include "base/hash.h"
#include "text/site.h"
#include "text/text.h"

/* A spelling this short is also a word, or somebody's initials: its case must be right. */
enum { SHORT_SPELLING = 4, INITIALS = 4, PARTS = 8 };

/* Of the table of spellings, some 420; the longest has 48 bytes. */
enum { SLOTS = 2048, LONGEST = 64 };

static const struct agency agencies[] = {
#define AGENCY(name_, sites_, spellings_)                                                          \
    {.name = (name_), .sites = (sites_), .spellings = (spellings_)},
#include "agencies.def"
#undef AGENCY
};

enum { AGENCIES = sizeof(agencies) / sizeof(agencies[0]) };

/* What stands before or behind an agency's name and is no part of it. */
static const char *const articles[] = {"the ", "die ", "der ", "la ", "l'", "agencia ", "agence ",
    "agenzia ", "agentur ", "agencja ", "agência ", "agenturen ", "from ", NULL};
static const char *const additions[] = {" news agency", " news service", " agency",
    " staff writers", " staff writer", " staff reporter", " staff", " writers", " writer",
    " reporters", " reporter", " correspondent", " newswire", " wire", " bureau", " wire service",
    " international", " national writer", " sports writer", " political writer", " business writer",
    NULL};
static const char *const joiners[] = {" and ", " und ", " et ", " y ", " e ", " og ", " och ",
    " en ", " with ", " mit ", " con ", " avec ", " med ", " met ", " for ", " of ", " via ", NULL};

static const char *const edges[] = {"\"", "'", ".", "*", "_", ":", "“", "”", "’", "‘", "«", "»",
    "„", "(", ")", "[", "]", "（", "）", "【", "】", "©", "/", "-", "–", "—", ",", ";", "|", NULL};

static size_t edge_before(struct bytes text)
{
    size_t blank;

    if (text.len == 0 || is_alpha(text.ptr[0]) || is_digit(text.ptr[0]))
        return 0;
    blank = text_blank(text);
    for (size_t i = 0; blank == 0 && edges[i] != NULL; i++)
        if (bytes_starts(text, bytes_of(edges[i])))
            return strlen(edges[i]);
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
    for (size_t i = 0; edges[i] != NULL; i++)
        if (bytes_ends(text, bytes_of(edges[i])))
            return strlen(edges[i]);
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

void agencies_open(void)
{
    static bool is_open;

    for (size_t i = 0; i < AGENCIES && !is_open; i++) {
        struct bytes spellings = bytes_of(agencies[i].spellings);

        while (spellings.len > 0) {
            struct bytes spelling = bytes_cut(&spellings, '|');
            size_t at = slot_of(spelling);

            while (slots[at].agency != NULL && !bytes_equal(slots[at].spelling, spelling))
                at = (at + 1) % SLOTS;
            slots[at].spelling = spelling;
            slots[at].agency = &agencies[i];
        }
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

    for (size_t i = 0; found == NULL && articles[i] != NULL; i++)
        if (bytes_starts_nocase(text, bytes_of(articles[i])))
            found = find(bytes_from(text, strlen(articles[i])));
    return found;
}

/* Bytes of what text ends with and is no part of an agency's name. */
static size_t addition(struct bytes text)
{
    for (size_t i = 0; additions[i] != NULL; i++) {
        size_t len = strlen(additions[i]);

        if (text.len > len &&
            bytes_equal_nocase(bytes_from(text, text.len - len), bytes_of(additions[i])))
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

const struct agency *agency_at(struct bytes url)
{
    struct bytes site = site_of(url);
    struct bytes host = site_host(url);

    for (size_t i = 0; site.len > 0 && i < AGENCIES; i++) {
        struct bytes sites = bytes_of(agencies[i].sites);

        while (sites.len > 0) {
            struct bytes one = bytes_cut(&sites, ' ');

            if (bytes_equal(one, site) || bytes_equal(one, host))
                return &agencies[i];
        }
    }
    return NULL;
}

/* Bytes of what parts a list at text's start; 0 when nothing does. */
static size_t separator(struct bytes text)
{
    if (strchr("/,;|&+()[]:", text.ptr[0]) != NULL)
        return 1;
    if (bytes_starts(text, LIT("·")))
        return strlen("·");
    if (bytes_starts(text, LIT("•")))
        return strlen("•");
    if (text.ptr[0] != ' ')
        return 0;
    if (bytes_starts(text, LIT(" - ")))
        return 3;
    if (bytes_starts(text, LIT(" – ")) || bytes_starts(text, LIT(" — ")))
        return 5;
    for (size_t i = 0; joiners[i] != NULL; i++)
        if (bytes_starts_nocase(text, bytes_of(joiners[i])))
            return strlen(joiners[i]);
    return 0;
}

/* "abc", "abc xyz": those of an editor or two. */
static bool is_initials(struct bytes part)
{
    int words = 0;

    while (part.len > 0)
        if (bytes_cut(&part, ' ').len > INITIALS || ++words > 3)
            return false;
    return true;
}

static void count_part(struct agency_credit *credit, struct bytes part)
{
    const struct agency *agency;

    part = agency_trim(part);
    if (part.len == 0)
        return;
    agency = agency_named(part);
    if (agency != NULL) {
        credit->first = credit->first != NULL ? credit->first : agency;
        credit->agencies++;
        return;
    }
    credit->others++;
    credit->long_others += is_initials(part) ? 0 : 1;
}

struct agency_credit agency_credit_of(struct bytes line)
{
    struct agency_credit credit = {0};
    size_t start = 0;
    size_t at = 0;

    /* The whole first: names with a comma or an "of" in them. */
    count_part(&credit, line);
    if (credit.agencies > 0)
        return credit;
    credit = (struct agency_credit){0};
    while (at < line.len && credit.others + credit.agencies < PARTS) {
        size_t n = separator(bytes_from(line, at));

        if (n == 0) {
            at++;
            continue;
        }
        count_part(&credit, bytes_slice(line, start, at - start));
        at += n;
        start = at;
    }
    count_part(&credit, bytes_from(line, start));
    return credit;
}
