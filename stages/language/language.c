/* language.c - which language a record is in: what its text shows, weighed against what its page
 * and feed say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect.h"
#include "tag.h"
#include "wireroom/stage.h"

struct language {
    int64_t min_bytes, max_bytes;
    char *text;
};

static const wr_option options[] = {
    {"min-bytes", WR_INT, offsetof(struct language, min_bytes), "200",
        "bytes of text that outweigh what page or feed declare"},
    {"max-bytes", WR_INT, offsetof(struct language, max_bytes), "16384",
        "bytes of text that are looked at"},
    {0},
};

static int language_open(void *self)
{
    struct language *l = self;

    if (l->min_bytes < 0 || l->max_bytes < 64 || l->max_bytes > 1 << 20) {
        wr_log(WR_ERROR, "max-bytes is 64 to 1048576, min-bytes not negative");
        return -1;
    }
    l->text = malloc((size_t)l->max_bytes);
    return l->text == NULL ? -1 : 0;
}

static void language_close(void *self)
{
    free(((struct language *)self)->text);
}

static size_t add(const struct language *l, size_t len, wr_str text)
{
    size_t room = (size_t)l->max_bytes - len;

    if (len > 0 && room > 0 && text.len > 0) {
        l->text[len++] = '\n';
        room--;
    }
    /* Not within a letter. */
    if (text.len > room) {
        text.len = room;
        while (text.len > 0 && ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
            text.len--;
    }
    if (text.len > 0)
        memcpy(l->text + len, text.ptr, text.len);
    return len + text.len;
}

/* Headline and body, or the feed's summary for want of a body. */
static size_t gather(const struct language *l, const wr_record *rec)
{
    size_t len = add(l, 0, wr_get(rec, WR_TITLE));
    wr_str text = wr_get(rec, WR_TEXT);

    return add(l, len, text.len > 0 ? text : wr_get(rec, WR_SUMMARY));
}

static void set(wr_record *rec, const char *tag, double confidence)
{
    char text[8];
    int len = snprintf(text, sizeof(text), "%.2f", confidence);

    wr_set(rec, WR_LANGUAGE, (wr_str){tag, strlen(tag)});
    wr_set(rec, WR_LANGUAGE_CONFIDENCE, (wr_str){text, (size_t)len});
}

static void unset(wr_record *rec)
{
    wr_set(rec, WR_LANGUAGE, (wr_str){"", 0});
    wr_set(rec, WR_LANGUAGE_CONFIDENCE, (wr_str){"", 0});
}

/* A long text that is nearly all in one language is believed, also against the page: templates are
 * copied, and with them what they declare. Region and script of a declared tag are kept where the
 * language is the same. */
static void decide(const struct language *l, wr_record *rec, const char *declared,
    const char *found, const struct detected *d)
{
    double share = d->percent / 100.0;
    bool strong = found[0] != '\0' && d->reliable && d->percent >= 70 && d->letters >= l->min_bytes;

    if (declared[0] == '\0' && found[0] == '\0')
        unset(rec);
    else if (declared[0] == '\0')
        set(rec, found, strong ? share : d->reliable ? 0.7 * share : 0.4 * share);
    else if (found[0] != '\0' && tag_is_near(declared, found))
        set(rec, declared, strong ? 0.99 : 0.9);
    else if (strong)
        set(rec, found, 0.9 * share);
    else
        set(rec, declared, found[0] == '\0' || !d->reliable ? 0.6 : 0.4);
}

static int language_process(void *self, wr_record *rec, const wr_event *event)
{
    const struct language *l = self;
    char declared[TAG] = "";
    char found[TAG] = "";
    struct detected d = {0};
    size_t len = gather(l, rec);

    (void)event;
    if (!tag_read(wr_get(rec, WR_LANGUAGE), declared))
        tag_read(wr_get(rec, WR_FEED_LANGUAGE), declared);
    if (len > 0)
        detect(l->text, len, declared, &d);
    if (d.code[0] != '\0')
        tag_read((wr_str){d.code, strlen(d.code)}, found);
    decide(l, rec, declared, found, &d);
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "language",
    .version = "1.0",
    .self_size = sizeof(struct language),
    .options = options,
    .open = language_open,
    .close = language_close,
    .process = language_process,
};
