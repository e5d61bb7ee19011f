/* url.c - knows how references become addresses, and what in an address does not name the article.
 */
#include "text/url.h"

#include <curl/curl.h>
#include <unicode/uidna.h>

struct parts {
    struct bytes scheme, authority, path, query, fragment; /* without their marks */
    bool has_authority, has_query, has_fragment;
};

static bool is_scheme_char(char c)
{
    return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

/* Bytes of "scheme:", or 0. */
static size_t scheme_len(struct bytes url)
{
    size_t i = 0;

    if (url.len == 0 || !is_alpha(url.ptr[0]))
        return 0;
    while (i < url.len && is_scheme_char(url.ptr[i]))
        i++;
    return i < url.len && url.ptr[i] == ':' ? i + 1 : 0;
}

bool url_is_absolute(struct bytes url)
{
    return scheme_len(url) > 0;
}

static bool take_until(struct bytes *rest, const char *ends, struct bytes *ret_part)
{
    size_t i = 0;

    while (i < rest->len && strchr(ends, rest->ptr[i]) == NULL)
        i++;
    *ret_part = bytes_slice(*rest, 0, i);
    *rest = bytes_from(*rest, i);
    return i > 0;
}

/* RFC 3986 appendix B. */
static struct parts split(struct bytes url)
{
    struct parts p = {0};
    size_t scheme = scheme_len(url);

    if (scheme > 0) {
        p.scheme = bytes_slice(url, 0, scheme - 1);
        url = bytes_from(url, scheme);
    }
    if (bytes_starts(url, LIT("//"))) {
        p.has_authority = true;
        url = bytes_from(url, 2);
        take_until(&url, "/?#", &p.authority);
    }
    take_until(&url, "?#", &p.path);
    if (url.len > 0 && url.ptr[0] == '?') {
        p.has_query = true;
        url = bytes_from(url, 1);
        take_until(&url, "#", &p.query);
    }
    if (url.len > 0) {
        p.has_fragment = true;
        p.fragment = bytes_from(url, 1);
    }
    return p;
}

/* RFC 3986 section 5.2.4, in place: path of len bytes; the new length. */
static size_t remove_dots(char *path, size_t len)
{
    size_t in = 0, out = 0;

    while (in < len) {
        size_t end = in + 1;
        struct bytes segment;

        while (end < len && path[end] != '/')
            end++;
        segment = (struct bytes){path + in, end - in};
        if (bytes_is(segment, "/.") || bytes_is(segment, "/..")) {
            if (segment.len == 3)
                while (out > 0 && path[--out] != '/')
                    continue;
            if (end == len)
                path[out++] = '/';
        } else {
            memmove(path + out, path + in, segment.len);
            out += segment.len;
        }
        in = end;
    }
    return out;
}

static size_t put(char *out, size_t len, struct bytes part)
{
    if (part.len > 0)
        memcpy(out + len, part.ptr, part.len);
    return len + part.len;
}

/* RFC 3986 section 5.2.3: the base's path up to its last slash, then ref's. */
static size_t put_path(char *out, size_t len, const struct parts *base, struct bytes ref)
{
    size_t start = len;

    if (ref.len == 0 || ref.ptr[0] != '/') {
        size_t slash = base->path.len;

        while (slash > 0 && base->path.ptr[slash - 1] != '/')
            slash--;
        len = put(out, len, bytes_slice(base->path, 0, slash));
        if (slash == 0 && base->has_authority)
            out[len++] = '/';
    }
    len = put(out, len, ref);
    return start + remove_dots(out + start, len - start);
}

static struct bytes join(struct arena *arena, struct bytes base_url, struct bytes ref_url)
{
    struct parts base = split(base_url), ref = split(ref_url);
    char *out = arena_alloc(arena, base_url.len + ref_url.len + 8);
    size_t len = put(out, 0, base.scheme);

    out[len++] = ':';
    if (ref.has_authority || base.has_authority) {
        len = put(out, len, LIT("//"));
        len = put(out, len, ref.has_authority ? ref.authority : base.authority);
    }
    if (ref.has_authority) {
        size_t start = len;

        len = put(out, len, ref.path);
        len = start + remove_dots(out + start, len - start);
    } else if (ref.path.len == 0) {
        len = put(out, len, base.path);
    } else {
        len = put_path(out, len, &base, ref.path);
    }
    if (ref.has_query || (ref.path.len == 0 && !ref.has_authority && base.has_query)) {
        out[len++] = '?';
        len = put(out, len, ref.has_query ? ref.query : base.query);
    }
    if (ref.has_fragment) {
        out[len++] = '#';
        len = put(out, len, ref.fragment);
    }
    return (struct bytes){out, len};
}

static bool is_ascii(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    return true;
}

/* WHATWG URL, section 1.3: what no part of an address may have as it is, and what a path may not
 * have besides. A quote mark is encoded in queries only. */
static bool is_never(unsigned char c)
{
    return c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>';
}

static bool is_never_in_path(unsigned char c)
{
    return is_never(c) || c == '`' || c == '{' || c == '}';
}

/* All of is_never_in_path(), and the quote mark. */
static const bool is_rare[256] = {[0 ... ' '] = true,
    ['"'] = true,
    ['\''] = true,
    ['<'] = true,
    ['>'] = true,
    ['`'] = true,
    ['{'] = true,
    ['}'] = true,
    [0x7f ... 0xff] = true};

static bool is_plain(struct bytes url)
{
    for (size_t i = 0; i < url.len; i++)
        if (is_rare[(unsigned char)url.ptr[i]] &&
            (url.ptr[i] != '\'' || memchr(url.ptr, '?', i) != NULL))
            return false;
    return true;
}

/* UTS #46, which browsers use; the name itself when it is none that can be registered. */
static struct bytes to_ascii(struct arena *arena, struct bytes host)
{
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    UIDNA *idna;
    char ascii[256];
    int32_t len;

    if (is_ascii(host))
        return host;
    idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
    if (U_FAILURE(status))
        return host;
    len = uidna_nameToASCII_UTF8(
        idna, host.ptr, (int32_t)host.len, ascii, sizeof(ascii), &info, &status);
    uidna_close(idna);
    if (U_FAILURE(status) || info.errors != 0 || len <= 0 || len > (int32_t)sizeof(ascii))
        return host;
    return bytes_copy(arena, (struct bytes){ascii, (size_t)len});
}

/* Of "user@host:port" the host. */
static struct bytes host_of(struct bytes authority)
{
    size_t at = authority.len;

    while (at > 0 && authority.ptr[at - 1] != '@')
        at--;
    authority = bytes_from(authority, at);
    for (at = authority.len; at > 0 && is_digit(authority.ptr[at - 1]); at--)
        continue;
    return at > 0 && authority.ptr[at - 1] == ':' ? bytes_slice(authority, 0, at - 1) : authority;
}

static bool is_never_in_query(unsigned char c)
{
    return is_never(c) || c == '\'';
}

static size_t put_encoded(
    char *out, size_t len, struct bytes part, bool (*is_encoded)(unsigned char))
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.ptr[i];

        if (!is_encoded(c)) {
            out[len++] = (char)c;
            continue;
        }
        out[len++] = '%';
        out[len++] = hex[c >> 4];
        out[len++] = hex[c & 15];
    }
    return len;
}

/* A name that cannot be registered stays: whoever connects says so. */
static size_t put_authority(struct arena *arena, char *out, size_t len, struct bytes authority)
{
    struct bytes host = host_of(authority);
    size_t before = host.len == 0 ? 0 : (size_t)(host.ptr - authority.ptr);
    struct bytes ascii = to_ascii(arena, host);

    len = put_encoded(out, len, bytes_slice(authority, 0, before), is_never_in_path);
    len = is_ascii(ascii) ? put_encoded(out, len, ascii, is_never_in_path) : put(out, len, ascii);
    return put_encoded(out, len, bytes_from(authority, before + host.len), is_never_in_path);
}

static struct bytes without_controls(struct arena *arena, struct bytes url)
{
    char *out = arena_alloc(arena, url.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.ptr[i] >= ' ')
            out[len++] = url.ptr[i];
    return (struct bytes){out, len};
}

/* Trimmed, without tabs and newlines, percent-encoded as WHATWG URL does; the host by IDNA. */
static struct bytes clean(struct arena *arena, struct bytes url)
{
    struct parts p;
    size_t len = 0;
    char *out;

    url = bytes_trim(url);
    if (is_plain(url))
        return url;
    p = split(without_controls(arena, url));
    out = arena_alloc(arena, url.len * 3 + 256); /* the longest name that is put for a host */
    if (p.scheme.len > 0) {
        len = put(out, len, p.scheme);
        out[len++] = ':';
    }
    if (p.has_authority)
        len = put_authority(arena, out, put(out, len, LIT("//")), p.authority);
    len = put_encoded(out, len, p.path, is_never_in_path);
    if (p.has_query) {
        out[len++] = '?';
        len = put_encoded(out, len, p.query, is_never_in_query);
    }
    if (p.has_fragment) {
        out[len++] = '#';
        len = put_encoded(out, len, p.fragment, is_never);
    }
    return (struct bytes){out, len};
}

struct bytes url_resolve(struct arena *arena, struct bytes base, struct bytes ref)
{
    if (ref.len > URL_LIMIT)
        return (struct bytes){NULL, 0};
    ref = clean(arena, ref);
    if (ref.len == 0 || url_is_absolute(ref))
        return ref;
    if (base.len == 0 || base.len > URL_LIMIT)
        return ref;
    base = clean(arena, base);
    if (!url_is_absolute(base) ||
        (split(base).has_authority == false && bytes_starts(split(base).path, LIT("/")) == false))
        return ref;
    return join(arena, base, ref);
}

bool url_is_http(struct bytes url)
{
    size_t skip = bytes_starts_nocase(url, LIT("http://"))    ? 7
                  : bytes_starts_nocase(url, LIT("https://")) ? 8
                                                              : 0;

    return skip > 0 && url.len > skip && strchr("/?#:", url.ptr[skip]) == NULL;
}

/* clang-format off */
/* Schemes that lead to a document or a person, not to code. */
static const char *const safe_schemes[] = {
    "http", "https", "ftp", "ftps", "sftp", "mailto", "tel", "sms", "news", "nntp", "irc", "ircs", "xmpp", "magnet", "gopher",
    "gemini", "feed", "webcal", "geo", "sip", "sips", "callto", "ed2k", "rtsp", "rtmp", "mms", "svn", "git", "ssh",
    "telnet", "urn", "tag", "aim", "afs", "rsync", "wais", "acap", "cid", "mid",
};
/* clang-format on */

/* rest begins at the colon. */
static bool is_safe_scheme(const char *scheme, struct bytes rest)
{
    if (strcmp(scheme, "data") == 0)
        return bytes_starts_nocase(rest, LIT(":image/"));
    for (size_t i = 0; i < sizeof(safe_schemes) / sizeof(safe_schemes[0]); i++)
        if (strcmp(scheme, safe_schemes[i]) == 0)
            return true;
    return false;
}

bool url_is_safe(struct bytes url)
{
    char scheme[16];
    size_t len = 0;

    /* a browser drops controls and spaces before the scheme and tabs within it */
    for (size_t i = 0; i < url.len; i++) {
        if ((unsigned char)url.ptr[i] <= ' ' || url.ptr[i] == '\x7f')
            continue;
        if (strchr("/?#", url.ptr[i]) != NULL)
            return true;
        if (url.ptr[i] == ':') {
            scheme[len] = '\0';
            return is_safe_scheme(scheme, bytes_from(url, i));
        }
        if (len == sizeof(scheme) - 1)
            return bytes_find_byte(url, ':') == SIZE_MAX;
        scheme[len++] = to_lower(url.ptr[i]);
    }
    return true;
}

/* clang-format off */
/* Parameters that say how a reader came here, not what is read. */
static const char *const tracking[] = {
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid",
    "igshid", "igsh", "twclid", "ttclid", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi",
    "hsctatracking", "vero_id", "oly_anon_id", "oly_enc_id", "wickedid", "ns_mchannel", "ns_source",
    "ns_campaign", "ns_linkname", "ns_fee", "at_medium", "at_campaign", "at_custom1", "at_custom2",
    "at_custom3", "at_custom4", "cmpid", "ocid", "ncid", "icid", "xtor", "ito", "smid", "wt.mc_id",
    "wt_mc", "ftag", "trk", "_ga", "_gl", "s_cid", "spm", "feedtype", "ftcamp",
};
/* clang-format on */

static bool is_tracking(struct bytes name)
{

    if (bytes_starts_nocase(name, LIT("utm_")) || bytes_starts_nocase(name, LIT("pk_")) ||
        bytes_starts_nocase(name, LIT("mtm_")) || bytes_starts_nocase(name, LIT("hsa_")))
        return true;
    for (size_t i = 0; i < sizeof(tracking) / sizeof(tracking[0]); i++)
        if (bytes_equal_nocase(name, bytes_of(tracking[i])))
            return true;
    return false;
}

static struct bytes clean_query(struct arena *arena, struct bytes query)
{
    char *out = arena_alloc(arena, query.len + 1);
    size_t len = 0;

    while (query.len > 0) {
        struct bytes pair = bytes_cut(&query, '&');
        struct bytes rest = pair;

        if (pair.len == 0 || is_tracking(bytes_cut(&rest, '=')))
            continue;
        if (len > 0)
            out[len++] = '&';
        len = put(out, len, pair);
    }
    return (struct bytes){out, len};
}

static struct bytes get_part(struct arena *arena, CURLU *handle, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    struct bytes copy = {NULL, 0};

    if (curl_url_get(handle, part, &text, flags) == CURLUE_OK)
        copy = bytes_copy(arena, bytes_of(text));
    curl_free(text);
    return copy;
}

static struct bytes lower(struct arena *arena, struct bytes text)
{
    char *copy = bytes_cstr(arena, text);

    for (size_t i = 0; i < text.len; i++)
        copy[i] = to_lower(copy[i]);
    return (struct bytes){copy, text.len};
}

static CURLU *open_url(struct arena *arena, struct bytes url)
{
    CURLU *handle;

    url = clean(arena, url);
    if (!url_is_http(url) || url.len > URL_LIMIT || (handle = curl_url()) == NULL)
        return NULL;
    if (curl_url_set(handle, CURLUPART_URL, bytes_cstr(arena, url), 0) != CURLUE_OK) {
        curl_url_cleanup(handle);
        return NULL;
    }
    return handle;
}

/* The handle may hold another address afterwards. */
static struct bytes get_host(struct arena *arena, CURLU *handle)
{
    struct bytes named = get_part(arena, handle, CURLUPART_HOST, 0);
    struct bytes host = to_ascii(arena, named);

    /* what is made of digits by mapping is an address in numbers as well (WHATWG URL, section 3.5)
     */
    if (!bytes_equal(host, named) &&
        curl_url_set(handle, CURLUPART_URL, bytes_format(arena, "http://%.*s/", FMT(host)).ptr,
            0) == CURLUE_OK)
        host = get_part(arena, handle, CURLUPART_HOST, 0);
    while (host.len > 0 && host.ptr[host.len - 1] == '.') {
        host.len--;
        /* an address in numbers has no root label (WHATWG URL, section 3.5) */
        if (host.len > 0 && is_digit(host.ptr[host.len - 1]))
            return (struct bytes){NULL, 0};
    }
    for (size_t i = 0; i < host.len; i++)
        if ((unsigned char)host.ptr[i] <= ' ' || (unsigned char)host.ptr[i] >= 0x7f ||
            strchr("%<>\"", host.ptr[i]) != NULL)
            return (struct bytes){NULL, 0};
    return lower(arena, host);
}

/* Bytes of the "amp;" of a reference behind "&" that a name and "=" follow, else 0. */
static size_t spare(struct bytes rest)
{
    static const char *const forms[] = {"amp;", "#38;", "#038;", "#x26;", NULL};
    size_t len = 0, end;

    for (size_t i = 0; forms[i] != NULL && len == 0; i++)
        if (bytes_starts_nocase(rest, bytes_of(forms[i])))
            len = strlen(forms[i]);
    while (len > 0 && bytes_starts_nocase(bytes_from(rest, len), LIT("amp;")))
        len += 4; /* escaped once more */
    end = len;
    while (end < rest.len && (is_alpha(rest.ptr[end]) || is_digit(rest.ptr[end]) ||
                                 strchr("_-.%[]", rest.ptr[end]) != NULL))
        end++;
    return end > len && end < rest.len && rest.ptr[end] == '=' ? len : 0;
}

struct bytes url_unescape(struct arena *arena, struct bytes url)
{
    const char *end, *done = url.ptr, *amp = url.ptr;
    char *out = NULL;
    size_t len = 0;

    if (url.len == 0 || url.len > URL_LIMIT)
        return url;
    end = url.ptr + url.len;
    while (amp < end && (amp = memchr(amp, '&', (size_t)(end - amp))) != NULL) {
        struct bytes rest = {amp + 1, (size_t)(end - amp) - 1};
        bool may_be = rest.len > 0 && (rest.ptr[0] == '#' || to_lower(rest.ptr[0]) == 'a');
        size_t more = may_be ? spare(rest) : 0;

        amp++;
        if (more == 0)
            continue;
        if (out == NULL)
            out = arena_alloc(arena, url.len);
        memcpy(out + len, done, (size_t)(amp - done));
        len += (size_t)(amp - done);
        amp = done = amp + more;
    }
    if (out == NULL)
        return url;
    memcpy(out + len, done, (size_t)(end - done));
    return (struct bytes){out, len + (size_t)(end - done)};
}

struct bytes url_request(struct arena *arena, struct bytes url)
{
    return url.len > URL_LIMIT ? url : clean(arena, url);
}

/* Scheme, host and path of parts that stand in the handle; it may hold another address
 * afterwards. */
static struct bytes compose(struct arena *arena, CURLU *handle, struct bytes query)
{
    struct bytes scheme = lower(arena, get_part(arena, handle, CURLUPART_SCHEME, 0));
    struct bytes port = get_part(arena, handle, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    struct bytes path = get_part(arena, handle, CURLUPART_PATH, 0);
    struct bytes host = get_host(arena, handle);
    struct bytes all;

    if (host.len == 0)
        return host;
    all = bytes_format(arena, "%.*s://%.*s%s%.*s%.*s%s%.*s", FMT(scheme), FMT(host),
        port.len > 0 ? ":" : "", FMT(port), FMT(path.len > 0 ? path : LIT("/")),
        query.len > 0 ? "?" : "", FMT(query));
    return all.len > URL_LIMIT ? (struct bytes){NULL, 0} : all;
}

struct bytes url_canonical(struct arena *arena, struct bytes url)
{
    CURLU *handle = open_url(arena, url);
    struct bytes all;

    if (handle == NULL)
        return (struct bytes){NULL, 0};
    all = compose(arena, handle, clean_query(arena, get_part(arena, handle, CURLUPART_QUERY, 0)));
    curl_url_cleanup(handle);
    return all;
}

struct bytes url_whole(struct arena *arena, struct bytes url)
{
    CURLU *handle = open_url(arena, url);
    struct bytes all;

    if (handle == NULL)
        return (struct bytes){NULL, 0};
    all = compose(arena, handle, get_part(arena, handle, CURLUPART_QUERY, 0));
    curl_url_cleanup(handle);
    return all;
}

struct bytes url_host(struct arena *arena, struct bytes url)
{
    CURLU *handle = open_url(arena, url);
    struct bytes host = {NULL, 0};

    if (handle == NULL)
        return host;
    host = get_host(arena, handle);
    curl_url_cleanup(handle);
    return host;
}
