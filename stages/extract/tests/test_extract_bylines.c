/* test_extract_bylines.c - bylines by evidence: what says it, where it stands, what it looks like,
 * and whose it is when it is somebody else's. */
#include "stage_test.h"

#define LD(json) "<script type=\"application/ld+json\">" json "</script>"
#define LD_NEWS(author)                                                                            \
    LD("{\"@type\": \"NewsArticle\", \"headline\": \"Three ships where the book says two\", "      \
       "\"author\": " author ", \"publisher\": {\"@type\": \"Organization\", "                     \
       "\"name\": \"Mole Daily\"}}")

struct one {
    const char *line, *names;
};

/* The authors of a page, joined by "; ". */
static const char *authors(const char *head, const char *body)
{
    struct wr_record *rec = extracted(head, body);
    const char *all = "";

    for (size_t i = 0; i < wr_count(rec, WR_AUTHOR); i++)
        all = bytes_cstr(arena, bytes_format(arena, "%s%s%s", all, i > 0 ? "; " : "",
                                    bytes_cstr(arena, record_get_at(rec, WR_AUTHOR, i))));
    return all;
}

static void assert_between(const struct one *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes body = bytes_format(
            arena, "<article>%s%s<div>%s</div></article>", HEADLINE, cases[i].line, ARTICLE);

        assert_string_equal(authors("", bytes_cstr(arena, body)), cases[i].names);
    }
}

static void assert_behind(const struct one *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes body = bytes_format(
            arena, "<article>%s<div>%s</div></article>%s", HEADLINE, ARTICLE, cases[i].line);

        assert_string_equal(authors("", bytes_cstr(arena, body)), cases[i].names);
    }
}

#define BETWEEN(cases) assert_between(cases, sizeof(cases) / sizeof((cases)[0]))
#define BEHIND(cases) assert_behind(cases, sizeof(cases) / sizeof((cases)[0]))

static void finds_a_name_beside_a_date(void **state)
{
    static const struct one cases[] = {
        {"<small>17.06.2021 | 09:40 Uhr | Mona Petersen</small>", "Mona Petersen"},
        {"<p>3 May 2024 - Mona Petersen</p>", "Mona Petersen"},
        {"<p>Mona Petersen · 3. Mai 2024 · 4 Min.</p>", "Mona Petersen"},
        {"<div><span>Mona Petersen</span> <span>May 3, 2024</span></div>", "Mona Petersen"},
        {"<p>Mona Petersen und Lea Quist | 3. Mai 2024</p>", "Mona Petersen; Lea Quist"},
        {"<p class=\"meta\">Mona Petersen, 3 May 2024</p>", "Mona Petersen"}};

    (void)state;
    BETWEEN(cases);
}

static void takes_no_section_beside_a_date_for_a_name(void **state)
{
    static const struct one cases[] = {
        {"<p>3 May 2024 | <a href=\"/harbour/news\">Harbour Notes</a></p>", ""},
        {"<ul><li><a href=\"/n\">Local Notes</a></li></ul><p>3 May 2024 | Local Notes</p>", ""},
        {"<ul><li><a href=\"/n\">Notes</a></li></ul><p>Latest Notes | 3 May 2024</p>", ""},
        {"<p>Bad Mole, 3 May 2024</p>", ""}, {"<p>Three Ships | 3 May 2024</p>", ""}};

    (void)state;
    BETWEEN(cases);
}

static void takes_no_part_of_a_date_for_a_name(void **state)
{
    static const struct one cases[] = {
        {"<div class=\"byline\"><div class=\"byline-date\">November 3, 2014</div></div>", ""},
        {"<p class=\"author-time\">Stand: 9. März 2019, 11:20 Uhr</p>", ""},
        {"<p class=\"author-note\">Zuletzt geändert am: 10.03.2019</p>", ""},
        {"<div class=\"byline\">Monday, May 13</div>", ""},
        {"<div class=\"author-date\">Februar 2021</div>", ""},
        {"<div class=\"byline\">May 13, 2024 | 5 min read</div>", ""},
        {"<div class=\"byline\">April Petersen, May 13</div>", "April Petersen"}};

    (void)state;
    BETWEEN(cases);
}

static void takes_a_role_off_the_name(void **state)
{
    static const struct one cases[] = {
        {"<p class=\"byline\">Von unserer Redakteurin Mona Petersen</p>", "Mona Petersen"},
        {"<p class=\"byline\">Von Chefreporterin Mona Petersen</p>", "Mona Petersen"},
        {"<p class=\"byline\">By our correspondent Mona Petersen</p>", "Mona Petersen"},
        {"<p class=\"byline\">By Mona Petersen, Harbour Correspondent</p>", "Mona Petersen"},
        {"<div class=\"author-name\">By <a href=\"/people/mona\"><span class=\"name\">Mona "
         "Petersen</span></a><span class=\"role\">Staff Writer</span></div>",
            "Mona Petersen"},
        {"<p class=\"byline\">By Mona Petersen (text) and Lea Quist (photos)</p>",
            "Mona Petersen"}};

    (void)state;
    BETWEEN(cases);
}

static void ends_a_name_at_an_address(void **state)
{
    static const struct one cases[] = {
        {"<p class=\"byline\">By Mona Petersen @monap</p>", "Mona Petersen"},
        {"<p class=\"byline\">By Mona Petersen mona@mole.example</p>", "Mona Petersen"},
        {"<p class=\"byline\">By Mona Petersen of the Mole Daily</p>", "Mona Petersen"},
        {"<p class=\"byline\">BYRON PETERSEN</p>", "BYRON PETERSEN"},
        {"<p class=\"byline\">ByMona Petersen</p>", "Mona Petersen"}};

    (void)state;
    BETWEEN(cases);
}

static void reads_east_asian_bylines(void **state)
{
    static const struct one between[] = {
        {"<p class=\"byline\">【山田太郎、佐藤花子】</p>", "山田太郎; 佐藤花子"},
        {"<p class=\"byline\">山田太郎記者</p>", "山田太郎"},
        {"<p class=\"byline\">文/王小明</p>", "王小明"},
        {"<p class=\"byline\">记者：王小明</p>", "王小明"}};
    static const struct one behind[] = {{"<p><span>责任编辑： 林雨桐 </span></p>", "林雨桐"},
        {"<p>（責任編輯：林雨桐）</p>", "林雨桐"}};

    (void)state;
    BETWEEN(between);
    BEHIND(behind);
}

static void finds_the_name_that_a_label_stands_for(void **state)
{
    static const struct one between[] = {
        {"<div><h5>Datum: </h5>22.08.2020<br><h5>Autor: </h5>Mona Petersen/MD-D</div>",
            "Mona Petersen"},
        {"<div><h4>Author:</h4><p>Mona Petersen</p></div>", "Mona Petersen"}};
    static const struct one behind[] = {
        {"<section class=\"credits\"><div>Text: <span>Mona Petersen</span></div><div>Bilder: Mole "
         "Daily</div></section>",
            "Mona Petersen"},
        {"<ul><li>Share</li><li>Keep</li><li>Print</li><li>Listen</li><li>Comment</li></ul><div "
         "class=\"article-foot\">von <a href=\"/redaktion/annegret\">Annegret</a></div>",
            "Annegret"}};

    (void)state;
    BETWEEN(between);
    BEHIND(behind);
}

static void takes_nobody_who_did_something_else(void **state)
{
    static const struct one between[] = {
        {"<div><div><u>Titel: </u>Die Fährfrau</div><div><u>Autorin: </u>Lioba Quist</div><div>"
         "<u>Verlag: </u>Nordufer</div><div><u>Seiten: </u>312</div></div>",
            ""},
        {"<blockquote><p>The sea keeps no books.</p><p class=\"author\">Lioba Quist</p>"
         "</blockquote>",
            ""},
        {"<figure><img src=\"/a.jpg\"><figcaption>The mole <span class=\"author\">Lioba "
         "Quist</span></figcaption></figure>",
            ""},
        {"<p><strong>Erste Schritte:</strong></p>", ""}};
    static const struct one behind[] = {{"<div id=\"footer\"><p id=\"footer-info\">Designed by <a "
                                         "href=\"https://t.example/\">Plain "
                                         "Harbour</a></p></div>",
                                            ""},
        {"<div class=\"post-ratings\">(<strong>41</strong> votes: <strong>4.6</strong> von of "
         "6)</div>",
            ""},
        {"<div class=\"box\"><p><em>Unsere Quellen:</em></p><ul><li><em>Auskunft Bauhof</em></li>"
         "</ul></div>",
            ""}};

    (void)state;
    BETWEEN(between);
    BEHIND(behind);
}

static void takes_nobody_of_a_teaser_within_the_text(void **state)
{
    (void)state;
    assert_string_equal(
        authors("",
            "<article>" HEADLINE "<div>" FIRST
            "<aside><article class=\"entry\"><h2><a href=\"/9\">A roof travels</a></h2>"
            "<span class=\"entry__author\">Lioba Quist</span></article></aside>" SECOND THIRD
            "</div></article>"),
        "");
}

static void lets_a_site_sign(void **state)
{
    static const char person[] = LD_NEWS("{\"@type\": \"Person\", \"name\": \"Mole Daily\"}");

    (void)state;
    assert_string_equal(authors(person, HEADLINE ARTICLE), "");
    assert_string_equal(
        authors(person, "<article>" HEADLINE "<p>Mole Daily | 3 May 2024</p>" ARTICLE "</article>"),
        "Mole Daily");
    assert_string_equal(authors(LD_NEWS("{\"@type\": \"Organization\", \"name\": \"Mole Daily\"}"),
                            HEADLINE ARTICLE),
        "Mole Daily");
    assert_string_equal(
        authors("<meta name=\"author\" content=\"Mole Daily\"><meta property=\"og:site_name\" "
                "content=\"Mole Daily\">",
            HEADLINE ARTICLE),
        "");
    assert_string_equal(
        authors("<meta property=\"og:type\" content=\"article\">",
            "<div itemscope itemtype=\"https://schema.org/NewsArticle\">" HEADLINE
            "<div itemprop=\"author\" itemscope itemtype=\"https://schema.org/Organization\"><span "
            "itemprop=\"name\" class=\"hidden\">Mole Works</span></div><div>" ARTICLE
            "</div></div>"),
        "");
    assert_string_equal(
        authors(
            LD_NEWS(
                "{\"@type\": \"Person\", \"name\": \"Hand und Hobel\"}") "<meta "
                                                                         "property=\"og:site_"
                                                                         "name\" content=\"Hand "
                                                                         "und Hobel\">",
            HEADLINE ARTICLE),
        "");
}

static void believes_what_is_told_and_shown(void **state)
{
    (void)state;
    assert_string_equal(authors("<meta name=\"author\" content=\"ok\">",
                            "<article>" HEADLINE "<p class=\"post-meta\"><span>ok</span> <span>3. "
                            "Juni 2022</span></p>" ARTICLE "</article>"),
        "ok");
    assert_string_equal(
        authors("<meta property=\"og:site_name\" content=\"Mona Petersen Newsletter\">" LD_NEWS(
                    "{\"@type\": \"Person\", \"name\": \"Mona Petersen\"}"),
            "<article>" HEADLINE
            "<div><a href=\"/about\">Mona Petersen</a> · May 13, 2024</div>" ARTICLE "</article>"),
        "Mona Petersen");
    assert_string_equal(
        authors("<meta name=\"author\" content=\"Nils Ortwein &amp; Kleeblatt designed\">",
            "<article>" HEADLINE "<div class=\"author_info\"><a href=\"/author/kf/\" "
            "rel=\"author\">Mona Petersen</a></div>" ARTICLE
            "<p>The posters were designed by volunteers, Ortwein and Klee among them.</p>"
            "</article>"),
        "Mona Petersen");
}

static void believes_no_account_that_is_hidden(void **state)
{
    static const char account[] = LD("{\"@graph\": [{\"@type\": \"WebPage\", \"author\": {\"@id\": "
                                     "\"#1\"}}, {\"@type\": \"Person\", \"@id\": \"#1\", "
                                     "\"name\": \"rbredow2\"}]}");

    (void)state;
    assert_string_equal(
        authors(account, "<article>" HEADLINE "<div>" ARTICLE
                         "</div><footer><div class=\"vcard author\" style=\"display: none\"><span "
                         "class=\"fn\"><a href=\"/author/rbredow2/\">rbredow2</a></span></div>"
                         "</footer></article>"),
        "");
    assert_string_equal(authors(account, "<article>" HEADLINE "<div>" ARTICLE
                                         "</div></article><footer>© 2024 rbredow2</footer>"),
        "");
}

static void names_the_agency_beside_the_person(void **state)
{
    (void)state;
    assert_string_equal(
        authors(LD_NEWS("[{\"@type\": \"Person\", \"name\": \"Mona Petersen\"}, {\"@type\": "
                        "\"Organization\", \"name\": \"NTA\"}]"),
            "<article>" HEADLINE "<p class=\"byline\">By Mona Petersen, NTA</p>" ARTICLE
            "</article>"),
        "Mona Petersen; NTA");
    assert_string_equal(
        authors(LD_NEWS("[{\"@type\": \"Person\", \"name\": \"Mona Petersen\"}, {\"@type\": "
                        "\"Organization\", \"name\": \"Mole Daily\"}]"),
            "<article>" HEADLINE "<p class=\"byline\">By Mona Petersen</p>" ARTICLE "</article>"),
        "Mona Petersen");
}

RUN_WITH_EACH_PARSER(TEST(finds_a_name_beside_a_date),
    TEST(takes_no_section_beside_a_date_for_a_name), TEST(takes_no_part_of_a_date_for_a_name),
    TEST(takes_a_role_off_the_name), TEST(ends_a_name_at_an_address),
    TEST(reads_east_asian_bylines), TEST(finds_the_name_that_a_label_stands_for),
    TEST(takes_nobody_who_did_something_else), TEST(takes_nobody_of_a_teaser_within_the_text),
    TEST(lets_a_site_sign), TEST(believes_what_is_told_and_shown),
    TEST(believes_no_account_that_is_hidden), TEST(names_the_agency_beside_the_person))
