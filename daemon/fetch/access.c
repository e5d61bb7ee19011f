/* access.c - what the operator set for single feeds (base/conf_access.h): to whom it goes
 * along and to whom not. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "conf/conf_access.h"
#include "fetch/private.h"

/* A copy, since the configuration may change under way. Lines lie one after the other, an empty one
 * at the end. */
struct fetch_access {
    bool home; /* asked at the origin of the feed: else there is only the proxy */
    const char *certificate, *key, *key_password, *proxy; /* "" for none */
    size_t len;
    char text[];
};

static size_t size_of(const char *text)
{
    return bytes_of(text).len + 1;
}

static const char *put(char **at, const char *text)
{
    const char *copy = *at;

    *at = stpcpy(*at, text == NULL ? "" : text) + 1;
    return copy;
}

static struct fetch_access *copy_entry(const struct conf_access *entry)
{
    size_t len = size_of(entry->certificate) + size_of(entry->key) + size_of(entry->key_password) +
                 size_of(entry->proxy) + 1;
    struct fetch_access *access;
    char *at;

    for (size_t i = 0; entry->lines[i] != NULL; i++)
        len += size_of(entry->lines[i]);
    access = malloc(sizeof(*access) + len);
    if (access == NULL)
        arena_out_of_memory(sizeof(*access) + len);
    access->len = len;
    at = access->text;
    for (size_t i = 0; entry->lines[i] != NULL; i++)
        put(&at, entry->lines[i]);
    *at++ = '\0';
    access->certificate = put(&at, entry->certificate);
    access->key = put(&at, entry->key);
    access->key_password = put(&at, entry->key_password);
    access->proxy = put(&at, entry->proxy);
    return access;
}

struct fetch_access *fetch_access_new(const struct conf *conf, const struct fetch_request *request)
{
    const char *feed = request->feed == NULL ? request->url : request->feed;
    const struct conf_access *entry =
        request->form != NULL && request->feed == NULL ? NULL : access_find(conf, feed);
    struct fetch_access *access;

    if (entry == NULL)
        return NULL;
    access = copy_entry(entry);
    access->home = request->feed == NULL || fetch_same_origin(feed, request->url);
    return access;
}

void fetch_access_free(struct fetch_access *access)
{
    if (access == NULL)
        return;
    explicit_bzero(access->text, access->len);
    free(access);
}

bool fetch_is_proxied(const struct fetch *fetch)
{
    return fetch->access != NULL && fetch->access->proxy[0] != '\0';
}

const char *fetch_access_lines(const struct fetch *fetch)
{
    return fetch->access != NULL && fetch->access->home && fetch->same_origin ? fetch->access->text
                                                                              : "";
}

/* Behind a proxy names are the proxy's to resolve; an address in numbers is judged here. */
int fetch_access_check(const struct fetcher *fetcher, const struct fetch *fetch, struct error *err)
{
    unsigned char address[sizeof(struct in6_addr)];
    CURLU *url = fetch_is_proxied(fetch) ? curl_url() : NULL;
    const char *why = NULL;
    char *host = NULL;
    char *bare;
    int code = OK;

    if (url == NULL)
        return OK;
    if (curl_url_set(url, CURLUPART_URL, fetch_url(fetch), 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK) {
        curl_url_cleanup(url);
        return fail(err, E_USAGE, "no URL");
    }
    bare = host[0] == '[' ? host + 1 : host;
    bare[strcspn(bare, "]%")] = '\0';
    if ((inet_pton(AF_INET, bare, address) == 1 || inet_pton(AF_INET6, bare, address) == 1) &&
        !guard_allows_text(fetcher->guard, bare, &why))
        code = fail(
            err, E_REFUSED, "address %s is not public: %s; http.allow lets it through", bare, why);
    curl_free(host);
    curl_url_cleanup(url);
    return code;
}

static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

void fetch_access_set(struct transfer *transfer)
{
    const struct fetch *fetch = transfer->fetch;
    const struct fetch_access *access = fetch->access;
    bool home = access != NULL && access->home && fetch->same_origin;
    CURL *easy = transfer->easy;

    if (access == NULL && !transfer->has_proxy)
        return;
    curl_easy_setopt(easy, CURLOPT_PROXY, access == NULL ? "" : access->proxy);
    curl_easy_setopt(easy, CURLOPT_SSLCERT, home ? or_null(access->certificate) : NULL);
    curl_easy_setopt(easy, CURLOPT_SSLKEY, home ? or_null(access->key) : NULL);
    curl_easy_setopt(easy, CURLOPT_KEYPASSWD, home ? or_null(access->key_password) : NULL);
    transfer->has_proxy = access != NULL;
}
