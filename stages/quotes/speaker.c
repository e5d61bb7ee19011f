/* speaker.c - the clause behind a quotation, then the one before it, then what was said before. */
#include "speaker.h"

#include <stdlib.h>

#include "base/arena.h"

enum {
    SLOTS = 4096,
    LIST_WORDS = 512,
    BEHIND = 14, /* words of a clause behind a quotation in which its verb and name are */
    BEFORE = 30, /* words of a sentence before it */
    MEANT = 60,  /* words before it in which a pronoun's name is */
    VERB_WITHIN = 9,
};

enum said_class { VERB = 1, ACCORDING_TO = 2, PRONOUN = 4, HELPER = 8, ROLE = 16 };

struct said {
    uint64_t hashes[SLOTS];
    uint8_t classes[SLOTS];
    struct word words[LIST_WORDS];
};

static const struct {
    uint8_t class;
    const char *words;
} lists[] = {
#define VERBS(language_, words_) {.class = VERB, .words = (words_)},
#define ACCORDING(words_) {.class = ACCORDING_TO, .words = (words_)},
#define PRONOUNS(words_) {.class = PRONOUN, .words = (words_)},
#define HELPERS(words_) {.class = HELPER, .words = (words_)},
#define ROLES(words_) {.class = ROLE, .words = (words_)},
#include "said.def"
};

static size_t slot_of(const struct said *said, uint64_t hash)
{
    size_t at = hash % SLOTS;

    while (said->classes[at] != 0 && said->hashes[at] != hash)
        at = (at + 1) % SLOTS;
    return at;
}

struct said *said_new(void)
{
    struct said *said = new_zeroed(sizeof(*said));

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct words words = {.at = said->words};

        words_read_into(bytes_of(lists[i].words), LIST_WORDS, &words);
        for (size_t w = 0; w < words.count; w++) {
            size_t at = slot_of(said, words.at[w].hash);

            said->hashes[at] = words.at[w].hash;
            said->classes[at] |= lists[i].class;
        }
    }
    return said;
}

void said_free(struct said *said)
{
    free(said);
}

void speech_add_person(struct speech *s, struct bytes name, bool is_sure)
{
    struct word found[NAME_WORDS];
    struct words words = {.at = found};
    struct person *p = &s->people[s->people_count];

    if (s->people_count >= PEOPLE)
        return;
    words_read_into(name, NAME_WORDS, &words);
    *p = (struct person){.name = name, .count = words.count, .is_sure = is_sure};
    for (size_t i = 0; i < words.count; i++)
        p->words[i] = found[i].hash;
    s->people_count += words.count > 0 ? 1 : 0;
}

static uint8_t class_of(const struct speech *s, size_t word)
{
    return s->said->classes[slot_of(s->said, s->words[word].hash)];
}

/* The first word that begins at byte at or behind it. */
static size_t word_at(const struct speech *s, size_t at)
{
    size_t low = 0;
    size_t high = s->word_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (s->words[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whose name begins at word, whole or the surname alone; NULL when nobody's. *ret_end: the word
 * behind it. */
static const struct person *person_at(const struct speech *s, size_t word, size_t *ret_end)
{
    const struct person *by_surname = NULL;

    if (!s->words[word].capital && s->words[word].kind == WORD_LETTERS &&
        (class_of(s, word) & HELPER) != 0)
        return NULL;
    for (size_t i = 0; i < s->people_count; i++) {
        const struct person *p = &s->people[i];
        size_t n = 0;

        while (n < p->count && word + n < s->word_count && s->words[word + n].hash == p->words[n])
            n++;
        if (n == p->count) {
            *ret_end = word + n;
            return p;
        }
        if (by_surname == NULL && s->words[word].capital &&
            p->words[p->count - 1] == s->words[word].hash)
            by_surname = p;
    }
    *ret_end = word + 1;
    return by_surname;
}

/* The first; in "Crown Bank analyst Ana Lund" the one behind the role. */
static const struct person *first_person(const struct speech *s, size_t from, size_t to)
{
    const struct person *first = NULL;
    size_t end = 0;
    size_t i;

    for (i = from; i < to && first == NULL; i++)
        first = person_at(s, i, &end);
    for (i = end; first != NULL && i < to && i < end + 3; i++) {
        size_t behind;
        const struct person *next = person_at(s, i, &behind);

        if (next != NULL && i > end && (class_of(s, i - 1) & ROLE) != 0)
            return next;
    }
    return first;
}

static const struct person *last_person(const struct speech *s, size_t from, size_t to)
{
    const struct person *last = NULL;
    size_t end;

    for (size_t i = from; i < to;) {
        const struct person *p = person_at(s, i, &end);

        last = p != NULL ? p : last;
        i = p != NULL ? end : i + 1;
    }
    return last;
}

static const struct person *last_sure(const struct speech *s, size_t from, size_t to)
{
    size_t end;

    for (size_t i = to; i > from; i--) {
        const struct person *p = person_at(s, i - 1, &end);

        if (p != NULL && p->is_sure && end <= to)
            return p;
    }
    return NULL;
}

static size_t find_class(const struct speech *s, size_t from, size_t to, uint8_t class)
{
    for (size_t i = from; i < to; i++)
        if ((class_of(s, i) & class) != 0)
            return i;
    return SIZE_MAX;
}

static struct speaker named(const struct person *p)
{
    if (p == NULL)
        return (struct speaker){SPEAKER_UNNAMED, {NULL, 0}};
    return (struct speaker){SPEAKER_NAMED, p->name};
}

/* Who a pronoun, or a verb without anybody, means: the last that was named before byte at, within a
 * paragraph or two. */
static struct speaker meant_before(const struct speech *s, size_t at, struct speaker before)
{
    size_t to = word_at(s, at);
    const struct person *p;

    if (before.state == SPEAKER_NAMED)
        return before;
    p = last_sure(s, to > MEANT ? to - MEANT : 0, to);
    return named(p);
}

/* Words from byte start on up to the end of the sentence, the line, or the next quotation. */
static size_t clause_end(const struct speech *s, size_t start, size_t stop)
{
    size_t first = word_at(s, start);
    size_t i = first;

    while (i < s->word_count && i - first < BEHIND && s->words[i].at < stop &&
           (i == first || !s->words[i].opens))
        i++;
    return i;
}

/* The sentence breaks right behind the quotation: what follows is another. */
static bool ends_there(const struct speech *s, const struct span *span)
{
    struct bytes gap = bytes_from(s->text, span->behind);
    char last = s->text.ptr[span->end - 1];

    gap = bytes_slice(gap, 0, 3);
    if (gap.len == 0 || gap.ptr[0] == '\n' || gap.ptr[0] == '.')
        return true;
    return (last == '.') && !span->is_speech;
}

/* "Ana Lund, who runs Best Buys, said": whom the clause begins with. */
static const struct person *before_comma(const struct speech *s, size_t from, size_t to)
{
    size_t end = to;
    const struct person *p = from < to ? person_at(s, from, &end) : NULL;

    if (p == NULL || end >= to || s->text.ptr[s->words[end - 1].at + s->words[end - 1].len] != ',')
        return NULL;
    return p;
}

static bool all_of(const struct speech *s, size_t from, size_t to, uint8_t class)
{
    while (from < to && (class_of(s, from) & class) != 0)
        from++;
    return from >= to;
}

/* The clause behind: "said Ana Lund", "Ana Lund said", "a-t-il dit", "teilte Ana Lund mit". */
static struct speaker read_behind(
    const struct speech *s, const struct span *span, size_t stop, struct speaker before)
{
    size_t from = word_at(s, span->behind);
    size_t to = clause_end(s, span->behind, stop);
    size_t verb = find_class(s, from, to < from + VERB_WITHIN ? to : from + VERB_WITHIN, VERB);
    const struct person *p = NULL;
    bool pronoun;

    if (verb == SIZE_MAX)
        return (struct speaker){SPEAKER_NONE, {NULL, 0}};
    p = before_comma(s, from, verb);
    p = p != NULL ? p : last_person(s, from, verb);
    /* Behind the verb, but not whom she told: the name or its title comes at once, or a title
     * before it. */
    pronoun = find_class(s, from, verb + 2 < to ? verb + 2 : to, PRONOUN) != SIZE_MAX;
    if (p == NULL && !pronoun)
        p = first_person(s, verb + 1, to);
    if (p != NULL)
        return named(p);
    if (pronoun || (to <= verb + 1 && all_of(s, from, verb, HELPER)))
        return meant_before(s, span->outer, before);
    return named(NULL);
}

static size_t sentence_start(const struct speech *s, size_t to, size_t stop)
{
    size_t i = to;

    while (i > 0 && to - i < BEFORE && s->words[i - 1].at >= stop) {
        i--;
        if (s->words[i].opens)
            break;
    }
    return i;
}

/* The sign before byte at, blanks passed over; a new line at the start. */
static char last_sign(struct bytes text, size_t at)
{
    size_t before = at + 1;

    while (at > 0 && at < before) {
        before = at;
        if (is_space(text.ptr[at - 1]) && text.ptr[at - 1] != '\n')
            at--;
        else if (at >= 2 && memcmp(text.ptr + at - 2, "\xc2\xa0", 2) == 0)
            at -= 2;
    }
    if (at == 0)
        return '\n';
    return text.ptr[at - 1];
}

/* A word or two in the middle of a sentence are held off with tongs, or a newspaper's name. */
static bool is_short(const struct speech *s, const struct span *span)
{
    return word_at(s, span->end) - word_at(s, span->start) < 3;
}

/* The sentence before: "Ana Lund said:", "According to Ana Lund,", "Ana Lund thanked them:". */
static struct speaker read_before(
    const struct speech *s, const struct span *span, size_t stop, struct speaker before)
{
    size_t to = word_at(s, span->outer);
    char sign = last_sign(s->text, span->outer);
    size_t from;
    size_t verb, according;
    const struct person *p;

    if (strchr(".!?\n", sign) != NULL || (strchr(",:-", sign) == NULL && is_short(s, span)))
        return (struct speaker){SPEAKER_NONE, {NULL, 0}};
    from = sentence_start(s, to, stop);
    according = find_class(s, from, to, ACCORDING_TO);
    verb = find_class(s, from, to, VERB);
    if (according != SIZE_MAX)
        return named(first_person(s, according + 1, to));
    if (verb != SIZE_MAX) {
        p = last_person(s, from, verb);
        p = p != NULL ? p : first_person(s, verb + 1, to);
        if (p == NULL && find_class(s, from, to, PRONOUN) != SIZE_MAX)
            return meant_before(s, s->words[from].at, before);
        return named(p);
    }
    if (sign == ':')
        return named(first_person(s, from, to));
    return (struct speaker){SPEAKER_NONE, {NULL, 0}};
}

/* «We lose, said Ana Lund, and so do you»: the clause between commas. */
static struct speaker read_inside(const struct speech *s, struct span *span)
{
    size_t from = word_at(s, span->start);
    size_t to = word_at(s, span->end);

    for (size_t i = from + 1; i < to; i++) {
        size_t clause = i;
        const struct person *p;
        const char *comma;

        if ((class_of(s, i) & VERB) == 0)
            continue;
        while (clause > from + 1 && (class_of(s, clause - 1) & HELPER) != 0 && clause + 2 > i)
            clause--;
        comma = memrchr(s->text.ptr + s->words[clause - 1].at, ',',
            s->words[clause].at - s->words[clause - 1].at);
        p = comma == NULL ? NULL : first_person(s, i + 1, i + 4 < to ? i + 4 : to);
        if (p == NULL)
            continue;
        span->end = (uint32_t)(comma - s->text.ptr);
        return named(p);
    }
    return (struct speaker){SPEAKER_NONE, {NULL, 0}};
}

/* "– We lost it all, says Maja Lind." */
static bool is_signs(struct bytes text, const struct span *span)
{
    unsigned char first = (unsigned char)text.ptr[span->start];

    return first >= 0xE3 && first <= 0xE9;
}

struct speaker speaker_find(
    const struct speech *s, struct span *spans, size_t count, size_t at, struct speaker before)
{
    struct span *span = &spans[at];
    size_t stop = at + 1 < count ? spans[at + 1].outer : s->text.len;
    size_t since = at > 0 ? spans[at - 1].behind : 0;
    struct speaker behind = {SPEAKER_NONE, {NULL, 0}};
    struct speaker ahead;

    if (is_signs(s->text, span))
        return speaker_of_signs(s->text, span);
    behind = read_inside(s, span);
    if (behind.state != SPEAKER_NONE)
        return behind;
    if (span->is_speech && span->behind == span->end)
        return behind;
    ahead = read_before(s, span, since, before);
    if (last_sign(s->text, span->outer) == ':' && ahead.state == SPEAKER_NAMED)
        return ahead;
    if (!ends_there(s, span))
        behind = read_behind(s, span, stop, before);
    if (behind.state == SPEAKER_NAMED)
        return behind;
    if (ahead.state != SPEAKER_NONE)
        return ahead;
    if (behind.state != SPEAKER_NONE) {
        /* 'Ana Lund, "We lost", she said': the name stands right before. */
        size_t to = word_at(s, span->outer);
        const struct person *p = last_sign(s->text, span->outer) == ','
                                     ? last_person(s, sentence_start(s, to, since), to)
                                     : NULL;

        return p != NULL ? named(p) : behind;
    }
    /* '"I saw it," Ana Lund said. "Then I ran."' */
    if (strchr(".!?,;", last_sign(s->text, span->outer)) == NULL)
        return behind;
    return before;
}
