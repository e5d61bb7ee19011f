/* test_decode.c - bodies as servers send them: whole, cut, damaged, in layers, or not encoded at
 * all. */
#include "worker/decode.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

enum { MOST = 1 << 20 };

static const char feed[] = "<?xml version=\"1.0\"?><rss><channel><title>Harbour "
                           "news</title><item><title>Bridge closed</title></item>"
                           "<item><title>Ferry late</title></item></channel></rss>";

/* "<rss>brotli</rss>\n" sixteen times over, as `brotli -q 11` writes it. */
static const unsigned char brotli[] = {0x1b, 0x1f, 0x01, 0xf8, 0x8d, 0x93, 0x54, 0xed, 0xfe, 0x08,
    0x74, 0x63, 0xb9, 0x9c, 0xb7, 0x2e, 0x08, 0xc2, 0x66, 0x2a, 0xbc, 0x88, 0xc5, 0x84, 0x11, 0x02,
    0x90, 0x41, 0x3b, 0xf7, 0x3b, 0x09, 0x2d};

static struct buf deflate_with(struct bytes text, int window)
{
    struct buf out = {0};
    z_stream z = {.next_in = (z_const Bytef *)text.ptr, .avail_in = (uInt)text.len};
    char *room = buf_reserve(&out, text.len + 128);

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = (Bytef *)room;
    z.avail_out = (uInt)text.len + 128;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.len = z.total_out;
    deflateEnd(&z);
    return out;
}

static struct buf gzip(struct bytes text)
{
    return deflate_with(text, 15 + 16);
}

static void assert_decodes(
    struct bytes body, const char *encoding, const char *text, const char *note)
{
    struct decoded d = {0};
    struct error err = {0};

    if (decode_body(body, bytes_of(encoding), MOST, &d, &err) != OK)
        fail_msg("%s: %s", encoding, err.text);
    assert_int_equal(d.body.len, strlen(text));
    assert_memory_equal(d.body.ptr, text, d.body.len);
    assert_string_equal(d.note, note);
    decoded_done(&d);
}

static void assert_refuses(struct bytes body, const char *encoding, int code, const char *text)
{
    struct decoded d = {.note = "untouched"};
    struct error err = {0};

    assert_int_equal(decode_body(body, bytes_of(encoding), MOST, &d, &err), code);
    if (strstr(err.text, text) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", text, err.text);
    assert_string_equal(d.note, "untouched");
}

static void decodes_each_encoding(void **state)
{
    struct buf z = gzip(bytes_of(feed));
    struct buf zlib = deflate_with(bytes_of(feed), 15);
    struct buf raw = deflate_with(bytes_of(feed), -15);
    struct buf frame = {0};
    char *room = buf_reserve(&frame, 1024);

    (void)state;
    frame.len = ZSTD_compress(room, 1024, feed, strlen(feed), 3);
    assert_decodes(buf_bytes(&z), "gzip", feed, "");
    assert_decodes(buf_bytes(&z), "X-GZip", feed, "");
    assert_decodes(buf_bytes(&zlib), "deflate", feed, "");
    assert_decodes(buf_bytes(&raw), "deflate", feed, "");
    assert_decodes(buf_bytes(&frame), "zstd", feed, "");
    assert_decodes(bytes_of(feed), "", feed, "");
    assert_decodes(bytes_of(feed), "identity, identity, identity, identity", feed, "");
    assert_decodes(LIT(""), "gzip", "", "");
    buf_done(&z);
    buf_done(&zlib);
    buf_done(&raw);
    buf_done(&frame);
}

static void decodes_brotli(void **state)
{
    struct bytes body = {(const char *)brotli, sizeof(brotli)};
    struct buf text = {0};
    struct buf longer = {0};

    (void)state;
    for (int i = 0; i < 16; i++)
        buf_add_cstr(&text, "<rss>brotli</rss>\n");
    assert_decodes(body, "br", buf_cstr(&text), "");
    assert_refuses(
        bytes_slice(body, 0, body.len - 2), "br", E_FORMAT, "br body ends early at byte 31");
    buf_add(&longer, body);
    buf_add_cstr(&longer, "junk");
    assert_decodes(buf_bytes(&longer), "br", buf_cstr(&text),
        "4 bytes behind the end of the br body left out");
    buf_done(&text);
    buf_done(&longer);
}

static void reads_all_members_of_gzip(void **state)
{
    struct buf all = {0};

    (void)state;
    for (size_t i = 0; i < strlen(feed); i += 10) {
        struct buf part = gzip(bytes_slice(bytes_of(feed), i, 10));

        buf_add(&all, buf_bytes(&part));
        buf_done(&part);
    }
    assert_decodes(buf_bytes(&all), "gzip", feed, "");
    all.len -= 3;
    assert_refuses(buf_bytes(&all), "gzip", E_FORMAT, "gzip body ends early at byte");
    buf_done(&all);
}

static void reads_a_second_member_as_long_as_the_first(void **state)
{
    struct buf all = gzip(LIT("the first half, "));
    struct buf part = gzip(LIT("and the second. "));

    (void)state;
    buf_add(&all, buf_bytes(&part));
    assert_decodes(buf_bytes(&all), "gzip", "the first half, and the second. ", "");
    buf_done(&part);
    buf_done(&all);
}

static void notes_junk_behind_the_end_but_not_padding(void **state)
{
    struct buf z = gzip(bytes_of(feed));
    size_t len = z.len;

    (void)state;
    buf_add(&z, (struct bytes){"\0\0\0\0\0\0", 6});
    assert_decodes(buf_bytes(&z), "gzip", feed, "");
    z.len = len;
    buf_add_cstr(&z, "junk");
    assert_decodes(buf_bytes(&z), "gzip", feed, "4 bytes behind the end of the gzip body left out");
    buf_done(&z);
}

static void refuses_a_body_cut_at_any_byte(void **state)
{
    struct buf z = gzip(bytes_of(feed));
    struct buf frame = {0};
    char *room = buf_reserve(&frame, 1024);
    char where[64];

    (void)state;
    frame.len = ZSTD_compress(room, 1024, feed, strlen(feed), 3);
    for (size_t i = 1; i < z.len; i++) {
        snprintf(where, sizeof(where), "gzip body ends early at byte %zu", i);
        assert_refuses(bytes_slice(buf_bytes(&z), 0, i), "gzip", E_FORMAT, where);
    }
    for (size_t i = 1; i < frame.len; i++)
        assert_refuses(
            bytes_slice(buf_bytes(&frame), 0, i), "zstd", E_FORMAT, "zstd body ends early at byte");
    buf_done(&z);
    buf_done(&frame);
}

static void refuses_a_wrong_checksum(void **state)
{
    struct buf z = gzip(bytes_of(feed));

    (void)state;
    z.ptr[z.len - 5] = (char)(z.ptr[z.len - 5] ^ 1);
    assert_refuses(buf_bytes(&z), "gzip", E_FORMAT, "gzip body is damaged at byte");
    buf_done(&z);
}

static void refuses_what_decodes_to_too_much(void **state)
{
    char *large = calloc(1, MOST + 1);
    struct buf just = gzip((struct bytes){large, MOST});
    struct buf over = gzip((struct bytes){large, MOST + 1});
    struct buf twice = gzip(buf_bytes(&over));
    struct decoded d = {0};
    struct error err = {0};

    (void)state;
    assert_int_equal(decode_body(buf_bytes(&just), LIT("gzip"), MOST, &d, &err), OK);
    assert_int_equal(d.body.len, MOST);
    decoded_done(&d);
    assert_refuses(buf_bytes(&over), "gzip", E_LIMIT, "gzip body decodes to over 1048576 bytes");
    assert_refuses(buf_bytes(&twice), "gzip, gzip", E_LIMIT, "over 1048576 bytes");
    assert_refuses((struct bytes){large, MOST + 1}, "", E_LIMIT, "body is over 1048576 bytes");
    buf_done(&just);
    buf_done(&over);
    buf_done(&twice);
    free(large);
}

static void takes_layers_off_in_reverse_and_counts_them(void **state)
{
    struct buf inner = deflate_with(bytes_of(feed), 15);
    struct buf outer = gzip(buf_bytes(&inner));

    (void)state;
    assert_decodes(buf_bytes(&outer), "deflate, gzip", feed, "");
    assert_refuses(buf_bytes(&outer), "gzip, gzip", E_FORMAT, "gzip body is damaged");
    assert_refuses(buf_bytes(&outer), "gzip,gzip,gzip,gzip", E_LIMIT, "more than 3 times");
    buf_done(&inner);
    buf_done(&outer);
}

static void passes_over_words_that_name_no_encoding(void **state)
{
    static const char *const words[] = {"aws-chunked", "UTF-8", "none", "8bit", "text/xml"};
    static const char robots[] = "User-agent: *\nDisallow: /private\n";
    struct buf z = gzip(bytes_of(feed));
    char noted[200];

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        snprintf(noted, sizeof(noted), "is said to be encoded as \"%s\", which is no encoding",
            words[i]);
        assert_decodes(bytes_of(feed), words[i], feed, noted);
        assert_decodes(bytes_of(robots), words[i], robots, noted);
        assert_decodes(buf_bytes(&z), words[i], feed, noted);
    }
    snprintf(noted, sizeof(noted), "is said to be encoded as \"%s\", which is no encoding", "x");
    assert_decodes(buf_bytes(&z), "gzip, x", feed, noted);
    assert_decodes(buf_bytes(&z), "x,gzip", feed, noted);
    assert_decodes(buf_bytes(&z), "gzip;q=1", feed, "");
    assert_refuses(
        LIT("PK\x03\x04 what"), "exotic", E_FORMAT, "encoded as \"exotic\", which is not known");
    buf_done(&z);
}

static void opens_what_shows_its_encoding(void **state)
{
    struct buf z = gzip(bytes_of(feed));
    struct buf twice = gzip(buf_bytes(&z));
    struct buf frame = {0};
    char *room = buf_reserve(&frame, 1024);

    (void)state;
    frame.len = ZSTD_compress(room, 1024, feed, strlen(feed), 3);
    assert_decodes(buf_bytes(&twice), "gzip", feed, "is gzip, but nothing says so");
    assert_decodes(buf_bytes(&twice), "gzip, gzip", feed, "");
    assert_decodes(buf_bytes(&z), "br", feed, "said to be br, but is gzip");
    assert_decodes(buf_bytes(&z), "deflate", feed, "said to be deflate, but is gzip");
    assert_decodes(buf_bytes(&frame), "gzip", feed, "said to be gzip, but is zstd");
    assert_decodes(buf_bytes(&frame), "", feed, "is zstd, but nothing says so");
    z.len /= 2;
    assert_refuses(buf_bytes(&z), "br", E_FORMAT, "gzip body ends early");
    buf_done(&z);
    buf_done(&twice);
    buf_done(&frame);
}

static void takes_plain_text_that_claims_to_be_encoded(void **state)
{
    (void)state;
    assert_decodes(bytes_of(feed), "gzip", feed, "said to be gzip, but is plain text");
    assert_decodes(bytes_of(feed), "br", feed, "said to be br, but is plain text");
    assert_decodes(bytes_of(feed), "zstd", feed, "said to be zstd, but is plain text");
    assert_decodes(bytes_of(feed), "deflate", feed, "said to be deflate, but is plain text");
    assert_decodes(LIT("\xef\xbb\xbf {\"version\": 1}"), "gzip", "\xef\xbb\xbf {\"version\": 1}",
        "said to be gzip, but is plain text");
    assert_refuses(LIT("PK\x03\x04 something"), "gzip", E_FORMAT, "gzip body is damaged");
}

static void decodes_gzip_that_does_not_say_so(void **state)
{
    struct buf z = gzip(bytes_of(feed));

    (void)state;
    assert_decodes(buf_bytes(&z), "", feed, "is gzip, but nothing says so");
    buf_done(&z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_each_encoding),
        cmocka_unit_test(decodes_brotli),
        cmocka_unit_test(reads_all_members_of_gzip),
        cmocka_unit_test(reads_a_second_member_as_long_as_the_first),
        cmocka_unit_test(notes_junk_behind_the_end_but_not_padding),
        cmocka_unit_test(refuses_a_body_cut_at_any_byte),
        cmocka_unit_test(refuses_a_wrong_checksum),
        cmocka_unit_test(refuses_what_decodes_to_too_much),
        cmocka_unit_test(takes_layers_off_in_reverse_and_counts_them),
        cmocka_unit_test(passes_over_words_that_name_no_encoding),
        cmocka_unit_test(opens_what_shows_its_encoding),
        cmocka_unit_test(takes_plain_text_that_claims_to_be_encoded),
        cmocka_unit_test(decodes_gzip_that_does_not_say_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
