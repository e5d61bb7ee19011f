/* words.h - the words of a text as programs compare them: without case, with their places. */
#ifndef WIREROOM_TEXT_WORDS_H
#define WIREROOM_TEXT_WORDS_H

#include "base/arena.h"
#include "base/str.h"

enum word_kind {
    WORD_LETTERS, /* begins with a letter */
    WORD_NUMBER,  /* begins with a digit; "1,000" and "1000" are one */
    WORD_SIGN,    /* one character of a script that sets no blanks: Han, kana, Thai, Lao, Khmer,
                     Burmese */
};

struct word {
    uint64_t hash;    /* of the folded word */
    uint64_t stem;    /* of its first letters; of a sign and the next one */
    uint32_t at, len; /* in the text, bytes */
    uint8_t kind;
    bool capital; /* begins with one; scripts without case have none */
    bool opens;   /* is the first of a sentence or line, where a capital says nothing */
};

struct words {
    struct word *at;
    size_t count;
};

enum {
    WORD_LONGEST = 64, /* bytes; what is beyond is another word: no language's dictionary has one */
    WORD_STEM = 7,     /* letters: most inflection is behind them */
};

/* At most most words of text, valid UTF-8 or not, on arena (the array is taken once, at most
 * text.len + 1 words). Everything but letters, marks and digits parts words. */
void words_read(struct arena *arena, struct bytes text, size_t most, struct words *ret_words);

/* Into words->at, that has room for most of them: for who reads many texts. */
void words_read_into(struct bytes text, size_t most, struct words *words);

#endif
