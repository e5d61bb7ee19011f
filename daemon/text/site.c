/* site.c - what of a host's name was registered by its owner: the Public Suffix List, as libpsl
 * has it built in. */
#include "text/site.h"

#include <libpsl.h>

#include "base/hash.h"

enum { HOST_LIMIT = 253 /* RFC 1035, section 2.3.4, as text */ };

/* Each customer of these has a name below them, and the list does not say so: suffixes enter it
 * only when their owners ask for it. */
static const char *const landlords[] = {"beehiiv.com", "hatenablog.com", "home.blog",
    "livejournal.com", "over-blog.com", "substack.com", "tumblr.com", "typepad.com", "weebly.com",
    "wordpress.com"};

struct bytes site_host(struct bytes url)
{
    size_t at = bytes_find(url, LIT("://"));
    struct bytes host = at == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_from(url, at + 3);

    host = bytes_cut(&host, '/');
    at = bytes_find_byte(host, '@');
    if (at != SIZE_MAX)
        host = bytes_from(host, at + 1);
    if (host.len > 0 && host.ptr[0] == '[')
        return bytes_slice(host, 0, bytes_find_byte(host, ']') + 1);
    host = bytes_cut(&(struct bytes){host.ptr, host.len}, ':');
    if (bytes_starts(host, LIT("www.")))
        host = bytes_from(host, 4);
    return host;
}

/* The end of host from one label before the last len bytes; host itself when there is none. */
static struct bytes one_label_more(struct bytes host, size_t len)
{
    size_t at = host.len - len;

    while (at > 0 && (at == host.len - len || host.ptr[at - 1] != '.'))
        at--;
    return bytes_from(host, at);
}

static bool is_address(struct bytes host)
{
    for (size_t i = 0; i < host.len && host.ptr[0] != '['; i++)
        if (host.ptr[i] != '.' && (host.ptr[i] < '0' || host.ptr[i] > '9'))
            return false;
    return true;
}

struct bytes site_of(struct bytes url)
{
    struct bytes host = site_host(url);
    char name[HOST_LIMIT + 1];
    const char *registered;
    struct bytes site;

    if (host.len == 0 || host.len > HOST_LIMIT || is_address(host))
        return host;
    memcpy(name, host.ptr, host.len);
    name[host.len] = '\0';
    registered = psl_registrable_domain(psl_builtin(), name);
    if (registered == NULL)
        return host;
    site = bytes_from(host, (size_t)(registered - name));
    for (size_t i = 0; i < sizeof(landlords) / sizeof(landlords[0]); i++)
        if (bytes_is(site, landlords[i]))
            return host.len > site.len + 1 ? one_label_more(host, site.len + 1) : host;
    return site;
}

uint64_t site_key(struct bytes url)
{
    struct bytes site = site_of(url);

    return site.len == 0 ? 0 : hash64(site);
}

uint64_t site_provider_key(struct bytes url)
{
    struct bytes host = site_host(url);
    char name[HOST_LIMIT + 1];
    const char *site, *next;

    if (host.len == 0)
        return 0;
    if (host.len > HOST_LIMIT || is_address(host))
        return hash64(host);
    memcpy(name, host.ptr, host.len);
    name[host.len] = '\0';
    for (site = name; (next = strchr(site, '.')) != NULL; site = next + 1)
        if (psl_is_public_suffix2(psl_builtin(), next + 1, PSL_TYPE_ICANN))
            break;
    return hash64(bytes_of(site));
}
