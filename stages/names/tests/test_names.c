/* test_names.c - what is a name, whose, and how often; the labelled sentences of tests/data are the
 * bench's matter. */
#include "unit/test.h"

#include <stdio.h>

#include "base/clock.h"
#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;

static int setup(void **state)
{
    struct error err = {0};

    (void)state;
    arena = arena_new(64 << 20);
    chain = chain_new(NULL);
    assert_int_equal(chain_add(chain, &wireroom_stage, NULL, 0, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    arena_free(arena);
    return 0;
}

static struct wr_record *read_text(const char *language, struct bytes text)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_LANGUAGE, bytes_of(language));
    record_set(rec, WR_TEXT, text);
    chain_go(chain_start(chain, rec), NULL);
    return rec;
}

/* "person 2 Ana Lund; place 1 Bergen" */
static struct bytes told(const struct wr_record *rec)
{
    struct buf out = {0};
    struct bytes value;
    size_t at = 0;

    while (record_next(rec, WR_NAME, &at, &value)) {
        buf_add_cstr(&out, out.len > 0 ? "; " : "");
        for (size_t i = 0; i < value.len; i++)
            buf_add_byte(&out, value.ptr[i] == '\t' ? ' ' : value.ptr[i]);
    }
    value = bytes_copy(arena, buf_bytes(&out));
    buf_done(&out);
    return value;
}

struct expectation {
    const char *language, *text, *names;
};

static void check_all(const struct expectation *cases, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        struct bytes got = told(read_text(cases[i].language, bytes_of(cases[i].text)));

        if (bytes_is(got, cases[i].names))
            continue;
        print_error("%s\n  is     %.*s\n  wanted %s\n", cases[i].text, FMT(got), cases[i].names);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(cases) check_all(cases, sizeof(cases) / sizeof((cases)[0]))

static void a_surname_counts_for_the_whole_name(void **state)
{
    static const struct expectation cases[] = {
        {"en", "Ana Lund left. Later Lund came back, and Lund spoke.", "person 3 Ana Lund"},
        {"en", "Officials at Northwind Ltd agreed. Shares of Northwind rose.",
            "organisation 2 Northwind Ltd"},
        {"en", "In BERGEN it rained. The rain in Bergen went on.", "place 2 Bergen"},
        {"de", "Der Minister Karl Hoffmann kam. Später ging Hoffmann.", "person 2 Karl Hoffmann"},
    };

    (void)state;
    CHECK(cases);
}

static void a_first_word_counts_only_where_it_is_a_name_elsewhere(void **state)
{
    static const struct expectation cases[] = {
        {"en", "Rain fell. Nobody saw it.", ""},
        {"en", "Quillon fell ill. Friends of Quillon saw it.", "other 2 Quillon"},
        {"en", "Storms came. The storms went.", ""},
        {"en", "Norway voted.", "place 1 Norway"},
        {"en", "NATO voted.", "organisation 1 NATO"},
        {"fr", "« Nous partons », dit-elle.", ""},
    };

    (void)state;
    CHECK(cases);
}

static void titles_are_no_part_of_a_name(void **state)
{
    static const struct expectation cases[] = {
        {"en", "They met President Mirela Stan.", "person 1 Mirela Stan"},
        {"en", "They met Finance Minister Obi Nwosu.", "person 1 Obi Nwosu"},
        {"en", "They met the President.", ""},
        {"de", "Gestern sprach Außenministerin Clara Weiß.", "person 1 Clara Weiß"},
        {"sv", "I dag kom Statsminister Erik Holm.", "person 1 Erik Holm"},
    };

    (void)state;
    CHECK(cases);
}

static void particles_and_letters_are_part_of_it(void **state)
{
    static const struct expectation cases[] = {
        {"en", "They met Jorge de la Cruz.", "person 1 Jorge de la Cruz"},
        {"nl", "Daar was Anton van der Berg.", "person 1 Anton van der Berg"},
        {"en", "They met Ahmed al-Sayed.", "person 1 Ahmed al-Sayed"},
        {"en", "They met Peter O'Malley.", "person 1 Peter O'Malley"},
        {"en", "They met J. R. Brandt.", "person 1 J. R. Brandt"},
        {"it", "Qui lavora la Luce S.p.A. da anni.", "organisation 1 Luce S.p.A."},
        {"en", "They asked the Bank of England.", "organisation 1 Bank of England"},
    };

    (void)state;
    CHECK(cases);
}

static void german_nouns_are_no_names(void **state)
{
    static const struct expectation cases[] = {
        {"de", "Die Polizei sucht nach Angaben der Behörde einen Mann mit Hund.", ""},
        {"de", "Der Bürgermeister eröffnete die Brücke.", ""},
        {"de", "Die SPD tagt in Köln.", "organisation 1 SPD; place 1 Köln"},
        {"de", "Der Konzern Siegwart AG baut.", "organisation 1 Siegwart AG"},
        {"", "Die Zahl der Schüler in der Stadt steigt, und das Geld fehlt.", ""},
    };

    (void)state;
    CHECK(cases);
}

static void german_genitives_and_titles_part_names(void **state)
{
    static const struct expectation cases[] = {
        {"de", "Es regnete im Süden Bayerns zu heftig.", "place 1 Bayern"},
        {"de", "Großbritanniens Premierminister Keith Sterling reiste ab.",
            "place 1 Großbritannien; person 1 Keith Sterling"},
        {"de", "Dort sprach Greenpeace-Sprecherin Mira Albrecht lange.",
            "organisation 1 Greenpeace; person 1 Mira Albrecht"},
        {"de", "Mehrere Dutzend Helfer kamen.", ""},
        {"de", "Die Versicherung Allianz SE zahlt.", "organisation 1 Allianz SE"},
    };

    (void)state;
    CHECK(cases);
}

static void names_of_several_kinds_of_words(void **state)
{
    static const struct expectation cases[] = {
        {"es", "Llueve en Castilla y León desde ayer.", "place 1 Castilla y León"},
        {"fr", "Il est reçu à l'Assemblée nationale ce soir.",
            "organisation 1 Assemblée nationale"},
        {"nl", "Daar reageerde Femke Hulst van Amsterdam op.",
            "person 1 Femke Hulst; place 1 Amsterdam"},
        {"en", "They watched the Boston Celtics.", "organisation 1 Boston Celtics"},
        {"en", "They met Crown Bank President Ana Lund.",
            "organisation 1 Crown Bank; person 1 Ana Lund"},
        {"fr", "Il vit à La Rochelle.", "place 1 La Rochelle"},
    };

    (void)state;
    CHECK(cases);
}

static void days_nationalities_and_share_signs_are_no_names(void **state)
{
    static const struct expectation cases[] = {
        {"en", "On Monday the French company left.", ""},
        {"en", "They sold Northwind ( NWND.N ) shares.", "other 1 Northwind"},
        {"en", "They said the CEO left.", ""},
        {"en", "HARBOUR BRIDGE CLOSED AFTER THE STORM THAT HIT ALL OF THE COAST IN MAY", ""},
        {"en", "NEW YORK (AP) - It rained.", "place 1 NEW YORK; organisation 1 AP"},
    };

    (void)state;
    CHECK(cases);
}

static void the_summary_is_read_for_want_of_a_text(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_add(rec, WR_NAME, LIT("person\t9\tNobody Else"));
    record_set(rec, WR_SUMMARY, LIT("They met Ana Lund."));
    chain_go(chain_start(chain, rec), NULL);
    assert_bytes(told(rec), "person 1 Ana Lund");
}

static void as_many_as_the_operator_wants(void **state)
{
    static const struct {
        const char *value;
        int code;
        const char *names;
    } cases[] = {{"1", OK, "place 2 Norway"}, {"0", E_REFUSED, NULL}, {"257", E_REFUSED, NULL}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct given_option option = {"names", "most", cases[i].value, NULL};
        struct chain *own = chain_new(NULL);
        struct wr_record *rec = record_new(arena);
        struct error err = {0};

        assert_int_equal(chain_add(own, &wireroom_stage, &option, 1, &err), OK);
        assert_true((chain_open(own, CHAIN_PLAIN, &err) == OK) == (cases[i].code == OK));
        if (cases[i].code == OK) {
            record_set(rec, WR_TEXT, LIT("From Sweden to Norway, and from Norway to Spain."));
            chain_go(chain_start(own, rec), NULL);
            assert_bytes(told(rec), cases[i].names);
        }
        chain_free(own);
    }
}

/* Megabytes of one word, of capitals, of marks, of broken UTF-8. */
static void bad_text_is_bounded(void **state)
{
    static const char *const units[] = {"a", "A", "Aa ", "Aa", "Aa Bb. ", "\"", "A. ", "Ab de ",
        "O'", "\xff", "\xe2\x80", "A\xcc\x81", "Aa-", "\n", "University of ", "AB "};
    size_t size = 5 << 20;

    (void)state;
    for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
        size_t len = strlen(units[u]);
        char *text;
        int64_t began;

        arena_reset(arena);
        text = arena_alloc(arena, size);
        for (size_t i = 0; i < size; i++)
            text[i] = units[u][i % len];
        began = processor_time();
        assert_true(wr_count(read_text(u % 2 == 0 ? "en" : "de", (struct bytes){text, size}),
                        WR_NAME) <= 50);
        assert_true(processor_time() - began < 2 * SECOND);
    }
}

/* As many different names as there is room for words. */
static void thousands_of_names_are_bounded(void **state)
{
    struct buf text = {0};
    int64_t began;

    (void)state;
    arena_reset(arena);
    for (int i = 0; i < 20000; i++) {
        char name[32];

        snprintf(name, sizeof(name), "met B%c%c%c C%c%c%c and ", 'a' + i % 26, 'a' + i / 26 % 26,
            'a' + i / 676 % 26, 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26);
        buf_add_cstr(&text, name);
    }
    began = processor_time();
    assert_int_equal(wr_count(read_text("en", buf_bytes(&text)), WR_NAME), 50);
    assert_true(processor_time() - began < SECOND);
    buf_done(&text);
}

/* Where no capital tells: by places and titles, and by what organisations are called. */
static void scripts_without_capitals_have_names(void **state)
{
    static const struct expectation cases[] = {
        {"zh", "市长陈建国在杭州表示，北方银行将开业。",
            "person 1 陈建国; place 1 杭州; organisation 1 北方银行"},
        {"zh", "安娜·隆德在奥斯陆说，这很难。", "person 1 安娜·隆德; place 1 奥斯陆"},
        {"zh", "周二下雨，周三放晴。", ""},
        {"ja", "アンナ・ルンド氏は北海銀行の会長だ。",
            "person 1 アンナ・ルンド; organisation 1 北海銀行"},
        {"ja", "長野県松本市の山田花子市長。", "place 1 長野県; place 1 松本市; person 1 山田花子"},
        {"ko", "김민수 시장은 부산에서 북해은행을 찾았다.",
            "person 1 김민수; place 1 부산; organisation 1 북해은행"},
        {"ko", "정다은 변호사는 서울에 왔다.", "person 1 정다은; place 1 서울"},
        {"ar", "قال الرئيس سامي حداد إن شركة النور للطاقة في القاهرة.",
            "person 1 سامي حداد; organisation 1 شركة النور للطاقة; place 1 القاهرة"},
        {"ar", "وصل الفريق ببيروت.", "place 1 بيروت"},
        {"he", "ד\"ר יעל ברק ביקרה בחיפה.", "person 1 יעל ברק; place 1 חיפה"},
        {"hi", "डॉ अनीता शर्मा ने उत्तर बैंक को पटना में खोला।",
            "person 1 अनीता शर्मा; organisation 1 उत्तर बैंक; place 1 पटना"},
        {"th", "นายสมชาย ใจดี กล่าวว่า ฝนตกในภูเก็ต", "person 1 สมชาย ใจดี; place 1 ภูเก็ต"},
    };

    (void)state;
    CHECK(cases);
}

static void signs_without_end_are_bounded(void **state)
{
    static const char *const texts[] = {"中", "阿", "トヨ", "นาย", "김", "ال", "中国银行王"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct buf text = {0};
        int64_t began = processor_time();

        arena_reset(arena);
        while (text.len < 100000)
            buf_add_cstr(&text, texts[i]);
        assert_true(wr_count(read_text("", buf_bytes(&text)), WR_NAME) <= 50);
        assert_true(processor_time() - began < SECOND);
        buf_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_surname_counts_for_the_whole_name),
        cmocka_unit_test(a_first_word_counts_only_where_it_is_a_name_elsewhere),
        cmocka_unit_test(titles_are_no_part_of_a_name),
        cmocka_unit_test(particles_and_letters_are_part_of_it),
        cmocka_unit_test(german_nouns_are_no_names),
        cmocka_unit_test(german_genitives_and_titles_part_names),
        cmocka_unit_test(names_of_several_kinds_of_words),
        cmocka_unit_test(days_nationalities_and_share_signs_are_no_names),
        cmocka_unit_test(the_summary_is_read_for_want_of_a_text),
        cmocka_unit_test(as_many_as_the_operator_wants),
        cmocka_unit_test(bad_text_is_bounded),
        cmocka_unit_test(thousands_of_names_are_bounded),
        cmocka_unit_test(scripts_without_capitals_have_names),
        cmocka_unit_test(signs_without_end_are_bounded),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
