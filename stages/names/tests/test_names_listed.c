/* test_names_listed.c - lists of names as people write them, and what they change. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "listed.h"
#include "record/record_json.h"
#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;
static struct listed *listed;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    chain = chain_new(NULL);
    listed = listed_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    listed_free(listed);
    arena_free(arena);
    return 0;
}

/* The stage with such a list. */
static void open_with(const char *text)
{
    char path[] = "/tmp/wireroom-names-XXXXXX";
    const struct given_option given = {.stage = "names", .name = "list", .value = path};
    struct error err = {0};
    int fd = mkstemp(path);

    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    assert_int_equal(chain_add(chain, &wireroom_stage, &given, 1, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
    unlink(path);
}

/* "person Ana Lund" or "place Peking=Beijing,CN", by semicolons. */
static const char *names_in(const char *language, const char *text)
{
    struct wr_record *rec = record_new(arena);
    struct buf out = {0};
    const char *told;
    struct bytes value;
    size_t at = 0;

    record_set(rec, WR_LANGUAGE, bytes_of(language));
    record_set(rec, WR_TEXT, bytes_of(text));
    chain_go(chain_start(chain, rec), NULL);
    while (record_next(rec, WR_NAME, &at, &value)) {
        struct bytes kind = bytes_cut(&value, '\t');
        struct bytes listing;
        size_t other = 0;

        bytes_cut(&value, '\t');
        buf_printf(&out, "%s%.*s %.*s", out.len > 0 ? ";" : "", FMT(kind), FMT(value));
        while (record_next(rec, WR_LISTED, &other, &listing)) {
            struct bytes name = bytes_cut(&listing, '\t');
            struct bytes country = bytes_cut(&listing, '\t');

            if (bytes_equal(name, value))
                buf_printf(&out, "=%.*s,%.*s", FMT(listing), FMT(country));
        }
    }
    told = bytes_cstr(arena, buf_bytes(&out));
    buf_done(&out);
    return told;
}

static void finds_listed_names_also_where_a_sentence_begins(void **state)
{
    (void)state;
    open_with("# ours\n\nperson: Halcyon\norganisation: Brightwater Nine; B9\nplace CN: Beijing; "
              "Peking; 北京站\r\n"
              "none: Breaking News\n");
    assert_string_equal(names_in("en", "Halcyon was late."), "person Halcyon=Halcyon,");
    assert_string_equal(names_in("en", "Nobody at B9 spoke."), "organisation B9=Brightwater Nine,");
    assert_string_equal(names_in("de", "Peking schweigt."), "place Peking=Beijing,CN");
    assert_string_equal(names_in("zh", "列车到达北京站。"), "place 北京站=Beijing,CN");
    assert_string_equal(names_in("en", "It said Breaking News again."), "");
}

static void a_town_gives_way_to_words_and_people(void **state)
{
    (void)state;
    open_with("town GB: Bath; Reading\ntown: Jackson\ntown UA: Kharkiv\ntown DE: Essen; "
              "Zwickau\ntown: 堺; 山科\n");
    assert_string_equal(names_in("en", "Kharkiv slept."), "place Kharkiv=Kharkiv,UA");
    assert_string_equal(names_in("en", "Bath time is over."), "");
    assert_string_equal(names_in("en", "She lives in Bath now."), "place Bath=Bath,GB");
    assert_string_equal(names_in("en", "He met Mr Jackson there."), "person Jackson=Jackson,");
    assert_string_equal(names_in("de", "Essen wird teurer, sagen Köche."), "");
    assert_string_equal(names_in("de", "Viele fahren nach Zwickau."), "place Zwickau=Essen,DE");
    assert_string_equal(names_in("ja", "警察は堺で男を逮捕した。"), "");
}

static void says_where_a_list_is_wrong(void **state)
{
    static const struct {
        const char *list, *wrong;
    } cases[] = {
        {"persn: A", "l:1:1: expected person, organisation, place, town or none, such as \"person: "
                     "Ana Lund\""},
        {"# x\n  person Ana: B", "l:2:9: expected a country of two letters"},
        {"person", "l:1:7: expected ':' behind the kind"},
        {"place no: Bergen", "l:1:6: expected a country of two letters"},
        {"\n\nplace: ", "l:3:7: expected a name behind ':'"},
        {"place: A; \xff", "l:1:11: this is not UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct listed *l = listed_new();
        const char *wrong = listed_read(l, "l", bytes_of(cases[i].list));

        if (wrong == NULL || strncmp(wrong, cases[i].wrong, strlen(cases[i].wrong)) != 0)
            print_error("%s: %s\n", cases[i].list, wrong == NULL ? "taken" : wrong);
        assert_non_null(wrong);
        assert_int_equal(strncmp(wrong, cases[i].wrong, strlen(cases[i].wrong)), 0);
        listed_free(l);
    }
}

static void takes_a_hundred_thousand_names_and_the_first_list_first(void **state)
{
    struct word word;
    struct words words = {.at = &word};
    struct bytes form, country;
    struct buf text = {0};

    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "town XX: Q%dx\n", i);
    assert_null(listed_read(listed, "own", LIT("person: Q7x")));
    assert_null(listed_read(listed, "towns", buf_bytes(&text)));
    words_read_into(LIT("q99999X"), 1, &words);
    assert_int_equal(listed_kind(listed, word.hash, NULL), LISTED_TOWN);
    assert_true(listed_form(listed, word.hash, &form, &country));
    assert_bytes(form, "Q99999x");
    assert_bytes(country, "XX");
    words_read_into(LIT("Q7x"), 1, &words);
    assert_int_equal(listed_kind(listed, word.hash, NULL), LISTED_PERSON);
    words_read_into(LIT("Q100000x"), 1, &words);
    assert_int_equal(listed_kind(listed, word.hash, NULL), LISTED_NOTHING);
    buf_done(&text);
}

static void bytes_of_all_kinds_do_no_harm(void **state)
{
    uint64_t seed = 1;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        char text[200] = "place: ";
        size_t len = 7 + (size_t)round % 190;
        struct listed *l = listed_new();

        for (size_t i = round % 2 == 0 ? 0 : 7; i < len; i++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            text[i] = "pl:;# \n\tA\xc3\xa9\xe4\xba\xac\0NO"[(seed >> 33) % 17];
        }
        listed_read(l, "l", (struct bytes){text, len});
        listed_free(l);
    }
}

static void entities_are_told_with_what_the_list_calls_them(void **state)
{
    struct wr_record *rec = record_new(arena);
    struct wr_record *back = record_new(arena);
    struct buf out = {0};
    struct json_writer w = {.out = &out};
    struct json *json = NULL;

    (void)state;
    record_add(rec, WR_NAME, LIT("place\t2\tPeking"));
    record_add(rec, WR_NAME, LIT("person\t1\tAna Lund"));
    record_add(rec, WR_LISTED, LIT("Peking\tCN\tBeijing"));
    json_begin_object(&w, NULL);
    record_to_json(rec, &w);
    json_end_object(&w);
    assert_non_null(strstr(buf_cstr(&out), "{\"name\":\"Peking\",\"type\":\"place\",\"count\":2,"
                                           "\"canonicalName\":\"Beijing\",\"country\":\"CN\"}"));
    assert_int_equal(json_parse(arena, buf_bytes(&out), &json, NULL), OK);
    record_from_json(json, back);
    assert_int_equal(wr_count(back, WR_LISTED), 1);
    assert_bytes(record_get_at(back, WR_LISTED, 0), "Peking\tCN\tBeijing");
    buf_done(&out);
}

#define LISTED_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LISTED_TEST(finds_listed_names_also_where_a_sentence_begins),
        LISTED_TEST(a_town_gives_way_to_words_and_people),
        LISTED_TEST(says_where_a_list_is_wrong),
        LISTED_TEST(takes_a_hundred_thousand_names_and_the_first_list_first),
        LISTED_TEST(bytes_of_all_kinds_do_no_harm),
        LISTED_TEST(entities_are_told_with_what_the_list_calls_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
