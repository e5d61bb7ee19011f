/* quotes.c - what is quoted in an article, and who says it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "speaker.h"
#include "text/text.h"
#include "wireroom/stage.h"

enum { QUOTES = 100, SENTENCE_WORDS = 8 };

struct quotes {
    struct said *said;
    struct speech *speech;
    struct span *spans;
};

static struct bytes get(const wr_record *rec, int field)
{
    wr_str value = wr_get(rec, field);

    return (struct bytes){value.ptr, value.len};
}

static int quotes_open(void *self)
{
    struct quotes *q = self;

    q->said = said_new();
    q->speech = new_zeroed(sizeof(*q->speech));
    q->spans = new_zeroed(sizeof(*q->spans) * SPANS);
    return 0;
}

static void quotes_close(void *self)
{
    struct quotes *q = self;

    said_free(q->said);
    free(q->speech);
    free(q->spans);
}

/* Whoever may speak: people, and those of whom it is not known. */
static void read_people(struct speech *s, const wr_record *rec)
{
    size_t count = wr_count(rec, WR_NAME);

    s->people_count = 0;
    for (size_t i = 0; i < count; i++) {
        wr_str value = wr_get_at(rec, WR_NAME, i);
        struct bytes name = {value.ptr, value.len};
        struct bytes kind = bytes_cut(&name, '\t');

        bytes_cut(&name, '\t');
        if (bytes_is(kind, "person") || bytes_is(kind, "other"))
            speech_add_person(s, name, bytes_is(kind, "person"));
    }
}

static size_t count_words(struct bytes text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += is_space(text.ptr[i]) ? 1 : 0;
    return count + 1;
}

/* A title or a word that is held off with tongs is no quotation: what nobody is said to say must be
 * a sentence. */
static bool is_quotation(struct bytes words, struct speaker speaker, bool is_speech)
{
    char last = words.ptr[words.len - 1];

    if (speaker.state != SPEAKER_NONE)
        return true;
    if (is_speech)
        return false;
    return count_words(words) >= SENTENCE_WORDS && strchr(".,!?", last) != NULL;
}

static bool is_same_paragraph(struct bytes text, const struct span *a, const struct span *b)
{
    struct bytes between = bytes_slice(text, a->behind, b->outer - a->behind);

    return bytes_find_byte(between, '\n') == SIZE_MAX;
}

static size_t count_characters(struct bytes text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80 ? 1 : 0;
    return count;
}

/* Adds the quotation; *place and *characters tell how far the text has been counted. */
static void add_quote(wr_record *rec, struct bytes text, const struct span *span,
    struct bytes speaker, size_t *place, size_t *characters)
{
    struct bytes words = bytes_slice(text, span->start, span->end - span->start);
    char *value = wr_alloc(rec, words.len + speaker.len + 64);
    size_t length = count_characters(words);
    int len;

    *characters += count_characters(bytes_slice(text, *place, span->start - *place));
    *place = span->start;
    len = sprintf(
        value, "%zu\t%zu\t%.*s\t%.*s", *characters, *characters + length, FMT(speaker), FMT(words));
    wr_add(rec, WR_QUOTE, (wr_str){value, (size_t)len});
}

static void trim_comma(struct bytes text, struct span *span)
{
    if (span->end > span->start + 1 && text.ptr[span->end - 1] == ',')
        span->end--;
}

static int quotes_process(void *self, wr_record *rec, const wr_event *event)
{
    struct quotes *q = self;
    struct bytes text = get(rec, WR_TEXT);
    struct words words = {.at = q->speech->words};
    struct speaker before = {SPEAKER_NONE, {NULL, 0}};
    size_t count;
    size_t place = 0;
    size_t characters = 0;
    size_t quotes = 0;

    (void)event;
    wr_set(rec, WR_QUOTE, (wr_str){"", 0});
    count = marks_find(text, q->spans);
    if (count == 0)
        return WR_NEXT;
    text = bytes_clip(text, TEXT_MOST);
    read_people(q->speech, rec);
    words_read_into(text, QUOTE_WORDS, &words);
    q->speech->said = q->said;
    q->speech->text = text;
    q->speech->word_count = words.count;
    for (size_t i = 0; i < count && quotes < QUOTES; i++) {
        struct speaker speaker;

        if (i > 0 && !is_same_paragraph(text, &q->spans[i - 1], &q->spans[i]))
            before = (struct speaker){SPEAKER_NONE, {NULL, 0}};
        speaker = speaker_find(q->speech, q->spans, count, i, before);
        trim_comma(text, &q->spans[i]);
        if (!is_quotation(bytes_slice(text, q->spans[i].start, q->spans[i].end - q->spans[i].start),
                speaker, q->spans[i].is_speech))
            continue;
        add_quote(rec, text, &q->spans[i], speaker.name, &place, &characters);
        before = speaker;
        quotes++;
    }
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "quotes",
    .version = "1.0",
    .self_size = sizeof(struct quotes),
    .open = quotes_open,
    .close = quotes_close,
    .process = quotes_process,
};
