/* host.c - names and numbers of this machine, as RFC 9110 section 7.2 has them. */
#include "http/host.h"

#include <arpa/inet.h>

static bool is_port(struct bytes text)
{
    bool is_good = text.len == 0 || (text.ptr[0] == ':' && text.len <= sizeof(":65535") - 1);

    for (size_t i = 1; i < text.len && is_good; i++)
        is_good = is_digit(text.ptr[i]);
    return is_good;
}

/* Four numbers: what is shorter a browser writes out before it asks. */
static bool is_local_number(struct bytes name)
{
    char copy[INET_ADDRSTRLEN] = "";
    struct in_addr address;

    if (name.len >= sizeof(copy))
        return false;
    memcpy(copy, name.ptr, name.len);
    return inet_pton(AF_INET, copy, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

bool host_is_local(struct bytes host)
{
    struct bytes six = LIT("[::1]");
    struct bytes port = host;
    struct bytes name;

    if (bytes_starts(host, six))
        return is_port(bytes_from(host, six.len));
    name = bytes_cut(&port, ':');
    port = bytes_from(host, name.len);
    return host.len == 0 ||
           (is_port(port) && (bytes_equal_nocase(name, LIT("localhost")) || is_local_number(name)));
}
