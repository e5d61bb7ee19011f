/* test_kinds.c - reprints, updates and rewrites, and what looks like them and is none. */
#include "unit/test.h"

#include <stdio.h>

#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;
static struct error err;
static int serial;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(256 << 20);
    chain = chain_new(NULL);
    assert_int_equal(chain_add(chain, &wireroom_stage, NULL, 0, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_ORDERED, &err), OK);
    serial = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    arena_free(arena);
    return 0;
}

struct article {
    const char *title, *text, *url, *published;
};

/* The record's id is its number. */
static struct wr_record *comes(struct article a)
{
    struct wr_record *rec = record_new(arena);
    char id[20];

    snprintf(id, sizeof(id), "%d", ++serial);
    record_set(rec, WR_ID, bytes_of(id));
    record_set(rec, WR_TITLE, bytes_of(a.title));
    record_set(rec, WR_TEXT, bytes_of(a.text));
    record_set(rec, WR_URL, bytes_of(a.url));
    record_set(
        rec, WR_PUBLISHED, bytes_of(a.published != NULL ? a.published : "2026-03-14T09:00:00Z"));
    record_set(rec, WR_FIRST_SEEN, LIT("2026-03-14T10:00:00Z"));
    chain_go(chain_start(chain, rec), NULL);
    return rec;
}

static struct bytes relation(struct article a)
{
    return record_get(comes(a), WR_RELATION);
}

#define LEAD                                                                                       \
    "A car ferry struck a pier of the harbour bridge in Port Ellen on Saturday morning, and the "  \
    "crossing was closed to traffic, the port authority said. "
#define SECOND                                                                                     \
    "None of the 212 passengers on board the Hebrides Star was hurt, according to the operator "   \
    "Kintyre Lines, whose managing director Moira Baird travelled to the scene. "
#define THIRD                                                                                      \
    "Engineers lowered cameras into the water and found a crack of 40 centimetres below the "      \
    "waterline, the authority's chief engineer Tom Laird told reporters. "
#define FOURTH                                                                                     \
    "Lorries for the distilleries are sent through Bowmore, which adds 35 minutes to the way, "    \
    "until the pier has been strengthened. "

static const struct article original = {.title = "Ferry strikes harbour bridge in Port Ellen",
    .text = LEAD SECOND THIRD FOURTH,
    .url = "https://newswire.example/ferry"};

static void knows_wire_copy_that_was_trimmed_and_headed_anew(void **state)
{
    (void)state;
    comes(original);
    assert_bytes(relation((struct article){.title = "Bridge shut after ferry crash",
                     .text = "PORT ELLEN (Newswire) - " LEAD SECOND THIRD,
                     .url = "https://daily.example/bridge-shut"}),
        "reprint");
}

static void knows_a_later_state_by_its_headline_or_its_growth(void **state)
{
    (void)state;
    comes(original);
    assert_bytes(relation((struct article){.title = "UPDATE 1-Ferry strikes harbour bridge",
                     .text = LEAD SECOND THIRD FOURTH,
                     .url = "https://newswire.example/ferry-2"}),
        "exact");
    assert_bytes(relation((struct article){.title = "UPDATE 2-Ferry strikes harbour bridge",
                     .text = LEAD THIRD SECOND FOURTH "It was still closed at noon.",
                     .url = "https://newswire.example/ferry-3"}),
        "update");
    assert_bytes(
        relation((struct article){.title = "Ferry strikes harbour bridge in Port Ellen",
            .text = LEAD SECOND THIRD FOURTH
            "At noon the authority opened one lane to ambulances and buses. The ferry was towed to "
            "Kennacraig, where the accident investigators wait for her, and her captain was "
            "questioned for three hours.",
            .url = "https://newswire.example/ferry-4"}),
        "update");
}

static void leaves_another_report_of_the_same_event_alone(void **state)
{
    (void)state;
    comes(original);
    assert_bytes(
        relation((struct article){.title = "Islay cut off as ship hits bridge",
            .text = "Islanders on Islay woke to find their main road closed after the Hebrides "
                    "Star hit the bridge across the harbour. Shops in Port Ellen expect fewer "
                    "visitors, and the primary school sent its children home by minibus. "
                    "\"We heard a noise like thunder,\" said the postmistress, Ann McNeil, who "
                    "lives next to the quay and was making tea.",
            .url = "https://islander.example/cut-off"}),
        "");
}

static void takes_reports_of_a_series_for_what_they_are(void **state)
{
    const struct article monday = {.title = "Port Ellen harbour: 14 ships, 3 delayed",
        .text = "Fourteen ships called at Port Ellen on Monday, the harbour office reports: nine "
                "ferries, four trawlers and a tanker. Wind was 22 knots from the south-west, the "
                "tide stood at 2.1 metres at 06:40, and three ships were delayed.",
        .url = "https://port.example/monday",
        .published = "2026-03-09T18:00:00Z"};
    const struct article friday = {.title = "Port Ellen harbour: 17 ships, 1 delayed",
        .text =
            "Seventeen ships called at Port Ellen on Friday, the harbour office reports: eleven "
            "ferries, five trawlers and a yacht. Wind was 9 knots from the north, the tide "
            "stood at 1.4 metres at 09:15, and one ship was delayed.",
        .url = "https://port.example/friday",
        .published = "2026-03-13T18:00:00Z"};

    (void)state;
    comes(monday);
    assert_bytes(relation(friday), "");
}

/* Each week's report repeats the sentences of the last. */
#define GAUGE(week, now, before, rate)                                                             \
    {                                                                                              \
        .title = "Growth gauge of the islands rises to " week "-week high",                        \
        .text = "A measure of future growth on the islands rose in the latest week to " now        \
                " from " before " the week before, the Harbour Institute said on Friday. The "     \
                "index's annualised growth rate stood at " rate " percent. The gauge tells how "   \
                "trade will do in half a year, and is made of what ships carry, what shops order " \
                "and how many people look for work, the managing director of the institute, "      \
                "Moira Baird, said. \"The outlook brightens slowly,\" she said.",                  \
        .url = "https://institute.example/gauge-" week                                             \
    }

/* What is common tells little, and that is known of many articles only. */
static void read_other_news(void)
{
    for (int i = 0; i < 200; i++) {
        struct buf text = {0};
        char title[20];

        for (int w = 0; w < 30; w++)
            buf_printf(&text, "word%d ", i * 30 + w);
        snprintf(title, sizeof(title), "Note%d", i);
        comes((struct article){.title = title, .text = buf_cstr(&text), .url = title});
        buf_done(&text);
    }
}

static void other_figures_under_the_same_headline_make_a_series(void **state)
{
    (void)state;
    read_other_news();
    comes((struct article)GAUGE("3", "121.5", "120.9", "4.7"));
    assert_bytes(relation((struct article)GAUGE("4", "122.8", "121.6", "5.3")), "");
    assert_bytes(relation((struct article)GAUGE("9", "131.4", "130.2", "7.1")), "");
}

/* Figures of a headline move on, and most of the report's stay. */
static void a_later_version_has_other_figures_in_its_headline(void **state)
{
    struct article first = original, later = original;

    (void)state;
    first.title = "Ferry strikes bridge in Port Ellen, 2 lorries lost";
    later.title = "Ferry strikes bridge in Port Ellen, 3 lorries lost";
    later.text = LEAD SECOND THIRD FOURTH "Three lorries were lost, the operator said at noon.";
    later.url = "https://newswire.example/ferry-2";
    comes(first);
    assert_true(relation(later).len > 0);
}

static void never_compares_entries_of_one_page(void **state)
{
    struct article entry = original;

    (void)state;
    entry.url = "https://newswire.example/live#10-15";
    comes(entry);
    entry.url = "https://newswire.example/live#10-20";
    assert_bytes(relation(entry), "");
    entry.url = "https://daily.example/live#10-20";
    assert_bytes(relation(entry), "exact");
}

static void names_the_first_of_all_that_repeat_one_another(void **state)
{
    struct wr_record *third;

    (void)state;
    comes(original);
    comes((struct article){
        .title = "Bridge shut", .text = LEAD SECOND THIRD, .url = "https://a.example/"});
    third = comes((struct article){
        .title = "Bridge shut", .text = LEAD SECOND THIRD, .url = "https://b.example/"});
    assert_bytes(record_get(third, WR_SAME_AS), "1");
    assert_bytes(record_get(third, WR_RELATION), "exact"); /* of the second, which is the nearest */
}

/* A script without blanks between words. */
static void compares_texts_of_signs(void **state)
{
    static const char text[] =
        "周六上午，一艘汽车渡轮在艾伦港撞上海港大桥的一个桥墩，港务局表示大桥已经关闭。"
        "船上二百一十二名乘客无人受伤。工程师把摄像机放入水中，在水线以下发现一道四十厘米的裂缝。"
        "在桥墩加固之前，运送威士忌的卡车必须绕行鲍莫尔，路程增加三十五分钟。";
    static const char longer[] =
        "（新华社）周六上午，一艘汽车渡轮在艾伦港撞上海港大桥的一个桥墩，港务局表示大桥已经关闭。"
        "船上二百一十二名乘客无人受伤。工程师把摄像机放入水中，在水线以下发现一道四十厘米的裂缝。";
    static const char other[] =
        "市议会周六批准了新博物馆的预算。博物馆将建在河边的旧市场里，预计两年后开放。"
        "反对者认为这笔钱应该用来修缮学校，因为去年冬天有三所学校的暖气停了好几个星期。";

    (void)state;
    comes((struct article){.title = "渡轮撞桥", .text = text, .url = "https://a.example/"});
    assert_bytes(relation((struct article){
                     .title = "大桥关闭", .text = longer, .url = "https://b.example/"}),
        "reprint");
    assert_bytes(
        relation((struct article){.title = "博物馆", .text = other, .url = "https://c.example/"}),
        "");
}

/* Only its publisher says when: one claim of the far future forgets nothing. */
static void does_not_believe_one_clock_alone(void **state)
{
    struct wr_record *rec;

    (void)state;
    for (int i = 0; i < 2; i++) {
        rec = record_new(arena);
        record_set(rec, WR_ID, i == 0 ? LIT("a") : LIT("b"));
        record_set(rec, WR_TEXT, bytes_of(original.text));
        record_set(rec, WR_PUBLISHED, LIT("2026-03-14T09:00:00Z"));
        chain_go(chain_start(chain, rec), NULL);
        rec = record_new(arena);
        record_set(rec, WR_ID, LIT("c"));
        record_set(rec, WR_TEXT,
            LIT("The programme of the museum's opening week lists forty "
                "concerts, a regatta and a fair, the city said on Thursday, "
                "and all of them are free."));
        record_set(rec, WR_PUBLISHED, LIT("2038-01-19T03:14:07Z"));
        chain_go(chain_start(chain, rec), NULL);
    }
    rec = record_new(arena);
    record_set(rec, WR_ID, LIT("d"));
    record_set(rec, WR_TEXT, bytes_of(original.text));
    record_set(rec, WR_PUBLISHED, LIT("1970-01-01T00:00:00Z"));
    chain_go(chain_start(chain, rec), NULL);
    assert_bytes(record_get(rec, WR_SAME_AS), "a");
}

#define KIND_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIND_TEST(knows_wire_copy_that_was_trimmed_and_headed_anew),
        KIND_TEST(knows_a_later_state_by_its_headline_or_its_growth),
        KIND_TEST(leaves_another_report_of_the_same_event_alone),
        KIND_TEST(takes_reports_of_a_series_for_what_they_are),
        KIND_TEST(other_figures_under_the_same_headline_make_a_series),
        KIND_TEST(a_later_version_has_other_figures_in_its_headline),
        KIND_TEST(never_compares_entries_of_one_page),
        KIND_TEST(names_the_first_of_all_that_repeat_one_another),
        KIND_TEST(compares_texts_of_signs),
        KIND_TEST(does_not_believe_one_clock_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
