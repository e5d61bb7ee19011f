/* teller.c - an ordered stage that tells of stories what makes no sense, and at the end one that
 * does. By the headline: "Report too-many" makes more than a record may. */
#include <string.h>

#include "wireroom/stage.h"

#define SET(rec, field, text) wr_set(rec, field, (wr_str){text, sizeof(text) - 1})
#define URN "urn:uuid:0d6f2b52-33aa-5c0f-8a57-61f0f3f7b0"

static wr_record *tell(wr_record *parent, const char *type, const char *uri)
{
    wr_record *rec = wr_emit(parent);

    if (rec == NULL)
        return NULL;
    wr_set(rec, WR_EVENT, (wr_str){type, strlen(type)});
    wr_set(rec, WR_STORY, (wr_str){uri, strlen(uri)});
    SET(rec, WR_STORY_STATE, "new");
    SET(rec, WR_STORY_SINCE, "2026-03-14T09:14:03Z");
    SET(rec, WR_STORY_ARTICLES, "2");
    return rec;
}

static void tell_nonsense(wr_record *rec)
{
    tell(rec, "feed.state", URN "01");
    tell(rec, "story.new", "urn:uuid:0d6f2b52\"},{\"-33aa-5c0f-8a57-61f0f3f7b");
    tell(rec, "story.new", "f0000001");
    SET(tell(rec, "story.new", URN "02"), WR_STORY_ARTICLES, "-1");
    SET(tell(rec, "story.new", URN "03"), WR_STORY_STATE, "on fire");
    SET(tell(rec, "story.new", URN "04"), WR_STORY_SINCE, "yesterday");
    wr_emit(rec);
}

/* 16 MB of it: no event has room for that. */
static void tell_endless(wr_record *rec)
{
    static char long_line[16000];
    wr_record *made = tell(rec, "story.new", URN "05");

    memset(long_line, 'x', sizeof(long_line));
    memcpy(long_line, URN "06\t2026-03-14T09:14:03Z\t", 67);
    long_line[100] = long_line[110] = long_line[120] = '\t';
    for (int i = 0; i < 1000; i++)
        wr_add(made, WR_STORY_MEMBER, (wr_str){long_line, sizeof(long_line)});
}

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);
    wr_record *made;

    (void)self;
    (void)event;
    if (memmem(title.ptr, title.len, "too-many", 8) != NULL) {
        for (int i = 0; i < 1000; i++)
            tell(rec, "story.new", URN "07");
        return WR_NEXT;
    }
    tell_nonsense(rec);
    tell_endless(rec);
    made = tell(rec, "story.updated", URN "08");
    SET(made, WR_STORY_HEADLINE, "Story told");
    SET(made, WR_LANGUAGE, "no language");
    wr_add(made, WR_STORY_MEMBER, (wr_str){"nobody\t\t", 8});
    return WR_NEXT;
}

static wr_str save(void *self)
{
    (void)self;
    return (wr_str){"", 0};
}

static int load(void *self, wr_str saved)
{
    (void)self;
    (void)saved;
    return 0;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "teller",
    .version = "1.0",
    .flags = WR_ORDERED,
    .process = process,
    .save = save,
    .load = load,
};
