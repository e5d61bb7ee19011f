/* speaker.h - who speaks, by the verbs and names around a quotation. */
#ifndef WIREROOM_QUOTES_SPEAKER_H
#define WIREROOM_QUOTES_SPEAKER_H

#include "marks.h"
#include "text/words.h"

enum { QUOTE_WORDS = 16384, PEOPLE = 64, NAME_WORDS = 8 };

/* Somebody the text names, by what the names stage found. */
struct person {
    struct bytes name;
    uint64_t words[NAME_WORDS];
    size_t count;
    bool is_sure; /* a person, and not what nobody knows the kind of */
};

struct said; /* the words of said.def */

struct speech {
    const struct said *said;
    struct bytes text;
    struct word words[QUOTE_WORDS];
    size_t word_count;
    struct person people[PEOPLE];
    size_t people_count;
};

struct said *said_new(void);
void said_free(struct said *said);

/* A name, with tabs cut off; more than PEOPLE are passed over. */
void speech_add_person(struct speech *s, struct bytes name, bool is_sure);

enum speaker_state { SPEAKER_NONE, SPEAKER_UNNAMED, SPEAKER_NAMED };

struct speaker {
    enum speaker_state state; /* UNNAMED: somebody is said to speak, who has no name here */
    struct bytes name;
};

/* Who speaks spans[at]; before is the speaker of the quotation before it in the same paragraph. May
 * cut the span where the text breaks in: «We lose, said Ana Lund, and so do you». */
struct speaker speaker_find(
    const struct speech *s, struct span *spans, size_t count, size_t at, struct speaker before);

/* The same where words have no blanks between them: Chinese, Japanese. */
struct speaker speaker_of_signs(struct bytes text, const struct span *span);

#endif
