/* fuzz_websub.c - Link headers, the query of a callback and a signature, from anyone who knows the
 * port. */
#include <assert.h>

#include "base/mac.h"
#include "poll/hubs.h"
#include "websub/read.h"

static void check_links(struct arena *arena, struct bytes data)
{
    struct hub_links links = {0};
    struct link link;
    struct bytes rest = data;

    while (link_next(&rest, &link))
        assert(link.target.len + link.rel.len <= data.len);
    hub_links_read(arena, data, LIT("http://news.example/feed"), &links);
    assert(links.count <= HUBS_MOST && links.topic.len <= HUB_URL);
    for (size_t i = 0; i < links.count; i++)
        assert(links.hubs[i].len <= HUB_URL && bytes_find_byte(links.hubs[i], '\n') == SIZE_MAX);
}

/* What is read of a query and written into a form reads back the same. */
static void check_query(struct arena *arena, struct bytes data)
{
    struct websub_query query;
    struct websub_query again;
    struct buf form = {0};

    websub_query_read(arena, data, &query);
    websub_form_add(&form, "hub.topic", query.topic);
    websub_form_add(&form, "hub.challenge", query.challenge);
    websub_query_read(arena, buf_bytes(&form), &again);
    assert(memchr(query.topic.ptr == NULL ? "" : query.topic.ptr, '\0', query.topic.len) != NULL ||
           bytes_equal(again.topic, query.topic));
    buf_done(&form);
}

static void check_signature(struct bytes data)
{
    struct bytes method;
    struct bytes hex;
    struct mac mac;

    if (!websub_signature_read(data, &method, &hex) || !mac_begin(&mac, method, LIT("secret")))
        return;
    mac_add(&mac, data);
    assert(!mac_is(&mac, hex)); /* it would hold its own digest */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {(const char *)data, size};
    struct arena *arena;

    if (size > 64 << 10) /* a head is smaller */
        return 0;
    arena = arena_new(8 << 20);
    check_links(arena, bytes);
    check_query(arena, bytes);
    check_signature(bytes);
    assert(websub_token(bytes).len <= size);
    arena_free(arena);
    return 0;
}
