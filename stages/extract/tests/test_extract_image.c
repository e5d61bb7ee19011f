/* test_extract_image.c - which picture is the article's. */
#include "stage_test.h"

#define NEWS "<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\"}</script>"
#define OFFER(url) "<meta property=\"og:image\" content=\"" url "\">"

static const char *image(const char *head, const char *body)
{
    return value(extracted(head, body), WR_IMAGE);
}

static void takes_the_picture_shown_rather_than_its_social_crop(void **state)
{
    (void)state;
    assert_string_equal(
        image(NEWS OFFER("https://img.example/social/1200x630/mole_493021_branded.jpg"),
            "<article>" HEADLINE
            "<figure><img src=\"https://img.example/full/493021_w800.jpg\"></figure>" ARTICLE
            "</article>"),
        "https://img.example/full/493021_w800.jpg");
    assert_string_equal(
        image(NEWS OFFER("https://img.example/share/unrelated.jpg"),
            "<article>" HEADLINE "<img src=\"/i/harbour.jpg\">" ARTICLE "</article>"),
        "https://news.example/i/harbour.jpg");
}

static void takes_what_is_offered_where_no_news_is_shown(void **state)
{
    (void)state;
    assert_string_equal(image(OFFER("https://img.example/cover.jpg"),
                            HEADLINE "<img src=\"/i/diagram.png\">" ARTICLE),
        "https://img.example/cover.jpg");
    assert_string_equal(
        image(NEWS OFFER("https://img.example/cover.jpg"),
            "<article>" HEADLINE ARTICLE ARTICLE "<img src=\"/i/last.jpg\"></article>"),
        "https://img.example/cover.jpg");
}

static void takes_the_largest_variant_of_a_picture(void **state)
{
    (void)state;
    assert_string_equal(
        image("", "<article>" HEADLINE "<img src=\"data:,\" srcset=\"/i/mole.jpg?w=320,h=200 320w, "
                  "/i/mole.jpg?w=960,h=600 960w, /i/mole.jpg?w=5000,h=3000 5000w\">" ARTICLE
                  "</article>"),
        "https://news.example/i/mole.jpg?w=960,h=600");
    assert_string_equal(image("", "<article>" HEADLINE
                                  "<picture><source srcset=\"/i/a.webp 1x, /i/b.webp 2x\"><img "
                                  "src=\"/i/placeholder.gif\"></picture>" ARTICLE "</article>"),
        "https://news.example/i/a.webp");
    assert_string_equal(
        image("", "<article>" HEADLINE
                  "<lazy-image data-srcset=\"/i/a.jpg 280w\"></lazy-image>" ARTICLE "</article>"),
        "https://news.example/i/a.jpg");
}

static void takes_the_picture_that_the_page_loads_first(void **state)
{
    (void)state;
    assert_string_equal(
        image("<link rel=\"preload\" as=\"image\" imagesrcset=\"/i/5504036-s.avif 400w, "
              "/i/5504036.avif 800w\">" OFFER("https://img.example/cover.jpg"),
            "<article>" HEADLINE "<img src=\"/i/first.jpg\">" FIRST
            "<img src=\"/i/5504036.jpg\">" SECOND THIRD "</article>"),
        "https://news.example/i/5504036.jpg");
}

static void keeps_the_head_open_until_the_first_paragraph(void **state)
{
    static const char *const heads[] = {"<p class=\"kicker\">Harbours</p>" HEADLINE,
        "<p>Politics</p><ul><li><a href=\"/\">Home</a></li></ul>" HEADLINE "<p>4 May 2026</p>",
        "<div><span>Sea and coast</span><h1>Three ships where the book says "
        "two</h1></div><p>Elm</p><p>Now</p><p>Read</p>"};

    (void)state;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        struct bytes body = bytes_format(arena,
            "<article>%s<ul><li>A</li><li>B</li><li>C</li><li>D</li></ul>"
            "<figure><img src=\"/i/mole.jpg\"></figure>%s</article>",
            heads[i], ARTICLE);

        assert_string_equal(
            image(NEWS OFFER("https://img.example/cover.jpg"), bytes_cstr(arena, body)),
            "https://news.example/i/mole.jpg");
    }
}

static void an_offer_behind_the_text_is_no_lead_though_loaded_first(void **state)
{
    static const char *const boxes[] = {
        "<div class=\"newsletter\"><img src=\"/i/banner-88421.png\"></div>",
        "<aside><img src=\"/i/banner-88421.png\"></aside>",
        "<div class=\"share\"><figure><img src=\"/i/banner-88421.png\"></figure></div>"};

    (void)state;
    for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++) {
        struct bytes body = bytes_format(arena,
            "<article>%s<figure><img src=\"/i/mole.jpg\"></figure>%s%s</article>", HEADLINE,
            ARTICLE, boxes[i]);

        assert_string_equal(image("<link rel=preload as=image href=\"/i/banner-88421.png\">" NEWS,
                                bytes_cstr(arena, body)),
            "https://news.example/i/mole.jpg");
    }
}

static void takes_no_picture_of_anybody_or_anything_else(void **state)
{
    static const char *const others[] = {"<img src=\"/i/avatar.png\">", "<img src=\"/i/x.svg\">",
        "<img width=\"90\" src=\"/i/small.jpg\">", "<aside><img src=\"/i/aside.jpg\"></aside>",
        "<a href=\"/other\"><img src=\"/i/other.jpg\">Another story</a>",
        "<figure><img src=\"/i/anna.jpg\"><figcaption><address>Anna "
        "Berg</address></figcaption></figure>",
        "<div class=\"teaser\"><img src=\"/i/teaser.jpg\"></div>"};

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct bytes body = bytes_format(arena,
            "<article>%s%s<img src=\"/i/mole.jpg\">%s</article>", HEADLINE, others[i], ARTICLE);

        assert_string_equal(
            image(NEWS, bytes_cstr(arena, body)), "https://news.example/i/mole.jpg");
    }
}

static void takes_the_artwork_of_a_player_where_nothing_else_is(void **state)
{
    struct wr_record *rec = extracted("",
        "<header><img src=\"/img/head.jpg\"></header><div class=\"player-large\"><div "
        "class=\"player-artwork\"><img src=\"/img/episode-12.jpg\"></div></div>"
        "<div><p>The lighthouse keeper tells how he counted the ships, and why the "
        "harbour book has only two of them.</p></div>");

    (void)state;
    assert_string_equal(value(rec, WR_IMAGE), "https://news.example/img/episode-12.jpg");
    rec = extracted("",
        "<div class=\"top\"><img src=\"/img/head.jpg\"></div><article>" HEADLINE ARTICLE
        "</article>");
    assert_string_equal(value(rec, WR_IMAGE), "");
}

RUN_WITH_EACH_PARSER(TEST(takes_the_artwork_of_a_player_where_nothing_else_is),
    TEST(takes_the_picture_shown_rather_than_its_social_crop),
    TEST(takes_what_is_offered_where_no_news_is_shown),
    TEST(takes_the_largest_variant_of_a_picture), TEST(takes_the_picture_that_the_page_loads_first),
    TEST(keeps_the_head_open_until_the_first_paragraph),
    TEST(an_offer_behind_the_text_is_no_lead_though_loaded_first),
    TEST(takes_no_picture_of_anybody_or_anything_else))
