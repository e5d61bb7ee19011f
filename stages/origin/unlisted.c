/* unlisted.c - a house that is in no table and calls itself an agency: "Meridian Wire", "Agencia de
 * Noticias del Sur", "南洋通讯社". */
#include <unicode/uchar.h>

#include "parties.h"
#include "text/text.h"

enum {
    NAME_MOST = 64, /* bytes; the longest of agencies.def has 48 */
    WORDS_MOST = 6,
};

/* What such a house has in its name, as it is written there. "Press" is none: half of all papers
 * are called so. */
static const char *const signs[] = {"Wire", "Newswire", "News Wire", "Wire Service", "News Agency",
    "Press Agency", "News Service", "Press Service", "Nachrichtenagentur", "Presseagentur",
    "Presse-Agentur", "Nachrichtendienst", "Agence de presse", "Agence de Presse",
    "Agencia de Noticias", "Agencia de noticias", "Agência de Notícias", "Agência de notícias",
    "Agenzia di Stampa", "Agenzia di stampa", "Agenzia Stampa", "Agencja Prasowa", "Persbureau",
    "Nieuwsagentschap", "Nyhetsbyrå", "Nyhetsbyrån", "Nyhedsbureau", "Uutistoimisto",
    "Haber Ajansı", "Tisková agentura", "Tisková kancelář", "Tlačová agentúra", "Hírügynökség",
    "Novinska agencija", "Agenția de presă", "Agenția de Presă", "Πρακτορείο Ειδήσεων",
    "Информационное агентство", "Информагентство", "Інформаційне агентство", "Інформагентство",
    "Kantor Berita", "Thông tấn xã", "وكالة أنباء", "وكالة الأنباء", "خبرگزاری", "סוכנות הידיעות",
    "समाचार एजेंसी", NULL};

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
    for (size_t i = 0; i < text.len; i++)
        if (is_digit(text.ptr[i]) || strchr(",;:/|&+()[].", text.ptr[i]) != NULL)
            return true;
    return false;
}

bool agency_says_so(struct bytes text)
{
    if (text.len == 0 || text.len > NAME_MOST || is_more(text))
        return false;
    for (size_t i = 0; endings[i] != NULL; i++)
        if (bytes_ends(text, bytes_of(endings[i])) && bytes_find_byte(text, ' ') == SIZE_MAX)
            return text.len > strlen(endings[i]) + 3;
    for (size_t i = 0; signs[i] != NULL; i++) {
        struct bytes sign = bytes_of(signs[i]);
        size_t at = find_words(text, sign);

        if (at == 0 && names_somebody(bytes_from(text, sign.len)))
            return true;
        if (at != SIZE_MAX && at > 0 && at + sign.len == text.len &&
            names_somebody(bytes_slice(text, 0, at)))
            return true;
    }
    return false;
}
