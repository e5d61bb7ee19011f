/* cookie.c - which cookies a hop sets, and to which later hops they go.
 *
 * Some sites send who comes without a cookie to a page that sets one and back. So the hops of one
 * request have a jar; nothing is kept between requests. There is no list of public suffixes: who
 * sets a cookie for all of co.uk tells a later hop no more than it could say in the address it
 * sends us to. */
#include "fetch/cookie.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>

#include "fetch/header.h"

/* As it lies in the jar: flags TAB domain TAB path TAB name=value LF. */
struct cookie {
    bool exact;  /* for this host only */
    bool secure; /* by https only */
    struct bytes domain, path, pair;
};

struct place {
    bool tls;
    struct bytes host, path;
};

static struct place place_of(const char *url)
{
    struct bytes rest = bytes_of(url);
    struct place place = {.tls = bytes_starts_nocase(rest, LIT("https:"))};
    size_t at = bytes_find(rest, LIT("://"));

    rest = at == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_from(rest, at + 3);
    place.host = bytes_slice(rest, 0, rest.len == 0 ? 0 : strcspn(rest.ptr, "/?#"));
    rest = bytes_from(rest, place.host.len);
    place.path = bytes_slice(rest, 0, rest.len == 0 ? 0 : strcspn(rest.ptr, "?#"));
    if (place.path.len == 0)
        place.path = LIT("/");
    while ((at = bytes_find_byte(place.host, '@')) != SIZE_MAX)
        place.host = bytes_from(place.host, at + 1);
    at = place.host.len;
    while (at > 0 && is_digit(place.host.ptr[at - 1]))
        at--;
    if (at > 0 && place.host.ptr[at - 1] == ':')
        place.host.len = at - 1;
    return place;
}

/* The next cookie of a jar; false at its end. */
static bool cookie_next(struct bytes *jar, struct cookie *ret_cookie)
{
    struct bytes line = bytes_cut(jar, '\n');
    struct bytes flags = bytes_cut(&line, '\t');

    if (flags.len != 2)
        return false;
    *ret_cookie = (struct cookie){.exact = flags.ptr[0] == 'h', .secure = flags.ptr[1] == 's'};
    ret_cookie->domain = bytes_cut(&line, '\t');
    ret_cookie->path = bytes_cut(&line, '\t');
    ret_cookie->pair = line;
    return true;
}

static bool is_number(struct bytes host)
{
    char text[INET6_ADDRSTRLEN];
    struct in_addr address;

    snprintf(text, sizeof(text), "%.*s", FMT(host));
    return host.len == 0 || host.ptr[0] == '[' || inet_pton(AF_INET, text, &address) == 1;
}

/* RFC 6265 section 5.1.3. */
static bool host_is_within(struct bytes host, struct bytes domain)
{
    if (bytes_equal_nocase(host, domain))
        return true;
    return host.len > domain.len && host.ptr[host.len - domain.len - 1] == '.' &&
           bytes_equal_nocase(bytes_from(host, host.len - domain.len), domain) && !is_number(host);
}

/* RFC 6265 section 5.1.4. */
static bool path_is_within(struct bytes path, struct bytes above)
{
    return above.len > 0 && bytes_starts(path, above) &&
           (path.len == above.len || above.ptr[above.len - 1] == '/' || path.ptr[above.len] == '/');
}

static struct bytes default_path(struct bytes path)
{
    size_t len = path.len;

    while (len > 1 && path.ptr[len - 1] != '/')
        len--;
    return bytes_slice(path, 0, len > 1 ? len - 1 : 1);
}

static bool is_clean(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return false;
    return text.len <= COOKIE_BYTES;
}

/* Max-Age goes before Expires; INT64_MAX: until the end of the request. */
struct until {
    int64_t max_age, expires;
};

static void read_attribute(struct cookie *cookie, struct until *until, struct bytes attribute)
{
    struct bytes name = bytes_trim(bytes_cut(&attribute, '='));
    struct bytes value = bytes_trim(attribute);
    char date[64];

    if (bytes_equal_nocase(name, LIT("domain"))) {
        if (bytes_starts(value, LIT(".")))
            value = bytes_from(value, 1);
        if (value.len > 0) {
            cookie->domain = value;
            cookie->exact = false;
        }
    } else if (bytes_equal_nocase(name, LIT("path"))) {
        if (bytes_starts(value, LIT("/")))
            cookie->path = value;
    } else if (bytes_equal_nocase(name, LIT("secure"))) {
        cookie->secure = true;
    } else if (bytes_equal_nocase(name, LIT("max-age"))) {
        if (bytes_starts(value, LIT("-")))
            until->max_age = 0;
        else
            bytes_to_int(value, &until->max_age);
    } else if (bytes_equal_nocase(name, LIT("expires")) && value.len < sizeof(date)) {
        snprintf(date, sizeof(date), "%.*s", FMT(value));
        until->expires = curl_getdate(date, NULL);
        if (until->expires < 0)
            until->expires = INT64_MAX;
    }
}

/* One Set-Cookie line (RFC 6265 section 5.2); false when it is to be ignored. */
static bool cookie_parse(
    struct bytes line, const struct place *from, int64_t now, struct cookie *ret_cookie, bool *gone)
{
    struct cookie cookie = {.exact = true, .domain = from->host, .path = default_path(from->path)};
    struct until until = {INT64_MAX, INT64_MAX};
    size_t equals;

    cookie.pair = bytes_trim(bytes_cut(&line, ';'));
    equals = bytes_find_byte(cookie.pair, '=');
    if (equals == 0 || equals == SIZE_MAX || !is_clean(cookie.pair))
        return false;
    while (line.len > 0)
        read_attribute(&cookie, &until, bytes_cut(&line, ';'));
    if (!is_clean(cookie.path) || !is_clean(cookie.domain) || (cookie.secure && !from->tls) ||
        !host_is_within(from->host, cookie.domain) ||
        (!cookie.exact && bytes_find_byte(cookie.domain, '.') == SIZE_MAX &&
            !bytes_equal_nocase(from->host, cookie.domain)))
        return false;
    *gone = until.max_age != INT64_MAX ? until.max_age == 0 : until.expires <= now;
    *ret_cookie = cookie;
    return true;
}

static struct bytes name_of(const struct cookie *cookie)
{
    struct bytes rest = cookie->pair;

    return bytes_trim(bytes_cut(&rest, '='));
}

/* The line in the jar that cookie takes the place of; its length, 0 for none. */
static size_t jar_find(struct bytes jar, const struct cookie *cookie, size_t *ret_at)
{
    struct bytes rest = jar;
    struct cookie held;

    for (size_t at = 0; cookie_next(&rest, &held); at = jar.len - rest.len) {
        if (!bytes_equal(name_of(&held), name_of(cookie)) ||
            !bytes_equal_nocase(held.domain, cookie->domain) ||
            !bytes_equal(held.path, cookie->path))
            continue;
        *ret_at = at;
        return jar.len - rest.len - at;
    }
    return 0;
}

/* Put cookie into the jar, or take it out. */
static bool jar_set(struct buf *jar, const struct cookie *cookie, bool gone)
{
    struct buf line = {.limit = COOKIE_JAR};
    size_t at = 0;
    size_t len = jar_find(buf_bytes(jar), cookie, &at);
    bool same;

    if (!gone)
        buf_printf(&line, "%c%c\t%.*s\t%.*s\t%.*s\n", cookie->exact ? 'h' : 'd',
            cookie->secure ? 's' : '-', FMT(cookie->domain), FMT(cookie->path), FMT(cookie->pair));
    same = len == line.len && (len == 0 || memcmp(jar->ptr + at, line.ptr, len) == 0);
    if (!same && jar->len - len + line.len <= COOKIE_JAR) {
        if (len > 0)
            memmove(jar->ptr + at, jar->ptr + at + len, jar->len - at - len);
        jar->len -= len;
        buf_add(jar, buf_bytes(&line));
    }
    buf_done(&line);
    return !same;
}

bool cookies_take(struct buf *jar, const char *url, struct bytes headers, int64_t now)
{
    struct place from = place_of(url);
    bool changed = false;

    while (headers.len > 0) {
        struct bytes line = header_next(&headers, "set-cookie");
        struct cookie cookie;
        bool gone;

        if (line.len > 0 && cookie_parse(line, &from, now, &cookie, &gone))
            changed |= jar_set(jar, &cookie, gone);
    }
    return changed;
}

void cookies_write(struct bytes jar, const char *url, struct buf *out)
{
    struct place to = place_of(url);
    size_t start = out->len;
    struct cookie cookie;

    while (cookie_next(&jar, &cookie)) {
        if ((cookie.secure && !to.tls) || !path_is_within(to.path, cookie.path) ||
            (cookie.exact ? !bytes_equal_nocase(to.host, cookie.domain)
                          : !host_is_within(to.host, cookie.domain)))
            continue;
        if (out->len > start)
            buf_add(out, LIT("; "));
        buf_add(out, cookie.pair);
    }
}
