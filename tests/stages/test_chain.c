/* test_chain.c - a record's way through stages that work, fail, wait, drop and make more. */
#include "unit/test.h"

#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;
static struct chain_place place;
static struct error err;
static const char *const bad_stages[] = {TEST_BAD_STAGES, NULL};

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    place = (struct chain_place){0};
    chain = chain_new(&place);
    err = (struct error){0};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    arena_free(arena);
    return 0;
}

static void open_chain(const char *const *names, enum chain_kind kind)
{
    for (; *names != NULL; names++)
        if (chain_load(chain, bad_stages, *names, NULL, 0, &err) != OK)
            fail_msg("%s", err.text);
    if (chain_open(chain, kind, &err) != OK)
        fail_msg("%s", err.text);
}

static struct wr_record *titled(const char *title)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TITLE, bytes_of(title));
    return rec;
}

static struct bytes extra(const struct wr_record *rec, const char *name)
{
    wr_str value = wr_get_extra(rec, name);

    return (struct bytes){value.ptr, value.len};
}

static void runs_all_stages_and_traces_them(void **state)
{
    struct wr_record *rec = titled("calm");

    (void)state;
    open_chain((const char *const[]){"good", "crash", NULL}, CHAIN_PLAIN);
    assert_int_equal(chain_go(chain_start(chain, rec), NULL), CHAIN_DONE);
    assert_bytes(extra(rec, "good"), "seen 24 0.50");
    assert_bytes(extra(rec, "crash"), "survived");
    assert_bytes(record_get(rec, REC_NOTE), "good\tmarked with \"seen\"");
    assert_int_equal(wr_count(rec, REC_TRACE), 2);
    assert_true(bytes_starts(record_get_at(rec, REC_TRACE, 0), LIT("good\t")));
    assert_true(bytes_ends(record_get_at(rec, REC_TRACE, 1), LIT("\tok")));
    assert_int_equal(place.step, CHAIN_IDLE);
}

static void leaves_out_what_the_record_says(void **state)
{
    struct wr_record *rec = titled("calm");

    (void)state;
    open_chain((const char *const[]){"good", "crash", NULL}, CHAIN_PLAIN);
    record_add(rec, REC_SKIP, LIT("good"));
    chain_go(chain_start(chain, rec), NULL);
    assert_int_equal(extra(rec, "good").len, 0);
    assert_bytes(extra(rec, "crash"), "survived");
}

static void goes_on_after_a_stage_that_failed(void **state)
{
    struct wr_record *rec = titled("failing");
    struct wr_record *odd = titled("nonsense");
    struct wr_record *idle = titled("wait");

    (void)state;
    open_chain((const char *const[]){"failing", "crash", NULL}, CHAIN_PLAIN);
    chain_go(chain_start(chain, rec), NULL);
    assert_bytes(record_get(rec, REC_NOTE), "failing\tcannot do that");
    assert_true(bytes_ends(record_get(rec, REC_TRACE), LIT("\terror")));
    assert_bytes(extra(rec, "crash"), "survived");
    chain_go(chain_start(chain, odd), NULL);
    assert_bytes(record_get(odd, REC_NOTE), "failing\tgave the verdict 77, which does not exist");
    assert_bytes(extra(odd, "crash"), "survived");
    assert_int_equal(chain_go(chain_start(chain, idle), NULL), CHAIN_DONE);
    assert_bytes(record_get(idle, REC_NOTE), "failing\twaits, but not for a document");
}

static void notes_what_a_stage_sets_and_cannot(void **state)
{
    static const struct {
        const char *title, *note;
    } cases[] = {
        {"name", "careless\tsets \"Bad Name!\", which is no name: 1 to 64 of [a-z0-9_.-]"},
        {"field", "careless\tsets the field 9999, which there is not"},
        {"add", "careless\tsets the field 0, which there is not"},
        {"large", "careless\tsets more than a record holds: 16 MiB, and 1024 in a list"},
        {"many", "careless\tsets more than a record holds: 16 MiB, and 1024 in a list"},
        {"name and field",
            "careless\tsets \"Bad Name!\", which is no name: 1 to 64 of [a-z0-9_.-]"},
        {"calm", ""},
        {"emitted", ""},
    };
    struct chain_run *run = NULL;

    (void)state;
    open_chain((const char *const[]){"careless", NULL}, CHAIN_PLAIN);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wr_record *rec = titled(cases[i].title);

        run = chain_start(chain, rec);
        assert_int_equal(chain_go(run, NULL), CHAIN_DONE);
        assert_bytes(record_get(rec, REC_NOTE), cases[i].note);
        assert_int_equal(wr_count(rec, REC_NOTE), cases[i].note[0] == '\0' ? 0 : 1);
        assert_bytes(extra(rec, "careless"), "value");
        assert_int_equal(record_get(rec, 9999).len, 0);
    }
    assert_int_equal(chain_emitted(run), 1);
    assert_bytes(record_get(chain_get_emitted(run, 0), REC_NOTE),
        "careless\tsets the field -1, which there is not");
}

static void ends_with_a_stage_that_drops(void **state)
{
    static const struct given_option drop = {"good", "drop", "true", NULL};
    struct wr_record *rec = titled("calm");

    (void)state;
    assert_int_equal(chain_load(chain, bad_stages, "good", &drop, 1, &err), OK);
    assert_int_equal(chain_load(chain, bad_stages, "crash", NULL, 0, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
    chain_go(chain_start(chain, rec), NULL);
    assert_bytes(record_get(rec, REC_DROPPED), "true");
    assert_int_equal(extra(rec, "crash").len, 0);
}

static void waits_for_a_document_and_goes_on_with_it(void **state)
{
    struct wr_record *rec = titled("two pages");
    struct chain_run *run;
    wr_event reply = {
        .size = sizeof(reply), .cause = WR_FETCHED, .status = 200, .body = {"more", 4}};

    (void)state;
    open_chain((const char *const[]){"asker", "crash", NULL}, CHAIN_PLAIN);
    run = chain_start(chain, rec);
    assert_int_equal(chain_go(run, NULL), CHAIN_WAITS);
    assert_bytes(chain_url(run), "http://news.example/page/2");
    assert_int_equal(chain_go(run, &reply), CHAIN_DONE);
    assert_bytes(extra(rec, "asker"), "7 1 200 more");
    assert_bytes(extra(rec, "crash"), "survived");
    assert_int_equal(wr_count(rec, REC_TRACE), 2);
}

static void tells_a_stage_that_there_is_no_document(void **state)
{
    struct wr_record *rec = titled("two pages");
    struct chain_run *run;

    (void)state;
    open_chain((const char *const[]){"asker", NULL}, CHAIN_PLAIN);
    run = chain_start(chain, rec);
    assert_int_equal(chain_go(run, NULL), CHAIN_WAITS);
    assert_int_equal(chain_go(run, NULL), CHAIN_DONE);
    assert_bytes(extra(rec, "asker"), "7 2 0 ");
}

static void runs_emitted_records_through_the_stages_behind(void **state)
{
    struct wr_record *rec = titled("one");
    struct chain_run *run;

    (void)state;
    open_chain((const char *const[]){"good", "emitter", "crash", NULL}, CHAIN_PLAIN);
    run = chain_start(chain, rec);
    assert_int_equal(chain_go(run, NULL), CHAIN_DONE);
    assert_int_equal(chain_emitted(run), 1);
    assert_bytes(record_get(chain_get_emitted(run, 0), WR_TITLE), "emitted");
    assert_bytes(extra(chain_get_emitted(run, 0), "crash"), "survived");
    assert_int_equal(extra(chain_get_emitted(run, 0), "good").len, 0);
}

static void bounds_how_many_records_come_of_one(void **state)
{
    struct chain_run *run;

    (void)state;
    open_chain((const char *const[]){"emitter", NULL}, CHAIN_PLAIN);
    run = chain_start(chain, titled("many"));
    assert_int_equal(chain_go(run, NULL), CHAIN_DONE);
    assert_int_equal(chain_emitted(run), CHAIN_EMITTED);
}

static void runs_ordered_stages_only_where_they_belong(void **state)
{
    struct wr_record *rec = titled("first");
    struct wr_record *wait = titled("wait");

    (void)state;
    open_chain((const char *const[]){"good", "counter", NULL}, CHAIN_ORDERED);
    chain_go(chain_start(chain, rec), NULL);
    assert_int_equal(extra(rec, "good").len, 0);
    assert_bytes(extra(rec, "number"), "1");
    assert_int_equal(chain_go(chain_start(chain, wait), NULL), CHAIN_DONE);
    assert_bytes(extra(wait, "number"), "3");
}

static void saves_what_ordered_stages_know_and_gives_it_back(void **state)
{
    struct wr_record *saved = record_new(arena);
    struct wr_record *load = record_new(arena);
    struct wr_record *rec = titled("next");

    (void)state;
    open_chain((const char *const[]){"counter", NULL}, CHAIN_ORDERED);
    record_add(load, REC_STAGE, LIT("counter"));
    record_add(load, REC_BODY, LIT("41"));
    chain_load_saved(chain, load);
    assert_int_equal(wr_count(load, REC_NOTE), 0);
    chain_go(chain_start(chain, titled("first")), NULL);
    chain_save(chain, saved);
    assert_bytes(record_get(saved, REC_STAGE), "counter");
    assert_bytes(record_get(saved, REC_BODY), "42");
    record_set(load, REC_BODY, LIT("a memory of another version of this stage"));
    chain_load_saved(chain, load);
    assert_bytes(
        record_get(load, REC_NOTE), "counter\tdoes not know its saved memory and starts without");
    chain_go(chain_start(chain, rec), NULL);
}

static void refuses_a_stage_that_stands_twice(void **state)
{
    (void)state;
    assert_int_equal(chain_load(chain, bad_stages, "good", NULL, 0, &err), OK);
    assert_int_equal(chain_load(chain, bad_stages, "good", NULL, 0, &err), E_USAGE);
}

static void gives_a_record_outside_a_chain_a_slot(void **state)
{
    struct wr_record *rec = titled("alone");

    (void)state;
    *wr_slot(rec) = rec;
    assert_ptr_equal(*wr_slot(rec), rec);
    wr_note(rec, "line one\nline two");
    assert_bytes(record_get(rec, REC_NOTE), "stage\tline one line two");
    assert_non_null(wr_emit(rec));
}

static int tell_cause(void *self, wr_record *rec, const wr_event *event)
{
    wr_record *made = event->cause == WR_DUE ? wr_emit(rec) : rec;

    (void)self;
    wr_set_extra(made, "cause", event->cause == WR_DUE ? (wr_str){"due", 3} : (wr_str){"came", 4});
    return WR_NEXT;
}

static int64_t due_soon(void *self)
{
    (void)self;
    return 1773478800;
}

/* Only a stage that has due() is called for it; what it makes goes on through those behind it, for
 * whom it has come. */
static void what_is_due_is_asked_of_those_that_wait_for_it(void **state)
{
    static const wr_stage waits = {.abi = WR_STAGE_ABI,
        .size = sizeof(wr_stage),
        .name = "waits",
        .version = "1",
        .flags = WR_ORDERED,
        .process = tell_cause,
        .due = due_soon};
    wr_stage before = waits, behind = waits;
    struct wr_record *rec = record_new(arena);
    struct chain_run *run;

    (void)state;
    before.name = "before";
    before.due = NULL;
    behind.name = "behind";
    behind.size = offsetof(wr_stage, due); /* of a header that did not know of it */
    assert_int_equal(chain_add(chain, &before, NULL, 0, &err), OK);
    assert_int_equal(chain_due(chain), 0);
    assert_int_equal(chain_add(chain, &waits, NULL, 0, &err), OK);
    assert_int_equal(chain_add(chain, &behind, NULL, 0, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_ORDERED, &err), OK);
    assert_int_equal(chain_due(chain), INT64_C(1773478800000000));
    run = chain_start_due(chain, rec);
    assert_int_equal(chain_go(run, NULL), CHAIN_DONE);
    assert_int_equal(extra(rec, "cause").len, 0);
    assert_int_equal(chain_emitted(run), 1);
    assert_bytes(extra(chain_get_emitted(run, 0), "cause"), "came"); /* by the one behind */
    assert_int_equal(wr_count(chain_get_emitted(run, 0), REC_TRACE), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(runs_all_stages_and_traces_them, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_out_what_the_record_says, setup, teardown),
        cmocka_unit_test_setup_teardown(goes_on_after_a_stage_that_failed, setup, teardown),
        cmocka_unit_test_setup_teardown(notes_what_a_stage_sets_and_cannot, setup, teardown),
        cmocka_unit_test_setup_teardown(ends_with_a_stage_that_drops, setup, teardown),
        cmocka_unit_test_setup_teardown(waits_for_a_document_and_goes_on_with_it, setup, teardown),
        cmocka_unit_test_setup_teardown(tells_a_stage_that_there_is_no_document, setup, teardown),
        cmocka_unit_test_setup_teardown(
            runs_emitted_records_through_the_stages_behind, setup, teardown),
        cmocka_unit_test_setup_teardown(bounds_how_many_records_come_of_one, setup, teardown),
        cmocka_unit_test_setup_teardown(
            runs_ordered_stages_only_where_they_belong, setup, teardown),
        cmocka_unit_test_setup_teardown(
            saves_what_ordered_stages_know_and_gives_it_back, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_a_stage_that_stands_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(gives_a_record_outside_a_chain_a_slot, setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_is_due_is_asked_of_those_that_wait_for_it, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
