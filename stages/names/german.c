/* german.c - which words of a run are a name in German, where every noun has a capital: a word is a
 * noun when a list or its ending says so, or an article before it; what is left is a name when it
 * stands with others, behind a title, or is known. */
#include "find.h"

enum { ADJECTIVES = 2 };

static struct bytes text_of(const struct finder *f, size_t word)
{
    return bytes_slice(f->text, f->words[word].at, f->words[word].len);
}

/* "der", "die neue", "im alten" before it. */
static bool has_article(const struct finder *f, size_t word)
{
    for (size_t i = word; i > 0 && word - i <= ADJECTIVES; i--) {
        struct bytes before = text_of(f, i - 1);

        if (!bytes_is(finder_gap(f, i), " "))
            return false;
        if ((f->classes[i - 1] & DETERMINER) != 0)
            return true;
        if (f->words[i - 1].capital || before.len < 4 ||
            strchr("enrsm", before.ptr[before.len - 1]) == NULL)
            return false;
    }
    return false;
}

static bool is_title(const struct finder *f, size_t word)
{
    return (f->classes[word] & TITLE) != 0 ||
           lexicon_is_compound(f->lexicon, text_of(f, word), TITLE);
}

static bool is_noun(const struct finder *f, size_t word)
{
    if ((f->classes[word] & KNOWN) != 0 || (finder_is_town(f, word) && !has_article(f, word)))
        return (f->classes[word] & NOUN) != 0;
    return (f->classes[word] & (NOUN | DEMONYM | ORG_INTRO | PLACE_INTRO)) != 0 ||
           finder_lower(f, word) > 0 ||
           lexicon_is_compound(f->lexicon, text_of(f, word), NOUN | NOUN_END);
}

/* The first word that is none of those that introduce a name; *ret_kind is what they say of it. */
static size_t behind_nouns(
    const struct finder *f, size_t first, size_t end, enum name_kind *ret_kind)
{
    size_t start = first;

    while (start < end) {
        uint32_t classes = f->classes[start];

        if (start + 1 < end && is_title(f, start))
            *ret_kind = NAME_PERSON;
        else if (start + 1 < end && (classes & ORG_INTRO) != 0)
            *ret_kind = NAME_ORGANISATION;
        else if (start + 1 < end && (classes & PLACE_INTRO) != 0)
            *ret_kind = NAME_PLACE;
        else if (is_noun(f, start) || (start == first && end - first > 1 && has_article(f, start) &&
                                          (classes & PLACE) == 0))
            *ret_kind = *ret_kind == NAME_PERSON ? NAME_PERSON : NAME_OTHER;
        else
            break;
        start++;
    }
    while (start > first && start < end && !f->words[start].capital)
        start++;
    return start;
}

static bool is_organisation(const struct finder *f, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if ((f->classes[i] & ORG) != 0 || (i > first && (f->classes[i] & ORG_END) != 0))
            return true;
    return false;
}

/* "Der Konzern Siegwart AG": what introduces it, and an article's adjective, stay outside. */
static void add_organisation(struct finder *f, size_t first, size_t end)
{
    while (first + 1 < end && (f->classes[first] & ORG_INTRO) != 0 &&
           ((f->classes[first] & ORG) == 0 || (f->classes[end - 1] & ORG_END) != 0))
        first++;
    while (first + 1 < end && (is_title(f, first) || !f->words[first].capital ||
                                  ((f->classes[end - 1] & ORG_END) != 0 &&
                                      (f->classes[first] & (NOUN | ORG)) == NOUN)))
        first++;
    if (end - first > 1 || finder_is_capitals(f, first))
        finder_add(f, first, end, NAME_ORGANISATION, false);
}

static bool is_said(const struct finder *f, size_t first)
{
    return first > 0 && (f->classes[first - 1] & SAID) != 0 && bytes_is(finder_gap(f, first), " ");
}

static void add_one(struct finder *f, size_t word, enum name_kind kind)
{
    bool known =
        (f->classes[word] & KNOWN) != 0 || finder_is_town(f, word) || finder_is_capitals(f, word);

    if (kind == NAME_OTHER && !known && is_said(f, word))
        kind = NAME_PERSON;
    finder_add(f, word, word + 1, kind, kind == NAME_OTHER && !known);
}

/* Behind the last title that others of the run follow: "Großbritanniens Premierminister Keith
 * Sterling". */
static size_t behind_title(const struct finder *f, size_t first, size_t end)
{
    size_t start = first;

    for (size_t i = first; i + 1 < end; i++)
        if (f->words[i].capital && is_title(f, i))
            start = i + 1;
    return start;
}

/* Without the nouns at its end, and what joins them: "Bayerns zu Überschwemmungen". */
static size_t before_nouns(const struct finder *f, size_t start, size_t end)
{
    while (end > start + 1 && (!f->words[end - 1].capital || (f->classes[end - 1] & NOUN) != 0 ||
                                  (!f->words[end - 2].capital && is_noun(f, end - 1))))
        end--;
    return end;
}

void german_run(struct finder *f, size_t first, size_t end)
{
    enum name_kind kind;
    size_t start, titled;

    if (end - first > 1 && is_organisation(f, first, end)) {
        add_organisation(f, first, end);
        return;
    }
    titled = behind_title(f, first, end);
    if (titled > first && (f->classes[first] & KNOWN) != 0)
        add_one(f, first, NAME_OTHER);
    kind = titled > first ? NAME_PERSON : NAME_OTHER;
    start = behind_nouns(f, titled, end, &kind);
    end = before_nouns(f, start, end);
    if (start >= end || f->words[start].len < 2 || (end - start == 1 && is_noun(f, start)))
        return;
    if (end - start == 1)
        add_one(f, start, kind);
    else
        finder_add(f, start, end, kind, false);
}
