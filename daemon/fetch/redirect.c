/* redirect.c - where a redirect leads, and what may go along. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/arena.h"
#include "base/clock.h"
#include "fetch/cookie.h"
#include "fetch/header.h"
#include "fetch/private.h"

bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool part_is_equal(CURLU *a, CURLU *b, CURLUPart part)
{
    char *of_a = NULL;
    char *of_b = NULL;
    bool equal = curl_url_get(a, part, &of_a, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                 curl_url_get(b, part, &of_b, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                 strcasecmp(of_a, of_b) == 0;

    curl_free(of_a);
    curl_free(of_b);
    return equal;
}

static bool is_same_origin(CURLU *a, CURLU *b)
{
    return part_is_equal(a, b, CURLUPART_HOST) && part_is_equal(a, b, CURLUPART_SCHEME) &&
           part_is_equal(a, b, CURLUPART_PORT);
}

bool fetch_same_origin(const char *a, const char *b)
{
    CURLU *of_a = curl_url();
    CURLU *of_b = curl_url();
    bool same;

    if (of_a == NULL || of_b == NULL)
        arena_out_of_memory(URL_LIMIT);
    same = curl_url_set(of_a, CURLUPART_URL, a, 0) == CURLUE_OK &&
           curl_url_set(of_b, CURLUPART_URL, b, 0) == CURLUE_OK && is_same_origin(of_a, of_b);
    curl_url_cleanup(of_a);
    curl_url_cleanup(of_b);
    return same;
}

/* A name and password in the URL belong to its origin: they stay as long as the hops do. */
static void keep_credentials(CURLU *first, CURLU *target)
{
    static const CURLUPart parts[] = {CURLUPART_USER, CURLUPART_PASSWORD};
    char *there = NULL;

    if (curl_url_get(target, CURLUPART_USER, &there, 0) == CURLUE_OK) {
        curl_free(there);
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        char *value = NULL;

        if (curl_url_get(first, parts[i], &value, 0) == CURLUE_OK)
            curl_url_set(target, parts[i], value, 0);
        curl_free(value);
    }
}

static bool was_visited(const struct fetch *fetch, const char *url)
{
    const char *visited = fetch->visited.ptr;

    for (size_t at = 0; at < fetch->visited.len; at += strlen(visited + at) + 1)
        if (strcmp(visited + at, url) == 0)
            return true;
    return false;
}

/* The absolute URL of location, without fragment, or an error. */
static int resolve(
    CURLU *target, const char *base, const char *location, char **ret_url, struct error *err)
{
    char *scheme = NULL;
    CURLUcode code = curl_url_set(target, CURLUPART_URL, base, 0);
    bool web;

    if (code == CURLUE_OK)
        code = curl_url_set(target, CURLUPART_URL, location,
            CURLU_URLENCODE | CURLU_ALLOW_SPACE | CURLU_NON_SUPPORT_SCHEME);
    if (code == CURLUE_OK)
        code = curl_url_get(target, CURLUPART_SCHEME, &scheme, 0);
    if (code != CURLUE_OK)
        return fail(err, E_FORMAT, "redirect to '%.200s': %s", location, curl_url_strerror(code));
    web = strcasecmp(scheme, "http") == 0 || strcasecmp(scheme, "https") == 0;
    curl_free(scheme);
    if (!web)
        return fail(err, E_REFUSED, "redirect to '%.200s': neither http nor https", location);
    curl_url_set(target, CURLUPART_FRAGMENT, NULL, 0);
    code = curl_url_get(target, CURLUPART_URL, ret_url, 0);
    if (code != CURLUE_OK)
        return fail(err, E_FORMAT, "redirect to '%.200s': %s", location, curl_url_strerror(code));
    return OK;
}

bool fetch_has_login(const char *url)
{
    const char *authority = strstr(url, "//");

    return authority != NULL && memchr(authority, '@', 2 + strcspn(authority + 2, "/?#")) != NULL;
}

/* Take target as the next hop. An address that was visited is a circle only when no cookie has come
 * since. */
static int follow(struct fetch *fetch, CURLU *first, CURLU *target, bool changed, struct error *err)
{
    char *url = NULL;
    bool ended;

    fetch->same_origin = is_same_origin(first, target);
    if (fetch->same_origin)
        keep_credentials(first, target);
    if (curl_url_get(target, CURLUPART_URL, &url, 0) != CURLUE_OK)
        return fail(err, E_FORMAT, "redirect to no URL");
    if (changed)
        buf_clear(&fetch->visited);
    else
        buf_add(&fetch->visited, (struct bytes){fetch_url(fetch), strlen(fetch_url(fetch)) + 1});
    ended = was_visited(fetch, url);
    if (ended)
        fail(err, E_FORMAT, "redirects lead in a circle, back to %.200s",
            fetch_has_login(url) ? "where they began" : url);
    free(fetch->moved);
    fetch->moved = strdup(url);
    curl_free(url);
    if (fetch->moved == NULL)
        arena_out_of_memory(URL_LIMIT);
    fetch->redirects++;
    fetch->again = AGAIN_NOT;
    return ended ? err->code : OK;
}

int fetch_redirect(struct fetch *fetch, int status, struct bytes headers, struct error *err)
{
    struct arena *scratch = arena_new(1 << 20);
    struct bytes location = url_request(scratch, header_find(headers, "location"));
    char text[URL_LIMIT] = "";
    size_t len = location.len;
    char *url = NULL;
    CURLU *first = NULL;
    CURLU *target = NULL;
    int code;

    if (len < sizeof(text))
        snprintf(text, sizeof(text), "%.*s", FMT(location));
    arena_free(scratch);
    /* Only these ask for the same method again (RFC 9110 section 15.4). */
    if (fetch->form != NULL && status != 307 && status != 308)
        return fail(err, E_REFUSED, "status %d to a POST", status);
    if (len == 0)
        return fail(err, E_FORMAT, "status %d without a Location", status);
    if (len >= sizeof(text))
        return fail(err, E_LIMIT, "redirect to a URL of over %d bytes", URL_LIMIT);
    if (fetch->redirects >= REDIRECTS)
        return fail(err, E_LIMIT, "more than %d redirects", REDIRECTS);
    first = curl_url();
    target = curl_url();
    if (first == NULL || target == NULL)
        arena_out_of_memory(URL_LIMIT);
    code = resolve(target, fetch_url(fetch), text, &url, err);
    if (code == OK && curl_url_set(first, CURLUPART_URL, fetch->url, 0) != CURLUE_OK)
        code = fail(err, E_USAGE, "no URL");
    if (url != NULL && strlen(url) >= URL_LIMIT)
        code = fail(err, E_LIMIT, "redirect to a URL of over %d bytes", URL_LIMIT);
    if (code == OK) {
        fetch->permanent =
            (fetch->redirects == 0 || fetch->permanent) && (status == 301 || status == 308);
        code = follow(fetch, first, target,
            cookies_take(&fetch->jar, fetch_url(fetch), headers, clock_wall() / SECOND), err);
    }
    curl_free(url);
    curl_url_cleanup(first);
    curl_url_cleanup(target);
    return code;
}
