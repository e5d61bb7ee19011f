/* url_feed.c - the one form of a feed's address, however people write it. */
#include "text/url.h"

/* Schemes that readers of feeds and podcasts put before an address, or in place of http. */
static const char *const feed_schemes[] = {
    "feed:", "feeds:", "pcast:", "itpc:", "podcast:", "rss:"};

static struct bytes without_feed_scheme(struct arena *arena, struct bytes url)
{
    for (size_t i = 0; i < sizeof(feed_schemes) / sizeof(feed_schemes[0]); i++) {
        struct bytes rest = bytes_from(url, strlen(feed_schemes[i]));

        if (!bytes_starts_nocase(url, bytes_of(feed_schemes[i])))
            continue;
        return bytes_starts(rest, LIT("//")) ? bytes_format(arena, "http:%.*s", FMT(rest)) : rest;
    }
    return url;
}

/* Files that are given for addresses; none of these ends a host's name. */
static bool is_file_end(struct bytes label)
{
    static const char *const ends[] = {
        "xml", "rss", "atom", "rdf", "json", "opml", "list", "html", "htm", "txt", "php", "yaml"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (bytes_equal_nocase(label, bytes_of(ends[i])))
            return true;
    return false;
}

/* "news.example/feed", "//news.example", "localhost:8080": a host without its scheme, as people
 * type it. A name has a point in it, or a port behind it. */
static bool is_host_first(struct bytes url)
{
    size_t points = 0, digits = 0, last = 0, end = 0;
    bool port;

    for (; end < url.len && strchr("/?:", url.ptr[end]) == NULL; end++) {
        char c = url.ptr[end];

        if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.' && (unsigned char)c < 0x80)
            return false;
        if (c == '.') {
            points++;
            last = end + 1;
        }
    }
    port = end < url.len && url.ptr[end] == ':';
    while (port && end + 1 + digits < url.len && is_digit(url.ptr[end + 1 + digits]))
        digits++;
    if (end == 0 || url.ptr[0] == '.' || (port && digits == 0))
        return false;
    if (points == 0)
        return port && bytes_equal_nocase(bytes_slice(url, 0, end), LIT("localhost"));
    return last < end && !is_file_end(bytes_slice(url, last, end - last));
}

static struct bytes with_scheme(struct arena *arena, struct bytes url)
{
    if (bytes_starts(url, LIT("//")) && is_host_first(bytes_from(url, 2)))
        return bytes_format(arena, "http:%.*s", FMT(url));
    return is_host_first(url) ? bytes_format(arena, "http://%.*s", FMT(url)) : url;
}

bool url_may_be_feed(struct bytes url)
{
    url = bytes_trim(url);
    for (size_t i = 0; i < sizeof(feed_schemes) / sizeof(feed_schemes[0]); i++)
        if (bytes_starts_nocase(url, bytes_of(feed_schemes[i])))
            return true;
    return bytes_starts_nocase(url, LIT("http:")) || bytes_starts_nocase(url, LIT("https:")) ||
           is_host_first(bytes_from(url, bytes_starts(url, LIT("//")) ? 2 : 0));
}

struct bytes url_public(struct arena *arena, struct bytes url)
{
    size_t start = bytes_find(url, LIT("//"));
    size_t end, at;

    if (start == SIZE_MAX)
        return url;
    for (end = start += 2; end < url.len; end++)
        if (url.ptr[end] == '/' || url.ptr[end] == '?' || url.ptr[end] == '#')
            break;
    for (at = end; at > start && url.ptr[at - 1] != '@'; at--)
        continue;
    if (at == start)
        return url;
    return bytes_format(
        arena, "%.*s%.*s", FMT(bytes_slice(url, 0, start)), FMT(bytes_from(url, at)));
}

/* Behind " #" stands a remark, as behind "#" a place in the document. */
static struct bytes tidy(struct arena *arena, struct bytes text)
{
    if (bytes_starts(text, LIT("\xef\xbb\xbf")))
        text = bytes_from(text, 3);
    text = bytes_cut(&text, '#');
    return with_scheme(arena, without_feed_scheme(arena, bytes_trim(text)));
}

static int no_address(struct arena *arena, struct bytes text, const char *why, struct error *err)
{
    struct bytes shown = url_public(arena, bytes_trim(text));

    return fail(err, E_USAGE, "%.*s: %s", FMT(bytes_slice(shown, 0, 300)), why);
}

/* Already in the form, as nearly all addresses are: seen without taking it apart. A host in numbers
 * and a port are taken apart. */
static bool is_normal(struct bytes url)
{
    size_t at = bytes_starts(url, LIT("https://")) ? 8 : bytes_starts(url, LIT("http://")) ? 7 : 0;
    bool named = false;

    if (at == 0 || url.len > URL_LIMIT || bytes_find(url, LIT("/.")) != SIZE_MAX ||
        bytes_find(url, LIT("%2")) != SIZE_MAX)
        return false;
    for (; at < url.len && url.ptr[at] != '/'; at++) {
        char c = url.ptr[at];
        bool letter = c >= 'a' && c <= 'z';

        if (!letter && !is_digit(c) && c != '-' && c != '.')
            return false;
        named = letter && c != 'x' ? true : named;
    }
    if (!named || at == url.len || url.ptr[at - 1] == '.' || url.ptr[url.len - 1] == '?')
        return false;
    for (; at < url.len; at++)
        if (url.ptr[at] <= ' ' || url.ptr[at] == 0x7f ||
            strchr("#\"<>`{}\'\\", url.ptr[at]) != NULL)
            return false;
    return true;
}

int url_feed(struct arena *arena, struct bytes text, struct bytes *ret_url, struct error *err)
{
    struct bytes url = text;

    if (text.len > URL_LIMIT)
        return no_address(arena, text, "an address of over 8192 bytes", err);
    if (!is_normal(text)) {
        url = url_request(arena, tidy(arena, text));
        if (!url_is_http(url))
            return no_address(arena, text, "not an http or https address", err);
        if (url_public(arena, url).len != url.len)
            return no_address(arena, text,
                "no name and password in an address, which everybody sees: put them under access",
                err);
        url = url_whole(arena, url);
    }
    if (url.len == 0)
        return no_address(arena, text, "no address: its host or port cannot be", err);
    *ret_url = url;
    return OK;
}
