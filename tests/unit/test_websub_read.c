/* test_websub_read.c - Link headers, queries and signatures as hubs and publishers write them. */
#include "poll/hubs.h"
#include "websub/read.h"

#include "unit/test.h"

enum { MEMORY = 4 << 20 };

static const struct bytes base = {"http://news.example/feeds/all.xml", 33};

static struct hub_links read_links(struct arena *arena, const char *headers)
{
    struct hub_links links = {0};

    hub_links_read(arena, bytes_of(headers), base, &links);
    return links;
}

static void finds_hub_and_topic_in_one_header(void **state)
{
    struct arena *arena = arena_new(MEMORY);
    struct hub_links links = read_links(arena,
        "content-type: text/xml\n"
        "link: <http://hub.example/>; rel=\"hub\", <http://news.example/all>; rel=\"self\"\n");

    (void)state;
    assert_int_equal(links.count, 1);
    assert_bytes(links.hubs[0], "http://hub.example/");
    assert_bytes(links.topic, "http://news.example/all");
    arena_free(arena);
}

static void finds_them_in_several_headers_without_quotes_and_in_capitals(void **state)
{
    struct arena *arena = arena_new(MEMORY);
    struct hub_links links = read_links(arena, "link: </style.css>;rel=preload;as=style\n"
                                               "link: </hub> ; REL = HUB ; title=\"a, b; c\"\n"
                                               "link: <other.xml>;rel=\"alternate self\"\n");

    (void)state;
    assert_int_equal(links.count, 1);
    assert_bytes(links.hubs[0], "http://news.example/hub");
    assert_bytes(links.topic, "http://news.example/feeds/other.xml");
    arena_free(arena);
}

static void takes_hubs_with_https_first_and_each_once(void **state)
{
    struct arena *arena = arena_new(MEMORY);
    struct hub_links links =
        read_links(arena, "link: <http://a.example/>;rel=hub,<https://b.example/>;rel=hub,"
                          "<http://a.example/>;rel=hub,<https://c.example/>;rel=hub\n");

    (void)state;
    assert_int_equal(links.count, 3);
    assert_bytes(links.hubs[0], "https://b.example/");
    assert_bytes(links.hubs[1], "https://c.example/");
    assert_bytes(links.hubs[2], "http://a.example/");
    arena_free(arena);
}

static void passes_over_what_is_no_link_of_this_document(void **state)
{
    static const char *const headers[] = {
        "link: <http://hub.example/>; rel=\"hubs\"\n",
        "link: <http://hub.example/>; rel=next; rel=hub\n", /* the first rel counts */
        "link: <http://hub.example/>; title=\"x; rel=hub\"\n",
        "link: <http://hub.example/>; anchor=\"/other\"; rel=hub\n",
        "link: <javascript:alert(1)>; rel=hub\n",
        "link: <ftp://hub.example/>; rel=hub\n",
        "link: <http://hub.example/a b\tc>; rel=stylesheet; x=\"rel=hub\n",
        "link: http://hub.example/; rel=hub\n",
        "link: <http://hub.example/\n",
        "link: <>; rel=\n",
        "link: ,,;;\"\\\n",
        "x-link: <http://hub.example/>; rel=hub\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        struct arena *arena = arena_new(MEMORY);
        struct hub_links links = read_links(arena, headers[i]);

        if (links.count != 0 || links.topic.len != 0)
            fail_msg("found something in %s", headers[i]);
        arena_free(arena);
    }
}

static void goes_on_behind_what_cannot_be_read(void **state)
{
    struct arena *arena = arena_new(MEMORY);
    struct hub_links links =
        read_links(arena, "link: rubbish \"with, comma\", <http://hub.example/>; rel=hub\n");

    (void)state;
    assert_int_equal(links.count, 1);
    arena_free(arena);
}

static void takes_four_hubs_and_no_more_memory_than_it_needs(void **state)
{
    struct arena *arena = arena_new(1 << 20); /* over it the test would end */
    struct buf headers = {0};
    struct hub_links links;

    (void)state;
    buf_add_cstr(&headers, "link: ");
    for (int i = 0; i < 6000; i++)
        buf_printf(&headers, "<h%d>;rel=hub,", i);
    buf_add_byte(&headers, '\n');
    links = read_links(arena, buf_cstr(&headers));
    assert_int_equal(links.count, HUBS_MOST);
    assert_bytes(links.hubs[3], "http://news.example/feeds/h3");
    buf_done(&headers);
    arena_free(arena);
}

static void refuses_addresses_that_are_too_long(void **state)
{
    struct hub_links links = {0};
    char url[HUB_URL + 20];

    (void)state;
    memset(url, 'a', sizeof(url));
    memcpy(url, "http://hub.example/", 19);
    hub_links_add(&links, (struct bytes){url, HUB_URL + 1});
    assert_int_equal(links.count, 0);
    hub_links_add(&links, (struct bytes){url, HUB_URL});
    assert_int_equal(links.count, 1);
}

static void reads_the_query_of_a_verification(void **state)
{
    struct arena *arena = arena_new(MEMORY);
    struct websub_query q;

    (void)state;
    websub_query_read(arena,
        LIT("hub.mode=subscribe&hub.topic=http%3A%2F%2Fnews.example%2Fall%3Fa%3D1%26b&hub."
            "challenge="
            "a+b%2bc&hub.lease_seconds=864000&hub.mode=unsubscribe&x&=&hub.reason"),
        &q);
    assert_bytes(q.mode, "subscribe");
    assert_bytes(q.topic, "http://news.example/all?a=1&b");
    assert_bytes(q.challenge, "a b+c");
    assert_bytes(q.lease, "864000");
    assert_bytes(q.reason, "");
    arena_free(arena);
}

static void leaves_broken_escapes_as_they_are(void **state)
{
    struct arena *arena = arena_new(MEMORY);
    struct websub_query q;

    (void)state;
    websub_query_read(arena, LIT("hub.topic=%&hub.mode=%4&hub.challenge=%zz%00%41"), &q);
    assert_bytes(q.topic, "%");
    assert_bytes(q.mode, "%4");
    assert_bytes(q.challenge, "%zz%00A");
    arena_free(arena);
}

static void writes_a_form_that_reads_back(void **state)
{
    struct arena *arena = arena_new(MEMORY);
    struct bytes topic = LIT("http://news.example/\xc3\xa4?a=1&b=%20 +\"");
    struct buf form = {0};
    struct websub_query q;

    (void)state;
    websub_form_add(&form, "hub.mode", LIT("subscribe"));
    websub_form_add(&form, "hub.topic", topic);
    assert_true(bytes_find(buf_bytes(&form), LIT(" ")) == SIZE_MAX);
    websub_query_read(arena, buf_bytes(&form), &q);
    assert_bytes(q.mode, "subscribe");
    assert_true(bytes_equal(q.topic, topic));
    buf_done(&form);
    arena_free(arena);
}

static void takes_the_last_part_of_a_path_for_the_token(void **state)
{
    (void)state;
    assert_bytes(websub_token(LIT("/abc")), "abc");
    assert_bytes(websub_token(LIT("/push/abc")), "abc");
    assert_bytes(websub_token(LIT("/")), "");
    assert_bytes(websub_token(LIT("")), "");
}

static void splits_a_signature(void **state)
{
    struct bytes method;
    struct bytes hex;

    (void)state;
    assert_true(websub_signature_read(LIT(" sha256=00ff "), &method, &hex));
    assert_bytes(method, "sha256");
    assert_bytes(hex, "00ff");
    assert_false(websub_signature_read(LIT(""), &method, &hex));
    assert_false(websub_signature_read(LIT("00ff"), &method, &hex));
    assert_false(websub_signature_read(LIT("=00ff"), &method, &hex));
    assert_false(websub_signature_read(LIT("sha256="), &method, &hex));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_hub_and_topic_in_one_header),
        cmocka_unit_test(finds_them_in_several_headers_without_quotes_and_in_capitals),
        cmocka_unit_test(takes_hubs_with_https_first_and_each_once),
        cmocka_unit_test(passes_over_what_is_no_link_of_this_document),
        cmocka_unit_test(goes_on_behind_what_cannot_be_read),
        cmocka_unit_test(takes_four_hubs_and_no_more_memory_than_it_needs),
        cmocka_unit_test(refuses_addresses_that_are_too_long),
        cmocka_unit_test(reads_the_query_of_a_verification),
        cmocka_unit_test(leaves_broken_escapes_as_they_are),
        cmocka_unit_test(writes_a_form_that_reads_back),
        cmocka_unit_test(takes_the_last_part_of_a_path_for_the_token),
        cmocka_unit_test(splits_a_signature),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
