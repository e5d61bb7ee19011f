/* hint.h - what the names that authors of pages give their elements say about what is in them.
 *
 * Class, id, role, itemprop and test ids are split into words ("ArticleBody__text" is article,
 * body, text); each word and each pair of neighbours is looked up in the table of words.c. */
#ifndef WIREROOM_EXTRACT_CUE_HINT_H
#define WIREROOM_EXTRACT_CUE_HINT_H

#include "html/tree.h"

/* clang-format off */
#define HINTS(X)                                                                                   \
    X(BODY) X(ARTICLE) X(TITLE) X(BYLINE) X(BIO) X(DATE) X(META) X(STANDFIRST) X(CAPTION)          \
    X(CREDIT) X(MEDIA) X(NAV) X(HEADER) X(FOOTER) X(SIDEBAR) X(RELATED) X(TEASER) X(SHARE)         \
    X(TAGS) X(NEWSLETTER) X(PAYWALL) X(COOKIE) X(AD) X(PROMO) X(COMMENT) X(FACTBOX) X(PULLQUOTE)   \
    X(HIDDEN) X(NOTICE) X(LOGIN) X(RATING) X(TOC) X(EMBED) X(LIVE) X(POPUP) X(WIDGET)              \
    X(COPYRIGHT) X(MAIN) X(SECTION) X(LIST) X(LABEL) X(TIME) X(NAME) X(QUOTE) X(TOOL) X(MORE)
/* clang-format on */

enum hint_bit {
#define X(name) HINT_BIT_##name,
    HINTS(X)
#undef X
        HINT_BITS
};

#define HINT(name) (UINT64_C(1) << HINT_BIT_##name)

struct hint_word {
    const char *word; /* lower case ASCII letters and digits; two words are written together */
    uint64_t hints;
};

/* words.c, ended by NULL */
extern const struct hint_word hint_words[];

enum { HINT_SLOTS = 2048, HINT_CACHE = 2048 };

/* The table, ready for look-ups, and a memory of names seen before. */
struct hinter {
    struct {
        uint32_t hash;
        uint16_t word; /* 1 + its place in hint_words, 0 for none */
    } slots[HINT_SLOTS];
    uint32_t wholes; /* first letters of the words for whole names: bits */
    struct {
        uint64_t key;
        uint64_t hints;
    } cache[HINT_CACHE];
};

void hinter_init(struct hinter *hinter);

/* The hints in one attribute's value. */
uint64_t hinter_get(struct hinter *hinter, struct bytes names);

/* Set the hints of all nodes that hold text or images. */
void hinter_mark(struct hinter *hinter, struct tree *tree);

/* "BODY" for HINT_BIT_BODY. */
const char *hint_name(enum hint_bit bit);

#endif
