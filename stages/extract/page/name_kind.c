/* name_kind.c - what may be the name of a person, of an organization, or of nobody. */
#include "page/name_kind.h"

#include <stdlib.h>

#include "cue/cue.h"
#include "text/date_names.h"
#include "text/url.h"

enum { DATE_BYTES = 64 /* of a month's name */ };

enum { LEAST_HANDLE = 4, PERSON_WORDS = 4, CHARACTER = 3 /* bytes of an East Asian one */ };

#define KIND(name) (1U << CUE_##name)

static const char *const organization_words[] = {"gmbh", "ag", "e.v.", "ev", "ltd", "inc", "inc.",
    "llc", "kg", "verlag", "media", "medien", "news", "redaktion", "redaction", "rédaction",
    "redacción", "redação", "redazione", "redactie", "redaktionen", "team", "staff", "agentur",
    "agency", "agencia", "agencias", "agenturen", "press", "presse", "online", "magazin",
    "magazine", "zeitung", "editorial", "university", "group", "gruppe", "department",
    "ministerium", "verein", "verband", "institut", "institute", "foundation", "stiftung",
    "newsroom", "desk", "bureau", "editors", "editor", "network", "network.", "publishing",
    "publisher", "company", "corp", "corp.", "corporation", "dpa", "afp", "reuters", "ap", "efe",
    "apa", "sda", "ansa", "tass", "xinhua", "upi", "pti", "ani", "ians", "bernama", "kyodo",
    "yonhap", "tt", "ntb", "ritzau", "anp", "belga", "lusa", "pap", "ctk", "čtk", "mti", "agerpres",
    "tanjug", "hina", "bta", "sid", "kna", "epd", "times", "post", "herald", "tribune", "gazette",
    "radio", "tv", "television", "channel", "association", "council", "office", "редакция",
    "редакція", "agentura", "correspondents", "services", "service", "partei", "feuerwehr",
    "society", "blog", "club", "center", "centre", "communications", "contributors", "reporters",
    "nachrichten", "wire", "journal", "studio", "pressestelle", "sekretariat", "archiv", "home",
    "autor", "museum", "bund", "bundesamt", "universität", "amt", NULL};

/* What content systems and forms put where a name should stand. */
static const char *const no_names[] = {"admin", "administrator", "webmaster", "super user",
    "superuser", "user", "root", "guest", "anonymous", "anónimo", "anonym", "unknown", "author",
    "autor", "autoren", "authors", "editor", "staff", "by", "von", "null", "none", "default",
    "wordpress", "test", "website", "site", "moderator", "system", "n/a", "na", "redaktion",
    "redaction", "team", "info", "contact", "home", "posted", "share", "facebook", "twitter",
    "email", "print", "comments", "published", "updated", "said", "gastautor", "gastbeitrag",
    "contributor", "username", "benutzername", "post author", "special", "news", "read more",
    "follow", "advertisement", "subscribe", "the", "in", "view profile", "bio", "minutes",
    "view all posts", "no author", "published by", "view the website", "agencies", "publicado el",
    "publicado", "alle artikel", "fail", "\xE4\xB8\x80\xE8\xA6\xA7", "\xE8\x91\x97\xE8\x80\x85",
    "\xE4\xBD\x9C\xE8\x80\x85", "all posts", "more", "no comments", "leave a comment", "bookmark",
    "kommentare", NULL};

/* Places that look like a first name and a family name. */
static const char *const places[] = {"new york", "los angeles", "san francisco", "san diego",
    "san jose", "san antonio", "las vegas", "st. louis", "salt lake city", "new orleans",
    "new jersey", "new delhi", "hong kong", "new zealand", "south africa", "united states",
    "united kingdom", "north korea", "south korea", "saudi arabia", "sri lanka", "cape town",
    "mexico city", "ciudad de m\xC3\xA9xico", "buenos aires", "s\xC3\xA3o paulo", "rio de janeiro",
    "belo horizonte", "porto alegre", "santiago de chile", "san juan", "santo domingo", "tel aviv",
    "kuala lumpur", "addis ababa", "abu dhabi", "st. petersburg", "den haag", "the hague",
    "le havre", "frankfurt am main", "st. gallen", "st. p\xC3\xB6lten", NULL};

/* Words that begin or are within names in small letters. */
static const char *const particles[] = {"von", "van", "de", "der", "den", "del", "della", "di",
    "da", "dos", "das", "du", "la", "le", "el", "al", "bin", "ibn", "ben", "ter", "ten", "zu",
    "zur", "zum", "af", "av", "y", "e", "dal", "lo", "bint", "san", "st.", "dr.", "prof.", "dr",
    "med.", "d'", "und", "vom", "of", NULL};

/* What begins the names of papers and shops, and not of people. */
static const char *const articles[] = {"the", "der", "die", "das", "le", "la", "les", "el", "los",
    "las", "il", "i", "lo", "gli", "o", "a", "os", "as", "de", "het", "den", "det", "mein", "my",
    "unser", "our", "new", NULL};

/* "Hand und Hobel": no name of one person has them. */
static const char *const joining_words[] = {
    "und", "and", "et", "of", "&", "+", "og", "och", "en", "für", "for", "mit", NULL};

bool name_is_listed(struct bytes word, const char *const *list)
{
    char folded[NAME_BYTES];
    struct bytes lower = {folded, fold_case(word, folded, sizeof(folded))};

    for (; lower.len > 0 && *list != NULL; list++)
        if (**list == folded[0] && bytes_is(lower, *list))
            return true;
    return false;
}

bool name_starts(struct bytes word)
{
    char folded[4];
    struct bytes first = {word.ptr, word.len < 4 ? word.len : 4};
    unsigned char c = word.len > 0 ? (unsigned char)word.ptr[0] : 0;

    if (c >= 0xD5)
        return true;
    if (!is_alpha((char)c) && c < 0xC3)
        return false;
    first.len = c < 0x80 ? 1 : first.len < 2 ? first.len : 2;
    return fold_case(first, folded, sizeof(folded)) != first.len ||
           memcmp(folded, first.ptr, first.len) != 0 || (c >= 0xC3 && (c == 0xC5 || c == 0xC6));
}

bool name_is_particle(struct bytes word)
{
    return name_is_listed(word, particles);
}

bool name_is_organization_word(struct bytes word)
{
    return name_is_listed(word, organization_words);
}

bool name_is_nobody(struct bytes name)
{
    return name_is_listed(name, no_names);
}

/* "Anna Berg's blog" is hers. */
static bool is_owner(struct bytes site, struct bytes name)
{
    struct bytes rest = bytes_from(site, name.len);

    return bytes_starts_nocase(site, name) &&
           (bytes_starts(rest, LIT("'s ")) || bytes_starts(rest, LIT("\xE2\x80\x99s ")));
}

/* "Anna Berg", of two words or more, each of which may begin a name, and none an organization. */
bool name_looks_personal(struct bytes name)
{
    struct bytes rest = name;
    int words = 0;

    while (rest.len > 0) {
        struct bytes word = bytes_cut(&rest, ' ');

        if (!(name_starts(word) || (words > 0 && name_is_particle(word))) ||
            name_is_listed(word, organization_words) || name_is_listed(word, joining_words) ||
            (words == 0 && name_is_listed(word, articles)))
            return false;
        words++;
    }
    return words >= 2 && words <= PERSON_WORDS;
}

/* The name is how the site calls itself or its address. A blog's own name below a host of blogs is
 * its author's. */
bool names_is_site(const struct page *page, struct bytes name)
{
    struct bytes whole = url_host(page->arena, page->url);
    struct bytes host = whole;
    struct bytes below = whole;

    for (size_t i = 0; i < page->said->sites.count; i++) {
        struct bytes site = page->said->sites.items[i].text;

        if (bytes_equal_nocase(site, name) ||
            (name.len >= 5 && !is_owner(site, name) && bytes_find_nocase(site, name) != SIZE_MAX))
            return true;
    }
    if (bytes_starts(host, LIT("www.")))
        host = bytes_from(host, 4);
    bytes_cut(&below, '.');
    bytes_cut(&below, '.');
    if (below.len > 0 && bytes_equal(host, whole))
        return false;
    return name.len >= 4 && bytes_find_byte(name, ' ') == SIZE_MAX &&
           bytes_starts_nocase(host, name);
}

/* Agencies by which people are called, too: Sid, Ani, Hina. */
static const char *const agencies_and_names[] = {
    "sid", "ani", "hina", "efe", "ansa", "lusa", "pap", "sita", "leta", "tt", NULL};

/* "Sid Lowe" is a man, "SID" and "Berlin (sid)" are not. */
static bool is_first_name(struct bytes word, struct bytes name)
{
    return word.len < name.len && word.len > 1 && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z' &&
           word.ptr[1] >= 'a' && name_is_listed(word, agencies_and_names);
}

struct shape {
    int words, capital, organization, digits;
};

static bool read_word(struct shape *shape, struct bytes word, struct bytes name)
{
    struct bytes last = {word.ptr, 0}; /* of its parts: "Online-Redaktion" */

    if (word.len == 0)
        return true;
    shape->words++;
    for (size_t i = word.len; i > 0 && word.ptr[i - 1] != '-'; i--)
        last.len = word.len - (i - 1);
    last.ptr = word.ptr + word.len - last.len;
    shape->organization += name_is_listed(last, organization_words) && !is_first_name(word, name);
    for (size_t i = 0; i < word.len; i++)
        if (is_digit(word.ptr[i]))
            shape->digits++;
    if (name_starts(word)) {
        shape->capital++;
        return true;
    }
    return name_is_particle(word);
}

bool name_has_any(struct bytes text, const char *marks)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr(marks, text.ptr[i]) != NULL && text.ptr[i] != '\0')
            return true;
    return false;
}

static bool starts_with_particle(struct bytes name)
{
    struct bytes rest = name;

    return !name_starts(bytes_cut(&rest, ' '));
}

static int compare_names(const void *name, const void *entry)
{
    return strcmp(name, ((const struct date_name *)entry)->name);
}

bool name_is_date_word(struct bytes word)
{
    char folded[DATE_BYTES];
    size_t len;

    while (word.len > 0 && strchr(".,|", word.ptr[word.len - 1]) != NULL)
        word.len--;
    if (word.len == 0 || word.len >= sizeof(folded) || is_digit(word.ptr[0]))
        return false;
    len = fold_case(word, folded, sizeof(folded) - 1);
    folded[len] = '\0';
    return bsearch(folded, date_months, date_month_count, sizeof(date_months[0]), compare_names) !=
               NULL ||
           bsearch(folded, date_days, date_day_count, sizeof(date_days[0]), compare_names) != NULL;
}

/* "November", "Monday, May": words of a date and nothing else. */
static bool is_only_date(struct bytes name)
{
    while (name.len > 0) {
        struct bytes word = bytes_cut(&name, ' ');

        if (word.len > 0 && !name_is_date_word(word))
            return false;
    }
    return true;
}

/* "Published", in any language. */
static bool is_cue_of_date(struct bytes name)
{
    size_t len = 0;

    return cue_find(name, KIND(DATE) | KIND(MODIFIED), &len) != CUE_NONE && len == name.len;
}

static bool cannot_be_name(struct bytes name)
{
    return name.len < 2 || name.len > NAME_BYTES || name_is_listed(name, no_names) ||
           name_is_listed(name, places) || is_cue_of_date(name) ||
           name_has_any(name, "@{}<>=?!\"#%_:") || bytes_find(name, LIT("://")) != SIZE_MAX ||
           bytes_find(name, LIT("...")) != SIZE_MAX;
}

/* One word: a name in a script without spaces, an address, or what somebody calls himself. */
static enum name_kind kind_of_word(struct bytes name, bool trusted)
{
    unsigned char first = (unsigned char)name.ptr[0];

    if (bytes_find_byte(name, '.') != SIZE_MAX)
        return first < 0x80 && name.ptr[name.len - 1] != '.' ? NAME_ORGANIZATION : NAME_HANDLE;
    if (first >= 0xE3 && name.len <= CHARACTER)
        return NAME_NONE; /* a label: 文, 图 */
    if (first >= 0xE3)
        return trusted || first > 0xE3 ? NAME_PERSON : NAME_NONE; /* kana alone are words */
    if (name.len < LEAST_HANDLE || (!trusted && name_is_date_word(name)))
        return NAME_NONE;
    return NAME_HANDLE;
}

static enum name_kind kind_of_words(
    const struct shape *shape, struct bytes name, bool all, bool trusted)
{
    if (shape->digits > 0 || (!trusted && (shape->capital == 0 || starts_with_particle(name))))
        return NAME_NONE;
    return (all && !is_only_date(name)) || (trusted && shape->words <= 3) ? NAME_PERSON : NAME_NONE;
}

enum name_kind name_kind_of(const struct page *page, struct bytes name, bool trusted)
{
    struct bytes rest = name;
    struct shape shape = {0};
    bool all = true;

    if (cannot_be_name(name))
        return NAME_NONE;
    while (rest.len > 0)
        all &= read_word(&shape, bytes_cut(&rest, ' '), name);
    if (shape.digits > 0 && shape.words > 1 && shape.organization == 0)
        return NAME_NONE;
    if (shape.words > NAME_WORDS || shape.digits > 4)
        return shape.organization > 0 && shape.digits == 0 ? NAME_ORGANIZATION : NAME_NONE;
    if (names_is_site(page, name) || shape.organization > 0)
        return NAME_ORGANIZATION;
    if (shape.words == 1)
        return kind_of_word(name, trusted);
    return kind_of_words(&shape, name, all, trusted);
}

bool names_is_newsroom(const struct page *page, struct bytes name, bool said_so)
{
    static const char *const companies[] = {
        "gmbh", "ag", "ltd", "ltd.", "inc", "inc.", "llc", "kg", "e.v.", "s.a.", "co.", NULL};
    static const char *const newsrooms[] = {"staff", "redaktion", "desk", "newsroom", "editors",
        "wire", "dpa", "afp", "reuters", "ap", "apa", "sda", "sid", "ansa", "tass", "xinhua", "pti",
        "ani", "kyodo", "yonhap", "ntb", "ritzau", "anp", "belga", "lusa", "pap", "kna", "epd",
        "press", NULL};
    bool is_newsroom = said_so;
    struct bytes rest = name;

    if (name_has_any(name, ",@(/") || name_is_listed(name, no_names))
        return false;
    while (rest.len > 0) {
        struct bytes word = bytes_cut(&rest, ' ');

        if (name_is_listed(word, companies))
            return false;
        is_newsroom |= name_is_listed(word, newsrooms);
    }
    return is_newsroom && name_kind_of(page, name, true) != NAME_NONE;
}
