/* test_store_stories.c - how many stories there are in each state. */
#include <sqlite3.h>

#include "store/sql.h"
#include "store_fixture.h"
#include "unit/test.h"

static int note_stories(void *ctx, const char *name, uint64_t stories)
{
    if (bytes_starts(bytes_of(name), LIT("stories.")) && stories > 0)
        buf_printf(ctx, "%s %u,", name + strlen("stories."), (unsigned)stories);
    return 0;
}

static const char *stories_told(struct fixture *f, struct buf *out)
{
    buf_clear(out);
    assert_int_equal(store_counters(f->store, note_stories, out, &f->err), OK);
    return buf_cstr(out);
}

static void tell_story(
    struct fixture *f, const char *type, const char *subject, const char *data, const char *want)
{
    const struct store_event event = {
        .type = type, .topic = "all/x/en/", .subject = subject, .data = bytes_of(data)};
    struct buf told = {0};

    store_commit(f->store, &event, NULL, NULL);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, f->committed_count + 1);
    assert_string_equal(stories_told(f, &told), want);
    buf_done(&told);
}

/* Counted as their newest events tell, over a restart and when these are trimmed. */
static void stories_are_counted_by_their_states(void **state)
{
    struct fixture *f = *state;
    struct sql sql;
    struct buf told = {0};

    tell_story(f, "story.new", "urn:uuid:1", "{\"state\":\"new\"}", "new 1,");
    tell_story(f, "story.new", "urn:uuid:2", "{\"state\":\"new\"}", "new 2,");
    tell_story(f, "story.updated", "urn:uuid:1", "{\"state\":\"peaking\"}", "new 1,peaking 1,");
    tell_story(f, "story.updated", "urn:uuid:1", "{\"state\":\"peaking\"}", "new 1,peaking 1,");
    tell_story(f, "story.merged", "urn:uuid:2", "{\"state\":\"new\"}", "peaking 1,");
    fixture_reopen(f);
    assert_string_equal(stories_told(f, &told), "peaking 1,");
    tell_story(f, "story.closed", "urn:uuid:1", "{\"state\":\"closed\"}", "closed 1,");
    tell_story(f, "story.new", "urn:uuid:3", "{\"state\":\"new\"}", "closed 1,new 1,");
    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READWRITE, &f->err), OK);
    assert_int_equal(
        sql_exec(&sql, "UPDATE event SET recorded = 0 WHERE sequence <= 11", &f->err), OK);
    sql_close(&sql);
    store_trim(f->store);
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_string_equal(stories_told(f, &told), "new 1,");
    buf_done(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(stories_are_counted_by_their_states),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
