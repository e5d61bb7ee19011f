/* guard.c - which networks are public, and which the operator lets through besides. */
#include "fetch/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct network {
    uint8_t address[16];
    int bits;
    bool v6;
    const char *why;
};

struct guard {
    struct network *allowed;
    size_t count;
};

/* IANA IPv4 Special-Purpose Address Registry (RFC 6890) and RFC 5771, 1112: what is not globally
 * reachable unicast. */
static const struct network v4_refused[] = {
    {{0}, 8, false, "\"this network\" (RFC 791)"},
    {{10}, 8, false, "private (RFC 1918)"},
    {{100, 64}, 10, false, "shared by carriers (RFC 6598)"},
    {{127}, 8, false, "loopback (RFC 1122)"},
    {{169, 254}, 16, false, "link-local (RFC 3927)"},
    {{172, 16}, 12, false, "private (RFC 1918)"},
    {{192, 0, 0}, 24, false, "protocol assignments (RFC 6890)"},
    {{192, 0, 2}, 24, false, "documentation (RFC 5737)"},
    {{192, 88, 99}, 24, false, "6to4 relay (RFC 7526)"},
    {{192, 168}, 16, false, "private (RFC 1918)"},
    {{198, 18}, 15, false, "benchmarking (RFC 2544)"},
    {{198, 51, 100}, 24, false, "documentation (RFC 5737)"},
    {{203, 0, 113}, 24, false, "documentation (RFC 5737)"},
    {{224}, 4, false, "multicast (RFC 5771)"},
    {{255, 255, 255, 255}, 32, false, "broadcast (RFC 919)"},
    {{240}, 4, false, "reserved (RFC 1112)"},
};

/* Within 2000::/3, the only space given out for global unicast (RFC 4291 section 2.4, IANA IPv6
 * registries). */
static const struct network v6_refused[] = {
    {{0x20, 0x01, 0x0d, 0xb8}, 32, true, "documentation (RFC 3849)"},
    {{0x3f, 0xff}, 20, true, "documentation (RFC 9637)"},
    {{0x20, 0x01}, 23, true, "protocol assignments (RFC 2928)"},
};

static const struct network v6_known[] = {
    {{[15] = 1}, 128, true, "loopback (RFC 4291)"},
    {{0}, 128, true, "unspecified (RFC 4291)"},
    {{0}, 96, true, "IPv4-compatible (RFC 4291)"},
    {{0xfe, 0x80}, 10, true, "link-local (RFC 4291)"},
    {{0xfe, 0xc0}, 10, true, "site-local (RFC 3879)"},
    {{0xfc}, 7, true, "unique local (RFC 4193)"},
    {{0xff}, 8, true, "multicast (RFC 4291)"},
    {{0x01}, 64, true, "discard (RFC 6666)"},
};

/* Where an IPv6 address carries an IPv4 address that the packets would be handed on to. */
static const struct tunnel {
    struct network network;
    size_t at;
    uint8_t flip;
} tunnels[] = {
    {{{[10] = 0xff, [11] = 0xff}, 96, true, "IPv4-mapped"}, 12, 0},
    {{{0x00, 0x64, 0xff, 0x9b}, 96, true, "NAT64 (RFC 6052)"}, 12, 0},
    {{{0x20, 0x02}, 16, true, "6to4 (RFC 3056)"}, 2, 0},
    {{{0x20, 0x01, 0x00, 0x00}, 32, true, "Teredo (RFC 4380)"}, 12, 0xff},
};

enum { COUNT_V4 = sizeof(v4_refused) / sizeof(v4_refused[0]) };
enum { COUNT_V6 = sizeof(v6_refused) / sizeof(v6_refused[0]) };
enum { COUNT_KNOWN = sizeof(v6_known) / sizeof(v6_known[0]) };
enum { COUNT_TUNNELS = sizeof(tunnels) / sizeof(tunnels[0]) };

static bool is_within(const struct network *network, const uint8_t *address)
{
    size_t whole = (size_t)network->bits / 8;
    int rest = network->bits % 8;
    uint8_t mask = (uint8_t)(0xff00 >> rest);

    if (memcmp(network->address, address, whole) != 0)
        return false;
    return rest == 0 || (address[whole] & mask) == (network->address[whole] & mask);
}

static const struct network *network_find(
    const struct network *networks, size_t count, const uint8_t *address)
{
    for (size_t i = 0; i < count; i++)
        if (is_within(&networks[i], address))
            return &networks[i];
    return NULL;
}

static bool is_allowed(const struct guard *guard, const uint8_t *address, bool v6)
{
    for (size_t i = 0; i < guard->count; i++)
        if (guard->allowed[i].v6 == v6 && is_within(&guard->allowed[i], address))
            return true;
    return false;
}

static bool allows_v4(const struct guard *guard, const uint8_t *address, const char **ret_why)
{
    const struct network *refused = network_find(v4_refused, COUNT_V4, address);

    if (refused == NULL || is_allowed(guard, address, false))
        return true;
    *ret_why = refused->why;
    return false;
}

static bool allows_tunnel(const struct guard *guard, const struct tunnel *tunnel,
    const uint8_t *address, const char **ret_why)
{
    uint8_t within[4];

    for (size_t i = 0; i < sizeof(within); i++)
        within[i] = address[tunnel->at + i] ^ tunnel->flip;
    return allows_v4(guard, within, ret_why);
}

static bool allows_v6(const struct guard *guard, const uint8_t *address, const char **ret_why)
{
    const struct network *refused;

    if (is_allowed(guard, address, true))
        return true;
    for (size_t i = 0; i < COUNT_TUNNELS; i++)
        if (is_within(&tunnels[i].network, address))
            return allows_tunnel(guard, &tunnels[i], address, ret_why);
    if ((address[0] & 0xe0) == 0x20) {
        refused = network_find(v6_refused, COUNT_V6, address);
        if (refused == NULL)
            return true;
    } else {
        refused = network_find(v6_known, COUNT_KNOWN, address);
    }
    *ret_why = refused == NULL ? "not global unicast (RFC 4291)" : refused->why;
    return false;
}

bool guard_allows(const struct guard *guard, const struct sockaddr *address, const char **ret_why)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;

        return allows_v4(guard, (const uint8_t *)&in->sin_addr, ret_why);
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;

        return allows_v6(guard, in6->sin6_addr.s6_addr, ret_why);
    }
    *ret_why = "neither IPv4 nor IPv6";
    return false;
}

bool guard_allows_text(const struct guard *guard, const char *address, const char **ret_why)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, address, &in.sin_addr) == 1)
        return guard_allows(guard, (const struct sockaddr *)&in, ret_why);
    if (inet_pton(AF_INET6, address, &in6.sin6_addr) == 1)
        return guard_allows(guard, (const struct sockaddr *)&in6, ret_why);
    *ret_why = "no address";
    return false;
}

static int network_parse(const char *text, struct network *ret_network, struct error *err)
{
    struct bytes rest = bytes_of(text);
    struct bytes head = bytes_cut(&rest, '/');
    struct network network = {.why = "allowed"};
    char address[INET6_ADDRSTRLEN];
    int64_t bits = 0;

    snprintf(address, sizeof(address), "%.*s", FMT(head));
    network.v6 = bytes_find_byte(head, ':') != SIZE_MAX;
    network.bits = network.v6 ? 128 : 32;
    if (head.len >= sizeof(address) ||
        inet_pton(network.v6 ? AF_INET6 : AF_INET, address, network.address) != 1)
        return fail(err, E_USAGE,
            "http.allow: '%s' is no address or network; write 10.0.0.0/8 or ::1", text);
    if (head.len < strlen(text)) {
        if (!bytes_to_int(rest, &bits) || bits < 0 || bits > network.bits)
            return fail(err, E_USAGE, "http.allow: '%s': the prefix is a number from 0 to %d", text,
                network.bits);
        network.bits = (int)bits;
    }
    *ret_network = network;
    return OK;
}

int guard_new(const struct conf *conf, struct guard **ret_guard, struct error *err)
{
    const char *const *allow = conf->http.allow;
    struct guard *guard = calloc(1, sizeof(*guard));
    size_t count = 0;

    while (allow != NULL && allow[count] != NULL)
        count++;
    if (guard != NULL)
        guard->allowed = calloc(count + 1, sizeof(*guard->allowed));
    if (guard == NULL || guard->allowed == NULL)
        arena_out_of_memory(sizeof(*guard));
    for (; guard->count < count; guard->count++) {
        int code = network_parse(allow[guard->count], &guard->allowed[guard->count], err);

        if (code != OK) {
            guard_free(guard);
            return code;
        }
    }
    *ret_guard = guard;
    return OK;
}

void guard_free(struct guard *guard)
{
    if (guard == NULL)
        return;
    free(guard->allowed);
    free(guard);
}
