/* host.c - the side of stage.h that needs to know which stage is at work. */
#include "worker/host.h"

#include <stdio.h>

#include "base/log.h"

static const char *stage_at_work = "stage";
static struct passage *passage_at_work;
static bool opening;
static char trouble[sizeof(((struct error *)NULL)->text)];

void host_enter(const char *stage, struct passage *passage)
{
    stage_at_work = stage;
    passage_at_work = passage;
    opening = false;
    trouble[0] = '\0';
}

void host_enter_open(const char *stage)
{
    host_enter(stage, NULL);
    opening = true;
}

const char *host_trouble(void)
{
    return trouble;
}

struct passage *passage_of(struct wr_record *rec)
{
    struct passage *passage = rec->host;

    if (passage == NULL) {
        passage = arena_alloc(rec->arena, sizeof(*passage));
        passage->rec = rec;
        passage->stage = "stage";
        rec->host = passage;
    }
    return passage;
}

static void add_note(struct passage *passage, const char *format, va_list args)
{
    char text[MODULE_NAME + 2 + CHAIN_NOTE];
    size_t start = (size_t)snprintf(text, sizeof(text), "%.*s\t", MODULE_NAME, passage->stage);

    if (passage->notes++ >= CHAIN_NOTES)
        return;
    vsnprintf(text + start, sizeof(text) - start, format, args);
    for (char *p = text + start; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    record_add(passage->rec, REC_NOTE, bytes_of(text));
}

void passage_note(struct passage *passage, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_note(passage, format, args);
    va_end(args);
}

void **wr_slot(wr_record *rec)
{
    struct passage *passage = passage_of(rec);

    return &passage->slots[passage->at];
}

wr_record *wr_emit(wr_record *parent)
{
    struct passage *passage = passage_emit(passage_of(parent));

    return passage == NULL ? record_new(parent->arena) : passage->rec;
}

void wr_fetch(wr_record *rec, wr_str url)
{
    passage_of(rec)->wanted = bytes_copy(rec->arena, (struct bytes){url.ptr, url.len});
}

void wr_note(wr_record *rec, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_note(passage_of(rec), format, args);
    va_end(args);
}

void host_tell_trouble(void)
{
    if (trouble[0] != '\0')
        log_about(LOG_LEVEL_ERROR, &(struct log_about){.stage = stage_at_work}, "%s: stage=%s",
            trouble, stage_at_work);
    trouble[0] = '\0';
}

static void tell_record(const struct wr_record *rec, struct log_about *about)
{
    about->url = record_get(rec, WR_URL);
    if (!bytes_to_int(bytes_from(record_get(rec, REC_FEED_ID), 1), &about->feed))
        about->feed = 0;
}

void wr_log(int level, const char *format, ...)
{
    enum { LINE = 1000 };
    char text[LINE];
    struct log_about about = {.stage = stage_at_work};
    va_list args;

    if (passage_at_work != NULL && passage_at_work->log_lines++ >= CHAIN_LOG_LINES)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (passage_at_work != NULL) {
        tell_record(passage_at_work->rec, &about);
    } else if (level == WR_ERROR && opening) {
        host_tell_trouble();
        snprintf(trouble, sizeof(trouble), "%s", text);
        return;
    }
    if (about.url.len > 0)
        log_about(level, &about, "%s: stage=%s record=%.*s", text, stage_at_work, FMT(about.url));
    else
        log_about(level, &about, "%s: stage=%s", text, stage_at_work);
}
