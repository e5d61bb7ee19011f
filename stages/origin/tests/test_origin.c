/* test_origin.c - whose an article says it is: one line a case. */
#include "unit/test.h"

#include "base/clock.h"
#include "worker/chain.h"

#define HOME "https://www.harbour-news.example/world/1"

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

static struct wr_record *read_with(int field, struct bytes value, const char *url)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_URL, bytes_of(url));
    record_add(rec, field, value);
    chain_go(chain_start(chain, rec), NULL);
    return rec;
}

struct expectation {
    const char *text, *provider;
};

static void check_all(
    int field, const struct expectation *cases, size_t count, const char *basis, const char *url)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        struct wr_record *rec = read_with(field, bytes_of(cases[i].text), url);
        struct bytes got = record_get(rec, WR_ORIGIN);
        bool right = bytes_is(got, cases[i].provider) &&
                     (got.len == 0 || bytes_is(record_get(rec, WR_ORIGIN_BASIS), basis));

        if (!right)
            print_error("\"%s\": \"%.*s\" by %.*s, not \"%s\"\n", cases[i].text, FMT(got),
                FMT(record_get(rec, WR_ORIGIN_BASIS)), cases[i].provider);
        wrong += right ? 0 : 1;
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(field, cases, basis)                                                                 \
    check_all(field, cases, sizeof(cases) / sizeof((cases)[0]), basis, HOME)

static void a_byline_names_its_agency(void **state)
{
    static const struct expectation cases[] = {
        {"Reuters", "Reuters"},
        {"By Reuters", "Reuters"},
        {"By Reuters Staff", "Reuters"},
        {"Von dpa", "dpa"},
        {"DPA", "dpa"},
        {"AFP", "AFP"},
        {"Par AFP", "AFP"},
        {"Por EFE", "EFE"},
        {"Agencia EFE", "EFE"},
        {"By Ana Lund, Associated Press", "Associated Press"},
        {"By ANA LUND Associated Press | The Harbour News", "Associated Press"},
        {"Ana Lund | The Associated Press", "Associated Press"},
        {"By Ana Lund and Per Holm, The Associated Press", "Associated Press"},
        {"Ana Lund - The Canadian Press", "Canadian Press"},
        {"dpa/AFP", "dpa"},
        {"AFP, Reuters", "AFP"},
        {"Redazione ANSA", "ANSA"},
        {"di Redazione Ansa", "ANSA"},
        {"Con información de EFE", "EFE"},
        {"Ana Lund mit Material von dpa", "dpa"},
        {"Ana Lund (mit AFP)", "AFP"},
        {"avec AFP", "AFP"},
        {"Le Quai avec AFP", "AFP"},
        {"AAP", "AAP"},
        {"PTI", "PTI"},
        {"Press Trust of India", "PTI"},
        {"TT-Reuters", "TT"},
        {"Ritzau", "Ritzau"},
        {"/ritzau/", "Ritzau"},
        {"©NTB", "NTB"},
        {"新华社", "Xinhua"},
        {"共同通信", "Kyodo"},
        {"연합뉴스", "Yonhap"},
        {"ТАСС", "TASS"},
        {"Интерфакс", "Interfax"},
        {"رويترز", "Reuters"},
        /* people, papers and initials are none */
        {"Ana Lund", ""},
        {"By Ana Lund, Reuters Institute fellow", ""},
        {"pa", ""},
        {"Tt", ""},
        {"Efe Yilmaz", ""},
        {"Harbour News", ""},
        {"By The Staff", ""},
        {"", ""},
    };

    (void)state;
    CHECK(WR_BYLINE, cases, "byline");
}

static void a_dateline_names_place_and_agency(void **state)
{
    static const struct {
        const char *text, *provider, *dateline;
    } cases[] = {
        {"BERGEN (Reuters) - The harbour bridge opened.", "Reuters", "BERGEN (Reuters)"},
        {"BERGEN, Norway (AP) — The harbour bridge opened.", "Associated Press",
            "BERGEN, Norway (AP)"},
        {"CHARLOTTE, N.C./BERGEN, March 14 (Reuters) - It rained.", "Reuters",
            "CHARLOTTE, N.C./BERGEN, March 14 (Reuters)"},
        {"(Reuters) - The harbour bridge opened.", "Reuters", "(Reuters)"},
        {"By Ana Lund\n\nBERGEN (AP) -- It rained.", "Associated Press", "BERGEN (AP)"},
        {"Bergen (dpa) - Die Brücke ist offen.", "dpa", "Bergen (dpa)"},
        {"Bergen/Oslo (dpa/lno) - Die Brücke ist offen.", "dpa", "Bergen/Oslo (dpa/lno)"},
        {"Paris (AFP) – Le pont est ouvert.", "AFP", "Paris (AFP)"},
        {"Vigo, 14 mar (EFE).- El puente abre.", "EFE", "Vigo, 14 mar (EFE)"},
        {"(ANSA) - ROMA, 14 MAR - Il ponte apre.", "ANSA", "(ANSA)"},
        {"BEIJING, March 14 (Xinhua) -- The bridge opened.", "Xinhua",
            "BEIJING, March 14 (Xinhua)"},
        {"MOSCOW, March 14. /TASS/. The bridge opened.", "TASS", "MOSCOW, March 14. /TASS/"},
        {"МОСКВА, 14 марта. /ТАСС/. Мост открыт.", "TASS", "МОСКВА, 14 марта. /ТАСС/"},
        {"New Delhi [India], March 14 (ANI): The bridge opened.", "ANI",
            "New Delhi [India], March 14 (ANI)"},
        {"Mumbai, Mar 14 (PTI) The bridge opened.", "", ""},
        {"新华社北京3月14日电 大桥通车。", "Xinhua", "新华社北京3月14日电"},
        {"(서울=연합뉴스) 김 기자 = 다리가 열렸다.", "", ""},
        {"OSLO (NTB): Broen er åpen.", "NTB", "OSLO (NTB)"},
        {"BERGEN — The harbour bridge opened.", "", "BERGEN"},
        {"BERGEN, Norway — The harbour bridge opened.", "", "BERGEN, Norway"},
        {"NEW PORT: The harbour bridge opened.", "", "NEW PORT"},
        {"KIEL. Die Brücke ist offen.", "", "KIEL"},
        {"USA. Die Brücke ist offen.", "", ""},
        /* words in brackets that begin no report */
        {"The bank (ANI) said on Monday that it rained.", "", ""},
        {"IBM (PA) said on Monday that it rained.", "", ""},
        {"The minister told Reuters that it rained.", "", ""},
        {"He spoke to the agency (Reuters) - and left.", "", ""},
        {"Live – the bridge opens.", "", ""},
        {"EU: the bridge opens.", "", ""},
    };
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wr_record *rec = read_with(WR_TEXT, bytes_of(cases[i].text), HOME);

        if (bytes_is(record_get(rec, WR_ORIGIN), cases[i].provider) &&
            bytes_is(record_get(rec, WR_DATELINE), cases[i].dateline))
            continue;
        print_error("\"%s\": \"%.*s\", \"%.*s\"\n", cases[i].text, FMT(record_get(rec, WR_ORIGIN)),
            FMT(record_get(rec, WR_DATELINE)));
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void the_last_lines_name_the_agency(void **state)
{
    static const struct expectation cases[] = {
        {"It rained.\n(AP)", "Associated Press"},
        {"It rained. (AP)", "Associated Press"},
        {"Es regnete.\ndpa/abc xyz", "dpa"},
        {"Es regnete. (dpa)", "dpa"},
        {"It rained.\n© AFP", "AFP"},
        {"It rained.\n© 2026 AFP", "AFP"},
        {"It rained.\nSource: Reuters", "Reuters"},
        {"Es regnete.\nQuelle: dpa", "dpa"},
        {"Llovió.\nFuente: EFE", "EFE"},
        {"It rained.\n\nCopyright 2026 The Associated Press. All rights reserved.",
            "Associated Press"},
        {"It rained. PTI SKL ABC", "PTI"},
        {"It rained on Monday. — AFP", "AFP"},
        {"It rained. (Reporting by Ana Lund; Editing by Per Holm)", "Reuters"},
        {"It rained.\n(Reporting by Ana Lund; Editing by Per Holm)", "Reuters"},
        {"It rained.\nThe Associated Press contributed to this report.", "Associated Press"},
        {"It rained.\nThis article was originally published on The Conversation.",
            "The Conversation"},
        {"雨が降った。\n共同", "Kyodo"},
        /* pictures, quotations, comments */
        {"It rained.\nPhoto: Reuters", ""},
        {"Es regnete.\nFoto: dpa", ""},
        {"It rained.\n(AP Photo/Ana Lund)", ""},
        {"It rained, the minister told Reuters.", ""},
        {"It rained, according to the Associated Press.", ""},
        {"\"It rained,\" she told AFP. \"It did.\"", ""},
        {"It rained.\nThe UN was told.", ""},
        {"The rain contributed to floods, CNN saw.", ""},
        {"It rained.\nAna Lund", ""},
        {"It rained.\n© 2026 Harbour News", ""},
        {"Reuters was the first to tell.\nA\nB\nC\nD\nIt rained.", ""},
    };

    (void)state;
    CHECK(WR_TEXT, cases, "credit-line");
}

static void a_source_of_another_site_is_the_origin(void **state)
{
    static const struct expectation cases[] = {
        {"https://feeds.reuters.com/world\tReuters World", "Reuters"},
        {"\tReuters", "Reuters"},
        {"https://island-post.example/feed\tIsland Post", "Island Post"},
        {"https://island-post.example/feed\t", "island-post.example"},
        {"https://feeds.harbour-news.example/all\tHarbour News", ""},
        {"https://www.harbour-news.org/feed\tHarbour News", ""},
        {"\tIsland Post", ""},
    };

    (void)state;
    CHECK(WR_FEED_SOURCE, cases, "rss-source");
}

static void a_canonical_link_to_another_site_is_the_origin(void **state)
{
    static const struct expectation cases[] = {
        {"https://apnews.com/article/1", "Associated Press"},
        {"https://island-post.example/1", "island-post.example"},
        {"https://www.harbour-news.example/1", ""},
        {"/1", ""},
    };

    (void)state;
    CHECK(WR_CANONICAL, cases, "canonical-link");
}

static void rights_name_the_agency(void **state)
{
    static const struct expectation cases[] = {
        {"Copyright 2026 The Associated Press. All rights reserved.", "Associated Press"},
        {"(c) Harbour News", ""},
    };

    (void)state;
    CHECK(WR_RIGHTS, cases, "credit-line");
}

static void an_agency_at_home_is_its_own_origin(void **state)
{
    static const struct {
        const char *url, *byline, *provider;
    } cases[] = {{"https://www.reuters.com/world/1", "Reuters", ""},
        {"https://apnews.com/article/1", "Associated Press", ""},
        {"https://www.reuters.com/world/1", "AFP", "AFP"},
        {"https://edition.cnn.com/1", "CNN", ""}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_bytes(
            record_get(read_with(WR_BYLINE, bytes_of(cases[i].byline), cases[i].url), WR_ORIGIN),
            cases[i].provider);
}

/* A house that no table has is known by what it calls itself. */
static void an_agency_of_no_table_calls_itself_one(void **state)
{
    static const struct expectation bylines[] = {
        {"Meridian Wire", "Meridian Wire"},
        {"By Ana Lund, Northern News Service", "Northern News Service"},
        {"By Coastal News Agency", "Coastal News Agency"},
        {"Von Nordlicht Nachrichtenagentur", "Nordlicht Nachrichtenagentur"},
        {"Agencia de Noticias del Sur", "Agencia de Noticias del Sur"},
        {"Agence de presse Meridien", "Agence de presse Meridien"},
        {"Nyhetsbyrån Fjord", "Nyhetsbyrån Fjord"},
        {"南洋通讯社", "南洋通讯社"},
        {"西海通信社", "西海通信社"},
        {"وكالة أنباء الساحل", "وكالة أنباء الساحل"},
        /* those of no name, papers, people, sentences */
        {"The Wire", ""},
        {"State News Agency", ""},
        {"News Agency", ""},
        {"通讯社", ""},
        {"Harbour Free Press", ""},
        {"Ana Lund of the wire desk", ""},
        {"Down to the wire", ""},
        {"A live Wire", ""},
    };
    static const struct expectation ends[] = {
        {"It rained. (Meridian Wire)", "Meridian Wire"},
        {"It rained.\nSource: Coastal News Agency", "Coastal News Agency"},
        {"It rained, the state news agency said.", ""},
        {"It rained.\nHe told the Coastal News Agency that it rained.", ""},
    };
    struct wr_record *rec = read_with(WR_TEXT, LIT("HALVIK (Meridian Wire) - It rained."), HOME);

    (void)state;
    CHECK(WR_BYLINE, bylines, "byline");
    CHECK(WR_TEXT, ends, "credit-line");
    assert_bytes(record_get(rec, WR_ORIGIN), "Meridian Wire");
    assert_bytes(record_get(rec, WR_ORIGIN_BASIS), "dateline");
    assert_bytes(record_get(rec, WR_ORIGIN_CONFIDENCE), "0.80");
    assert_bytes(record_get(rec, WR_DATELINE), "HALVIK (Meridian Wire)");
}

static void such_an_agency_at_home_is_its_own_origin(void **state)
{
    static const struct {
        const char *url, *feed, *provider;
    } cases[] = {{"https://meridian.example/1", "News", ""},
        {"https://www.meridianwire.example/1", "News", ""},
        {"https://mw.example/1", "Meridian Wire - Sport", ""},
        {"https://mer.example/1", "News", "Meridian Wire"},
        {"https://wire.example/1", "The Wire", "Meridian Wire"},
        {HOME, "Harbour News", "Meridian Wire"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wr_record *rec = record_new(arena);

        record_set(rec, WR_URL, bytes_of(cases[i].url));
        record_set(rec, WR_SITE, bytes_of(cases[i].feed));
        record_set(rec, WR_TEXT, LIT("HALVIK (Meridian Wire) - It rained."));
        chain_go(chain_start(chain, rec), NULL);
        assert_bytes(record_get(rec, WR_ORIGIN), cases[i].provider);
    }
}

static void two_places_that_agree_are_surer(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_URL, LIT(HOME));
    record_set(rec, WR_BYLINE, LIT("Ana Lund with AFP"));
    record_set(rec, WR_TEXT, LIT("It rained.\n© AFP"));
    chain_go(chain_start(chain, rec), NULL);
    assert_bytes(record_get(rec, WR_ORIGIN), "AFP");
    assert_bytes(record_get(rec, WR_ORIGIN_CONFIDENCE), "0.90");
}

/* What an earlier version said does not stay. */
static void forgets_what_a_version_before_it_said(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_URL, LIT(HOME));
    record_set(rec, WR_ORIGIN, LIT("Reuters"));
    record_set(rec, WR_ORIGIN_BASIS, LIT("byline"));
    record_set(rec, WR_DATELINE, LIT("OSLO (Reuters)"));
    record_set(rec, WR_TEXT, LIT("It rained."));
    chain_go(chain_start(chain, rec), NULL);
    assert_bytes(record_get(rec, WR_ORIGIN), "");
    assert_bytes(record_get(rec, WR_ORIGIN_BASIS), "");
    assert_bytes(record_get(rec, WR_ORIGIN_CONFIDENCE), "");
    assert_bytes(record_get(rec, WR_DATELINE), "");
}

/* Megabytes of anything cost no more than their first and last lines. */
static void bad_text_costs_no_more(void **state)
{
    static const char *const units[] = {
        "a", "(", "(AP) ", "\n", "AP\n", "/", "\xff", " - ", "AP, ", "\xe2\x80", "BERGEN ", ". "};
    size_t size = 5 << 20;
    char *text = arena_alloc(arena, size);

    (void)state;
    for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
        size_t len = strlen(units[u]);
        int64_t began = processor_time();

        for (size_t i = 0; i < size; i++)
            text[i] = units[u][i % len];
        chain_go(chain_start(chain, read_with(WR_TEXT, (struct bytes){text, size}, HOME)), NULL);
        assert_true(processor_time() - began < 2 * SECOND);
        arena_reset(arena);
        text = arena_alloc(arena, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byline_names_its_agency),
        cmocka_unit_test(a_dateline_names_place_and_agency),
        cmocka_unit_test(the_last_lines_name_the_agency),
        cmocka_unit_test(a_source_of_another_site_is_the_origin),
        cmocka_unit_test(a_canonical_link_to_another_site_is_the_origin),
        cmocka_unit_test(rights_name_the_agency),
        cmocka_unit_test(an_agency_at_home_is_its_own_origin),
        cmocka_unit_test(an_agency_of_no_table_calls_itself_one),
        cmocka_unit_test(such_an_agency_at_home_is_its_own_origin),
        cmocka_unit_test(two_places_that_agree_are_surer),
        cmocka_unit_test(forgets_what_a_version_before_it_said),
        cmocka_unit_test(bad_text_costs_no_more),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
