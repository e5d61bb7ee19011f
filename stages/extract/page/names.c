/* names.c - where one name ends and the next begins, and what is no name at all. */
#include "page/names.h"

#include "cue/cue.h"
#include "text/date.h"
#include "text/date_names.h"
#include "text/url.h"

enum { WORDS_MAX = 6, LEAST_HANDLE = 4, LEAST_CUE = 6 };

#define KIND(name) (1U << CUE_##name)

static const char *const joiners[] = {" and ", " und ", " et ", " y ", " e ", " og ", " och ",
    " en ", " & ", " + ", " i ", " a ", " ja ", " ve ", " și ", " и ", " і ", " та ", " và ",
    " dan ", " im Gespräch mit ", " with ", " mit ", " avec ", " con ", " con la colaboración de ",
    " și ", " és ", " ir ", " un ", " und", "\xE3\x80\x81", "\xEF\xBC\x8C", "\xEF\xBC\x8F", " / ",
    "/", ";", "|", " \xE2\x80\xA2 ", " \xC2\xB7 ", "\n", NULL};

/* Joiners of one letter, and words that also stand within names, need a full name on both sides. */
static bool is_careful(const char *joiner)
{
    return strlen(joiner) == 3 && is_alpha(joiner[1]);
}

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

static bool is_listed(struct bytes word, const char *const *list)
{
    char folded[NAME_BYTES];
    struct bytes lower = {folded, fold_case(word, folded, sizeof(folded))};

    for (; *list != NULL; list++)
        if (bytes_is(lower, *list))
            return true;
    return false;
}

/* A capital letter, or a letter of a script that has none. */
static bool starts_like_name(struct bytes word)
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

/* "Anna Berg's blog" is hers. */
static bool is_owner(struct bytes site, struct bytes name)
{
    struct bytes rest = bytes_from(site, name.len);

    return bytes_starts_nocase(site, name) &&
           (bytes_starts(rest, LIT("'s ")) || bytes_starts(rest, LIT("\xE2\x80\x99s ")));
}

/* The name is how the site calls itself or its address. A blog's own name below a host of blogs is
 * its author's. */
bool names_is_site(const struct page *page, struct bytes name)
{
    struct bytes host = url_host(page->arena, page->url);
    struct bytes below = host;

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
    if (below.len > 0 && bytes_equal(host, url_host(page->arena, page->url)))
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
           word.ptr[1] >= 'a' && is_listed(word, agencies_and_names);
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
    shape->organization += is_listed(last, organization_words) && !is_first_name(word, name);
    for (size_t i = 0; i < word.len; i++)
        if (is_digit(word.ptr[i]))
            shape->digits++;
    if (starts_like_name(word)) {
        shape->capital++;
        return true;
    }
    return is_listed(word, particles);
}

static bool has_any(struct bytes text, const char *marks)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr(marks, text.ptr[i]) != NULL && text.ptr[i] != '\0')
            return true;
    return false;
}

static bool starts_with_particle(struct bytes name)
{
    struct bytes rest = name;

    return !starts_like_name(bytes_cut(&rest, ' '));
}

/* "Published", in any language. */
static bool is_cue_of_date(struct bytes name)
{
    size_t len = 0;

    return cue_find(name, KIND(DATE) | KIND(MODIFIED), &len) != CUE_NONE && len == name.len;
}

static bool cannot_be_name(struct bytes name)
{
    return name.len < 2 || name.len > NAME_BYTES || is_listed(name, no_names) ||
           is_listed(name, places) || is_cue_of_date(name) || has_any(name, "@{}<>=?!\"#%_:") ||
           bytes_find(name, LIT("://")) != SIZE_MAX || bytes_find(name, LIT("...")) != SIZE_MAX;
}

/* One word: a name in a script without spaces, an address, or what somebody calls himself. */
static enum name_kind kind_of_word(struct bytes name, bool trusted)
{
    unsigned char first = (unsigned char)name.ptr[0];

    if (bytes_find_byte(name, '.') != SIZE_MAX)
        return first < 0x80 && name.ptr[name.len - 1] != '.' ? NAME_ORGANIZATION : NAME_HANDLE;
    if (first >= 0xE3)
        return trusted || first > 0xE3 ? NAME_PERSON : NAME_NONE; /* kana alone are words */
    return name.len < LEAST_HANDLE ? NAME_NONE : NAME_HANDLE;
}

static enum name_kind kind_of_words(
    const struct shape *shape, struct bytes name, bool all, bool trusted)
{
    if (shape->digits > 0 || (!trusted && (shape->capital == 0 || starts_with_particle(name))))
        return NAME_NONE;
    return all || (trusted && shape->words <= 3) ? NAME_PERSON : NAME_NONE;
}

/* trusted: it was given as a name, not found in running text. */
static enum name_kind kind_of(const struct page *page, struct bytes name, bool trusted)
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
    if (shape.words > WORDS_MAX || shape.digits > 4)
        return shape.organization > 0 && shape.digits == 0 ? NAME_ORGANIZATION : NAME_NONE;
    if (names_is_site(page, name) || shape.organization > 0)
        return NAME_ORGANIZATION;
    if (shape.words == 1)
        return kind_of_word(name, trusted);
    return kind_of_words(&shape, name, all, trusted);
}

static struct bytes without_marks_behind(struct bytes text)
{
    text = bytes_trim(text);
    while (text.len > 0) {
        if (strchr("-,:|*)\"'/]", text.ptr[text.len - 1]) != NULL)
            text.len--;
        else if (text.len > 3 && text.ptr[text.len - 3] == '\xE2') /* dashes, quotes, arrows */
            text.len -= 3;
        else
            break;
        text = bytes_trim(text);
    }
    return text;
}

/* Without marks at both ends, cues in front, and what follows a bracket. */
static struct bytes strip(struct bytes text)
{
    size_t len = 0;

    text = bytes_trim(text);
    if (text.len > 3 && bytes_starts_nocase(text, LIT("by")) && text.ptr[2] >= 'A' &&
        text.ptr[2] <= 'Z')
        text = bytes_from(text, 2); /* "ByAnna Berg": the space was a margin */
    for (int i = 0; i < 3; i++) {
        while (text.len > 0 && strchr("-,:.|*(\"'[", text.ptr[0]) != NULL)
            text = bytes_trim(bytes_from(text, 1));
        if (bytes_starts(text, LIT("\xC2\xA9")))
            text = bytes_trim(bytes_from(text, 2));
        if (cue_find(text, KIND(BYLINE), &len) == CUE_NONE || len >= text.len)
            break;
        text = bytes_trim(bytes_from(text, len));
    }
    for (size_t i = 1; i < text.len; i++)
        if (text.ptr[i] == '(' || text.ptr[i] == '[' || text.ptr[i] == '<')
            text.len = i;
    return without_marks_behind(text);
}

static const char *const enders[] = {" in ", " for ", " on ", " aus ", " at ", " is ", " - ",
    " \xE2\x80\x93 ", " \xE2\x80\x94 ", " am ", " f\xC3\xBCr ", " \xEA\xB8\xB0\xEC\x9E\x90",
    " \xED\x8A\xB9\xED\x8C\x8C\xEC\x9B\x90", " \xEC\x84\xA0\xEC\x9E\x84\xEA\xB8\xB0\xEC\x9E\x90",
    " Posted", " | ", "http", NULL};

/* A phrase that dates follow, within the text: "Anna Berg Veröffentlicht: ...". */
static struct bytes before_date_cue(struct bytes text)
{
    for (size_t i = 4; i + LEAST_CUE < text.len; i++) {
        size_t len = 0;

        if (text.ptr[i - 1] == ' ' &&
            cue_find(bytes_from(text, i), KIND(DATE) | KIND(MODIFIED), &len) != CUE_NONE &&
            len >= LEAST_CUE)
            return bytes_slice(text, 0, i - 1);
    }
    return text;
}

/* Where the name stops and its bearer's place, paper or the date begins. */
static struct bytes before_ender(struct bytes text)
{
    for (const char *const *one = enders; *one != NULL; one++) {
        size_t at = bytes_find(text, bytes_of(*one));

        if (at != SIZE_MAX && at >= 2)
            text.len = at;
    }
    return before_date_cue(text);
}

static bool is_date_word(struct bytes word)
{
    char folded[NAME_BYTES];
    struct bytes lower;

    while (word.len > 0 && strchr(".,|", word.ptr[word.len - 1]) != NULL)
        word.len--;
    lower = (struct bytes){folded, fold_case(word, folded, sizeof(folded))};
    for (size_t i = 0; i < date_month_count; i++)
        if (bytes_is(lower, date_months[i].name))
            return true;
    for (size_t i = 0; i < date_day_count; i++)
        if (bytes_is(lower, date_days[i].name))
            return true;
    return false;
}

/* "um 21:11", "à 08:00", "am 3.": what stands between a name and the digits behind it. */
static bool leads_to_digits(struct bytes word)
{
    static const char *const leads[] = {"um", "am", "on", "at", "à", "le", "il", "el", "em", "op",
        "den", "kl", "kl.", "a", "las", "den", "dne", "w", "dnia", "-", "–", "—", "|", "·", "•",
        "@", "»", "»»", "в", "о", NULL};

    return is_listed(word, leads) || is_date_word(word);
}

/* "Anna BergMay", where a style draws the space. */
static struct bytes before_glued_month(struct bytes text)
{
    for (size_t i = text.len; i-- > 1 && text.ptr[i] != ' ';)
        if (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' && is_alpha(text.ptr[i - 1]) &&
            is_date_word(bytes_from(text, i)))
            return bytes_slice(text, 0, i);
    return text;
}

/* "Anna Berg May 2, 2024": what stands in front of the first digit, without the month or day before
 * it. */
static struct bytes before_date(struct bytes text)
{
    size_t digit = 0;

    while (digit < text.len && !is_digit(text.ptr[digit]))
        digit++;
    if (digit == text.len || digit < 5 || text.ptr[digit - 1] != ' ')
        return text;
    text = bytes_trim((struct bytes){text.ptr, digit});
    for (int i = 0; i < 3; i++) {
        size_t space = text.len;

        while (space > 0 && text.ptr[space - 1] != ' ')
            space--;
        if (space == 0 || !leads_to_digits(bytes_from(text, space)))
            break;
        text = bytes_trim((struct bytes){text.ptr, space});
    }
    return before_glued_month(text);
}

/* "Anna Berg Anna Berg": once for the eye and once for a screen reader. */
static struct bytes once(struct bytes text)
{
    size_t half = text.len / 2;

    if (text.len % 2 == 1 && text.ptr[half] == ' ' &&
        bytes_equal(bytes_slice(text, 0, half), bytes_from(text, half + 1)))
        text.len = half;
    return text;
}

static void add_one(struct names *names, const struct page *page, struct bytes text, bool trusted)
{
    enum name_kind kind;

    text = once(strip(before_date(before_ender(strip(text)))));
    if (text.len == 0 || names->count == NAMES_MAX)
        return;
    for (size_t i = 0; i < names->count; i++)
        if (bytes_equal_nocase(names->items[i], text))
            return;
    kind = kind_of(page, text, trusted);
    if (kind == NAME_NONE)
        return;
    names->kinds[names->count] = kind;
    names->items[names->count++] = text;
}

static int word_count(struct bytes text)
{
    int words = 0;

    text = bytes_trim(text);
    while (text.len > 0)
        words += bytes_cut(&text, ' ').len > 0;
    return words;
}

/* "Head of Research", "Leiterin der Abteilung": what somebody is, and not who. */
static bool names_an_office(struct bytes part)
{
    static const char *const links[] = {" of ", " der ", " des ", " for ", " at ", " f\xC3\xBCr ",
        " im ", " bei ", " am ", " del ", " du ", " la ", NULL};

    for (int i = 0; links[i] != NULL; i++)
        if (bytes_find_nocase(part, bytes_of(links[i])) != SIZE_MAX)
            return true;
    return false;
}

/* "Anna Berg, Tom Lind" are two; "Berg, Anna" is one, and so is "Anna Berg, Oslo" or "Anna Berg,
 * Political Editor". */
static void add_commas(
    struct names *names, const struct page *page, struct bytes text, bool trusted)
{
    struct bytes rest = text;
    int index = 0;

    while (rest.len > 0) {
        struct bytes part = bytes_trim(bytes_cut(&rest, ','));
        bool is_role = cue_find(part, KIND(ROLE), NULL) != CUE_NONE || names_an_office(part);

        if (index++ == 0 || (word_count(part) >= 2 && !is_role))
            add_one(names, page, part, trusted);
    }
}

void names_add(struct names *names, const struct page *page, struct bytes text, bool trusted)
{
    size_t start = 0;

    if (text.len > 600 || bytes_find(text, LIT("://")) != SIZE_MAX)
        return;
    for (size_t i = 0; i < text.len; i++) {
        for (const char *const *joiner = joiners; *joiner != NULL; joiner++) {
            struct bytes mark = bytes_of(*joiner);

            if (text.ptr[i] != mark.ptr[0] || !bytes_starts(bytes_from(text, i), mark))
                continue;
            if (is_careful(*joiner) && (word_count(bytes_slice(text, start, i - start)) < 2 ||
                                           word_count(bytes_from(text, i + mark.len)) < 2))
                continue;
            add_commas(names, page, bytes_slice(text, start, i - start), trusted);
            start = i + mark.len;
            i = start - 1;
            break;
        }
    }
    add_commas(names, page, bytes_from(text, start), trusted);
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

    if (has_any(name, ",@(/") || is_listed(name, no_names))
        return false;
    while (rest.len > 0) {
        struct bytes word = bytes_cut(&rest, ' ');

        if (is_listed(word, companies))
            return false;
        is_newsroom |= is_listed(word, newsrooms);
    }
    return is_newsroom && kind_of(page, name, true) != NAME_NONE;
}

/* Nothing but the cue of a byline or a date: its name stands elsewhere. */
static bool is_only_cue(struct bytes text)
{
    size_t len = 0;

    return cue_find(text, KIND(BYLINE) | KIND(DATE) | KIND(MODIFIED) | KIND(FURNITURE), &len) !=
               CUE_NONE &&
           len + 2 >= text.len;
}

struct bytes names_signature(struct bytes text)
{
    static const char *const newsrooms[] = {
        "redaktion", "redaction", "staff", "team", "rédaction", "redacción", NULL};
    struct date date;

    if (text.len > 0 && text.ptr[text.len - 1] == ':')
        return (struct bytes){NULL, 0};
    text = strip(before_date(before_ender(strip(text))));
    if (bytes_find_byte(text, ',') != SIZE_MAX)
        text.len = bytes_find_byte(text, ',');
    text = once(bytes_trim(text));
    if (text.len < 3 || text.len > SIGNATURE_BYTES || word_count(text) > WORDS_MAX ||
        has_any(text, "@{}<>=?!\"#%:") || is_only_cue(text) || is_date_word(text) ||
        date_parse(text, DATE_ORDER_UNKNOWN, &date) ||
        (is_listed(text, no_names) && !is_listed(text, newsrooms)) || is_digit(text.ptr[0]))
        return (struct bytes){NULL, 0};
    return text;
}

size_t names_count(const struct names *names, enum name_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < names->count; i++)
        count += names->kinds[i] == kind;
    return count;
}

bool names_within(const struct names *a, const struct names *b)
{
    for (size_t i = 0; i < a->count; i++) {
        bool found = a->kinds[i] != NAME_PERSON;

        for (size_t k = 0; k < b->count && !found; k++)
            found = bytes_equal_nocase(b->items[k], a->items[i]);
        if (!found)
            return false;
    }
    return true;
}
