/* parties.c - a line taken apart into those it names: agencies, and others. */
#include "parties.h"

enum { INITIALS = 4, PARTS = 8 };

/* A word of a list, with its length: these lists are gone through for each part of each line. */
#define WORD(text_)                                                                                \
    {                                                                                              \
        (text_), sizeof(text_) - 1                                                                 \
    }

static const struct bytes joiners[] = {WORD(" and "), WORD(" und "), WORD(" et "), WORD(" y "),
    WORD(" e "), WORD(" og "), WORD(" och "), WORD(" en "), WORD(" with "), WORD(" mit "),
    WORD(" con "), WORD(" avec "), WORD(" med "), WORD(" met "), WORD(" for "), WORD(" of "),
    WORD(" via "), {NULL, 0}};

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
    for (size_t i = 0; joiners[i].len > 0; i++)
        if (bytes_starts_nocase(text, joiners[i]))
            return joiners[i].len;
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
    if (agency != NULL || agency_says_so(part)) {
        if (credit->first.len == 0 || (agency != NULL && !credit->is_known)) {
            credit->first = agency != NULL ? bytes_of(agency->name) : part;
            credit->is_known = agency != NULL;
        }
        credit->agencies++;
        return;
    }
    credit->others++;
    credit->long_others += is_initials(part) ? 0 : 1;
}

struct agency_credit agency_credit_to(const struct agency *agency)
{
    if (agency == NULL)
        return (struct agency_credit){.agencies = 0};
    return (struct agency_credit){.first = bytes_of(agency->name), .is_known = true, .agencies = 1};
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
