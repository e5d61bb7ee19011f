/* demo_story.c - the words of one article as they stand at a given time. */
#include <time.h>

#include "base/clock.h"
#include "cli/demo_world.h"

enum {
    PART_HEADLINE = 1,
    PART_HEADLINE_AFTER,
    PART_SUMMARY,
    PART_BODY,
    PART_BACKGROUND,
    PART_CHANGE
};

struct voice {
    const struct demo_article *article;
    int wday;
};

static void speak(struct buf *out, const struct voice *voice, const char *template, int part)
{
    demo_expand(out, template, &voice->article->cast, voice->article->line->language, voice->wday,
        demo_mix(voice->article->seed, (uint64_t)part));
}

/* Capitals for a dateline, as agencies set it; ASCII names only get it. */
static void add_dateline(struct buf *out, const char *place)
{
    for (; *place != '\0'; place++)
        buf_add_byte(out, (char)(*place >= 'a' && *place <= 'z' ? *place - ('a' - 'A') : *place));
    buf_add_cstr(out, " (Meridian Wire) - ");
}

static void write_body(struct buf *out, const struct voice *voice, bool agency_copy, bool changed)
{
    const struct development *development =
        &voice->article->line->developments[voice->article->development];

    if (agency_copy)
        add_dateline(out, voice->article->cast.place);
    speak(out, voice, development->summary, PART_SUMMARY);
    buf_add_byte(out, '\n');
    if (changed) {
        speak(out, voice, development->change, PART_CHANGE);
        buf_add_byte(out, '\n');
    }
    speak(out, voice, development->body, PART_BODY);
    buf_add_byte(out, '\n');
    speak(out, voice, voice->article->line->background, PART_BACKGROUND);
    buf_add_byte(out, '\n');
}

static void write_path(struct buf *out, const struct demo_article *article, struct bytes headline)
{
    time_t when = (time_t)(article->published / SECOND);
    bool dash = true;
    struct tm tm;

    gmtime_r(&when, &tm);
    if (article->outlet->layout == LAYOUT_TABLE) {
        buf_printf(out, "/story.asp?id=%u", article->id);
        return;
    }
    buf_printf(out, "/%d/%02d/%02d/", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
    for (size_t i = 0; i < headline.len; i++) {
        char c = to_lower(headline.ptr[i]);

        if (is_alpha(c) || is_digit(c))
            buf_add_byte(out, c);
        else if (!dash)
            buf_add_byte(out, '-');
        dash = !is_alpha(c) && !is_digit(c);
    }
    buf_printf(out, "%s%u.html", dash ? "" : "-", article->id);
}

void demo_story_write(const struct demo_article *article, int64_t now, struct demo_story *ret_story)
{
    const struct development *development = &article->line->developments[article->development];
    bool changed = article->edited != 0 && article->edited <= now;
    bool agency_copy = article->outlet->wire || article->reprint_of != 0;
    time_t when = (time_t)(article->published / SECOND);
    struct voice voice = {.article = article};
    struct buf first_headline = {0};
    struct tm tm;

    gmtime_r(&when, &tm);
    voice.wday = tm.tm_wday;
    *ret_story = (struct demo_story){
        .version = changed ? 2 : 1, .modified = changed ? article->edited : article->published};
    speak(&first_headline, &voice, development->headline, PART_HEADLINE);
    speak(&ret_story->headline, &voice, development->headline,
        changed ? PART_HEADLINE_AFTER : PART_HEADLINE);
    speak(&ret_story->summary, &voice, development->summary, PART_SUMMARY);
    write_body(&ret_story->body, &voice, agency_copy, changed);
    buf_add_cstr(&ret_story->author,
        article->reprint_of != 0 ? "Meridian Wire"
                                 : article->outlet->authors[demo_mix(article->seed, 7) % 3]);
    write_path(&ret_story->path, article, buf_bytes(&first_headline));
    buf_done(&first_headline);
}

void demo_story_done(struct demo_story *story)
{
    buf_done(&story->headline);
    buf_done(&story->summary);
    buf_done(&story->author);
    buf_done(&story->path);
    buf_done(&story->body);
}
