/* credit.c - whose the last lines of a text say that it is. */
#include "evidence.h"

enum {
    LINES = 5, /* from the end: behind a credit stand notes on the author, on comments, on rights */
    LINE_MOST = 120, /* bytes of a line that is a credit alone */
    RIGHTS_MOST = 240,
    END_MOST = 480, /* of a line, from its end */
    TAIL_MOST = 60, /* of a credit at the end of a line of text */
};

/* What a credit line begins with. A picture's credit does not: "Foto: dpa". */
static const char *const sources[] = {"source:", "sources:", "quelle:", "quellen:", "fuente:",
    "fuentes:", "fonte:", "fonti:", "source :", "bron:", "kilde:", "källa:", "lähde:", "źródło:",
    "zdroj:", "forrás:", "источник:", "джерело:", "kaynak:", "πηγή:", "来源：", "来源:", "來源：",
    "出典：", "sursa:", "izvor:", "المصدر:", "via ", "— via", "with reporting by", NULL};

static const char *const rights[] = {"©", "(c)", "copyright", "all rights reserved", NULL};

/* Words that say who was first; the agency follows. */
static const char *const firsts[] = {"first published by", "originally published by",
    "originally published on", "originally appeared on", "first appeared on", "republished from",
    "first published on", "distributed by", "provided by", NULL};

static bool is_initials(struct bytes word)
{
    word = agency_trim(word);
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] < 'A' || word.ptr[i] > 'Z')
            return false;
    return word.len <= 4;
}

static struct evidence credited(struct agency_credit credit, double confidence)
{
    struct evidence evidence = {.basis = BASIS_CREDIT_LINE,
        .provider = credit.first,
        .confidence = credit.agencies > 1 && confidence > .7 ? .7 : confidence};

    if (credit.first.len == 0)
        return (struct evidence){0};
    evidence_weaken(&evidence, &credit);
    return evidence;
}

/* The first agency that words of text name, one to four at a time: "The Associated Press. All". */
static const struct agency *agency_within(struct bytes text)
{
    struct bytes rest = bytes_clip(text, RIGHTS_MOST);

    while (rest.len > 0) {
        size_t end = 0;
        const struct agency *found = NULL;

        for (int words = 0; words < 4 && end < rest.len; words++) {
            size_t blank = bytes_find_byte(bytes_from(rest, end), ' ');
            const struct agency *longer;

            end = blank == SIZE_MAX ? rest.len : end + blank;
            longer = agency_named(bytes_slice(rest, 0, end));
            found = longer != NULL ? longer : found;
            end += end < rest.len ? 1 : 0;
        }
        if (found != NULL)
            return found;
        bytes_cut(&rest, ' ');
    }
    return NULL;
}

struct evidence rights_read(struct bytes text)
{
    return credited(agency_credit_to(agency_within(text)), .8);
}

static bool begins_with(struct bytes line, const char *const *words, size_t *ret_len)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (bytes_starts_nocase(line, bytes_of(words[i]))) {
            *ret_len = strlen(words[i]);
            return true;
        }
    return false;
}

/* "dpa/abc", "(AP)", "AFP, Reuters", "PTI SKL": agencies first, then initials at most. */
static struct evidence signature(struct bytes line, double confidence)
{
    struct bytes words = agency_trim(line);
    struct agency_credit credit = agency_credit_of(words);
    struct bytes first = bytes_slice(words, 0, bytes_find_byte(words, '/'));

    if (credit.first.len > 0 && credit.long_others == 0 &&
        (credit.others == 0 || agency_named(first) != NULL))
        return credited(credit, confidence);
    /* PTI and its like sign with the initials of those who edited. */
    first = bytes_cut(&words, ' ');
    credit = agency_credit_to(agency_named(first));
    while (credit.first.len > 0 && words.len > 0) {
        struct bytes word = bytes_cut(&words, ' ');

        if (!is_initials(word))
            return (struct evidence){0};
    }
    return credited(credit, confidence);
}

static bool may_be_first(struct bytes line)
{
    return bytes_find(line, LIT("ublished")) != SIZE_MAX ||
           bytes_find(line, LIT("appeared on")) != SIZE_MAX ||
           bytes_find(line, LIT("istributed by")) != SIZE_MAX ||
           bytes_find(line, LIT("rovided by")) != SIZE_MAX;
}

static struct evidence read_line(struct bytes line)
{
    size_t len = 0;
    size_t at;

    if (begins_with(line, sources, &len))
        return credited(agency_credit_of(bytes_from(line, len)), .85);
    if (begins_with(line, rights, &len))
        return rights_read(line);
    /* "AP contributed to this report": others took part in it. */
    at = bytes_find_nocase(line, LIT("contributed "));
    if (at != SIZE_MAX &&
        (bytes_starts_nocase(bytes_from(line, at), LIT("contributed to this")) ||
            bytes_starts_nocase(bytes_from(line, at), LIT("contributed reporting"))))
        return credited(agency_credit_to(agency_within(line)), .4);
    for (size_t i = 0; may_be_first(line) && firsts[i] != NULL; i++) {
        at = bytes_find_nocase(line, bytes_of(firsts[i]));
        if (at != SIZE_MAX)
            return credited(agency_credit_to(agency_within(bytes_from(line, at))), .9);
    }
    if (line.len > LINE_MOST)
        return (struct evidence){0};
    return signature(line, .9);
}

/* "(Reporting by A; Editing by B)" is how Reuters ends, and nobody else. */
static bool is_reuters_end(struct bytes line)
{
    size_t at = bytes_find(line, LIT("(Reporting by "));

    at = at == SIZE_MAX ? bytes_find(line, LIT("(Writing by ")) : at;
    at = at == SIZE_MAX ? bytes_find(line, LIT("(Additional reporting by ")) : at;
    return at != SIZE_MAX && bytes_ends(line, LIT(")"));
}

/* At the end of a sentence: "... on Monday. (AP)", "... am Montag. - dpa", "... on Monday. PTI AB".
 */
static struct evidence read_tail(struct bytes line)
{
    static const char *const stops[] = {
        ". ", ".\xe2\x80\x94", "\" ", "\xe2\x80\x9d ", "! ", "? ", ") ", ".(", "\xc2\xbb ", NULL};
    struct bytes tail = line.len > TAIL_MOST ? bytes_from(line, line.len - TAIL_MOST) : line;
    size_t last = SIZE_MAX;
    struct bytes behind;

    if (is_reuters_end(line))
        return credited(agency_credit_to(agency_named(LIT("Reuters"))), .7);
    for (size_t i = 0; stops[i] != NULL; i++)
        for (size_t at = 0, n;
             (n = bytes_find(bytes_from(tail, at), bytes_of(stops[i]))) != SIZE_MAX; at += n + 1)
            last = last == SIZE_MAX || at + n > last ? at + n : last;
    if (last == SIZE_MAX)
        return (struct evidence){0};
    behind = bytes_trim(bytes_from(tail, last + 1));
    if (behind.len > 0 && (unsigned char)behind.ptr[0] >= 0x80)
        behind = agency_trim(bytes_from(tail, last + 1));
    return signature(behind, .85);
}

struct evidence credit_read(struct bytes text)
{
    struct evidence best = {0};

    for (int lines = 0; lines < LINES && text.len > 0; lines++) {
        struct evidence evidence;
        const char *start = memrchr(text.ptr, '\n', text.len);
        struct bytes line = start == NULL ? text : bytes_from(text, (size_t)(start + 1 - text.ptr));

        text.len = start == NULL ? 0 : (size_t)(start - text.ptr);
        line = bytes_trim(line);
        if (line.len > END_MOST)
            line = bytes_from(line, line.len - END_MOST);
        if (line.len == 0)
            continue;
        evidence = read_line(line);
        if (evidence.basis == BASIS_NONE)
            evidence = read_tail(line);
        if (evidence.confidence > best.confidence)
            best = evidence;
    }
    return best;
}
