/* lead.c - the first sentence of an article that tells something: behind dateline, byline and what
 * else stands first. */
#include "text/words.h"
#include "wireroom/stage.h"

/* A line of fewer words, or without a sentence's end, is a byline, a caption or a heading. A lead
 * in a newspaper has 25 to 40 words; what is longer than the clip is cut at a word. */
enum {
    LINES = 12,
    LINE_MOST = 4000,
    LEAST_WORDS = 6,
    LEAST_SIGNS = 10,
    CLIP = 600,
    ABBREVIATED = 4,      /* bytes: "ca", "Nr", "Art" */
    FURNITURE_MOST = 240, /* bytes: three lines of a column */
    MOST_WORDS = 1024
};

struct lead {
    bool has_ordinal_dots; /* of the record's language */
    struct word words[MOST_WORDS];
};

static struct bytes get(const wr_record *rec, int field)
{
    wr_str value = wr_get(rec, field);

    return (struct bytes){value.ptr, value.len};
}

static const char *const stops[] = {".", "!", "?", "。", "！", "？", "।", "؟", "…", NULL};

static bool has_stop(struct bytes gap)
{
    for (size_t i = 0; stops[i] != NULL; i++)
        if (bytes_find(gap, bytes_of(stops[i])) != SIZE_MAX)
            return true;
    return false;
}

/* Behind the dateline and the dash, colon or stop that ends it. */
static struct bytes behind_dateline(struct bytes line, struct bytes dateline)
{
    static const char *const ends[] = {" ", ".", "-", "–", "—", ":", "/", "|", "：", "　", NULL};
    bool goes_on = dateline.len > 0;

    if (dateline.len == 0 || !bytes_starts(line, dateline))
        return line;
    line = bytes_from(line, dateline.len);
    while (goes_on) {
        goes_on = false;
        for (size_t i = 0; ends[i] != NULL; i++)
            if (bytes_starts(line, bytes_of(ends[i]))) {
                line = bytes_from(line, strlen(ends[i]));
                goes_on = true;
            }
    }
    return line;
}

/* A stop, and the marks that close what it ends: up to the first blank behind the word before. */
static size_t sentence_end(struct bytes line, const struct word *before, const struct word *next)
{
    static const char *const opening[] = {"“", "„", "«", "「", "『", "（", "(", "\"", NULL};
    size_t end = before->at + before->len;
    size_t to = next != NULL ? next->at : line.len;
    struct bytes gap = bytes_slice(line, end, to - end);
    size_t blank = bytes_find_byte(gap, ' ');

    if (blank != SIZE_MAX)
        return end + blank;
    /* Scripts without blanks: what opens the next one stays with that. */
    for (size_t i = 0; next != NULL && opening[i] != NULL; i++)
        if (bytes_ends(gap, bytes_of(opening[i])))
            return to - strlen(opening[i]);
    return to;
}

/* "am 14. März": these write the day of a month, and what else is counted through, with a dot. */
static bool has_ordinal_dots(struct bytes language)
{
    static const char *const languages[] = {"de", "da", "no", "nb", "nn", "fi", "cs", "sk", "pl",
        "hu", "hr", "sr", "bs", "sl", "et", "lv", "is", "lb", "tr", NULL};

    language = bytes_slice(language, 0, bytes_find_byte(language, '-'));
    for (size_t i = 0; languages[i] != NULL; i++)
        if (bytes_equal_nocase(language, bytes_of(languages[i])))
            return true;
    return false;
}

/* A dot that ends no sentence: of an ordinal number, of a short word before a number ("ca. 12"),
 * within a word ("dott.ssa"). */
static bool is_inner_dot(
    const struct lead *lead, struct bytes gap, const struct word *before, const struct word *next)
{
    if (!bytes_starts(gap, LIT(".")))
        return false;
    if (gap.len == 1)
        return next->kind == WORD_LETTERS && !next->capital;
    if (gap.len > 2)
        return false;
    if (before->kind == WORD_LETTERS && before->len == 1) /* "z. B." */
        return true;
    if (before->kind == WORD_NUMBER)
        return lead->has_ordinal_dots && before->len <= 2;
    return next->kind == WORD_NUMBER && before->kind == WORD_LETTERS && before->len <= ABBREVIATED;
}

/* Between two signs: “……！”市长说。 The quotation is no sentence of its own. */
static bool is_quotation(struct bytes gap)
{
    return bytes_ends(gap, LIT("”")) || bytes_ends(gap, LIT("」")) || bytes_ends(gap, LIT("』"));
}

static bool is_end(
    const struct lead *lead, struct bytes gap, const struct word *before, const struct word *next)
{
    if (!has_stop(gap) || is_inner_dot(lead, gap, before, next))
        return false;
    if (next->kind == WORD_SIGN && is_quotation(gap))
        return false;
    return next->opens || bytes_find(gap, LIT("।")) != SIZE_MAX;
}

/* The first sentence of line; empty when it is none. */
static struct bytes first_sentence(struct lead *lead, struct bytes line)
{
    struct words words = {.at = lead->words};
    size_t signs = 0;
    size_t i;

    words_read_into(bytes_clip(line, LINE_MOST), MOST_WORDS, &words);
    for (i = 0; i < words.count; i++) {
        size_t at = i == 0 ? 0 : words.at[i - 1].at + words.at[i - 1].len;

        signs += words.at[i].kind == WORD_SIGN ? 1 : 0;
        if (i > 0 && (i >= LEAST_WORDS || signs >= LEAST_SIGNS) &&
            is_end(
                lead, bytes_slice(line, at, words.at[i].at - at), &words.at[i - 1], &words.at[i]))
            break;
    }
    if (i < LEAST_WORDS || (signs > 0 && signs < LEAST_SIGNS))
        return (struct bytes){NULL, 0};
    line.len = sentence_end(line, &words.at[i - 1], i < words.count ? &words.at[i] : NULL);
    if (!has_stop(bytes_from(line, words.at[i - 1].at + words.at[i - 1].len)) && i == words.count)
        return (struct bytes){NULL, 0};
    return bytes_trim(line);
}

static const char *const addressed[] = {
#define ADDRESSED(words_) words_,
#define CAPTION(words_)
#include "reader.def"
#undef ADDRESSED
#undef CAPTION
    NULL};

static const char *const captions[] = {
#define ADDRESSED(words_)
#define CAPTION(words_) words_,
#include "reader.def"
#undef ADDRESSED
#undef CAPTION
    NULL};

/* Whether line has one of the lists' words: at its start, or anywhere. */
static bool has_words(struct bytes line, const char *const *lists, bool at_start)
{
    for (; *lists != NULL; lists++) {
        struct bytes words = bytes_of(*lists);

        while (words.len > 0) {
            struct bytes one = bytes_cut(&words, '|');

            if (at_start ? bytes_starts_nocase(line, one)
                         : bytes_find_nocase(line, one) != SIZE_MAX)
                return true;
        }
    }
    return false;
}

/* A line that asks its reader for something, tells of the article, or stands below a picture. */
static bool is_furniture(struct bytes line)
{
    return line.len <= FURNITURE_MOST &&
           (has_words(line, addressed, true) || has_words(line, captions, false));
}

static struct bytes clip(struct bytes sentence)
{
    const char *blank;

    if (sentence.len <= CLIP)
        return sentence;
    sentence = bytes_clip(sentence, CLIP);
    blank = memrchr(sentence.ptr, ' ', sentence.len);
    if (blank != NULL)
        sentence.len = (size_t)(blank - sentence.ptr);
    return sentence;
}

static struct bytes find_lead(struct lead *lead, struct bytes text, struct bytes dateline)
{
    for (int lines = 0; lines < LINES && text.len > 0; lines++) {
        struct bytes line = bytes_trim(bytes_cut(&text, '\n'));
        struct bytes sentence = {NULL, 0};

        if (!is_furniture(line))
            sentence = first_sentence(lead, behind_dateline(line, dateline));

        if (sentence.len > 0)
            return clip(sentence);
    }
    return (struct bytes){NULL, 0};
}

static int lead_process(void *self, wr_record *rec, const wr_event *event)
{
    struct lead *lead = self;
    struct bytes dateline = get(rec, WR_DATELINE);
    struct bytes found;

    (void)event;
    lead->has_ordinal_dots = has_ordinal_dots(get(rec, WR_LANGUAGE));
    found = find_lead(lead, get(rec, WR_TEXT), dateline);
    if (found.len == 0)
        found = find_lead(lead, get(rec, WR_SUMMARY), dateline);
    wr_set(rec, WR_LEAD, (wr_str){found.ptr, found.len});
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "lead",
    .version = "1.0",
    .self_size = sizeof(struct lead),
    .process = lead_process,
};
