/* test_module.c - modules that are what they say, and those that are refused. */
#include "unit/test.h"

#include <stdlib.h>
#include <unistd.h>

#include "pool/pool.h"
#include "worker/module.h"

static struct arena *arena;
static struct module module;
static struct error err;
static const char *const bad_stages[] = {TEST_BAD_STAGES, NULL};

static int setup(void **state)
{
    (void)state;
    arena = arena_new(16 << 20);
    module = (struct module){0};
    err = (struct error){0};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    module_close(&module);
    arena_free(arena);
    return 0;
}

static int load(const char *name)
{
    return module_load(arena, bad_stages, name, &module, &err);
}

static void fills_a_stage_with_its_initial_options(void **state)
{
    struct self {
        const char *mark;
        bool drop;
        int64_t number;
        double share;
    };
    const struct self *self;

    (void)state;
    assert_int_equal(load("good"), OK);
    assert_int_equal(module_configure(arena, &module, NULL, 0, &err), OK);
    self = module.self;
    assert_string_equal(self->mark, "seen");
    assert_false(self->drop);
    assert_int_equal(self->number, 24);
    assert_true(self->share == 0.5);
    assert_string_equal(module.stage.version, "1.2");
}

static void takes_the_operators_options_for_this_stage_only(void **state)
{
    static const struct given_option given[] = {{"good", "mark", "stamped", "w.yaml:3:5"},
        {"other", "colour", "red", "w.yaml:4:5"}, {"good", "drop", "yes", "w.yaml:5:5"}};

    (void)state;
    assert_int_equal(load("good"), OK);
    assert_int_equal(module_configure(arena, &module, given, 3, &err), OK);
    assert_string_equal(*(const char **)module.self, "stamped");
}

static void says_where_an_option_is_wrong_and_what_was_meant(void **state)
{
    static const struct given_option unknown = {"good", "max_numbr", "3", "w.yaml:3:5"};
    static const struct given_option bad = {"good", "max-number", "three", "w.yaml:9:12"};

    (void)state;
    assert_int_equal(load("good"), OK);
    assert_int_equal(module_configure(arena, &module, &unknown, 1, &err), E_USAGE);
    assert_string_equal(
        err.text, "w.yaml:3:5: stage good has no option \"max_numbr\"; did you mean max-number?");
    assert_int_equal(module_configure(arena, &module, &bad, 1, &err), E_USAGE);
    assert_string_equal(
        err.text, "w.yaml:9:12: stage good: option max-number: \"three\" is not a whole number");
}

static void refuses_a_module_of_another_abi(void **state)
{
    (void)state;
    assert_int_equal(load("abi2"), E_REFUSED);
    assert_string_equal(err.text,
        "stage abi2: " TEST_BAD_STAGES "/abi2.so: built for stage ABI 2, this daemon speaks 1");
}

static void refuses_a_module_with_another_name(void **state)
{
    (void)state;
    assert_int_equal(load("misnamed"), E_REFUSED);
    assert_non_null(strstr(err.text, "misnamed.so: it calls itself renamed"));
}

static void suggests_a_module_when_there_is_none(void **state)
{
    (void)state;
    assert_int_equal(load("hnag"), E_NOT_FOUND);
    assert_non_null(strstr(err.text, "stage hnag: there is no such module in "));
    assert_non_null(strstr(err.text, "; did you mean hang?"));
    assert_int_equal(load("../stages/good"), E_USAGE);
}

/* A module in a folder of its own, both with these modes; its code, by which error it is refused.
 */
static int load_as(mode_t folder_mode, mode_t file_mode)
{
    char folder[] = "/tmp/wireroom-module-XXXXXX";
    const char *dirs[] = {folder, NULL};
    char command[500], path[100];
    int code;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/good.so", folder);
    snprintf(command, sizeof(command), "cp '%s/good.so' '%s'", TEST_BAD_STAGES, path);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): our own paths */
    chmod(path, file_mode);
    chmod(folder, folder_mode);
    err = (struct error){0};
    code = module_load(arena, dirs, "good", &module, &err);
    unlink(path);
    rmdir(folder);
    return code;
}

/* What it says runs as the daemon. */
static void refuses_a_module_that_anybody_may_write(void **state)
{
    (void)state;
    assert_int_equal(load_as(0755, 0666), E_REFUSED);
    assert_non_null(strstr(err.text, "good.so: anybody may write there"));
    assert_int_equal(load_as(0777, 0644), E_REFUSED);
    assert_non_null(strstr(err.text, ": anybody may write there: chmod o-w"));
    assert_int_equal(load_as(01777, 0644), E_REFUSED);
    assert_int_equal(load_as(0775, 0664), OK);
}

/* top/way has the mode, below it are the stages, or what a link of theirs leads to. */
static int load_below(mode_t way_mode, bool by_link)
{
    char top[] = "/tmp/wireroom-module-XXXXXX";
    char folder[100], command[1000];
    const char *dirs[] = {folder, NULL};
    int code;

    assert_non_null(mkdtemp(top));
    snprintf(command, sizeof(command),
        "cd %s && mkdir -p way/stages own && cp '%s/good.so' way/stages && "
        "ln -s ../way/stages/good.so own && chmod %o way",
        top, TEST_BAD_STAGES, (unsigned)way_mode);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): our own paths */
    snprintf(folder, sizeof(folder), "%s/%s", top, by_link ? "own" : "way/stages");
    err = (struct error){0};
    code = module_load(arena, dirs, "good", &module, &err);
    snprintf(command, sizeof(command), "rm -r %s", top);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): our own paths */
    return code;
}

/* Who may write there may put another folder in its place. */
static void refuses_a_module_on_a_way_that_anybody_may_write(void **state)
{
    (void)state;
    for (int by_link = 0; by_link < 2; by_link++) {
        assert_int_equal(load_below(0777, by_link != 0), E_REFUSED);
        assert_non_null(strstr(err.text, "/way: anybody may write there: chmod o-w"));
        assert_int_equal(load_below(01777, by_link != 0), OK);
        assert_int_equal(load_below(0755, by_link != 0), OK);
    }
}

/* Two directories that have a module of one name, and one that is not there. */
static void takes_a_module_from_the_first_directory_that_has_it(void **state)
{
    static const char *const dirs[] = {"/nonexistent", TEST_ABI_STAGES, TEST_BAD_STAGES, NULL};
    const char *const *names;
    char own[] = "/tmp/test_module_XXXXXX";
    struct bytes copy;

    (void)state;
    assert_int_equal(module_load(arena, dirs, "good", &module, &err), OK);
    assert_string_equal(module.path, TEST_BAD_STAGES "/good.so");
    module_close(&module);
    assert_non_null(mkdtemp(own));
    copy = bytes_format(arena, "%s/good.so", own);
    assert_int_equal(symlink(TEST_BAD_STAGES "/good.so", copy.ptr), 0);
    assert_int_equal(module_load(arena, (const char *const[]){own, TEST_BAD_STAGES, NULL}, "good",
                         &module, &err),
        OK);
    assert_string_equal(module.path, copy.ptr);
    assert_int_equal(
        module_list(arena, (const char *const[]){own, TEST_ABI_STAGES, NULL}, &names, &err), OK);
    assert_string_equal(names[0], "abi1");
    assert_string_equal(names[1], "good");
    assert_null(names[2]);
    unlink(copy.ptr);
    rmdir(own);
}

static void names_all_directories_it_looked_in(void **state)
{
    static const char *const dirs[] = {"/nonexistent", TEST_ABI_STAGES, TEST_BAD_STAGES, NULL};
    static const char *const none[] = {"/nonexistent", "/nonexistent/too", NULL};
    const char *const *names;

    (void)state;
    assert_int_equal(module_load(arena, dirs, "hnag", &module, &err), E_NOT_FOUND);
    assert_string_equal(err.text,
        "stage hnag: there is no such module in /nonexistent, " TEST_ABI_STAGES ", " TEST_BAD_STAGES
        "; did you mean hang?");
    assert_int_equal(module_load(arena, none, "hang", &module, &err), E_NOT_FOUND);
    assert_string_equal(
        err.text, "stage hang: there is no such module in /nonexistent, /nonexistent/too");
    assert_int_equal(module_list(arena, none, &names, &err), E_SYSTEM);
}

static void says_of_a_link_that_it_leads_nowhere(void **state)
{
    char own[] = "/tmp/test_module_XXXXXX";
    struct bytes link;

    (void)state;
    assert_non_null(mkdtemp(own));
    link = bytes_format(arena, "%s/lost.so", own);
    assert_int_equal(symlink("/nonexistent/lost.so", link.ptr), 0);
    assert_int_equal(
        module_load(arena, (const char *const[]){own, NULL}, "lost", &module, &err), E_NOT_FOUND);
    assert_non_null(strstr(err.text, " leads nowhere"));
    unlink(link.ptr);
    rmdir(own);
}

static void says_why_a_stage_does_not_open(void **state)
{
    (void)state;
    assert_int_equal(load("unopened"), OK);
    assert_int_equal(module_configure(arena, &module, NULL, 0, &err), OK);
    assert_int_equal(module_open(&module, &err), E_REFUSED);
    assert_non_null(strstr(err.text, "stage unopened: no word list"));
}

static int process(void *self, wr_record *rec, const wr_event *event)
{
    (void)self;
    (void)rec;
    (void)event;
    return WR_NEXT;
}

static wr_stage sound(void)
{
    return (wr_stage){.abi = WR_STAGE_ABI,
        .size = sizeof(wr_stage),
        .name = "sound",
        .version = "1",
        .process = process};
}

static void refuses_what_says_nonsense_of_itself(void **state)
{
    static const wr_option outside[] = {{"far", WR_INT, 12, "1", "lies outside"}, {0}};
    static const wr_option untyped[] = {{"odd", 9, 0, "1", "has no type"}, {0}};
    wr_stage stage = sound();

    (void)state;
    assert_int_equal(module_take(arena, &stage, &module, &err), OK);
    stage.size = 8;
    assert_int_equal(module_take(arena, &stage, &module, &err), E_REFUSED);
    stage = sound();
    stage.name = "No Name";
    assert_int_equal(module_take(arena, &stage, &module, &err), E_REFUSED);
    stage = sound();
    stage.process = NULL;
    assert_int_equal(module_take(arena, &stage, &module, &err), E_REFUSED);
    stage = sound();
    stage.self_size = 16;
    stage.options = outside;
    assert_int_equal(module_take(arena, &stage, &module, &err), E_REFUSED);
    assert_string_equal(err.text, "option far lies outside the stage's own struct");
    stage.options = untyped;
    assert_int_equal(module_take(arena, &stage, &module, &err), E_REFUSED);
}

static void reads_no_further_than_an_older_struct_goes(void **state)
{
    struct {
        wr_stage stage;
        char beyond[64];
    } longer = {.stage = sound()};

    (void)state;
    longer.stage.size = sizeof(longer);
    assert_int_equal(module_take(arena, &longer.stage, &module, &err), OK);
    assert_string_equal(module.stage.name, "sound");
}

static void lists_modules_and_prints_their_options(void **state)
{
    const char *const *names;
    struct buf out = {0};
    size_t count = 0;

    (void)state;
    assert_int_equal(module_list(arena, bad_stages, &names, &err), OK);
    while (names[count] != NULL)
        count++;
    assert_true(count >= 12);
    assert_string_equal(names[0], "abi2");
    assert_int_equal(load("good"), OK);
    module_print_options(&module.stage, &out);
    assert_non_null(strstr(buf_cstr(&out), ".It Ic max-number : Ar whole number\n"));
    buf_clear(&out);
    module_print_json(&module, &out);
    assert_non_null(
        strstr(buf_cstr(&out), "\"name\":\"good\",\"version\":\"1.2\",\"file\":\"" TEST_BAD_STAGES
                               "/good.so\",\"abi\":1,\"ordered\":false,\"needsPage\":true"));
    buf_done(&out);
}

static void describes_each_module_even_one_it_refuses(void **state)
{
    struct bytes json;

    (void)state;
    assert_int_equal(pool_describe(arena, TEST_BIN "/wireroomd", bad_stages, &json, &err), OK);
    assert_true(bytes_find(json, LIT("\"name\":\"good\",\"version\":\"1.2\"")) != SIZE_MAX);
    assert_true(bytes_find(json, LIT("{\"name\":\"abi2\",\"file\":\"" TEST_BAD_STAGES
                                     "/abi2.so\",\"error\":\"stage abi2: ")) != SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fills_a_stage_with_its_initial_options, setup, teardown),
        cmocka_unit_test_setup_teardown(
            takes_the_operators_options_for_this_stage_only, setup, teardown),
        cmocka_unit_test_setup_teardown(
            says_where_an_option_is_wrong_and_what_was_meant, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_a_module_of_another_abi, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_a_module_with_another_name, setup, teardown),
        cmocka_unit_test_setup_teardown(suggests_a_module_when_there_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_a_module_that_anybody_may_write, setup, teardown),
        cmocka_unit_test_setup_teardown(
            refuses_a_module_on_a_way_that_anybody_may_write, setup, teardown),
        cmocka_unit_test_setup_teardown(
            takes_a_module_from_the_first_directory_that_has_it, setup, teardown),
        cmocka_unit_test_setup_teardown(names_all_directories_it_looked_in, setup, teardown),
        cmocka_unit_test_setup_teardown(says_of_a_link_that_it_leads_nowhere, setup, teardown),
        cmocka_unit_test_setup_teardown(says_why_a_stage_does_not_open, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_what_says_nonsense_of_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(
            reads_no_further_than_an_older_struct_goes, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_modules_and_prints_their_options, setup, teardown),
        cmocka_unit_test_setup_teardown(describes_each_module_even_one_it_refuses, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
