/* hubs.c - Link headers as strangers write them, and the hubs among their links. */
#include "poll/hubs.h"

#include "fetch/header.h"
#include "text/url.h"

/* Of one answer: each may take as many bytes as the longest address. */
enum { LINKS_RESOLVED = 16 };

static void skip_space(struct bytes *rest)
{
    while (rest->len > 0 && is_space(rest->ptr[0]))
        *rest = bytes_from(*rest, 1);
}

static bool take(struct bytes *rest, char c)
{
    skip_space(rest);
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    *rest = bytes_from(*rest, 1);
    return true;
}

/* What is inside the quotes; escapes stay as they are written, no relation's name has any. */
static struct bytes take_quoted(struct bytes *rest)
{
    struct bytes text = *rest;
    size_t i = 0;

    while (i < rest->len && rest->ptr[i] != '"')
        i += rest->ptr[i] == '\\' ? 2 : 1;
    text = bytes_slice(text, 0, i);
    *rest = bytes_from(*rest, i + 1);
    return text;
}

static struct bytes take_token(struct bytes *rest)
{
    struct bytes text = *rest;
    size_t i = 0;

    while (i < rest->len && rest->ptr[i] != ',' && rest->ptr[i] != ';' && rest->ptr[i] != '=')
        i++;
    text = bytes_slice(text, 0, i);
    *rest = bytes_from(*rest, i);
    return bytes_trim(text);
}

static void take_parameter(struct bytes *rest, struct link *link)
{
    struct bytes name = take_token(rest);
    struct bytes value = {NULL, 0};

    if (take(rest, '=')) {
        if (take(rest, '"'))
            value = take_quoted(rest);
        else
            value = take_token(rest);
    }
    if (bytes_equal_nocase(name, LIT("rel")) && link->rel.ptr == NULL)
        link->rel = value;
    else if (bytes_equal_nocase(name, LIT("anchor")))
        link->anchored = true;
}

/* Up to the next comma that stands in no quotes. */
static void skip_link(struct bytes *rest)
{
    while (rest->len > 0 && rest->ptr[0] != ',') {
        char c = rest->ptr[0];

        *rest = bytes_from(*rest, 1);
        if (c == '"')
            take_quoted(rest);
    }
}

bool link_next(struct bytes *rest, struct link *ret_link)
{
    while (rest->len > 0) {
        struct link link = {0};

        if (take(rest, ','))
            continue;
        if (take(rest, '<') && bytes_find_byte(*rest, '>') != SIZE_MAX) {
            link.target = bytes_trim(bytes_cut(rest, '>'));
            while (take(rest, ';')) {
                skip_space(rest);
                take_parameter(rest, &link);
            }
            skip_link(rest);
            *ret_link = link;
            return true;
        }
        skip_link(rest);
    }
    return false;
}

static bool has_name(struct bytes names, const char *name)
{
    while (names.len > 0)
        if (bytes_equal_nocase(bytes_trim(bytes_cut(&names, ' ')), bytes_of(name)))
            return true;
    return false;
}

static bool is_address(struct bytes url)
{
    if (url.len > HUB_URL || !url_is_http(url))
        return false;
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.ptr[i] <= ' ' || url.ptr[i] == 0x7f)
            return false;
    return true;
}

void hub_links_add(struct hub_links *links, struct bytes hub)
{
    size_t at = links->count;

    if (!is_address(hub) || links->count == HUBS_MOST)
        return;
    for (size_t i = 0; i < links->count; i++)
        if (bytes_equal(links->hubs[i], hub))
            return;
    /* WebSub section 8 asks for https where there is a choice. */
    if (bytes_starts_nocase(hub, LIT("https://")))
        for (; at > 0 && !bytes_starts_nocase(links->hubs[at - 1], LIT("https://")); at--)
            links->hubs[at] = links->hubs[at - 1];
    links->hubs[at] = hub;
    links->count++;
}

void hub_links_read(
    struct arena *arena, struct bytes headers, struct bytes base, struct hub_links *links)
{
    struct bytes value;
    size_t resolved = 0;

    while ((value = header_next(&headers, "link")).ptr != NULL) {
        struct link link;

        while (resolved < LINKS_RESOLVED && link_next(&value, &link)) {
            bool hub = !link.anchored && has_name(link.rel, "hub");
            bool self = !link.anchored && has_name(link.rel, "self");
            struct bytes target = hub || self ? url_resolve(arena, base, link.target) : link.target;

            resolved += hub || self;
            if (hub)
                hub_links_add(links, target);
            if (self && links->topic.len == 0 && is_address(target))
                links->topic = target;
        }
    }
}
