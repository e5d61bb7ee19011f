/* unlisted.c - a house that is in no table and calls itself an agency: "Meridian Wire", "Agencia de
 * Noticias del Sur", "南洋通讯社". */
#include <unicode/uchar.h>

#include "parties.h"
#include "text/text.h"

enum {
    NAME_MOST = 64, /* bytes; the longest of agencies.def has 48 */
    WORDS_MOST = 6,
};

/* A word of a list, with its length: these lists are gone through for each part of each line. */
#define WORD(text_)                                                                                \
    {                                                                                              \
        (text_), sizeof(text_) - 1                                                                 \
    }

/* What such a house has in its name, as it is written there. "Press" is none: half of all papers
 * are called so. */
static const struct bytes signs[] = {WORD("Wire"), WORD("Newswire"), WORD("News Wire"),
    WORD("Wire Service"), WORD("News Agency"), WORD("Press Agency"), WORD("News Service"),
    WORD("Press Service"), WORD("Nachrichtenagentur"), WORD("Presseagentur"),
    WORD("Presse-Agentur"), WORD("Nachrichtendienst"), WORD("Agence de presse"),
    WORD("Agence de Presse"), WORD("Agencia de Noticias"), WORD("Agencia de noticias"),
    WORD("Agência de Notícias"), WORD("Agência de notícias"), WORD("Agenzia di Stampa"),
    WORD("Agenzia di stampa"), WORD("Agenzia Stampa"), WORD("Agencja Prasowa"), WORD("Persbureau"),
    WORD("Nieuwsagentschap"), WORD("Nyhetsbyrå"), WORD("Nyhetsbyrån"), WORD("Nyhedsbureau"),
    WORD("Uutistoimisto"), WORD("Haber Ajansı"), WORD("Tisková agentura"), WORD("Tisková kancelář"),
    WORD("Tlačová agentúra"), WORD("Hírügynökség"), WORD("Novinska agencija"),
    WORD("Agenția de presă"), WORD("Agenția de Presă"), WORD("Πρακτορείο Ειδήσεων"),
    WORD("Информационное агентство"), WORD("Информагентство"), WORD("Інформаційне агентство"),
    WORD("Інформагентство"), WORD("Kantor Berita"), WORD("Thông tấn xã"), WORD("وكالة أنباء"),
    WORD("وكالة الأنباء"), WORD("خبرگزاری"), WORD("סוכנות הידיעות"), WORD("समाचार एजेंसी"),
    {NULL, 0}};

/* The same where words are not parted by blanks. */
static const char *const endings[] = {"通讯社", "通訊社", "通信社", "통신사", NULL};

/* What stands before such a word and names nobody. */
static const char *const general[] = {"The", "A", "Our", "State", "Local", "National", "Official",
    "Foreign", "International", "Regional", "Global", "Independent", "Live", "Barbed", "Die",
    "Eine", "La", "Una", "Une", "News", "Press", "Staff", NULL};

static bool is_one_of(struct bytes word, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (bytes_is(word, words[i]))
            return true;
    return false;
}

/* Words of a name: capitals, or letters of scripts without; and small ones of two or three letters,
 * as "de", "del", "of". At least one of the former must say something. */
static bool names_somebody(struct bytes text)
{
    bool named = false;
    int words = 0;

    while (text.len > 0) {
        struct bytes word = bytes_cut(&text, ' ');
        size_t i = 0;
        UChar32 c = word.len == 0 ? 0 : (UChar32)text_next(word, &i);

        if (word.len == 0)
            continue;
        if (++words > WORDS_MOST || !u_isalpha(c) || (u_islower(c) && word.len > 3))
            return false;
        named = named || (!u_islower(c) && word.len > 1 && !is_one_of(word, general));
    }
    return named;
}

/* Where sign stands in text as words of its own; SIZE_MAX for nowhere. */
static size_t find_words(struct bytes text, struct bytes sign)
{
    size_t at = bytes_find(text, sign);

    if (at == SIZE_MAX || (at > 0 && text.ptr[at - 1] != ' ') ||
        (at + sign.len < text.len && text.ptr[at + sign.len] != ' '))
        return SIZE_MAX;
    return at;
}

/* What parts a list, or says when and where: no name has it. */
static bool is_more(struct bytes text)
{
    static const bool is_mark[256] = {[','] = true,
        [';'] = true,
        [':'] = true,
        ['/'] = true,
        ['|'] = true,
        ['&'] = true,
        ['+'] = true,
        ['('] = true,
        [')'] = true,
        ['['] = true,
        [']'] = true,
        ['.'] = true};

    for (size_t i = 0; i < text.len; i++)
        if (is_digit(text.ptr[i]) || is_mark[(unsigned char)text.ptr[i]])
            return true;
    return false;
}

/* A quick look that sorts out sentences: a name begins with no small letter, and of its longer
 * words one may, "Agencia de noticias". */
static bool may_be_name(struct bytes text)
{
    int small = 0;

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z' && (i == 0 || text.ptr[i - 1] == ' '))
            small += i == 0 ? 2 : bytes_find_byte(bytes_from(text, i), ' ') <= 3 ? 0 : 1;
    return small <= 1;
}

bool agency_says_so(struct bytes text)
{
    if (text.len == 0 || text.len > NAME_MOST || is_more(text) || !may_be_name(text))
        return false;
    for (size_t i = 0; endings[i] != NULL; i++)
        if (bytes_ends(text, bytes_of(endings[i])) && bytes_find_byte(text, ' ') == SIZE_MAX)
            return text.len > strlen(endings[i]) + 3;
    for (size_t i = 0; signs[i].len > 0; i++) {
        struct bytes sign = signs[i];
        size_t at = find_words(text, sign);

        if (at == 0 && names_somebody(bytes_from(text, sign.len)))
            return true;
        if (at != SIZE_MAX && at > 0 && at + sign.len == text.len &&
            names_somebody(bytes_slice(text, 0, at)))
            return true;
    }
    return false;
}
