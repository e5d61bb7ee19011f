/* run.c - which words of a run are a name, where only names have capitals within a sentence. */
#include "find.h"

/* Behind the last title that others of the run follow: "Finance Minister Obi Nwosu". */
static size_t behind_titles(const struct finder *f, size_t first, size_t end)
{
    size_t start = first;

    for (size_t i = first; i + 1 < end; i++)
        if ((f->classes[i] & TITLE) != 0 && (f->classes[i] & ORG) == 0 && f->words[i].capital)
            start = i + 1;
    /* "President of Kenya" begins with none. */
    while (start > first && start < end && !f->words[start].capital)
        start++;
    return start;
}

/* Words that are nobody's name alone. */
static bool is_common(const struct finder *f, size_t word)
{
    if ((f->classes[word] & KNOWN) != 0 && (f->classes[word] & DEMONYM) == 0)
        return false;
    if (finder_is_capitals(f, word))
        return (f->classes[word] & TITLE) != 0;
    return (f->classes[word] & (STOP | DEMONYM | TITLE | ORG | ORG_END | PLACE_PART)) != 0 ||
           finder_lower(f, word) > finder_inner(f, word);
}

static size_t letters(const struct finder *f, size_t word)
{
    size_t n = 0;

    for (size_t i = 0; i < f->words[word].len; i++)
        n += ((unsigned char)f->text.ptr[f->words[word].at + i] & 0xC0) != 0x80 ? 1 : 0;
    return n;
}

static bool is_organisation(const struct finder *f, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if ((f->classes[i] & ORG) != 0 ||
            (i > first && i + 1 == end && (f->classes[i] & ORG_END) != 0))
            return true;
    return false;
}

/* Without the titles at its end. */
static size_t behind_house(const struct finder *f, size_t first, size_t end)
{
    while (end > first + 1 && ((f->classes[end - 1] & TITLE) != 0 || !f->words[end - 1].capital))
        end--;
    return end;
}

void plain_run(struct finder *f, size_t first, size_t end)
{
    bool opens = finder_opens(f, first);
    size_t titled = behind_titles(f, first, end);
    bool org = end - first > 1 && is_organisation(f, first, end);
    size_t start = org ? first : titled;
    enum name_kind kind = org ? NAME_ORGANISATION : start > first ? NAME_PERSON : NAME_OTHER;

    /* "Crown Bank President Ana Lund" */
    if (org && titled > first + 2 && f->words[titled - 1].capital &&
        is_organisation(f, first, titled - 1) && !is_organisation(f, titled, end)) {
        finder_add(f, first, behind_house(f, first, titled), NAME_ORGANISATION, false);
        finder_add(f, titled, end, NAME_PERSON, false);
        return;
    }
    /* "Företaget Solkraft AB"; "PDG de Voltalux" is the head of what follows. */
    if (start == first && opens && end - first > 1 && (f->classes[first] & ORG_INTRO) != 0 &&
        ((f->classes[first] & ORG) == 0 || (f->classes[end - 1] & ORG_END) != 0)) {
        start++;
        kind = NAME_ORGANISATION;
    } else if (start > first && !f->words[start - 1].capital) {
        kind = NAME_OTHER;
    }

    /* "Rain over Scotland", "Turning Spain around": a first word that is also written small. */
    if (start == first && opens && end - first > 1 && finder_lower(f, first) > 0 &&
        lexicon_known(f->lexicon, f->words + first, end - first) == 0) {
        start++;
        opens = false;
        while (start < end && !f->words[start].capital)
            start++;
    }
    if (start >= end)
        return;
    if (end - start == 1) {
        if ((is_common(f, start) && kind != NAME_PERSON) || letters(f, start) < 2)
            return;
        opens = opens && start == first && (f->classes[start] & KNOWN) == 0 &&
                !finder_is_town(f, start) && !finder_is_capitals(f, start);
        finder_add(f, start, end, kind, opens);
        return;
    }
    finder_add(f, start, end, kind, false);
}
