/* test_redecide.c - an article that fits two stories, and what becomes of them. */
#include "unit/test.h"

#include <stdio.h>

#include "base/error.h"
#include "redecide.h"
#include "trained/model_text.h"

enum { MARCH = 1773478800, MINUTE = 60 };

/* Made words: of sixty, the first two share 27, and the third has most of both. */
static const struct {
    const char *title, *text;
} made[] = {
    {"gosrinka Rinkamar lorin belbelpel kaloka Pelholgos",
        "The gosfen lopeldra peltorlo torzek drasunzek vello fennerlo pelrin. The lofentor "
        "sunfen nerner marholmar marrin pelfen martordra fenmarbel. The lorin velfenner mizek "
        "nerkator Velgos kafen Rinsun gospelhol. The belpelgos miner Drarinka rindrami drapel "
        "velbelvel holvel Pelholgos. The sunrin Dralogos Beltor pelgos torkagos dralohol "
        "Torbel rinrin. The gosrinka fengosfen mikazek Beldra kapelzek velrinner Rinbeltor "
        "peldraner. The belbelpel Rinkamar pelzek kaloka fenmarhol Mibelmi Marka Kazek. The "
        "nerdralo nerrin Drapeldra Belner."},
    {"Fenlozek kalotor nerlo zeklo Zekrin rinmi",
        "The gosgosmi Zekrin mifendra sunrin Kazek velner holvel kafen. The mivello zeklo "
        "Pelnerhol lopeldra Fenfenhol nerlo peldraner velfenner. The nerdralo Nertorka pelzek "
        "velbelvel nerrin Rinsun nerner marmargos. The Pelsun kaner dramar gospelhol draner "
        "lofentor Beltor belpelgos. The marner rindrami nerkazek kalotor pelsunrin zekholvel "
        "rinmi drapel. The drasun Fenlozek drahol holmarlo nerkator Midra fengosfen lobelzek. "
        "The dralohol Velgos torkarin Velkarin pelrin pelbelmar Beldra zektormar. The rinrin "
        "Drapeldra fenmimar Fenvel."},
    {"pelrin Beltor gospelhol fengosfen lofentor Kazek",
        "The velfenner velbelvel pelzek Beltor lobelzek rinrin gosfen sunrin. The sunfen nerlo "
        "marrin peltorlo fennerlo rinmi pelrin gosrinka. The lofentor Velgos Drapeldra lorin "
        "lopeldra nerkator torkarin Fenfenhol. The Kazek gospelhol Nertorka torkagos belpelgos "
        "nerner miner marmargos. The Zekrin Rinsun dralohol pelsunrin Fenlozek marholmar "
        "peldraner drapel. The kalotor drasun zeklo Rinkamar belbelpel nerdralo Pelholgos "
        "mivello. The Mibelmi holmarlo Dralogos mifendra Beldra fengosfen nerrin holvel. The "
        "Rinbeltor rindrami kafen kaloka."},
    /* The second joins the first; with the third it goes to that one's story. */
    {"mardra gosbel velzekdra rinmar fenmidra lomi",
        "The rinlohol marzek kavel lonerhol fenmigos Holholdra Mipel tordra.\nThe holmi "
        "fenrin mivelzek mardrarin Lozek Kapel belmi velzekdra.\nThe Torrindra nermar "
        "Kanerlo Mifendra velfen rinmar gosbel Loloner.\nThe Sunnerpel torsun lomi Torlo "
        "zekdramar rindra mardra Rinbello.\nThe velnerlo marringos pelrinpel gosvello "
        "fenmidra zekdra Zekmarmar Lodravel.\nThe zeksunlo pelpel markami zekgos."},
    {"kavel holmimar zekdramar drarin nermar sunrin",
        "The holtordra tordra rinmar holmi Nernerpel torgos Kapel sunlo.\nThe fenrin "
        "peltorzek rinlofen Belmarsun drarin sunrin fenvel marzek.\nThe Kanerlo velfen "
        "Holholdra rinhol lolo kadrami holmimar belnervel.\nThe Mifendra markami mardrarin "
        "Kahol zeksunlo dragoshol rinbelmi kavel.\nThe dradrator torsun Lozek Beltor "
        "zekdramar goslo tormarrin Velnervel.\nThe Fentorsun zekrinbel Belrin Torlo sunpel "
        "marfenfen fenlo Kabelner.\nThe rinrinfen Mivelner torkaka velzekdra tortor nermar "
        "dranerpel nerhol.\nThe Lovel."},
    {"drarin peltorzek Velnervel gosbeldra Lodravel holdrami",
        "The tormarrin Belrin gosbeldra marfenfen Marbel Beltor gosvello Pelvel.\nThe "
        "Belmarsun belnervel velrinmi fenlo Mivelner sunmar Lodravel Kahol.\nThe Holzek "
        "veldra Kabelner velner rinrinfen rinbelmi nersun Velnervel.\nThe holdrami torgos "
        "torzek dranerpel rintor Fenzek holmimar pelpeldra.\nThe bellofen belkahol "
        "holtordra sunkator dragoshol zekzekvel sunlo nerhol.\nThe fenvel nermar Kalopel "
        "zekrinbel Lovel zekfenvel peltorzek drarin.\nThe Goslotor holbelzek Fentorsun "
        "sunpel Marloner sunner lonermi rinmar.\nThe Sunnerpel goslo tortor marhol lolo."},
};

enum { OLDER, YOUNGER, BOTH, LEFT, GOES, TAKES };

static struct model *model;

static struct threads *open_threads(void)
{
    return threads_new(
        &(struct threads_options){.articles = 1000, .model = model, .common = common_text()});
}

static int setup(void **state)
{
    struct error err = {0};

    (void)state;
    model = model_read(model_text(), feature_names, FEATURES, &err);
    return model == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    model_free(model);
    return 0;
}

static struct placed place(struct threads *t, const char *id, const char *same_as,
    const char *title, const char *text, int64_t minutes)
{
    const struct thread_source source = {.id = bytes_of(id),
        .same_as = bytes_of(same_as),
        .text = {bytes_of(title), bytes_of(text), LIT(""), LIT("en")},
        .time = MARCH + minutes * MINUTE};
    struct placed placed;

    threads_place(t, &source, &placed);
    return placed;
}

static struct placed place_made(struct threads *t, int which, const char *id, int64_t minutes)
{
    return place(t, id, NULL, made[which].title, made[which].text, minutes);
}

static void an_article_that_fits_two_stories_makes_one_of_them(void **state)
{
    struct threads *t = open_threads();
    struct placed a = place_made(t, OLDER, "a", 0), b = place_made(t, YOUNGER, "b", 5);
    char older[URN], younger[URN], into[URN], from[URN];
    struct placed both;

    (void)state;
    memcpy(older, a.urn, URN);
    memcpy(younger, b.urn, URN);
    assert_string_not_equal(older, younger);
    both = place_made(t, BOTH, "x", 10);
    assert_int_equal(both.changed, CHANGE_MERGES);
    uuid_write(both.into, into);
    uuid_write(both.from, from);
    assert_string_equal(into, older);
    assert_string_equal(from, younger);
    assert_string_equal(both.urn, older);
    assert_int_equal(both.is->articles, 3);
    assert_int_equal(both.is->originals, 3);
    /* a copy, and a later version, of what was in the other one */
    assert_string_equal(place(t, "c", "b", "", "", 12).urn, older);
    assert_string_equal(place_made(t, YOUNGER, "b", 13).urn, older);
    threads_free(t);
}

/* Time is the middle of the last times told: by versions of another article. */
static void pass_to(struct threads *t, int64_t minutes)
{
    for (int i = 0; i < 9; i++)
        place(t, "other", NULL, "Nothing", "Of interest here.", minutes);
}

static void after_half_an_hour_both_stay(void **state)
{
    (void)state;
    for (int64_t since = 29; since <= 31; since += 2) {
        struct threads *t = open_threads();

        pass_to(t, 5);
        place_made(t, OLDER, "a", 0);
        place_made(t, YOUNGER, "b", 5);
        pass_to(t, 5 + since);
        assert_int_equal(
            place_made(t, BOTH, "x", 10).changed, since < 30 ? CHANGE_MERGES : CHANGE_NOTHING);
        threads_free(t);
    }
}

/* All of the older one is forgotten before the younger one is: its identity lives on. */
static void a_run_that_is_killed_between_each_two_articles_goes_on(void **state)
{
    struct buf saves[20];
    size_t count = 0;
    struct threads *whole = open_threads(), *killed = open_threads();

    (void)state;
    for (int i = 0; i < 12; i++) {
        static const int which[] = {OLDER, YOUNGER, BOTH, OLDER, YOUNGER, BOTH};
        char id[20];
        struct placed a, b;

        snprintf(id, sizeof(id), "%d", i);
        a = place_made(whole, which[i % 6], id, i);
        b = place_made(killed, which[i % 6], id, i);
        assert_int_equal(a.changed, i == 2 ? CHANGE_MERGES : CHANGE_NOTHING);
        assert_string_equal(a.urn, b.urn);
        assert_string_equal(a.topic, b.topic);
        assert_int_equal(a.is->articles, b.is->articles);
        assert_int_equal(a.is->originals, b.is->originals);
        assert_memory_equal(a.is->sum, b.is->sum, sizeof(a.is->sum));
        saves[count] = (struct buf){0};
        threads_save(killed, &saves[count++]);
        threads_free(killed);
        killed = open_threads();
        for (size_t s = 0; s < count; s++)
            assert_true(threads_load(killed, buf_bytes(&saves[s])));
    }
    for (size_t s = 0; s < count; s++)
        buf_done(&saves[s]);
    threads_free(whole);
    threads_free(killed);
}

/* Its copy holds the story, and the terms of the one that went still lead there. */
static void a_story_of_which_a_copy_is_left_is_compared_with_nothing(void **state)
{
    struct threads *t = threads_new(
        &(struct threads_options){.articles = 4, .model = model, .common = common_text()});
    struct placed gone;

    (void)state;
    place_made(t, LEFT, "a", 0);
    place(t, "copy", "a", "", "", 0);
    assert_false(place_made(t, GOES, "b", 0).is_new);
    gone = place_made(t, TAKES, "c", 0);
    assert_int_equal(gone.changed, CHANGE_MOVES);
    assert_int_equal(place_made(t, GOES, "d", 0).story, gone.story); /* "a" is forgotten */
    threads_free(t);
}

/* ---- the memory ---------------------------------------------------------------- */

static const uint32_t no_keys[1];
static const uint16_t no_info[1];

static void add(struct archive *archive, uint64_t id, uint32_t story)
{
    const struct sketch sketch = {.keys = no_keys, .info = no_info};

    archive_add(archive, id, MARCH + (int64_t)id, MARCH, &sketch, story);
}

/* The members of a story, by the last digit of their ids. */
static const char *members(const struct archive *archive, uint32_t story)
{
    static char text[STORY_COMPARED + 1];
    const struct article *at[STORY_COMPARED];
    size_t count = archive_members(archive, story, at);

    for (size_t i = 0; i < count; i++)
        text[i] = (char)('0' + at[i]->id % 10);
    text[count] = '\0';
    return text;
}

static void members_stand_in_the_order_in_which_they_came(void **state)
{
    struct archive *archive = archive_new(100, INT64_C(86400), NULL);
    uint32_t one = archive_new_story(archive, (const uint8_t *)"0123456789abcdef", 0);
    uint32_t two = archive_new_story(archive, (const uint8_t *)"fedcba9876543210", 0);

    (void)state;
    add(archive, 0, one);
    add(archive, 1, two);
    add(archive, 2, one);
    add(archive, 3, two);
    add(archive, 4, one);
    add(archive, 5, one);
    archive_move(archive, 2, two);
    assert_string_equal(members(archive, one), "045");
    assert_string_equal(members(archive, two), "123");
    archive_move(archive, 5, two);
    archive_move(archive, 1, one);
    assert_string_equal(members(archive, one), "014");
    assert_string_equal(members(archive, two), "235");
    archive_merge(archive, one, two);
    assert_string_equal(members(archive, one), "012345");
    assert_int_equal(archive_heir(archive, two), one);
    assert_int_equal(archive_story(archive, one)->originals, 6);
    archive_free(archive);
}

/* The place of a story that was taken in is free when its articles are, and only then that of its
 * heir. */
static void an_heir_lives_as_long_as_what_it_took_in(void **state)
{
    struct archive *archive = archive_new(2, INT64_C(86400), NULL);
    uint32_t one = archive_new_story(archive, (const uint8_t *)"0123456789abcdef", 0);
    uint32_t two = archive_new_story(archive, (const uint8_t *)"fedcba9876543210", 0);

    (void)state;
    add(archive, 0, one);
    add(archive, 1, two);
    archive_merge(archive, one, two);
    assert_int_equal(archive_forget_one(archive, MARCH), 0);
    assert_true(story_is_live(archive, one) && story_is_live(archive, two));
    assert_string_equal(members(archive, one), "1");
    assert_int_equal(archive_forget_one(archive, MARCH + 10 * INT64_C(86400)), 0);
    assert_false(story_is_live(archive, one) || story_is_live(archive, two));
    archive_free(archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_article_that_fits_two_stories_makes_one_of_them),
        cmocka_unit_test(after_half_an_hour_both_stay),
        cmocka_unit_test(a_run_that_is_killed_between_each_two_articles_goes_on),
        cmocka_unit_test(a_story_of_which_a_copy_is_left_is_compared_with_nothing),
        cmocka_unit_test(members_stand_in_the_order_in_which_they_came),
        cmocka_unit_test(an_heir_lives_as_long_as_what_it_took_in),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
