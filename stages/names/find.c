/* find.c - words, how they are written, and which of them stand together. */
#include "find.h"

#include <stdlib.h>

#include <unicode/uchar.h>

#include "text/text.h"
#include "uncased.h"

enum { TALLIES = FIND_WORDS * 2, RUN_WORDS = 10, PARTICLES = 3 };

struct tally {
    uint64_t hash;
    uint32_t epoch;
    uint16_t lower, inner;
};

struct finder *finder_new(const struct listed *listed)
{
    struct finder *f = new_zeroed(sizeof(*f));

    f->lexicon = lexicon_new(listed);
    f->uncased = uncased_new(listed);
    f->tallies = new_zeroed(sizeof(struct tally) * TALLIES);
    return f;
}

void finder_free(struct finder *f)
{
    if (f == NULL)
        return;
    lexicon_free(f->lexicon);
    uncased_free(f->uncased);
    free(f->tallies);
    free(f);
}

static struct tally *tally_of(const struct finder *f, uint64_t hash)
{
    size_t at = hash % TALLIES;

    while (f->tallies[at].epoch == f->epoch && f->tallies[at].hash != hash)
        at = (at + 1) % TALLIES;
    return &f->tallies[at];
}

uint32_t finder_lower(const struct finder *f, size_t word)
{
    const struct tally *t = tally_of(f, f->words[word].hash);

    return t->epoch == f->epoch ? t->lower : 0;
}

uint32_t finder_inner(const struct finder *f, size_t word)
{
    const struct tally *t = tally_of(f, f->words[word].hash);

    return t->epoch == f->epoch ? t->inner : 0;
}

struct bytes finder_gap(const struct finder *f, size_t word)
{
    size_t start = word == 0 ? 0 : f->words[word - 1].at + f->words[word - 1].len;

    return bytes_slice(f->text, start, f->words[word].at - start);
}

/* What a quotation begins with, or a line of a dialogue. */
static bool has_mark(struct bytes gap)
{
    static const char *const marks[] = {
        "\"", "“", "„", "«", "»", "‘", "”", "—", "–", "•", " - ", "--", ";", NULL};

    if (gap.len < 2)
        return gap.len == 1 && gap.ptr[0] == '"';
    for (size_t i = 0; marks[i] != NULL; i++)
        if (bytes_find(gap, bytes_of(marks[i])) != SIZE_MAX)
            return true;
    return false;
}

bool finder_opens(const struct finder *f, size_t word)
{
    return f->words[word].opens || has_mark(finder_gap(f, word));
}

bool finder_is_capitals(const struct finder *f, size_t word)
{
    struct bytes text = bytes_slice(f->text, f->words[word].at, f->words[word].len);
    size_t i = 0;
    int letters = 0;

    while (i < text.len) {
        UChar32 c = (UChar32)text_next(text, &i);

        if (c == 0xFFFD || u_islower(c))
            return false;
        letters += u_isUUppercase(c) ? 1 : 0;
    }
    return letters >= 2;
}

bool finder_is_town(const struct finder *f, size_t word)
{
    return (f->classes[word] & TOWN) != 0 && finder_lower(f, word) == 0 &&
           !lexicon_is_town_word(f->lexicon, f->words[word].hash, f->language);
}

static void count_words(struct finder *f)
{
    f->epoch++;
    for (size_t i = 0; i < f->word_count; i++) {
        const struct word *w = &f->words[i];
        struct tally *t;

        f->classes[i] = w->capital ? lexicon_capital(f->lexicon, w->hash)
                                   : lexicon_classes(f->lexicon, w->hash);
        if (w->kind != WORD_LETTERS || (w->capital && finder_opens(f, i)))
            continue;
        t = tally_of(f, w->hash);
        if (t->epoch != f->epoch)
            *t = (struct tally){.hash = w->hash, .epoch = f->epoch};
        if (w->capital)
            t->inner += t->inner < UINT16_MAX ? 1 : 0;
        else
            t->lower += t->lower < UINT16_MAX ? 1 : 0;
    }
}

static size_t letters_in(const struct finder *f, size_t word)
{
    size_t n = 0;

    for (size_t i = 0; i < f->words[word].len; i++)
        n += ((unsigned char)f->text.ptr[f->words[word].at + i] & 0xC0) != 0x80 ? 1 : 0;
    return n;
}

/* "J.", "U.S.", "O'Malley". */
static bool is_letter_of_name(const struct finder *f, size_t word)
{
    struct bytes behind = bytes_from(f->text, f->words[word].at + f->words[word].len);

    if (bytes_starts(behind, LIT(".")))
        return true;
    return !finder_opens(f, word) && word + 1 < f->word_count && f->words[word + 1].capital &&
           (bytes_starts(behind, LIT("'")) || bytes_starts(behind, LIT("’")));
}

/* "New York", "Los Angeles" at a sentence's start. */
static bool begins_known(const struct finder *f, size_t word)
{
    for (size_t count = 2; count <= 3 && word + count <= f->word_count; count++)
        if (lexicon_known(f->lexicon, f->words + word, count) != 0)
            return true;
    return false;
}

/* "(INTC.O)": a share's sign. */
static bool is_ticker(const struct finder *f, size_t word)
{
    struct bytes behind = bytes_from(f->text, f->words[word].at + f->words[word].len);

    return bytes_ends(bytes_trim(finder_gap(f, word)), LIT("(")) && finder_is_capitals(f, word) &&
           bytes_starts(bytes_trim(behind), LIT(".")) && f->words[word].len > 1;
}

/* "Jan Brzoza", "Hugo Mar", but not "Mar 14". */
static bool is_month_of_name(const struct finder *f, size_t word)
{
    bool leads =
        word + 1 < f->word_count && f->words[word + 1].capital && finder_gap(f, word + 1).len == 1;
    bool ends = word > 0 && f->words[word - 1].capital && (f->classes[word - 1] & STOP) == 0 &&
                bytes_is(finder_gap(f, word), " ") &&
                (word + 1 == f->word_count || f->words[word + 1].kind != WORD_NUMBER);

    return leads || ends;
}

/* A capital that can be a name's: no "Monday", no "The" that opens a sentence; "US" and "De" of
 * "Ugo De Santis" are. */
static bool is_usable(const struct finder *f, size_t word)
{
    const struct word *w = &f->words[word];
    uint32_t classes = f->classes[word];

    if (w->kind != WORD_LETTERS || !w->capital || is_ticker(f, word))
        return false;
    if ((classes & CALENDAR) != 0)
        return (classes & NAME_TOO) != 0 && !f->is_german && is_month_of_name(f, word);
    if (letters_in(f, word) == 1)
        return is_letter_of_name(f, word);
    if ((classes & STOP) == 0 || finder_is_capitals(f, word))
        return true;
    return (!f->is_german && !finder_opens(f, word)) || begins_known(f, word);
}

/* Whether a word may be of one name with the word before it, by what stands between them. */
static bool is_joined(const struct finder *f, size_t word)
{
    struct bytes gap = finder_gap(f, word);
    const struct word *before = &f->words[word - 1];

    if (bytes_is(gap, " ") || bytes_is(gap, "\xc2\xa0") || bytes_is(gap, " & "))
        return true;
    if (bytes_is(gap, "-"))
        return letters_in(f, word - 1) > 1;
    if (bytes_is(gap, "'") || bytes_is(gap, "’"))
        return before->len <= 2;
    if (bytes_is(gap, "."))
        return before->len == 1 && f->words[word].len == 1;
    if (bytes_is(gap, ". "))
        return (f->classes[word - 1] & TITLE) != 0 ||
               (!f->words[word].opens && before->capital &&
                   ((f->classes[word - 1] & ORG_END) == 0 || before->len == 1));
    return false;
}

static bool has_class(const struct finder *f, size_t first, size_t end, uint32_t class)
{
    for (size_t i = first; i < end; i++)
        if ((f->classes[i] & class) != 0)
            return true;
    return false;
}

/* "of", "for the" go on with an organisation alone; "de", "van der" with any name. */
static bool is_particle(const struct finder *f, size_t first, size_t word)
{
    static const char *const of[] = {"of", "the", "for", "and", "y", "e", "der", "für", "op", NULL};
    struct bytes text = bytes_slice(f->text, f->words[word].at, f->words[word].len);

    if ((f->classes[word] & PARTICLE) == 0)
        return false;
    for (size_t i = 0; of[i] != NULL; i++)
        if (bytes_is(text, of[i]))
            return has_class(f, first, word, ORG) ||
                   (word > first + 1 && (f->classes[word - 1] & PARTICLE) != 0 &&
                       !f->words[word - 1].capital);
    return has_class(f, first, word, ORG) || lexicon_known(f->lexicon, f->words + first, 1) == 0;
}

/* "Fishermen's Association": the organisation behind a genitive. */
static bool is_genitive(const struct finder *f, size_t word)
{
    struct bytes gap = finder_gap(f, word);

    return f->words[word].len == 1 && f->text.ptr[f->words[word].at] == 's' &&
           (bytes_is(gap, "'") || bytes_is(gap, "’")) && word + 1 < f->word_count &&
           f->words[word + 1].capital && (f->classes[word + 1] & ORG) != 0;
}

/* The word that a run goes on with behind small words; 0 when it ends here. */
static size_t behind_particles(const struct finder *f, size_t first, size_t word)
{
    size_t at = word;

    if (at < f->word_count && is_genitive(f, at))
        return at + 1;
    /* "S.p.A." */
    if (at + 1 < f->word_count && f->words[at].len == 1 && bytes_is(finder_gap(f, at), ".") &&
        bytes_is(finder_gap(f, at + 1), ".") && is_joined(f, at) && is_joined(f, at + 1))
        return at + 1;
    while (at < f->word_count && at - word < PARTICLES && !f->words[at].capital &&
           is_joined(f, at) && is_particle(f, first, at))
        at++;
    if (at == word || at >= f->word_count || !is_usable(f, at))
        return 0;
    /* "des FC": an article, where it is none of "von der". */
    if (f->is_german && (f->classes[word] & DETERMINER) != 0 && !has_class(f, first, word, ORG))
        return 0;
    /* "Ana Lund van Utrecht" is of Utrecht. */
    if (at == word + 1 && word > first + 1 && (f->classes[at] & PLACE) != 0 &&
        !has_class(f, first, word, ORG))
        return 0;
    return is_joined(f, at) ? at : 0;
}

/* "Uppsala universitet": what an organisation is, in small letters, in Nordic languages;
 * "Assemblée nationale". */
static bool is_small_tail(const struct finder *f, size_t word)
{
    if (f->words[word].capital)
        return false;
    return (f->is_nordic && (f->classes[word] & ORG) != 0) ||
           ((f->classes[word] & ORG_WORD) != 0 && (f->classes[word - 1] & ORG) != 0);
}

/* The words that are one known name: "Castilla y León". */
static size_t known_end(const struct finder *f, size_t first)
{
    for (size_t count = 4; count > 1; count--)
        if (first + count <= f->word_count &&
            lexicon_known(f->lexicon, f->words + first, count) != 0)
            return first + count;
    return first + 1;
}

static size_t run_end(const struct finder *f, size_t first)
{
    size_t end = known_end(f, first);

    while (end < f->word_count && end - first < RUN_WORDS) {
        bool goes_on = is_usable(f, end) || is_small_tail(f, end);
        size_t next = goes_on && is_joined(f, end) ? end : behind_particles(f, first, end);

        if (next == 0)
            break;
        end = next + 1;
    }
    return end;
}

static bool is_german_text(const struct finder *f, struct bytes language)
{
    size_t determiners = 0;

    if (language.len > 0)
        return bytes_starts_nocase(language, LIT("de")) || bytes_starts_nocase(language, LIT("lb"));
    for (size_t i = 0; i < f->word_count; i++)
        determiners += (f->classes[i] & DETERMINER) != 0 ? 1 : 0;
    return determiners * 12 > f->word_count; /* every eighth word of German news is one */
}

/* A line in capitals throughout, as headings are: "BRIDGE CLOSED AFTER STORM" names nobody. */
static bool is_shouted(const struct finder *f, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (!finder_is_capitals(f, i))
            return false;
    if (lexicon_known(f->lexicon, f->words + first, end - first) != 0)
        return false;
    return end - first > 2 ||
           (first > 0 && finder_is_capitals(f, first - 1) && is_joined(f, first)) ||
           (end < f->word_count && finder_is_capitals(f, end) && is_joined(f, end));
}

void finder_add(struct finder *f, size_t first, size_t end, enum name_kind kind, bool weak)
{
    struct mention *m = &f->mentions[f->mention_count];
    const struct word *last = &f->words[end - 1];

    if (f->mention_count >= FIND_MENTIONS || first >= end || is_shouted(f, first, end) ||
        lexicon_known(f->lexicon, f->words + first, end - first) == NOBODY)
        return;
    *m = (struct mention){.first = (uint32_t)first,
        .count = (uint32_t)(end - first),
        .at = f->words[first].at,
        .len = last->at + last->len - f->words[first].at,
        .kind = (uint8_t)kind,
        .weight = kind == NAME_OTHER ? 0 : 4,
        .weak = weak};
    /* "Solaris S.A." has its last dot. */
    if (last->len == 1 && end - first > 1 && bytes_is(finder_gap(f, end - 1), ".") &&
        m->at + m->len < f->text.len && f->text.ptr[m->at + m->len] == '.')
        m->len++;
    if ((f->classes[end - 1] & GENITIVE) != 0)
        m->len--;
    kind_weigh(f, m);
    f->mention_count++;
}

/* Genitives of places and houses are these, in languages that add an s alone. */
static void read_genitives(struct finder *f)
{
    for (size_t i = 0; i < f->word_count; i++) {
        struct word *w = &f->words[i];
        uint32_t classes;

        if (!w->capital || w->kind != WORD_LETTERS || f->classes[i] != 0 ||
            f->text.ptr[w->at + w->len - 1] != 's')
            continue;
        classes = lexicon_genitive(f->lexicon, bytes_slice(f->text, w->at, w->len), &w->hash);
        f->classes[i] |= classes;
    }
}

void finder_read(struct finder *f, struct bytes text, struct bytes language)
{
    struct words words = {.at = f->words};

    words_read_into(text, FIND_WORDS, &words);
    f->text = text;
    f->language = language;
    f->word_count = words.count;
    f->mention_count = 0;
    count_words(f);
    f->is_german = is_german_text(f, language);
    f->is_nordic = language.len >= 2 &&
                   bytes_find(LIT("sv da nb nn no"), bytes_slice(language, 0, 2)) != SIZE_MAX;
    if (f->is_german || f->is_nordic)
        read_genitives(f);
    for (size_t i = 0; i < f->word_count;) {
        bool is_small = (f->classes[i] & SMALL_ORG) != 0 && !f->words[i].capital;
        size_t end = is_small || is_usable(f, i) ? run_end(f, i) : i;

        if (end > i + (is_small ? 1 : 0)) {
            if (f->is_german)
                german_run(f, i, end);
            else
                plain_run(f, i, end);
        }
        i = end > i ? end : i + 1;
    }
    uncased_read(f->uncased, f);
}
