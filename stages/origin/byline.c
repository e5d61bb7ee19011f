/* byline.c - whose a byline says that the article is. */
#include "evidence.h"

enum { BYLINE_MOST = 300 };

/* Words before the first name. */
static const char *const by[] = {"by ", "von ", "por ", "par ", "di ", "da ", "de ", "av ", "af ",
    "door ", "van ", "przez ", "från ", "from ",
    "źródło: ", "источник: ", "autor: ", "author: ", "redação ", "redacción ", "redazione ",
    "text: ", "texto: ", "текст: ", NULL};

/* Words that make an agency's part in it a part: another wrote with its material. */
static const char *const partly[] = {"with ", "mit material", "mit informationen", "mit agentur",
    "mit ", "con informaci", "con ", "avec ", "com informa", "com ", "med ", "met ", "z ",
    "contribut", "additional", NULL};

/* Where what follows such a word begins; 0 when there is none. */
static size_t part_begins(struct bytes byline)
{
    for (size_t i = 0; partly[i] != NULL; i++) {
        struct bytes word = bytes_of(partly[i]);
        size_t at = bytes_find_nocase(byline, word);

        if (at == 0 || (at != SIZE_MAX && strchr(" (,/|", byline.ptr[at - 1]) != NULL))
            return at + word.len;
    }
    return 0;
}

/* "con información de EFE" names EFE: the last word counts after such a beginning. */
static struct agency_credit behind_of(struct bytes byline, size_t part)
{
    static const char *const ofs[] = {" de ", " da ", " der ", " des ", " von ", " from ", " di ",
        " d'", " av ", " fra ", " från ", " l'", NULL};
    struct agency_credit credit = agency_credit_of(bytes_from(byline, part));

    if (credit.first.len == 0)
        credit = agency_credit_of(byline);
    for (size_t i = 0; credit.first.len == 0 && ofs[i] != NULL; i++) {
        size_t at = bytes_find_nocase(byline, bytes_of(ofs[i]));

        if (at != SIZE_MAX)
            credit = agency_credit_of(bytes_from(byline, at + strlen(ofs[i])));
    }
    return credit;
}

/* "By ANA LUND Associated Press": a name of two or three words behind a person's. */
static struct agency_credit behind_person(struct bytes byline)
{
    struct agency_credit credit = {.agencies = 0};
    struct bytes part = bytes_trim(bytes_slice(byline, 0, bytes_find_byte(byline, '|')));
    size_t at = part.len;

    for (int words = 1; words <= 3 && credit.first.len == 0 && at > 0; words++) {
        const char *blank = memrchr(part.ptr, ' ', at);

        if (blank == NULL)
            break;
        at = (size_t)(blank - part.ptr);
        if (words > 1)
            credit = agency_credit_to(agency_named(bytes_from(part, at + 1)));
    }
    credit.long_others = 1;
    return credit;
}

struct evidence byline_read(struct bytes byline)
{
    struct evidence evidence = {.basis = BASIS_BYLINE};
    struct agency_credit credit;
    size_t part;

    byline = bytes_clip(bytes_trim(byline), BYLINE_MOST);
    for (size_t i = 0; by[i] != NULL; i++)
        if (bytes_starts_nocase(byline, bytes_of(by[i])))
            byline = bytes_from(byline, strlen(by[i]));
    part = part_begins(byline);
    credit = part > 0 ? behind_of(byline, part) : agency_credit_of(byline);
    if (credit.first.len == 0 && part == 0)
        credit = behind_person(byline);
    if (credit.first.len == 0)
        return (struct evidence){0};
    evidence.provider = credit.first;
    /* One agency alone, or a person of it; several; another's work with material of it. */
    if (part > 0)
        evidence.confidence = .5;
    else if (credit.agencies > 1)
        evidence.confidence = .7;
    else
        evidence.confidence = credit.long_others == 0 ? .95 : .85;
    evidence_weaken(&evidence, &credit);
    return evidence;
}
