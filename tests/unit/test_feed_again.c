/* test_feed_again.c - entries that were read before are passed over, and those that must not be. */
#include "unit/feed_fixture.h"

static bool pass_first(void *ctx, size_t position, uint64_t raw)
{
    (void)ctx;
    (void)raw;
    return position == 0;
}

/* What was passed over counts, and what is odd is read again each time. */
static void entries_that_are_not_read_move_no_place(void **state)
{
    struct feed_source source = {.url = LIT("http://example.org/news/feed")};
    struct feed_sink sink = {.on_entry = on_entry, .on_raw = pass_first};

    (void)state;
    assert_int_equal(
        feed_parse(arena,
            LIT("<rss version='2.0'><channel><title>t</title>\n<item><title>\n\nA</title></item>\n"
                "<item><title>B</title></item>\n</chanel></rss>"),
            &source, &sink, &feed, &err),
        OK);
    assert_true(feed.recovered);
    assert_int_equal(feed.diagnoses[0].line, 6);
}

static uint64_t last_raw;

static int note_raw(void *ctx, const struct entry *entry)
{
    (void)ctx;
    last_raw = entry->raw;
    return OK;
}

static bool pass_none(void *ctx, size_t position, uint64_t raw)
{
    (void)ctx;
    (void)position;
    (void)raw;
    return false;
}

static void an_odd_entry_is_read_again_each_time(void **state)
{
    struct feed_source source = {.url = LIT("http://example.org/news/feed")};
    struct feed_sink sink = {.on_entry = note_raw, .on_raw = pass_none};

    (void)state;
    assert_int_equal(feed_parse(arena,
                         LIT("<rss "
                             "version='2.0'><channel><item><guid>1</guid><title>A</title></item></"
                             "channel></rss>"),
                         &source, &sink, &feed, &err),
        OK);
    assert_true(last_raw != 0);
    assert_int_equal(feed_parse(arena,
                         LIT("<rss version='2.0'><channel><item><guid>1</guid><title>A</title>"
                             "<pubDate>soon</pubDate></item></channel></rss>"),
                         &source, &sink, &feed, &err),
        OK);
    assert_true(last_raw == 0);
}

/* A reader that comes again: what it handed over before is passed over. */
struct again {
    uint64_t known[20], found[20];
    size_t known_count, found_count;
    char read[100]; /* "position:title " of what was read */
    size_t read_len;
};

static int on_entry_again(void *ctx, const struct entry *entry)
{
    struct again *a = ctx;

    a->found[a->found_count++] = entry->raw;
    a->read_len += (size_t)snprintf(a->read + a->read_len, sizeof(a->read) - a->read_len,
        "%zu:%.*s ", entry->position, FMT(entry->title));
    return OK;
}

static bool on_raw_again(void *ctx, size_t position, uint64_t raw)
{
    struct again *a = ctx;

    for (size_t i = 0; i < a->known_count; i++)
        if (a->known[i] == raw) {
            assert_int_equal(position, a->found_count);
            a->found[a->found_count++] = raw;
            return true;
        }
    return false;
}

static const char *read_again(struct again *a, struct bytes document)
{
    const struct feed_source source = {.url = LIT("http://example.org/news/feed")};
    const struct feed_sink sink = {on_entry_again, a, on_raw_again};

    memcpy(a->known, a->found, sizeof(a->known));
    a->known_count = a->found_count;
    a->found_count = a->read_len = 0;
    a->read[0] = '\0';
    assert_int_equal(feed_parse(arena, document, &source, &sink, &feed, &err), OK);
    assert_int_equal(feed.entries, a->found_count);
    return a->read;
}

static void entries_that_were_read_before_are_passed_over(void **state)
{
    struct again a = {0};

    (void)state;
    read_again(&a, LIT("<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>"
                       "<ttl>1</ttl><item><link>/b</link><title>b</title></item>\n<item "
                       "x='>'><link>/c</link><title>c</title>"
                       "<description><![CDATA[</item><item>]]></description><!-- <item> --></item>"
                       "<item><link>/d</link><title>d</title></item></channel></rss>"));
    assert_string_equal(a.read, "0:b 1:c 2:d ");
    read_again(&a, LIT("<rss version='2.0'><channel><title>t</title><ttl>2</ttl>"
                       "<item><link>/a</link><title>a</title></item><item><link>/b</link><title>b</"
                       "title></item>"
                       "<item x='>'><link>/c</link><title>c</title>"
                       "<description><![CDATA[</item><item>]]></description><!-- <item> --></item>"
                       "<item><link>/D</link><title>D</title></item></channel></rss>"));
    assert_string_equal(a.read, "0:a 3:D ");
    assert_true(feed.complete);
}

#define CHANNEL(root, more)                                                                        \
    LIT("<rss version='2.0'" root "><channel>" more                                                \
        "<item><link>/a</link><title>a</title></item></channel></"                                 \
        "rss>")

static void an_entry_is_read_again_when_what_it_inherits_has_changed(void **state)
{
    static const struct bytes documents[] = {CHANNEL("", ""),
        CHANNEL(" xml:base='http://x.org/'", ""), CHANNEL(" xml:lang='de'", ""),
        CHANNEL("", "<language>de</language>"), CHANNEL("", "<category>c</category>"),
        CHANNEL("", "<author>An Author</author>"), CHANNEL(" xmlns='http://purl.org/rss/1.0/'", ""),
        LIT("<feed "
            "xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id><title>a</title></entry></"
            "feed>")};

    (void)state;
    for (size_t i = 0; i + 1 < sizeof(documents) / sizeof(documents[0]); i++) {
        struct again a = {0};

        assert_string_equal(read_again(&a, documents[i]), "0:a ");
        assert_string_equal(read_again(&a, documents[i]), "");
        assert_string_equal(read_again(&a, documents[i + 1]), "0:a ");
    }
}

static void items_of_json_are_passed_over_too(void **state)
{
    struct again a = {0};

    (void)state;
    read_again(&a, LIT("{\"items\": [{\"id\": \"1\", \"title\": \"a\"},"
                       "{\"id\": \"2\", \"title\": \"b\"}]}"));
    assert_string_equal(a.read, "0:a 1:b ");
    read_again(&a, LIT("{\"title\": \"t\", \"items\": [{\"id\": \"1\", \"title\": \"a\"},"
                       "{\"id\": \"2\", \"title\": \"B\"}]}"));
    assert_string_equal(a.read, "1:B ");
}

/* What stands behind an error is read by the reader that forgives, in full; what it repeats of the
 * entries before it is not handed over again. */
static void an_error_behind_entries_that_were_passed_over_loses_none(void **state)
{
    struct again a = {0};

    (void)state;
    read_again(&a,
        LIT("<rss "
            "version='2.0'><channel><item><link>/a</link><title>a</title></item></channel></rss>"));
    read_again(&a, LIT("<rss version='2.0'><channel><item><link>/a</link><title>a</title></item>"
                       "<item><link>/b</link><title>b & b</title></item></channel></rss>"));
    assert_string_equal(a.read, "1:b & b ");
    assert_true(feed.recovered);
    read_again(&a, LIT("<rss version='2.0'><channel><item><link>/a</link><title>a</title></item>"
                       "<item><link>/b</link><title>b & b</title></item></channel></rss>"));
    assert_string_equal(a.read, "1:b & b ");
}

/* Or it would be passed over with those in it, which would be missing. */
static void an_entry_with_another_in_it_is_read_again_each_time(void **state)
{
    static const struct {
        const char *document, *first, *then;
    } cases[] = {
        {"<rss version='2.0'><channel><item><link>/a</link><title>A</title><item><link>/b</link>"
         "<title>B</title></item></item><item><link>/c</link><title>C</title></item></channel>"
         "</rss>",
            "0:A 1:B 2:C ", "0:A 1:B "},
        {"<rss version='2.0'><channel><item><link>/a</link><title>A</title><item><link>/b</link>"
         "<title>B</title><item><link>/c</link><title>C</title></item></item></item></channel>"
         "</rss>",
            "0:A 1:B 2:C ", "0:A 1:B 2:C "},
        {"<rss version='2.0'><channel><item><link>/a</link><title>A</title></item><item>"
         "<link>/b</link><title>B</title><item/><item><link>/c</link><title>C</title></item></item>"
         "</channel></rss>",
            "0:A 1:B 2: 3:C ", "1:B 2: 3:C "},
        {"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id><title>A</title><entry>"
         "<id>b</id><title>B</title></entry></entry></feed>",
            "0:A 1:B ", "0:A 1:B "},
        {"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.example/1"
         "</loc><url><loc>http://a.example/2</loc></url></url></urlset>",
            "0: 1: ", "0: 1: "}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct again a = {0};

        assert_string_equal(read_again(&a, bytes_of(cases[i].document)), cases[i].first);
        assert_string_equal(read_again(&a, bytes_of(cases[i].document)), cases[i].then);
        assert_int_equal(feed.recovered, false);
    }
}

/* White space between entries is passed over with them, and nothing that XML does not allow. */
static void what_stands_between_entries_is_still_judged(void **state)
{
    static const struct {
        const char *between;
        bool well;
    } cases[] = {{"", true}, {"\r\n\t ", true}, {"\f", false}, {" & ", false}, {"<!-- a -->", true},
        {"<b>", false}};
    const char *items = "<item><link>/a</link><title>A</title></item>";

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct again a = {0};
        struct bytes document = bytes_format(arena,
            "<rss version='2.0'><channel>%s%s%s</channel></rss>", items, cases[i].between, items);

        assert_string_equal(read_again(&a, document), "0:A 1:A ");
        assert_int_equal(feed.recovered, !cases[i].well);
        read_again(&a, document);
        assert_int_equal(feed.recovered, !cases[i].well);
        assert_int_equal(feed.entries, 2);
    }
}

/* Behind entries that were passed over, too. */
static void an_element_with_very_many_attributes_is_read_by_us(void **state)
{
    struct again a = {0};
    struct buf document = {0};

    (void)state;
    buf_add_cstr(&document,
        "<rss version='2.0'><channel><item><link>/a</link><title>A</title></item>\n<item");
    for (int i = 0; i < 300; i++)
        buf_printf(&document, " a%d='%d'", i, i);
    buf_add_cstr(&document, "><title>B</title></item></channel></rss>");
    assert_string_equal(read_again(&a, buf_bytes(&document)), "0:A 1:B ");
    a.found_count = 1; /* the first is known */
    assert_string_equal(read_again(&a, buf_bytes(&document)), "1:B ");
    assert_int_equal(feed.entries, 2);
    buf_done(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_that_are_not_read_move_no_place),
        cmocka_unit_test(an_odd_entry_is_read_again_each_time),
        cmocka_unit_test(entries_that_were_read_before_are_passed_over),
        cmocka_unit_test(an_entry_is_read_again_when_what_it_inherits_has_changed),
        cmocka_unit_test(items_of_json_are_passed_over_too),
        cmocka_unit_test(an_error_behind_entries_that_were_passed_over_loses_none),
        cmocka_unit_test(an_entry_with_another_in_it_is_read_again_each_time),
        cmocka_unit_test(what_stands_between_entries_is_still_judged),
        cmocka_unit_test(an_element_with_very_many_attributes_is_read_by_us),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
