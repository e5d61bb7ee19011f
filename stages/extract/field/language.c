/* language.c - what language a page is in when it does not say: by its script, then by its smallest
 * words. A guess for choosing cues and the order of dates; the language stage decides. */
#include "cue/cue.h"
#include "field/fields.h"

enum {
    SAMPLE_BYTES = 6000,
    SPOKEN_BYTES = 1500, /* of a page's first good lines */
    LEAST_HITS = 4,      /* of small words: fewer are names and quotations */
    KANA_PART = 10,      /* Japanese has more kana than one to so many ideographs, */
    SCRIPT_PART = 4,     /* and a text in a script more of it than one to so many Latin letters, */
    SCRIPT_LETTERS = 20, /* and more than so many: a name is not a text */
    SPOKEN_PART = 2,     /* what a page says is right if its words are half of the best's */
    WORD_SLOTS = 2048,
    WORD_BYTES = 12,
    LANGUAGES = 32
};

/* Words of a text that are in one line of this table decide for its language. */
static const struct small_words {
    const char *language;
    const char *words; /* between spaces */
} small_words[] = {
    {"en", " the and of to in is that for was with it as on are this by from have be at not but "
           "his you they "},
    {"de", " der die und das den von zu mit ist im nicht ein eine dem für auf des sich auch es an "
           "werden wird "},
    {"fr", " le la les des et en un une du est que pour dans qui sur pas au par plus avec ce sont "
           "ses "},
    {"es", " el la los de que y en un una las por con del se para es al lo como más su fue ha "},
    {"pt", " o a os de que e em um uma do da não para com se por dos na no mais ao foi são "},
    {"it", " il la di che e in un una per del della non con è si le da dei alla sono ha nel più "},
    {"nl", " de het een van en in is dat op te zijn met voor niet aan er ook door maar bij wordt "},
    {"sv", " och att det i en som är på för av med den till inte har de om ett var från "},
    {"no", " og i det er på en som for av med til at ikke den har de om et var ikke fra etter "},
    {"da", " og i det er på en som for af med til at ikke den har de om et var fra efter blev "},
    {"fi", " ja on ei että se oli hän mutta kun myös ovat tai kuin sen olla joka ole mukaan "},
    {"pl", " i w na z się nie do to że jest o jak po za przez od co dla tym ale oraz "},
    {"cs", " a v se na je že to s z o do i k pro jako by ale po za podle při však "},
    {"hu", " a az és hogy nem is egy ez azt volt meg már csak de mint szerint vagy lesz "},
    {"ro", " de și în a la cu pe din că nu un o este care pentru mai al au fi fost "},
    {"tr", " ve bir bu da de için ile olarak daha çok olan gibi sonra kadar ne ise dedi "},
    {"vi", " và của là có không được trong cho các người với một những đã này khi đến từ "},
    {"id", " yang dan di dengan untuk dari ini itu pada tidak dalam akan ke juga oleh ada "},
    {"lt", " ir kad į yra su tai iš jis buvo bet apie kaip po ne už dėl "},
    {"lv", " un ir ka ar no par tas uz bija arī kas lai nav pēc "},
    {"et", " ja on ei et ta see kui oli mis ka aga või oma seda "},
    {"hr", " je u i na se da su za od s koji ne što će bi kao ali "},
    {"sk", " a v sa na je že to s z o do aj k pre ako by ale po za podľa "},
    {"ca", " el la els de que i en un una les per amb del es per és al com més "},
    {"is", " og að í á er sem um það til við af ekki var með fyrir hann "},
    {NULL, NULL},
};

/* The first bytes of a script's block decide for scripts that stand for one language among news. */
static const struct script {
    const char *language;
    unsigned char low, high; /* of the first byte */
    unsigned char second_low, second_high;
} scripts[] = {
    {"ja", 0xE3, 0xE3, 0x81, 0x83},
    {"ko", 0xEA, 0xED, 0xB0, 0xBF},
    {"ko", 0xEB, 0xEC, 0x80, 0xBF},
    {"zh", 0xE4, 0xE9, 0x80, 0xBF},
    {"th", 0xE0, 0xE0, 0xB8, 0xB9},
    {"hi", 0xE0, 0xE0, 0xA4, 0xA5},
    {"bn", 0xE0, 0xE0, 0xA6, 0xA7},
    {"ta", 0xE0, 0xE0, 0xAE, 0xAF},
    {"el", 0xCE, 0xCF, 0x80, 0xBF},
    {"ru", 0xD0, 0xD1, 0x80, 0xBF},
    {"he", 0xD7, 0xD7, 0x80, 0xBF},
    {"ar", 0xD8, 0xDB, 0x80, 0xBF},
    {"ka", 0xE1, 0xE1, 0x82, 0x83},
    {NULL, 0, 0, 0, 0},
};

static const char *by_script(struct bytes text)
{
    int hits[sizeof(scripts) / sizeof(scripts[0])] = {0};
    int best = 0;
    int letters = 0;

    for (size_t i = 0; i + 1 < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        unsigned char next = (unsigned char)text.ptr[i + 1];

        letters += is_alpha((char)c);
        for (int k = 0; c >= 0xCE && scripts[k].language != NULL; k++)
            if (c >= scripts[k].low && c <= scripts[k].high && next >= scripts[k].second_low &&
                next <= scripts[k].second_high)
                hits[k]++;
    }
    for (int k = 1; scripts[k].language != NULL; k++)
        if (hits[k] > hits[best])
            best = k;
    if (hits[0] * KANA_PART > hits[best])
        best = 0; /* kana among ideographs */
    return hits[best] * SCRIPT_PART > letters && hits[best] > SCRIPT_LETTERS
               ? scripts[best].language
               : NULL;
}

/* The words of the table, each with the languages it is a word of. */
static struct slot {
    struct bytes word;
    uint32_t languages; /* bit of the row */
} slots[WORD_SLOTS];

static struct slot *slot_of(const char *word, size_t len)
{
    uint32_t hash = 2166136261U;
    uint32_t at;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)word[i]) * 16777619U;
    for (at = (hash ^ hash >> 15) % WORD_SLOTS; slots[at].languages != 0;
         at = (at + 1) % WORD_SLOTS)
        if (bytes_equal(slots[at].word, (struct bytes){word, len}))
            break;
    return &slots[at];
}

void language_init(void)
{
    memset(slots, 0, sizeof(slots));
    for (int k = 0; small_words[k].language != NULL; k++) {
        struct bytes rest = bytes_of(small_words[k].words);

        while (rest.len > 0) {
            struct bytes word = bytes_cut(&rest, ' ');
            struct slot *slot;

            if (word.len == 0)
                continue;
            slot = slot_of(word.ptr, word.len);
            slot->word = word;
            slot->languages |= 1U << k;
        }
    }
}

/* How often text has words of each row; the best row. */
static int count_words(struct bytes text, int hits[LANGUAGES])
{
    int best = 0;

    memset(hits, 0, LANGUAGES * sizeof(hits[0]));
    while (text.len > 0) {
        struct bytes word = bytes_cut(&text, ' ');
        char folded[WORD_BYTES];
        uint32_t languages;

        if (word.len == 0 || word.len > sizeof(folded))
            continue;
        languages = slot_of(folded, fold_case(word, folded, sizeof(folded)))->languages;
        for (int k = 0; languages != 0; k++, languages >>= 1)
            hits[k] += (languages & 1) != 0;
    }
    for (int k = 1; small_words[k].language != NULL; k++)
        if (hits[k] > hits[best])
            best = k;
    return best;
}

static const char *by_words(struct bytes text)
{
    int hits[LANGUAGES];
    int best = count_words(text, hits);

    return hits[best] >= LEAST_HITS ? small_words[best].language : NULL;
}

struct bytes language_guess(struct bytes text)
{
    const char *language;

    text = bytes_slice(text, 0, SAMPLE_BYTES);
    language = by_script(text);
    if (language == NULL)
        language = by_words(text);
    return bytes_of(language);
}

/* The first good lines, joined. */
static struct bytes sample_of(const struct page *page)
{
    char *out = arena_alloc(page->arena, SPOKEN_BYTES);
    size_t len = 0;

    for (uint32_t i = 0; i < page->line_count && len < SPOKEN_BYTES - 1; i++) {
        struct bytes text = page->lines[i].text;

        if (!page->lines[i].good || text.len == 0)
            continue;
        text = bytes_slice(text, 0, SPOKEN_BYTES - 1 - len);
        memcpy(out + len, text.ptr, text.len);
        len += text.len;
        out[len++] = ' ';
    }
    return (struct bytes){out, len};
}

struct bytes language_spoken(const struct page *page, struct bytes tag)
{
    struct bytes sample = sample_of(page);
    struct bytes said = bytes_slice(tag, 0, 2);
    int hits[LANGUAGES];
    int best;

    if (by_script(sample) != NULL)
        return said.len > 0 && !bytes_is(said, "en") ? said : bytes_of(by_script(sample));
    best = count_words(sample, hits);
    if (hits[best] < LEAST_HITS)
        return said;
    for (int k = 0; small_words[k].language != NULL; k++)
        if (bytes_is(said, small_words[k].language) && hits[k] * SPOKEN_PART >= hits[best])
            return said;
    return bytes_of(small_words[best].language);
}
