/* test_story.c - which records belong to one story, in which languages, and what bad ones cost. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "threads.h"
#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;
static struct error err;

static void open_stage(const char *name, const char *value)
{
    const struct given_option options[] = {
        {"story", "warm-up", "0", NULL}, {"story", name, value, NULL}};

    chain_free(chain);
    chain = chain_new(NULL);
    assert_int_equal(chain_add(chain, &wireroom_stage, options, name == NULL ? 1 : 2, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_ORDERED, &err), OK);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new((size_t)1 << 30);
    open_stage(NULL, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    chain = NULL;
    arena_free(arena);
    return 0;
}

/* An article of these tests. */
struct report {
    const char *id, *language, *when, *title, *text, *same_as;
};

static struct wr_record *tell(const struct report *report)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_ID, bytes_of(report->id));
    record_set(rec, WR_TITLE, bytes_of(report->title));
    record_set(rec, WR_TEXT, bytes_of(report->text));
    record_set(rec, WR_LANGUAGE, bytes_of(report->language));
    record_set(
        rec, WR_FIRST_SEEN, bytes_of(report->when == NULL ? "2026-03-14T09:00:00Z" : report->when));
    if (report->same_as != NULL)
        record_set(rec, WR_SAME_AS, bytes_of(report->same_as));
    chain_go(chain_start(chain, rec), NULL);
    return rec;
}

static struct bytes story_of(const struct report *report)
{
    return record_get(tell(report), WR_STORY);
}

/* Two reports of one event, and one of another event of the same kind. */
struct trio {
    struct report first, second, other;
};

static const struct trio english = {
    {"e1", "en", NULL, "Ferry runs aground off Halvik with 212 aboard",
        "A ferry carrying 212 people ran aground in fog near the port of Halvik early on Saturday, "
        "the coast guard said.\nAll passengers of the Nordlys Star were taken off by lifeboats "
        "within three hours. Two crew members were treated for injuries. Captain Ingrid Solvang "
        "told reporters that the radar had failed minutes before the ship struck the Korsen reef.",
        NULL},
    {"e2", "en", "2026-03-14T11:30:00Z", "Radar failure blamed as Nordlys Star strikes reef",
        "The Nordlys Star struck the Korsen reef off Halvik on Saturday after its radar failed, "
        "its captain, Ingrid Solvang, said.\nThe coast guard brought all 212 people on the ferry "
        "ashore. Investigators will examine the wreck once the fog has lifted, the port authority "
        "of Halvik said.",
        NULL},
    {"e3", "en", "2026-03-14T12:00:00Z", "Cargo ship loses containers in storm near Belmora",
        "Forty containers fell from a cargo ship in high waves off Belmora on Friday night, the "
        "harbour office said.\nThe Astra Pioneer reached the shelter of Pelta Bay with damage to "
        "its hull. Nobody was hurt. Its owner, the Quennell shipping line, said that some of the "
        "containers held batteries.",
        NULL},
};

static const struct trio german = {
    {"d1", "de", NULL, "Brand in Papierfabrik von Oberwalde",
        "In der Papierfabrik von Oberwalde ist am Samstagmorgen ein Großbrand "
        "ausgebrochen. Nach Angaben der Feuerwehr waren 140 Einsatzkräfte vor Ort. Drei "
        "Arbeiter kamen mit Rauchvergiftung ins Krankenhaus. Bürgermeisterin Helga Brandt "
        "rief die Anwohner auf, Fenster und Türen geschlossen zu halten.",
        NULL},
    {"d2", "de", "2026-03-14T10:40:00Z", "Großbrand in Oberwalde: Papierfabrik in Flammen",
        "Die Papierfabrik in Oberwalde steht seit Samstagmorgen in Flammen. 140 "
        "Einsatzkräfte der Feuerwehr kämpfen gegen den Großbrand. "
        "Bürgermeisterin Helga Brandt sprach von drei verletzten Arbeitern mit "
        "Rauchvergiftung.",
        NULL},
    {"d3", "de", "2026-03-14T10:50:00Z", "Streik der Busfahrer in Rotenau beendet",
        "Nach elf Tagen haben die Busfahrer in Rotenau ihren Streik beendet. Die Gewerkschaft "
        "einigte sich mit den Verkehrsbetrieben auf fünf Prozent mehr Lohn. Verhandler Jens "
        "Kruse nannte den Abschluss einen guten Tag für die Stadt.",
        NULL},
};

static const struct trio spanish = {
    {"s1", "es", NULL, "Un alud corta la carretera de Valdemora",
        "Un alud de nieve cortó el sábado la carretera que une Valdemora con el "
        "valle de Arenal. La Guardia Civil rescató a 37 personas atrapadas en sus coches. "
        "El alcalde Ramón Urrutia pidió a los vecinos que no salgan de casa.",
        NULL},
    {"s2", "es", "2026-03-14T10:10:00Z", "Rescatadas 37 personas tras el alud de Valdemora",
        "La Guardia Civil rescató a 37 personas que habían quedado atrapadas por un "
        "alud en la carretera de Valdemora. El alcalde, Ramón Urrutia, dijo que el valle de "
        "Arenal sigue incomunicado.",
        NULL},
    {"s3", "es", "2026-03-14T10:20:00Z", "El Atlético Miraflores gana la copa",
        "El Atlético Miraflores venció por dos goles a uno al Deportivo Lanzas en la "
        "final de copa. Lucío Ferrer marcó el gol decisivo en la prórroga "
        "ante 28.000 espectadores.",
        NULL},
};

static const struct trio chinese = {
    {"c1", "zh", NULL, "临海市化工厂爆炸造成五人受伤",
        "临海市一家化工厂星期六清晨发生爆炸，五人受伤。消防部门出动二十三辆消防车，大火三小时后被扑"
        "灭。"
        "工厂负责人王建国说，爆炸原因正在调查。附近两所学校停课。",
        NULL},
    {"c2", "zh", "2026-03-14T10:15:00Z", "化工厂爆炸后临海市两所学校停课",
        "临海市化工厂爆炸的大火已被扑灭，消防部门说五人受伤。工厂负责人王建国表示爆炸原因仍在调查，"
        "附近两所学校星期六停课。",
        NULL},
    {"c3", "zh", "2026-03-14T10:25:00Z", "高原铁路新线通车",
        "连接青河与白山的高原铁路新线昨天正式通车，全长三百公里。铁路公司表示，旅行时间将缩短一半，"
        "票价暂不上涨。首班列车载客六百人。",
        NULL},
};

static const struct trio arabic = {
    {"a1", "ar", NULL, "انهيار جسر في مدينة الوادي",
        "انهار جسر قديم في مدينة الوادي صباح السبت بعد أمطار غزيرة، وأصيب سبعة أشخاص. وقال رئيس "
        "البلدية سامي الخطيب إن فرق الإنقاذ تبحث عن سيارتين تحت الأنقاض. وأغلقت الشرطة الطريق "
        "المؤدي إلى الميناء.",
        NULL},
    {"a2", "ar", "2026-03-14T10:05:00Z", "سبعة مصابين في انهيار جسر الوادي",
        "قال رئيس البلدية سامي الخطيب إن سبعة أشخاص أصيبوا في انهيار جسر في مدينة الوادي. وتبحث "
        "فرق الإنقاذ عن سيارتين تحت الأنقاض بعد أمطار غزيرة، وبقي الطريق إلى الميناء مغلقا.",
        NULL},
    {"a3", "ar", "2026-03-14T10:30:00Z", "افتتاح معرض الكتاب في النخيل",
        "افتتحت وزيرة الثقافة ليلى منصور معرض الكتاب في النخيل بمشاركة ثلاثمئة ناشر من عشرين "
        "دولة. ويستمر المعرض عشرة أيام وتقام فيه ندوات عن الشعر والترجمة.",
        NULL},
};

/* Between them lie some articles of each language, as in any stream. */
static void check_trio(const struct trio *trio)
{
    struct bytes first = story_of(&trio->first), second = story_of(&trio->second);
    struct bytes other = story_of(&trio->other);

    assert_int_equal(first.len, 45);
    assert_true(bytes_starts(first, LIT("urn:uuid:")));
    if (!bytes_equal(first, second))
        fail_msg("%s and %s are two stories", trio->first.id, trio->second.id);
    if (bytes_equal(first, other))
        fail_msg("%s is in the story of %s", trio->other.id, trio->first.id);
}

static void joins_reports_of_one_event(void **state)
{
    (void)state;
    check_trio(&english);
}

static void joins_them_in_other_languages_and_scripts(void **state)
{
    (void)state;
    check_trio(&german);
    check_trio(&spanish);
    check_trio(&chinese);
    check_trio(&arabic);
}

static void joins_them_when_nobody_knows_the_language(void **state)
{
    struct trio unknown = english;

    (void)state;
    unknown.first.language = unknown.second.language = unknown.other.language = "";
    check_trio(&unknown);
}

static void a_copy_is_where_its_original_is(void **state)
{
    struct report copy = {"copy", "en", "2026-03-14T13:00:00Z", "Quite another headline",
        "A text that shares nothing with what it is said to be a copy of.", "e1"};
    struct bytes first = story_of(&english.first);

    (void)state;
    assert_true(bytes_equal(story_of(&copy), first));
    copy.id = "copy of a copy";
    copy.same_as = "copy";
    assert_true(bytes_equal(story_of(&copy), first));
}

static void a_later_version_stays_in_its_story(void **state)
{
    struct report later = english.other;
    struct bytes first = story_of(&english.first);

    (void)state;
    later.id = english.first.id;
    assert_true(bytes_equal(story_of(&later), first));
}

static void forgets_after_two_weeks(void **state)
{
    struct report late = english.second;
    struct bytes first = story_of(&english.first);
    char id[20];

    (void)state;
    late.when = "2026-03-29T09:00:01Z";
    /* One article does not say what time it is: a clock may be wrong. */
    for (int i = 0; i < 5; i++) {
        struct report filler = {id, "en", late.when, "", "", NULL};

        snprintf(id, sizeof(id), "filler %d", i);
        tell(&filler);
    }
    assert_false(bytes_equal(story_of(&late), first));
}

static void one_wrong_clock_empties_nothing(void **state)
{
    struct report wrong = english.other;
    struct bytes first = story_of(&english.first);

    (void)state;
    wrong.when = "2038-01-19T03:14:07Z";
    tell(&wrong);
    wrong.when = "1970-01-01T00:00:00Z";
    wrong.id = "e4";
    tell(&wrong);
    assert_true(bytes_equal(story_of(&english.second), first));
}

static void texts_that_say_nothing_stay_alone(void **state)
{
    static const char *const texts[] = {"", "Video", "?!", "Watch", "12"};
    struct bytes stories[5];
    char id[20];

    (void)state;
    for (int i = 0; i < 5; i++) {
        struct report report = {id, "en", NULL, "", texts[i], NULL};

        snprintf(id, sizeof(id), "nothing %d", i);
        stories[i] = story_of(&report);
        for (int k = 0; k < i; k++)
            assert_false(bytes_equal(stories[i], stories[k]));
    }
}

static struct wr_record *carry(const char *id, const char *url, const char *same_as)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_ID, bytes_of(id));
    record_set(rec, WR_URL, bytes_of(url));
    record_set(rec, WR_TITLE, LIT("Ferry runs aground off Halvik"));
    record_set(rec, WR_TEXT, LIT("A ferry with 212 people ran aground off Halvik on Saturday."));
    record_set(rec, WR_FIRST_SEEN, LIT("2026-03-14T09:00:00Z"));
    record_set(rec, WR_SAME_AS, bytes_of(same_as));
    record_set(rec, WR_SIMILARITY, bytes_of(same_as == NULL ? NULL : "0.93"));
    return rec;
}

static struct wr_record *run(struct wr_record *rec)
{
    chain_go(chain_start(chain, rec), NULL);
    return rec;
}

#define ID(n) "urn:uuid:00000000-0000-5000-8000-00000000000" #n

/* A copy without a credit line, of the agency's own text or of one who names it. */
static void a_copy_carries_whom_its_text_is_of(void **state)
{
    struct wr_record *rec;

    (void)state;
    run(carry(ID(1), "https://apnews.com/article/1", NULL));
    rec = run(carry(ID(2), "https://a.example/1", ID(1)));
    assert_bytes(record_get(rec, WR_ORIGIN), "Associated Press");
    assert_bytes(record_get(rec, WR_ORIGIN_BASIS), "text-match");
    assert_bytes(record_get(rec, WR_ORIGIN_CONFIDENCE), "0.93");
    assert_bytes(record_get(rec, WR_STORY_INDEPENDENT), "1");
    rec = run(carry(ID(3), "https://b.example/1", ID(2)));
    assert_bytes(record_get(rec, WR_ORIGIN), "Associated Press");
    rec = run(carry(ID(4), "https://c.example/1", "urn:uuid:unknown"));
    assert_bytes(record_get(rec, WR_ORIGIN), "");
    /* Given back, of a version that repeats nobody: what was told then is no more. */
    rec = carry(ID(5), "https://d.example/1", NULL);
    record_set(rec, WR_ORIGIN, LIT("Reuters"));
    record_set(rec, WR_ORIGIN_BASIS, LIT("text-match"));
    assert_bytes(record_get(run(rec), WR_ORIGIN), "");
    assert_bytes(record_get(rec, WR_ORIGIN_BASIS), "");
}

static void a_part_of_a_report_is_no_origin_of_its_copies(void **state)
{
    struct wr_record *rec = carry(ID(1), "https://a.example/1", NULL);

    (void)state;
    record_set(rec, WR_ORIGIN, LIT("AFP"));
    record_set(rec, WR_ORIGIN_BASIS, LIT("byline"));
    record_set(rec, WR_ORIGIN_CONFIDENCE, LIT("0.50"));
    run(rec);
    assert_bytes(record_get(run(carry(ID(2), "https://b.example/1", ID(1))), WR_ORIGIN), "");
}

/* Whoever was polled first: the paper carries the agency, and the agency nobody. */
static void an_agency_s_own_report_is_no_copy_of_those_who_carry_it(void **state)
{
    struct wr_record *rec = carry(ID(1), "https://a.example/1", NULL);

    (void)state;
    record_set(rec, WR_ORIGIN, LIT("Associated Press"));
    record_set(rec, WR_ORIGIN_CONFIDENCE, LIT("0.95"));
    run(rec);
    assert_bytes(record_get(rec, WR_STORY_ROLE), "first");
    rec = run(carry(ID(2), "https://apnews.com/article/1", ID(1)));
    assert_bytes(record_get(rec, WR_ORIGIN), "");
    assert_bytes(record_get(rec, WR_STORY_ROLE), "follow");
    assert_bytes(record_get(rec, WR_STORY_INDEPENDENT), "1");
    assert_bytes(record_get(rec, WR_STORY_ARTICLES), "2");
    rec = run(carry(ID(3), "https://b.example/1", ID(1)));
    assert_bytes(record_get(rec, WR_STORY_ROLE), "copy");
}

static void one_word_a_million_times_is_read_in_no_time(void **state)
{
    enum { TIMES = 1000000 };
    char *text = malloc(TIMES * 5 + 1);
    struct report report = {"much", "en", NULL, "Rain", text, NULL};
    int64_t began = processor_time();

    (void)state;
    for (int i = 0; i < TIMES; i++)
        memcpy(text + (size_t)i * 5, "rain ", 6);
    for (int i = 0; i < 3; i++) {
        report.id = i == 0 ? "m1" : i == 1 ? "m2" : "m3";
        tell(&report);
    }
    assert_true(processor_time() - began < 5 * (int64_t)SECOND); /* a second at the very most */
    free(text);
}

/* Different texts below one headline, as "Live updates". */
static void one_headline_does_not_make_one_story(void **state)
{
    struct report reports[] = {english.first, english.other, german.other, spanish.other};
    struct bytes stories[4];

    (void)state;
    for (int i = 0; i < 4; i++) {
        reports[i].title = "Latest news and live updates from our newsroom";
        stories[i] = story_of(&reports[i]);
        for (int k = 0; k < i; k++)
            assert_false(bytes_equal(stories[i], stories[k]));
    }
}

/* A bot's articles may be one story, but only so many; a report of something else is none of it. */
static void a_bot_fills_no_story_without_end(void **state)
{
    enum { ARTICLES = 10000 };
    size_t in_first = 0, notes = 0;
    struct bytes first = {NULL, 0};
    char text[300], id[20];

    (void)state;
    for (int i = 0; i < ARTICLES; i++) {
        struct report report = {id, "en", NULL, "Harbour webcam status report", text, NULL};
        struct wr_record *rec;

        snprintf(id, sizeof(id), "bot %d", i);
        snprintf(text, sizeof(text),
            "The webcam of the harbour of Quillon took picture %d. The water stands at %d "
            "centimetres. The wind blows with %d knots from the west, said the harbour master.",
            i, i % 300, i % 40);
        rec = tell(&report);
        if (i == 0)
            first = bytes_copy(arena, record_get(rec, WR_STORY));
        in_first += bytes_equal(record_get(rec, WR_STORY), first);
        notes += wr_count(rec, REC_NOTE) > 0;
    }
    assert_true(in_first <= STORY_ARTICLES);
    assert_true(in_first == 1 || notes > 0 || in_first < STORY_ARTICLES);
    assert_false(bytes_equal(story_of(&english.first), first));
}

static void forgets_the_oldest_when_it_is_full(void **state)
{
    char id[20], text[300];
    struct bytes first;

    (void)state;
    open_stage("articles", "50");
    first = story_of(&english.first);
    for (int i = 0; i < 60; i++) {
        struct report filler = {id, "en", NULL, "", text, NULL};

        snprintf(id, sizeof(id), "filler %d", i);
        snprintf(text, sizeof(text), "Item%dq word%dz thing%dx.", i, i, i);
        tell(&filler);
    }
    assert_false(bytes_equal(story_of(&english.second), first));
}

static void answers_after_a_restart_as_without_one(void **state)
{
    struct wr_record *saved = record_new(arena), *kept = record_new(arena);
    struct bytes first = story_of(&english.first);
    struct bytes ours = story_of(&german.first);

    (void)state;
    story_of(&chinese.other);
    chain_save(chain, saved);
    record_add(kept, REC_STAGE, record_get(saved, REC_STAGE));
    record_add(kept, REC_BODY, record_get(saved, REC_BODY));
    open_stage(NULL, NULL);
    chain_load_saved(chain, kept);
    assert_int_equal(wr_count(kept, REC_NOTE), 0);
    assert_true(bytes_equal(story_of(&english.second), first));
    assert_true(bytes_equal(story_of(&german.second), ours));
    assert_false(bytes_equal(story_of(&english.other), first));
}

static void begins_anew_after_a_save_that_makes_no_sense(void **state)
{
    struct wr_record *saved = record_new(arena);
    struct bytes body;

    (void)state;
    story_of(&english.first);
    chain_save(chain, saved);
    body = bytes_copy(arena, record_get(saved, REC_BODY));
    for (size_t cut = 0; cut < body.len; cut += 1 + cut / 2) {
        struct wr_record *kept = record_new(arena);

        record_add(kept, REC_STAGE, record_get(saved, REC_STAGE));
        record_add(kept, REC_BODY, bytes_slice(body, 0, cut));
        open_stage(NULL, NULL);
        chain_load_saved(chain, kept);
        assert_int_equal(story_of(&english.second).len, 45);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(joins_reports_of_one_event, setup, teardown),
        cmocka_unit_test_setup_teardown(joins_them_in_other_languages_and_scripts, setup, teardown),
        cmocka_unit_test_setup_teardown(joins_them_when_nobody_knows_the_language, setup, teardown),
        cmocka_unit_test_setup_teardown(a_copy_is_where_its_original_is, setup, teardown),
        cmocka_unit_test_setup_teardown(a_later_version_stays_in_its_story, setup, teardown),
        cmocka_unit_test_setup_teardown(forgets_after_two_weeks, setup, teardown),
        cmocka_unit_test_setup_teardown(one_wrong_clock_empties_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(texts_that_say_nothing_stay_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(a_copy_carries_whom_its_text_is_of, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_part_of_a_report_is_no_origin_of_its_copies, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_agency_s_own_report_is_no_copy_of_those_who_carry_it, setup, teardown),
        cmocka_unit_test_setup_teardown(
            one_word_a_million_times_is_read_in_no_time, setup, teardown),
        cmocka_unit_test_setup_teardown(one_headline_does_not_make_one_story, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bot_fills_no_story_without_end, setup, teardown),
        cmocka_unit_test_setup_teardown(forgets_the_oldest_when_it_is_full, setup, teardown),
        cmocka_unit_test_setup_teardown(answers_after_a_restart_as_without_one, setup, teardown),
        cmocka_unit_test_setup_teardown(
            begins_anew_after_a_save_that_makes_no_sense, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
