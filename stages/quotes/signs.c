/* signs.c - speakers in Chinese and Japanese: a run of signs beside a verb, less titles. */
#include "speaker.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum { CONTEXT = 90, NAME_SIGNS = 5 }; /* bytes; signs of the longest name */

static const char *const verbs[] = {"表示", "指出", "强调", "強調", "认为", "認為", "说", "說",
    "称", "稱", "告诉", "述べ", "話し", "語っ", "語り", "話す", "コメント", NULL};

static const char *const titles[] = {"工程师", "总统", "總統", "总理", "總理", "部长", "部長",
    "教授", "主席", "市长", "市長", "记者", "发言人", "發言人", "先生", "女士", "首相", "大統領",
    "社長", "さん", "氏", "知事", "大臣", "監督", "選手", NULL};

static bool is_han(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0;
}

/* The ideographs that text ends with. */
static struct bytes signs_at_end(struct bytes text)
{
    int32_t at = (int32_t)text.len;

    while (at > 0) {
        int32_t before = at;
        UChar32 c;

        U8_PREV(text.ptr, 0, before, c);
        if (c < 0 || !is_han(c))
            break;
        at = before;
    }
    return bytes_from(text, (size_t)at);
}

static size_t count_signs(struct bytes text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80 ? 1 : 0;
    return count;
}

/* The ideographs that text ends with, titles behind and before them cut off; empty when they are no
 * name's number. */
static struct bytes name_at_end(struct bytes text)
{
    size_t signs;

    for (size_t i = 0; titles[i] != NULL; i++)
        if (bytes_ends(text, bytes_of(titles[i])) && text.len > strlen(titles[i])) {
            text.len -= strlen(titles[i]);
            break;
        }
    text = signs_at_end(text);
    for (size_t i = 0; titles[i] != NULL; i++)
        if (bytes_starts(text, bytes_of(titles[i])))
            text = bytes_from(text, strlen(titles[i]));
    signs = count_signs(text);
    return signs >= 2 && signs <= NAME_SIGNS ? text : (struct bytes){NULL, 0};
}

static struct speaker named(struct bytes name)
{
    return (struct speaker){name.len > 0 ? SPEAKER_NAMED : SPEAKER_UNNAMED, name};
}

static bool has_verb(struct bytes text)
{
    for (size_t i = 0; verbs[i] != NULL; i++)
        if (bytes_find(text, bytes_of(verbs[i])) != SIZE_MAX)
            return true;
    return false;
}

/* "王伟表示：", and "山田花子さんは" where the verb comes behind. */
static struct speaker read_before(struct bytes before, bool verb_behind)
{
    static const char *const ends[] = {"：", ":", "，", ",", "、", NULL};

    for (size_t i = 0; ends[i] != NULL; i++)
        if (bytes_ends(before, bytes_of(ends[i])))
            before.len -= strlen(ends[i]);
    for (size_t i = 0; verbs[i] != NULL; i++)
        if (bytes_ends(before, bytes_of(verbs[i])))
            return named(name_at_end(bytes_slice(before, 0, before.len - strlen(verbs[i]))));
    if (verb_behind && bytes_ends(before, LIT("は")))
        return named(name_at_end(bytes_slice(before, 0, before.len - strlen("は"))));
    return (struct speaker){SPEAKER_NONE, {NULL, 0}};
}

/* "工程师李强说", "と田中次郎は述べた". */
static struct speaker read_behind(struct bytes behind)
{
    size_t topic = bytes_find(behind, LIT("は"));
    struct speaker none = {SPEAKER_NONE, {NULL, 0}};

    if (bytes_starts(behind, LIT("と"))) {
        if (topic == SIZE_MAX)
            return named((struct bytes){NULL, 0});
        return named(name_at_end(bytes_slice(behind, strlen("と"), topic - strlen("と"))));
    }
    for (size_t i = 0; verbs[i] != NULL; i++) {
        size_t at = bytes_find(behind, bytes_of(verbs[i]));

        if (at != SIZE_MAX && at > 0)
            return named(name_at_end(bytes_slice(behind, 0, at)));
    }
    return none;
}

struct speaker speaker_of_signs(struct bytes text, const struct span *span)
{
    size_t start = span->outer > CONTEXT ? span->outer - CONTEXT : 0;
    struct bytes before = bytes_slice(text, start, span->outer - start);
    struct bytes behind = bytes_slice(text, span->behind, CONTEXT);
    size_t end = bytes_find(behind, LIT("。"));
    struct speaker speaker;

    behind.len = end < behind.len ? end : behind.len;
    if (bytes_find_byte(behind, '\n') < behind.len)
        behind.len = bytes_find_byte(behind, '\n');
    speaker = read_before(before, has_verb(behind));
    if (speaker.state == SPEAKER_NONE && has_verb(behind))
        speaker = read_behind(behind);
    return speaker;
}
