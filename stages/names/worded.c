/* worded.c - names in scripts that set blanks and have no capitals: Arabic, Hebrew, Hindi, Korean.
 */
#include "uncased.h"

#include "text/text.h"

enum {
    PERSON_WORDS = 3,
    ORG_WORDS = 5,
    AHEAD = 3 /* words between a Korean name and its title: "of Northwind Bank" */
};

struct run {
    const struct uncased *u;
    struct finder *f;
    size_t at, end;
};

enum script { OTHER, HEBREW, ARABIC, INDIA, HANGUL };

static enum script script_of(const struct finder *f, size_t word)
{
    uint32_t c = word_first(f, word);

    return c < 0x0600   ? HEBREW
           : c < 0x0900 ? ARABIC
           : c < 0x0E00 ? INDIA
           : c > 0xAC00 ? HANGUL
                        : OTHER;
}

static struct bytes text_of(const struct finder *f, size_t word)
{
    return bytes_slice(f->text, f->words[word].at, f->words[word].len);
}

static uint32_t class_at(const struct run *r, size_t word)
{
    uint32_t class;

    phrase_at(r->u, r->f, word, r->end, &class);
    return class;
}

/* ---- what is written with the word --------------------------------------------- */

/* "and", "in", "to", "the": those of two letters first. */
static const char *const before_hebrew[] = {
    "וב", "ול", "ומ", "וה", "שב", "של", "מה", "כש", "ב", "ל", "מ", "ה", "ו", "ש", "כ", NULL};
static const char *const before_arabic[] = {"وب", "ول", "فب", "و", "ف", "ب", "ل", "ك", NULL};
static const char *const behind_korean[] = {"에서는", "에서의", "에서도", "에게는", "으로부터",
    "에서", "에게", "으로", "이라고", "라고", "까지", "부터", "에는", "과의", "와의", "은", "는",
    "이", "가", "을", "를", "의", "에", "와", "과", "도", "로", "만", NULL};

static void cut(struct word *w, size_t before, size_t len, struct bytes text)
{
    struct word one[2];
    struct words words = {.at = one};

    w->at += (uint32_t)before;
    w->len = (uint32_t)len;
    words_read_into(bytes_slice(text, w->at, len), 1, &words);
    if (words.count > 0)
        w->hash = one[0].hash;
}

/* Without that beginning it is, or begins, something known. */
static bool strip_before(const struct uncased *u, struct finder *f, size_t word, struct bytes part)
{
    struct word was = f->words[word];
    uint32_t class;

    if (!bytes_starts(text_of(f, word), part) || was.len < part.len + 4)
        return false;
    cut(&f->words[word], part.len, was.len - part.len, f->text);
    if (phrase_at(u, f, word, f->word_count, &class) > 0 && (class & PH_STOP) == 0)
        return true;
    f->words[word] = was;
    return false;
}

/* A syllable has three bytes; a name has two. */
static bool strip_behind(struct finder *f, size_t word, struct bytes part)
{
    struct word *w = &f->words[word];

    if (!bytes_ends(text_of(f, word), part) || w->len < part.len + 6)
        return false;
    w->stem = w->len;
    cut(w, 0, w->len - part.len, f->text);
    return true;
}

void worded_strip(const struct uncased *u, struct finder *f, size_t word)
{
    enum script script = script_of(f, word);
    const char *const *parts = script == HEBREW   ? before_hebrew
                               : script == ARABIC ? before_arabic
                               : script == HANGUL ? behind_korean
                                                  : NULL;
    uint32_t class;

    if (parts == NULL || phrase_at(u, f, word, f->word_count, &class) > 0)
        return;
    for (; *parts != NULL; parts++)
        if (script == HANGUL ? strip_behind(f, word, bytes_of(*parts))
                             : strip_before(u, f, word, bytes_of(*parts)))
            return;
}

/* ---- people -------------------------------------------------------------------- */

static void add(struct run *r, size_t first, size_t end, enum name_kind kind)
{
    finder_add(r->f, first, end, kind, false);
    r->at = end;
}

static bool is_open(const struct run *r, size_t word)
{
    const uint32_t none =
        PHRASE_END | PH_PLACE | PH_HOUSE | PH_ORG_HEAD | PH_PLACE_HEAD | PH_NATION;

    return word < r->end && (class_at(r, word) & none) == 0;
}

static bool is_within(const struct run *r, size_t word)
{
    return (phrase_of(r->u, r->f, word, 1) & PH_WITHIN) != 0;
}

/* Whether word can be a name's count-th, behind given: a surname follows a known given name; else
 * a second word, and in Hindi a third one, is a name's where that must end, and may be a verb. */
static bool goes_on(const struct run *r, size_t word, size_t count, bool known)
{
    const uint32_t ends = PH_SAID | PH_PLACE | PH_HOUSE | PH_TITLE;
    bool is_india = script_of(r->f, word) == INDIA;

    if (count == 2 && (known || is_india))
        return true;
    if (count > 2)
        return is_india && (class_at(r, word + 1) & PH_STOP) != 0;
    return word + 1 == r->end || (class_at(r, word + 1) & ends) != 0;
}

static size_t person_end(const struct run *r, size_t first)
{
    size_t end = first;
    bool known = (class_at(r, first) & PH_GIVEN) != 0;

    for (size_t words = 0; is_open(r, end) && words < PERSON_WORDS; end++) {
        words += is_within(r, end) ? 0 : 1;
        if (words > 1 && !is_within(r, end - 1) && !goes_on(r, end, words, known))
            break;
    }
    while (end > first && is_within(r, end - 1))
        end--;
    return end;
}

/* Behind the title, and the words on whose it is: "President of", "the French". */
static bool read_title(struct run *r, size_t count)
{
    size_t end;
    uint32_t class;

    r->at += count;
    while ((count = phrase_at(r->u, r->f, r->at, r->end, &class)) > 0 &&
           (class & (PH_TITLE | PH_NATION | PH_PLACE)) != 0) {
        if ((class & PH_PLACE) != 0)
            add(r, r->at, r->at + count, NAME_PLACE);
        else
            r->at += count;
    }
    end = person_end(r, r->at);
    if (end > r->at)
        add(r, r->at, end, NAME_PERSON);
    return true;
}

/* ---- organisations ------------------------------------------------------------- */

/* "The" in Arabic and Hebrew: what it is said of goes on. */
static bool has_article(const struct run *r, size_t word)
{
    struct bytes text = text_of(r->f, word);

    return bytes_starts(text, LIT("ال")) || bytes_starts(text, LIT("لل")) ||
           bytes_starts(text, LIT("ה"));
}

static bool read_head(struct run *r, size_t count)
{
    size_t first = r->at;
    size_t end = first + count;
    uint32_t class;
    size_t known = phrase_at(r->u, r->f, end, r->end, &class);

    if (end >= r->end || (class & (PH_STOP | PH_SAID)) != 0) {
        r->at = end;
        return true;
    }
    end += known > 0 && (class & PH_PLACE) != 0 ? known : 1;
    while (end < r->end && end - first < ORG_WORDS && has_article(r, end) &&
           (class_at(r, end) & (PHRASE_END)) == 0)
        end++;
    add(r, first, end, NAME_ORGANISATION);
    return true;
}

/* "Bank of the North" ends with what it is, in Hindi; a word of Korean does. */
static size_t tail_end(const struct run *r, size_t first)
{
    size_t best = first;

    if (script_of(r->f, first) != INDIA)
        return first;
    for (size_t i = first; i < r->end && i - first < ORG_WORDS; i++) {
        uint32_t class = class_at(r, i);

        if ((class & PH_ORG_TAIL) != 0 && i > first)
            best = i + 1;
        else if ((class & PHRASE_END) != 0)
            break;
    }
    return best;
}

static const char *const korean_houses[] = {"은행", "전자", "그룹", "대학교", "위원회", "협회",
    "경찰청", "병원", "법원", "연구소", "연구원", "재단", "연합", "회사", "자동차", "항공", "공사",
    "신문", "방송", "화학", "건설", "증권", "노조", "의료원", "검찰청", "교육청", "기상청",
    "통계청", "중공업", "제약", "통신", "외교부", "국방부", "환경부", "교육부", "통일부", "법무부",
    "재정부", "복지부", "국토부", "국회", "민주당", NULL};

static bool is_korean_house(const struct run *r, size_t word)
{
    struct bytes text = text_of(r->f, word);

    if (script_of(r->f, word) != HANGUL)
        return false;
    for (size_t i = 0; korean_houses[i] != NULL; i++)
        if (bytes_ends(text, bytes_of(korean_houses[i])) &&
            (text.len > strlen(korean_houses[i]) || strlen(korean_houses[i]) > 6))
            return true;
    return false;
}

/* ---- Korean -------------------------------------------------------------------- */

/* Two to four syllables that begin with a surname, or a title right behind them. */
static bool looks_korean(const struct run *r, size_t word)
{
    struct bytes text = text_of(r->f, word);
    struct word one[2];
    struct words words = {.at = one};

    if (text.len < 6 || text.len > 12)
        return false;
    words_read_into(bytes_slice(text, 0, 3), 1, &words);
    return words.count > 0 && uncased_has(r->u, one[0].hash, PH_SURNAME);
}

/* The title may stand behind whose head it is: "Kim Min-su, of Northwind Bank the president". */
static bool is_titled(const struct run *r, size_t word)
{
    for (size_t i = word + 1; i < r->end && i <= word + AHEAD; i++) {
        uint32_t class = class_at(r, i);

        if ((class & PH_BEHIND) != 0)
            return i <= word + 2 || looks_korean(r, word);
        if ((class & (PH_PLACE | PH_HOUSE | PH_NATION)) == 0 && !is_korean_house(r, i))
            return false;
    }
    return false;
}

/* A name of three syllables has its last one back, "eun", where its title and no particle follows.
 */
static void restore(struct run *r, size_t word)
{
    struct word *w = &r->f->words[word];
    size_t whole = w->stem < UINT32_MAX ? (size_t)w->stem : 0;

    if (w->len == 6 && whole == 9 && word + 1 < r->end &&
        (class_at(r, word + 1) & PH_BEHIND) != 0 && looks_korean(r, word))
        cut(w, 0, whole, r->f->text);
}

static bool read_korean(struct run *r)
{
    size_t first = r->at;
    struct bytes text;

    restore(r, first);
    text = text_of(r->f, first);

    if (is_korean_house(r, first)) {
        add(r, first, first + 1, NAME_ORGANISATION);
        return true;
    }
    if (!is_open(r, first))
        return false;
    if (text.len <= 9 && is_open(r, first + 1) && is_titled(r, first + 1) &&
        !looks_korean(r, first + 1)) {
        add(r, first, first + 2, NAME_PERSON);
        return true;
    }
    if (text.len >= 6 && text.len <= 15 && is_titled(r, first)) {
        add(r, first, first + 1, NAME_PERSON);
        return true;
    }
    if (text.len >= 9 && (bytes_ends(text, LIT("시")) || bytes_ends(text, LIT("군")))) {
        add(r, first, first + 1, NAME_PLACE);
        return true;
    }
    return false;
}

/* ---- all ----------------------------------------------------------------------- */

static bool read_known(struct run *r, size_t count, uint32_t class)
{
    size_t first = r->at;
    size_t end = tail_end(r, first);

    if (end > first) {
        add(r, first, end, NAME_ORGANISATION);
    } else if ((class & PH_HOUSE) != 0) {
        add(r, first, first + count, NAME_ORGANISATION);
    } else if ((class & PH_PLACE) != 0) {
        add(r, first, first + count, NAME_PLACE);
    } else if ((class & PH_ORG_HEAD) != 0) {
        return read_head(r, count);
    } else if ((class & PH_TITLE) != 0) {
        return read_title(r, count);
    } else if ((class & PH_PLACE_HEAD) != 0 && is_open(r, first + count)) {
        add(r, first + count, first + count + 1, NAME_PLACE);
    } else if ((class & PH_GIVEN) != 0 && (end = person_end(r, first)) > first + 1) {
        add(r, first, end, NAME_PERSON);
    } else {
        return false;
    }
    return true;
}

void worded_read(const struct uncased *u, struct finder *f, size_t first, size_t end)
{
    struct run r = {.u = u, .f = f, .at = first, .end = end};

    while (r.at < end) {
        uint32_t class;
        size_t count = phrase_at(u, f, r.at, end, &class);

        if (read_known(&r, count, class) || (script_of(f, r.at) == HANGUL && read_korean(&r)))
            continue;
        r.at += count > 0 ? count : 1;
    }
}
